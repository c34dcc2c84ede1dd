"""The line to head office as the cycle sees it: one request, one reply, or a failure that loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from store_desk.services.messages import (
    Answer,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
    SnapshotRow,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy of a store at one moment: where its feed stood, and its tickets."""

    position: FeedPosition
    rows: Iterator[SnapshotRow]
    count: int


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """What head office has published: texts by name (conditions, policy, force_majeure, tiles …) at one version."""

    version: int
    texts: dict[str, str]


class HubLink(Protocol):
    """Requests to head office. Every method raises HubUnreachable, HubNotGenuine, HubTooOld, DeskRevoked or HubRefused.

    A request that raised may all the same have been carried out; asking again with the same bytes is always right.
    """

    def push(self, envelopes: Sequence[Envelope], *, epoch: str, insist: bool = False) -> PushReply:
        """Sends operations of one incarnation, in order, to be taken in this epoch only.

        `insist` says that the ticket was offered in vain, so that the operation may be refused.
        """
        ...

    def push_ahead(self, envelopes: Sequence[Envelope], *, epoch: str) -> Callable[[], PushReply]:
        """As `push`, without waiting: what it answers gives the reply, or raises what `push` would have raised.

        Nothing else may be asked until then.
        """
        ...

    def changes(self, asked: ChangesAsked, *, wait_s: float = 0) -> ChangesReply:
        """Asks for what is new; head office may hold the reply back for `wait_s` while there is nothing."""
        ...

    def answers(self, inc: int, *, after: int = 0) -> list[Answer]:
        """All answers of one incarnation after a number, in order."""
        ...

    def copy(self, store: str) -> Copy:
        """A whole copy of a store."""
        ...

    def offer(self, bodies: Sequence[str]) -> list[tuple[str, str]]:
        """Offers tickets with their cases as facts; answers (ticket id, added | same | conflict | refused).

        After a conflict head office's own record comes with the changes; what is refused it can never take.
        """
        ...

    def incarnation(self, inc: int) -> int:
        """Asks for a new incarnation after `inc` turned out to be a copy."""
        ...

    def rules(self, have: int) -> PublishedRules | None:
        """What is published, None when `have` is the present version."""
        ...
