"""Barcodes as bars: what a reader needs, in as few modules as possible."""

from __future__ import annotations

import pytest

from store_desk.slips.code128 import bars, modules_wide


def test_our_ticket_number_fits_the_narrow_roll_with_two_dots_a_module() -> None:
    assert modules_wide(bars("XH2-26-004711-K")) * 2 * 25.4 / 203 <= 48


@pytest.mark.parametrize("text", ["", "工单7", "a\nb", "é"])
def test_what_code_128_cannot_say_has_no_bars(text: str) -> None:
    assert bars(text) == ()


@pytest.mark.parametrize("text", ["7", "00", "123", "1234", "12345", "AB123456", "A12345B", "004711", "x" * 30, " ~!"])
def test_every_text_is_read_back(text: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    marks = bars(text)
    picture = image.new("L", ((modules_wide(marks) + 40) * 2, 80), 255)
    for start, width in marks:
        picture.paste(0, ((start + 20) * 2, 10, (start + 20 + width) * 2, 70))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [text]
