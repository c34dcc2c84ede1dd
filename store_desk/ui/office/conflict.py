"""Somebody else published meanwhile: both versions beside each other, and which one goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.parts.areas import Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import TextLabel

LINES_MAX = 12


def differences(theirs: dict[str, str], mine: dict[str, str]) -> list[tuple[str, str, str]]:
    """(name, theirs, mine) of everything that the two say differently; '' where one does not have it."""
    names = list(dict.fromkeys((*theirs, *mine)))
    return [
        (name, theirs.get(name, ""), mine.get(name, "")) for name in names if theirs.get(name, "") != mine.get(name, "")
    ]


class ConflictPane(Panel):
    """Signals: theirs_taken(), mine_kept()."""

    theirs_taken = Signal()
    mine_kept = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__("warn", parent=parent)
        self._language = language
        self._title = TextLabel("", "strong", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        for column in range(3):
            self._grid.setColumnStretch(column, 1)
        self.theirs = Button(" ")
        self.mine = Button(" ")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.theirs)
        row.addWidget(self.mine)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 12, 16, 12)
        column_.setSpacing(8)
        column_.addWidget(self._title)
        column_.addLayout(self._grid)
        column_.addLayout(row)
        self.theirs.clicked.connect(self.theirs_taken)
        self.mine.clicked.connect(self.mine_kept)

    def show_both(self, title: str, found: list[tuple[str, str, str]], *, n: int) -> None:
        """Shows where the two differ; `n` is the version that theirs has."""
        say = self._language.say
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._title.set_text(title)
        heads = ("", say("ui_office.conflict.theirs", n=n), say("ui_office.conflict.mine"))
        lines = [heads, *found[:LINES_MAX]]
        if len(found) > LINES_MAX:
            lines.append((say("ui_office.conflict.more", n=len(found) - LINES_MAX), "", ""))
        for place, line in enumerate(lines):
            for column, words in enumerate(line):
                style = "captionb" if place == 0 else "small"
                shown = words or ("" if column == 0 or place == 0 else "–")
                self._grid.addWidget(
                    TextLabel(shown, style, "text2" if place == 0 else "text", elide=True), place, column
                )
        self.theirs.set_text(say("ui_office.conflict.take"))
        self.mine.set_text(say("ui_office.conflict.keep"))
        self.show()

    def words(self) -> str:
        """All that is shown."""
        items = (self._grid.itemAt(place) for place in range(self._grid.count()))
        widgets = (item.widget() for item in items if item is not None)
        return "\n".join([self._title.text(), *(cell.accessibleName() for cell in widgets if cell is not None)])
