"""One request: the question, the ladder, what is asked, what it costs, why it needs a second person, the decision."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.level import LADDER, rung_of
from store_desk.domain.slip import Both
from store_desk.services.approvals_view import WaitingView
from store_desk.ui.approvals.decide import DecidePanel
from store_desk.ui.approvals.facts import FactColumn
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.desk.rows import TYPE_ICONS
from store_desk.ui.look.tokens import COMPACT_BELOW
from store_desk.ui.parts.areas import EmptyState, Hairline, Panel
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.steps import Ladder
from store_desk.ui.parts.text import Run, Runs, TextLabel

PAD_WIDE, PAD_NARROW = 40, 28
GROUNDS_BESIDE = 2
# What is kept in sight below the decision: its frame and some air.
BELOW = 12


class RequestPane(QWidget):
    """Signals: history_asked(ticket id). Its `decide` panel has the others."""

    history_asked = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view: WaitingView | None = None
        self.stores: dict[str, Both] = {}
        self._title, self._asked = TextLabel("", "title", elide=True), TextLabel("", "small", "text2", elide=True)
        self._wait, self._state, self._type = Chip(), Chip(), Chip()
        self._product = TextLabel("", "small", "text2", elide=True)
        self.ladder = Ladder()
        self.request, self.costs = FactColumn(), FactColumn()
        self._because = TextLabel("", "label")
        self._grounds = QGridLayout()
        self.history = Panel("sunken")
        self._history_title = TextLabel("", "label", elide=True)
        self._history_line = TextLabel("", "caption", "text2", elide=True)
        self.view_history = Button(" ", kind="ghost", size="small")
        self.decide = DecidePanel(bench)
        self._empty = EmptyState("shield-check", "")
        self._column = QVBoxLayout()
        self._ladder_line = Hairline()
        self._build()
        self.view_history.clicked.connect(self._on_history)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._asked)
        head.addLayout(texts, 1)
        head.addWidget(self._wait)
        about = QHBoxLayout()
        about.setSpacing(10)
        for part in (self._state, self._type):
            about.addWidget(part)
        about.addWidget(self._product, 1)
        facts = QHBoxLayout()
        facts.setSpacing(32)
        top = Qt.AlignmentFlag.AlignTop
        facts.addWidget(self.request, 1, top)
        facts.addWidget(Hairline(vertical=True))
        facts.addWidget(self.costs, 1, top)
        self._grounds.setHorizontalSpacing(24)
        self._grounds.setVerticalSpacing(6)
        self._grounds.setColumnStretch(GROUNDS_BESIDE, 1)
        column = self._column
        column.setSpacing(18)
        column.addLayout(head)
        column.addLayout(about)
        column.addWidget(self.ladder)
        column.addWidget(self._ladder_line)
        column.addLayout(facts)
        column.addWidget(Hairline())
        why = QVBoxLayout()
        why.setSpacing(8)
        why.addWidget(self._because)
        why.addLayout(self._grounds)
        column.addLayout(why)
        column.addWidget(self._build_history())
        column.addWidget(self.decide)
        column.addStretch(1)
        holder = QWidget()
        holder.setLayout(column)
        self._body = QuietScroll(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._body)
        outer.addWidget(self._empty)
        self._body.hide()
        self._body.verticalScrollBar().rangeChanged.connect(self._show_buttons)

    def _show_buttons(self, *_: int) -> None:
        """Declining asks for a line more: once that is laid out, the buttons below it come into sight."""
        if self.decide.is_declining():
            QTimer.singleShot(0, self, self._scroll_to_buttons)

    def _scroll_to_buttons(self) -> None:
        self._body.ensureWidgetVisible(self.decide, 0, BELOW)

    def _build_history(self) -> QWidget:
        row = QHBoxLayout(self.history)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(Runs((Run(icon="history", colour="text2", px=18),), height=20))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._history_title)
        texts.addWidget(self._history_line)
        row.addLayout(texts, 1)
        row.addWidget(self.view_history)
        return self.history

    # --- showing -------------------------------------------------------------------------------------------

    def case_id(self) -> str:
        """The case that is shown, '' for none."""
        return self._view.waiting.case.id if self._view else ""

    def view(self) -> WaitingView | None:
        """What is shown."""
        return self._view

    def show_nobody(self) -> None:
        """Nobody waits."""
        self._view = None
        self._empty.set_sentence(self._bench.language.say("ui_approvals.empty"))
        self._body.hide()
        self._empty.show()

    def show_request(self, view: WaitingView) -> None:
        """Shows a request; what was entered for the same one stays."""
        again = self.case_id() == view.waiting.case.id
        self._view = view
        self._fill(view)
        self.decide.show_request(view.waiting, again=again)
        self._empty.hide()
        self._body.show()

    def reread(self) -> None:
        """All words again."""
        if self._view is None:
            self.show_nobody()
        else:
            self._fill(self._view)
            self.decide.reread()

    def _fill(self, view: WaitingView) -> None:
        words = Sayings(self._bench, self.stores)
        say, row = words.say, view.waiting
        self._title.set_text(say("ui_approvals.title", number=row.ticket.number))
        self._asked.set_text(words.asked(row))
        self._wait.set_chip(say("ui_approvals.waiting", t=words.span(row.case.opened_at)), icon="clock", tone="warn")
        rung = rung_of(row.ticket.review, row.ticket.work)
        self._state.set_chip(say(f"trade.rung.{rung.value}"), glyph=rung.value, tone="accent")
        kind = row.ticket.type.value
        self._type.set_chip(say(f"trade.type.{kind}"), icon=TYPE_ICONS[kind])
        self._product.set_text(words.product_line(row))
        self._show_ladder(view, words)
        self.request.show_facts(say("ui_approvals.request"), words.request(view))
        self.costs.show_facts(say("ui_approvals.cost"), words.costs(view))
        self._because.set_text(say("ui_approvals.because"))
        self._show_grounds(words.because(view))
        title, line = words.history(view.earlier)
        self._history_title.set_text(title)
        self._history_line.set_text(line)
        self._history_line.setVisible(bool(line))
        self.view_history.set_text(say("ui_approvals.history.view"))
        self.view_history.setVisible(bool(view.earlier))

    def _show_ladder(self, view: WaitingView, words: Sayings) -> None:
        ticket = view.waiting.ticket
        current = LADDER.index(rung_of(ticket.review, ticket.work))
        known = {0: ticket.created_at}
        if current and ticket.review_since is not None:
            known[current] = ticket.review_since
        steps = []
        for place, rung in enumerate(LADDER):
            moment = words.moments.brief(known[place], after=known[0] if place else None) if place in known else ""
            steps.append((words.say(f"trade.rung.{rung.value}"), moment))
        spoken = words.say("ui_desk.ladder.spoken", n=current + 1, state=steps[current][0])
        self.ladder.set_steps(tuple(steps), current, spoken=spoken)

    def _show_grounds(self, grounds: tuple[tuple[str, str], ...]) -> None:
        while (item := self._grounds.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, (icon, words) in enumerate(grounds):
            line = Runs((Run(icon=icon, colour="text2"), Run(words, "small")), height=20)
            self._grounds.addWidget(line, place // GROUNDS_BESIDE, place % GROUNDS_BESIDE)

    def grounds(self) -> list[str]:
        """Why a second person is needed, as shown."""
        items = (self._grounds.itemAt(place) for place in range(self._grounds.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget.accessibleName() for widget in widgets if widget is not None]

    def set_room(self, *, wide: bool, height: int) -> None:
        """Paddings for a wide window; a low one leaves the ladder out (the chip tells the state)."""
        pad = PAD_WIDE if wide else PAD_NARROW
        compact = height < COMPACT_BELOW - 100
        self._column.setContentsMargins(pad, 22, pad, 20)
        self._column.setSpacing(14 if compact else 18)
        self.ladder.setVisible(not compact)

    def _on_history(self) -> None:
        if self._view is not None:
            self.history_asked.emit(self._view.waiting.ticket.id)
