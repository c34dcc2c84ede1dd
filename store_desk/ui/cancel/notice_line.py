"""What is said under a sheet's head: the ticket moved, the cancellation was refused, finish this one first."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.ui.parts.parts import Banner, PanelTone


class NoticeLine(QWidget):
    """One banner at a time; it takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banner: Banner | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(24, 8, 24, 8)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def say(self, tone: PanelTone, icon: str, title: str, text: str = "", *, for_ms: int = 0) -> None:
        """Says something in place of what was said before; `for_ms` 0 lets it stay."""
        self.clear()
        self._banner = Banner(tone, icon, title, text)
        self._banner.setAccessibleName(f"{title} {text}".strip())
        self._rows.addWidget(self._banner)
        self.show()
        if for_ms:
            self._timer.start(for_ms)

    def words(self) -> str:
        """What is said now, empty when nothing is."""
        return self._banner.accessibleName() if self._banner is not None else ""

    def clear(self) -> None:
        """Takes it away."""
        self._timer.stop()
        if self._banner is not None:
            self._rows.removeWidget(self._banner)
            self._banner.deleteLater()
            self._banner = None
        self.hide()
