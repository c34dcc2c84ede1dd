"""What is written opens without harm and reads back as it was."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_desk.domain.errors import FileNotWritten
from store_desk.domain.imports import ReadRow, RefusedRow
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Parcel, Review, Ticket, TicketFacts, TicketType, Work
from store_desk.exchange.cells import other_headings, ticket_cells, ticket_headings
from store_desk.exchange.export import write_csv, write_refused, write_xlsx
from store_desk.exchange.normalise import clean_text
from store_desk.exchange.readers import open_table
from store_desk.words.imports import WORDS
from tests.exchange.conftest import NOW, read_all, store_of

Write = Callable[[Path, Iterator[Mapping[str, str]], Mapping[str, str]], int]
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "'=1",
    "''=1",
    "'0012",
    "+86 138",
    "-",
    "'",
    "''",
)
LATER = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)


def _ticket(number: str, **given: object) -> Ticket:
    base = Ticket(
        id="0" * 32,
        number=number,
        store="上海店",
        customer="𠮷野家",
        type=TicketType.REPAIR,
        review=Review.APPROVED,
        work=Work.UNASSIGNED,
        created_at=NOW,
        updated_at=NOW,
        source="erp",
    )
    return replace(base, **given)  # type: ignore[arg-type]


TICKETS = [
    (_ticket("000123", order_number="202402010000000001", phone="13800138000", amount_minor=129950), False),
    (
        _ticket(
            "2", type=TicketType.COMPLAINT, review=Review.UNDER_REVIEW, review_since=NOW, description='a\n"b",;\t\'c'
        ),
        False,
    ),
    (_ticket("3", work=Work.DONE, closed_at=LATER, updated_at=LATER, compensation_minor=500, assignee="王"), False),
    (
        _ticket("4", review=Review.IN_PROCESS, work=Work.AWAITING_CONFIRMATION, due_at=LATER, phone="+491711234567"),
        False,
    ),
    (_ticket("5", closed_at=NOW, facts=TicketFacts(cancel_words="误操作")), True),
    (
        _ticket("6", facts=TicketFacts(contact_note="010-12345678转801", words=(("备注", "=x"),)), phone="01012345678"),
        False,
    ),
    (
        _ticket(
            "=7",
            facts=TicketFacts(
                purchased_on=date(2025, 1, 2),
                warranty_until=date(2027, 1, 2),
                parcel=Parcel(carrier="顺丰", waybill="0012"),
            ),
        ),
        False,
    ),
    *((_ticket(f"F{n}", customer=text, description=text, product=text), False) for n, text in enumerate(FORMULAS)),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("write", "name"), [(write_csv, "a.csv"), (write_xlsx, "a.xlsx")])
def test_an_exported_file_imported_again_gives_the_same_tickets(
    tmp_path: Path, write: Write, name: str, lang: str
) -> None:
    headings = ticket_headings(lang) | other_headings(ticket for ticket, _ in TICKETS)
    cells = (
        ticket_cells(ticket, lang=lang, zone="Asia/Shanghai", country="CN", cancelled=cancelled)
        for ticket, cancelled in TICKETS
    )
    assert write(tmp_path / name, cells, headings) == len(TICKETS)
    rows = read_all(open_table(tmp_path / name))
    assert [row for row in rows if isinstance(row, RefusedRow)] == []
    read = [row for row in rows if isinstance(row, ReadRow)]
    assert [replace(row.ticket, id="0" * 32) for row in read] == [ticket for ticket, _ in TICKETS]
    assert [row.cancelled for row in read] == [cancelled for _, cancelled in TICKETS]
    assert [row.reason for row in read if row.cancelled] == [Reason.MISTAKE]
    assert not list(tmp_path.glob(".*"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("='+-@＝\t\r\n\"; ,0a中𠮷\x00"), max_size=12))
def test_any_text_of_a_ticket_survives_both_formats(tmp_path: Path, text: str) -> None:
    stored = clean_text(text)
    for write, name in ((write_csv, "a.csv"), (write_xlsx, "a.xlsx")):
        cells = ticket_cells(_ticket("A1", customer=stored), lang="zh", zone="Asia/Shanghai", country="CN")
        write(tmp_path / name, iter([cells]), ticket_headings("zh"))
        row = read_all(open_table(tmp_path / name))[0]
        assert isinstance(row, ReadRow)
        assert row.ticket.customer == stored


def test_no_cell_of_a_csv_begins_as_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [{"x": text} for text in (*FORMULAS, "\t=1", "\r=1", "\n=1")], {"x": "=heading"})
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) for cell in cells)


def test_a_workbook_holds_text_and_no_formula(tmp_path: Path) -> None:
    import zipfile

    write_xlsx(
        tmp_path / "a.xlsx",
        [{"x": "=1+1", "y": "000123"}, {"x": "http://a.b", "y": "202402010000000001"}],
        {"x": "X", "y": "Y"},
    )
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        parts = book.namelist()
    assert "<f>" not in sheet
    assert not any("hyperlink" in part.lower() or "externalLink" in part for part in parts)
    assert [cells for _, cells in open_table(tmp_path / "a.xlsx").rows()] == [
        ["=1+1", "000123"],
        ["http://a.b", "202402010000000001"],
    ]


def test_refused_rows_are_saved_with_line_field_value_and_reason(tmp_path: Path) -> None:
    codes = sorted(key.removeprefix("refused.") for key in WORDS if key.startswith("refused."))
    rows = [
        RefusedRow(7, "", "=a,b{x}", "row_broken"),
        *(RefusedRow(n, "number", "=1", code) for n, code in enumerate(codes)),
    ]
    assert write_refused(tmp_path / "refused.csv", rows) == len(rows)
    with (tmp_path / "refused.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["行号 Line", "字段 Field", "值 Value", "原因", "Reason", "代码 Code"]
    assert found[1][:3] == ["7", "", "'=a,b{x}"]
    assert all(row[3] and row[4] and row[5] for row in found[1:])
    assert {row[1] for row in found[2:]} == {"单号 Number"}


def test_a_failed_export_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")

    def rows() -> Iterator[Mapping[str, str]]:
        yield {"x": "1"}
        raise FileNotWritten(file="a.csv", detail="stopped")

    for write in (write_csv, write_xlsx):
        with pytest.raises(FileNotWritten):
            write(target, rows(), {"x": "X"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert target.read_text(encoding="utf-8") == "old"
    for write in (write_csv, write_xlsx):
        with pytest.raises(FileNotWritten):
            write(tmp_path / "none" / "a.csv", iter(()), {"x": "X"})


def test_times_of_the_doubled_hour_keep_their_offset(tmp_path: Path) -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    tickets = [_ticket("1", created_at=first, updated_at=second)]
    cells = [ticket_cells(ticket, lang="en", zone="Europe/Berlin", country="DE") for ticket in tickets]
    assert cells[0]["created_at"] != cells[0]["updated_at"]
    write_csv(tmp_path / "a.csv", cells, ticket_headings("en"))
    row = read_all(open_table(tmp_path / "a.csv"), defaults=store_of(zone="Europe/Berlin", country="DE"))[0]
    assert isinstance(row, ReadRow)
    assert (row.ticket.created_at, row.ticket.updated_at) == (first, second)
