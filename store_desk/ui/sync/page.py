"""The Sync page: figures, filter, the outbox, and the panel of the chosen operation."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.services.office_ports import DeliveryCounts
from store_desk.services.sync_view import Standing, SyncRow, SyncView, read_sync
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import Segmented
from store_desk.ui.parts.parts import EmptyState, Hairline, Pane
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.sync.doing import do_way
from store_desk.ui.sync.figures import Figures
from store_desk.ui.sync.link import LinkState
from store_desk.ui.sync.panel import SyncPanel
from store_desk.ui.sync.rows import FILTERS, Filter, belongs
from store_desk.ui.sync.table import SyncTable
from store_desk.ui.sync.ways import ASK
from store_desk.ui.tasks import run

SIDE = 396
PATIENCE_MS = 150
MINUTE_MS = 60_000
PAD = 20
NOTHING = DeliveryCounts(0, 0, 0, None, None)


class SyncPage(Pane):
    """Signals: ticket_asked(ticket id), approvals_asked(ticket id), print_asked(slip number), counted() after each
    reading (see `to_handle`), hints_changed(), closed() for Escape."""

    ticket_asked = Signal(str)
    approvals_asked = Signal(str)
    print_asked = Signal(str)
    counted = Signal()
    hints_changed = Signal()
    closed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._turn = 0
        self._view: SyncView | None = None
        self._selected = ""
        self._wanted = ""
        self._filter: Filter = "all"
        self._title = TextLabel(style="title")
        self._sub = TextLabel(style="small", colour="text2")
        self.now = Button("", icon="refresh-cw", key=shortcuts.REFRESH)
        self.figures = Figures(bench)
        self.filter = Segmented((), value="all", height=36)
        self.table = SyncTable(bench)
        self.panel = SyncPanel(bench)
        self._empty = EmptyState("cloud-check", "")
        self._wrong = TextLabel(style="small", colour="bad", wrap=True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._sub)
        head.addLayout(names, 1)
        head.addWidget(self.now, 0, Qt.AlignmentFlag.AlignVCenter)
        top = QVBoxLayout()
        top.setContentsMargins(PAD, 24, PAD, 8)
        top.setSpacing(20)
        top.addLayout(head)
        top.addWidget(self.figures)
        filters = QHBoxLayout()
        filters.addWidget(self.filter)
        filters.addStretch(1)
        top.addLayout(filters)
        top.addWidget(self._wrong)
        self._wrong.hide()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(top)
        left.addWidget(self.table, 1)
        left.addWidget(self._empty, 1)
        self._empty.hide()
        self.panel.setFixedWidth(SIDE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.panel)
        self.setFocusProxy(self.table.view)

    def _connect(self) -> None:
        self.now.clicked.connect(self.sync_now)
        self.filter.chosen.connect(self.on_filter)
        self.table.chosen.connect(self.on_chosen)
        self.table.opened.connect(self.open_ticket)
        self.panel.done_asked.connect(self.on_do)
        self.panel.open_asked.connect(self.open_ticket)
        self.panel.changed.connect(self.hints_changed)
        self.panel.ways.why.editingFinished.connect(self.hints_changed)
        self._bench.language.changed.connect(self.retranslate)
        office = self._bench.head_office
        if office is not None:
            office.changed.connect(self.on_link)
            office.settled.connect(self._on_settled)
        confirm = QShortcut(QKeySequence(shortcuts.CONFIRM), self)
        confirm.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        confirm.activated.connect(self.panel.on_do)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_slow)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.table.model.reread)
        self._minute.start()

    # --- reading -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the outbox again; content at hand stays until the answer is there."""
        actor = self._bench.session.actor
        if actor is None:
            return
        self._turn += 1
        work = partial(_read, self._turn, partial(read_sync, self._bench.desk, actor))
        if self._view is None:
            self._patience.start()
        run(self, self._bench.database, work, then=self.on_read, refused=self.on_not_read)

    def on_read(self, reply: tuple[int, SyncView]) -> None:
        """The outbox is there; an older answer never takes a newer one's place."""
        turn, view = reply
        if turn != self._turn:
            return
        self._patience.stop()
        self._view = view
        self._wrong.hide()
        if self._wanted:
            self._go_to_wanted(view)
        self._show()
        self.counted.emit()

    def _go_to_wanted(self, view: SyncView) -> None:
        found = [row.id for row in view.rows if self._wanted in (row.delivery.envelope.case_id, row.id)]
        self._wanted = ""
        if found:
            self._selected = found[0]
            self._filter = "all"

    def on_not_read(self, error: DomainError) -> None:
        """The outbox could not be read; what is shown stays."""
        self._patience.stop()
        self._wrong.set_text(self._bench.language.error(error))
        self._wrong.show()

    def _on_slow(self) -> None:
        if self._view is None:
            self.table.show_loading(True)

    def show_case(self, case_id: str) -> None:
        """Chooses the latest operation of a case as soon as it is read."""
        self._wanted = case_id
        self.refresh()

    @property
    def to_handle(self) -> int:
        """How many answers a person has to deal with, as last read."""
        return self._view.counts.to_handle if self._view is not None else 0

    # --- showing -----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self._title.set_text(say("ui_sync.title"))
        self._sub.set_text(say("ui_sync.sub", desk=self._bench.desk.identity.desk))
        self.filter.setAccessibleName(say("ui_sync.filter"))
        self.table.retranslate()
        self._show()

    def _show(self) -> None:
        view = self._view
        rows = view.rows if view is not None else ()
        counts = view.counts if view is not None else NOTHING
        say = self._bench.language.say
        self.figures.show_counts(counts, connected=self._state().connected)
        options = tuple((name, self._filter_words(name, rows, counts), "", "") for name in FILTERS)
        self.filter.set_options(options)
        self.filter.set_value(self._filter)
        shown = tuple(row for row in rows if belongs(row, self._filter))
        people = view.people if view is not None else {}
        self.table.show_rows(shown, people, selected=self._selected)
        nothing = view is not None and not shown
        self.table.setVisible(not nothing)
        self._empty.setVisible(nothing)
        self._empty.set_sentence(say("ui_sync.empty" if not rows else "ui_sync.empty.filter"))
        self._show_now()
        self._show_panel()

    def _filter_words(self, name: Filter, rows: tuple[SyncRow, ...], counts: DeliveryCounts) -> str:
        number = {"action": counts.to_handle, "open": counts.waiting}.get(name)
        if number is None:
            number = sum(belongs(row, name) for row in rows)
        return self._bench.language.say(f"ui_sync.filter.{name}", n=number)

    def _show_now(self) -> None:
        say, state = self._bench.language.say, self._state()
        self.now.set_text(say("ui_sync.running" if state.running else "ui_sync.now"))
        self.now.set_reason("" if state.connected else say("ui_sync.now.offline"))

    def _show_panel(self) -> None:
        row = self.table.current() if self.table.isVisibleTo(self) else None
        self._selected = row.id if row is not None else self._selected
        self.panel.show_row(row, self._view.people if self._view is not None else {})
        self.hints_changed.emit()

    def _state(self) -> LinkState:
        office = self._bench.head_office
        return office.state() if office is not None else LinkState()

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say, ways = self._bench.language.say, self.panel.shown_ways()
        found: list[tuple[tuple[str, ...], str]] = []
        if self.table.current() is not None:
            found.append((("↑", "↓"), say("ui_sync.hint.move")))
        if ways and not isinstance(QApplication.focusWidget(), QLineEdit):
            digits = ("1",) if len(ways) == 1 else ("1", "–", str(len(ways)))
            found.append((digits, say("ui_sync.hint.choose")))
        if ways:
            found.append((("Ctrl", "↵"), say("ui_sync.hint.do")))
        if self.table.current() is not None:
            found.append((("Enter",), say("ui_sync.hint.open")))
        if self._state().connected:
            found.append(((shortcuts.REFRESH,), say("ui_sync.hint.now")))
        found.append(((shortcuts.SEARCH,), say("ui_sync.hint.search")))
        return found

    # --- slots -------------------------------------------------------------------------------------------

    def sync_now(self) -> None:
        """F5: a round with head office at once, and the outbox as it is now."""
        office = self._bench.head_office
        if office is not None:
            office.wake()
        self.refresh()

    def on_link(self) -> None:
        """The wire to head office stands otherwise: read again where it shows."""
        self.table.model.reread()
        self._show_now()
        if self.isVisible():
            self.refresh()

    def _on_settled(self, _: str) -> None:
        if self.isVisible():
            self.refresh()

    def on_filter(self, chosen: str) -> None:
        """Another part of the outbox is wanted."""
        self._filter = next(name for name in FILTERS if name == chosen)
        self._show()

    def on_chosen(self, op_id: str) -> None:
        """Another operation was chosen."""
        self._selected = op_id
        self._show_panel()

    def open_ticket(self) -> None:
        """The chosen operation's ticket."""
        row = self.table.current()
        if row is not None and row.ticket is not None:
            self.ticket_asked.emit(row.ticket.id)

    def on_do(self, does: str, why: str) -> None:
        """Carries the chosen way out."""
        row, actor = self.table.current(), self._bench.session.actor
        if row is None or actor is None:
            return
        work = partial(do_way, self._bench.desk, actor, row, does=does, why=why)
        task = run(self, self._bench.database, partial(_done, row, work), then=self.on_done, refused=self.on_refused)
        task.failed.connect(self.on_broken)

    def on_done(self, reply: tuple[SyncRow, str]) -> None:
        """It is done and on record: what else it means follows."""
        row, does = reply
        if does == "tell" and row.slip is not None and row.slip.owed:
            self.print_asked.emit(row.slip.number)
        office = self._bench.head_office
        if does == ASK and office is not None:
            office.wake()
        self.refresh()
        if does == "supervisor" and row.standing is Standing.NEEDS_APPROVAL:
            self.approvals_asked.emit(row.delivery.envelope.ticket_id)
        elif does in ("open", "reopen") and row.ticket is not None:
            self.ticket_asked.emit(row.ticket.id)
        else:
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_refused(self, error: DomainError) -> None:
        """It was refused: said in place, nothing has changed."""
        self.panel.show_refused(self._bench.language.error(error))

    def on_broken(self, _: str) -> None:
        """Something broke; it can be tried again."""
        self.panel.show_refused("")

    # --- Qt ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: digits choose a way while no text field has the focus; Escape leaves."""
        typing = isinstance(QApplication.focusWidget(), QLineEdit)
        if event.key() == Qt.Key.Key_Escape:
            self.table.view.setFocus() if typing else self.closed.emit()
        elif not typing and event.text().isdigit() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.panel.ways.choose_digit(int(event.text()))
        else:
            super().keyPressEvent(event)


def _read(turn: int, read: partial[SyncView]) -> tuple[int, SyncView]:
    return turn, read()


def _done(row: SyncRow, work: partial[str]) -> tuple[SyncRow, str]:
    return row, work()
