"""Pieces of pages: lines, panels, banners, section heads, tiles, plan rows, setting rows, empty states."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import check_path, draw_key, draw_text, focus_ring, frame
from store_desk.ui.parts.text import Run, Runs, TextLabel

SectionState = Literal["open", "current", "done"]
PanelTone = Literal["accent", "sunken", "warn", "bad", "ok", "surface"]
PANELS: dict[str, tuple[str, str | None]] = {
    "accent": ("accent_softer", "accent_line"),
    "sunken": ("sunken", None),
    "warn": ("warn_soft", "warn_line"),
    "bad": ("bad_soft", "bad_line"),
    "ok": ("ok_soft", "ok_line"),
    "surface": ("surface", "line"),
}


class Hairline(QWidget):
    """One pixel between rows or panes."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), THEME.colour("line"))


class Pane(QWidget):
    """A plain area filled with one token colour."""

    def __init__(self, colour: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour(self._colour))


class Panel(QWidget):
    """A rounded area of 12 px radius in a tone; lay it out like any widget."""

    def __init__(self, tone: PanelTone = "sunken", *, radius: int = RADIUS["panel"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: PanelTone = tone
        self._radius = radius

    def set_tone(self, tone: PanelTone) -> None:
        """Changes the tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill, line = PANELS[self._tone]
        frame(QPainter(self), QRectF(self.rect()), self._radius, fill=fill, line=line)


class Banner(Panel):
    """What happened, what is safe, what to do: in place, amber if work can go on and red if not."""

    def __init__(
        self,
        tone: PanelTone,
        icon: str,
        title: str,
        text: str = "",
        *,
        buttons: tuple[QWidget, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tone, parent=parent)
        colour = {"warn": "warn", "bad": "bad", "ok": "ok"}.get(tone, "text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        self._icon = Runs((Run(icon=icon, colour=colour, px=18),), height=20)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self._title = TextLabel(title, "strong", wrap=True)
        self._text = TextLabel(text, "small", "text2", wrap=True)
        self._text.setVisible(bool(text))
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        row.addLayout(texts, 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_words(self, title: str, text: str = "") -> None:
        """Changes the words."""
        self._title.set_text(title)
        self._text.set_text(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())


class Avatar(QWidget):
    """The first character of a name in a round."""

    def __init__(self, text: str = "", *, side: int = 32, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._quiet = text[:1], quiet
        self.setFixedSize(side, side)

    def set_text(self, text: str, *, quiet: bool | None = None) -> None:
        """Changes whose it is."""
        self._text = text[:1]
        self._quiet = self._quiet if quiet is None else quiet
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), self.width() / 2, fill="sunken" if self._quiet else "accent_soft")
        x = (self.width() - text_width(self._text, "subhead")) / 2
        colour = "text2" if self._quiet else "accent_text"
        draw_text(painter, self._text, x, self.height() / 2 - 10, "subhead", colour)


class SectionHead(QWidget):
    """A numbered section: an open number, a ring when it is current, a green check when it is done."""

    def __init__(self, number: int, title: str, *, right: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._title, self._right = number, title, right
        self._state: SectionState = "open"
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
        mark = QRectF(0, 3, 22, 22)
        if self._state == "done":
            frame(painter, mark, 11, fill="ok")
            pen = QPen(THEME.colour("surface"), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(check_path(mark))
        else:
            current = self._state == "current"
            frame(painter, mark, 11, line="accent" if current else "control", width=2 if current else 1.5)
            digit = str(self._number)
            x = mark.center().x() - text_width(digit, "captionb") / 2
            draw_text(painter, digit, x, mark.center().y() - 8, "captionb", "accent_text" if current else "text2")
        draw_text(painter, self._title, 32, 2, "heading", "text")
        if self._right:
            x = self.width() - text_width(self._right, "small")
            draw_text(painter, self._right, x, 5, "small", "text2")


class Tile(QAbstractButton):
    """A reason: its digit, its name, and what it needs. Checkable; set_selected shows it chosen."""

    def __init__(
        self, digit: str, title: str, *, need_icon: str = "", need: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._digit, self._need_icon, self._need = digit, need_icon, need
        self._selected = False
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
        self._selected = selected
        self.update()

    def is_selected(self) -> bool:
        """Whether it is shown as chosen."""
        return self._selected

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "label")) + 80, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        on, over = self._selected, self.underMouse() and self.isEnabled()
        fill = "accent_soft" if on else "hover" if over else "surface"
        frame(painter, rect, RADIUS["tile"], fill=fill, line="accent" if on else "line_strong", width=2 if on else 1)
        middle = self.height() / 2
        draw_key(painter, self._digit, 10, middle)
        colour = "accent_text" if on else "text" if self.isEnabled() else "disabled"
        room = self.width() - 42 - (30 if on else 8)
        if self._need:
            draw_text(painter, self.text(), 42, middle - 18, "label", colour, width=room)
            paint_icon(painter, self._need_icon or "file-text", 42, middle + 2, 12, THEME.colour("text3"))
            draw_text(painter, self._need, 59, middle, "caption", "text2", width=room - 17)
        else:
            draw_text(painter, self.text(), 42, middle - 9, "label", colour, width=room)
        if on:
            paint_icon(painter, "circle-check", self.width() - 27, middle - 8, 16, THEME.colour("accent_text"))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["tile"])


class PlanRow(QWidget):
    """One step: icon tile, what, to whom; at the right `Auto`, an amount or a status."""

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
        self.setAccessibleName(f"{title}, {sub}, {right}")
        self.setToolTip(f"{title}\n{sub}" if sub else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        warm = self._tone == "warn"
        frame(painter, QRectF(0, middle - 15, 30, 30), RADIUS["button"], fill="warn_soft" if warm else "sunken")
        paint_icon(painter, self._icon, 7, middle - 8, 16, THEME.colour("warn" if warm else "text2"))
        colour = {"plain": "text2", "warn": "warn", "ok": "ok", "bad": "bad"}[self._tone]
        style = "subhead" if self._bold else "label"
        width = text_width(self._right, style) + (22 if self._right_icon else 0)
        x = self.width() - width
        if self._right_icon:
            paint_icon(painter, self._right_icon, x, middle - 8, 16, THEME.colour(colour))
            x += 22
        half = 10 if self._bold else 9
        draw_text(painter, self._right, x, middle - half, style, colour if self._tone != "plain" or not self._bold else "text")
        room = self.width() - width - 42 - 12
        if self._sub:
            draw_text(painter, self._title, 42, middle - 20, "strong", "text", width=room)
            draw_text(painter, self._sub, 42, middle, "small", "text2", width=room)
        else:
            draw_text(painter, self._title, 42, middle - 10, "strong", "text", width=room)
        if self._line:
            painter.fillRect(QRectF(42, self.height() - 1, self.width() - 42, 1), THEME.colour("line"))


class SettingRow(QWidget):
    """A setting: title and caption at the left, its control at the right, a hairline below."""

    def __init__(self, title: str, caption: str, control: QWidget, *, extra: QWidget | None = None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 13, 0, 13)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self._title = TextLabel(title, "strong", wrap=True)
        self._caption = TextLabel(caption, "small", "text2", wrap=True)
        texts.addWidget(self._title)
        texts.addWidget(self._caption)
        row.addLayout(texts, 1)
        if extra is not None:
            row.addWidget(extra, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        column.addWidget(Hairline())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, title: str, caption: str) -> None:
        """Changes the words."""
        self._title.set_text(title)
        self._caption.set_text(caption)
        self._caption.setVisible(bool(caption))


class EmptyState(QWidget):
    """Nothing here: an icon, one sentence, and up to three next steps (buttons)."""

    def __init__(self, icon: str, sentence: str, *, steps: tuple[QWidget, ...] = (), parent: QWidget | None = None):
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        tile = _IconTile(icon)
        column.addWidget(tile, 0, Qt.AlignmentFlag.AlignHCenter)
        self._sentence = TextLabel(sentence, "body", "text2", align=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        for step in steps:
            column.addWidget(step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def set_sentence(self, sentence: str) -> None:
        """Changes the sentence."""
        self._sentence.set_text(sentence)


class _IconTile(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="sunken")
        paint_icon(painter, self._icon, 18, 18, 28, THEME.colour("text2"))


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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        """Shows another share, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleDescription(f"{round(self._share * 100)} %")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(0, 1, self.width(), 4), 2, fill="line_strong")
        if self._share:
            frame(painter, QRectF(0, 1, self.width() * self._share, 4), 2, fill="accent")


class Ladder(QWidget):
    """The seven rungs; those reached carry a check and their moment, the present one a filled ring."""

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
