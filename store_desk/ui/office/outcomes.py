"""Outcomes of all stores: refused cases, those asked about first, and overruling one with a reason."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.roles import Role
from store_desk.services.approvals_view import Disputed, outcomes
from store_desk.services.approve import overrule
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.office.section import PAD, OfficeSection
from store_desk.ui.office.table import Line, OfficeTable
from store_desk.ui.parts.areas import EmptyState, Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import run

COLUMNS = (("ticket", 0.18), ("store", 0.16), ("reason", 0.18), ("outcome", 0.14), ("when", 0.14), ("asked", 0.20))


class OutcomesSection(OfficeSection):
    """Signals: ticket_asked(ticket id), said(tone, words)."""

    ticket_asked = Signal(str)
    said = Signal(str, str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, parent)
        self._cases: tuple[Disputed, ...] = ()
        self._current = ""
        self.table = OfficeTable()
        self._empty = EmptyState("shield-check", "")
        self.panel = Panel("sunken")
        self._title = TextLabel("", "label", elide=True)
        self._asked = TextLabel("", "small", "text2", wrap=True)
        self.why = LineEdit()
        self.why.setMaxLength(500)
        self.open = Button(" ", icon="external-link")
        self.confirm = Button(" ", icon="circle-check", kind="primary")
        self._build()
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.confirm.clicked.connect(self._on_confirm)
        self.why.returnPressed.connect(self._on_confirm)
        self.why.textChanged.connect(self._on_typed)
        self.open.clicked.connect(self._on_open)

    def _build(self) -> None:
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        inner.addWidget(self._empty, 1)
        inner.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.why, 1)
        row.addWidget(self.open)
        row.addWidget(self.confirm)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._asked)
        column.addLayout(row)
        below = QVBoxLayout()
        below.setContentsMargins(PAD, 10, PAD, 20)
        below.addWidget(self.panel)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(QuietScroll(holder), 1)
        outer.addLayout(below)

    def load(self) -> None:
        """Reads the cases from this desk's tables, which follow all stores of its scope."""
        actor = self.bench.session.actor
        if actor is not None:
            run(self, self.bench.database, partial(outcomes, self.bench.desk, actor), then=self._on_read)

    def _on_read(self, cases: tuple[Disputed, ...]) -> None:
        self._cases = cases
        ids = [item.case.id for item in cases]
        if self._current not in ids:
            self._current = ids[0] if ids else ""
            self.why.clear()
        self.reread()

    def current(self) -> Disputed | None:
        """The chosen case."""
        return next((item for item in self._cases if item.case.id == self._current), None)

    def reread(self) -> None:
        words = Sayings(self.bench)
        heads = tuple((self.say(f"col.{name}"), share) for name, share in COLUMNS)
        self.table.show_lines(heads, tuple(self._line(item, words) for item in self._cases), self._current)
        self.table.setVisible(bool(self._cases))
        self._empty.set_sentence(self.say("outcomes.none"))
        self._empty.setVisible(not self._cases)
        self.panel.setVisible(bool(self._cases))
        self.why.setPlaceholderText(self.say("overrule.why"))
        self.why.setAccessibleName(self.say("overrule.why"))
        self.open.set_text(self.say("open"))
        self.confirm.set_text(self.say("overrule"))
        item = self.current()
        if item is not None:
            self._title.set_text(self.say("overrule.title", number=item.ticket.number))
            told = item.case.asked or item.case.decided_why
            key = "asked.why" if item.case.asked else "decided.why"
            self._asked.set_text(self.say(key, why=told) if told else self.say("asked.none"))
        self._on_typed()

    def _line(self, item: Disputed, words: Sayings) -> Line:
        say = self.bench.language.say
        at = item.case.decided_at or item.case.opened_at
        asked = self.say("asked.yes") if item.case.asked else ""
        cells = (
            item.ticket.number,
            words.desk_words(item.ticket.store, item.desk),
            say(f"trade.reason.{item.case.reason.value}"),
            say(f"trade.case.{item.case.state.value}"),
            words.moments.short(at),
            asked,
        )
        return Line(item.case.id, cells, ((3, "bad"), (5, "warn")))

    def _on_typed(self, *_: object) -> None:
        actor = self.bench.session.actor
        if actor is None or actor.role is not Role.HEAD_OFFICE:
            self.confirm.set_reason(self.say("overrule.right"))
        else:
            self.confirm.set_reason("" if self.why.text().strip() else self.say("overrule.missing"))

    def _on_chosen(self, case_id: str) -> None:
        if case_id != self._current:
            self._current = case_id
            self.why.clear()
        self.reread()

    def _on_opened(self, _case_id: str) -> None:
        self.why.setFocus()

    def _on_open(self) -> None:
        item = self.current()
        if item is not None:
            self.ticket_asked.emit(item.ticket.id)

    def _on_confirm(self) -> None:
        item, actor = self.current(), self.bench.session.actor
        why = self.why.text().strip()
        if item is None or actor is None or not self.confirm.isEnabled():
            return
        work = partial(overrule, self.bench.desk, actor, case_id=item.case.id, confirm=True, why=why)
        run(self, self.bench.database, work, then=self._on_overruled, refused=self._on_refused)

    def _on_overruled(self, _operation: str) -> None:
        item = self.current()
        self.why.clear()
        if self.bench.head_office is not None:
            self.bench.head_office.wake()
        self.said.emit("ok", self.say("overrule.done", number=item.ticket.number if item else ""))
        self.load()

    def _on_refused(self, error: DomainError) -> None:
        self.said.emit("bad", self.bench.language.error(error))
