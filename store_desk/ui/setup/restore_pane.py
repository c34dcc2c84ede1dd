"""A store from a backup: the file and its passphrase."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import BackupUnreadable, DomainError, PassphraseTooShort, PassphraseWrong
from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.setup.field import Field

WIDTH = 520


class RestorePane(QWidget):
    """Signals: given(Path, str passphrase), back()."""

    given = Signal(object, str)
    back = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._busy = False
        self._title = TextLabel(style="title", wrap=True)
        self._caption = TextLabel(colour="text2", wrap=True)
        self.file = Field("file", language)
        self.choose = Button("", icon="folder-open")
        self.choose.setFixedHeight(40)
        self.passphrase = Field("passphrase", language, secret=True)
        self._line = TextLabel(style="small", colour="bad", wrap=True)
        self.leave = Button("", key="Esc", kind="ghost", size="large")
        self.go = Button("", key="Ctrl ↵", kind="primary", size="large")
        self.setFixedWidth(WIDTH)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.file, 1)
        row.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._caption)
        column.addSpacing(8)
        column.addLayout(row)
        column.addWidget(self.passphrase)
        column.addWidget(self._line)
        column.addLayout(foot)
        column.addStretch(1)
        self._order()
        self.choose.clicked.connect(self.on_choose)
        self.go.clicked.connect(self.on_go)
        self.leave.clicked.connect(self.back)
        self.setFocusProxy(self.file)
        self.retranslate()

    def _order(self) -> None:
        parts = (self.file.entry, self.choose, self.passphrase.entry, self.go, self.leave)
        for before, after in pairwise(parts):
            QWidget.setTabOrder(before, after)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_setup.restore"))
        self._caption.set_text(say("ui_setup.restore.caption"))
        self.file.retranslate()
        self.passphrase.retranslate()
        self.choose.set_text(say("ui_setup.file.choose"))
        self.leave.set_text(say("ui_setup.back"))
        self.go.set_text(say("ui_setup.restore.go"))

    def line(self) -> str:
        """What is said above the buttons."""
        return self._line.text()

    def is_busy(self) -> bool:
        """Whether the backup is being restored."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """Takes no entry meanwhile."""
        self._busy = busy
        for part in (self.file, self.choose, self.passphrase, self.go, self.leave):
            part.setEnabled(not busy)
        self.show_line(self._language.say("ui_setup.restoring") if busy else "", colour="text2")

    def show_line(self, text: str, *, colour: str = "bad") -> None:
        """Says something above the buttons."""
        self._line.set_look(colour=colour)
        self._line.set_text(text)

    def on_choose(self) -> None:
        """The system's window for files."""
        say = self._language.say
        dialog = QFileDialog(self, say("ui_setup.file"), self.file.text(), say("ui_setup.file.kinds"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.on_file)
        dialog.open()

    def on_file(self, path: str) -> None:
        """A file was chosen."""
        self.file.set_text(path)
        self.passphrase.setFocus()

    def on_go(self) -> None:
        """Hands file and passphrase on."""
        if self._busy:
            return
        self.show_line("")
        path = Path(self.file.text()).expanduser()
        if not self.file.text() or not path.is_file():
            self._wrong(self.file, self._language.say("ui_setup.file.wrong"))
        elif not self.passphrase.entry.text():
            self._wrong(self.passphrase, self._language.say("ui_setup.passphrase.wrong"))
        else:
            self.given.emit(path, self.passphrase.entry.text())

    def show_refused(self, error: DomainError) -> None:
        """Says what could not be done, at its field or above the buttons."""
        text = self._language.error(error)
        if isinstance(error, (PassphraseWrong, PassphraseTooShort)):
            self._wrong(self.passphrase, text)
            self.passphrase.clear()
        elif isinstance(error, BackupUnreadable):
            self._wrong(self.file, text)
        else:
            self.show_line(text)
            self.go.setFocus()

    def _wrong(self, field: Field, text: str) -> None:
        field.show_wrong(text)
        field.setFocus()
