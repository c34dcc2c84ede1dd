"""What a slip says, block by block in the order of reading: the one description that every paper draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store_desk.domain.money import format_minor
from store_desk.domain.proof import read_proof
from store_desk.domain.slip import Both, Copy, Line, SlipData, SlipStatus, StoreHead, Stroke, title_of
from store_desk.slips import labels

NOTHING = Both("")
# Half of a SHA-256, as the QR states it: as safe to compare, and one line on every sheet.
SHOWN_DIGITS = 32


class Kind(Enum):
    """How an entry of a section is drawn."""

    STRONG = "strong"
    PLAIN = "plain"
    QUOTE = "quote"
    PAIR = "pair"
    BULLET = "bullet"
    OPEN = "open"
    TICKED = "ticked"
    AMOUNT = "amount"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section; `amount` is set on money lines and on open obligations of money."""

    kind: Kind
    text: Both
    value: Both = NOTHING
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Store, whose copy, and the mark of a demonstration."""

    store: StoreHead
    copy: Both
    demo: bool


@dataclass(frozen=True, slots=True)
class Title:
    """What paper it is, its number and time; `number` is empty on a draft, `reprint` counts from 1."""

    title: Both
    number: str
    time: str
    place: Both
    reprint: int


@dataclass(frozen=True, slots=True)
class Band:
    """The ticket's number with its barcode, the status in a word, and the promise behind it."""

    ticket: str
    kind: Both
    provisional: bool
    status: Both
    promise: Both
    refers: tuple[tuple[Both, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled fact; `extra` is a smaller line under it."""

    label: Both
    value: Both
    extra: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The grid of facts."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled group of entries."""

    label: Both
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SignBox:
    """A place to sign: the strokes, or the words that stand for them, or room for a pen."""

    label: Both
    strokes: tuple[Stroke, ...]
    words: Both
    name: str
    time: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """The customer's and the staff's boxes, kept under the read-back text."""

    boxes: tuple[SignBox, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the QR and its short code go, with the legal text and the chain's hashes beside or under them."""

    qr_text: str
    short_code: str
    legal: Both
    small: tuple[tuple[Both, str], ...]


Block = Head | Title | Band | Facts | Section | Signatures | Proof


def describe(data: SlipData, *, copy: Copy, reprint: int, draft: bool) -> tuple[Block, ...]:
    """The blocks of one copy, in reading order; a draft has no number, no code and no QR."""
    zone = _zone_of(data)
    blocks: tuple[Block, ...] = (
        Head(data.store, labels.COPY[copy], data.demo),
        Title(
            title_of(data.variant),
            "" if draft else data.number,
            _shown_time(data.issued_at, zone),
            Both(f"{data.store.code} · {data.desk} {labels.DESK.zh}", f"{labels.DESK.en} {data.desk}"),
            reprint,
        ),
        _band(data),
        _facts(data),
        *_sections(data),
        Signatures(_sign_boxes(data, zone)),
        Proof(
            "" if draft else data.qr_text,
            "" if draft else data.short_code,
            data.legal,
            _small_print(replace(data, qr_text="") if draft else data, zone),
        ),
    )
    return blocks


def name_of(both: Both) -> str:
    """Both forms of a name on one line."""
    return f"{both.zh} {both.en}".strip()


def _zone_of(data: SlipData) -> tzinfo | None:
    try:
        return ZoneInfo(data.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A zone this computer does not know: the time is shown with the offset it was recorded with.
        return data.issued_at.tzinfo


def _sign_time(data: SlipData, zone: tzinfo | None) -> str:
    """When the customer signed: the hour where it was on the day of the slip."""
    if data.signed_at is None:
        return ""
    shown = _shown_time(data.signed_at, zone)
    return shown.removeprefix(_shown_time(data.issued_at, zone)[:11])


def _shown_time(time: datetime, zone: tzinfo | None) -> str:
    return time.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _offset(time: datetime, zone: tzinfo | None) -> str:
    shown = time.astimezone(zone).strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:5]}"


def _band(data: SlipData) -> Band:
    refers = (
        (labels.CONFIRMS_AS.get(data.variant, labels.CONFIRMS), data.confirms),
        (labels.WITHDRAWS_AS.get(data.variant, labels.WITHDRAWS), data.withdraws),
    )
    return Band(
        data.ticket_number,
        data.ticket_type,
        data.status is SlipStatus.PROVISIONAL,
        labels.STATUS[data.status],
        data.promise,
        tuple((label, number) for label, number in refers if number),
    )


def _facts(data: SlipData) -> Facts:
    order = f"{labels.ORDER.zh} {labels.ORDER.en} {data.order_number}" if data.order_number else ""
    facts = (
        Fact(labels.CUSTOMER, Both(name_of(data.customer)), data.customer_phone, strong=True),
        Fact(labels.PRODUCT, data.product),
        Fact(labels.SERIAL, Both(data.serial or "—"), order),
        Fact(labels.STATE, data.state),
        Fact(labels.REVIEW, data.review),
        Fact(labels.WORK, data.work),
        Fact(labels.ASKED, data.asked),
        Fact(labels.IDENTITY, data.identity),
    )
    return Facts(tuple(fact for fact in facts if fact.value.zh or fact.value.en))


def _sections(data: SlipData) -> tuple[Section, ...]:
    reason = [Entry(Kind.STRONG, data.reason)]
    if data.customer_words:
        reason.append(Entry(Kind.QUOTE, Both(data.customer_words), labels.WORDS))
    reason.extend(_pair(line, data.currency) for line in data.evidence)
    money = [_money(line, data.currency) for line in data.money]
    if data.money_total is not None:
        total = data.money_total
        money.append(Entry(Kind.TOTAL, total.label, total.value, _amount(total, data.currency)))
    read_back = [Entry(Kind.PLAIN, data.read_back), Entry(Kind.PAIR, labels.CONSENT, _joined(data))]
    sections = (
        Section(labels.REASON, tuple(entry for entry in reason if _says(entry.text))),
        Section(labels.MONEY, tuple(money)),
        Section(labels.ANSWER if data.variant in labels.ANSWERS else labels.AGREED, _listed(Kind.BULLET, data.agreed)),
        Section(labels.OPEN, tuple(_open(line, data.currency) for line in data.obligations)),
        Section(labels.RIGHTS, _listed(Kind.TICKED, data.rights)),
        Section(labels.NEXT, _listed(Kind.BULLET, data.next_steps)),
        Section(labels.REOPEN, _listed(Kind.BULLET, (data.how_to_reopen, data.how_to_object))),
        Section(
            labels.READ_BACK, tuple(entry for entry in read_back if _says(entry.text) and entry.value != NO_CONSENT)
        ),
    )
    return tuple(section for section in sections if section.entries)


# Between the names of people who sign in one box.
NAMES_BETWEEN = " · "
# The value of a consent entry on a paper that asks for none (a stop sheet).
NO_CONSENT = Both("", " ")


def _joined(data: SlipData) -> Both:
    """Consent grade and its detail as one value."""
    parts = [part for part in (data.consent, data.consent_detail) if _says(part)]
    if not parts:
        return NO_CONSENT
    return Both(
        "；".join(part.zh for part in parts if part.zh),
        "; ".join(part.en for part in parts if part.en),
    )


def _says(both: Both) -> bool:
    return bool(both.zh or both.en)


def _listed(kind: Kind, texts: tuple[Both, ...]) -> tuple[Entry, ...]:
    return tuple(Entry(kind, text) for text in texts if _says(text))


def _amount(line: Line, currency: str) -> str:
    return "" if line.amount_minor is None else format_minor(line.amount_minor, currency)


def _pair(line: Line, currency: str) -> Entry:
    return Entry(Kind.PAIR, line.label, line.value, _amount(line, currency))


def _money(line: Line, currency: str) -> Entry:
    return Entry(Kind.AMOUNT, line.label, line.value, _amount(line, currency))


def _open(line: Line, currency: str) -> Entry:
    return Entry(Kind.OPEN, line.label, line.value, _amount(line, currency))


def _sign_boxes(data: SlipData, zone: tzinfo | None) -> tuple[SignBox, ...]:
    issued = _shown_time(data.issued_at, zone)
    staff = [name_of(person) for person in (data.clerk, data.approver) if person is not None]
    label = labels.CLERK_SIGNS if data.approver is None else labels.STAFF_SIGNS
    clerk = SignBox(label, (), NOTHING, NAMES_BETWEEN.join(name for name in staff if name), issued[11:])
    if not (_says(data.consent) or _says(data.signer) or data.strokes):
        return (clerk,)
    words = NOTHING if data.strokes else data.consent
    return (SignBox(labels.CUSTOMER_SIGNS, data.strokes, words, name_of(data.signer), _sign_time(data, zone)), clerk)


def _fingerprint(qr_text: str) -> str:
    """The fingerprint of the key that signed the proof, for who has no list of keys to compare it with the desk's."""
    try:
        return read_proof(qr_text).facts.fingerprint
    except ValueError:
        return ""


def _small_print(data: SlipData, zone: tzinfo | None) -> tuple[tuple[Both, str], ...]:
    """Exact time with its source, and the hashes that tie this slip to what was read out and to the slip before."""
    seconds = data.issued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    source = " ".join(part for part in (data.time_source.zh, data.time_source.en) if part)
    time = " · ".join(part for part in (f"{seconds} {_offset(data.issued_at, zone)}", source) if part)
    lines = (
        (labels.TIME, time),
        (labels.READ_BACK_HASH, data.read_back_hash[:SHOWN_DIGITS]),
        (labels.PREVIOUS_HASH, data.previous_hash[:SHOWN_DIGITS]),
        (labels.DESK_KEY, _fingerprint(data.qr_text)),
    )
    return tuple((label, value) for label, value in lines if value)
