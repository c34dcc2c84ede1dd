"""The page that checks a slip: drop or choose a file, paste or scan the QR's text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.proof import Outcome, Verdict
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.imports.choose import dropped_file
from store_desk.ui.parts.areas import Hairline, Pane
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import TextArea
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import run
from store_desk.ui.verify.verdict_pane import VerdictPane

ENDINGS: Final = ("pdf", "png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "txt")
_ASK_WIDTH: Final = 400


class VerifyPage(QWidget):
    """Signals: closed() when the person goes back to the desk, hints_changed()."""

    closed = Signal()
    hints_changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._turn = 0
        self._shown: tuple[Verdict, str] | None = None
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_ask())
        row.addWidget(Hairline(vertical=True))
        ground = Pane("canvas")
        around = QHBoxLayout(ground)
        around.setContentsMargins(0, 0, 0, 0)
        self.pane = VerdictPane(bench)
        around.addWidget(self.pane)
        row.addWidget(ground, 1)
        # Paste and check at once; a scan comes in wherever the focus is.
        self.setFocusProxy(self.text)
        for keys, slot in (
            (shortcuts.OPEN_FILE, self.open_dialog),
            (shortcuts.CONFIRM, self.check_text),
            (shortcuts.CLEAR, self.closed.emit),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        bench.language.changed.connect(self._on_language)
        self._on_language()

    def _build_ask(self) -> QWidget:
        ask = Pane("surface")
        ask.setFixedWidth(_ASK_WIDTH)
        column = QVBoxLayout(ask)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        self._title = TextLabel("", "title")
        self._about = TextLabel("", "body", "text2", wrap=True)
        self._drop = TextLabel("", "strong")
        self._formats = TextLabel("", "small", "text3")
        self.button = Button(" ", icon="folder-open", key=shortcuts.cap_text(shortcuts.OPEN_FILE), kind="primary")
        self.button.clicked.connect(self.open_dialog)
        self._text_label = TextLabel("", "strong", wrap=True)
        self.text = TextArea(placeholder="SD1:…", name=" ", lines=5)
        self.check = Button(" ", icon="shield-check", key=shortcuts.cap_text(shortcuts.CONFIRM))
        self.check.clicked.connect(self.check_text)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self._title, self._about),
            (self._drop, self._formats, self.button),
            (self._text_label, self.text, self.check),
        )
        for group in groups:
            for widget in group:
                column.addWidget(widget)
            column.addSpacing(12)
        column.addStretch(1)
        return ask

    # --- checking ----------------------------------------------------------------------------------------------

    def check_file(self, path: Path) -> None:
        """Checks a file and shows the verdict."""
        self._check(path, path.name)

    def check_text(self) -> None:
        """Checks what was pasted."""
        text = self.text.toPlainText().strip()
        if text:
            self._check(text, self._bench.language.say("ui_verify.source.text"))

    def take_scan(self, text: str) -> None:
        """Checks what a scanner read."""
        self.text.setPlainText(text)
        self.check_text()

    def _check(self, what: Path | str, source: str) -> None:
        verify = self._bench.verify
        if verify is None:
            return
        self._turn += 1
        turn = self._turn
        self.pane.show_busy()
        # A file in the way of others waits for them; the window does not wait for it.
        run(
            self,
            self._bench.files,
            lambda: (turn, source, verify(what)),
            then=self._on_verdict,
            refused=self._on_refused,
        )

    def _on_verdict(self, result: tuple[int, str, Verdict]) -> None:
        turn, source, verdict = result
        if turn == self._turn:
            self._show(verdict, source)

    def _on_refused(self, error: DomainError) -> None:
        self._show(Verdict(Outcome.UNREADABLE), self._bench.language.error(error))

    def _show(self, verdict: Verdict, source: str) -> None:
        self._shown = (verdict, source)
        self.pane.show_verdict(verdict, source=source)

    def shown(self) -> Verdict | None:
        """The verdict that stands there."""
        return self._shown[0] if self._shown else None

    def open_dialog(self) -> None:
        """Opens the file dialog."""
        say = self._bench.language.say
        dialog = QFileDialog(self, say("ui_verify.dialog"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{say('ui_verify.files')} ({' '.join(f'*.{ending}' for ending in ENDINGS)})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, name: str) -> None:
        self.check_file(Path(name))

    # --- frame -------------------------------------------------------------------------------------------------

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """What the keys do here."""
        say = self._bench.language.say
        return [
            (shortcuts.caps(shortcuts.OPEN_FILE), say("ui_verify.hint.open")),
            (shortcuts.caps(shortcuts.CONFIRM), say("ui_verify.hint.check")),
            (shortcuts.caps(shortcuts.CLEAR), say("ui_verify.hint.back")),
        ]

    def _on_language(self) -> None:
        say = self._bench.language.say
        self._title.set_text(say("ui_verify.title"))
        self._about.set_text(say("ui_verify.about"))
        self._drop.set_text(say("ui_verify.drop"))
        self._formats.set_text(say("ui_verify.formats"))
        self._text_label.set_text(say("ui_verify.text"))
        self.text.setAccessibleName(say("ui_verify.text.name"))
        self.button.set_text(say("ui_verify.choose"))
        self.check.set_text(say("ui_verify.check"))
        if self._shown is not None:
            self.pane.show_verdict(self._shown[0], source=self._shown[1])
        else:
            self.pane.show_nothing()
        self.hints_changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.check_file(path)
