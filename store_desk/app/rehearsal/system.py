"""The technicians' own system: moves tickets along their ladders at head office, and repeats what was not answered."""

from __future__ import annotations

from contextlib import AbstractContextManager
from random import Random
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store_desk.app.rehearsal import scenery
from store_desk.app.wiring import clock
from store_desk.domain.errors import DomainError, NotSetUp
from store_desk.domain.office_errors import HubRefused, HubUnreachable
from store_desk.domain.ticket import REVIEW_MOVES, WORK_MOVES, Ticket
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.enrolment import Enrolment
from store_desk.services.ids import IdMaker
from store_desk.services.ports import UnitOfWork
from store_desk.sync.asking import Asker
from store_desk.sync.hub_client import HttpLink
from store_desk.sync.transport import HubClient
from store_desk.wire import office

NUMBER = 99


class TechniciansSystem:
    """Enrolled with a key of its own; `moves` are all that head office ever answered, `refused` those it did not take.

    After a restore of head office every move is sent again under its old id, as such a system does with its log.
    """

    def __init__(self, url: str, tickets: list[Ticket], rng: Random) -> None:
        self._ladders = {ticket.id: (ticket.review, ticket.work) for ticket in tickets}
        self._rng = rng
        self._new_id = IdMaker()
        self._client = HubClient()
        self._desk = _desk_without_store()
        self._url = url
        self._who = Enrolment(url, self._desk.identity.desk_id, 0, scenery.OFFICE, ())
        self._log: list[office.SystemMove] = []
        self.answered: set[str] = set()
        self.refused: set[str] = set()

    def join(self, code: str) -> None:
        """Enrols."""
        reply = HttpLink(self._desk, who=self._who, client=self._client).enrol(code, name="erp")
        self._who = Enrolment(self._url, reply.desk_id, reply.inc, reply.store, tuple(reply.scope), reply.role)

    def move_one(self) -> None:
        """One step of one ticket; kept for later where nobody answers."""
        ticket_id = self._rng.choice(sorted(self._ladders))
        review, work = self._ladders[ticket_id]
        steps = [("work", rung) for rung in sorted(WORK_MOVES[work], key=lambda rung: rung.value)]
        reviews = [("review", rung) for rung in sorted(REVIEW_MOVES[review], key=lambda rung: rung.value)]
        if not steps and not reviews:
            return
        name, rung = self._rng.choice([*steps, *reviews])
        move = office.SystemMove.model_validate({"id": self._new_id(), "ticket": {"id": ticket_id}, name: rung.value})
        self._log.append(move)
        if self._send(move):
            self._ladders[ticket_id] = (
                move.review or review,
                move.work or work,
            )

    def send_everything(self) -> bool:
        """Sends the whole log once more, oldest first; whether all of it is answered."""
        # Every one is sent, whatever became of those before it.
        sent = [self._send(move) for move in self._log]
        return all(sent)

    def _send(self, move: office.SystemMove) -> bool:
        try:
            Asker(self._desk, self._client, self._who).ask("/v1/system/move", move, office.SystemReply)
        except HubUnreachable:
            return False
        except HubRefused:
            # A step that this ticket's rules do not have is a refusal without an operation.
            self.refused.add(move.id)
            return True
        except DomainError:
            return False
        self.answered.add(move.id)
        self.refused.discard(move.id)
        return True

    def close(self) -> None:
        """Closes its connection."""
        self._client.close()


class _Key:
    """A signing key that lives as long as this object."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        self.public_key = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


class _NoPins:
    """Nobody types a PIN at another system."""

    def hash(self, pin: str) -> str:
        return ""

    def verify(self, pin_hash: str, pin: str) -> bool:
        return False


def _no_store() -> AbstractContextManager[UnitOfWork]:
    raise NotSetUp(folder="")


def _desk_without_store() -> Desk:
    identity = DeskIdentity(scenery.OFFICE, "erp", NUMBER, uuid4().hex)
    return Desk(identity, _no_store, _no_store, clock, IdMaker(), _NoPins(), _Key())
