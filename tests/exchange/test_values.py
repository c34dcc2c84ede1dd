"""Numbers, telephones, times, amounts and texts arrive as people meant them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.exchange.amounts import AmountProblem, read_amount, read_currency
from store_desk.exchange.normalise import clean_code, clean_description, clean_text, compose, guard_needed
from store_desk.exchange.phones import read_phone
from store_desk.exchange.times import TimeReader, TimeUnreadable, day_comes_first


@pytest.mark.parametrize(
    ("text", "number", "noted"),
    [
        ("15400000001", "15400000001", False),
        ("+86 154 0000 0001", "15400000001", False),
        ("0086-15400000001", "15400000001", False),
        ("8615400000001", "15400000001", False),
        ("154-0000-0001", "15400000001", False),
        ("１５４０００００００１", "15400000001", False),
        ("'15400000001", "15400000001", False),
        ('="15400000001"', "15400000001", False),
        ("15400000001.0", "15400000001", False),
        ("\u202d15400000001\u202c", "15400000001", False),
        ("电话：15400000001", "15400000001", False),
        ("15400000001 李先生", "15400000001", True),
        ("15400000001/15400000002", "15400000001", True),
        ("010-12345678转801", "01012345678", True),
        ("(010) 1234 5678", "01012345678", False),
        ("+86 10 12345678", "01012345678", False),
        ("400-000-0000", "4000000000", False),
        ("+49 171 1234567", "+491711234567", False),
        ("+852 2345 6789", "+85223456789", False),
        ("154000000012", "154000000012", False),
        ("1.54E+10", "1.54E+10", False),
        ("问店长", "问店长", False),
        ("无", "", False),
        ("", "", False),
    ],
)
def test_telephones_of_a_chinese_store(text: str, number: str, noted: bool) -> None:
    phone = read_phone(text, "CN")
    assert phone.number == number
    assert bool(phone.note) is noted


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0171 1234567", "01711234567"),
        ("+49 171 1234567", "01711234567"),
        ("0049 (0)171 1234567", "01711234567"),
        ("030/12345678", "03012345678"),
        ("+86 15400000001", "+8615400000001"),
    ],
)
def test_telephones_of_a_german_store(text: str, number: str) -> None:
    assert read_phone(text, "DE").number == number


@given(st.text(max_size=40))
def test_any_telephone_cell_reads_to_a_stable_number(text: str) -> None:
    number = read_phone(text, "CN").number
    assert read_phone(number, "CN").number == number


BEIJING_AFTERNOON = datetime(2024, 2, 3, 7, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03 15:04:00",
        "2024-02-03 15:04",
        "2024/2/3 15:04",
        "2024.02.03 15:04",
        "2024年2月3日 下午3:04",
        "2024年2月3日15时04分",
        "2024年02月03日 15点04分00秒",
        "2024年2月3日(土) 午後3:04",
        "２０２４／２／３　１５：０４",
        "03.02.2024 15:04",
        "3.2.24 15:04",
        "2/3/2024 3:04 PM",
        "Feb 3, 2024 3:04 PM",
        "3 février 2024 15:04",
        "3. Februar 2024, 15:04",
        "3 de febrero de 2024 15:04",
        "Sat, 03 Feb 2024 07:04:00 +0000",
        "2024-02-03T07:04:00Z",
        "2024-02-03T15:04:00+08:00",
        "2024-02-03 09:04:00 +0200",
        "20240203150400",
        "1706943840",
        "1706943840000",
        "45325.62777777778",
        "'2024-02-03 15:04:00",
    ],
)
def test_one_moment_in_many_shapes(text: str) -> None:
    assert TimeReader("Asia/Shanghai", day_first=False).time(text) == BEIJING_AFTERNOON


@pytest.mark.parametrize(
    "text", ["2023-02-29 10:00:00", "gestern", "2999-01-01", "25:00", "13/13/2024", "2024-02-03 25:00", "123"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeUnreadable):
        TimeReader("Asia/Shanghai", day_first=True).time(text)


@pytest.mark.parametrize("text", ["", " ", "-", "0000-00-00 00:00:00", "NULL", "无"])
def test_an_empty_time_is_none(text: str) -> None:
    assert TimeReader("Asia/Shanghai", day_first=True).time(text) is None


def test_midnight_written_as_24_is_the_next_day() -> None:
    assert TimeReader("UTC", day_first=True).time("2024-02-03 24:00:00") == datetime(2024, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "country", "first"),
    [
        (["3/4/2024", "25/12/2023"], "US", True),
        (["3/4/2024", "12/25/2023"], "DE", False),
        (["3/4/2024"], "DE", True),
        (["3/4/2024"], "US", False),
        (["3/4/2024"], "CN", False),
        (["13.4.2024"], "CN", False),
    ],
)
def test_the_file_decides_whether_the_day_comes_first(values: list[str], country: str, first: bool) -> None:
    assert day_comes_first(values, country) is first


@given(st.text(st.sampled_from("0123456789-/:. T年月日时分秒上下午apmZ+"), max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        moment = TimeReader("Europe/Berlin", day_first=True).time(text)
    except TimeUnreadable:
        return
    assert moment is None or moment.utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("178.80", "CNY", 17880),
        ("¥1,299.50", "CNY", 129950),
        ("￥１２.５０元", "CNY", 1250),
        ("1299元", "CNY", 129900),
        ("RMB 12", "CNY", 1200),
        ("12.5 CNY", "CNY", 1250),
        ("1.299,50 €", "EUR", 129950),
        ("1 299,50", "EUR", 129950),
        ("1'299.50", "EUR", 129950),
        ("1,299", "CNY", 129900),
        ("1.299.000", "EUR", 129900000),
        ("0.5", "CNY", 50),
        (".5", "CNY", 50),
        ("12.3400", "CNY", 1234),
        ("12.299999999999999", "CNY", 1230),
        ("(5.00)", "CNY", -500),
        ("-5", "CNY", -500),
        ("5.00-", "CNY", -500),
        ("−5", "CNY", -500),
        ("¥1,299", "JPY", 1299),
        ("1299円", "JPY", 1299),
        ("$5", "HKD", 500),
        ("", "CNY", None),
        ("-", "CNY", None),
        ("无", "CNY", None),
    ],
)
def test_amounts_become_minor_units(text: str, currency: str, minor: int | None) -> None:
    assert read_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["1e3", "NaN", "Infinity", "12.345", "1,2,3", "十元", "99999999999999.99", "1..2", "9" * 50]
)
def test_what_is_no_payable_amount_is_refused(text: str) -> None:
    assert read_amount(text, "CNY") is AmountProblem.UNREADABLE


@pytest.mark.parametrize("text", ["$5", "5 EUR", "€5", "HK$ 5", "5美元", "USD 5"])
def test_money_of_another_currency_is_told_apart(text: str) -> None:
    assert read_amount(text, "CNY") is AmountProblem.CURRENCY


def test_currency_columns_are_read_as_codes() -> None:
    assert [read_currency(text, "CNY") for text in ("", "cny", "人民币", "RMB", "¥", "USD", "欧元")] == [
        "CNY",
        "CNY",
        "CNY",
        "CNY",
        "CNY",
        "USD",
        "EUR",
    ]


@given(st.text(st.sampled_from("0123456789.,' -()¥$€元eE+"), max_size=20))
def test_any_amount_is_read_or_refused(text: str) -> None:
    assert isinstance(read_amount(text, "CNY"), int | None | AmountProblem)


@pytest.mark.parametrize(
    "text",
    [
        "𠮷野家",
        "李䶮",
        "葛\U000e0100城",
        "\ue000",
        "=1+1",
        "＝1+1",
        "محمد علي",
        "👩‍🔧店长",
        "凞\ufa15",
        "O'Brien",
        "'90s kid",
        "-",
        "AT&T",
        "a <b> c",
        "\u202e倒序",
    ],
)
def test_texts_arrive_unharmed(text: str) -> None:
    assert clean_text(text) == text
    assert clean_description(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" 张伟\u3000", "张伟"),
        ("\u200b张伟", "张伟"),
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'0012", "0012"),
        ("a\x00b\x1bc\x85d", "abc\nd"),
        ("e\u0301cole", "école"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_only_what_nobody_typed_is_taken_away(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_names_keep_their_compatibility_characters() -> None:
    assert compose("\ufa11e\u0301") == "\ufa11é"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("size &gt; 5 &amp; &#39;x&#39;", "size > 5 & 'x'"),
        ("a&amp;lt;b", "a<b"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>Broken <b>screen</b></p><p>and fan</p>", "Broken screen\nand fan"),
        ('<div class="ql-editor"><p>屏幕&nbsp;不亮</p></div>', "屏幕\xa0不亮"),
        ("R&D &copy", "R&D &copy"),
    ],
)
def test_rich_text_becomes_plain(text: str, clean: str) -> None:
    assert clean_description(text) == clean
    assert clean_description(clean) == clean


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("000123", "000123"),
        ('="000123"', "000123"),
        ("'000123", "000123"),
        (" AS1 ", "AS1"),
        ("=1+1", "=1+1"),
        ("ＡＳ１", "ＡＳ１"),
    ],
)
def test_codes_keep_their_characters(text: str, code: str) -> None:
    assert clean_code(text) == code


@given(st.text(max_size=30))
def test_the_apostrophe_of_an_export_is_taken_off_again(text: str) -> None:
    stored = clean_text(text)
    for formulas in (True, False):
        written = "'" + stored if guard_needed(stored, formulas=formulas) else stored
        assert clean_text(written) == stored
