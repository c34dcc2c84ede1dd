"""What devices are tried with: a pad that tells what it feels, and a sign that shows which display is which."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QScreen,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from store_desk.ui.look.theme import THEME, font
from store_desk.ui.parts.signature import SignaturePad

SIGN_MS: Final = 4000
PAD_HEIGHT: Final = 120


class TryPad(SignaturePad):
    """The customer's pad, telling what it feels. Signal: felt(kind, pressure): pen, touch or mouse; 0 to 1."""

    felt = Signal(str, float)

    def __init__(self, *, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint=hint, height=PAD_HEIGHT, parent=parent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.felt.emit(_kind(event), 0.0)

    def tabletEvent(self, event: QTabletEvent) -> None:
        super().tabletEvent(event)
        if event.pressure() > 0:
            self.felt.emit("pen", event.pressure())


def _kind(event: QMouseEvent) -> str:
    return "touch" if event.pointerType() == QPointingDevice.PointerType.Finger else "mouse"


class ScreenSign(QWidget):
    """Fills a display with a sentence for a moment; a click or any key takes it away."""

    def __init__(self, words: str) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._words = words
        self.setAccessibleName(words)
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(SIGN_MS)
        self._over.timeout.connect(self.close)

    def show_on(self, screen: QScreen) -> None:
        """Fills the display."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self._over.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), THEME.colour("accent"))
        painter.setPen(THEME.colour("on_accent"))
        painter.setFont(font("display"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._words)
