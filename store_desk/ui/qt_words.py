"""Qt's own words (menus of text fields, its file dialog) in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from store_desk.ui.language import Language

CHINESE = "qtbase_zh_CN"


class QtWords(QObject):
    """Follows a language; where Qt came without its translations, its words stay English."""

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self._chinese = QTranslator(self)
        self._is_in = False
        language.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Brings Qt to the language as it is now."""
        wanted = self._language.now == "zh"
        if wanted and self._chinese.isEmpty():
            self._chinese.load(CHINESE, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        if wanted == self._is_in or QCoreApplication.instance() is None:
            return
        self._is_in = wanted
        if wanted:
            QCoreApplication.installTranslator(self._chinese)
        else:
            QCoreApplication.removeTranslator(self._chinese)
