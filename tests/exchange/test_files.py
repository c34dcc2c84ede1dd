"""Files of every kind and condition open as tables or are refused in words."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_desk.domain.errors import DomainError, FileEmpty, FileEncrypted, FileTooLarge, FileUnreadable
from store_desk.domain.imports import Field
from store_desk.exchange import encodings, limits, readers, workbook
from store_desk.exchange.readers import BrokenRow, open_table
from tests.exchange.conftest import read_all

TEXT = (
    "工单号,客户姓名,联系电话,问题描述\n"
    "000123,王小明,13800138000,屏幕不亮，需要维修\n"
    "000124,李䶮,13800138001,请尽快处理\n"
)


def _file(folder: Path, content: bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("gb18030", "gb18030"),
    ],
)
def test_chinese_is_read_in_every_usual_encoding(tmp_path: Path, codec: str, found: str) -> None:
    # Unmarked UTF-16 shows by its ASCII half, of which an export has plenty.
    text = TEXT + "".join(f"AS20260{n:06d},王,1380013{n:04d},ok ok ok\n" for n in range(20))
    table = open_table(_file(tmp_path, text.encode(codec)))
    assert table.shape.encoding == found
    assert table.shape.headings == ("工单号", "客户姓名", "联系电话", "问题描述")
    assert list(table.rows())[1] == (3, ["000124", "李䶮", "13800138001", "请尽快处理"])


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("big5hkscs", "顧客姓名：陳大文，電話已經更改，請聯絡我們的維修中心處理"),
        ("cp1252", "Käufer Müller, Gerät geprüft – für später"),
        ("cp1251", "Покупатель Иванов, экран не работает"),
        ("cp1250", "Paweł Wójcik złożył reklamację, bateria się wyłącza"),
        ("cp932", "お客様のスマートフォンの画面がわれています"),
    ],
)
def test_other_code_pages_are_told_apart(tmp_path: Path, codec: str, name: str) -> None:
    rows = "".join(f'A{n};"{name}";x\n' for n in range(20))
    table = open_table(_file(tmp_path, f"Ticket Number;Customer;Store\n{rows}".encode(codec)))
    assert table.shape.encoding == codec
    assert next(table.rows())[1][1] == name


def test_a_chinese_word_deep_in_a_large_file_decides_its_encoding(tmp_path: Path) -> None:
    plain = "".join(f"A{n},Smith,{n}\n" for n in range(90_000))
    path = _file(tmp_path, ("Ticket Number,Customer,Order Number\n" + plain + "A9,张伟在上海市,1\n").encode("gb18030"))
    assert path.stat().st_size > encodings.CHUNK_BYTES
    assert open_table(path).shape.encoding == "gb18030"


def test_a_few_broken_bytes_refuse_their_row_only(tmp_path: Path) -> None:
    content = (
        TEXT.encode() * 1
        + "000125,张三,13800138002,".encode()
        + b"\xff\n"
        + "000126,张四,13800138003,好\n".encode() * 40
    )
    rows = read_all(open_table(_file(tmp_path, content)))
    assert [(row.line, row.code) for row in rows if hasattr(row, "code")] == [(4, "row_broken")]
    assert [row.line for row in rows if hasattr(row, "ticket")] == [2, 3, 5]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(tmp_path: Path, separator: str, end: str) -> None:
    rows = [["Ticket Number", "Customer", "Description"], ["1", "A,b;c|d", "x"], ["2", "B", 'say "hi"']]
    text = end.join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    table = open_table(_file(tmp_path, text.encode()))
    assert table.shape.separator == separator
    assert [cells for _, cells in table.rows()] == rows[1:]


def test_the_separator_line_of_a_spreadsheet_is_no_row(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, b"sep=;\r\nTicket Number;Customer\r\n1;A\r\n2;B\r\n"))
    assert list(table.rows()) == [(3, ["1", "A"]), (4, ["2", "B"])]


def test_titles_above_the_headings_and_blank_lines_are_left_out(tmp_path: Path) -> None:
    text = "售后工单导出\n导出时间：2026-11-22,,\n\n工单号,客户姓名,状态\n\nA1,王,待处理\n,,\nA2,李,待处理\n"
    table = open_table(_file(tmp_path, text.encode()))
    assert table.shape.headings == ("工单号", "客户姓名", "状态")
    assert [line for line, _ in table.rows()] == [6, 8]


def test_equal_and_missing_headings_get_names_of_their_own(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, "工单号,电话,电话,,客户姓名\n1,2,3,4,5\n".encode()))
    assert table.shape.headings == ("工单号", "电话", "电话 (2)", "#4", "客户姓名")


def test_a_quoted_cell_keeps_its_lines_and_the_next_row_its_number(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, '工单号,问题描述\nA1,"一行\n两行\r\n三行"\nA2,x\n'.encode()))
    assert list(table.rows()) == [(2, ["A1", "一行\n两行\r\n三行"]), (5, ["A2", "x"])]


def test_an_open_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    good = "".join(f'A{n},王,138,"好的，谢谢"\n' for n in range(3, 3000))
    text = '工单号,客户姓名,电话,描述\nA1,王,138,"没有关上\nA2,李,139,好\n' + good
    rows = list(open_table(_file(tmp_path, text.encode())).rows())
    assert isinstance(rows[0][1], BrokenRow)
    assert rows[0][0] == 2
    assert [cells[0] for _, cells in rows[1:]] == [f"A{n}" for n in range(2, 3000)]


@pytest.mark.parametrize("cell", ['"x', '"""x""', 'x"', 'say "x'])
def test_stray_quotes_in_every_row_join_no_rows(tmp_path: Path, cell: str) -> None:
    text = "工单号,客户姓名,电话,描述\n" + "".join(f"A{n},王,138,{cell}\n" for n in range(50))
    rows = list(open_table(_file(tmp_path, text.encode())).rows())
    assert [line for line, _ in rows] == list(range(2, 52))


def test_an_open_quote_that_another_one_closes_joins_no_rows(tmp_path: Path) -> None:
    text = '工单号,客户姓名,电话,描述\nA1,王,138,"x\nA2,王,138,"\nA3,王,138,x\n'
    rows = list(open_table(_file(tmp_path, text.encode())).rows())
    assert [(line, type(cells) is BrokenRow) for line, cells in rows] == [(2, True), (3, True), (4, False)]


def test_an_open_quote_with_no_end_is_bounded(tmp_path: Path) -> None:
    lines = "".join(f"A{n},王,x\n" for n in range(2, limits.ROW_LINES_MAX * 3))
    rows = list(open_table(_file(tmp_path, f'工单号,客户姓名,描述\nA1,王,"x\n{lines}'.encode())).rows())
    assert [type(cells) is BrokenRow for _, cells in rows].count(True) == 1
    assert len(rows) == limits.ROW_LINES_MAX * 3 - 1


def test_a_file_cut_inside_quotes_refuses_its_last_row(tmp_path: Path) -> None:
    rows = list(open_table(_file(tmp_path, '工单号,客户姓名\nA1,王\nA2,"李'.encode())).rows())
    assert [type(cells) is BrokenRow for _, cells in rows] == [False, True]


def test_a_line_without_an_end_is_bounded(tmp_path: Path) -> None:
    long = "x" * (limits.LINE_CHARACTERS_MAX * 2)
    rows = list(open_table(_file(tmp_path, f"工单号,描述\nA1,{long}\nA2,好\n".encode())).rows())
    assert isinstance(rows[0][1], BrokenRow)
    assert len(rows[0][1][0]) <= limits.VALUE_SHOWN_MAX
    assert rows[1] == (3, ["A2", "好"])


def test_a_cell_above_the_usual_limit_of_csv_is_read(tmp_path: Path) -> None:
    rows = list(open_table(_file(tmp_path, f"工单号,描述\nA1,{'y' * 200_000}\n".encode())).rows())
    assert len(rows[0][1][1]) == 200_000


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FileEmpty),
        (b"\n\n \n", FileEmpty),
        (b"\xef\xbb\xbf", FileEmpty),
        ("工单号,客户姓名\n".encode(), FileEmpty),
        (b"%PDF-1.7\n...", FileUnreadable),
        (b"<html><table><tr><td>1</td></tr></table>", FileUnreadable),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileUnreadable),
        (b"PK\x03\x04 no archive at all", FileUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", FileUnreadable),
        (bytes(range(1, 32)) * 40, FileUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), FileEncrypted),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, kind: type[DomainError]) -> None:
    with pytest.raises(kind):
        open_table(_file(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileUnreadable):
            open_table(path)


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.CSV_BYTES_MAX == 512 * limits.MIB
    assert limits.WORKBOOK_BYTES_MAX == 64 * limits.MIB
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.truncate(limits.CSV_BYTES_MAX + 1)
    with pytest.raises(FileTooLarge):
        open_table(path)
    monkeypatch.setattr(workbook, "WORKBOOK_BYTES_MAX", 100)
    with pytest.raises(FileTooLarge):
        open_table(_workbook(tmp_path / "a.xlsx", [["a"], ["b"]]))


def _workbook(path: Path, rows: Sequence[Sequence[object]], *, hidden_first: bool = False) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        if hidden_first:
            front = book.add_worksheet("参数")
            front.write_string(0, 0, "not this one")
        sheet = book.add_worksheet("工单")
        sheet.activate()
        if hidden_first:
            front.hide()
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                else:
                    sheet.write(line, column, cell)
    return path


def test_a_workbook_gives_text_as_it_was_typed(tmp_path: Path) -> None:
    head = ["工单号", "订单号", "联系电话", "订单金额", "问题描述"]
    path = _workbook(
        tmp_path / "a.xlsx",
        [
            head,
            ["0012", "202402010000000001", 13800138000, 178.8, "=1+1"],
            ["0013", 202402010000000001.0, "", 21, True],
        ],
        hidden_first=True,
    )
    table = open_table(path)
    assert (table.shape.format, table.shape.sheet, table.shape.rows) == ("xlsx", "工单", 2)
    assert list(table.rows()) == [
        (2, ["0012", "202402010000000001", "13800138000", "178.8", "=1+1"]),
        (3, ["0013", "2.02402010000000E+17", "", "21", "TRUE"]),
    ]


def test_a_workbook_that_unpacks_into_too_much_is_refused(tmp_path: Path) -> None:
    source = _workbook(tmp_path / "good.xlsx", [["工单号"], ["1"]])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = content.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)
            new.writestr(entry.filename, content)
    with pytest.raises(FileUnreadable):
        open_table(bomb)


def test_a_workbook_with_one_cell_at_the_far_corner_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "工单号")
        sheet.write_string(1_048_575, 16_383, "x")
    with pytest.raises(FileUnreadable):
        open_table(path)


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "a.xlsx", [["工单号"], ["1"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(limits.ZIP_ENTRIES_MAX):
            archive.writestr(f"../{number}.xml", "x")
    with pytest.raises(FileUnreadable):
        open_table(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.csv", TEXT)
    with pytest.raises(FileUnreadable):
        open_table(path)


def _rows_or_refusal(path: Path) -> None:
    """Reads the file through; anything but rows or an error of ours fails the test."""
    try:
        table = open_table(path)
        if table.shape.headings:
            for row in read_all(table, columns={Field.NUMBER: table.shape.headings[0]}):
                assert row.line >= 1
                assert getattr(row, "code", "x")
    except DomainError:
        return


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=600))
def test_any_bytes_give_rows_or_a_typed_error(tmp_path: Path, content: bytes) -> None:
    _rows_or_refusal(_file(tmp_path, content))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("a1,;\t|\"'\r\n\x00=中\ufeff\u200b\ud800"), max_size=300),
    codec=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
def test_any_table_like_text_gives_rows_or_a_typed_error(tmp_path: Path, text: str, codec: str) -> None:
    _rows_or_refusal(_file(tmp_path, ("工单号,描述\n1,2\n" + text).encode(codec, "replace")))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), new=st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_gives_rows_or_a_typed_error(tmp_path: Path, place: float, new: bytes) -> None:
    good = tmp_path / "good.xlsx"
    if not good.exists():
        _workbook(good, [["工单号", "描述"], ["1", "x"], ["2", 3.5]])
    content = bytearray(good.read_bytes())
    at = int(place * (len(content) - len(new)))
    content[at : at + len(new)] = new
    _rows_or_refusal(_file(tmp_path, bytes(content), "damaged.xlsx"))


def test_the_reader_module_offers_its_public_names() -> None:
    assert set(readers.__all__) == {"BrokenRow", "Row", "Table", "open_table"}
