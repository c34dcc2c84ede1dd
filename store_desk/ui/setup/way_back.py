"""A store that cannot be opened: what is wrong, and a backup as the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.parts import Banner
from store_desk.ui.setup.page import ENTER, GO_ON, MARGIN
from store_desk.ui.setup.restore_pane import WIDTH, RestorePane
from store_desk.ui.signin.bottom import BottomLine
from store_desk.ui.tasks import Lane, run


class WayBackPage(QWidget):
    """Signal: restored(None). `restore(file, passphrase)` puts aside what is there; it blocks and runs on the lane."""

    restored = Signal(object)

    def __init__(
        self,
        error: DomainError,
        restore: Callable[[Path, str], None],
        language: Language,
        *,
        lane: Lane | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._error, self._restore, self._language = error, restore, language
        self._lane = lane or Lane("way-back")
        self.banner = Banner("bad", "triangle-alert", "")
        self.banner.setFixedWidth(WIDTH)
        self.pane = RestorePane(language)
        self.pane.leave.hide()
        self.bottom = BottomLine(language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addSpacing(4 * MARGIN)
        column.addWidget(self.banner, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.pane, 1, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.bottom)
        self.pane.given.connect(self.on_given)
        self.bottom.language_chosen.connect(self.on_language)
        self.bottom.scheme_chosen.connect(self.on_scheme)
        language.changed.connect(self.retranslate)
        for keys in (GO_ON, "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.pane.go.click)
        self.setFocusProxy(self.pane)
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        self.banner.set_words(self._language.say("ui_setup.damaged"), self._language.error(self._error))
        self.pane.retranslate()
        self.bottom.retranslate()

    def on_given(self, path: Path, passphrase: str) -> None:
        """File and passphrase are there."""
        self.bottom.setFocus()
        self.pane.set_busy(True)
        work = self._restore
        task = run(self, self._lane, lambda: work(path, passphrase), then=self.on_restored, refused=self.on_refused)
        task.failed.connect(self.on_failed)

    def on_restored(self, _: object) -> None:
        """The store is there again."""
        self.pane.set_busy(False)
        self.pane.passphrase.clear()
        self.restored.emit(None)

    def on_refused(self, error: DomainError) -> None:
        """Nothing was written."""
        self.pane.set_busy(False)
        self.pane.show_refused(error)

    def on_failed(self, text: str) -> None:
        """A bug."""
        self.pane.set_busy(False)
        self.pane.show_line(self._language.say("ui_setup.failed"))

    def on_language(self, lang: str) -> None:
        """The window's language, at once."""
        self._language.switch("en" if lang == "en" else "zh")

    def on_scheme(self, scheme: str) -> None:
        """Light or dark, at once."""
        THEME.set_scheme("dark" if scheme == "dark" else "light")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pane.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in ENTER and isinstance(focused, QAbstractButton):
            focused.click()
        elif event.key() in ENTER and isinstance(focused, QLineEdit):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("canvas"))
