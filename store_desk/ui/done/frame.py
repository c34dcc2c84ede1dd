"""How the sheet after a cancellation is laid out: what happened at the left, the slip at the right, the foot below."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.obligations import CLOSED_STATES, Obligation
from store_desk.services.cancel import Cancelled
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.columns import Column, is_compact
from store_desk.ui.cancel.frame import SheetHead
from store_desk.ui.cancel.plan_view import StepList
from store_desk.ui.cancel.side import SlipSide
from store_desk.ui.done.handing import Handing
from store_desk.ui.done.mark import DoneMark
from store_desk.ui.done.outcome import Outcome
from store_desk.ui.done.proving import Offers
from store_desk.ui.done.undo import UndoStrip
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import SHEET_FOOTER
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.parts import Hairline, Pane, PlanRow
from store_desk.ui.parts.text import Run, Runs, TextLabel

SHARE = 0.64
ROW = 48
ROW_COMPACT = 42
STATE_ICONS = {"ok": "circle-check", "wait": "hourglass", "warn": "coins", "bad": "triangle-alert"}
TONES = {"ok": "ok", "wait": "plain", "warn": "warn", "bad": "bad"}


class DoneFrame(Pane):
    """The sheet's parts in their places; what they say and do is the sheet's."""

    def __init__(self, bench: Bench, cancelled: Cancelled, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._outcomes: list[Outcome] = []
        self._compact = False
        # In the order of the Tab key: Next customer first (design, focus order).
        self.next = Button("", key="Enter", kind="primary", size="large")
        self.handing = Handing(bench)
        self.offers = Offers(bench, cancelled)
        self.to_sync = Button("", icon="refresh-cw", key=shortcuts.cap_text(shortcuts.SYNC))
        self.undo = UndoStrip(bench, cancelled.case)
        self.side = SlipSide(bench)
        self.head = SheetHead()
        self.mark = DoneMark()
        self.title = TextLabel(style="display")
        self.sub = TextLabel(style="body", colour="text2", elide=True)
        self.chip = Chip()
        self.happened = TextLabel(style="heading")
        self.rows = StepList()
        self._settled = Runs(height=24)
        self._build()

    def _build(self) -> None:
        top = QWidget()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.sub)
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self.mark)
        row.addLayout(names, 1)
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.to_sync, 0, Qt.AlignmentFlag.AlignVCenter)
        self.to_sync.hide()
        happened = QWidget()
        steps = QVBoxLayout(happened)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(4)
        steps.addWidget(self.happened)
        steps.addWidget(self.rows)
        # On a line of its own it would take from the rows of what happened, of which none should need scrolling.
        self.handing.add_beside(self.offers)
        self.column = Column([top, happened, self.handing, self.undo], padding=32)
        self.column.laid_out.connect(self._fit)
        self._body = QWidget()
        for widget in (self.column, self.side):
            widget.setParent(self._body)
        self._line = Hairline(vertical=True, parent=self._body)
        self._foot = Pane("surface")
        self._foot.setFixedHeight(SHEET_FOOTER)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(24, 0, 24, 0)
        foot.addWidget(self._settled)
        foot.addStretch(1)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._body, 1)
        column.addWidget(self._foot)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.next)

    def show_outcomes(self, outcomes: list[Outcome]) -> None:
        """Shows these rows."""
        self._outcomes = outcomes
        self.rows.show_rows([self._row(outcome, last=outcome is outcomes[-1]) for outcome in outcomes])

    def _row(self, outcome: Outcome, *, last: bool) -> PlanRow:
        of = self._bench.language.of
        return PlanRow(
            outcome.icon,
            of(outcome.title),
            of(outcome.sub),
            right=of(outcome.state),
            right_icon=STATE_ICONS[outcome.tone],
            tone=TONES[outcome.tone],  # type: ignore[arg-type]  # the four tones of a row
            height=ROW_COMPACT if self._compact else ROW,
            line=not last,
        )

    def show_settled(self, owed: tuple[Obligation, ...]) -> None:
        """Says in the foot how much is still to do."""
        say = self._bench.language.say
        open_ = sum(item.state not in CLOSED_STATES for item in owed)
        words = say("ui_done.not_settled", n=open_) if open_ else say("ui_done.settled")
        icon, colour = ("hourglass", "text2") if open_ else ("circle-check", "ok")
        self._settled.set_runs((Run(icon=icon, px=18, colour=colour), Run(words, "label", gap=10)))

    def _fit(self) -> None:
        self.rows.take_height(self.column.missing_height())

    def resizeEvent(self, event: object) -> None:
        compact = is_compact(self.height())
        self.column.set_compact(compact)
        if compact != self._compact:
            self._compact = compact
            self.show_outcomes(self._outcomes)
        QTimer.singleShot(0, self, self._lay_body)

    def _lay_body(self) -> None:
        width, height = self._body.width(), self._body.height()
        left = round(width * SHARE)
        self.column.setGeometry(QRect(0, 0, left, height))
        self._line.setGeometry(QRect(left, 0, 1, height))
        self.side.setGeometry(QRect(left + 1, 0, width - left - 1, height))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        top = self._foot.y()
        QPainter(self).fillRect(0, top - 1, self.width(), 1, THEME.colour("line"))
