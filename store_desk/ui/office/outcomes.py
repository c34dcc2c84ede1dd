"""Outcomes of all stores: refused cases and those asked about first, confirmed ones, and any one by its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.staff import Actor
from store_desk.services.approvals_view import Disputed, confirmed_outcomes, find_outcomes, outcomes
from store_desk.services.approve import overrule
from store_desk.services.desk import Desk
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.office.overruling import OverrulePanel
from store_desk.ui.office.section import PAD, OfficeSection
from store_desk.ui.office.table import Line, OfficeTable
from store_desk.ui.parts.areas import EmptyState
from store_desk.ui.parts.choices import Segmented
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.tasks import run

COLUMNS: Final = (
    ("ticket", 0.18),
    ("store", 0.16),
    ("reason", 0.18),
    ("outcome", 0.14),
    ("when", 0.14),
    ("asked", 0.20),
)
REFUSED, CONFIRMED, FOUND = "refused", "confirmed", "found"
NUMBER_LENGTH_MAX: Final = 80
FIND_WIDTH: Final = 340


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for which question."""

    turn: int
    cases: tuple[Disputed, ...]


class OutcomesSection(OfficeSection):
    """Signals: ticket_asked(ticket id), said(tone, words)."""

    ticket_asked = Signal(str)
    said = Signal(str, str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, parent)
        self._cases: tuple[Disputed, ...] = ()
        self._current = ""
        self._view = REFUSED
        self._number = ""
        self._turn = 0
        self.view = Segmented((), value=None)
        self.entry = LineEdit(icon="search")
        self.entry.setMaxLength(NUMBER_LENGTH_MAX)
        self.entry.setFixedWidth(FIND_WIDTH)
        self.table = OfficeTable()
        self._empty = EmptyState("shield-check", "")
        self.panel = OverrulePanel(bench)
        self._build()
        self.view.chosen.connect(self._on_view)
        self.entry.returnPressed.connect(self._on_find)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.panel.overrule_asked.connect(self._on_overrule)
        self.panel.open_asked.connect(self._on_open)
        self.reread()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(PAD, 8, PAD, 8)
        head.setSpacing(12)
        head.addWidget(self.view)
        head.addStretch(1)
        head.addWidget(self.entry)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        inner.addWidget(self._empty, 1)
        inner.addStretch(1)
        below = QVBoxLayout()
        below.setContentsMargins(PAD, 10, PAD, 20)
        below.addWidget(self.panel)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(QuietScroll(holder), 1)
        outer.addLayout(below)

    # --- reading -------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Reads the cases from this desk's tables, which follow all stores of its scope."""
        actor = self.bench.session.actor
        if actor is None:
            return
        self._turn += 1
        work = partial(_read, self.bench.desk, actor, self._view, self._number, self._turn)
        run(self, self.bench.database, work, then=self._on_read, refused=self._on_refused)

    def _on_read(self, read: _Read) -> None:
        if read.turn != self._turn:
            return
        self._cases = read.cases
        ids = [item.case.id for item in read.cases]
        if self._current not in ids:
            self._current = ids[0] if ids else ""
        self.reread()
        if self._view == FOUND and ids and self.entry.hasFocus():
            self.table.setFocus()

    def _on_view(self, view: str) -> None:
        self._view, self._number = view, ""
        self.entry.clear()
        self.said.emit("", "")
        self.load()

    def _on_find(self) -> None:
        number = self.entry.text().strip()
        if number:
            self._view, self._number = FOUND, number
        elif self._view == FOUND:
            self._view, self._number = REFUSED, ""
        self.said.emit("", "")
        self.load()

    # --- showing -------------------------------------------------------------------------------------------

    def current(self) -> Disputed | None:
        """The chosen case."""
        return next((item for item in self._cases if item.case.id == self._current), None)

    def reread(self) -> None:
        words = Sayings(self.bench)
        self.view.set_options(tuple((name, self.say(f"outcomes.{name}"), "", "") for name in (REFUSED, CONFIRMED)))
        self.view.set_value(None if self._view == FOUND else self._view)
        self.view.setAccessibleName(self.say("outcomes.view"))
        self.entry.setPlaceholderText(self.say("outcomes.find"))
        self.entry.setAccessibleName(self.say("outcomes.find"))
        heads = tuple((self.say(f"col.{name}"), share) for name, share in COLUMNS)
        self.table.show_lines(heads, tuple(self._line(item, words) for item in self._cases), self._current)
        self.table.setVisible(bool(self._cases))
        self._empty.set_sentence(self.say(f"outcomes.none.{self._view}", number=self._number))
        self._empty.setVisible(not self._cases)
        self.panel.show_case(self.current())

    def _line(self, item: Disputed, words: Sayings) -> Line:
        say = self.bench.language.say
        case = item.case
        at = case.decided_at or case.applied_at or case.opened_at
        asked = self.say("overrule.sent.short") if item.sent else self.say("asked.yes") if case.asked else ""
        cells = (
            item.ticket.number,
            words.desk_words(item.ticket.store, item.desk),
            say(f"trade.reason.{case.reason.value}"),
            say(f"trade.case.{case.state.value}"),
            words.moments.short(at),
            asked,
        )
        return Line(case.id, cells, ((3, "ok" if item.stands else "bad"), (5, "text2" if item.sent else "warn")))

    # --- what a person does --------------------------------------------------------------------------------

    def _on_chosen(self, case_id: str) -> None:
        self._current = case_id
        self.reread()

    def _on_opened(self, _case_id: str) -> None:
        self.panel.why.setFocus()

    def _on_open(self) -> None:
        item = self.current()
        if item is not None:
            self.ticket_asked.emit(item.ticket.id)

    def _on_overrule(self, case_id: str, confirm: bool, why: str) -> None:
        item, actor = self.current(), self.bench.session.actor
        if item is None or actor is None or item.case.id != case_id:
            return
        work = partial(_overrule, self.bench.desk, actor, item, confirm=confirm, why=why)
        run(self, self.bench.database, work, then=self._on_overruled, refused=self._on_refused)

    def _on_overruled(self, number: str) -> None:
        self.panel.done()
        if self.bench.head_office is not None:
            self.bench.head_office.wake()
        self.said.emit("ok", self.say("overrule.done", number=number))
        self.table.setFocus()
        self.load()

    def _on_refused(self, error: DomainError) -> None:
        self.said.emit("bad", self.bench.language.error(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.entry.hasFocus() and self.entry.text():
            self.entry.clear()
            self._on_find()
        else:
            super().keyPressEvent(event)


def _read(desk: Desk, actor: Actor, view: str, number: str, turn: int) -> _Read:
    if view == FOUND:
        return _Read(turn, find_outcomes(desk, actor, number=number))
    return _Read(turn, confirmed_outcomes(desk, actor) if view == CONFIRMED else outcomes(desk, actor))


def _overrule(desk: Desk, actor: Actor, item: Disputed, *, confirm: bool, why: str) -> str:
    """Sends it; answers the number of the ticket it is about."""
    overrule(desk, actor, case_id=item.case.id, confirm=confirm, why=why)
    return item.ticket.number
