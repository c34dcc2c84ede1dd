"""Rows become tickets, or say in line, field and code why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store_desk.domain.errors import ImportStopped, MappingIncomplete, MappingInvalid
from store_desk.domain.imports import Field, Mapping, ReadRow, RefusedRow
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, TicketType, Work
from store_desk.exchange import limits
from store_desk.exchange.matching import propose
from store_desk.exchange.readers import open_table
from store_desk.exchange.tickets import read_tickets
from store_desk.exchange.unknown import unknown_values, values_by_proposal
from store_desk.exchange.vocabulary import parse_value
from tests.exchange.conftest import NOW, Read, store_of

HEAD = "工单号,订单号,客户姓名,联系电话,门店,问题类型,问题描述,创建时间,状态,取消原因,订单金额,更新时间,备用列\n"


def _tickets(rows: list[ReadRow | RefusedRow]) -> list[ReadRow]:
    return [row for row in rows if isinstance(row, ReadRow)]


def _refused(rows: list[ReadRow | RefusedRow]) -> list[tuple[int, str, str]]:
    return [(row.line, row.field, row.code) for row in rows if isinstance(row, RefusedRow)]


def test_a_row_becomes_a_ticket_with_everything_it_said(read_text: Read) -> None:
    row = _tickets(
        read_text(
            HEAD + '000123,202402010000000001,𠮷野家,+86 138 0013 8000,上海店,屏幕显示,"不亮\n闪烁",'
            '2024/2/3 12:05,审核中,,"1,299.50",2024-02-04 08:00:00,VIP\n'
        )
    )[0]
    ticket = row.ticket
    assert (row.line, row.cancelled, row.reason, len(row.digest)) == (2, False, None, 16)
    assert (ticket.number, ticket.order_number) == ("000123", "202402010000000001")
    assert (ticket.customer, ticket.phone, ticket.store) == ("𠮷野家", "13800138000", "上海店")
    assert (ticket.type, ticket.problem_type) == (TicketType.REPAIR, "屏幕显示")
    assert ticket.description == "不亮\n闪烁"
    assert (ticket.review, ticket.work) == (Review.UNDER_REVIEW, Work.UNASSIGNED)
    assert ticket.created_at == datetime(2024, 2, 3, 4, 5, tzinfo=UTC)
    assert ticket.updated_at == ticket.review_since == datetime(2024, 2, 4, 0, 0, tzinfo=UTC)
    assert (ticket.amount_minor, ticket.currency, ticket.source) == (129950, "CNY", "erp")
    assert ticket.facts.words == (("备用列", "VIP"),)


def test_what_a_file_does_not_say_comes_from_the_store(read_text: Read) -> None:
    ticket = _tickets(read_text("工单号,客户姓名\n1,王\n"))[0].ticket
    assert (ticket.store, ticket.currency, ticket.created_at, ticket.updated_at) == ("XH2", "CNY", NOW, NOW)
    assert (ticket.review, ticket.work, ticket.amount_minor) == (Review.PENDING_REVIEW, Work.UNASSIGNED, None)


@pytest.mark.parametrize(
    ("word", "review", "work", "cancelled"),
    [
        ("待审核", Review.PENDING_REVIEW, Work.UNASSIGNED, False),
        ("已通过", Review.APPROVED, Work.UNASSIGNED, False),
        (" 待处理\u200b", Review.APPROVED, Work.UNASSIGNED, False),
        ("已分配", Review.APPROVED, Work.ASSIGNED, False),
        ("处理中", Review.IN_PROCESS, Work.IN_PROCESS, False),
        ("待确认", Review.IN_PROCESS, Work.AWAITING_CONFIRMATION, False),
        ("已退款", Review.APPROVED, Work.DONE, False),
        ("已驳回", Review.REJECTED, Work.UNASSIGNED, False),
        ("已取消", Review.PENDING_REVIEW, Work.UNASSIGNED, True),
        ("Cancelled", Review.PENDING_REVIEW, Work.UNASSIGNED, True),
        ("", Review.PENDING_REVIEW, Work.UNASSIGNED, False),
    ],
)
def test_one_state_column_feeds_both_ladders(
    read_text: Read, word: str, review: Review, work: Work, cancelled: bool
) -> None:
    row = _tickets(read_text(f"工单号,客户姓名,状态,更新时间\n1,王,{word},2024-02-04 08:00:00\n"))[0]
    assert (row.ticket.review, row.ticket.work, row.cancelled) == (review, work, cancelled)
    over = cancelled or work is Work.DONE or review is Review.REJECTED
    assert row.ticket.closed_at == (row.ticket.updated_at if over else None)


def test_a_cancelled_row_keeps_its_words_and_gets_its_reason(read_text: Read) -> None:
    rows = _tickets(
        read_text(
            "工单号,状态,取消原因\n1,已取消,误操作\n2,已取消,外星人\n3,已取消,不想要了\n4,待处理,误操作\n",
            values={("cancel_reason", "外星人"): "force_majeure"},
        )
    )
    assert [row.reason for row in rows] == [Reason.MISTAKE, Reason.FORCE_MAJEURE, Reason.NEED_CHANGED, None]
    assert [row.ticket.facts.cancel_words for row in rows] == ["误操作", "外星人", "不想要了", "误操作"]


def test_unknown_words_are_counted_once_with_a_proposal_and_then_accepted(tmp_path: Path, read_text: Read) -> None:
    text = "Ticket Number,Status,Type\n1,Closed,Repair\n2,closed,Repair\n"
    text += "3,Work In Progress,Zauber\n4,处理中,Return\n5,Qwx,\n"
    assert _refused(read_text(text)) == [(n, "state", "value_unknown") for n in (2, 3, 4, 6)]
    table = open_table(tmp_path / "export.csv")
    mapping = Mapping(propose(table.shape), {}, "x")
    unknown = unknown_values(table, mapping, stop=lambda: False)
    assert {(item.field, item.word): (item.count, item.proposal, item.required) for item in unknown} == {
        ("state", "Closed"): (2, "approved/done", True),
        ("state", "Work In Progress"): (1, "in_process/in_process", True),
        ("state", "Qwx"): (1, "", True),
        ("type", "Zauber"): (1, "", True),
    }
    answers = values_by_proposal(unknown) | {("state", "Qwx"): "cancelled", ("type", "Zauber"): "exchange"}
    rows = read_text(text, values=answers)
    assert [row.ticket.work for row in _tickets(rows)][:3] == [Work.DONE, Work.DONE, Work.IN_PROCESS]
    assert [row.ticket.type for row in _tickets(rows)][2] is TicketType.EXCHANGE
    assert _tickets(rows)[4].cancelled
    assert unknown_values(table, Mapping(mapping.columns, answers, "x"), stop=lambda: False) == ()


@pytest.mark.parametrize("word", ["已取消（客户）", "Canceled", "storniert", "annulé", "キャンセル", "anulado"])
def test_words_for_cancelled_are_proposed_as_cancelled(read_text: Read, tmp_path: Path, word: str) -> None:
    read_text(f"工单号,状态\n1,{word}\n")
    table = open_table(tmp_path / "export.csv")
    unknown = unknown_values(table, Mapping(propose(table.shape), {}, ""), stop=lambda: False)
    assert [item.proposal for item in unknown] == ["cancelled"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("维修", TicketType.REPAIR),
        ("退换货", TicketType.RETURN),
        ("换货", TicketType.EXCHANGE),
        ("客服态度", TicketType.COMPLAINT),
        ("电池充电", TicketType.REPAIR),
        ("Power/battery", TicketType.REPAIR),
        ("Unknown", TicketType.COMPLAINT),
        ("", TicketType.COMPLAINT),
    ],
)
def test_a_problem_type_is_never_an_error(read_text: Read, word: str, kind: TicketType) -> None:
    assert _tickets(read_text(f"工单号,问题类型,客户姓名\n1,{word},王\n"))[0].ticket.type is kind


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"工单号": ""}, "number", "number_missing"),
        ({"工单号": "x" * 65}, "number", "too_long"),
        ({"工单号": "A\x00B"}, "number", "control_characters"),
        ({"工单号": "2.02402E+17"}, "number", "digits_lost"),
        ({"客户姓名": "王" * 201}, "customer", "too_long"),
        ({"问题描述": "汉" * 20_001}, "description", "too_long"),
        ({"创建时间": "2023-02-29 10:00:00"}, "created_at", "time_unreadable"),
        ({"订单金额": "NaN"}, "amount", "amount_unreadable"),
        ({"订单金额": "$5"}, "amount", "currency_other"),
        ({"状态": "未知状态"}, "state", "value_unknown"),
        ({"备用列": "a,b"}, "", "row_broken"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(read_text: Read, cells: dict[str, str], field: str, code: str) -> None:
    good = {"工单号": "A1", "客户姓名": "王", "状态": "待处理"}
    names = HEAD.strip().split(",")
    row = ",".join((good | cells).get(name, "") for name in names)
    rows = read_text(f"{HEAD}{row}\nB1,,李{',' * (len(names) - 3)}\n")
    assert _refused(rows) == [(2, field, code)]
    assert _tickets(rows)[0].ticket.number == "B1"


def test_a_currency_column_of_another_currency_refuses_the_row(read_text: Read) -> None:
    rows = read_text("工单号,订单金额,币种\n1,5,CNY\n2,5,USD\n3,5,\n4,5,人民币\n")
    assert _refused(rows) == [(3, "currency", "currency_other")]


def test_a_number_twice_is_refused_and_an_exact_repeat_is_passed_over(read_text: Read) -> None:
    rows = read_text("工单号,客户姓名,门店\n1,王,A\n1,王,A\n1,李,A\n1,李,B\n01,王,A\n")
    found = [(row.line, row.ticket.number, row.ticket.store) for row in _tickets(rows)]
    assert found == [(2, "1", "A"), (5, "1", "B"), (6, "01", "A")]
    assert _refused(rows) == [(4, "number", "number_twice")]


def test_further_lines_of_one_order_are_no_tickets(read_text: Read) -> None:
    text = (
        "Name,Email,Created at,Lineitem name,Billing Name,Billing Phone\n"
        "#1001,a@b.c,2026-05-01 10:00:00 +0200,Phone case,Ann Smith,'+86 13800138000\n#1001,a@b.c,,Charger,,\n"
        "#1002,b@b.c,2026-05-01 11:00:00 +0200,Cable,Bob,13800138001\n"
    )
    rows = read_text(text)
    assert [row.ticket.number for row in _tickets(rows)] == ["#1001", "#1002"]
    assert _refused(rows) == []
    assert _tickets(rows)[0].ticket.created_at == datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_short_and_long_rows_are_broken_but_empty_cells_at_the_end_are_not(read_text: Read) -> None:
    rows = read_text("工单号,客户姓名,状态\n1,王\n2,王,待处理,,\n3,王,待处理,x\n")
    assert _refused(rows) == [(2, "", "row_broken"), (4, "", "row_broken")]
    assert [row.ticket.number for row in _tickets(rows)] == ["2"]


def test_date_and_time_in_two_columns_are_one_moment(read_text: Read) -> None:
    ticket = _tickets(read_text("naming_series,opening_date,opening_time,customer\nISS-1,2024-02-03,10:30:00,Ann\n"))[
        0
    ].ticket
    assert ticket.created_at == datetime(2024, 2, 3, 2, 30, tzinfo=UTC)


def test_days_and_parcels_go_into_the_facts(read_text: Read) -> None:
    facts = _tickets(read_text("工单号,购买日期,保修到期,运单号,快递公司\n1,2024-01-02,9999-12-31,SF001,顺丰\n"))[
        0
    ].ticket.facts
    assert (facts.purchased_on, facts.warranty_until) == (date(2024, 1, 2), date(9999, 12, 31))
    assert facts.parcel is not None
    assert (facts.parcel.waybill, facts.parcel.carrier) == ("SF001", "顺丰")


def test_columns_without_a_field_ride_along_within_bounds(read_text: Read) -> None:
    names = [f"X{n}" for n in range(30)]
    rows = read_text(f"工单号,客户姓名,{','.join(names)}\n1,王,{','.join('y' * 600 for _ in names)}\n")
    words = _tickets(rows)[0].ticket.facts.words
    assert len(words) == limits.OTHER_COLUMNS_MAX
    assert {len(text) for _, text in words} == {limits.OTHER_LENGTH_MAX}


def test_the_digest_changes_with_the_row_and_with_nothing_else(read_text: Read) -> None:
    def digest(text: str) -> bytes:
        return _tickets(read_text("工单号,客户姓名,订单金额,创建时间\n" + text))[0].digest

    same = digest("1,王,12.5,2024-02-03 04:05:06\n")
    assert digest("1, 王 ,¥12.50,2024/2/3 4:05:06\n") == same
    assert digest("1,王,12.6,2024-02-03 04:05:06\n") != same


def test_stop_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("工单号,客户姓名\n" + "".join(f"{n},王\n" for n in range(2000)), encoding="utf-8")
    table = open_table(path)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    mapping = Mapping(propose(table.shape), {}, "")
    rows: list[ReadRow | RefusedRow] = []
    with pytest.raises(ImportStopped):
        rows.extend(read_tickets(table, mapping, defaults=store_of(), new_id=lambda: "x", stop=stop))
    assert len(asked) == 4


def test_a_mapping_must_fit_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("工单号,客户姓名\n1,王\n", encoding="utf-8")
    table = open_table(path)
    bad: list[tuple[dict[Field, str], type[Exception]]] = [
        ({}, MappingIncomplete),
        ({Field.NUMBER: "没有"}, MappingInvalid),
        ({Field.NUMBER: "工单号", Field.CUSTOMER: "工单号"}, MappingInvalid),
    ]
    for columns, kind in bad:
        with pytest.raises(kind):
            list(read_tickets(table, Mapping(columns, {}), defaults=store_of(), new_id=str, stop=lambda: False))


@pytest.mark.parametrize(
    ("field", "value"), [("state", "x/y"), ("type", "magic"), ("colour", "red"), ("cancel_reason", "")]
)
def test_a_value_that_is_none_of_ours_is_refused(field: str, value: str) -> None:
    with pytest.raises(MappingInvalid):
        parse_value(field, value)


def test_values_of_ours_are_accepted() -> None:
    for field, value in (
        ("state", "approved/done"),
        ("state", "cancelled"),
        ("type", "repair"),
        ("cancel_reason", "mistake"),
    ):
        parse_value(field, value)
