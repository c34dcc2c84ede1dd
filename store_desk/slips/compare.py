"""What a page should say, fact by fact, and which of it does not stand there."""

from __future__ import annotations

import re
import unicodedata
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
# A page's number and how many there are, at the very end of its words.
_PAGE_NUMBER: Final = re.compile(r"(\d+)/\d+$")
_PAGE_DIGITS: Final = 3

# The same sign of no alphabet twice and more, marks that go over a letter among them.
_AGAIN: Final = re.compile(r"(\W)\1+")
# Readers of PDF give the letters of a ligature, whatever is drawn.
_LIGATURES: Final = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def squeezed(text: str) -> str:
    """The text as it reads on the page, without white space."""
    return "".join(clean(text).split()).translate(_LIGATURES)


def _thinned(text: str) -> str:
    """The text with a mark that is drawn over itself once: readers of PDF take the second for the ink of the first."""
    return _AGAIN.sub(_once, text)


def _once(found: re.Match[str]) -> str:
    mark = found[1]
    drawn = unicodedata.category(mark) in ("Mn", "Me") and fonts.weight(bold=False).find(mark) is not None
    return mark if drawn else found[0]


def lacking(expected: list[Expected], texts: tuple[str, ...], *, copies: int) -> tuple[str, ...]:
    """The names of the facts that do not stand on the pages as often as they must, in the order asked.

    A text that stands within others must stand there for each of them and for itself: else a name that was changed in
    one place would be found in another. Facts with the same text are named together.
    """
    # Page by page: the line at a page's foot must not part a text that goes on overleaf, nor the page's number run
    # into a digit that begins the next page.
    feet = _feet(expected)
    page = _thinned("".join(_FEET.sub("", _without_foot(text, feet)) for text in texts).translate(_LIGATURES))
    names: dict[str, list[str]] = {}
    for name, text in expected:
        names.setdefault(_thinned(squeezed(text)), []).append(name)
    names.pop("", None)
    missing: set[str] = set()
    there: list[str] = []
    for text in sorted(names, key=len, reverse=True):
        needed = len(names[text]) + sum(longer.count(text) * len(names[longer]) for longer in there)
        if page.count(text) >= needed * copies or _stands_marked(text, page, copies):
            there.append(text)
        else:
            missing.update(names[text])
    return tuple(dict.fromkeys(name for name, _ in expected if name in missing))


_FOOT = "(?:" + "|".join(re.escape(squeezed(f"{words.zh} {words.en}")) for words in labels.COPY.values()) + ")"
_FEET = re.compile(rf"·{_FOOT}(?:·{re.escape(squeezed(labels.DEMO.zh + labels.DEMO.en))})?\d+/\d+")


def _feet(expected: list[Expected]) -> tuple[tuple[str, int], ...]:
    """The lines that a page of this slip may end with, each with how much of it stands there in any case."""
    tickets, slips = ({squeezed(text) for name, text in expected if name == wanted} for wanted in ("ticket", "slip"))
    demo = squeezed(f"{labels.DEMO.zh} {labels.DEMO.en}")
    return tuple(
        (f"{ticket}·{slip}·{squeezed(f'{words.zh} {words.en}')}{end}", len(ticket))
        for ticket in tickets - {""}
        for slip in slips - {""}
        for words in labels.COPY.values()
        for end in (f"·{demo}", "")
    )


def _without_foot(text: str, feet: tuple[tuple[str, int], ...]) -> str:
    """The words of a page without its last line, of which a long ticket number leaves only the beginning."""
    number = _PAGE_NUMBER.search(text)
    if number is None:
        return text
    for digits in range(1, min(len(number[1]), _PAGE_DIGITS) + 1):
        body = text[: number.end(1) - digits]
        for foot, least in feet:
            for length in range(len(foot), least - 1, -1):
                if body.endswith(foot[:length]):
                    return body[:-length]
    return text


def _stands_marked(text: str, page: str, copies: int) -> bool:
    """Whether the text stands there with the mark in place of characters that no font has."""
    drawn = _drawn(text)
    return drawn != text and page.count(drawn) >= copies


def _drawn(text: str) -> str:
    """The text with the mark for characters that no font has."""
    weight = fonts.weight(bold=False)
    return "".join(char if weight.find(char) is not None else fonts.GETA for char in text)


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
