"""The window's language: what it is now, and a signal when it changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Both
from store_desk.words import Lang, say, say_error


class Language(QObject):
    """Chinese or English, switchable while running. Signal: changed(). Widgets re-read their words on it."""

    changed = Signal()

    def __init__(self, lang: Lang = "zh", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang: Lang = lang

    @property
    def now(self) -> Lang:
        """`zh` or `en`."""
        return self._lang

    def switch(self, lang: Lang) -> None:
        """Changes the language of the whole window at once."""
        if lang != self._lang:
            self._lang = lang
            self.changed.emit()

    def say(self, key: str, **facts: object) -> str:
        """The sentence for a key of the word catalogue; a fact that is a Both gives its text in this language."""
        plain = {name: self.of(fact) if isinstance(fact, Both) else fact for name, fact in facts.items()}
        return say(self._lang, key, **plain)

    def of(self, text: Both) -> str:
        """The one of two texts that fits this language (Chinese where there is no English)."""
        return text.en or text.zh if self._lang == "en" else text.zh

    def error(self, error: DomainError) -> str:
        """A refusal as a sentence to act on."""
        return say_error(self._lang, error)
