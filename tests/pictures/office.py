"""Pictures of a desk with head office: Sync, offline, and the sheet after a cancellation before and after an answer."""

from __future__ import annotations

from concurrent.futures import wait
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from store_desk.app.qt_start import work_around
from store_desk.ui.look.theme import THEME, install_theme
from store_desk.ui.shell.window import MainWindow
from tests.pictures.looks import LOOKS, Look
from tests.ui.cancel.scene import CLERK, NOW, make_template
from tests.ui.sync.scene import Office, begun, finished, office_scene

NAMES = (
    "01-desk-offline",
    "03-success-pending",
    "03-success-head-office",
    "03-success-refused",
    "03-success-supervisor",
    "04-sync-refused",
    "04-sync-ask",
    "04-sync-supervisor",
    "04-sync-offline",
)
QUIET_MS = 60


def take_office(out: Path, work: Path, *, only: str, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """Takes the pictures whose name begins with `only`; answers their file names."""
    if not any(name.startswith(only) for name in NAMES):
        return []
    work_around()
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication) and app.property("look") is None:
        install_theme(app)
        app.setProperty("look", "installed")
    QApplication.setCursorFlashTime(0)
    THEME.reduced_motion = True
    template = make_template(work / "office-template")
    taken: list[str] = []
    for number, look in enumerate(looks):
        with office_scene(template, work / f"office-{number}", lang="en" if look.lang == "en" else "zh") as office:
            THEME.set_scheme("dark" if look.scheme == "dark" else "light")
            taken += _Walk(office, look, out, only).go()
    THEME.set_scheme("light")
    return taken


class _Walk:
    """One window, walked through in one look."""

    def __init__(self, office: Office, look: Look, out: Path, only: str) -> None:
        self._office, self._look, self._out, self._only = office, look, out, only
        self._taken: list[str] = []
        _fill(office)
        self._window = MainWindow(office.bench)
        self._window.resize(*look.size)
        self._window.begin(CLERK)
        self._window.show()
        self._window.activateWindow()

    def go(self) -> list[str]:
        """Takes the pictures and closes the window."""
        office, window = self._office, self._window
        office.tell()
        window.go_place("sync")
        self._snap("04-sync-refused")
        page = window.places.made("sync")
        page.panel.on_ask()
        self._snap("04-sync-ask")
        page.setFocus()
        self._settle()
        QTest.keyClick(page.table.view, Qt.Key.Key_Down)
        self._snap("04-sync-supervisor")
        QTest.keyClick(page.table.view, Qt.Key.Key_Up)
        office.tell(connected=False, ago_s=1_000)
        self._snap("04-sync-offline")
        window.go_desk()
        self._snap("01-desk-offline")
        office.tell()
        self._settle()
        self._sheets()
        window.rest()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return self._taken

    def _sheets(self) -> None:
        office, window = self._office, self._window
        with office.desk.work() as uow:
            uow.settings.put("printer.answer_wait_ms", "1")
        for name, level, meanwhile in (
            ("03-success-head-office", 4, None),
            ("03-success-refused", 4, finished),
            ("03-success-supervisor", 1, begun),
        ):
            window.sheets._on_cancelled(office.cancel(office.ticket(level), level=level))
            self._snap("03-success-pending" if meanwhile is None else "")
            office.clock.pass_(seconds=30)
            office.answer(meanwhile=meanwhile)
            self._snap(name)
            window.sheets._on_finished()

    def _settle(self) -> None:
        for _ in range(3):
            QTest.qWait(QUIET_MS)
            for lane in (self._office.bench.database, self._office.bench.printer, self._office.bench.files):
                wait([lane.submit(_nothing)])

    def _snap(self, name: str) -> None:
        self._settle()
        if name and name.startswith(self._only):
            file = self._look.file_name(name)
            self._window.grab().save(str(self._out / file))
            self._taken.append(file)


def _fill(office: Office) -> None:
    """A day's operations: three confirmed, one refused, one for a supervisor, two sent, one to be sent."""
    clock = office.clock
    clock.pass_(minutes=-220)
    for person, level in ((6, 1), (5, 1), (4, 2)):
        office.cancel(office.ticket(level, person=person))
        clock.pass_(minutes=20)
        office.answer()
    clock.pass_(minutes=60)
    office.cancel(office.ticket(1, person=0))
    clock.pass_(seconds=1)
    office.answer(meanwhile=finished)
    clock.pass_(minutes=20)
    office.cancel(office.ticket(1, person=2))
    office.answer(meanwhile=begun)
    clock.now = NOW
    office.cancel(office.ticket(1, person=7))
    office.cancel(office.ticket(2, person=1))
    office.send()
    clock.pass_(minutes=2)
    office.cancel(office.ticket(1, person=3))
    clock.pass_(seconds=40)


def _nothing() -> None:
    return None
