"""Who and what a rehearsal is played with: stores, people, and tickets at every rung of their ladders, by seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from store_desk.domain.numbers import check_character
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Visit, Work

OFFICE = "HQ"
STORES: tuple[tuple[str, str], ...] = (
    ("XH", "徐汇店"),
    ("PD", "浦东店"),
    ("JA", "静安店"),
    ("HK", "虹口店"),
    ("MH", "闵行店"),
)
DESKS_PER_STORE = 2
# Another system numbers its tickets as a desk would that the store does not have.
SOURCE = "erp"
SYSTEMS_DESK = 9
DESKS_MAX = len(STORES) * DESKS_PER_STORE

CLERK = Actor("2047", "林晓雨", Role.CLERK, "Lin Xiaoyu")
SENIOR = Actor("2051", "方圆", Role.SENIOR, "Fang Yuan")
SUPERVISOR = Actor("1003", "陈国栋", Role.SUPERVISOR, "Chen Guodong")
MANAGER = Actor("1001", "赵文", Role.MANAGER, "Zhao Wen")
HEAD_OFFICE = Actor("9001", "总部", Role.HEAD_OFFICE, "Head office")
STAFF = (CLERK, SENIOR, SUPERVISOR, MANAGER)
# Shown on the practice store's sign-in screen and told by the rehearsal.
PINS = {"1001": "100126", "1003": "100326", "2047": "204726", "2051": "205126", "9001": "900126"}

_LADDERS = (
    (Review.PENDING_REVIEW, Work.UNASSIGNED),
    (Review.UNDER_REVIEW, Work.UNASSIGNED),
    (Review.APPROVED, Work.UNASSIGNED),
    (Review.APPROVED, Work.ASSIGNED),
    (Review.IN_PROCESS, Work.IN_PROCESS),
    (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
)
_NAMES = ("王秀兰", "李建国", "张敏", "刘洋", "陈静", "Sophie Martin", "赵磊", "孙丽", "周强", "吴桂英")
_PRODUCTS = (("洗衣机 K7", "北岸"), ("冰箱 B3", "北岸"), ("空调 A1", "海川"), ("电饭煲 D2", "小满"))
_PROBLEMS = ("脱水时抖动", "不制冷", "无法开机", "漏水", "does not switch on")


def store_of(number: int) -> str:
    """The store of the rehearsal's so-many-th desk, from 1."""
    return STORES[(number - 1) // DESKS_PER_STORE][0]


def desk_in_store(number: int) -> int:
    """Which desk of its store it is, from 1."""
    return (number - 1) % DESKS_PER_STORE + 1


def stores_of(desks: int) -> tuple[tuple[str, str], ...]:
    """Code and name of the stores that so many desks stand in."""
    return STORES[: (desks - 1) // DESKS_PER_STORE + 1]


def tickets(count: int, *, rng: Random, stores: tuple[str, ...], now: datetime) -> Iterator[Ticket]:
    """So many tickets that head office has before the day begins."""
    for n in range(1, count + 1):
        yield ticket(n, rng=rng, store=rng.choice(stores), now=now)


def ticket(n: int, *, rng: Random, store: str, now: datetime, source: str = SOURCE) -> Ticket:
    """One ticket of the last days, as another system or a desk that stood alone would have made it."""
    review, work = rng.choice(_LADDERS)
    product, brand = rng.choice(_PRODUCTS)
    created = now - timedelta(minutes=rng.randint(60, 4 * 24 * 60))
    body = f"{store}{SYSTEMS_DESK}-{created:%y}-{n:06d}"
    compensation = rng.choice((0, 0, 0, 5_000, 12_000))
    visits = work is Work.ASSIGNED and rng.random() < 0.5
    return Ticket(
        id=f"{int(created.timestamp() * 1000):012x}7{n & 0xFFF:03x}{rng.getrandbits(62) | 1 << 63:016x}",
        number=f"{body}-{check_character(body)}",
        store=store,
        customer=rng.choice(_NAMES),
        type=rng.choice(tuple(TicketType)),
        review=review,
        work=work,
        created_at=created,
        updated_at=created + timedelta(minutes=20),
        review_since=created + timedelta(minutes=5),
        source=source,
        order_number=f"SO-{rng.randrange(10**8):08d}",
        phone=f"1380000{rng.randrange(10_000):04d}",
        serial=f"NK7-{rng.getrandbits(32):08X}",
        product=product,
        brand=brand,
        description=rng.choice(_PROBLEMS),
        assignee="周启明" if work is not Work.UNASSIGNED else "",
        amount_minor=rng.choice((None, 29_900, 168_000)),
        compensation_minor=compensation,
        due_at=created + timedelta(days=3),
        facts=TicketFacts(
            visit=_visit(now, rng) if visits else None,
            parcel=Parcel("备件", "Spare part", "SF", "SF1234567890") if rng.random() < 0.1 else None,
        ),
    )


def _visit(now: datetime, rng: Random) -> Visit:
    at = now + timedelta(hours=rng.randint(2, 40))
    return Visit(at=at, free_until=at - timedelta(hours=2))
