"""Text on fixed baselines: one label for all of it, and runs of texts, icons, glyphs and keys on one line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.glyphs import paint_glyph
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import draw_key, draw_text, key_width, line_height, wrap_text


class TextLabel(QWidget):
    """Plain text in one style; wraps, elides (with the full text as tooltip) or takes the room it needs."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(
        self,
        text: str = "",
        style: str = "body",
        colour: str = "text",
        *,
        elide: bool = False,
        wrap: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._style, self._colour = style, colour
        self._elide, self._wrap, self._align = elide, wrap, align
        horizontal = QSizePolicy.Policy.Preferred if not elide and not wrap else QSizePolicy.Policy.Expanding
        policy = QSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not elide)
        self.set_text(text)

    def text(self) -> str:
        """The whole text, also when it is shown elided."""
        return self._text

    def set_text(self, text: str) -> None:
        """Shows another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._update_tip()
        self.update()

    def set_look(self, *, style: str | None = None, colour: str | None = None) -> None:
        """Changes style or colour."""
        self._style = style or self._style
        self._colour = colour or self._colour
        self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[str]:
        if self._wrap:
            return wrap_text(self._text, self._style, max(1, width))
        return self._text.split("\n")

    def sizeHint(self) -> QSize:
        lines = self._text.split("\n")
        width = max((text_width(line, self._style) for line in lines), default=0)
        if self._wrap and self.width() > 0 and self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            lines = self._lines(self.width())
        return QSize(round(width + 1), line_height(self._style) * max(1, len(lines)))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        if self._elide or self._wrap:
            hint.setWidth(24)
        return hint

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        return line_height(self._style) * max(1, len(self._lines(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wrap and event.oldSize().width() != event.size().width():
            self.updateGeometry()
        self._update_tip()

    def _update_tip(self) -> None:
        cut = self._elide and self.width() > 0 and text_width(self._text, self._style) > self.width()
        self.setToolTip(self._text if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._colour if self.isEnabled() else "disabled"
        height = line_height(self._style)
        for index, line in enumerate(self._lines(self.width())):
            x = 0.0
            if self._align & Qt.AlignmentFlag.AlignRight:
                x = max(0.0, self.width() - text_width(line, self._style))
            elif self._align & Qt.AlignmentFlag.AlignHCenter:
                x = max(0.0, (self.width() - text_width(line, self._style)) / 2)
            draw_text(
                painter, line, x, index * height, self._style, colour, width=self.width() - x if self._elide else None
            )


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of a line: a text, an icon (lucide name), a state glyph or a key cap; `gap` pixels before it."""

    text: str = ""
    style: str = "body"
    colour: str = "text"
    icon: str = ""
    glyph: str = ""
    key: str = ""
    px: int = 16
    gap: int = 8


class Runs(QWidget):
    """Several runs on one baseline; the last text run is elided when there is no room."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, runs: tuple[Run, ...] = (), *, height: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_runs(runs)

    def set_runs(self, runs: tuple[Run, ...]) -> None:
        """Shows other runs."""
        self._runs = runs
        self.setAccessibleName(" ".join(run.text or run.key for run in runs if run.text or run.key))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = sum(run_width(run) + (run.gap if index else 0) for index, run in enumerate(self._runs))
        return QSize(round(width + 1), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_runs(QPainter(self), self._runs, 0, self.height() / 2, self.width())


def run_width(run: Run) -> float:
    """The width of one run."""
    if run.icon or run.glyph:
        return run.px
    if run.key:
        return key_width(run.key)
    return text_width(run.text, run.style)


def paint_runs(painter: QPainter, runs: tuple[Run, ...], x: float, middle: float, right: float) -> float:
    """Paints runs from `x` with their line boxes centred on `middle`, up to `right`; answers where they end."""
    for index, run in enumerate(runs):
        x += run.gap if index else 0
        if run.icon:
            paint_icon(painter, run.icon, x, middle - run.px / 2, run.px, THEME.colour(run.colour))
            x += run.px
        elif run.glyph:
            paint_glyph(painter, run.glyph, QRectF(x, middle - run.px / 2, run.px, run.px))
            x += run.px
        elif run.key:
            x += draw_key(painter, run.key, x, middle)
        else:
            top = middle - line_height(run.style) / 2
            x += draw_text(painter, run.text, x, top, run.style, run.colour, width=max(0.0, right - x))
    return x


class Watching(QWidget):
    """A painted part that repaints when it is entered, left, focused, enabled or disabled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def event(self, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.HoverEnter,
            QEvent.Type.HoverLeave,
            QEvent.Type.FocusIn,
            QEvent.Type.FocusOut,
            QEvent.Type.EnabledChange,
        ):
            self.update()
        return super().event(event)
