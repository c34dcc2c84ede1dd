"""Steps of a job: section heads, reason tiles, rows of the plan, the ladder of states."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import check_path, draw_key, draw_text, focus_ring, frame

SectionState = Literal["open", "current", "done"]


# Where a section's title stands, right of its number.
TITLE_LEFT = 30


class SectionHead(QWidget):
    """A numbered section: an open number, a ring when it is current, a green check when it is done."""

    accessible_role = QAccessible.Role.Heading

    def __init__(self, number: int, title: str, *, right: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._title, self._right = number, title, right
        self._state: SectionState = "open"
        self._name()
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_head(self, number: int, title: str, *, right: str = "") -> None:
        """Changes number and words."""
        self._number, self._title, self._right = number, title, right
        self._name()

    def set_state(self, state: SectionState) -> None:
        """Open, current or done."""
        if state != self._state:
            self._state = state
            self._name()

    def title_width(self) -> int:
        """How many pixels number and title need."""
        return round(TITLE_LEFT + text_width(self._title, "heading") + 0.5)

    def state(self) -> SectionState:
        """What it shows."""
        return self._state

    def _name(self) -> None:
        self.setAccessibleName(f"{self._number} {self._title}")
        self.setAccessibleDescription(self._state)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QRectF(0, 4, 20, 20)
        if self._state == "done":
            frame(painter, mark, 10, fill="ok")
            pen = QPen(THEME.colour("surface"), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(check_path(mark.adjusted(2.5, 2.5, -2.5, -2.5)))
        else:
            current = self._state == "current"
            frame(painter, mark, 10, line="accent" if current else "control", width=2 if current else 1.5)
            digit = str(self._number)
            x = mark.center().x() - text_width(digit, "captionb") / 2
            draw_text(painter, digit, x, mark.center().y() - 8, "captionb", "accent_text" if current else "text2")
        draw_text(painter, self._title, TITLE_LEFT, 2, "heading", "text")
        if self._right:
            x = self.width() - text_width(self._right, "caption")
            draw_text(painter, self._right, x, 6, "caption", "text2")


class Tile(QCheckBox):
    """A reason: its digit, its name, and what it needs. Checkable; set_selected shows it chosen."""

    def __init__(
        self, digit: str, title: str, *, need_icon: str = "", need: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._digit, self._need_icon, self._need = digit, need_icon, need
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(48)
        self.set_words(title, need)

    def set_words(self, title: str, need: str) -> None:
        """Changes the words."""
        self.setText(title)
        self._need = need
        self.setAccessibleName(f"{self._digit} {title}")
        self.setAccessibleDescription(need)
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Shows it chosen or not."""
        self.setChecked(selected)
        self.update()

    def is_selected(self) -> bool:
        """Whether it is shown as chosen."""
        return self.isChecked()

    def nextCheckState(self) -> None:
        """Leaves it as it is: which tile is chosen is the screen's to say, by set_selected; a click only asks."""

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "label")) + 80, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        on, over = self.isChecked(), self.underMouse() and self.isEnabled()
        fill = "accent_soft" if on else "hover" if over else "surface"
        frame(painter, rect, RADIUS["tile"], fill=fill, line="accent" if on else "line_strong", width=2 if on else 1)
        middle = self.height() / 2
        draw_key(painter, self._digit, 10, middle)
        colour = "accent_text" if on else "text" if self.isEnabled() else "disabled"
        style = "labelb" if on else "label"
        room = self.width() - 42 - (30 if on else 8)
        if self._need:
            draw_text(painter, self.text(), 42, middle - 18, style, colour, width=room)
            paint_icon(painter, self._need_icon or "file-text", 42, middle + 2, 12, THEME.colour("text3"))
            faint = "text2" if self.isEnabled() else "disabled"
            draw_text(painter, self._need, 59, middle, "caption", faint, width=room - 17)
        else:
            draw_text(painter, self.text(), 42, middle - 9, style, colour, width=room)
        if on:
            paint_icon(painter, "circle-check", self.width() - 27, middle - 8, 16, THEME.colour("accent_text"))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["tile"])


class PlanRow(QWidget):
    """One step: icon tile, what, to whom; at the right `Auto`, an amount or a status."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(
        self,
        icon: str,
        title: str,
        sub: str = "",
        *,
        right: str = "",
        right_icon: str = "",
        tone: Literal["plain", "warn", "ok", "bad"] = "plain",
        bold_right: bool = False,
        height: int = 47,
        line: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._title, self._sub = icon, title, sub
        self._right, self._right_icon, self._tone = right, right_icon, tone
        self._bold, self._line = bold_right, line
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(words for words in (title, sub, right) if words))
        self.setToolTip(f"{title}\n{sub}" if sub else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        warm = self._tone == "warn"
        frame(painter, QRectF(0, middle - 15, 30, 30), RADIUS["button"], fill="warn_soft" if warm else "sunken")
        paint_icon(painter, self._icon, 7, middle - 8, 16, THEME.colour("warn" if warm else "text2"))
        colour = {"plain": "text2", "warn": "warn", "ok": "ok", "bad": "bad"}[self._tone]
        style = "subhead" if self._bold else "caption"
        width = text_width(self._right, style) + (22 if self._right_icon else 0)
        x = self.width() - width
        if self._right_icon:
            paint_icon(painter, self._right_icon, x, middle - 8, 16, THEME.colour(colour))
            x += 22
        draw_text(painter, self._right, x, middle - (10 if self._bold else 8), style, colour)
        room = self.width() - width - 42 - 12
        if self._sub:
            draw_text(painter, self._title, 42, middle - 18, "label", "text", width=room)
            draw_text(painter, self._sub, 42, middle + 1, "caption", "text2", width=room)
        else:
            draw_text(painter, self._title, 42, middle - 9, "label", "text", width=room)
        if self._line:
            painter.fillRect(QRectF(42, self.height() - 1, self.width() - 42, 1), THEME.colour("line"))


class Ladder(QWidget):
    """The seven rungs; those reached carry a check and their moment, the present one a filled ring."""

    accessible_role = QAccessible.Role.Indicator

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[tuple[str, str], ...] = ()
        self._current = -1
        self.setFixedHeight(64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: tuple[tuple[str, str], ...], current: int, *, spoken: str = "") -> None:
        """Shows (name, moment or '') for each rung; `current` -1 means none; `spoken` is for screen readers."""
        self._steps, self._current = steps, current
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._steps:
            return
        step = self.width() / len(self._steps)
        for index, (name, moment) in enumerate(self._steps):
            x = index * step
            reached, now = index < self._current, index == self._current
            if index < len(self._steps) - 1:
                painter.fillRect(QRectF(x + 27, 10, step - 33, 2), THEME.colour("accent" if reached else "line"))
            self._mark(painter, QRectF(x, 1, 20, 20), reached=reached, now=now)
            style = "label" if now else "small"
            draw_text(painter, name, x, 28, style, "text" if reached or now else "text2", width=step - 6)
            draw_text(painter, moment, x, 46, "caption", "text2", width=step - 6)

    def _mark(self, painter: QPainter, box: QRectF, *, reached: bool, now: bool) -> None:
        if now:
            frame(painter, box, 10, fill="accent")
            frame(painter, box.adjusted(6, 6, -6, -6), 4, fill="on_accent")
        elif reached:
            frame(painter, box, 10, fill="accent_soft")
            pen = QPen(THEME.colour("accent_text"), 1.6)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(check_path(box.adjusted(2, 2, -2, -2)))
        else:
            frame(painter, box.adjusted(2, 2, -2, -2), 8, line="control", width=1.5)
