"""Opening a ticket's files: pictures over the desk, everything else in the computer's own viewer."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QWidget

from store_desk.domain.attachments import Attachment, AttachmentKind
from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Both
from store_desk.services.attachments import read_attachment
from store_desk.services.people import people_here
from store_desk.ui.bench import Bench
from store_desk.ui.desk.copies import remove_copies, write_copy
from store_desk.ui.desk.files import size_words
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.preview import Preview, picture_of
from store_desk.ui.tasks import run


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: for which wish, and as a picture where it is one that can be shown here."""

    turn: int
    attachment: Attachment
    content: bytes
    who: Both
    picture: QImage | None = None


class Viewing(QObject):
    """Signals: said(words, tone) about what became of a wish, changed() when a picture comes or goes, and
    closed(attachment id) when a picture that had the focus is put away.

    Copies for the viewer are removed when the desk is locked and when the program ends; what a crash left behind goes
    as soon as the next window opens.
    """

    said = Signal(str, str)
    closed = Signal(str)
    changed = Signal()

    def __init__(self, bench: Bench, over: QWidget) -> None:
        super().__init__(over)
        self._bench = bench
        self._over = over
        self._turn = 0
        self._shown: _Read | None = None
        self._file = ""
        self.preview = Preview(bench, over)
        self.preview.closed.connect(self._on_closed)
        self.preview.outside_asked.connect(self._on_outside)
        over.installEventFilter(self)
        weakref.finalize(self, remove_copies, bench.data_folder)
        self._tidy()

    def open(self, attachment_id: str) -> None:
        """Reads the file and shows it; a wish that was overtaken by another is dropped."""
        actor = self._bench.session.actor
        if actor is None:
            return
        self._turn += 1
        turn, desk = self._turn, self._bench.desk

        def read() -> _Read:
            attachment, content = read_attachment(desk, actor, attachment_id=attachment_id)
            who = next((one for one in people_here(desk) if one.id == attachment.added_by), None)
            return _Read(turn, attachment, content, Both(who.name, who.name_other) if who else Both(""))

        run(self, self._bench.database, read, then=self._on_read, refused=self._on_refused)

    def shut(self) -> None:
        """Nothing that was opened before stays on the desk."""
        self._turn += 1
        self.preview.shut()

    # --- steps -------------------------------------------------------------------------------------------------

    def _on_read(self, read: _Read) -> None:
        if read.turn != self._turn:
            return
        if read.attachment.kind is not AttachmentKind.PHOTO:
            self._hand_out(read)
            return

        def look() -> _Read:
            return replace(read, picture=picture_of(read.content))

        run(self, self._bench.files, look, then=self._on_looked)

    def _on_looked(self, read: _Read) -> None:
        if read.turn != self._turn:
            return
        if read.picture is None or read.picture.isNull():
            # HEIC and the like: the computer's viewer may know it.
            self._hand_out(read)
            return
        self._shown = read
        one = read.attachment
        facts = self._bench.language.say(
            "ui_files.facts",
            kind=self._bench.language.say(f"ui_files.kind.{one.kind.value}"),
            size=size_words(one.size),
            when=Moments(self._bench).full(one.added_at),
            who=f"{self._bench.language.of(read.who)} {one.added_by}".strip(),
        )
        self.said.emit("", "")
        self.preview.show_picture(read.picture, name=one.name, facts=facts)
        self.changed.emit()

    def _on_outside(self) -> None:
        if self._shown is not None:
            self._hand_out(self._shown)

    def _hand_out(self, read: _Read) -> None:
        self._file = read.attachment.name
        self.said.emit(self._bench.language.say("ui_files.opening", file=self._file), "")
        folder = self._bench.data_folder
        run(
            self,
            self._bench.files,
            lambda: write_copy(folder, read.attachment, read.content),
            then=self._on_copied,
            refused=self._on_refused,
        )

    def _on_copied(self, path: Path) -> None:
        if self._bench.session.actor is None:
            # Locked in the meantime: nothing of a customer comes up any more.
            self._tidy()
            return
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        key = "opened" if opened else "no_viewer"
        self.said.emit(self._bench.language.say(f"ui_files.{key}", file=self._file), "ok" if opened else "warn")

    def _on_refused(self, error: DomainError) -> None:
        self.said.emit(self._bench.language.error(error), "bad")

    def _on_closed(self, had_focus: bool) -> None:
        shown, self._shown = self._shown, None
        self.changed.emit()
        if shown is not None and had_focus:
            self.closed.emit(shown.attachment.id)

    # --- the desk comes and goes -------------------------------------------------------------------------------

    def _tidy(self) -> None:
        folder = self._bench.data_folder
        run(self, self._bench.files, lambda: remove_copies(folder))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: a picture goes with its desk; at the lock the copies go too."""
        if event.type() == QEvent.Type.Resize:
            self.preview.setGeometry(self._over.rect())
        elif event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.shut()
            if self._bench.session.actor is None:
                self._tidy()
        return False
