"""The import page: four steps in one place, what will happen at the side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from store_desk.domain.imports import Field
from store_desk.services.rules import change_setting, read_settings
from store_desk.ui.bench import Bench
from store_desk.ui.imports.answers import Unknown
from store_desk.ui.imports.bring import BringPane
from store_desk.ui.imports.check import CheckPane
from store_desk.ui.imports.choose import ChoosePane
from store_desk.ui.imports.errand import Progress
from store_desk.ui.imports.flow import Doing, Flow, Step
from store_desk.ui.imports.match import MatchPane
from store_desk.ui.imports.side import SidePanel
from store_desk.ui.imports.steps import StepsBar
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import WIDE_FROM
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import Banner, Hairline
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.shortcuts import BACK, FORWARD, OPEN_FILE, SAVE
from store_desk.ui.tasks import run

RECENT_SETTING: Final = "imports.recent"
RECENT_MAX: Final = 5
_STEPS: Final = (Step.CHOOSE, Step.MATCH, Step.CHECK, Step.BRING)


class ImportPage(QWidget):
    """Bringing a file in. Signals: closed() when the person goes back to the settings, hints_changed()."""

    closed = Signal()
    hints_changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.flow = Flow(bench, self)
        self.flow.changed.connect(self._on_changed)
        self.flow.progressed.connect(self._on_progressed)
        self._recent: list[str] = []
        self._shown_stage: tuple[Step, bool, bool] | None = None
        self._focus_due = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._body: QWidget | None = None
        self._build_body()
        for keys, slot in (
            (FORWARD, self._on_go_on),
            (BACK, self._on_go_back),
            (OPEN_FILE, self._on_open),
            (SAVE, self._on_save),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        bench.language.changed.connect(self._on_language)
        THEME.changed.connect(self._on_theme)
        self._read_recent()
        self._on_changed()

    # --- building ------------------------------------------------------------------------------------------

    def _build_body(self) -> None:
        # All words are in here; another language builds it anew over the same flow.
        bench, flow = self.bench, self.flow
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addLayout(self._build_head())
        self._error = Banner("warn", "triangle-alert", " ")
        self._error_row = QHBoxLayout()
        self._error_row.addWidget(self._error)
        main.addLayout(self._error_row)
        self.choose, self.match = ChoosePane(bench), MatchPane(bench, flow)
        self.check, self.bring = CheckPane(bench, flow), BringPane(bench, flow)
        self.choose.chosen.connect(self.look_at)
        self.match.matched.connect(self._on_matched)
        self.bring.stop_confirmed.connect(flow.stop)
        self.bring.undo_confirmed.connect(flow.undo)
        self.bring.finished.connect(self.closed)
        self.bring.back.clicked.connect(self._on_go_back)
        self._stack = QStackedWidget()
        self._inset = []
        for pane in (self.choose, self.match, self.check, self.bring):
            holder = QWidget()
            layout = QVBoxLayout(holder)
            layout.addWidget(pane)
            if pane in (self.choose, self.bring):
                self._inset.append(layout)
            else:
                layout.setContentsMargins(0, 0, 0, 0)
            self._stack.addWidget(holder)
        main.addWidget(self._stack, 1)
        row.addLayout(main, 1)
        self._line = Hairline(vertical=True)
        row.addWidget(self._line)
        self.side = SidePanel(bench, flow)
        self.side.answered.connect(self._on_answered)
        self.side.go_on.connect(self._on_go_on)
        self.side.go_back.connect(self._on_go_back)
        row.addWidget(self.side)
        self._row.addWidget(self._body)
        self._set_pad()

    def _build_head(self) -> QVBoxLayout:
        say = self.bench.language.say
        self._head = QVBoxLayout()
        self._head.setSpacing(0)
        top = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(TextLabel(say("ui_imports.title"), "title"))
        self._file = TextLabel(say("ui_imports.choose.title"), "small", "text2", elide=True)
        texts.addWidget(self._file)
        top.addLayout(texts, 1)
        self.other = Button(say("ui_imports.change_file"), icon="file-spreadsheet")
        self.other.clicked.connect(self._on_other)
        top.addWidget(self.other, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.addLayout(top)
        self._head.addSpacing(20)
        self.steps = StepsBar(self.bench.language)
        self._head.addWidget(self.steps)
        return self._head

    def _set_pad(self) -> None:
        pad = 32 if self.window().width() >= WIDE_FROM or self.width() >= WIDE_FROM - 80 else 28
        self._head.setContentsMargins(pad, 24, pad, 10)
        self._error_row.setContentsMargins(pad, 0, pad, 12)
        for layout in self._inset:
            layout.setContentsMargins(pad, 0, pad, 20)
        self.match.set_pad(pad)
        self.check.set_pad(pad)

    # --- what the frame asks -------------------------------------------------------------------------------

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say, flow = self.bench.language.say, self.flow
        give_up = (("Esc",), say("ui_imports.hint.give_up"))
        forward = (("Ctrl", "↵"), say("ui_imports.hint.next"))
        back = (("Alt", "←"), say("ui_imports.hint.back"))
        if flow.step is Step.CHOOSE:
            return [(("Ctrl", "O"), say("ui_imports.hint.choose")), give_up]
        if flow.step is Step.MATCH:
            tab = (("Tab",), say("ui_imports.hint.next_column"))
            return [tab, (("Alt", "↓"), say("ui_imports.hint.change")), forward, back, give_up]
        if flow.step is Step.CHECK:
            has_list = flow.check is not None and bool(flow.check.refused)
            save = ((("Ctrl", "S"), say("ui_imports.hint.save")),) if has_list else ()
            return [forward, *save, back, give_up]
        if flow.doing in (Doing.BRINGING, Doing.STOPPING):
            return [(("Esc",), say("ui_imports.hint.stop"))]
        return [(("Esc",), say("ui_imports.hint.done"))]

    def is_running(self) -> bool:
        """Whether an import is being brought in or taken back; leaving the page then does not end it."""
        return self.flow.doing in (Doing.BRINGING, Doing.STOPPING, Doing.UNDOING)

    def refresh(self) -> None:
        """Called when the page comes to the front: a finished import makes room for the next one."""
        if self.flow.step is Step.BRING and not self.is_running():
            self.flow.forget()
            self._on_changed()

    @Slot(object)
    def look_at(self, path: Path) -> None:
        """Opens a file."""
        if self.is_running():
            return
        self.flow.look(path)
        file = str(path)
        self._recent = [file, *(other for other in self._recent if other != file)][:RECENT_MAX]
        actor, desk, text = self.bench.session.actor, self.bench.desk, json.dumps(self._recent, ensure_ascii=False)
        if actor is not None:
            run(
                self,
                self.bench.database,
                lambda: change_setting(desk, actor, name=RECENT_SETTING, value=text),
            )

    # --- slots ---------------------------------------------------------------------------------------------

    def _read_recent(self) -> None:
        desk = self.bench.desk
        run(self, self.bench.database, lambda: read_settings(desk, RECENT_SETTING), then=self._on_recent)

    def _on_recent(self, found: dict[str, str]) -> None:
        for text in found.values():
            try:
                files = json.loads(text)
            except ValueError:
                continue
            self._recent = [str(file) for file in files][:RECENT_MAX] if isinstance(files, list) else []
        self.choose.show_recent(self._recent)

    def _on_changed(self) -> None:
        flow = self.flow
        at = _STEPS.index(flow.step)
        self.steps.set_current(at + 1 if flow.done is not None else at)
        self._stack.setCurrentIndex(at)
        self._show_head()
        matching = flow.step in (Step.MATCH, Step.CHECK)
        self.side.setVisible(matching)
        self._line.setVisible(matching)
        self._error.setVisible(matching and flow.error is not None)
        if flow.error is not None and matching:
            self._error.set_words(self.bench.language.error(flow.error), self.bench.language.say("ui_imports.safe"))
        if flow.step is Step.CHOOSE:
            self.choose.show_state(looking=flow.doing is Doing.LOOKING, error=flow.error)
            self.choose.show_recent(self._recent)
        elif flow.step is Step.BRING:
            self.bring.show_flow()
        else:
            (self.match if flow.step is Step.MATCH else self.check).show_flow()
            self.side.show_flow()
        self._show_focus()
        self.hints_changed.emit()

    def _show_head(self) -> None:
        shape, say = self.flow.shape, self.bench.language.say
        self.other.setVisible(shape is not None and self.flow.step in (Step.MATCH, Step.CHECK))
        if shape is None:
            self._file.set_text(say("ui_imports.choose.title"))
            return
        facts = {"name": shape.name, "sheet": shape.sheet, "rows": f"{shape.rows:,}", "columns": len(shape.headings)}
        self._file.set_text(say(f"ui_imports.file_line{'.sheet' if shape.sheet else ''}", **facts))

    def _show_focus(self) -> None:
        # Only a new step moves the focus; an answer that arrives while somebody works leaves it where it is.
        stage = (self.flow.step, self.flow.done is not None, self.flow.undone is not None)
        if not self.isVisible() or (stage == self._shown_stage and not self._focus_due):
            return
        self._shown_stage = stage
        target = self._target()
        self._focus_due = not target.isEnabled()
        if self._focus_due:
            self.setFocus()
        else:
            target.setFocus()

    def _target(self) -> QWidget:
        step = self.flow.step
        if step is Step.CHOOSE:
            return self.choose.button
        if step is Step.MATCH:
            return self.match.rows[0].select if self.match.rows else self.side.next
        if step is Step.CHECK:
            return self.side.first_question() or self.side.next
        return self.bring.control()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self.flow.step is Step.BRING:
            self.bring.show_progress(progress)
        else:
            self.side.show_progress(progress)

    @Slot(str, str)
    def _on_matched(self, heading: str, field: str) -> None:
        self.flow.match(heading, Field(field) if field else None)

    @Slot(object, str)
    def _on_answered(self, unknown: Unknown, value: str) -> None:
        self.flow.answer(unknown, value)

    def _on_go_on(self) -> None:
        if self.flow.step is Step.CHECK and not self.flow.can_go_on():
            question = self.side.first_question()
            if question is not None:
                question.setFocus()
            return
        self.flow.go_on()

    def _on_go_back(self) -> None:
        if self.flow.step is not Step.CHOOSE:
            self.flow.go_back()

    def _on_other(self) -> None:
        self.flow.forget()
        self._on_changed()

    def _on_open(self) -> None:
        if self.flow.step is Step.CHOOSE and self.flow.doing is Doing.NOTHING:
            self.choose.open_dialog()

    def _on_save(self) -> None:
        if self.flow.step is Step.CHECK:
            self.check.choose_file()

    def _on_language(self) -> None:
        old = self._body
        self._build_body()
        if old is not None:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._on_changed()

    def _on_theme(self) -> None:
        self.check.restyle()

    # --- Qt ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(1286, 672)

    def showEvent(self, event: object) -> None:
        self.flow.resume()
        self._shown_stage = None
        self._show_focus()

    def hideEvent(self, event: object) -> None:
        self.flow.pause()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_enter(event)
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.bring.put_question_away():
            return
        elif self.flow.doing is Doing.BRINGING:
            self.bring.ask_stop()
        elif not self.is_running():
            self._leave()

    def _press_enter(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus; without one it leaves a finished import."""
        widget = QApplication.focusWidget()
        if isinstance(widget, QAbstractButton) and self.isAncestorOf(widget):
            if not event.isAutoRepeat():
                widget.click()
        elif self.flow.done is not None:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        self.flow.stop()
        self.flow.forget()
        self._shown_stage = None
        self._on_changed()
        self.closed.emit()

    def resizeEvent(self, event: object) -> None:
        self._set_pad()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("surface"))
