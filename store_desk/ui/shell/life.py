"""Watching the whole window: scans, and how long nobody has touched anything."""

from __future__ import annotations

import json

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from store_desk.ui.bench import Bench
from store_desk.ui.scanner import ScannerFilter, ScannerSettings
from store_desk.ui.tasks import run

SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


class Life(QObject):
    """Signals: idle() when nobody did anything for the policy's time. Scans come from `scanner`."""

    idle = Signal()

    def __init__(self, bench: Bench, scanner: ScannerFilter, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._scanner = scanner
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)

    def watch(self, watching: bool) -> None:
        """Looks at keys and clicks from now on, by the settings as they are stored now; or no longer."""
        app = QApplication.instance()
        if app is None:
            return
        for watcher in (self._scanner, self):
            app.removeEventFilter(watcher)
            if watching:
                app.installEventFilter(watcher)
        if watching:
            run(self, self._bench.database, self._read, then=self._on_read)
        else:
            self._timer.stop()

    def _read(self) -> tuple[int, ScannerSettings]:
        from store_desk.services.rules import read_policy, read_settings

        policy = read_policy(self._bench.desk)
        prefix = json.loads(read_settings(self._bench.desk, "scanner.").get("prefix", '""'))
        return policy.idle_lock_s, ScannerSettings(policy.scanner_length_min, policy.scanner_gap_ms, str(prefix))

    def _on_read(self, read: tuple[int, ScannerSettings]) -> None:
        seconds, self._scanner.settings = read
        self._timer.start(seconds * 1000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in SIGNS_OF_LIFE and self._timer.interval() > 0:
            self._timer.start()
        return False
