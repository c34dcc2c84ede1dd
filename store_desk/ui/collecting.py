"""Python's cycle collector, kept on the GUI thread: on a lane it would free Qt objects, which ends the process."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1_000
# Every so many rounds the oldest generation is looked through too, which takes some milliseconds.
WHOLE_EVERY = 20


class GuiCollector(QObject):
    """Switches automatic collection off and collects by a timer instead; `stop` puts things back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)
        gc.disable()
        self._timer.start()

    def _on_tick(self) -> None:
        self._rounds += 1
        if self._rounds % WHOLE_EVERY == 0:
            gc.collect()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)

    def stop(self) -> None:
        """No more; nothing of Qt is left to be freed elsewhere."""
        self._timer.stop()
        gc.enable()
