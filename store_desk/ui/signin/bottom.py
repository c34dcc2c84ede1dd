"""The lowest line of sign-in and set-up: the practice mark at the left; language, light or dark at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.buttons import Chip, IconButton
from store_desk.ui.parts.inputs import Segmented
from store_desk.ui.parts.text import TextLabel

SWITCH = 34
BELOW = 15
BOTTOM = SWITCH + BELOW


class BottomLine(QWidget):
    """Signals: language_chosen(str `zh` or `en`), scheme_chosen(str `light` or `dark`)."""

    language_chosen = Signal(str)
    scheme_chosen = Signal(str)

    def __init__(self, language: Language, *, demo: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._mark = Chip(icon="triangle-alert", tone="warn")
        self._caption = TextLabel(style="caption", colour="text2")
        self._mark.setVisible(demo)
        self._caption.setVisible(demo)
        self.languages = Segmented(self._options(), height=SWITCH)
        self.scheme = IconButton("moon", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 22, BELOW)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._caption)
        row.addStretch(1)
        row.addWidget(self.languages)
        row.addWidget(self.scheme)
        self.setFixedHeight(BOTTOM)
        self.languages.chosen.connect(self.language_chosen)
        self.scheme.clicked.connect(self.on_scheme)
        THEME.changed.connect(self.retranslate)
        self.retranslate()

    def _options(self) -> tuple[tuple[str, str, str, str], ...]:
        say = self._language.say
        return (("zh", say("ui_signin.zh"), "", ""), ("en", say("ui_signin.en"), "", ""))

    def retranslate(self) -> None:
        """Reads all words again, and which language and scheme hold."""
        say = self._language.say
        self._mark.set_chip(say("ui_signin.demo"), icon="triangle-alert", tone="warn")
        self._caption.set_text(say("ui_signin.demo.caption"))
        self.languages.set_value(self._language.now)
        self.languages.setAccessibleName(say("ui_signin.language"))
        self.scheme.set_icon("sun" if THEME.is_dark else "moon")
        self.scheme.set_name(say("ui_signin.light" if THEME.is_dark else "ui_signin.dark"))

    def on_scheme(self) -> None:
        """The other scheme."""
        self.scheme_chosen.emit("light" if THEME.is_dark else "dark")
