"""The first step: a file is chosen, dropped, or taken from those used before."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.bench import Bench
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.buttons import Button, LinkButton
from store_desk.ui.parts.painting import frame
from store_desk.ui.parts.parts import Banner, ProgressLine
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.shortcuts import OPEN_FILE, caps

# The limits of the readers, said before anybody waits for a refusal (rulings, 31).
CSV_MAX_MB: Final = 512
SHEET_MAX_MB: Final = 64
ENDINGS: Final = ("csv", "tsv", "txt", "xlsx", "xlsm", "xls", "xlsb", "ods")


def dropped_file(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one local file that is being dropped; None for several or for something else."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


class ChoosePane(QWidget):
    """Signals: chosen(Path)."""

    chosen = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        say = bench.language.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(16)
        self.zone = DropZone()
        self.zone.dropped.connect(self.chosen)
        inner = QVBoxLayout(self.zone)
        inner.setSpacing(8)
        inner.addStretch(1)
        inner.addSpacing(64)
        for words, style, colour in (
            (say("ui_imports.choose.drop"), "strong", "text"),
            (say("ui_imports.choose.formats", csv=CSV_MAX_MB, sheet=SHEET_MAX_MB), "small", "text2"),
        ):
            label = TextLabel(words, style, colour, align=Qt.AlignmentFlag.AlignHCenter)
            inner.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        key = " ".join(caps(OPEN_FILE))
        self.button = Button(say("ui_imports.choose.button"), icon="file-up", key=key, kind="primary", size="large")
        self.button.clicked.connect(self.open_dialog)
        inner.addSpacing(8)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(1)
        self._busy = ProgressLine()
        self._looking = TextLabel(say("ui_imports.choose.looking"), "small", "text2")
        self._error = Banner("bad", "triangle-alert", " ")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        column.addWidget(self._error)
        column.addWidget(self.zone, 1)
        column.addWidget(self._busy)
        column.addWidget(self._looking)
        column.addLayout(self._recent)
        column.addStretch(0)
        self._error.hide()
        self._looking.hide()

    def show_recent(self, files: list[str]) -> None:
        """Lists the files used before that are still there to be asked for."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if not files:
            return
        self._recent.addWidget(TextLabel(self._bench.language.say("ui_imports.choose.recent"), "captionb", "text2"))
        for file in files:
            path = Path(file)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            link = LinkButton(path.name, icon="file-spreadsheet")
            link.setProperty("file", file)
            link.clicked.connect(self._on_recent)
            line.addWidget(link)
            line.addWidget(TextLabel(str(path.parent), "small", "text3", elide=True), 1)
            self._recent.addWidget(row)

    def show_state(self, *, looking: bool, error: DomainError | None) -> None:
        """Says that the file is being looked at, or why it cannot be taken."""
        self._looking.setVisible(looking)
        if looking:
            self._busy.start()
        else:
            self._busy.stop()
        self.button.setEnabled(not looking)
        self._error.setVisible(error is not None)
        if error is not None:
            language = self._bench.language
            self._error.set_words(language.error(error), language.say("ui_imports.safe"))

    def open_dialog(self) -> None:
        """Opens the file dialog."""
        say = self._bench.language.say
        dialog = QFileDialog(self, say("ui_imports.choose.dialog"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*.{ending}" for ending in ENDINGS)
        dialog.setNameFilters([f"{say('ui_imports.choose.filter')} ({endings})", f"{say('ui_imports.choose.all')} (*)"])
        dialog.fileSelected.connect(self._on_selected)
        dialog.open()

    def _on_selected(self, file: str) -> None:
        self.chosen.emit(Path(file))

    def _on_recent(self) -> None:
        self.chosen.emit(Path(str(self.sender().property("file"))))


class DropZone(QWidget):
    """A dashed area that takes one file. Signal: dropped(Path)."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setAcceptDrops(True)
        self.setMinimumHeight(280)
        self.setMaximumHeight(380)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            self._set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        frame(painter, rect, 12, fill="accent_softer" if self._over else "subtle")
        pen = QPen(THEME.colour("accent" if self._over else "control"), 1)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        middle = rect.center()
        top = middle.y() - 122
        frame(painter, QRectF(middle.x() - 32, top, 64, 64), 12, fill="sunken")
        paint_icon(painter, "file-spreadsheet", middle.x() - 14, top + 18, 28, THEME.colour("text2"))
