"""Entry parts: lines, the search field, text areas, check boxes and toggles; with the choices beside them."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, font, text_width
from store_desk.ui.look.tokens import INPUT, SEARCH
from store_desk.ui.parts.choices import Segmented, Select
from store_desk.ui.parts.painting import check_path, draw_key, draw_text, focus_ring, frame, key_width, wrap_text

__all__ = ["CheckBox", "EntryTone", "LineEdit", "SearchField", "Segmented", "Select", "TextArea", "Toggle"]

EntryTone = Literal["", "ok", "bad"]
# A menu or another window has the focus; it comes back to where it was.
FOR_A_MOMENT = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


def low_letters(text: str) -> bool:
    """Whether the text holds Chinese, whose taller font makes a line edit set the whole line higher."""
    return any(ord(char) >= 0x2E80 for char in text)


def top_margin(entry: QLineEdit) -> int:
    """What brings the line's letters to the same baseline with and without Chinese (design, type)."""
    return 2 if low_letters(entry.text() or entry.placeholderText()) else 0


class LineEdit(QLineEdit):
    """A line of entry, 40 px high; an icon may stand before it; `set_tone` marks it right or wrong."""

    def __init__(self, *, icon: str = "", placeholder: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone: EntryTone = ""
        self.setFont(font("body"))
        self.setFixedHeight(INPUT)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self._margins()
        self.textChanged.connect(self._margins)

    def _margins(self) -> None:
        self.setTextMargins(26 if self._icon else 0, top_margin(self), 24 if self._tone == "ok" else 0, 0)

    def setPlaceholderText(self, words: str, /) -> None:
        super().setPlaceholderText(words)
        self._margins()

    def set_tone(self, tone: EntryTone) -> None:
        """Marks the entry: '' plain, 'ok' matched (with a check), 'bad' wrong (red outline)."""
        self._tone = tone
        self._margins()
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in FOR_A_MOMENT:
            # What is too long for the line is read from its beginning.
            self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in (*FOR_A_MOMENT, Qt.FocusReason.MouseFocusReason):
            self.end(False)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        if self._icon:
            paint_icon(painter, self._icon, 14, middle - 9, 18, THEME.colour("text3"))
        if self._tone == "ok":
            paint_icon(painter, "circle-check", self.width() - 28, middle - 8, 16, THEME.colour("ok"))


class SearchField(QLineEdit):
    """The one search box: 44 px, a scanner's icon before it and its key at the right."""

    def __init__(self, *, key: str = "F2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setFont(font("body"))
        self.setFixedHeight(SEARCH)
        self._margins()
        self.textChanged.connect(self._margins)
        self.setObjectName("search")

    def _margins(self) -> None:
        self.setTextMargins(28, top_margin(self), round(key_width(self._key)) + 4, 0)

    def setPlaceholderText(self, words: str, /) -> None:
        super().setPlaceholderText(words)
        self._margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        paint_icon(
            painter, "scan-barcode", 13, middle - 9, 18, THEME.colour("accent_text" if self.hasFocus() else "text2")
        )
        draw_key(painter, self._key, self.width() - key_width(self._key) - 12, middle)


class TextArea(QPlainTextEdit):
    """Several lines of entry; Tab leaves it."""

    def __init__(self, *, placeholder: str = "", name: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font("body"))
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setFixedHeight(20 * lines + 20)


class CheckBox(QCheckBox):
    """A small box and its words; Space ticks it."""

    def __init__(self, text: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrap = wrap
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(
            QSizePolicy.Policy.Expanding if wrap else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[str]:
        return wrap_text(self.text(), "small", max(40, width - 38)) if self._wrap else [self.text()]

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def heightForWidth(self, width: int) -> int:
        return max(28, 18 * len(self._lines(width)) + 8)

    def sizeHint(self) -> QSize:
        if self._wrap:
            return QSize(160, self.heightForWidth(max(self.width(), 160)))
        return QSize(round(text_width(self.text(), "small") + 39), 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 28) if self._wrap else self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(4, 5, 18, 18)
        enabled = self.isEnabled()
        if self.isChecked():
            frame(painter, box, 5, fill="accent" if enabled else "disabled")
            pen = QPen(THEME.colour("on_accent"), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(check_path(box))
        else:
            frame(painter, box, 5, fill="surface", line="control" if enabled else "line_strong", width=1.5)
        for index, line in enumerate(self._lines(self.width())):
            draw_text(painter, line, 32, 5 + 18 * index, "small", "text" if enabled else "text3")
        if self.hasFocus():
            focus_ring(painter, self, 6)


class Toggle(QCheckBox):
    """On or off, said in words beside it: give the words for both."""

    def __init__(self, *, on: str, off: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on, self._off = on, off
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def set_words(self, *, on: str, off: str, name: str) -> None:
        """Changes the words."""
        self._on, self._off = on, off
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(max(text_width(self._on, "small"), text_width(self._off, "small")) + 60), 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = self._on if self.isChecked() else self._off
        track = QRectF(self.width() - 44, self.height() / 2 - 11, 40, 22)
        colour = "text2" if self.isEnabled() else "text3"
        draw_text(
            painter, words, track.left() - 10 - text_width(words, "small"), self.height() / 2 - 9, "small", colour
        )
        if self.isChecked():
            frame(painter, track, 11, fill="accent" if self.isEnabled() else "disabled")
        else:
            frame(painter, track, 11, fill="surface", line="control", width=1.5)
        knob = track.center().x() + (9 if self.isChecked() else -9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(THEME.colour("on_accent" if self.isChecked() else "control"))
        painter.drawEllipse(QRectF(knob - 8, track.center().y() - 8, 16, 16))
        if self.hasFocus():
            focus_ring(painter, self, 8)
