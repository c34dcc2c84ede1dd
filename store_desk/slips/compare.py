"""What a page should say, fact by fact, and which of it does not stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

from store_desk.domain.money import format_minor
from store_desk.domain.proof import HASHED, Proof, stated
from store_desk.domain.slip import Both, Copy, Line, SlipData, StoreHead, title_of
from store_desk.slips import fonts, labels
from store_desk.slips.describe import Proof as SmallPrint
from store_desk.slips.describe import Title, describe, name_of
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
}
_SMALL: Final = {
    labels.READ_BACK_HASH: "read_back_hash",
    labels.PREVIOUS_HASH: "previous_slip",
    labels.DESK_KEY: "fingerprint",
}
_NOT_SHOWN: Final = frozenset(
    # What the head and the small print say of them is made from several fields.
    [
        "variant",
        "status",
        "issued_at",
        "zone",
        "time_source",
        "desk",
        "currency",
        "read_back_hash",
        "previous_hash",
        "signed_at",
        "strokes",
        "demo",
        "qr_text",
    ]
)
# A piece of a text that a page's end may have parted from the rest.
_FRAGMENT_MIN: Final = 6
# Numbers of tickets and slips are no longer than this.
_NUMBER_MAX: Final = 64
_PARTED_MIN: Final = 200


# Readers of PDF give the letters of a ligature, whatever is drawn.
_LIGATURES: Final = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def squeezed(text: str) -> str:
    """The text as it reads on the page, without white space."""
    return "".join(clean(text).split()).translate(_LIGATURES)


def lacking(expected: list[Expected], texts: tuple[str, ...], *, copies: int) -> tuple[str, ...]:
    """The names of the facts that do not stand on the pages as often as they must, in the order asked.

    A text that stands within others must stand there for each of them and for itself: else a name that was changed in
    one place would be found in another. Facts with the same text are named together.
    """
    # Page by page: the page's number at its foot must not run into a digit that begins the next page.
    numbers = {squeezed(text) for _, text in expected if 0 < len(text) <= _NUMBER_MAX}
    page = "".join(_without_numbers(_without_feet(text), numbers) for text in texts).translate(_LIGATURES)
    names: dict[str, list[str]] = {}
    for name, text in expected:
        names.setdefault(squeezed(text), []).append(name)
    names.pop("", None)
    missing: set[str] = set()
    there: list[str] = []
    for text in sorted(names, key=len, reverse=True):
        needed = len(names[text]) + sum(longer.count(text) * len(names[longer]) for longer in there)
        if page.count(text) >= needed * copies or _in_fragments(_drawn(text), page, copies):
            there.append(text)
        else:
            missing.update(names[text])
    return tuple(dict.fromkeys(name for name, _ in expected if name in missing))


_FOOT = "(?:" + "|".join(re.escape(squeezed(f"{words.zh} {words.en}")) for words in labels.COPY.values()) + ")"
_FEET = re.compile(rf"·{_FOOT}(?:·{re.escape(squeezed(labels.DEMO.zh + labels.DEMO.en))})?\d+/\d+")


def _without_feet(text: str) -> str:
    """The words of a page without its last line."""
    return _FEET.sub("", text)


def _without_numbers(text: str, numbers: set[str]) -> str:
    """The page without the two numbers at its foot, which would part a text that goes on overleaf."""
    for last in numbers:
        if text.endswith(f"·{last}"):
            for first in numbers:
                if text.endswith(f"{first}·{last}"):
                    return text.removesuffix(f"{first}·{last}")
    return text


def _drawn(text: str) -> str:
    """The text with the mark for characters that no font has."""
    weight = fonts.weight(bold=False)
    return "".join(char if weight.find(char) is not None else fonts.GETA for char in text)


def _in_fragments(text: str, page: str, copies: int) -> bool:
    """Whether the text stands there in a few long pieces, as it does where a page ended within it."""
    if fonts.GETA in text and page.count(text) >= copies:
        return True
    at = pieces = 0
    if len(text) < _PARTED_MIN:
        return False
    while at < len(text):
        length = len(text) - at
        while length and page.count(text[at : at + length]) < copies:
            length = length // 2 if length > 64 else length - 1
        pieces += 1
        if length < _FRAGMENT_MIN or pieces > 2 + len(text) // 16:
            return False
        at += length
    return True


def of_slip(data: SlipData, *, chinese_only: bool) -> list[Expected]:
    """Everything that a page of this slip says; `chinese_only` where its English was left out."""
    expected = _head(replace(data, time_source=Both(data.time_source.zh)) if chinese_only else data)
    for field in fields(data):
        value = getattr(data, field.name)
        if field.name in _NOT_SHOWN:
            continue
        name = _NAMES.get(field.name, field.name)
        expected += [(name, text) for text in _texts(value, data.currency, chinese_only=chinese_only)]
    return expected


def is_chinese_only(data: SlipData, texts: tuple[str, ...]) -> bool:
    """Whether the slip was drawn without its English, as a store may set it."""
    page = "".join(texts)
    english = [squeezed(text) for text in (data.legal.en, data.reason.en, data.how_to_reopen.en) if text]
    return bool(english) and not any(text in page for text in english)


def _head(data: SlipData) -> list[Expected]:
    """What the page makes of facts that are no words by themselves."""
    expected = [("status", f"{labels.STATUS[data.status].zh} {labels.STATUS[data.status].en}")]
    expected += [("variant", words) for words in (title_of(data.variant).zh, title_of(data.variant).en)]
    for block in describe(data, copy=Copy.CUSTOMER, reprint=0, draft=False):
        if isinstance(block, Title):
            expected += [("time", block.time), ("desk", name_of(block.place))]
        elif isinstance(block, SmallPrint):
            expected += [(_SMALL.get(label, "time"), value) for label, value in block.small]
    if data.demo:
        expected.append(("demo", name_of(labels.DEMO)))
    return expected


def _texts(value: object, currency: str, *, chinese_only: bool) -> Iterator[str]:
    """The texts of a field as they are printed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Both):
        yield value.zh
        yield "" if chinese_only and value.zh else value.en
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part, currency, chinese_only=chinese_only)
    elif isinstance(value, Line):
        amount = "" if value.amount_minor is None else format_minor(value.amount_minor, currency)
        yield from _texts((value.label, value.value, amount), currency, chinese_only=chinese_only)
    elif isinstance(value, StoreHead):
        # Its code stands with the desk's number.
        yield from _texts((value.name, value.address, value.phone), currency, chinese_only=chinese_only)


def of_proof(proof: Proof) -> list[Expected]:
    """What a page must say by its QR alone, where the slip itself is not attached."""
    facts = proof.facts
    status, title = labels.STATUS[facts.status], title_of(facts.variant)
    expected = [
        ("slip", facts.number),
        ("ticket", facts.ticket),
        ("withdraws", facts.withdraws),
        ("status", name_of(status)),
        ("variant", title.zh),
        ("desk", f"{facts.store}·{facts.desk}{labels.DESK.zh}"),
        ("read_back_hash", facts.read_back),
        ("previous_slip", facts.previous),
        ("short_code", proof.short_code),
        ("fingerprint", facts.fingerprint),
    ]
    if f"reason.{facts.reason}" in catalogue("trade"):
        expected.append(("reason", both(f"trade.reason.{facts.reason}").zh))
    return [(name, text) for name, text in expected if not text.startswith(HASHED)]


def differing(proof: Proof, data: SlipData) -> tuple[str, ...]:
    """The facts in which a slip's text and its proof differ; what no single fact explains is `slip_hash`."""
    facts = proof.facts
    pairs = {
        "slip": (facts.number, stated(data.number)),
        "ticket": (facts.ticket, stated(data.ticket_number)),
        "store": (facts.store, stated(data.store.code)),
        "desk": (facts.desk, data.desk),
        "variant": (facts.variant, data.variant),
        "status": (facts.status, data.status),
        "time": (int(facts.at.timestamp()), int(data.issued_at.timestamp())),
        "currency": (facts.currency, stated(data.currency)),
        "read_back_hash": (facts.read_back, data.read_back_hash[: len(facts.read_back)]),
        "previous_slip": (facts.previous, data.previous_hash[: len(facts.previous)]),
        "withdraws": (facts.withdraws, stated(data.withdraws)),
        "demo": (facts.demo, data.demo),
    }
    return tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs) or ("slip_hash",)
