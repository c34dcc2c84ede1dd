"""Everything the service can be asked, in one table: address, messages, who may ask, and what does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from store_desk.hub import administration, desks, facts, other_systems, published, publishing
from store_desk.wire import joining, office, v1
from store_desk.wire.fields import Message

DESKS = frozenset({"desk", "head_office"})
OFFICE = frozenset({"head_office"})
SYSTEMS = frozenset({"system"})
ANYBODY = DESKS | SYSTEMS


class Within(Enum):
    """What a handler runs in: a transaction that writes, one that reads, or something of its own (see `service`)."""

    WRITING = "writing"
    READING = "reading"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `does` takes (Asked, request) and answers the reply; None where the service does it itself."""

    path: str
    asks: type[Message]
    replies: type[Message] | None
    roles: frozenset[str]
    summary: str
    within: Within = Within.WRITING
    does: Callable[[Any, Any], Message] | None = None
    bytes_max: int = v1.BYTES_MAX


_READ, _WRITE, _OWN = Within.READING, Within.WRITING, Within.OWN

_DESK_ROUTES = (
    Route("/v1/enrol", joining.EnrolRequest, joining.EnrolReply, ANYBODY, "Enrol a desk with its code", _OWN),
    Route(
        "/v1/operations", v1.OperationsRequest, v1.OperationsReply, DESKS, "Operations in, answers out", _OWN,
        bytes_max=v1.OPERATIONS_BYTES_MAX,
    ),
    Route("/v1/changes", v1.ChangesRequest, v1.ChangesReplyMessage, DESKS, "What is new (long poll)", _OWN),
    Route("/v1/snapshot", v1.SnapshotRequest, v1.SnapshotReply, DESKS, "The latest snapshot of a store", _OWN),
    Route("/v1/snapshot/chunk", v1.ChunkRequest, None, DESKS, "One chunk of a snapshot", _OWN),
    Route(
        "/v1/incarnation", joining.IncarnationRequest, joining.IncarnationReply, DESKS,
        "A new incarnation for a copied desk", _WRITE, desks.new_incarnation,
    ),
    Route("/v1/answers", v1.AnswersRequest, v1.AnswersReply, DESKS, "Answers again", _READ, desks.answers),
    Route(
        "/v1/facts", joining.FactsRequest, joining.FactsReply, DESKS, "What a desk did while it stood alone", _WRITE,
        facts.take_facts, joining.FACTS_BYTES_MAX,
    ),
    Route("/v1/rules", office.RulesRequest, office.RulesReply, DESKS, "All published", _READ, published.rules),
    Route(
        "/v1/system/move", office.SystemMove, office.SystemReply, SYSTEMS, "Another system moves a ticket", _WRITE,
        other_systems.move,
    ),
    Route(
        "/v1/system/ticket", office.SystemTicket, office.SystemReply, SYSTEMS, "Another system brings in a ticket",
        _WRITE, other_systems.bring,
    ),
)  # fmt: skip


def _admin(
    path: str,
    asks: type[office.AdminRequest],
    replies: type[Message],
    does: Callable[[Any, Any], Message],
    summary: str,
) -> Route:
    within = _READ if asks is office.AdminRequest else _WRITE
    return Route(f"/v1/admin/{path}", asks, replies, OFFICE, summary, within, does)


_LOOK = office.AdminRequest
_TEXT = office.PublishedText
_PUT = office.PublishReply

_OFFICE_ROUTES = (
    _admin("conditions", _LOOK, _TEXT, publishing.read_conditions, "The condition table"),
    _admin("conditions/publish", office.ConditionsPublish, _PUT, publishing.publish_conditions, "Publish conditions"),
    _admin("policy", _LOOK, _TEXT, publishing.read_policy, "The shop's numbers and tariffs"),
    _admin("policy/publish", office.PolicyPublish, _PUT, publishing.publish_policy, "Publish numbers and tariffs"),
    _admin("force-majeure", _LOOK, _TEXT, publishing.read_force_majeure, "The events of force majeure"),
    _admin(
        "force-majeure/publish", office.ForceMajeurePublish, _PUT, publishing.publish_force_majeure, "Publish events"
    ),
    _admin("tiles", _LOOK, _TEXT, publishing.read_tiles, "The nine reasons with a digit"),
    _admin("tiles/publish", office.TilesPublish, _PUT, publishing.publish_tiles, "Publish the tiles"),
    _admin("stores", _LOOK, office.StoresReply, administration.list_stores, "All stores"),
    _admin("stores/put", office.StorePut, _PUT, administration.put_store, "A new or changed store"),
    _admin("people", _LOOK, office.PeopleReply, administration.list_people, "People of the stores"),
    _admin("people/put", office.PersonPut, _PUT, administration.put_person, "A new or changed person"),
    _admin("desks", _LOOK, office.DesksReply, administration.list_desks, "Desks of the stores"),
    _admin("desks/code", office.CodeAsked, office.CodeReply, administration.code_for_desk, "A code for a new desk"),
    _admin("desks/revoke", office.DeskRevoke, office.DoneReply, administration.revoke_desk, "Revoke a desk"),
)

ROUTES: tuple[Route, ...] = (*_DESK_ROUTES, *_OFFICE_ROUTES)
