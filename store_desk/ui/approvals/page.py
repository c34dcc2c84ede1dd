"""The Approvals page: the queue with the request that is looked at, and the exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Both
from store_desk.domain.staff import Actor
from store_desk.services import approvals_view as watch
from store_desk.services.approvals_view import Exceptions, Waiting, WaitingView
from store_desk.services.desk import Desk
from store_desk.services.office import Sheet
from store_desk.services.oversight import Watched
from store_desk.ui.approvals.deciding import Decided, approve, decline
from store_desk.ui.approvals.detail import RequestPane
from store_desk.ui.approvals.exceptions import ExceptionsPane
from store_desk.ui.approvals.panes import ExceptionsHead, QueueSide
from store_desk.ui.approvals.queue import QueueRow
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.notice_line import NoticeLine
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import LIST_NARROW, LIST_WIDE, RAIL, WIDE_FROM
from store_desk.ui.parts.areas import Hairline
from store_desk.ui.tasks import run

# How long a request waits is told in minutes; another desk's request comes in between.
LOOK_AGAIN_MS: Final = 15_000
WAITING, EXCEPTIONS, PAST = "waiting", "exceptions", "handled"


@dataclass(frozen=True, slots=True)
class _Read:
    turn: int
    rows: tuple[Waiting, ...]
    found: Exceptions
    names: dict[str, Both]


def _read(desk: Desk, actor: Actor, turn: int) -> _Read:
    rows = watch.approvals(desk, actor)
    if rows:
        watch.remember_used(desk)
    with desk.read() as uow:
        names = watch.names_of(uow)
    return _Read(turn, rows, watch.exceptions(desk, actor), names)


class ApprovalsPage(QWidget):
    """Signals: closed(), hints_changed(), counted(waiting, exceptions), ticket_asked(ticket id), decided(case id)."""

    closed = Signal()
    hints_changed = Signal()
    counted = Signal(int, int)
    ticket_asked = Signal(str)
    decided = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._turn = 0
        self._rows: tuple[Waiting, ...] = ()
        self._found = Exceptions((), ())
        self._current = ""
        self._tab = WAITING
        self._stores: dict[str, Both] = {}
        self._left, self._head = QueueSide(), ExceptionsHead(bench)
        self.list, self.list_tabs, self.page_tabs = self._left.list, self._left.tabs, self._head.tabs
        self.request = RequestPane(bench)
        self.exceptions = ExceptionsPane(bench)
        self.notice = NoticeLine()
        self.pages = QStackedWidget()
        self._build()
        self._connect()
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self.refresh)
        self.request.show_nobody()
        self._on_language()

    # --- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.notice)
        right.addWidget(self.request, 1)
        queue = QWidget()
        row = QHBoxLayout(queue)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(right, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(self.exceptions, 1)
        self.pages.addWidget(queue)
        self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _connect(self) -> None:
        for tabs in (self.list_tabs, self.page_tabs):
            tabs.chosen.connect(self.show_tab)
        self.list.chosen.connect(self.choose)
        self.request.history_asked.connect(self.ticket_asked)
        self.exceptions.ticket_asked.connect(self.ticket_asked)
        self.exceptions.handled.connect(self._on_handled)
        self.exceptions.mode_changed.connect(self.hints_changed)
        decide = self.request.decide
        decide.approve_asked.connect(self._on_approve)
        decide.decline_asked.connect(self._on_decline)
        decide.call_asked.connect(self.call_desk)
        decide.mode_changed.connect(self.hints_changed)
        self._bench.language.changed.connect(self._on_language)
        THEME.changed.connect(self.update)
        if self._bench.head_office is not None:
            self._bench.head_office.settled.connect(self._on_settled)

    # --- reading -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads queue and exceptions again."""
        actor = self._bench.session.actor
        if actor is None:
            return
        self._turn += 1
        work = partial(_read, self._bench.desk, actor, self._turn)
        run(self, self._bench.database, work, then=self._on_read, refused=self._on_read_refused)

    def _on_settled(self, _case_id: str) -> None:
        self.refresh()

    def _on_read(self, read: _Read) -> None:
        if read.turn != self._turn:
            return
        before = [row.case.id for row in self._rows]
        self._rows, self._found = read.rows, read.found
        self.exceptions.names = read.names
        ids = [row.case.id for row in read.rows]
        if self._current not in ids:
            # The next in line takes the place of the one that was decided.
            place = before.index(self._current) if self._current in before else 0
            self._current = ids[min(place, len(ids) - 1)] if ids else ""
        self._show_all()
        self.counted.emit(len(self._rows), len(self._found.found))
        self._open_current()

    def _on_read_refused(self, error: DomainError) -> None:
        self.request.show_nobody()
        self.show_said("bad", self._bench.language.error(error))

    def _open_current(self) -> None:
        actor = self._bench.session.actor
        if not self._current or actor is None:
            self.request.show_nobody()
            self.hints_changed.emit()
            return
        work = partial(watch.waiting_view, self._bench.desk, actor, case_id=self._current)
        run(self, self._bench.database, work, then=self._on_view, refused=self._on_gone)

    def _on_view(self, view: WaitingView) -> None:
        if view.waiting.case.id != self._current:
            return
        other = self.request.case_id() != self._current
        self.request.show_request(view)
        if other and self._tab == WAITING and self.isVisible():
            self.request.decide.focus_pin()
        self.hints_changed.emit()

    def _on_gone(self, error: DomainError) -> None:
        self.show_said("warn", self._bench.language.error(error))

    # --- showing -------------------------------------------------------------------------------------------

    def show_stores(self, sheet: Sheet) -> None:
        """Takes the names of the chain's stores, as head office has them."""
        self._stores = {item["code"]: Both(item["name"], item.get("name_other") or "") for item in sheet.body or ()}
        self.request.stores = self._stores
        self._show_all()
        self.request.reread()

    def _show_all(self) -> None:
        say = self._bench.language.say
        words = Sayings(self._bench, self._stores)
        rows = tuple(self._row(row, words) for row in self._rows)
        self.list.show_rows(rows, self._current)
        waiting = (WAITING, say("ui_approvals.tab.waiting", n=len(rows)), "", "")
        found = (EXCEPTIONS, say("ui_approvals.tab.exceptions", n=len(self._found.found)), "", "")
        past = (PAST, say("ui_approvals.tab.handled", n=len(self._found.handled)), "", "")
        self.list_tabs.set_options((waiting, found))
        self.list_tabs.set_value(WAITING)
        self.page_tabs.set_options((waiting, found, past))
        self.page_tabs.set_value(self._tab)
        self.exceptions.show_exceptions(self._found, past=self._tab == PAST)

    def _row(self, row: Waiting, words: Sayings) -> QueueRow:
        waits = words.span(row.case.opened_at)
        spoken = words.say(
            "ui_approvals.row.spoken",
            name=words.name(row),
            reason=words.reason(row),
            number=row.ticket.number,
            where=words.where(row),
            t=waits,
        )
        return QueueRow(
            id=row.case.id,
            # Being cancelled has no glyph of its own: the row shows where the work stands.
            glyph=row.line.rung.value,
            name=words.name(row),
            waits=words.say("ui_approvals.row.waits", t=waits),
            reason=words.reason(row),
            amount=words.amount(row),
            third=words.third_line(row),
            spoken=spoken,
        )

    def show_said(self, tone: str, words: str) -> None:
        """One line over the request; an empty one takes it away."""
        icons: dict[str, str] = {"ok": "circle-check", "warn": "triangle-alert", "bad": "triangle-alert"}
        tones: dict[str, Any] = {"ok": "ok", "warn": "warn", "bad": "bad"}
        if words:
            self.notice.say(tones.get(tone, "sunken"), icons.get(tone, "info"), words)
        else:
            self.notice.clear()

    def show_tab(self, tab: str) -> None:
        """Waiting, exceptions, or what was dealt with."""
        self._tab = tab
        self.pages.setCurrentIndex(0 if tab == WAITING else 1)
        self._show_all()
        if tab == WAITING:
            self.request.decide.focus_pin()
        else:
            self.exceptions.table.setFocus()
        self.hints_changed.emit()

    def choose(self, case_id: str) -> None:
        """Looks at another request."""
        if case_id != self._current:
            self._current = case_id
            self.show_said("", "")
            self._show_all()
            self._open_current()

    def go_by(self, step: int) -> None:
        """The next request of the queue, or the one before."""
        ids = [row.case.id for row in self._rows]
        if self._current in ids:
            self.choose(ids[min(len(ids) - 1, max(0, ids.index(self._current) + step))])

    # --- deciding ------------------------------------------------------------------------------------------

    def _on_approve(self, pin: str) -> None:
        self._decide(partial(approve, case_id=self.request.case_id(), pin=pin))

    def _on_decline(self, why: str, pin: str) -> None:
        self._decide(partial(decline, case_id=self.request.case_id(), pin=pin, why=why))

    def _decide(self, how: partial[Decided]) -> None:
        actor = self._bench.session.actor
        if actor is None or not self.request.case_id():
            return
        self.request.decide.show_busy()
        work = partial(how, self._bench.desk, actor)
        run(self, self._bench.database, work, then=self._on_decided, refused=self.request.decide.show_refused)

    def _on_decided(self, decided: Decided) -> None:
        row = next((row for row in self._rows if row.case.id == decided.case_id), None)
        if row is not None:
            who = self._bench.language.of(row.requester)
            key = "done.approved" if decided.approved else "done.declined"
            words = self._bench.language.say(f"ui_approvals.{key}", number=row.ticket.number, who=who)
            self.show_said("ok" if decided.approved else "warn", words)
        if self._bench.head_office is not None:
            self._bench.head_office.wake()
        self.decided.emit(decided.case_id)
        self.refresh()

    def call_desk(self) -> None:
        """Notes that the desk is called first, and says whom to call."""
        actor = self._bench.session.actor
        if actor is None or not self.request.case_id():
            return
        work = partial(watch.note_call, self._bench.desk, actor, case_id=self.request.case_id())
        run(self, self._bench.database, work, then=self._on_called, refused=self.request.decide.show_refused)

    def _on_called(self, phone: str) -> None:
        view = self.request.view()
        if view is None:
            return
        words = Sayings(self._bench, self._stores)
        who = self._bench.language.of(view.waiting.requester)
        key = "call.noted" if phone else "call.no_phone"
        said = words.say(f"ui_approvals.{key}", phone=phone, who=who, where=words.where(view.waiting))
        self.request.decide.say(said)

    def _on_handled(self, item: Watched, how: str) -> None:
        actor = self._bench.session.actor
        if actor is None:
            return
        work = partial(
            watch.handle_exception, self._bench.desk, actor, concern=item.concern, case_id=item.case_id, how=how
        )
        run(self, self._bench.database, work, then=self._on_noted, refused=self._on_gone)

    def _on_noted(self, _nothing: object) -> None:
        self.refresh()

    # --- frame ---------------------------------------------------------------------------------------------

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say = self._bench.language.say
        hints: list[tuple[tuple[str, ...], str]] = [(("↑", "↓"), say("ui_approvals.hint.move"))]
        if self._tab == WAITING and self._rows:
            if self.request.decide.is_declining():
                hints += [(("Enter",), say("ui_approvals.hint.decline")), (("Esc",), say("ui_approvals.hint.back"))]
            elif not self.request.decide.is_barred():
                hints += [
                    (("0", "–", "9"), "PIN"),
                    (("Enter",), say("ui_approvals.hint.approve")),
                    (("D",), say("ui_approvals.hint.decline")),
                ]
            hints.append((("C",), say("ui_approvals.hint.call")))
        elif self._tab == EXCEPTIONS and self._found.found:
            hints.append((("Enter",), say("ui_approvals.hint.do")))
        hints.append((("F2",), say("ui_approvals.hint.search")))
        return hints

    def _on_language(self) -> None:
        self._head.reread()
        self.show_said("", "")
        self._show_all()
        self.request.reread()
        self.hints_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again.start()
        self.refresh()
        if self._tab == WAITING and self.request.case_id():
            self.request.decide.focus_pin()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._again.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() + RAIL >= WIDE_FROM
        self._left.setFixedWidth(LIST_WIDE if wide else LIST_NARROW - 12)
        self.request.set_room(wide=wide, height=self.height())
        pad = 32 if wide else 28
        self._head.set_pad(pad)
        self.exceptions.set_room(pad=pad)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        typing = isinstance(self.focusWidget(), QLineEdit)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._tab == WAITING:
            self.go_by(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif self._tab != WAITING or typing:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.request.decide.press_enter()
        elif key == Qt.Key.Key_D:
            self.request.decide.begin_decline()
        elif key == Qt.Key.Key_C:
            self.call_desk()
        elif event.text().isdigit():
            self.request.decide.pin.setFocus()
            self.request.decide.pin.type_digit(event.text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("surface"))
