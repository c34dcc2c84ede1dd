"""What lies over the window for a moment: the command palette, the page of keys, and the sliding of sheets."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation
from PySide6.QtWidgets import QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import BASE_MS
from store_desk.ui.parts.frame import Scrim
from store_desk.ui.shell.palette import Command, KeyHelp, Palette


class Overlay:
    """One thing at a time over a window, on a scrim; focus goes back to where it was."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._scrim: Scrim | None = None
        self._content: QWidget | None = None
        self._focus: QWidget | None = None

    def show_palette(self, commands: list[Command], language: Language) -> None:
        """The palette with these commands."""
        palette = Palette(
            commands,
            placeholder=language.say("ui_shell.palette.placeholder"),
            none=language.say("ui_shell.palette.none"),
            parent=self._window,
        )
        palette.closed.connect(self.close_it)
        self._show(palette)

    def show_help(self, groups: list[tuple[str, list[tuple[tuple[str, ...], str]]]], language: Language) -> None:
        """The page of keys."""
        page = KeyHelp(language.say("ui_shell.help.title"), groups, parent=self._window)
        page.closed.connect(self.close_it)
        self._show(page)

    def _show(self, content: QWidget) -> None:
        self.close_it()
        self._focus = self._window.focusWidget()
        self._scrim = Scrim(self._window)
        self._scrim.clicked.connect(self.close_it)
        self._content = content
        self._scrim.show()
        content.show()
        self.place()
        self._scrim.raise_()
        content.raise_()
        content.setFocus()

    def place(self) -> None:
        """Puts it where it belongs after the window changed its size."""
        if self._scrim is None or self._content is None:
            return
        self._scrim.setGeometry(self._window.rect())
        x = (self._window.width() - self._content.width()) // 2
        self._content.move(max(0, x), min(120, max(0, (self._window.height() - self._content.height()) // 2)))

    def close_it(self) -> None:
        """Takes it away."""
        content, scrim, focus = self._content, self._scrim, self._focus
        self._content = self._scrim = self._focus = None
        for gone in (content, scrim):
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        if content is not None and focus is not None:
            focus.setFocus()

    def slide_in(self, sheet: QWidget) -> None:
        """Shows the sheet coming from the right; at once when motion is reduced."""
        place = sheet.pos()
        sheet.show()
        sheet.raise_()
        duration = THEME.duration(BASE_MS)
        if duration == 0:
            return
        slide = QPropertyAnimation(sheet, b"pos", sheet)
        slide.setDuration(duration)
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.setStartValue(place + QPoint(48, 0))
        slide.setEndValue(place)
        slide.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
