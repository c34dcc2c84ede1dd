"""What a page should say, fact by fact, and which of it does not stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from store_desk.domain.money import format_minor
from store_desk.domain.proof import HASHED, Proof, stated
from store_desk.domain.slip import Both, Copy, Line, SlipData, StoreHead, title_of
from store_desk.slips import fonts, labels
from store_desk.slips.describe import Facts, Head, Proof as Printed, Title, describe
from store_desk.slips.typeset import clean
from store_desk.words import both, catalogue

Expected = tuple[str, str]

# The slip's fields under the names of the proof's facts; the others go by their own names.
_NAMES: Final = {
    "number": "slip",
    "ticket_number": "ticket",
    "issued_at": "time",
    "money": "amounts",
    "money_total": "amounts",
    "previous_hash": "previous_slip",
    "reason": "reason",
}
_NOT_SHOWN: Final = frozenset(
    {"variant", "status", "issued_at", "zone", "desk", "signed_at", "strokes", "demo", "qr_text", "currency", "store"}
)
# A piece of a text that a page's end may have parted from the rest.
_FRAGMENT_MIN: Final = 6
# How much of a hash the paper shows, in hex digits.
_HASH_DIGITS: Final = 32


def squeezed(text: str) -> str:
    """The text as it reads on the page, without white space."""
    return "".join(clean(text).split())


def lacking(expected: list[Expected], texts: tuple[str, ...], *, copies: int) -> tuple[str, ...]:
    """The names of the facts that do not stand on the pages as often as there are copies, in the order asked."""
    page = _without_feet("".join(texts))
    found: dict[str, None] = {}
    for name, text in expected:
        wanted = squeezed(text)
        if wanted and page.count(wanted) < copies and not _in_fragments(_drawn(wanted), page, copies):
            found[name] = None
    return tuple(found)


_FOOT = "(?:" + "|".join(re.escape(squeezed(f"{words.zh} {words.en}")) for words in labels.COPY.values()) + ")"
_FEET = re.compile(rf"·{_FOOT}(?:·{re.escape(squeezed(labels.DEMO.zh + labels.DEMO.en))})?\d+/\d+")


def _without_feet(text: str) -> str:
    """The words of the pages run together, without the last line of each."""
    return _FEET.sub("", text)


def _drawn(text: str) -> str:
    """The text with the mark for characters that no font has."""
    weight = fonts.weight(bold=False)
    return "".join(char if weight.find(char) is not None else fonts.GETA for char in text)


def _in_fragments(text: str, page: str, copies: int) -> bool:
    """Whether the text stands there in a few long pieces, as it does where a page ended within it."""
    at = pieces = 0
    while at < len(text):
        length = len(text) - at
        while length and page.count(text[at : at + length]) < copies:
            length = length // 2 if length > 64 else length - 1
        if length < min(_FRAGMENT_MIN, len(text) - at) or (not at and length == len(text) and pieces):
            return False
        at += length
        pieces += 1
        if pieces > 2 + len(text) // 40:
            return False
    return True


def of_slip(data: SlipData, *, chinese_only: bool) -> list[Expected]:
    """Everything that a page of this slip says."""
    blocks = describe(data, copy=Copy.CUSTOMER, reprint=0, draft=False)
    expected: list[Expected] = []
    for field in fields(data):
        value = getattr(data, field.name)
        name = _NAMES.get(field.name, field.name)
        if field.name not in _NOT_SHOWN:
            shown = value[:_HASH_DIGITS] if field.name.endswith("_hash") else value
            expected += [(name, text) for text in _texts(shown, data.currency, chinese_only=chinese_only)]
    for block in blocks:
        if isinstance(block, Title):
            expected += [("time", block.time), ("desk", f"{block.place.zh} {block.place.en}")]
        if isinstance(block, Printed):
            expected += [("fingerprint" if label == labels.DESK_KEY else "time", text) for label, text in block.small[-1:] + block.small[:1]]
    expected += _status(data)
    return expected + [("store", text) for text in _texts(data.store, "", chinese_only=chinese_only)]
