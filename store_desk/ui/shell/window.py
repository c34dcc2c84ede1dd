"""The main window: rail, top bar, pages, sheets over them, hint bar; it hands keys and scans to where they belong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from store_desk.domain.staff import Actor
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.desk.page import DeskPage
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.frame import HintBar, Rail
from store_desk.ui.qt_words import QtWords
from store_desk.ui.scanner import ScannerFilter
from store_desk.ui.shell import commands
from store_desk.ui.shell.keys import bind_keys
from store_desk.ui.shell.life import Life
from store_desk.ui.shell.overlay import Overlay
from store_desk.ui.shell.places import Places
from store_desk.ui.shell.printers import PrinterWatch
from store_desk.ui.shell.reprint import Reprint
from store_desk.ui.shell.scans import take_scan
from store_desk.ui.shell.sheets import Sheets
from store_desk.ui.shell.supervision import Supervision
from store_desk.ui.shell.top_bar import TopBar
from store_desk.ui.shell.wire import Wire

CLOCK_MS = 10_000
# The design's 1366x768 less what a desktop's own panels may take.
SMALLEST = (1280, 700)


class MainWindow(QWidget):
    """Everything after sign-in. Signals: locked(str: who was at the desk) when the sign-in page should come again."""

    locked = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._overlay = Overlay(self)
        self._settings: Any = None
        self._import: Any = None
        self._verify: Any = None
        self.setMinimumSize(*SMALLEST)
        self._build()
        bind_keys(self)
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK_MS)
        self._clock.timeout.connect(self._on_clock)
        self.scanner = ScannerFilter(self)
        self.scanner.scanned.connect(self.on_scanned)
        self._life = Life(bench, self.scanner, self)
        self._life.idle.connect(self.lock)
        bench.language.changed.connect(self.on_language_changed)
        THEME.changed.connect(self.update)
        self.on_language_changed()

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        QtWords(self._bench.language, self)
        identity = self._bench.desk.identity
        self.rail = Rail(identity.store_name[:1])
        self.rail.chosen.connect(self.on_rail)
        self.top = TopBar(self._bench.language, desk_number=identity.desk, demo=identity.demo)
        self.top.lock_asked.connect(self.lock)
        self.desk = DeskPage(self._bench)
        self.desk.cancel_asked.connect(self.open_cancel)
        self.desk.reopened.connect(self._on_reopened)
        self.desk.hints_changed.connect(self.show_hints)
        search = self.top.search
        search.textChanged.connect(self.desk.search)
        search.moved.connect(self.desk.move)
        search.entered.connect(self.desk.enter_pressed)
        search.cleared.connect(self.desk.escape_pressed)
        self.desk.search_asked.connect(self.focus_search)
        self.desk.clear_asked.connect(search.clear)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.desk)
        self.places = Places(self.rail, self.pages, self._bench.language)
        self.hints = HintBar()
        self.printers = PrinterWatch(self._bench, self.hints, self)
        self.reprint = Reprint(self._bench, self, top=self.top, printers=self.printers)
        self.reprint.ended.connect(self.desk.refresh)
        self.desk.print_asked.connect(self.reprint.print_slip)
        self._build_sheets()
        self.supervision = Supervision(self)
        self.wire = Wire(self, self._bench.head_office) if self._bench.head_office is not None else None
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.top)
        if self.wire is not None:
            self.top.add_line(self.wire.line)
            body.addWidget(self.wire.banner)
        body.addWidget(self.pages, 1)
        body.addWidget(self.hints)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(body, 1)

    def _build_sheets(self) -> None:
        self.sheets = Sheets(self._bench, self, overlay=self._overlay, hints=self.hints)
        self.sheets.changed.connect(self.show_hints)
        self.sheets.left.connect(self._on_left)
        self.sheets.finished.connect(self.next_customer)
        self.sheets.withdrawn.connect(self.desk.open_ticket_id)
        self.sheets.reopened.connect(self._on_reopened)
        self.sheets.not_printed.connect(self.printers.look)

    # --- coming and going --------------------------------------------------------------------------------------

    def begin(self, actor: Actor) -> None:
        """Somebody signed in: shows the desk, or what was open when it was locked."""
        self._bench.session.actor = actor
        self._bench.session.since = self._bench.desk.clock()
        self.top.set_actor(actor)
        self.desk.refresh()
        self._on_clock()
        self._clock.start()
        self.printers.start()
        self._life.watch(True)
        self.supervision.begin()
        clerk, ticket_id = self._continue
        self._continue = ("", "")
        if ticket_id and clerk == actor.id:
            self.open_cancel(ticket_id)
        else:
            self.focus_search()

    # Whose sheet was open on which ticket when the desk was locked.
    _continue = ("", "")

    def lock(self) -> None:
        """Hides everything of customers; what was being typed is kept as a draft."""
        actor = self._bench.session.actor
        if self.sheets.current is not None:
            self._continue = (actor.id if actor else "", self.sheets.put_away())
        self._bench.session.actor = None
        self._life.watch(False)
        self._clock.stop()
        self.printers.stop()
        self._overlay.close_it()
        self._drop_settings()
        self._drop_places()
        self.supervision.rest()
        self.locked.emit(actor.id if actor else "")

    def _drop_places(self) -> None:
        if self.places.has(self.rail.current()):
            self.pages.setCurrentWidget(self.desk)
            self.rail.set_current("desk")
        self.places.drop()

    def _drop_settings(self) -> None:
        """The next clerk may have other rights, so the settings are made anew."""
        if self._settings is not None:
            if self.pages.currentWidget() is self._settings:
                self.pages.setCurrentWidget(self.desk)
                self.rail.set_current("desk")
            self.pages.removeWidget(self._settings)
            self._settings.deleteLater()
            self._settings = None

    # --- pages -------------------------------------------------------------------------------------------------

    def on_rail(self, key: str) -> None:
        """A place of the rail was chosen."""
        if self.sheets.current is None:
            if self.places.has(key):
                self.go_place(key)
            else:
                (self.go_settings if key == "settings" else self.go_desk)()

    def on_rail_key(self) -> None:
        """Ctrl and a digit: the place of the rail that stands there, counted from the top."""
        keys, number = self.places.keys(), int(self.sender().property("place"))
        if number < len(keys):
            self.on_rail(keys[number])

    def go_place(self, key: str) -> None:
        """One of the further places."""
        if self.sheets.current is not None or not self.places.has(key):
            return
        page = self.places.page(key)
        self.pages.setCurrentWidget(page)
        self.rail.set_current(key)
        page.refresh()
        self.show_hints()
        page.setFocus()

    def open_ticket(self, ticket_id: str) -> None:
        """The desk with this ticket open."""
        self.go_desk()
        self.desk.open_ticket_id(ticket_id)

    def go_desk(self) -> None:
        """Back to the tickets."""
        if self.sheets.current is not None:
            return
        self.pages.setCurrentWidget(self.desk)
        self.rail.set_current("desk")
        self.desk.refresh()
        self.show_hints()
        self.focus_search()

    def go_settings(self) -> None:
        """The settings; made when first asked for."""
        if self.sheets.current is not None:
            return
        if self._settings is None:
            from store_desk.ui.settings.page import SettingsPage

            self._settings = SettingsPage(self._bench)
            self._settings.closed.connect(self.go_desk)
            self._settings.import_asked.connect(self.go_import)
            self._settings.hints_changed.connect(self.show_hints)
            self.pages.addWidget(self._settings)
        self.pages.setCurrentWidget(self._settings)
        self.rail.set_current("settings")
        self.show_hints()
        self._settings.setFocus()
        # What is stored, not what it would be without: a page just made shows the defaults until then.
        self._settings.refresh()

    def go_import(self) -> None:
        """Bringing tickets in."""
        if self.sheets.current is not None:
            return
        if self._import is None:
            from store_desk.ui.imports.page import ImportPage

            self._import = ImportPage(self._bench)
            self._import.closed.connect(self._on_import_closed)
            self._import.hints_changed.connect(self.show_hints)
            self.pages.addWidget(self._import)
        self.pages.setCurrentWidget(self._import)
        self.rail.set_current("settings")
        self.show_hints()
        self._import.setFocus()

    def go_verify(self) -> None:
        """Checking a slip that somebody brings."""
        if self.sheets.current is not None:
            return
        if self._verify is None:
            from store_desk.ui.verify.page import VerifyPage

            self._verify = VerifyPage(self._bench)
            self._verify.closed.connect(self.go_desk)
            self._verify.hints_changed.connect(self.show_hints)
            self.pages.addWidget(self._verify)
        self.pages.setCurrentWidget(self._verify)
        self.rail.set_current("")
        self.show_hints()
        self._verify.setFocus()

    def _on_import_closed(self) -> None:
        page, self._import = self._import, None
        self.pages.removeWidget(page)
        page.deleteLater()
        # Its button says so, and the list of imports with their undo stands there.
        self.go_settings()

    # --- sheets ------------------------------------------------------------------------------------------------

    def open_cancel(self, ticket_id: str) -> None:
        """The cancel sheet over the desk."""
        self.sheets.open_cancel(ticket_id)

    def _on_left(self) -> None:
        self.desk.refresh()
        self.focus_search()

    def next_customer(self) -> None:
        """An empty search, ready."""
        self.top.search.clear()
        self.desk.refresh()
        self.focus_search()

    def _on_reopened(self, ticket_id: str) -> None:
        self.top.search.clear()
        self.desk.refresh()
        self.desk.open_ticket_id(ticket_id)
        self.focus_search()

    # --- keys, scans, commands ---------------------------------------------------------------------------------

    def focus_search(self) -> None:
        """The search box, ready to type over what stands in it."""
        if self.sheets.current is None:
            if self.pages.currentWidget() is not self.desk:
                self.go_desk()
                return
            self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.top.search.selectAll()

    def on_scanned(self, text: str) -> None:
        """A scan, from anywhere."""
        take_scan(self, text)

    def verify_page(self) -> Any:
        """The page that checks slips, None before it was first wanted."""
        return self._verify

    def is_importing(self) -> bool:
        """Whether the import is in front."""
        return self._import is not None and self.pages.currentWidget() is self._import

    def on_cancel_key(self) -> None:
        """F8."""
        if self.sheets.current is None and self.pages.currentWidget() is self.desk:
            self.desk.cancel_current()

    def on_print_key(self) -> None:
        """F9; a sheet that is open prints its own slip."""
        if self.sheets.current is not None:
            again = getattr(self.sheets.current, "print_again", None)
            if again is not None:
                again()
        elif self.pages.currentWidget() is self.desk:
            self.desk.print_current()

    def on_reveal_key(self) -> None:
        """Alt V."""
        if self.sheets.current is None and self.pages.currentWidget() is self.desk:
            self.desk.reveal_phone()

    def on_refresh(self) -> None:
        """F5: what is shown, anew, and a round with head office where there is one."""
        if self.wire is not None:
            self.wire.wake()
        page = self.places.made(self.rail.current())
        (page if page is not None else self.desk).refresh()
        self.printers.look()

    def open_commands(self) -> None:
        """All commands by name."""
        if self.sheets.current is None:
            self._overlay.show_palette(commands.commands_of(self), self._bench.language)

    def open_help(self) -> None:
        """All keys."""
        self._overlay.show_help(commands.key_groups(self._bench.language), self._bench.language)

    def close_overlay(self) -> None:
        """Takes away what lies over the window for a moment."""
        self._overlay.close_it()

    # --- showing -----------------------------------------------------------------------------------------------

    def show_hints(self) -> None:
        """What works now, at the bottom."""
        say = self._bench.language.say
        shown: Any = self.sheets.current or self.pages.currentWidget()
        hints = list(shown.hints()) if hasattr(shown, "hints") else []
        if self.sheets.current is None:
            hints.append((shortcuts.caps(shortcuts.COMMANDS), say("ui_shell.hint.commands")))
        hints.append((shortcuts.caps(shortcuts.HELP), say("ui_shell.hint.help")))
        self.hints.set_hints(hints)

    def on_language_changed(self) -> None:
        """Reads the frame's words again."""
        self.places.show()
        if self.sheets.current is None and self.pages.currentWidget() is self.desk:
            self.rail.set_current("desk")
        self.show_hints()
        self.printers.show_state()

    def _on_clock(self) -> None:
        self.hints.set_clock(self._bench.desk.clock().astimezone(self._bench.desk.zone).strftime("%H:%M"))

    @property
    def bench(self) -> Bench:
        """What the screens are handed."""
        return self._bench

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sheets.place()
        self._overlay.place()

    def rest(self) -> None:
        """Nothing is watched or asked any more; the end of the program is near."""
        self._life.watch(False)
        self._clock.stop()
        self.printers.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.rest()
        super().closeEvent(event)
