"""The last step: how far the import is, stopping it, what came of it, and taking it back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import ImportStopped
from store_desk.ui.bench import Bench
from store_desk.ui.imports.errand import Progress
from store_desk.ui.imports.flow import Doing, Flow
from store_desk.ui.parts.buttons import Button, LinkButton
from store_desk.ui.parts.parts import Banner, Panel, ProgressBar
from store_desk.ui.parts.text import Run, Runs, TextLabel

MINUTE_S: Final = 90
KEPT_SHOWN: Final = 5


class Question(Panel):
    """A question in place with a safe way out first. Signals: confirmed(), kept()."""

    confirmed = Signal()
    kept = Signal()

    def __init__(self, words: str, *, keep: str, confirm: str, parent: QWidget | None = None) -> None:
        super().__init__("warn", parent=parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(8)
        self._words = TextLabel(words, "strong", wrap=True)
        row.addWidget(self._words, 1)
        self.keep = Button(keep, key="Esc")
        self.keep.clicked.connect(self.kept)
        self.confirm = Button(confirm, kind="danger")
        self.confirm.clicked.connect(self.confirmed)
        row.addWidget(self.keep)
        row.addWidget(self.confirm)
        self.hide()

    def ask(self, words: str) -> None:
        """Shows the question with the focus on the safe way."""
        self._words.set_text(words)
        self.show()
        self.keep.setFocus()


# The same as the settings' rows: wider is hard to follow.
WIDTH_MAX: Final = 800


class BringPane(QWidget):
    """Signals: stop_confirmed(), undo_confirmed(), finished() when the person goes back to the settings."""

    stop_confirmed = Signal()
    undo_confirmed = Signal()
    finished = Signal()

    def __init__(self, bench: Bench, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._flow = bench, flow
        self.setMaximumWidth(WIDTH_MAX)
        say = bench.language.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(12)
        self._title = Runs((), height=32)
        column.addWidget(self._title)
        self.bar = ProgressBar()
        column.addWidget(self.bar)
        self._far = TextLabel(" ", "body", "text")
        self._line = TextLabel("", "small", "text2", wrap=True)
        column.addWidget(self._far)
        column.addWidget(self._line)
        self._error = Banner("bad", "triangle-alert", " ")
        self._error.hide()
        column.addWidget(self._error)
        self._refused = LinkButton(" ", icon="file-text")
        self._refused.clicked.connect(self._on_refused)
        column.addWidget(self._refused)
        self.question = Question(
            "", keep=say("ui_imports.bring.stop.go_on"), confirm=say("ui_imports.bring.stop.confirm")
        )
        self.question.confirmed.connect(self._on_stop)
        self.question.kept.connect(self.put_question_away)
        self.undo_question = Question(
            "", keep=say("ui_imports.done.undo.keep"), confirm=say("ui_imports.done.undo.confirm")
        )
        self.undo_question.confirmed.connect(self._on_undo)
        self.undo_question.kept.connect(self.put_question_away)
        column.addSpacing(4)
        column.addWidget(self.question)
        column.addWidget(self.undo_question)
        column.addLayout(self._build_buttons())
        column.addStretch(1)

    def _build_buttons(self) -> QHBoxLayout:
        say = self._bench.language.say
        self.stop = Button(say("ui_imports.bring.stop"), icon="octagon-x", key="Esc", size="large")
        self.stop.clicked.connect(self.ask_stop)
        self.finish = Button(say("ui_imports.done.finish"), key="Enter", kind="primary", size="large")
        self.finish.clicked.connect(self.finished)
        self.back = Button(say("ui_imports.back"), key="Alt ←", size="large")
        self.undo = Button(say("ui_imports.done.undo", hours=self._flow.undo_hours), icon="undo-2", size="large")
        self.undo.clicked.connect(self.ask_undo)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.stop, self.finish, self.back, self.undo):
            row.addWidget(button)
        row.addStretch(1)
        return row

    # --- questions -----------------------------------------------------------------------------------------

    def ask_stop(self) -> None:
        """Asks in place whether the running import is to end."""
        if self._flow.doing is Doing.BRINGING:
            self.stop.hide()
            self.question.ask(self._bench.language.say("ui_imports.bring.stop.ask"))

    def ask_undo(self) -> None:
        """Asks in place whether the whole import is to be taken back."""
        self.undo_question.ask(self._bench.language.say("ui_imports.done.undo.ask"))

    def put_question_away(self) -> bool:
        """Goes on as before; False when nothing was asked."""
        asked = not self.question.isHidden() or not self.undo_question.isHidden()
        self.question.hide()
        self.undo_question.hide()
        if asked:
            self.show_flow()
            (self.undo if self._flow.done is not None else self.stop).setFocus()
        return asked

    def control(self) -> QWidget:
        """What takes the focus as the import stands."""
        if self._flow.done is not None:
            return self.finish
        return self.stop if self._flow.doing in (Doing.BRINGING, Doing.STOPPING) else self.back

    def _on_stop(self) -> None:
        self.question.hide()
        self.stop_confirmed.emit()

    def _on_undo(self) -> None:
        self.undo_question.hide()
        self.undo_confirmed.emit()

    def _on_refused(self) -> None:
        done = self._flow.done
        if done is not None and done.refused_file:
            QDesktopServices.openUrl(QUrl.fromLocalFile(done.refused_file))

    # --- showing -------------------------------------------------------------------------------------------

    def show_flow(self) -> None:
        """Shows the running import, its end, or why it did not end well."""
        flow = self._flow
        running = flow.doing in (Doing.BRINGING, Doing.STOPPING)
        if not running:
            self.question.hide()
        self.bar.setVisible(running)
        self._far.setVisible(running)
        self.stop.setVisible(running and self.question.isHidden())
        self.stop.setEnabled(flow.doing is Doing.BRINGING)
        self.back.setVisible(not running and flow.done is None)
        self.finish.setVisible(flow.done is not None)
        self.finish.setEnabled(flow.doing is Doing.NOTHING)
        self.undo.setVisible(flow.done is not None and flow.undone is None)
        self.undo.setEnabled(flow.doing is Doing.NOTHING)
        refused_file = flow.done.refused_file if flow.done is not None and flow.undone is None else ""
        self._refused.setVisible(bool(refused_file))
        if refused_file:
            words = self._bench.language.say("ui_imports.done.refused", file=Path(refused_file).name)
            self._refused.set_text(words)
        self._show_words(running)
        self._show_error()

    def show_progress(self, progress: Progress) -> None:
        """Says how far, of how many rows, how long still; parts of the whole are told, never taken for rows."""
        say = self._bench.language.say
        self.bar.set_share(progress.done / progress.total if progress.total else 0.0)
        rows = self._flow.rows_to_take()
        parts = [say("ui_imports.bring.share", percent=progress.percent, n=rows)]
        if progress.total and progress.done >= progress.total:
            parts.append(say("ui_imports.bring.publishing"))
        left = progress.seconds_left
        if left is not None:
            minutes = left > MINUTE_S
            key = "left_min" if minutes else "left_s"
            parts.append(say(f"ui_imports.bring.{key}", n=round(left / 60) if minutes else left))
        self._far.set_text(" · ".join(parts))

    def _show_words(self, running: bool) -> None:
        flow, say = self._flow, self._bench.language.say
        if running:
            stopping = flow.doing is Doing.STOPPING
            self._head("hourglass", "text2", say(f"ui_imports.bring.{'stopping' if stopping else 'running'}"))
            self._line.set_text(say("ui_imports.bring.hint"))
        elif flow.undone is not None:
            undone = flow.undone
            self._head("undo-2", "text2", say("ui_imports.done.undone"))
            words = say("ui_imports.done.undone.line", removed=f"{undone.removed:,}", restored=f"{undone.restored:,}")
            if undone.kept:
                numbers = ", ".join(undone.kept[:KEPT_SHOWN]) + ("…" if len(undone.kept) > KEPT_SHOWN else "")
                words += "\n" + say("ui_imports.done.kept", n=len(undone.kept), numbers=numbers)
            self._line.set_text(words)
        elif flow.done is not None:
            counts = flow.done.counts
            undoing = flow.doing is Doing.UNDOING
            self._head("circle-check", "ok", say("ui_imports.done.undoing" if undoing else "ui_imports.done.title"))
            self._line.set_text(say("ui_imports.done.line", n=counts.added + counts.updated))
        elif isinstance(flow.error, ImportStopped):
            self._head("circle-pause", "text2", say("ui_imports.bring.stopped"))
            self._line.set_text(say("ui_imports.safe"))
        else:
            self._head("triangle-alert", "bad", say("ui_imports.step.bring"))
            self._line.set_text("")

    def _head(self, icon: str, colour: str, words: str) -> None:
        self._title.set_runs((Run(icon=icon, colour=colour, px=24), Run(words, "heading")))

    def _show_error(self) -> None:
        error = self._flow.error
        bad = error is not None and not isinstance(error, ImportStopped)
        self._error.setVisible(bad)
        if error is not None and bad:
            language = self._bench.language
            safe = "" if self._flow.done is not None else language.say("ui_imports.safe")
            self._error.set_words(language.error(error), safe)
