"""The one search box, each behaviour as a sentence."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_desk.domain.case import CaseState
from store_desk.domain.ticket import Ticket, TicketFacts
from store_desk.services.ports import Hits
from store_desk.store import search
from store_desk.store.health import rebuild_search
from store_desk.store.opening import Store

from .conftest import NOW, make_case, make_ticket

Having = Callable[..., list[Ticket]]


def find(store: Store, text: str, limit: int = 50) -> Hits:
    with store.read() as unit:
        return unit.finder.find(text, limit=limit)


def ids(store: Store, text: str) -> list[str]:
    return [hit.ticket_id for hit in find(store, text).hits]


@pytest.mark.req("REQ-COM-01")
@pytest.mark.parametrize(
    "typed",
    [
        "XH2-26-004711-{c}",
        "xh2-26-004711-{c}",
        "XH2 26 004711 {c}",
        "XH226004711{c}",
        "*XH2-26-004711-{c}*",
        "\x02XH2-26-004711-{c}\x03",
        "ＸＨ２－２６－００４７１１－{c}",
        "  xh2–26–004711–{c} ",
    ],
)
def test_our_own_number_is_found_however_it_is_typed_or_scanned(store: Store, having: Having, typed: str) -> None:
    from store_desk.domain.numbers import ticket_number

    number = ticket_number("XH", 2, 2026, 4711)
    ticket, _ = having(make_ticket(number=number), make_ticket())
    (hit,) = find(store, typed.format(c=number[-1])).hits
    assert (hit.ticket_id, hit.matched, hit.exact) == (ticket.id, "number", True)


@pytest.mark.parametrize("typed", ["4711", "004711", "4711{c}", "04711{c}"])
def test_the_end_of_our_own_number_finds_it_with_and_without_its_check_character(
    store: Store, having: Having, typed: str
) -> None:
    from store_desk.domain.numbers import ticket_number

    number = ticket_number("XH", 2, 2026, 4711)
    (ticket,) = having(make_ticket(number=number))
    assert ids(store, typed.format(c=number[-1])) == [ticket.id]


def test_four_digits_search_telephone_endings_and_ticket_endings_newest_first(store: Store, having: Having) -> None:
    by_number, by_phone, _ = having(
        make_ticket(number="AS-0006021", source="erp"),
        make_ticket(phone="138-0013-6021"),
        make_ticket(phone="13860210000", number="AS-0000001", source="erp"),
    )
    hits = find(store, "6021").hits
    assert [(hit.ticket_id, hit.matched) for hit in hits] == [(by_phone.id, "phone"), (by_number.id, "number")]


@pytest.mark.parametrize(
    "typed",
    ["13800136021", "138 0013 6021", "138-0013-6021", "+86 13800136021", "008613800136021", "１３８００１３６０２１"],
)
def test_a_telephone_number_is_found_in_every_spelling(store: Store, having: Having, typed: str) -> None:
    first, second, _ = having(
        make_ticket(phone="13800136021"), make_ticket(phone="+86 138 0013 6021"), make_ticket(phone="13800136022")
    )
    hits = find(store, typed).hits
    assert [hit.ticket_id for hit in hits] == [second.id, first.id]
    assert all(hit.exact and hit.matched == "phone" for hit in hits)


@pytest.mark.parametrize("typed", ["1380013", "36021", "00136021"])
def test_part_of_a_telephone_number_finds_it(store: Store, having: Having, typed: str) -> None:
    ticket, _ = having(make_ticket(phone="13800136021"), make_ticket(phone="13911112222"))
    (hit,) = find(store, typed).hits
    assert (hit.ticket_id, hit.matched, hit.exact) == (ticket.id, "phone", False)


def test_orders_serials_and_source_keys_are_found_whole_and_by_their_beginning(store: Store, having: Having) -> None:
    (ticket,) = having(make_ticket(order_number="202601258110", serial="SN-46F834-0019", source_key="src_77"))
    expected = {
        "202601258110": ("order_number", True),
        "2026012": ("order_number", False),
        "sn46f8340019": ("serial", True),
        "SN-46F": ("serial", False),
        "340019": ("serial", False),
        "src_77": ("source_key", True),
    }
    for typed, (field, exact) in expected.items():
        (hit,) = find(store, typed).hits
        assert (hit.ticket_id, hit.matched, hit.exact) == (ticket.id, field, exact), typed


def test_a_whole_number_stands_before_endings(store: Store, having: Having) -> None:
    whole, ending = having(make_ticket(number="6021", source="erp"), make_ticket(phone="13800136021"))
    assert ids(store, "6021") == [whole.id, ending.id]


@pytest.mark.parametrize(
    "typed",
    [
        "王秀兰",
        "王秀",
        "秀兰",
        "王",
        "兰",
        "王 兰",
        "wangxiulan",
        "wang xiu lan",
        "wangx",
        "WANG",
        "wxl",
        "xiulan",
        "Wang Xiulan",
    ],
)
def test_a_chinese_name_is_found_by_characters_pinyin_and_initials(store: Store, having: Having, typed: str) -> None:
    ticket, _ = having(make_ticket(customer="王秀兰"), make_ticket(customer="李雷"))
    (hit,) = find(store, typed).hits
    assert (hit.ticket_id, hit.matched) == (ticket.id, "name")


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("单雄信", ["shan", "dan", "shanxiongxin", "sxx"]),
        ("曾国藩", ["zeng", "ceng", "zengguofan"]),
        ("欧阳小明", ["ouyang", "ouyang xiaoming", "oyxm", "欧阳"]),
        ("吕布", ["lvbu"]),
    ],
)
def test_every_reading_of_a_surname_finds_the_name(
    store: Store, having: Having, name: str, readings: list[str]
) -> None:
    (ticket,) = having(make_ticket(customer=name))
    for typed in readings:
        assert ids(store, typed) == [ticket.id], typed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jürgen Groß", "jurgen gross"),
        ("Søren Østergaard", "soren oster"),
        ("Łukasz Brzęczyszczykiewicz", "lukasz brzeczyszczykiewicz"),
        ("Núria Nuñez", "nunez"),
        ("Zoë O'Brien", "obrien"),
        ("Zoë O'Brien", "o'brien"),
        ("Zoë OBrien", "o’brien"),
        ("SMITH, John", "john smith"),
        ("Ｓｍｉｔｈ", "smi"),
        ("Иванов Пётр", "иванов"),
        ("김민수", "민수"),
        ("𠮷野家", "𠮷野"),
    ],
)
def test_names_of_the_world_are_found_without_their_accents(
    store: Store, having: Having, name: str, typed: str
) -> None:
    ticket, _ = having(make_ticket(customer=name), make_ticket(customer="Nobody Else"))
    assert ids(store, typed) == [ticket.id]


def test_products_categories_brands_and_descriptions_are_found_and_named(store: Store, having: Having) -> None:
    (ticket,) = having(
        make_ticket(product="空调 KFR-35GW", brand="格力", category="大家电", description="压缩机有异响，不制冷")
    )
    for typed, field in {
        "空调": "product",
        "格力": "product",
        "kfr-35gw": "product",
        "大家": "product",
        "不制冷": "description",
        "压缩机": "description",
    }.items():
        (hit,) = find(store, typed).hits
        assert (hit.ticket_id, hit.matched) == (ticket.id, field), typed


def test_the_other_language_of_a_name_is_found_too(store: Store, having: Having) -> None:
    (ticket,) = having(make_ticket(facts=TicketFacts(customer_other="Grace Wong", product_other="Fridge")))
    assert ids(store, "grace wong") == ids(store, "fridge") == [ticket.id]


@pytest.mark.parametrize(
    "typed",
    [
        "王 6021",
        "6021 王秀兰",
        "wang 6021",
        "王秀兰 洗衣机",
        "王秀兰6021",
        "王 13800136021",
        "洗衣 SN46F8340019",
        "王秀兰 +8613800136021",
    ],
)
def test_words_and_numbers_together_mean_both(store: Store, having: Having, typed: str) -> None:
    wanted, *_ = having(
        make_ticket(customer="王秀兰", phone="13800136021", product="洗衣机", serial="SN46F8340019"),
        make_ticket(customer="王秀兰", phone="13911112222", product="冰箱"),
        make_ticket(customer="李雷", phone="13800136021", product="冰箱"),
    )
    assert ids(store, typed) == [wanted.id]


def test_words_that_nobody_has_together_find_nothing(store: Store, having: Having) -> None:
    having(make_ticket(customer="王秀兰"), make_ticket(customer="John Smith"))
    assert find(store, "王 smith") == Hits(())


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("王秀兰", "王秀蓝"),
        ("王秀兰", "汪秀兰"),
        ("John Smith", "smiht"),
        ("John Smith", "smth"),
        ("Anna Fitzgerald", "fitzgerrald"),
    ],
)
def test_a_name_that_sounds_alike_or_is_misspelt_is_guessed_only_when_nothing_fits(
    store: Store, having: Having, kept: str, typed: str
) -> None:
    (ticket,) = having(make_ticket(customer=kept))
    found = find(store, typed)
    assert [hit.ticket_id for hit in found.hits] == [ticket.id] and found.guessed
    assert not find(store, kept).guessed


def test_a_word_that_is_right_is_never_replaced_by_a_similar_one(store: Store, having: Having) -> None:
    right, _ = having(make_ticket(customer="Anna Martin"), make_ticket(customer="Anna Marten"))
    assert ids(store, "martin") == [right.id]


@pytest.mark.parametrize(
    "typed", ["13800136031", "13800163021", "1380013602", "138001360211", "XH2-26-004{w}-K", "20260125811"]
)
def test_a_number_one_slip_away_is_guessed(store: Store, having: Having, typed: str) -> None:
    number = make_ticket().number
    wrong = number[:8] + str((int(number[8]) + 1) % 10) + number[9:]
    having(make_ticket(number=number, source="x", phone="13800136021", order_number="202601258110"))
    text = wrong if "{w}" in typed else typed
    found = find(store, text)
    assert len(found.hits) == 1
    assert found.guessed or text in ("1380013602", "20260125811")


def test_cancelled_and_finished_tickets_are_found_like_any_other(store: Store, having: Having) -> None:
    (ticket,) = having(make_ticket(customer="韩梅梅", closed_at=NOW))
    with store.work() as unit:
        unit.cases.add(make_case(ticket, CaseState.CONFIRMED))
    assert ids(store, "韩梅梅") == [ticket.id]


def test_the_newest_come_first_and_more_is_told(store: Store, having: Having) -> None:
    made = having(*(make_ticket(customer="王伟", created_at=NOW + timedelta(minutes=at)) for at in range(7)))
    found = find(store, "王伟", limit=5)
    assert [hit.ticket_id for hit in found.hits] == [ticket.id for ticket in reversed(made)][:5]
    assert found.more
    assert not find(store, "王伟", limit=7).more


def test_a_changed_ticket_is_found_by_its_new_name_only(store: Store, having: Having) -> None:
    (ticket,) = having(make_ticket(customer="王秀兰", phone="13800136021"))
    with store.work() as unit:
        changed = replace(ticket, customer="Olga Petrova", phone="13911112222", version=2)
        unit.tickets.save(changed, seen_version=1)
    assert ids(store, "王秀兰") == ids(store, "13800136021") == ids(store, "6021") == []
    assert ids(store, "petrova") == ids(store, "2222") == ids(store, "petrowa") == [ticket.id]


def test_a_ticket_that_was_not_saved_is_not_found(store: Store) -> None:
    ticket = make_ticket(customer="Olga Petrova")
    with pytest.raises(ZeroDivisionError), store.work() as unit:
        unit.tickets.add(ticket)
        raise ZeroDivisionError
    assert ids(store, "petrova") == ids(store, "petrowa") == []
    with store.work() as unit:
        unit.tickets.add(ticket)
    assert ids(store, "petrowa") == [ticket.id]


HOSTILE = [
    "",
    " ",
    "\0",
    "'",
    '"',
    '""',
    "%",
    "_",
    "*",
    "**",
    "NEAR(",
    "NEAR(a b, 3)",
    "AND",
    "OR NOT",
    "王 OR",
    "^王",
    "col:x",
    "-",
    "--",
    "a*b",
    "' OR 1=1 --",
    "王'; DROP TABLE ticket; --",
    "x" * 10_000,
    "王" * 10_000,
    "1" * 10_000,
    "a " * 5_000,
    "\u202e王",
    "\ud800",
    "1\ud800",
    "a1 \udfff",
    "😀😀",
    "\u0300\u0301",
    "(((((",
    "{}",
    "[",
    "\\",
    "0",
    "00000000000000000000",
    "-1",
    "1e309",
    "ﷺ" * 500,
    "#6021",
    "#",
    "..",
    "\n\n\t",
    "a\0b",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_any_text_is_safe(store: Store, having: Having, typed: str) -> None:
    having(make_ticket(customer="王秀兰 O'Brien", description='100% "x"'))
    found = find(store, typed)
    assert len(found.hits) <= 1
    assert find(store, "王秀兰").hits


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("王秀 -*\"'%()" + string.digits)), max_size=60))
def test_any_text_that_can_be_made_up_is_safe(store: Store, text: str) -> None:
    assert find(store, text).hits == ()


def test_in_a_very_large_store_common_words_are_looked_for_among_the_newest_and_the_answer_says_so(
    store: Store, having: Having, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "WHOLE_ROWS", 5)
    monkeypatch.setattr(search, "NEWEST_POSTINGS", 3)
    both = make_ticket(customer="王 Smith")
    having(both, *(make_ticket(customer=name) for name in ["王伟", "John Smith"] * 4))
    found = find(store, "王 smith")
    assert found.hits == () and found.capped
    newest = make_ticket(customer="王 Smith")
    having(newest)
    assert ids(store, "王 smith")[0] == newest.id
    having(make_ticket(customer="单 Smith"))
    assert len(ids(store, "单 smith")) == 1 and not find(store, "单 smith").capped


@pytest.mark.parametrize("bound", ["BUDGET_S", "STALL_S"])
def test_guessing_ends_when_it_has_cost_too_much_or_took_too_long(
    store: Store, having: Having, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    having(make_ticket(customer="Marin"))
    assert len(ids(store, "marni")) == 1
    monkeypatch.setattr(search, bound, -1.0)
    found = find(store, "marni")
    assert found.hits == () and found.capped


def test_the_index_built_again_answers_the_same(store: Store, having: Having) -> None:
    having(make_ticket(customer="王秀兰", phone="13800136021"), make_ticket(customer="John Smith", product="Fridge"))
    before = [find(store, text) for text in ("wang", "6021", "smiht", "fridge", "王秀蓝")]
    assert all(found.hits for found in before)
    assert rebuild_search(store) == 2
    assert [find(store, text) for text in ("wang", "6021", "smiht", "fridge", "王秀蓝")] == before


def test_the_table_of_readings_is_the_one_that_is_made_from_pypinyin() -> None:
    import importlib.util

    root = Path(__file__).parent.parent.parent
    spec = importlib.util.spec_from_file_location("make_readings", root / "packaging" / "make_readings.py")
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert maker.TARGET.read_text("utf-8") == maker.table()
