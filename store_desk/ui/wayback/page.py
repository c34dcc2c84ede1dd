"""The data cannot be opened: what happened, what is safe, and the ways back, each by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError, WorkLost
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.areas import Banner, Hairline
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit, TextArea
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import Lane, run

COLUMN = 640


@dataclass(frozen=True, slots=True)
class WaysBack:
    """What can be done, called on a lane: copies kept here with their moments, and the three restorations."""

    copies: tuple[tuple[Path, datetime], ...]
    restore_copy: Callable[[Path], None]
    restore_file: Callable[[Path, str], None]
    use_sheet: Callable[[str], None]


class WayBackPage(QWidget):
    """Signals: restored(object) when the data can be opened again, again_asked(), quit_asked()."""

    restored = Signal(object)
    again_asked = Signal()
    quit_asked = Signal()

    def __init__(
        self, error: DomainError, ways: WaysBack, language: Language, lane: Lane, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._error, self._ways, self._language, self._lane = error, ways, language, lane
        self._file: Path | None = None
        self._buttons: list[Button] = []
        self._build()

    def _build(self) -> None:
        say = self._language.say
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        holder = QWidget()
        holder.setFixedWidth(COLUMN)
        column = QVBoxLayout(holder)
        column.setSpacing(12)
        column.addStretch(1)
        # Work that is missing leaves data that can be used, other than whatever else leads here.
        lost = ".lost" if isinstance(self._error, WorkLost) else ""
        column.addWidget(TextLabel(say(f"ui_wayback.title{lost}"), "display"))
        self._banner = Banner("bad", "triangle-alert", self._language.error(self._error), say("ui_wayback.safe"))
        column.addWidget(self._banner)
        column.addSpacing(8)
        column.addWidget(self._way("rotate-cw", f"again{lost}", self.again_asked.emit))
        column.addWidget(TextLabel(say("ui_wayback.copies"), "captionb", "text2"))
        for path, moment in self._ways.copies:
            when = moment.astimezone().strftime("%Y-%m-%d %H:%M")
            column.addWidget(self._way("database-backup", "copy", _Copy(self, path).restore, when=when))
        if not self._ways.copies:
            column.addWidget(TextLabel(say("ui_wayback.no_copies"), "small", "text2"))
        column.addWidget(Hairline())
        column.addWidget(self._way("folder-open", "file", self._on_file))
        self._passphrase = self._entry_row()
        column.addWidget(self._passphrase)
        column.addWidget(self._way("key-round", "sheet", self._on_sheet))
        self._sheet = self._sheet_row()
        column.addWidget(self._sheet)
        self._said = TextLabel("", "small", "bad", wrap=True)
        column.addWidget(self._said)
        quit_button = Button(say("ui_wayback.quit"), kind="ghost")
        quit_button.clicked.connect(self.quit_asked)
        column.addWidget(quit_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(2)
        outer.addWidget(holder)
        outer.addStretch(1)

    def _way(self, icon: str, key: str, do: Callable[[], None], **facts: str) -> QWidget:
        """One way back: its button and, beside it, what it costs."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        button = Button(self._language.say(f"ui_wayback.{key}", **facts), icon=icon, size="large")
        button.clicked.connect(do)
        self._buttons.append(button)
        line.addWidget(button)
        line.addWidget(TextLabel(self._language.say(f"ui_wayback.{key}.text"), "small", "text2", wrap=True), 1)
        return row

    def _entry_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        self._word = LineEdit(icon="key-round", placeholder=self._language.say("ui_wayback.passphrase"))
        self._word.setEchoMode(QLineEdit.EchoMode.Password)
        self._word.returnPressed.connect(self._on_passphrase)
        go = Button(self._language.say("ui_wayback.passphrase.go"), kind="primary", key="Enter")
        go.clicked.connect(self._on_passphrase)
        line.addWidget(self._word, 1)
        line.addWidget(go)
        row.hide()
        return row

    def _sheet_row(self) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        self._lines = TextArea(placeholder=self._language.say("ui_wayback.sheet.placeholder"), lines=5)
        go = Button(self._language.say("ui_wayback.sheet.go"), kind="primary")
        go.clicked.connect(self._on_sheet_given)
        column.addWidget(self._lines)
        column.addWidget(go, 0, Qt.AlignmentFlag.AlignRight)
        row.hide()
        return row

    # --- what is chosen ----------------------------------------------------------------------------------------

    def _on_file(self) -> None:
        dialog = QFileDialog(self, self._language.say("ui_wayback.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.open()

    def _on_file_chosen(self, file: str) -> None:
        self._file = Path(file)
        self._passphrase.show()
        self._word.setFocus()

    def _on_passphrase(self) -> None:
        file, word = self._file, self._word.text()
        if file is not None:
            self.work(lambda: self._ways.restore_file(file, word))

    def _on_sheet(self) -> None:
        self._sheet.show()
        self._lines.setFocus()

    def _on_sheet_given(self) -> None:
        text = self._lines.toPlainText()
        self.work(lambda: self._ways.use_sheet(text))

    def restore_copy(self, path: Path) -> None:
        """Puts one of the kept copies in place."""
        self.work(lambda: self._ways.restore_copy(path))

    def work(self, do: Callable[[], None]) -> None:
        """Does one way back on the lane; everything else waits."""
        for button in self._buttons:
            button.setEnabled(False)
        self._said.set_look(colour="text2")
        self._said.set_text(self._language.say("ui_wayback.working"))
        run(self, self._lane, do, then=self._on_done, refused=self._on_refused)

    def _on_done(self, _: object) -> None:
        self.restored.emit(None)

    def _on_refused(self, error: DomainError) -> None:
        for button in self._buttons:
            button.setEnabled(True)
        self._said.set_look(colour="bad")
        self._said.set_text(self._language.error(error))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("canvas"))


class _Copy:
    """Remembers which copy a button is for."""

    def __init__(self, page: WayBackPage, path: Path) -> None:
        self._page, self._path = page, path

    def restore(self) -> None:
        self._page.restore_copy(self._path)
