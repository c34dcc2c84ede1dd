"""Small signs: whose it is, how far it is, that something loads."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import draw_text, frame


class Avatar(QWidget):
    """The first character of a name in a round."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, text: str = "", *, side: int = 32, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._quiet = text[:1], quiet
        self.setFixedSize(side, side)
        self.setAccessibleName(self._text)

    def set_text(self, text: str, *, quiet: bool | None = None) -> None:
        """Changes whose it is."""
        self._text = text[:1]
        self._quiet = self._quiet if quiet is None else quiet
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), self.width() / 2, fill="sunken" if self._quiet else "accent_soft")
        x = (self.width() - text_width(self._text, "subhead")) / 2
        colour = "text2" if self._quiet else "accent_text"
        draw_text(painter, self._text, x, self.height() / 2 - 10, "subhead", colour)


class ProgressLine(QWidget):
    """Two pixels under a header that tell that something is loading; still when motion is reduced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(2)
        self._at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._on_tick)
        self.hide()

    def start(self) -> None:
        """Shows it."""
        self.show()
        if not THEME.reduced_motion:
            self._timer.start()

    def stop(self) -> None:
        """Hides it."""
        self._timer.stop()
        self.hide()

    def _on_tick(self) -> None:
        self._at = (self._at + 0.02) % 1.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("accent_line"))
        width = self.width() * 0.3
        painter.fillRect(QRectF(self._at * (self.width() + width) - width, 0, width, 2), THEME.colour("accent"))


class ProgressBar(QWidget):
    """How far something is, from 0 to 1."""

    accessible_role = QAccessible.Role.ProgressBar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        """Shows another share, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def spoken_value(self) -> str:
        """The share in words."""
        return f"{round(self._share * 100)} %"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(0, 1, self.width(), 4), 2, fill="line_strong")
        if self._share:
            frame(painter, QRectF(0, 1, self.width() * self._share, 4), 2, fill="accent")


class Skeleton(QWidget):
    """A quiet row where something loads; it does not shimmer."""

    def __init__(self, *, height: int = 76, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for top, share in ((16, 0.32), (36, 0.5), (56, 0.4)):
            frame(painter, QRectF(50, top, (self.width() - 80) * share, 9), 4, fill="sunken")
        frame(painter, QRectF(20, 16, 18, 18), 9, fill="sunken")
