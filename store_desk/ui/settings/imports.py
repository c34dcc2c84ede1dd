"""Past imports: what came in, what was refused, and taking one back while that is possible."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.roles import Right, has_right
from store_desk.ui.parts.buttons import Button, Chip, LinkButton, Tone
from store_desk.ui.parts.parts import Hairline, Panel
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.history import PastImport, past_imports
from store_desk.ui.settings.section import Room, Section
from store_desk.ui.settings.times import moment
from store_desk.ui.tasks import run

_STATES: dict[str, tuple[str, Tone]] = {
    "running": ("hourglass", "neutral"),
    "done": ("circle-check", "ok"),
    "undone": ("undo-2", "neutral"),
    "stopped": ("circle-pause", "neutral"),
}


class ImportsSection(Section):
    """Signals: import_asked() when a file is to be brought in."""

    import_asked = Signal()
    width_max = 1_000

    def build(self) -> None:
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self.column.addLayout(self._list)
        actor = self.room.bench.session.actor
        self._may = actor is not None and has_right(actor.role, Right.IMPORT)
        self._new = Button(self.room.say("imports.new"), icon="file-up", kind="primary")
        self._new.set_reason("" if self._may else self.room.say("manager_only"))
        self._new.clicked.connect(self.import_asked)

    def footer(self) -> tuple[QWidget, ...]:
        return (self._new,)

    def enter(self) -> None:
        desk = self.room.bench.desk
        run(self, self.room.bench.database, lambda: past_imports(desk), then=self._on_imports)

    def rows(self) -> list[ImportRow]:
        """The rows as they stand."""
        items = [self._list.itemAt(index) for index in range(self._list.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, ImportRow)]

    def _on_imports(self, imports: tuple[PastImport, ...]) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for past in imports:
            row = ImportRow(self.room, past, may_undo=self._may)
            row.undo_confirmed.connect(self._on_undo)
            self._list.addWidget(row)
        if not imports:
            self._list.addSpacing(24)
            self._list.addWidget(TextLabel(self.room.say("imports.none"), "strong"))
            self._list.addWidget(TextLabel(self.room.say("imports.none.hint"), "small", "text2"))

    def _on_undo(self, batch: int) -> None:
        actor, importing = self.room.bench.session.actor, self.room.bench.importing
        if actor is None:
            return
        # The button with the focus has gone; left to itself the focus would go out of the page.
        self._new.setFocus()
        self.noted.emit(self.room.say("imports.undo.running"), "")
        run(
            self,
            self.room.bench.files,
            lambda: importing.undo(actor, batch),
            then=self._on_undone,
            refused=self._on_not_undone,
        )

    def _on_undone(self, answer: tuple[int, int, tuple[str, ...]]) -> None:
        removed, restored, kept = answer
        key = "imports.undone.kept" if kept else "imports.undone"
        words = self.room.say(key, removed=removed, restored=restored, n=len(kept), numbers=", ".join(kept[:5]))
        self.noted.emit(words, "ok")
        self.enter()

    def _on_not_undone(self, error: object) -> None:
        from store_desk.domain.errors import DomainError

        if isinstance(error, DomainError):
            self.refuse(error)
        self.enter()


class ImportRow(QWidget):
    """One import. Signal: undo_confirmed(batch), after the question in place."""

    undo_confirmed = Signal(int)

    def __init__(self, room: Room, past: PastImport, *, may_undo: bool) -> None:
        super().__init__()
        self._room, self._past = room, past
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 12, 0, 12)
        row.setSpacing(12)
        row.addLayout(self._texts(), 1)
        icon, tone = _STATES.get(past.batch.state, ("circle", "neutral"))
        state = Chip(room.say(f"imports.state.{past.batch.state}"), icon=icon, tone=tone)
        row.addWidget(state, 0, Qt.AlignmentFlag.AlignVCenter)
        if past.batch.refused_file:
            refused = LinkButton(room.say("imports.refused"), icon="file-text")
            refused.clicked.connect(self._on_refused)
            row.addWidget(refused)
        self.undo = Button(room.say("imports.undo"), icon="undo-2", size="small")
        self.undo.clicked.connect(self._on_ask)
        row.addWidget(self.undo)
        column.addLayout(row)
        self.undo.setVisible(may_undo and past.undo_until is not None)
        self._ask = self._question()
        self._ask.hide()
        column.addWidget(self._ask)
        column.addWidget(Hairline())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _texts(self) -> QVBoxLayout:
        batch, room = self._past.batch, self._room
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(TextLabel(Path(batch.file).name, "strong", elide=True))
        counts = batch.counts
        said = room.say(
            "imports.counts",
            rows=f"{counts.rows:,}",
            added=f"{counts.added:,}",
            updated=f"{counts.updated:,}",
            unchanged=f"{counts.unchanged:,}",
            refused=f"{counts.refused:,}",
        )
        texts.addWidget(TextLabel(said, "small", "text2", wrap=True))
        when = room.say("imports.line", when=moment(room.bench, batch.started_at), who=batch.by)
        if self._past.undo_until is not None:
            when += " · " + room.say("imports.until", time=moment(room.bench, self._past.undo_until))
        texts.addWidget(TextLabel(when, "small", "text3", elide=True))
        return texts

    def _question(self) -> Panel:
        batch, room = self._past.batch, self._room
        panel = Panel("warn")
        row = QHBoxLayout(panel)
        row.setContentsMargins(16, 10, 12, 10)
        words = room.say("imports.undo.ask", file=Path(batch.file).name, n=batch.counts.rows)
        row.addWidget(TextLabel(words, "small", wrap=True), 1)
        self._keep = Button(room.say("imports.undo.keep"), size="small")
        self._keep.clicked.connect(self._on_keep)
        confirm = Button(room.say("imports.undo.confirm"), size="small", kind="danger")
        confirm.clicked.connect(self._on_confirm)
        row.addWidget(self._keep)
        row.addWidget(confirm)
        panel.setContentsMargins(0, 0, 0, 0)
        return panel

    def _on_ask(self) -> None:
        self._ask.show()
        self._keep.setFocus()

    def _on_keep(self) -> None:
        self._ask.hide()
        self.undo.setFocus()

    def _on_confirm(self) -> None:
        self._ask.hide()
        self.undo.setEnabled(False)
        self.undo_confirmed.emit(self._past.batch.id)

    def _on_refused(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._past.batch.refused_file))
