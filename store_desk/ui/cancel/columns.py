"""Two columns of sections and the slip beside them, in the design's shares of the width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from store_desk.ui.look.tokens import COMPACT_BELOW, HINT_BAR
from store_desk.ui.parts.parts import Hairline

SHARES = (0.342, 0.346)
PAD = 24
TOP = 22
TOP_COMPACT = 12
GAP = 20
BELOW = 120
GAP_COMPACT = 8


class Column(QScrollArea):
    """Sections one under another; scrolls only when the window is too low for what a section has grown to.

    Signal: laid_out() after every new layout of the sections.
    """

    laid_out = Signal()

    def __init__(self, sections: list[QWidget], *, padding: int = PAD, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._padding = padding
        self._top, self._bottom = TOP, 16
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self._rows = QVBoxLayout(body)
        for section in sections:
            self._rows.addWidget(section)
        self._rows.addStretch(1)
        self.setWidget(body)
        body.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._pad()
            self.laid_out.emit()
        return super().eventFilter(watched, event)

    def set_compact(self, compact: bool) -> None:
        """Narrower gaps where the window is low."""
        top = TOP_COMPACT if compact else TOP
        self._top, self._bottom = top, 4 if compact else 16
        self._pad()
        self._rows.setSpacing(GAP_COMPACT if compact else GAP)

    def _pad(self) -> None:
        # The scroll bar stands in the padding, so that nothing gets narrower when it comes.
        taken = self.width() - self.viewport().width()
        self._rows.setContentsMargins(self._padding, self._top, max(0, self._padding - taken), self._bottom)

    def missing_height(self) -> int:
        """How many pixels the sections need beyond what is there; negative when there is room left."""
        body = self.widget()
        layout = body.layout() if body is not None else None
        if layout is None:
            return 0
        width = self.viewport().width()
        needed = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        return needed - self.viewport().height()

    def show_widget(self, widget: QWidget | None) -> None:
        """Scrolls so that the widget with the cursor is seen."""
        if widget is not None and self.isAncestorOf(widget):
            # With what stands below it: a field's offer or message belongs to the field.
            self.ensureWidgetVisible(widget, 0, BELOW)


class Columns(QWidget):
    """Request, plan, slip or script."""

    def __init__(self, request: Column, plan: Column, side: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.request, self.plan, self.side = request, plan, side
        self._lines = (Hairline(vertical=True, parent=self), Hairline(vertical=True, parent=self))
        for widget in (request, plan, side):
            widget.setParent(self)

    def resizeEvent(self, event: object) -> None:
        width, height = self.width(), self.height()
        first, second = round(width * SHARES[0]), round(width * SHARES[1])
        self.request.setGeometry(QRect(0, 0, first, height))
        self.plan.setGeometry(QRect(first + 1, 0, second - 1, height))
        self.side.setGeometry(QRect(first + second + 1, 0, width - first - second - 1, height))
        self._lines[0].setGeometry(QRect(first, 0, 1, height))
        self._lines[1].setGeometry(QRect(first + second, 0, 1, height))


def is_compact(sheet_height: int) -> bool:
    """Whether the window is low: everything stays, only closer together (design, layout)."""
    return sheet_height + HINT_BAR < COMPACT_BELOW
