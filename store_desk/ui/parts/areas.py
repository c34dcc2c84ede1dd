"""Areas of pages: lines, panes, panels, banners, setting rows and empty states."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import frame
from store_desk.ui.parts.text import Run, Runs, TextLabel

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

    def __init__(
        self, tone: PanelTone = "sunken", *, radius: int = RADIUS["panel"], parent: QWidget | None = None
    ) -> None:
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

    accessible_role = QAccessible.Role.AlertMessage

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
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        if not text:
            # Shown before it has a parent, a label would be a window for a moment.
            self._text.hide()
        row.addLayout(texts, 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{title} {text}".strip())

    def set_words(self, title: str, text: str = "") -> None:
        """Changes the words."""
        self._title.set_text(title)
        self._text.set_text(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())


class SettingRow(QWidget):
    """A setting: title and caption at the left, its control at the right, a hairline below."""

    def __init__(self, title: str, caption: str, control: QWidget, *, extra: QWidget | None = None) -> None:
        super().__init__()
        if not control.accessibleName():
            control.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 13, 0, 13)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self._title = TextLabel(title, "strong", wrap=True)
        self._caption = TextLabel(caption, "small", "text2", wrap=True)
        if not caption:
            self._caption.hide()
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
        self.setAccessibleName(sentence)


class _IconTile(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="sunken")
        paint_icon(painter, self._icon, 18, 18, 28, THEME.colour("text2"))
