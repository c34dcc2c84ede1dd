"""Entry parts: lines, the search field, text areas, check boxes, toggles, segments and drop-downs."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListView, QPlainTextEdit, QSizePolicy, QWidget

from store_desk.ui.parts.painting import check_path, draw_key, draw_text, focus_ring, frame, key_width
from store_desk.ui.parts.text import Watching
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, font, text_width
from store_desk.ui.look.tokens import INPUT, RADIUS, SEARCH

EntryTone = Literal["", "ok", "bad"]


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
        # Chinese letters sit low in a line edit; two pixels bring them back (design, type).
        self.setTextMargins(28 if icon else 0, 2, 0, 0)

    def set_tone(self, tone: EntryTone) -> None:
        """Marks the entry: '' plain, 'ok' matched (with a check), 'bad' wrong (red outline)."""
        self._tone = tone
        self.setTextMargins(28 if self._icon else 0, 2, 24 if tone == "ok" else 0, 0)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

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
        self.setTextMargins(28, 2, round(key_width(key)) + 4, 0)
        self.setObjectName("search")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        paint_icon(painter, "scan-barcode", 13, middle - 9, 18, THEME.colour("accent_text" if self.hasFocus() else "text2"))
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


class CheckBox(QAbstractButton):
    """A 20 px box and its words; Space ticks it."""

    def __init__(self, text: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrap = wrap
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding if wrap else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
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
        from store_desk.ui.parts.painting import wrap_text

        return wrap_text(self.text(), "small", max(40, width - 34)) if self._wrap else [self.text()]

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        return max(28, 18 * len(self._lines(width)) + 8)

    def sizeHint(self) -> QSize:
        if self._wrap:
            return QSize(160, self.heightForWidth(max(self.width(), 160)))
        return QSize(round(text_width(self.text(), "small") + 34), 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 28) if self._wrap else self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(2, 4, 20, 20)
        enabled = self.isEnabled()
        if self.isChecked():
            frame(painter, box, 5, fill="accent" if enabled else "disabled")
            pen = QPen(THEME.colour("on_accent"), 2)
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


class Toggle(QAbstractButton):
    """On or off, said in words beside it: give the words for both."""

    def __init__(self, *, on: str, off: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on, self._off = on, off
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

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
        draw_text(painter, words, track.left() - 10 - text_width(words, "small"), self.height() / 2 - 9, "small", colour)
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


class Segmented(Watching):
    """One of a few, side by side. Options are (value, words, icon, key). Signal: chosen(str), by a person only.

    Left and right move; the value is None while nothing is chosen.
    """

    chosen = Signal(str)

    def __init__(
        self,
        options: tuple[tuple[str, str, str, str], ...],
        *,
        value: str | None = None,
        height: int = 40,
        name: str = "",
        stretch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._value = value
        self._stretch = stretch
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def value(self) -> str | None:
        """What is chosen."""
        return self._value

    def set_value(self, value: str | None) -> None:
        """Chooses without a signal."""
        self._value = value
        self.setAccessibleDescription(next((o[1] for o in self._options if o[0] == value), ""))
        self.update()

    def set_options(self, options: tuple[tuple[str, str, str, str], ...]) -> None:
        """Changes the options (e.g. their words); a value that is gone is dropped."""
        self._options = options
        if self._value not in [option[0] for option in options]:
            self._value = None
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        natural = []
        for _, words, icon, key in self._options:
            width = text_width(words, "label") + 28 + (24 if icon else 0)
            natural.append(width + sum(key_width(part) + 6 for part in key.split()))
        if self._stretch and self._options:
            return [(self.width() - 6) / len(self._options)] * len(self._options)
        return natural

    def sizeHint(self) -> QSize:
        if self._stretch:
            keep, self._stretch = self._stretch, False
            width = sum(self._widths())
            self._stretch = keep
            return QSize(round(width) + 6, self.height())
        return QSize(round(sum(self._widths())) + 6, self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._options):
            value = self._options[index][0]
            self.set_value(value)
            self.chosen.emit(value)

    def choose(self, value: str) -> None:
        """Chooses as a person would, with the signal."""
        self._choose([option[0] for option in self._options].index(value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = 3.0
        for index, width in enumerate(self._widths()):
            if x <= event.position().x() < x + width:
                self._choose(index)
            x += width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        values = [option[0] for option in self._options]
        index = values.index(self._value) if self._value in values else -1
        if event.key() == Qt.Key.Key_Right:
            self._choose(min(index + 1, len(values) - 1))
        elif event.key() == Qt.Key.Key_Left:
            self._choose(max(index - 1, 0))
        elif event.key() == Qt.Key.Key_Space and index < 0:
            self._choose(0)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["button_large"], fill="sunken")
        x = 3.0
        for (value, words, icon, key), width in zip(self._options, self._widths(), strict=True):
            cell = QRectF(x, 3, width, self.height() - 6)
            on = value == self._value
            if on:
                frame(painter, cell, RADIUS["button"], fill="surface", line="control")
            inner = text_width(words, "label") + (24 if icon else 0) + sum(key_width(p) + 6 for p in key.split())
            at = cell.left() + (width - inner) / 2
            middle = self.height() / 2
            colour = "disabled" if not self.isEnabled() else "text" if on else "text2"
            if icon:
                paint_icon(painter, icon, at, middle - 8, 16, THEME.colour("accent_text" if on else colour))
                at += 24
            at += draw_text(painter, words, at, middle - 9, "label", colour)
            for part in key.split():
                at += 6
                at += draw_key(painter, part, at, middle)
            x += width
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button_large"])


class Select(QComboBox):
    """A drop-down of (value, words) pairs with type-ahead. Signal: picked(str), by a person only."""

    picked = Signal(str)

    def __init__(
        self, options: tuple[tuple[str, str], ...] = (), *, value: str = "", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        view = QListView(self)
        view.setObjectName("popup")
        self.setView(view)
        self.setFont(font("body"))
        self.setFixedHeight(INPUT)
        self.setMinimumWidth(120)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options, value=value)
        self.activated.connect(self._on_activated)

    def set_options(self, options: tuple[tuple[str, str], ...], *, value: str = "") -> None:
        """Changes the options and chooses one, without a signal."""
        self.blockSignals(True)
        self.clear()
        for key, words in options:
            self.addItem(words, key)
        self.set_value(value)
        self.blockSignals(False)
        self.update()

    def value(self) -> str:
        """The value chosen, '' for none."""
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def set_value(self, value: str) -> None:
        """Chooses without a signal."""
        self.setCurrentIndex(self.findData(value))

    def _on_activated(self, index: int) -> None:
        self.picked.emit(self.value())

    def wheelEvent(self, event: object) -> None:
        # Scrolling a page must not change what is chosen on it.
        getattr(event, "ignore")()  # noqa: B009

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        focused = self.hasFocus()
        line = "focus" if focused else "control" if self.isEnabled() else "line_strong"
        fill = "surface" if self.isEnabled() else "sunken"
        frame(painter, QRectF(self.rect()), RADIUS["input"], fill=fill, line=line, width=2 if focused else 1)
        colour = "text" if self.currentIndex() >= 0 and self.isEnabled() else "text3"
        draw_text(painter, self.currentText(), 13, self.height() / 2 - 10, "body", colour, width=self.width() - 46)
        paint_icon(painter, "chevron-down", self.width() - 28, self.height() / 2 - 8, 16, THEME.colour("text2"))
