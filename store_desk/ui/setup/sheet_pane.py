"""The recovery sheet, shown this once: large groups, ways to keep it, and a tick before one goes on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.theme import text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import CheckBox
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.setup.form import SetUpDone

WIDTH = 640
ROW = 32
PAD = 20
NUMBER = 40
# Room for four of the widest letter, and as much again between groups as makes them stand apart.
GROUP = 102
CELL = 18


class SheetLines(QWidget):
    """The lines in groups, every letter in a cell of its own so that they can be compared by eye."""

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._lines: list[list[str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sheet(self, recovery: str) -> None:
        """Shows the sheet; empty shows nothing."""
        self._lines = [line.split() for line in recovery.splitlines()]
        self.retranslate()
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        """Reads the words again."""
        say = self._language.say
        spoken = (
            say("ui_setup.sheet.spoken", n=number, line=" ".join(" ".join(group) for group in line))
            for number, line in enumerate(self._lines, 1)
        )
        self.setAccessibleName("\n".join(spoken))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, ROW * len(self._lines) + 2 * PAD - 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="surface", line="line_strong")
        for row, groups in enumerate(self._lines):
            top = PAD - 4 + row * ROW
            draw_text(painter, f"{row + 1}", PAD, top + 7, "caption", "text3")
            for index, group in enumerate(groups):
                check = index == len(groups) - 1
                for at, letter in enumerate(group):
                    x = NUMBER + PAD + index * GROUP + at * CELL + (CELL - text_width(letter, "mark")) / 2
                    draw_text(painter, letter, x, top + 2, "mark", "accent_text" if check else "text")


class SheetPane(QWidget):
    """Signals: save_asked(), print_asked(), acknowledged()."""

    save_asked = Signal()
    print_asked = Signal()
    acknowledged = Signal()

    def __init__(self, language: Language, *, can_save: bool, can_print: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._done: SetUpDone | None = None
        self._title = TextLabel(style="title")
        self._store = TextLabel(colour="text2", elide=True)
        self._caption = TextLabel(wrap=True)
        self._where = TextLabel(colour="text2", wrap=True)
        self.lines = SheetLines(language)
        self.save = Button("", icon="save", size="large")
        self.print = Button("", icon="printer", size="large")
        self.save.setVisible(can_save)
        self.print.setVisible(can_print)
        self._line = TextLabel(style="small", wrap=True)
        self.kept = CheckBox()
        self.go = Button("", key="Ctrl ↵", kind="primary", size="large")
        self.setFixedWidth(WIDTH)
        self._build()
        self.save.clicked.connect(self.save_asked)
        self.print.clicked.connect(self.print_asked)
        self.go.clicked.connect(self.acknowledged)
        self.kept.toggled.connect(self.on_kept)
        self.retranslate()

    def _build(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.save)
        ways.addWidget(self.print)
        ways.addSpacing(8)
        ways.addWidget(self._line, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.kept, 1)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        for part, gap in ((self._title, 2), (self._store, 12), (self._caption, 2), (self._where, 16), (self.lines, 16)):
            column.addWidget(part)
            column.addSpacing(gap)
        column.addLayout(ways)
        column.addSpacing(16)
        column.addLayout(foot)
        column.addStretch(1)

    def show_done(self, done: SetUpDone) -> None:
        """Shows the sheet of a founded store."""
        self._done = done
        self.lines.show_sheet(done.recovery)
        self.kept.setChecked(False)
        self.retranslate()
        (self.save if self.save.isVisibleTo(self) else self.kept).setFocus()

    def forget(self) -> None:
        """Leaves nothing of the sheet on the screen."""
        self.lines.show_sheet("")

    def on_kept(self, kept: bool) -> None:
        """One goes on only with the sheet in a safe place."""
        self.go.set_reason("" if kept else self._language.say("ui_setup.sheet.first"))

    def show_line(self, text: str, *, colour: str = "text2") -> None:
        """Says what became of saving or printing."""
        self._line.set_look(colour=colour)
        self._line.set_text(text)

    def line(self) -> str:
        """What is said about saving or printing."""
        return self._line.text()

    def set_busy(self, busy: bool) -> None:
        """While the sheet is saved or printed."""
        self.save.setEnabled(not busy)
        self.print.setEnabled(not busy)

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_setup.sheet"))
        self._caption.set_text(say("ui_setup.sheet.caption"))
        self._where.set_text(say("ui_setup.sheet.where"))
        if self._done is not None:
            here = self._done.identity
            name = here.store_name_other if self._language.now == "en" and here.store_name_other else here.store_name
            who = f"{self._done.manager.name} {self._done.manager.id}"
            self._store.set_text(say("ui_setup.sheet.store", name=name, desk=here.desk, manager=who))
        self.save.set_text(say("ui_setup.sheet.save"))
        self.print.set_text(say("ui_setup.sheet.print"))
        self.kept.set_text(say("ui_setup.sheet.kept"))
        self.go.set_text(say("ui_setup.sheet.go"))
        self.on_kept(self.kept.isChecked())
        self.lines.retranslate()
