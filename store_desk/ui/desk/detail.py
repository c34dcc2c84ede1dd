"""One ticket: head, what its state demands, the ladder, three columns, and what happened."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.domain.level import LADDER, Rung, rung_of
from store_desk.domain.ticket import Status, Ticket
from store_desk.ui.bench import Bench
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.columns import Columns
from store_desk.ui.desk.demands import demand_of
from store_desk.ui.desk.head import TicketHead
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.panel import ActionPanel
from store_desk.ui.desk.proving import offers_evidence
from store_desk.ui.desk.story import Story
from store_desk.ui.desk.why import WhyPanel
from store_desk.ui.parts.parts import EmptyState, Hairline, Ladder, Pane

PAD_NARROW = 28
PAD_WIDE = 32
# Space above the head, then between head, panel, ladder and lines; the second set is for low windows.
ROOMY = (24, 20, 24, 26, 20, 20)
COMPACT = (18, 16, 18, 16, 14, 14)


class Detail(Pane):
    """The ticket that is open, or the invitation to choose one.

    Signals: cancel_asked(), reopen_given(note), undo_given(), print_asked(), evidence_asked(ticket number),
    file_asked(attachment id), reveal_asked(), others_asked(), changed().
    """

    cancel_asked = Signal()
    reopen_given = Signal(str)
    undo_given = Signal()
    print_asked = Signal()
    evidence_asked = Signal(str)
    file_asked = Signal(str)
    reveal_asked = Signal()
    others_asked = Signal()
    changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._opened: Opened | None = None
        self._compact = False
        self._nothing_there = False
        self._build()
        self.show_none()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyState("mouse-pointer-click", "")
        outer.addWidget(self._empty)
        self._body = QWidget()
        outer.addWidget(self._body)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._below = QVBoxLayout()
        body.addLayout(self._column)
        body.addLayout(self._below, 1)
        self.head = TicketHead(self._bench)
        self.panel = ActionPanel(self._bench)
        self.ladder = Ladder()
        self.columns = Columns(self._bench)
        self.why = WhyPanel(self._bench)
        self.story = Story(self._bench)
        self._lines = (Hairline(), Hairline())
        self.head.print_asked.connect(self.print_asked)
        self.head.evidence_asked.connect(self.on_evidence)
        self.story.file_asked.connect(self.file_asked)
        self.panel.cancel_asked.connect(self.cancel_asked)
        self.panel.reopen_given.connect(self.reopen_given)
        self.panel.undo_given.connect(self.undo_given)
        self.panel.changed.connect(self.on_form)
        self.columns.reveal_asked.connect(self.reveal_asked)
        self.columns.others_asked.connect(self.others_asked)
        self._column.addWidget(self.head)
        self._column.addSpacing(0)
        self._column.addWidget(self.panel)
        self._column.addSpacing(0)
        self._column.addWidget(self.ladder)
        self._column.addSpacing(0)
        self._column.addWidget(self._lines[0])
        self._column.addSpacing(0)
        self._column.addWidget(self.columns)
        self._column.addSpacing(0)
        self._column.addWidget(self._lines[1])
        self.story.set_top(self.why)
        self._below.addWidget(self.story)
        self.set_room(wide=False, compact=False)

    def set_room(self, *, wide: bool, compact: bool) -> None:
        """Paddings for a wide or low window."""
        self._compact = compact
        pad = PAD_WIDE if wide else PAD_NARROW
        spaces = COMPACT if compact else ROOMY
        self._column.setContentsMargins(pad, spaces[0], pad, 0)
        self._below.setContentsMargins(pad, 0, 0, 0)
        self.story.set_pad(pad)
        # The spacers stand at the odd places of the column, in the order of the parts.
        for place, space in zip((1, 3, 5, 7, 9), spaces[1:], strict=True):
            item = self._column.itemAt(place)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0, space)
        self._column.invalidate()
        self.on_form()

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order (design, 5): action, head, columns, events."""
        return (*self.panel.focus_order(), *self.head.focus_order(), *self.columns.focus_order(), self.story)

    def opened(self) -> Opened | None:
        """What is shown."""
        return self._opened

    def ticket_id(self) -> str:
        """The id of the ticket that is shown, '' for none."""
        return self._opened.view.line.ticket.id if self._opened else ""

    def show_none(self, *, empty: bool | None = None) -> None:
        """Nothing is chosen; `empty` says whether there is anything to choose (None: as before)."""
        self._opened = None
        self._nothing_there = self._nothing_there if empty is None else empty
        key = "ui_desk.list.empty" if self._nothing_there else "ui_desk.none.chosen"
        self._empty.set_sentence(self._bench.language.say(key))
        self._empty.show()
        self._body.hide()

    def show_ticket(self, opened: Opened) -> None:
        """Shows a ticket; an open form is shut when it is another one."""
        if opened.view.line.ticket.id != self.ticket_id() and self.panel.form():
            self.panel.close_form()
        self._opened = opened
        self._fill(opened)
        self._empty.hide()
        self._body.show()

    def reread(self) -> None:
        """All words again, in the present language."""
        self.head.say("", "")
        if self._opened is None:
            self.show_none()
        else:
            self._fill(self._opened)

    def _fill(self, opened: Opened) -> None:
        view = opened.view
        moments = Moments(self._bench)
        actor = self._bench.session.actor
        prove = self._bench.save_evidence is not None and offers_evidence(actor, view)
        self.head.show_head(view, moments, evidence=prove)
        if actor is not None:
            demand = demand_of(opened, bench=self._bench, actor=actor, moments=moments)
            objection = view.line.status is Status.REJECTED
            self.panel.show_demand(demand, undo_left_s=view.undo_left_s, objection=objection)
        self._show_ladder(view.line.ticket, view.line.status, view.line.case_at, moments)
        self.columns.show_view(view, moments)
        self.why.show_ticket(view)
        self.story.show_story(opened, moments)

    def _show_ladder(self, ticket: Ticket, status: Status, case_at: datetime | None, moments: Moments) -> None:
        say = self._bench.language.say
        rung = rung_of(ticket.review, ticket.work)
        rungs = list(LADDER)
        if rung is Rung.REJECTED:
            rungs[2] = Rung.REJECTED
        current = rungs.index(rung)
        known: dict[int, datetime] = {0: ticket.created_at}
        since = case_at if status is Status.CANCELLED else ticket.review_since
        ended = ticket.closed_at if status in (Status.DONE, Status.REJECTED) else None
        if current > 0 and (ended or since) is not None:
            known[current] = ended or since or ticket.created_at
        steps: list[tuple[str, str]] = []
        for place, item in enumerate(rungs):
            moment = ""
            if place in known:
                moment = moments.brief(known[place], after=known[0] if place else None)
            steps.append((say(f"trade.rung.{item.value}"), moment))
        if status is Status.CANCELLED and case_at is not None:
            when = say("ui_desk.time.cancelled", when=moments.ended(case_at))
            steps[current] = (steps[current][0], when)
        spoken = say("ui_desk.ladder.spoken", n=current + 1, state=steps[current][0])
        self.ladder.set_steps(tuple(steps), current, spoken=spoken)

    def show_phone(self, phone: str) -> None:
        """The whole number for as long as the shop allows."""
        if self._opened is not None:
            self.columns.customer.show_phone(phone, seconds=self._opened.policy.reveal_s)

    def on_form(self) -> None:
        """While a form is open in a low window the ladder makes room."""
        self.ladder.setVisible(not (self._compact and self.panel.form()))
        self.changed.emit()

    def on_evidence(self) -> None:
        """The pack of the ticket that is shown."""
        if self._opened is not None:
            self.evidence_asked.emit(self._opened.view.line.ticket.number)

    def focus_action(self) -> None:
        """Focus on the primary button."""
        button = self.panel.main_button()
        if button is not None and button.isVisible():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
