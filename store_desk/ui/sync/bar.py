"""A scroll bar that lies over the edge of what it scrolls, so that rows are as wide with it as without."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

BAR = 10


class OverBar(QScrollBar):
    """The vertical bar of an area, in place of its own."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area = area
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own = area.verticalScrollBar()
        own.rangeChanged.connect(self.on_range)
        own.valueChanged.connect(self.setValue)
        self.valueChanged.connect(own.setValue)
        area.installEventFilter(self)
        self.hide()

    def on_range(self, least: int, greatest: int) -> None:
        """What is scrolled became longer or shorter."""
        self.setRange(least, greatest)
        self.setPageStep(self._area.viewport().height())
        self.setVisible(greatest > least)
        self._place()

    def _place(self) -> None:
        self.setGeometry(self._area.width() - BAR, 0, BAR, self._area.height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False
