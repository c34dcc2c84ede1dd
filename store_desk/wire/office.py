"""Messages of administration: what head office publishes, its stores, people and desks, and other systems.

Who administers is a person of role head_office or manager whom head office knows, at a desk of role head_office; the
desk has checked the person's PIN and vouches by its signature. `expected_version` is the version that the person saw
(0: nothing yet); another one is answered with 409 version_moved and nothing is changed.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field

from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Work
from store_desk.wire.fields import (
    Epoch,
    Hash,
    Id,
    IdOrNone,
    Incarnation,
    Message,
    Millis,
    Name,
    Payload,
    Person,
    StoreCode,
    Text,
    Whole,
    Word,
)
from store_desk.wire.joining import DeskNumber, DeskRole
from store_desk.wire.v1 import STORES_MAX
from store_desk.wire.values import AnswerMessage

PublishedName = Literal["conditions", "policy", "force_majeure", "tiles"]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-07-01"])]

# Where a request tells the program that made it (RFC 9110 10.1.5). It is no part of what the desk signs: it is shown to
# people and decides nothing.
PROGRAM_HEADER: Final = "User-Agent"
PROGRAM_LENGTH_MAX: Final = 40
_PROGRAM: Final = re.compile(rf"store-desk/([0-9A-Za-z.+!_-]{{1,{PROGRAM_LENGTH_MAX}}})")


def program_header(version: str) -> str:
    """What a desk of this program version tells."""
    return f"store-desk/{version}"


def program_of(header: str) -> str:
    """The version that was told, at most 40 signs of those that versions are made of; '' for another program's words.

    Whoever asks may write anything here: only its beginning is read, and only as far as it can be a version.
    """
    found = _PROGRAM.match(header)
    return found[1] if found else ""


def _is_empty(text: str) -> bool:
    return not text


class ConditionRow(Message):
    """One row of the condition table; null stands for any, `evidence` null for what the catalogue asks."""

    reason: Word
    type: Literal["repair", "return", "exchange", "complaint"] | None = None
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    allowed: bool = True
    approver: Literal["role", "supervisor", "manager"] = "role"
    evidence: Annotated[list[Word], Field(max_length=20)] | None = None


class ForceMajeureEvent(Message):
    """An event that the reason force_majeure may name: a typhoon, an epidemic order."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
    zh: Annotated[Name, Field(min_length=1)]
    en: Name = ""
    begins: Day
    ends: Day | None = None


class PublishedText(Message):
    """One thing that head office has published: its JSON text as desks keep it, version 0 and no text before that."""

    name: PublishedName
    version: Whole
    text: Payload
    published_at_ms: Millis = 0
    published_by: Annotated[str, Field(max_length=40)] = ""


class StoreMessage(Message):
    """A store of the chain. `version` stands for its present members: whoever changes it names what they saw."""

    code: StoreCode
    name: Annotated[Name, Field(min_length=1)]
    name_other: Name = ""
    zone: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] = "Asia/Shanghai"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"
    closed: bool = False
    version: Whole = 0


class PersonMessage(Message):
    """A person whom head office knows; nobody's PIN is known there. `version` as with stores."""

    store: StoreCode
    id: Person
    name: Annotated[Name, Field(min_length=1)]
    name_other: Name = ""
    role: Annotated[Role, Field(strict=False)]
    enabled: bool = True
    version: Whole = 0


class DeskMessage(Message):
    """An enrolled desk and its public key, by which its slips are verified.

    `program` is the version that the desk last told, empty and then left out while none was told, and to other desks.
    """

    desk_id: Id
    inc: Incarnation
    store: StoreCode
    desk: DeskNumber
    role: DeskRole
    name: Name
    public_key: Hash
    revoked: bool
    scope: list[StoreCode] = []
    enrolled_at_ms: Millis = 0
    seen_at_ms: Millis = 0
    revoked_at_ms: Millis = 0
    program: Annotated[
        str,
        Field(max_length=PROGRAM_LENGTH_MAX, pattern=r"^[0-9A-Za-z.+!_-]*$", exclude_if=_is_empty, examples=["0.1.0"]),
    ] = ""


class RulesRequest(Message):
    """What has been published? With the version that the desk has, the answer is short while nothing is newer."""

    known_version: Whole = 0


class RulesReply(Message):
    """Everything published, the people of the desk's stores, all stores, and the public keys of all desks.

    `unchanged` tells that `known_version` is the present one and all lists are left empty.
    """

    version: Whole
    unchanged: bool
    published: list[PublishedText]
    people: list[PersonMessage]
    stores: list[StoreMessage]
    desks: list[DeskMessage]
    epoch: Epoch
    now_ms: Millis


class AdminRequest(Message):
    """Asks for a list; `actor` is the person who looks."""

    actor: Person


class ConditionsPublish(AdminRequest):
    """The next version of the condition table, whole."""

    rows: Annotated[list[ConditionRow], Field(max_length=1_000)]
    expected_version: Whole


class PolicyPublish(AdminRequest):
    """The shop's numbers that differ from the shipped ones, tariffs of levels included."""

    values: dict[Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,60}$")], int] = Field(
        max_length=100, examples=[{"undo_window_s": 600, "tariff_minor.4": 5000}]
    )
    expected_version: Whole


class ForceMajeurePublish(AdminRequest):
    """The list of events, whole."""

    events: Annotated[list[ForceMajeureEvent], Field(max_length=500)]
    expected_version: Whole


class TilesPublish(AdminRequest):
    """The nine reasons with a digit of their own, in order."""

    reasons: Annotated[list[Word], Field(min_length=1, max_length=9)]
    expected_version: Whole


class PublishReply(Message):
    """The version that stands now."""

    version: Whole
    rules_version: Whole


class StoresReply(Message):
    """All stores."""

    stores: list[StoreMessage]


class StorePut(AdminRequest):
    """A new store (expected_version 0) or a changed one; its `version` is not read."""

    store: StoreMessage
    expected_version: Whole


class PeopleReply(Message):
    """The people of the stores that the desk may see."""

    people: list[PersonMessage]


class PersonPut(AdminRequest):
    """A new person (expected_version 0) or a changed one; its `version` is not read."""

    person: PersonMessage
    expected_version: Whole


class DesksReply(Message):
    """The desks of the stores that the desk may see, their latest incarnation each."""

    desks: list[DeskMessage]


class DeskRevoke(AdminRequest):
    """Takes a desk's right to ask anything, for ever; a stolen or retired computer."""

    desk_id: Id
    why: Annotated[str, Field(max_length=300)] = ""


class CodeAsked(AdminRequest):
    """A one-time code for a new desk. `id` is made by the asker: asked twice with one id, the second is refused."""

    id: Id
    store: StoreCode
    desk: DeskNumber
    role: DeskRole = "desk"
    name: Name = ""
    scope: Annotated[list[StoreCode], Field(max_length=STORES_MAX, description="empty: its own store")] = []


class CodeReply(Message):
    """The code, told once and kept nowhere; five wrong tries or ten minutes end it."""

    code: str
    expires_at_ms: Millis


class DoneReply(Message):
    """It is done; doing it again changes nothing."""

    done: Literal[True] = True


class TicketNamed(Message):
    """A ticket by its id, or by number within a store and, where numbers repeat, the system that gave it."""

    id: IdOrNone = ""
    number: Annotated[str, Field(max_length=80)] = ""
    store: Annotated[str, Field(max_length=20)] = ""
    source: Annotated[str, Field(max_length=80)] = ""


class SystemMove(Message):
    """Another system moves a ticket along its ladders. `id` is the system's own for this step: repeat it freely."""

    id: Id
    ticket: TicketNamed
    review: Annotated[Review, Field(strict=False)] | None = None
    work: Annotated[Work, Field(strict=False)] | None = None
    assignee: Annotated[str, Field(max_length=80)] | None = None
    at_ms: Millis | None = None


class SystemTicket(Message):
    """Another system brings in a ticket; `id` is the operation's, `ticket_id` the ticket's, both made by the system."""

    id: Id
    ticket_id: Id
    store: StoreCode
    number: Annotated[str, Field(min_length=1, max_length=80)]
    type: Literal["repair", "return", "exchange", "complaint"]
    customer: Annotated[str, Field(max_length=120)]
    phone: Annotated[str, Field(max_length=40)] = ""
    order_number: Annotated[str, Field(max_length=80)] = ""
    serial: Annotated[str, Field(max_length=80)] = ""
    product: Annotated[str, Field(max_length=200)] = ""
    brand: Annotated[str, Field(max_length=80)] = ""
    category: Annotated[str, Field(max_length=80)] = ""
    problem_type: Annotated[str, Field(max_length=80)] = ""
    description: Text = ""
    amount_minor: Annotated[int, Field(ge=0, le=10**12)] | None = None
    review: Annotated[Review, Field(strict=False)] = Review.PENDING_REVIEW
    work: Annotated[Work, Field(strict=False)] = Work.UNASSIGNED
    assignee: Annotated[str, Field(max_length=80)] = ""
    source: Annotated[str, Field(max_length=80)] = ""
    source_key: Annotated[str, Field(max_length=120)] = ""
    created_at_ms: Millis
    due_at_ms: Millis | None = None


class SystemReply(Message):
    """What became of it, as a desk would be told."""

    answer: AnswerMessage
    now_ms: Millis
