"""The files of a ticket in a list: what each is, how large, who added it and when, and a way to open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.attachments import Attachment, AttachmentKind
from store_desk.domain.case import CancellationCase
from store_desk.domain.consent import Channel
from store_desk.ui.bench import Bench
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.moments import Moments
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, focus_ring, frame
from store_desk.ui.parts.parts import PlanRow
from store_desk.ui.parts.text import TextLabel

ROW: Final = 48
KIB, MIB = 1024, 1024 * 1024
ICONS: Final = {AttachmentKind.PHOTO: "image", AttachmentKind.AUDIO: "phone-call", AttachmentKind.DOCUMENT: "file-text"}


def size_words(size: int) -> str:
    """A size as people say it: `812 KB`, `3.4 MB`; less than one kilobyte counts as one."""
    return f"{size / MIB:.1f} MB" if size >= MIB else f"{max(1, round(size / KIB))} KB"


@dataclass(frozen=True, slots=True)
class FileWords:
    """One row: what stands in it and which attachment it opens."""

    id: str
    icon: str
    name: str
    facts: str
    do: str
    spoken: str


class FileRow(QPushButton):
    """One file; the whole row opens it, by mouse, touch, Enter or the space bar. Signal: asked(attachment id)."""

    asked = Signal(str)

    def __init__(self, words: FileWords, *, line: bool) -> None:
        super().__init__()
        self._words, self._line = words, line
        self.setAutoDefault(False)
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words.spoken)
        self.setToolTip(f"{words.name}\n{words.facts}")
        self.clicked.connect(self._on_clicked)

    def id(self) -> str:
        """The attachment that it opens."""
        return self._words.id

    def sizeHint(self) -> QSize:
        return QSize(240, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW)

    def _on_clicked(self) -> None:
        self.asked.emit(self._words.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        words, middle = self._words, self.height() / 2
        if self.underMouse() or self.isDown():
            frame(painter, QRectF(self.rect()), RADIUS["button"], fill="sunken")
        frame(painter, QRectF(6, middle - 15, 30, 30), RADIUS["button"], fill="accent_soft")
        paint_icon(painter, words.icon, 13, middle - 8, 16, THEME.colour("accent_text"))
        width = text_width(words.do, "label") + 24
        x = self.width() - width - 12
        room = x - 48 - 12
        draw_text(painter, words.name, 48, middle - 19, "label", "text", width=room)
        draw_text(painter, words.facts, 48, middle + 1, "caption", "text2", width=room)
        icon = "eye" if words.icon == "image" else "external-link"
        paint_icon(painter, icon, x, middle - 8, 16, THEME.colour("accent_text"))
        draw_text(painter, words.do, x + 24, middle - 9, "label", "accent_text")
        if self._line:
            painter.fillRect(QRectF(48, self.height() - 1, self.width() - 60, 1), THEME.colour("line"))
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button"])


class FilesBlock(QWidget):
    """The files and the phone recordings of one ticket. Signal: asked(attachment id)."""

    asked = Signal(str)

    def __init__(self, bench: Bench, opened: Opened, moments: Moments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._opened, self._moments = bench, opened, moments
        say = bench.language.say
        recordings = recordings_of(opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(TextLabel(say("ui_files.title"), "heading"))
        head.addStretch(1)
        if opened.files:
            head.addWidget(TextLabel(say("ui_files.count", n=len(opened.files)), "caption", "text2"))
        column.addLayout(head)
        column.addSpacing(4)
        self.rows = [FileRow(self._words(one), line=one is not opened.files[-1]) for one in opened.files]
        for row in self.rows:
            row.asked.connect(self.asked)
            column.addWidget(row)
        for case in recordings:
            column.addWidget(self._recording(case))

    def _words(self, one: Attachment) -> FileWords:
        say = self._bench.language.say
        known = self._opened.people.get(one.added_by)
        who = f"{self._bench.language.of(known)} {one.added_by}" if known else one.added_by
        facts = say(
            "ui_files.facts",
            kind=say(f"ui_files.kind.{one.kind.value}"),
            size=size_words(one.size),
            when=self._moments.full(one.added_at),
            who=who,
        )
        do = say("ui_files.view" if one.kind is AttachmentKind.PHOTO else "ui_files.open")
        spoken = say("ui_files.open.name", do=do, file=one.name, facts=facts)
        return FileWords(one.id, ICONS[one.kind], one.name, facts, do, spoken)

    def _recording(self, case: CancellationCase) -> PlanRow:
        say = self._bench.language.say
        number = case.consent.reference if case.consent is not None else ""
        return PlanRow(
            "phone-call",
            say("ui_files.recording", number=number),
            say("ui_files.recording.facts", when=self._moments.full(case.opened_at)),
            height=ROW,
            line=False,
        )


def recordings_of(opened: Opened) -> list[CancellationCase]:
    """The cancellations whose consent is a recording in the telephone system, newest first."""
    return [
        case
        for case in opened.view.cases
        if case.channel is Channel.PHONE and case.consent is not None and case.consent.reference
    ]
