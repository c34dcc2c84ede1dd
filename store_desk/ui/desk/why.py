"""Why a ticket is still active: a line that asks, and the answer below it in plain words."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.case import CONFIRMED_STATES
from store_desk.domain.errors import DomainError
from store_desk.domain.ticket import Status
from store_desk.services.look_up import TicketView
from store_desk.services.why_active import WhyActive, read_why
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.parts.areas import Panel
from store_desk.ui.parts.buttons import Button, LinkButton
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import run

NAME_WIDTH = 108
ROWS = ("here", "there", "spoke", "queue", "do")


class WhyPanel(QWidget):
    """The question for tickets that a customer may think cancelled; absent for all others."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._ticket_id = ""
        self._answer: WhyActive | None = None
        self.ask = LinkButton(" ", icon="circle-help")
        self.ask.clicked.connect(self.on_ask)
        self.panel = Panel("sunken")
        self._names = {row: TextLabel("", "captionb", "text2") for row in ROWS}
        self._words = {row: TextLabel("", "small", wrap=True) for row in ROWS}
        self.close_it = Button(" ", kind="ghost", size="small")
        self.close_it.clicked.connect(self.on_close)
        self._build()
        self.panel.hide()
        self.hide()

    def _build(self) -> None:
        grid = QGridLayout(self.panel)
        grid.setContentsMargins(16, 10, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        for place, row in enumerate(ROWS):
            grid.addWidget(self._names[row], place, 0)
            grid.addWidget(self._words[row], place, 1)
        grid.addWidget(self.close_it, 0, 2)
        line = QHBoxLayout()
        line.addWidget(self.ask)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.panel)

    def show_ticket(self, view: TicketView) -> None:
        """Offers the question where a cancellation is under way or came to nothing; closes it for another ticket."""
        ticket_id = view.line.ticket.id
        active = view.line.status in (Status.OPEN, Status.CANCELLING)
        cases = [case for case in view.cases if case.state not in CONFIRMED_STATES]
        self.setVisible(active and (bool(cases) or self._bench.head_office is not None))
        if ticket_id != self._ticket_id:
            self._ticket_id = ticket_id
            self._answer = None
            self.panel.hide()
        elif not self.panel.isHidden():
            self.on_ask()
        self.retranslate()

    def on_ask(self) -> None:
        """Reads the answer."""
        actor = self._bench.session.actor
        if actor is None or not self._ticket_id:
            return
        work = partial(read_why, self._bench.desk, actor, ticket_id=self._ticket_id)
        run(self, self._bench.database, work, then=self._on_answer, refused=self._on_refused)

    def _on_answer(self, answer: WhyActive) -> None:
        self._answer = answer
        self.retranslate()
        self.panel.show()

    def _on_refused(self, error: DomainError) -> None:
        self._answer = None
        for row in ROWS:
            self._words[row].set_text("")
        self._words["do"].set_text(self._bench.language.error(error))
        self.panel.show()

    def on_close(self) -> None:
        """The question alone again."""
        self.panel.hide()
        self.ask.setFocus()

    def answer(self) -> str:
        """All that the open answer says."""
        return "\n".join(self._words[row].text() for row in ROWS if not self._words[row].isHidden())

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.ask.set_text(say("ui_approvals.why"))
        self.close_it.set_text(say("ui_approvals.why.close"))
        for row in ROWS:
            self._names[row].set_text(say(f"ui_approvals.why.{row}"))
        if self._answer is not None:
            self._fill(self._answer)

    def _fill(self, answer: WhyActive) -> None:
        say, moments = self._bench.language.say, Moments(self._bench)
        here = say(f"ui_approvals.why.state.{answer.here}")
        if answer.at is not None and answer.here != "none":
            here = f"{here} · {moments.short(answer.at)}"
        if answer.why:
            here = f"{here} · {answer.why}"
        alone = not answer.there
        there = say("ui_approvals.why.alone") if alone else say(f"ui_approvals.why.state.{answer.there}")
        if answer.version:
            there = f"{there} · {say('ui_approvals.why.version', n=answer.version)}"
        spoke = moments.short(answer.spoke_at) if answer.spoke_at else say("ui_approvals.why.spoke.never")
        queue = say("ui_approvals.why.queue.none")
        if answer.place:
            queue = say("ui_approvals.why.queue.place", place=answer.place, n=answer.queued, tries=answer.sent_n)
        gap = " " if self._bench.language.now == "en" else ""
        advice = gap.join(say(f"ui_approvals.why.do.{code}") for code in answer.advice)
        for row, words in zip(ROWS, (here, there, spoke, queue, advice), strict=True):
            self._words[row].set_text(words)
            shown = not (alone and row in ("spoke", "queue"))
            self._names[row].setVisible(shown)
            self._words[row].setVisible(shown)
