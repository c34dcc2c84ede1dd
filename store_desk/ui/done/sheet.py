"""The sheet after a cancellation: what happened, the slip, and taking it all back while that is possible."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.level import rung_of
from store_desk.domain.obligations import CLOSED_STATES
from store_desk.domain.slip import Paper
from store_desk.services.cancel import Cancelled
from store_desk.services.reopen import Reopened, reopen_ticket
from store_desk.services.withdraw import Withdrawn, withdraw_case
from store_desk.services.wording import clock_words, day_words
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.columns import Column, is_compact
from store_desk.ui.cancel.frame import SheetHead
from store_desk.ui.cancel.plan_view import StepList
from store_desk.ui.cancel.saying import who_and_what
from store_desk.ui.cancel.side import SlipSide
from store_desk.ui.cancel.slip_drawer import SlipDrawer
from store_desk.ui.done.handing import Handing
from store_desk.ui.done.mark import DoneMark
from store_desk.ui.done.outcome import Outcome, checks_of, left_over_of, not_taken_back, outcomes_of
from store_desk.ui.done.proving import Offers
from store_desk.ui.done.undo import UndoStrip
from store_desk.ui.done.ways import Ways, read_ways
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import SHEET_FOOTER
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.parts import Hairline, Pane, PlanRow
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.tasks import run

SHARE = 0.64
ROW = 48
ROW_COMPACT = 42
STATE_ICONS = {"ok": "circle-check", "wait": "hourglass", "warn": "coins", "bad": "triangle-alert"}
TONES = {"ok": "ok", "wait": "plain", "warn": "warn", "bad": "bad"}


class DoneSheet(Pane):
    """Signals: closed() for the next customer, withdrawn(ticket id) once it is taken back (the sheet stays and shows
    the void slip), reopened(id of the new ticket), not_printed(), hints_changed()."""

    closed = Signal()
    withdrawn = Signal(str)
    reopened = Signal(str)
    not_printed = Signal()
    hints_changed = Signal()

    def __init__(self, bench: Bench, cancelled: Cancelled, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._cancelled = cancelled
        self._undone: Withdrawn | None = None
        self._ways: Ways | None = None
        self._compact = False
        self._finished = bench.desk.clock()
        self.drawer = SlipDrawer(bench, self)
        # In the order of the Tab key: Next customer first (design, focus order).
        self.next = Button("", key="Enter", kind="primary", size="large")
        self.handing = Handing(bench)
        self.offers = Offers(bench, cancelled)
        self.undo = UndoStrip(bench, cancelled.case)
        self.side = SlipSide(bench)
        self.head = SheetHead()
        self.mark = DoneMark()
        self.title = TextLabel(style="display")
        self._sub = TextLabel(style="body", colour="text2", elide=True)
        self._chip = Chip()
        self._happened = TextLabel(style="heading")
        self.rows = StepList()
        self._settled = Runs(height=24)
        self._build()
        self._connect()
        self.retranslate()
        self.drawer.draw_written(cancelled.slip.body, paper=self.side.paper)
        run(self, bench.database, partial(read_ways, bench.desk), then=self.on_ways)

    def _build(self) -> None:
        top = QWidget()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self._sub)
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self.mark)
        row.addLayout(names, 1)
        row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        happened = QWidget()
        steps = QVBoxLayout(happened)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(4)
        steps.addWidget(self._happened)
        steps.addWidget(self.rows)
        self.column = Column([top, happened, self.handing, self.offers, self.undo], padding=32)
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

    def _connect(self) -> None:
        self.next.clicked.connect(self.leave)
        self.head.close_asked.connect(self.leave)
        self.drawer.drawn.connect(self.side.show_pdf)
        self.side.paper_changed.connect(self.on_paper)
        self.handing.paper_wanted.connect(self.on_paper_used)
        self.handing.printed.connect(self.on_printed)
        self.handing.failed.connect(self.on_not_printed)
        self.undo.undo_confirmed.connect(self.withdraw)
        self.undo.reopen_confirmed.connect(self.reopen)
        self.undo.asked.connect(self.on_asked)
        self._bench.language.changed.connect(self.retranslate)
        # F9 belongs to the window, which calls print_again.
        slots: dict[str, Any] = {
            shortcuts.UNDO: self.undo.ask_undo,
            shortcuts.PAPER: self.turn_paper,
            shortcuts.SAVE: self.handing.ask_where,
            shortcuts.OPEN_FILE: self.handing.open_now,
        }
        for sequence, slot in slots.items():
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # --- showing -----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Reads all words again."""
        language, desk = self._bench.language, self._bench.desk
        ticket, undone = self._cancelled.ticket, self._undone
        say = language.say
        who, product = who_and_what(ticket, language)
        self.head.show_words(
            title=say("ui_done.title"),
            number=ticket.number,
            sub="  ·  ".join(text for text in (who, product) if text),
            close=say("ui_done.close"),
        )
        self.head.show_word(say("ui_done.finished", time=clock_words(self._finished, desk.zone)))
        rung = rung_of(undone.ticket.review, undone.ticket.work).value if undone is not None else "cancelled"
        self.head.show_chips([Chip(say(f"trade.rung.{rung}"), glyph=rung)])
        self.title.set_text(say("ui_done.done" if undone is None else "ui_done.withdrawn"))
        slip = undone.slip if undone is not None and undone.slip is not None else self._cancelled.slip
        number = say("ui_done.slip_number" if undone is None else "ui_done.void_number", number=slip.number)
        parts = (number, who) if undone is None else (self._restored(rung), number)
        self._sub.set_text("  ·  ".join(parts))
        self._show_chip()
        self.side.show_title("ui_done.slip" if undone is None else "ui_done.slip.void")
        self.handing.retranslate()
        self.offers.retranslate()
        self.undo.retranslate()
        self.next.set_text(say("ui_done.next"))
        self._show_rows()
        self._show_settled()
        self.hints_changed.emit()

    def _restored(self, rung: str) -> str:
        say = self._bench.language.say
        return say("ui_done.withdrawn.sub", state=say(f"trade.rung.{rung}"))

    def _show_chip(self) -> None:
        desk, say, undone = self._bench.desk, self._bench.language.say, self._undone
        if undone is not None:
            time = clock_words(undone.case.ended_at or desk.clock(), desk.zone)
            self._chip.set_chip(say("ui_done.chip.withdrawn", time=time), icon="undo-2")
            return
        decided = self._cancelled.case.decided_at or self._finished
        time = clock_words(decided, desk.zone)
        self._chip.set_chip(say("ui_done.confirmed", time=time), icon="badge-check", tone="ok")

    def _show_rows(self) -> None:
        desk, say = self._bench.desk, self._bench.language.say
        if self._undone is not None:
            rows = list(left_over_of(self._undone, zone=desk.zone, this_year=self._finished.year))
            self._happened.set_text(say("ui_done.left_over"))
        else:
            rows = [*outcomes_of(self._cancelled, now=self._finished, zone=desk.zone), checks_of(self._cancelled)]
            self._happened.set_text(say("ui_done.happened"))
        self.rows.show_rows([self._row(row, last=row is rows[-1]) for row in rows])

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

    def _show_settled(self) -> None:
        say = self._bench.language.say
        items = self._undone.left_over if self._undone is not None else self._cancelled.obligations
        open_ = sum(item.state not in CLOSED_STATES for item in items)
        words = say("ui_done.not_settled", n=open_) if open_ else say("ui_done.settled")
        icon, colour = ("hourglass", "text2") if open_ else ("circle-check", "ok")
        self._settled.set_runs((Run(icon=icon, px=18, colour=colour), Run(words, "label", gap=10)))

    # --- slots -------------------------------------------------------------------------------------------

    def on_ways(self, ways: Ways) -> None:
        """The shop's numbers are there: count down, and print if this desk prints by itself."""
        self._ways = ways
        self.side.show_paper(ways.paper)
        self.handing.show_slip(self._cancelled.slip.number, paper=ways.paper)
        self.offers.show_paper(ways.paper)
        if ways.paper is not Paper.A5:
            self.drawer.draw_written(self._cancelled.slip.body, paper=ways.paper)
        decided = self._cancelled.case.decided_at or self._finished
        until = (decided + timedelta(days=ways.policy.reopen_days)).astimezone(self._bench.desk.zone).date()
        self.undo.begin(
            window_s=ways.policy.undo_window_s,
            until=day_words(until, this_year=decided.year),
            cannot=not_taken_back(self._cancelled, printed=False),
        )
        if ways.prints_itself:
            self.handing.print_now()

    def on_printed(self) -> None:
        """The slip is on paper: an undo has to ask for it back."""
        if self._undone is None:
            self.undo.show_cannot(not_taken_back(self._cancelled, printed=True))
        self.hints_changed.emit()

    def on_not_printed(self, _: object) -> None:
        """The printer is in trouble: F9 tries again, and the window looks at the printer anew."""
        self.hints_changed.emit()
        self.not_printed.emit()

    def on_paper(self, paper: Paper) -> None:
        """The other paper was chosen for the preview and the next print."""
        self.handing.show_paper(paper)
        self.offers.show_paper(paper)
        slip = self._undone.slip if self._undone is not None and self._undone.slip is not None else self._cancelled.slip
        self.drawer.draw_written(slip.body, paper=paper)

    def on_paper_used(self, paper: Paper) -> None:
        """Printing goes to the other paper, so the preview does too."""
        self.side.show_paper(paper)
        self.on_paper(paper)

    def turn_paper(self) -> None:
        """Alt 8: the other paper; with a printer in trouble, printing on it at once."""
        if self.handing.trouble.isVisibleTo(self):
            self.handing.use_other_paper()
        else:
            self.side.turn_paper()

    def on_asked(self) -> None:
        """A question appeared or went."""
        if not self.undo.question:
            self.next.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.hints_changed.emit()

    def withdraw(self) -> None:
        """Takes the cancellation back, in one transaction."""
        actor = self._bench.session.actor
        if actor is None:
            return
        work = partial(withdraw_case, self._bench.desk, actor, ticket_id=self._cancelled.ticket.id)
        run(self, self._bench.database, work, then=self.on_withdrawn, refused=self.on_refused)

    def on_withdrawn(self, undone: Withdrawn) -> None:
        """Everything is as it was before; the void slip is shown and printed."""
        self._undone = undone
        self._finished = self._bench.desk.clock()
        self.undo.end()
        self.offers.end()
        self.mark.show_undone()
        if undone.slip is not None:
            self.handing.show_slip(undone.slip.number, paper=self.side.paper)
            self.drawer.draw_written(undone.slip.body, paper=self.side.paper)
        self.retranslate()
        self.next.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if undone.slip is not None and self._ways is not None and self._ways.prints_itself:
            self.handing.print_now()
        self.withdrawn.emit(undone.ticket.id)

    def reopen(self, note: str) -> None:
        """Makes the linked new ticket."""
        actor = self._bench.session.actor
        if actor is None:
            return
        work = partial(reopen_ticket, self._bench.desk, actor, ticket_id=self._cancelled.ticket.id, note=note)
        run(self, self._bench.database, work, then=self.on_reopened, refused=self.on_refused)

    def on_reopened(self, reopened: Reopened) -> None:
        """The new ticket is there."""
        self.undo.stop()
        self.reopened.emit(reopened.ticket.id)

    def on_refused(self, error: DomainError) -> None:
        """Taking back or reopening was refused; nothing has changed."""
        self.undo.show_refused(self._bench.language.error(error))

    def print_again(self) -> None:
        """F9: prints, or tries again."""
        self.handing.print_now()

    def leave(self) -> None:
        """On to the next customer."""
        self.undo.stop()
        self.drawer.stop()
        self.closed.emit()

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say = self._bench.language.say
        if self.undo.question:
            key = "hint.confirm_undo" if self.undo.question == "undo" else "reopen.yes"
            return [(("Enter",), say(f"ui_done.{key}")), (("Esc",), say("ui_done.hint.keep"))]
        found: list[tuple[tuple[str, ...], str]] = [(("F9",), say("ui_done.hint.print"))]
        found.append((("Ctrl", "S"), say("ui_done.hint.save")))
        found.append((("Alt", "8"), say("ui_done.hint.paper")))
        if self._undone is None and self.undo.left_s:
            found.append((("Ctrl", "Z"), say("ui_done.hint.undo")))
        found.append((("Enter",), say("ui_done.hint.next")))
        return found

    # --- Qt ----------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        self.rows.take_height(self.column.missing_height())

    def resizeEvent(self, event: object) -> None:
        compact = is_compact(self.height())
        self.column.set_compact(compact)
        if compact != self._compact:
            self._compact = compact
            self._show_rows()
        QTimer.singleShot(0, self, self._lay_body)

    def _lay_body(self) -> None:
        width, height = self._body.width(), self._body.height()
        left = round(width * SHARE)
        self.column.setGeometry(QRect(0, 0, left, height))
        self._line.setGeometry(QRect(left, 0, 1, height))
        self.side.setGeometry(QRect(left + 1, 0, width - left - 1, height))

    def showEvent(self, event: object) -> None:
        self._lay_body()
        self.mark.draw()
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on to the next customer, Esc leaves a question."""
        widget = QApplication.focusWidget()
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.undo.take_back_question() if self.undo.question else self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_enter(widget)
        elif key == Qt.Key.Key_F9:
            self.print_again()
        else:
            super().keyPressEvent(event)

    def _press_enter(self, widget: QWidget | None) -> None:
        if isinstance(widget, QLineEdit) and self.undo.question:
            self.undo.on_yes()
        elif isinstance(widget, QAbstractButton) and self.isAncestorOf(widget):
            widget.click()
        else:
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        top = self._foot.y()
        QPainter(self).fillRect(0, top - 1, self.width(), 1, THEME.colour("line"))
