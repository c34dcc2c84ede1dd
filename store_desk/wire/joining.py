"""Messages by which a desk joins head office: enrolment, a new incarnation, and what it did while it stood alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from store_desk.domain.roles import Role
from store_desk.wire.fields import (
    Epoch,
    Hash,
    Id,
    IdOrNone,
    Incarnation,
    Message,
    Millis,
    Name,
    Person,
    StoreCode,
    Whole,
)

FACTS_MAX = 200
FACTS_BYTES_MAX = 2 * 1024 * 1024
FACT_LENGTH_MAX = 1_000_000
CODE_LENGTH = 8
# Crockford's base 32: no I, L, O and U, which are read as something else.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

DeskRole = Literal["desk", "head_office", "system"]
DeskNumber = Annotated[int, Field(ge=0, le=999, description="the desk's number in its store, 0 for a system")]


class EnrolRequest(Message):
    """A desk introduces itself with the one-time code; the request is signed with the key that it names.

    SD-Desk is the id that the desk made for itself, SD-Inc is 0. Sent again with the same code, id and key it gets the
    same answer. Spaces, hyphens and small letters in the code do not matter. Where `store` and `desk` are named, a code
    for another place is refused without being used up. A desk that head office knows by this key, and that was put back
    to a time before it joined, is admitted again with a new incarnation.
    """

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z -]{4,20}$", examples=["7KQ2-M4XD"])]
    public_key: Hash
    name: Name = ""
    store: Annotated[str, Field(max_length=8)] = ""
    desk: Annotated[int, Field(ge=0, le=999)] = 0


class EnrolReply(Message):
    """Who the desk is from now on; `scope` are the stores that it may see."""

    desk_id: Id
    inc: Incarnation
    store: StoreCode
    store_name: Name
    desk: DeskNumber
    role: DeskRole
    scope: list[StoreCode]
    zone: Annotated[str, Field(max_length=64)]
    currency: Annotated[str, Field(max_length=3)]
    epoch: Epoch
    now_ms: Millis


class IncarnationRequest(Message):
    """A desk that found its database to be a copy asks for a new incarnation, whose numbers begin at 1 again.

    SD-Inc is the incarnation that it held until now.
    """


class IncarnationReply(Message):
    """The new incarnation."""

    inc: Incarnation
    epoch: Epoch
    now_ms: Millis


class FactMessage(Message):
    """One ticket with its cases as the desk has it: the text of `messages.record_to_body`."""

    ticket_id: Id
    body: Annotated[str, Field(min_length=2, max_length=FACT_LENGTH_MAX)]


class SlipFact(Message):
    """One written slip: `body` is the canonical JSON of its data, `hash` its hash in the desk's chain of slips."""

    number: Annotated[str, Field(pattern=r"^[0-9A-Z-]{8,40}$", examples=["XH2-26-S000457-K"])]
    ticket_id: Id
    case_id: IdOrNone
    variant: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    body: Annotated[str, Field(min_length=2, max_length=FACT_LENGTH_MAX)]
    hash: Hash
    made_at_ms: Millis


class PersonFact(Message):
    """A person of the desk's own store."""

    id: Person
    name: Annotated[Name, Field(min_length=1)]
    name_other: Name = ""
    role: Annotated[Role, Field(strict=False)]
    enabled: bool = True


class FactsRequest(Message):
    """People, tickets and slips of a desk that stood alone until now; sending them again does no harm."""

    people: Annotated[list[PersonFact], Field(max_length=FACTS_MAX)] = []
    tickets: Annotated[list[FactMessage], Field(max_length=FACTS_MAX)] = []
    slips: Annotated[list[SlipFact], Field(max_length=FACTS_MAX)] = []


FactResult = Literal["added", "same", "conflict", "refused"]


class FactOutcome(Message):
    """What became of one fact. `why` explains conflict and refused:

    differs (head office has it otherwise), number_taken (another ticket of the store bears this number: `other`),
    wrong_store, unreadable.
    """

    ticket_id: Id
    result: FactResult
    version: Whole = 0
    why: Annotated[str, Field(max_length=40)] = ""
    other: IdOrNone = ""


class PersonOutcome(Message):
    """What became of one person; head office's own people are refused (`why`: role)."""

    id: str
    result: FactResult
    why: Annotated[str, Field(max_length=40)] = ""


class SlipOutcome(Message):
    """What became of one slip."""

    number: str
    result: FactResult
    why: Annotated[str, Field(max_length=40)] = ""


class FactsReply(Message):
    """The outcomes in the order of the request."""

    epoch: Epoch
    people: list[PersonOutcome]
    tickets: list[FactOutcome]
    slips: list[SlipOutcome]
    now_ms: Millis
