"""Made-up tickets in any number, the same for the same seed: names of China and elsewhere with Zipf frequencies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from store_desk.domain.numbers import check_character
from store_desk.domain.ticket import Review, Ticket, TicketType, Work

START = datetime(2023, 1, 1, 9, 0, tzinfo=UTC)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单"
)
GIVEN = (
    "秀兰伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红建国文辉志鹏宇浩然子涵雨欣梓轩一诺思琪晓东海燕春梅小龙俊婷"
    "雪佳慧丹凤光荣永福德胜利民安康乐天成嘉怡梦瑶晨曦泽博诗宁远若兮可心"
)
FIRST = """
    James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica
    Thomas Sarah Charles Karen Jürgen Søren Łukasz José Núria Zoë André Anaïs Björn Chloé Daniel Emma Felix Greta
""".split()  # noqa: SIM905 (a list of words reads best as words)
LAST = """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
    Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Müller Weiß
    Nuñez O'Brien Østergaard Kowalski Šimek Lefèvre Schröder Ångström Castañeda Fitzgerald Brzęczyszczykiewicz
""".split()  # noqa: SIM905
PRODUCTS = (
    ("洗衣机", "海尔", "大家电"),
    ("冰箱", "美的", "大家电"),
    ("空调 KFR-35GW", "格力", "大家电"),
    ("电饭煲", "苏泊尔", "小家电"),
    ("智能手机 P60", "华为", "数码"),
    ("笔记本电脑", "联想", "数码"),
    ("液晶电视", "海信", "大家电"),
    ("扫地机器人", "科沃斯", "小家电"),
    ("Vacuum cleaner", "Dyson", "Household"),
    ("Refrigerator", "Haier", "Household"),
    ("Coffee maker", "Philips", "Kitchen"),
    ("Toaster", "Braun", "Kitchen"),
    ("Laptop", "Lenovo", "Computer"),
    ("Headphones WH-1000", "Sony", "Audio"),
)
PROBLEMS = (
    "不制冷，压缩机有异响",
    "屏幕碎裂需要更换",
    "无法开机，按键无反应",
    "漏水，门封老化",
    "噪音大，脱水时抖动",
    "电池续航很短",
    "遥控器失灵",
    "does not switch on",
    "makes a grinding noise",
    "screen flickers after update",
    "leaks water at the door",
    "battery drains fast",
)
STARTS = ("ba", "co", "du", "fe", "gi", "ho", "ka", "lo", "mi", "ne", "po", "ra", "so", "ti", "vu")
ENDS = ("man", "son", "berg", "ley", "ton", "ovic", "ini", "ez", "sky", "field", "ham")
FAMILIES = 3_000


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


def customers(count: int, rng: random.Random) -> list[tuple[str, str]]:
    """So many customers with name and telephone; six of ten have Chinese names."""
    surname_weights, last_weights = _zipf(len(SURNAMES)), _zipf(len(LAST) + FAMILIES)
    made = _families(rng)
    names: list[tuple[str, str]] = []
    for _ in range(count):
        if rng.random() < 0.6:
            name = rng.choices(SURNAMES, cum_weights=surname_weights)[0]
            name += "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
        else:
            name = f"{rng.choice(FIRST)} {rng.choices(LAST + made, cum_weights=last_weights)[0]}"
        names.append((name, f"1{rng.choice('3578')}{rng.randrange(10**9):09d}"))
    return names


def _families(rng: random.Random) -> list[str]:
    return [
        (rng.choice(STARTS) + rng.choice("lnrstdkm") + rng.choice(STARTS) + rng.choice(ENDS)).capitalize()
        for _ in range(FAMILIES)
    ]


def tickets(count: int, *, seed: int = 7, store: str = "XH", first: int = 1) -> Iterator[Ticket]:
    """So many tickets, oldest first; about a third as many customers; every field that is searched is filled."""
    rng = random.Random(seed)
    people = customers(max(10, count * 3 // 10), rng)
    weights = list(accumulate(1 / (1 + rank) ** 0.4 for rank in range(len(people))))
    chosen = rng.choices(people, cum_weights=weights, k=count)
    reviews, works, types = tuple(Review), tuple(Work), tuple(TicketType)
    for at in range(count):
        name, phone = chosen[at]
        product, brand, category = rng.choice(PRODUCTS)
        made = START + timedelta(seconds=97 * at)
        body = f"{store}2-{made.year % 100:02d}-{first + at:06d}"
        yield Ticket(
            id=f"{int(made.timestamp() * 1000):012x}7{at & 0xFFF:03x}{rng.getrandbits(62) | 1 << 63:016x}",
            number=f"{body}-{check_character(body)}",
            store=store,
            customer=name,
            type=types[at % 4],
            review=reviews[rng.randrange(5)],
            work=works[rng.randrange(5)],
            created_at=made,
            updated_at=made,
            source_key=f"src_{first + at}",
            order_number=f"{made:%Y%m%d}{rng.randrange(10**10):010d}",
            phone=phone,
            serial=f"SN{rng.getrandbits(40):010X}",
            product=product,
            brand=brand,
            category=category,
            problem_type="维修",
            description=f"{rng.choice(PROBLEMS)}，{rng.choice(PROBLEMS)} {rng.randrange(1000)}",
            amount_minor=rng.randrange(500_000),
            due_at=made + timedelta(days=3) if at % 3 else None,
            closed_at=made + timedelta(days=2) if at % 10 else None,
        )
