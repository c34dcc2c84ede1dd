"""A sheet that slides in from the right over a scrim, and back."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QEvent, QObject, QRect, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QWidget

from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import BASE_MS, RAIL
from store_desk.ui.parts.frame import Scrim


class SlideIn(QWidget):
    """Lays `content` over `parent`, from `left` to its right edge, down to `bottom` pixels from its end.

    What lies under it is dimmed. Signals: opened() and closed() when it rests, dismissed() when the scrim is clicked.
    Closing gives the focus back to what had it before.
    """

    opened = Signal()
    closed = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget, content: QWidget, *, left: int = RAIL, bottom: int = 0) -> None:
        super().__init__(parent)
        self._under = parent
        self._left, self._bottom = left, bottom
        self._share = 0.0
        self._before: QWidget | None = None
        self._scrim = Scrim(self)
        self._scrim.clicked.connect(self.dismissed)
        self._content = content
        content.setParent(self)
        self._motion = QVariantAnimation(self)
        self._motion.valueChanged.connect(self._on_value)
        self._motion.finished.connect(self._on_finished)
        parent.installEventFilter(self)
        self.hide()

    def content(self) -> QWidget:
        """The sheet."""
        return self._content

    def is_open(self) -> bool:
        """Whether it is in or coming in."""
        return self.isVisible() and self._motion.endValue() != 0.0

    def slide_in(self) -> None:
        """Brings the sheet in; at once when motion is reduced."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._under.rect())
        self._content.show()
        self._place()
        self.show()
        self.raise_()
        self._move(1.0, QEasingCurve.Type.OutCubic)

    def slide_out(self) -> None:
        """Takes the sheet away; at once when motion is reduced."""
        if self.isVisible():
            self._move(0.0, QEasingCurve.Type.InCubic)

    def _move(self, share: float, curve: QEasingCurve.Type) -> None:
        self._motion.stop()
        self._motion.setStartValue(self._share)
        self._motion.setEndValue(share)
        length = THEME.duration(BASE_MS)
        if length == 0 or self._share == share:
            self._on_value(share)
            self._on_finished()
            return
        self._motion.setDuration(length)
        self._motion.setEasingCurve(curve)
        self._motion.start()

    def _on_value(self, share: float) -> None:
        self._share = float(share)
        self._place()

    def _on_finished(self) -> None:
        if self._share > 0.0:
            self.opened.emit()
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus()
        self.closed.emit()

    def _place(self) -> None:
        room = self.rect()
        width = max(0, room.width() - self._left)
        x = self._left + round(width * (1.0 - self._share))
        self._scrim.setGeometry(room)
        self._scrim.set_share(self._share)
        self._content.setGeometry(QRect(x, 0, width, room.height() - self._bottom))
        self._content.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._under:
            self.setGeometry(self._under.rect())
            if self._motion.state() != QAbstractAnimation.State.Running:
                self._place()
        return super().eventFilter(watched, event)
