"""Qt's own words (menus of text fields, its file dialog) in the window's language."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from store_desk.ui.language import Language

CHINESE = "qtbase_zh_CN"


@cache
def _chinese() -> QTranslator:
    # One for the program, as its windows come and go: what Qt says follows the language that was chosen last.
    made = QTranslator()
    made.load(CHINESE, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return made


class QtWords(QObject):
    """Follows a language; where Qt came without its translations, its words stay English."""

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        language.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Brings Qt to the language as it is now."""
        if QCoreApplication.instance() is None:
            return
        # Never twice, or one would stay.
        QCoreApplication.removeTranslator(_chinese())
        if self._language.now == "zh":
            QCoreApplication.installTranslator(_chinese())
