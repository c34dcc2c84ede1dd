"""What the desk asks of the store, on the database lane; an answer that came too late is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from store_desk.domain.attachments import Attachment
from store_desk.domain.errors import DomainError
from store_desk.domain.policy import Policy
from store_desk.domain.slip import Both
from store_desk.domain.staff import Actor
from store_desk.services.attachments import list_attachments
from store_desk.services.desk import Desk
from store_desk.services.look_up import Found, TicketView, desk_lists, find_tickets, open_ticket, reveal_phone
from store_desk.services.people import people_here
from store_desk.services.reopen import reopen_ticket
from store_desk.services.rules import read_policy
from store_desk.services.slips import owed_slips
from store_desk.services.withdraw import withdraw_case
from store_desk.ui.bench import Bench
from store_desk.ui.tasks import run


@dataclass(frozen=True, slots=True)
class Opened:
    """One ticket with what its screen needs beside it: the shop's numbers, people's names by number, its files."""

    view: TicketView
    policy: Policy
    people: dict[str, Both]
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the search; `opened` is the one exact hit, when there is exactly one."""

    found: Found
    opened: Opened | None


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came back: which question it answers, and the value or the refusal."""

    turn: int
    value: object


class Asking(QObject):
    """Questions to the store. Only the latest question of a kind is answered.

    Signals: lists(DeskLists), found(Answer), opened(Opened), revealed(str phone), reopened(str ticket id),
    withdrawn(str ticket id), owed(str slip number), refused(DomainError).
    """

    lists = Signal(object)
    found = Signal(object)
    opened = Signal(object)
    revealed = Signal(str)
    reopened = Signal(str)
    withdrawn = Signal(str)
    owed = Signal(str)
    refused = Signal(object)

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        # Lists and searches fill the same pane, so they share one count; tickets have theirs.
        self._list_turn = 0
        self._ticket_turn = 0
        self._search_turn = 0

    def is_searching(self) -> bool:
        """Whether an answer of the search is still on its way."""
        return self._search_turn == self._list_turn and self._search_turn > 0

    def ask_lists(self) -> None:
        """Asks for the desk's three groups."""
        self._list_turn += 1
        turn, desk = self._list_turn, self._bench.desk
        self._ask(lambda actor: desk_lists(desk, actor), turn, self._list_is, self._on_lists)

    def ask_search(self, text: str) -> None:
        """Asks what the search box finds; exactly one exact hit is opened in the same go."""
        self._list_turn += 1
        self._search_turn = self._list_turn
        turn, desk = self._list_turn, self._bench.desk

        def work(actor: Actor) -> Answer:
            found = find_tickets(desk, actor, text=text)
            exact = [line for line in found.lines if line.exact and not found.guessed]
            opened = _open(desk, actor, exact[0].ticket.id) if len(exact) == 1 else None
            return Answer(found, opened)

        self._ask(work, turn, self._list_is, self._on_found)

    def ask_ticket(self, ticket_id: str) -> None:
        """Asks for the whole of one ticket."""
        self._ticket_turn += 1
        turn, desk = self._ticket_turn, self._bench.desk
        self._ask(lambda actor: _open(desk, actor, ticket_id), turn, self._ticket_is, self._on_opened)

    def drop_ticket(self) -> None:
        """Whatever ticket is on its way is not wanted any more."""
        self._ticket_turn += 1

    def ask_phone(self, ticket_id: str) -> None:
        """Asks for the full number; it is put on record."""
        turn, desk = self._ticket_turn, self._bench.desk
        self._ask(
            lambda actor: reveal_phone(desk, actor, ticket_id=ticket_id), turn, self._ticket_is, self._on_revealed
        )

    def ask_owed(self) -> None:
        """Asks which slip has waited longest for paper."""
        desk = self._bench.desk
        self._ask(lambda actor: owed_slips(desk, actor, limit=1), 0, _always, self._on_owed)

    def reopen(self, ticket_id: str, note: str) -> None:
        """Makes the linked ticket."""
        desk = self._bench.desk
        self._ask(
            lambda actor: reopen_ticket(desk, actor, ticket_id=ticket_id, note=note), 0, _always, self._on_reopened
        )

    def withdraw(self, ticket_id: str) -> None:
        """Takes the ticket's last cancellation back."""
        desk = self._bench.desk
        self._ask(lambda actor: withdraw_case(desk, actor, ticket_id=ticket_id), 0, _always, self._on_withdrawn)

    def _ask(
        self,
        work: Callable[[Actor], object],
        turn: int,
        wanted: Callable[[int], bool],
        then: Callable[[_Reply], None],
    ) -> None:
        actor = self._bench.session.actor
        if actor is None:
            return

        def answer() -> _Reply:
            # A question that was overtaken while it waited is not even put to the store.
            if not wanted(turn):
                return _Reply(-1, None)
            try:
                return _Reply(turn, work(actor))
            except DomainError as error:
                return _Reply(turn, error)

        run(self, self._bench.database, answer, then=then)

    def _list_is(self, turn: int) -> bool:
        return turn == self._list_turn

    def _ticket_is(self, turn: int) -> bool:
        return turn == self._ticket_turn

    def _take(self, reply: _Reply, wanted: Callable[[int], bool]) -> object:
        """The value, or None when it is too late or was refused (which is told)."""
        if not wanted(reply.turn):
            return None
        if isinstance(reply.value, DomainError):
            self.refused.emit(reply.value)
            return None
        return reply.value

    def _on_lists(self, reply: _Reply) -> None:
        value = self._take(reply, self._list_is)
        if value is not None:
            self.lists.emit(value)

    def _on_found(self, reply: _Reply) -> None:
        if self._list_is(reply.turn):
            self._search_turn = 0
        value = self._take(reply, self._list_is)
        if value is not None:
            self.found.emit(value)

    def _on_opened(self, reply: _Reply) -> None:
        value = self._take(reply, self._ticket_is)
        if value is not None:
            self.opened.emit(value)

    def _on_revealed(self, reply: _Reply) -> None:
        value = self._take(reply, self._ticket_is)
        if isinstance(value, str):
            self.revealed.emit(value)

    def _on_owed(self, reply: _Reply) -> None:
        value = self._take(reply, _always)
        if isinstance(value, tuple) and value:
            self.owed.emit(value[0].row.number)

    def _on_reopened(self, reply: _Reply) -> None:
        value = self._take(reply, _always)
        if value is not None:
            self.reopened.emit(value.ticket.id)  # type: ignore[attr-defined]  # a Reopened

    def _on_withdrawn(self, reply: _Reply) -> None:
        value = self._take(reply, _always)
        if value is not None:
            self.withdrawn.emit(value.ticket.id)  # type: ignore[attr-defined]  # a Withdrawn


def _always(turn: int) -> bool:
    return turn >= 0


def _open(desk: Desk, actor: Actor, ticket_id: str) -> Opened:
    people = {person.id: Both(person.name, person.name_other) for person in people_here(desk)}
    files = list_attachments(desk, actor, ticket_id=ticket_id)
    return Opened(open_ticket(desk, actor, ticket_id=ticket_id), read_policy(desk), people, files)
