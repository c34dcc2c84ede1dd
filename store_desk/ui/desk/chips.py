"""Chips in a row that goes on below where there is no more room, so that none is cut."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.tokens import CHIP
from store_desk.ui.parts.buttons import Chip

GAP = 6


class ChipFlow(QWidget):
    """Holds chips from left to right and, when they do not fit, on further lines; `top` pixels are left above."""

    def __init__(self, *, top: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._top = top
        self._chips: tuple[Chip, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Iterable[Chip]) -> None:
        """Shows these chips in place of the earlier ones."""
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = tuple(chips)
        for chip in self._chips:
            chip.setParent(self)
            chip.show()
        self.updateGeometry()
        self._place(self.width())

    def texts(self) -> list[str]:
        """What the chips say."""
        return [chip.accessibleName() for chip in self._chips]

    def _place(self, width: int, *, really: bool = True) -> int:
        """Puts every chip in its place; answers how high that is."""
        x, y = 0, self._top
        for chip in self._chips:
            size = chip.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + CHIP + GAP
            if really:
                chip.setGeometry(x, y, size.width(), CHIP)
            x += size.width() + GAP
        return y + CHIP if self._chips else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, really=False)

    def sizeHint(self) -> QSize:
        widest = max((chip.sizeHint().width() for chip in self._chips), default=0)
        return QSize(widest, self._place(self.width() or 1_000, really=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
