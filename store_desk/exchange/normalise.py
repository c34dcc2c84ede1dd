"""Text of a foreign cell made ours without harm: only what a person never typed is taken away.

What goes: spaces and invisible marks at both ends; the apostrophe that a spreadsheet puts before `= + - @` and before
digits; control characters in texts (they cannot be shown, printed or written to a workbook). What stays: formulas as
text, full-width letters, bidirectional marks inside names, every rare character. A control character inside a number
or serial refuses the row, because without it the number would be another one. Texts are composed (NFC), except the
CJK compatibility ideographs, which NFC would turn into other characters and so change a person's name.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

# As invisible as spaces at an end: zero width space and joiners, BOM, soft hyphen, direction marks.
_EDGES: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_EDGE_CHARACTERS: Final = _EDGES + "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UNREADABLE: Final = re.compile("[\ud800-\udfff]")
_GUARDED: Final = re.compile(r"'+(?:[=+\-@\t\r\n＝＋－＠]|\d+\Z)")
# Shop systems write ="0123" so that a spreadsheet keeps the zero; it is a way of quoting, not a formula.
_QUOTED_CODE: Final = re.compile(r'="([0-9A-Za-z\-+ _/#.]*)"')
_COMPATIBILITY: Final = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BREAK: Final = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_RICH: Final = re.compile(r"<(p|div|ul|ol|table|html|body|h[1-6])(\s[^<>]*)?>.*</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK_END: Final = re.compile(r"\s*</(p|div|li|tr|h[1-6])\s*>\s*", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
# An export of an export escapes twice; more rounds than this are somebody's joke.
_ROUNDS_MAX: Final = 4


def is_unreadable(text: str) -> bool:
    """Whether the text holds bytes that its file's encoding does not know."""
    return _UNREADABLE.search(text) is not None


def has_controls(text: str) -> bool:
    """Whether the text holds control characters other than tab and line ends."""
    return _CONTROLS.search(text) is not None


def clean_code(text: str) -> str:
    """A number, serial or key: its characters as they stand, without the wrapping a spreadsheet needs."""
    text = text.strip(_EDGE_CHARACTERS)
    if not text:
        return ""
    if text[0] == "=" and (quoted := _QUOTED_CODE.fullmatch(text)):
        text = quoted[1].strip()
    elif text[0] == "'" and _GUARDED.match(text):
        text = text[1:].strip(_EDGE_CHARACTERS)
    return text


def clean_text(text: str) -> str:
    """A name or a sentence, composed, without control characters and without the spreadsheet's apostrophe."""
    text = text.strip(_EDGE_CHARACTERS)
    if not text:
        return ""
    if text[0] == "'" and _GUARDED.match(text):
        text = text[1:].strip(_EDGE_CHARACTERS)
    if text.isprintable():
        return text if text.isascii() else compose(text)
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0085", "\n"))
    return compose(text.strip(_EDGE_CHARACTERS))


def clean_description(text: str) -> str:
    """A text as `clean_text`, with HTML entities read and the tags of rich text taken out."""
    text = clean_text(text)
    if "&" not in text and "<" not in text:
        return text
    for _ in range(_ROUNDS_MAX):
        plain = _plain(text)
        if plain == text:
            break
        text = plain
    return clean_text(text)


def _plain(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" not in text:
        return text
    text = _BREAK.sub("\n", text)
    # Tags are taken out only where the whole text is rich text: a customer may well write <angle brackets>.
    if _RICH.fullmatch(text.strip()):
        text = _TAG.sub("", _BLOCK_END.sub("\n", text))
        return _BLANK_LINES.sub("\n\n", text).strip()
    return text


def compose(text: str) -> str:
    """The text in NFC, its CJK compatibility ideographs untouched."""
    if unicodedata.is_normalized("NFC", text):
        return text
    pieces = _COMPATIBILITY.split(text)
    return "".join(piece if place % 2 else unicodedata.normalize("NFC", piece) for place, piece in enumerate(pieces))


def guard_needed(text: str, *, formulas: bool) -> bool:
    """Whether an apostrophe must stand before the text in a file; `formulas` is false for string cells of a workbook.

    The reverse is in `clean_text` and `clean_code`: what one puts there the other takes away.
    """
    if formulas and text[:1] in _FORMULA_STARTS and text:
        return True
    return text[:1] == "'" and _GUARDED.match(text) is not None


_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
