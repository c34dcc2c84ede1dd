"""The sheet after a cancellation: what happened, the slip, and taking it all back while that is possible."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Paper
from store_desk.domain.staff import Staff
from store_desk.services.cancel import Cancelled
from store_desk.services.ports import SlipRow
from store_desk.services.reopen import Reopened, reopen_ticket
from store_desk.services.withdraw import Withdrawn, withdraw_case
from store_desk.services.wording import clock_words, day_words
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.saying import who_and_what
from store_desk.ui.cancel.slip_drawer import SlipDrawer
from store_desk.ui.done.answer import Answering
from store_desk.ui.done.frame import DoneFrame
from store_desk.ui.done.handing import Printed
from store_desk.ui.done.outcome import not_taken_back
from store_desk.ui.done.rows import rows_of
from store_desk.ui.done.standing import NOT_CANCELLED, Look, head_words, look_of
from store_desk.ui.done.ways import Ways, read_ways
from store_desk.ui.parts.buttons import Chip
from store_desk.ui.tasks import run

# Tone of a standing -> the disc behind its sign, and the sign.
SIGNS = {
    "neutral": ("sunken", "text2"),
    "ok": ("ok_soft", "ok"),
    "warn": ("warn_soft", "warn"),
    "bad": ("bad_soft", "bad"),
}


class DoneSheet(DoneFrame):
    """Signals: closed() for the next customer, withdrawn(ticket id) once it is taken back (the sheet stays and shows
    the void slip), reopened(id of the new ticket), not_printed(), sync_asked(case id), hints_changed()."""

    closed = Signal()
    withdrawn = Signal(str)
    reopened = Signal(str)
    not_printed = Signal()
    sync_asked = Signal(str)
    hints_changed = Signal()

    def __init__(self, bench: Bench, cancelled: Cancelled, parent: QWidget | None = None) -> None:
        super().__init__(bench, cancelled, parent)
        self._cancelled = cancelled
        self._undone: Withdrawn | None = None
        self._ways: Ways | None = None
        self._people: tuple[Staff, ...] = ()
        self._finished = bench.desk.clock()
        self.drawer = SlipDrawer(bench, self)
        self.answering = Answering(bench, cancelled, self)
        self._connect()
        self.retranslate()
        self.drawer.draw_written(cancelled.slip.body, paper=self.side.paper)
        run(self, bench.database, partial(read_ways, bench.desk), then=self.on_ways)

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
        self.to_sync.clicked.connect(self.ask_sync)
        self.answering.answered.connect(self.on_answered)
        self.answering.print_due.connect(self.on_print_due)
        self._bench.language.changed.connect(self.retranslate)
        # F9 belongs to the window, which calls print_again.
        slots: dict[str, Any] = {
            shortcuts.UNDO: self.undo.ask_undo,
            shortcuts.PAPER: self.turn_paper,
            shortcuts.SAVE: self.handing.ask_where,
            shortcuts.OPEN_FILE: self.handing.open_now,
            shortcuts.SYNC: self.ask_sync,
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
        look = look_of(self._cancelled)
        who, product = who_and_what(ticket, language)
        self.head.show_words(
            title=say(f"ui_done.{look.heading if undone is None else 'taken_back'}"),
            number=ticket.number,
            sub="  ·  ".join(text for text in (who, product) if text),
            close=say("ui_done.close"),
        )
        finished = "finished" if undone is not None else look.finished
        self.head.show_word(say(f"ui_done.{finished}", time=clock_words(self._finished, desk.zone)))
        words, glyph = head_words(self._cancelled, undone, self._bench)
        self.head.show_chips([Chip(words, glyph=glyph, icon="" if glyph else "hourglass")])
        self.title.set_text(say("ui_done.withdrawn" if undone is not None else f"ui_done.{look.title}"))
        number = say(f"ui_done.{'void_number' if undone is not None else look.slip}", number=self._slip().number)
        restored = say("ui_done.withdrawn.sub", state=words)
        self.sub.set_text("  ·  ".join((number, who) if undone is None else (restored, number)))
        self._show_look(look)
        self.side.show_title("ui_done.slip.void" if undone is not None else f"ui_done.{look.preview}")
        self.handing.retranslate()
        self.offers.retranslate()
        self.undo.retranslate()
        self.next.set_text(say("ui_done.next"))
        self._show_rows()
        self.show_settled(self._undone.left_over if self._undone is not None else self._cancelled.obligations)
        self.hints_changed.emit()

    def _slip(self) -> SlipRow:
        """The slip that is handed over now."""
        undone = self._undone
        return undone.slip if undone is not None and undone.slip is not None else self._cancelled.slip

    def _show_look(self, look: Look) -> None:
        desk, say, undone = self._bench.desk, self._bench.language.say, self._undone
        self.to_sync.set_text(say("ui_done.to_sync"))
        self.to_sync.setVisible(self._is_refused())
        if undone is not None:
            time = clock_words(undone.case.ended_at or desk.clock(), desk.zone)
            self.chip.set_chip(say("ui_done.chip.withdrawn", time=time), icon="undo-2")
            return
        time = clock_words(self._cancelled.case.decided_at or self._finished, desk.zone)
        self.chip.set_chip(say(f"ui_done.{look.chip}", time=time), icon=look.icon, tone=look.tone)
        fill, colour = SIGNS.get(look.tone, SIGNS["neutral"])
        self.mark.show_sign(look.sign, fill=fill, colour=colour)
        self.handing.show_safe(look.safe)

    def _is_refused(self) -> bool:
        """Whether it came to nothing, so that somebody has to deal with it."""
        return self._undone is None and self._cancelled.case.state in NOT_CANCELLED

    def _show_rows(self) -> None:
        heading, rows = rows_of(
            self._cancelled, self._undone, bench=self._bench, finished=self._finished, people=self._people
        )
        self.happened.set_text(self._bench.language.say(f"ui_done.{heading}"))
        self.show_outcomes(rows)

    # --- slots -------------------------------------------------------------------------------------------

    def on_ways(self, ways: Ways) -> None:
        """The shop's numbers are there: count down, and print if this desk prints by itself."""
        self._ways, self._people = ways, ways.people
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
            cannot=not_taken_back(self._cancelled, printed=False, people=self._people),
        )
        self._show_rows()
        if ways.prints_itself:
            self.answering.hold_print(ways.answer_wait_ms)
            self.handing.show_held(self.answering.is_held)
        self.answering.look()

    def on_print_due(self) -> None:
        """The answer is there, or it takes too long: paper may move."""
        self.handing.show_held(False)
        if self._undone is None:
            self.handing.print_now()

    def on_answered(self, now: Cancelled) -> None:
        """Head office has decided: the sheet says so, and its slip takes the place of the one before."""
        if self._undone is not None:
            return
        other_slip = now.slip.number != self._cancelled.slip.number
        self._cancelled = now
        self._finished = self._bench.desk.clock()
        self.undo.show_case(now.case)
        if self._is_refused():
            self.undo.end()
            self.offers.end()
        self.retranslate()
        if not look_of(now).sign:
            self.mark.draw()
        if other_slip:
            self.drawer.draw_written(now.slip.body, paper=self.side.paper)
            self.handing.change_slip(now.slip.number, print_it=self._printed_before())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.title.text()))

    def _printed_before(self) -> bool:
        """Whether the answer's slip follows one that the customer holds already."""
        moved = self.handing.state is not Printed.NOT_YET
        return moved and self._ways is not None and self._ways.prints_itself

    def ask_sync(self) -> None:
        """Alt S: Sync, where a refusal is dealt with."""
        if self._is_refused():
            self.answering.stop()
            self.sync_asked.emit(self._cancelled.case.id)

    def on_printed(self) -> None:
        """The slip is on paper: an undo has to ask for it back."""
        if self._undone is None:
            self.undo.show_cannot(not_taken_back(self._cancelled, printed=True, people=self._people))
        self.hints_changed.emit()

    def on_not_printed(self, _: object) -> None:
        """The printer is in trouble: F9 tries again, and the window looks at the printer anew."""
        self.hints_changed.emit()
        self.not_printed.emit()

    def on_paper(self, paper: Paper) -> None:
        """The other paper was chosen for the preview and the next print."""
        self.handing.show_paper(paper)
        self.offers.show_paper(paper)
        self.drawer.draw_written(self._slip().body, paper=paper)

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
        """A question appeared or went; while one stands, Enter answers that one."""
        self.next.set_key("" if self.undo.question else "Enter")
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
        self.answering.stop()
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
        self.answering.stop()
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
        if self._undone is None and not self._is_refused() and self.undo.can_undo:
            found.append((("Ctrl", "Z"), say("ui_done.hint.undo")))
        if self._is_refused():
            found.append((shortcuts.caps(shortcuts.SYNC), say("ui_done.hint.sync")))
        found.append((("Enter",), say("ui_done.hint.next")))
        return found

    # --- Qt ----------------------------------------------------------------------------------------------

    def showEvent(self, event: object) -> None:
        self._lay_body()
        if not look_of(self._cancelled).sign:
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
