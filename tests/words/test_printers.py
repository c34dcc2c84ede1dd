"""Why a printer did not print, in both languages."""

from __future__ import annotations

import pytest

from store_desk.domain.errors import PrinterUnavailable
from store_desk.printing.model import REASONS, unavailable
from store_desk.words import say_error
from store_desk.words.printers import WORDS


def test_every_reason_that_printers_give_has_words_in_both_languages() -> None:
    assert set(REASONS) <= set(WORDS)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_chinese_desk_reads_chinese(reason: str) -> None:
    told = say_error("zh", unavailable("escpos+tcp://printer:9100", reason))
    assert WORDS[reason][0] in told
    assert REASONS[reason] not in told


def test_the_printers_own_words_and_the_warning_follow_the_reason() -> None:
    error = unavailable("x", "media_empty", said="Tray 2", may_still_print=True)
    assert "缺纸，请装纸（Tray 2）；纸可能随后印出" in say_error("zh", error)
    assert "load paper (Tray 2); it may still come out" in say_error("en", error)


def test_a_reason_without_words_is_told_as_the_printer_said_it() -> None:
    assert "spool area full" in say_error("zh", unavailable("x", "spool_area_full"))
    assert "the cover" in say_error("en", PrinterUnavailable(detail="the cover is open"))
