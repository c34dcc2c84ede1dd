"""A section's head with its buttons at the right; where both do not fit, buttons show their icon alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import SectionHead

GAP = 8


class HeadRow(QWidget):
    """The title is never cut. Buttons give up their words in the order of `giving`; tooltip and name keep them."""

    def __init__(self, head: SectionHead, buttons: tuple[Button, ...], *, giving: tuple[Button, ...]) -> None:
        super().__init__()
        self._head, self._buttons, self._giving = head, buttons, giving
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(head, 1)
        for button in buttons:
            row.addWidget(button)

    def fit(self) -> None:
        """Gives every button its words as far as the title leaves room for them."""
        shown = [button for button in self._buttons if not button.isHidden()]
        room = self.width() - self._head.title_width() - GAP
        bare: list[Button] = []
        for button in (None, *self._giving):
            if button is not None and button in shown:
                bare.append(button)
            if sum(each.width_needed(bare=each in bare) for each in shown) <= room:
                break
        for each in shown:
            each.set_bare(each in bare)

    def event(self, event: QEvent) -> bool:
        # Other words, or a button more or less.
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
