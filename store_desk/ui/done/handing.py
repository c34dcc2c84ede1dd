"""Giving the slip to the customer: printing, saving, opening, and what became of it, in place."""

from __future__ import annotations

from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Paper
from store_desk.services.wording import clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.opening import other_paper
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import Banner
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.tasks import run

# Opened slips lie here until the program starts the next time.
OPENED = "opened"
# As usual: the customer’s copy and one of the store’s. More of the store’s are two.
BOTH_COPIES = 2
COPIES_MAX = 3


class Printed(Enum):
    """What became of the printing."""

    NOT_YET = "not_yet"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Handing(QWidget):
    """Signals: paper_wanted(Paper) when the other paper is used instead, printed(), failed(DomainError)."""

    paper_wanted = Signal(object)
    printed = Signal()
    failed = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._number = ""
        self._paper = Paper.A5
        self._error: DomainError | None = None
        self._line: tuple[str, str, str] = ("printer", "", "text2")
        self.state = Printed.NOT_YET
        self._safe = "print_failed.safe"
        self._held = False
        self._next = ("", False)
        self.heading = TextLabel(style="heading")
        self.print = Button("", icon="printer", key="F9", size="large")
        self.save = Button("", icon="download", key="Ctrl S", size="large")
        self.open = Button("", icon="external-link", key="Ctrl O", size="large")
        self.other = Button("", key="Alt 8")
        self.again = Button("", key="F9")
        self.trouble = Banner("warn", "triangle-alert", "", "", buttons=(self.other, self.again))
        self._status = Runs(height=20)
        self._dialog: QFileDialog | None = None
        self._build()
        self.print.clicked.connect(self.print_now)
        self.again.clicked.connect(self.print_now)
        self.other.clicked.connect(self.use_other_paper)
        self.save.clicked.connect(self.ask_where)
        self.open.clicked.connect(self.open_now)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.print, self.save, self.open):
            buttons.addWidget(button)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.heading)
        rows.addLayout(buttons)
        self._below = QHBoxLayout()
        self._below.setSpacing(16)
        self._below.addWidget(self._status, 1)
        rows.addLayout(self._below)
        rows.addWidget(self.trouble)
        self.trouble.hide()

    def add_beside(self, widget: QWidget) -> None:
        """Puts what is offered besides the slip at the end of the line that says what became of it."""
        self._below.addWidget(widget)

    def show_slip(self, number: str, *, paper: Paper) -> None:
        """Sets which slip is handed over; nothing of it has been printed yet."""
        self._number, self._paper = number, paper
        self.state = Printed.NOT_YET
        self._error = None
        self._show()

    def change_slip(self, number: str, *, print_it: bool) -> None:
        """Another slip takes the place of this one, at once or when the running print has ended."""
        if self.state is Printed.RUNNING:
            self._next = (number, print_it)
            return
        self.show_slip(number, paper=self._paper)
        if print_it:
            self.print_now()

    def _go_on(self) -> None:
        number, print_it = self._next
        self._next = ("", False)
        if number:
            self.change_slip(number, print_it=print_it)

    def show_safe(self, key: str) -> None:
        """What is said to be safe when printing fails, as a key of this sheet's words."""
        self._safe = key
        self._show()

    def show_held(self, held: bool) -> None:
        """Whether printing waits for an answer that may come at once."""
        self._held = held
        self._show()

    def show_paper(self, paper: Paper) -> None:
        """The paper of the next print."""
        self._paper = paper
        self._show()

    def retranslate(self) -> None:
        """Reads all words again."""
        self._show()

    @property
    def has_printed(self) -> bool:
        """Whether paper has moved for this slip."""
        return self.state is Printed.DONE

    def words(self) -> str:
        """What is said about printing now."""
        return self.trouble.accessibleName() if self.state is Printed.FAILED else self._line[1]

    def _show(self) -> None:
        say = self._bench.language.say
        self.heading.set_text(say("ui_done.give"))
        again = self.state is Printed.DONE
        self.print.set_text(say("ui_done.print_again" if again else "ui_done.print"))
        self.save.set_text(say("ui_done.save"))
        self.open.set_text(say("ui_done.open"))
        other = say(f"trade.paper.{other_paper(self._paper).value}")
        self.other.set_text(say("ui_done.other_paper", paper=other))
        self.again.set_text(say("ui_done.try_again"))
        paper = say(f"trade.paper.{self._paper.value}")
        if self.state is Printed.NOT_YET:
            held = self._held
            words = say("ui_done.print_waits" if held else "ui_done.not_printed_yet")
            self._line = ("hourglass" if held else "printer", words, "text2")
        elif self.state is Printed.RUNNING:
            self._line = ("printer", say("ui_done.printing", paper=paper), "text2")
        if self._error is not None and self.state is Printed.FAILED:
            # The refusal of a printer says already that nothing is lost.
            safe = "" if self._error.code == "printer_unavailable" else say(f"ui_done.{self._safe}")
            self.trouble.set_words(self._bench.language.error(self._error), safe)
        self.trouble.setVisible(self.state is Printed.FAILED)
        self._status.setVisible(self.state is not Printed.FAILED)
        icon, words, colour = self._line
        self._status.set_runs((Run(icon=icon, px=16, colour=colour), Run(words, "small", "text2")))
        self.print.setEnabled(self.state is not Printed.RUNNING)

    # --- printing ----------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """Prints, marked as a reprint once paper has moved; pressing again while it runs does nothing."""
        if self.state is Printed.RUNNING or not self._number:
            return
        again = self.state is Printed.DONE
        self.state = Printed.RUNNING
        self._show()
        work = partial(self._bench.printing.print_slip, self._number, paper=self._paper, reprint=again)
        task = run(self, self._bench.printer, work, then=self.on_printed, refused=self.on_failed)
        task.failed.connect(self.on_broken)

    def on_printed(self, copies: int) -> None:
        """Paper has moved."""
        self.state = Printed.DONE
        self._error = None
        desk, say = self._bench.desk, self._bench.language.say
        paper = say(f"trade.paper.{self._paper.value}")
        what = "ui_done.printed" if copies == BOTH_COPIES else f"ui_done.printed.{min(copies, COPIES_MAX)}"
        words = say(what, time=clock_words(desk.clock(), desk.zone), paper=paper)
        self._line = ("printer-check", words, "ok")
        self._show()
        self.printed.emit()
        self._go_on()

    def on_failed(self, error: DomainError) -> None:
        """The printer refused; the slip stays owed and nothing else changes."""
        self.state = Printed.FAILED
        self._error = error
        self._show()
        self.failed.emit(error)
        self._go_on()

    def on_broken(self, _: str) -> None:
        """Something broke while printing; it can be tried again."""
        self.state = Printed.NOT_YET
        self._show()

    def use_other_paper(self) -> None:
        """Prints on the other paper."""
        if self.state is Printed.RUNNING:
            return
        self._paper = other_paper(self._paper)
        self.paper_wanted.emit(self._paper)
        self.print_now()

    # --- files -------------------------------------------------------------------------------------------

    def ask_where(self) -> None:
        """Asks for a file name, without stopping the window."""
        dialog = QFileDialog(self, self._bench.language.say("ui_done.save.title"), f"{self._number}.pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def save_to(self, name: str) -> None:
        """Writes the PDF there."""
        path = Path(name)
        work = partial(self._bench.printing.save_slip, self._number, paper=self._paper, path=path)
        task = run(self, self._bench.printer, work, refused=self.on_not_saved)
        task.succeeded.connect(partial(self.on_saved, path))

    def on_saved(self, path: Path, _: object) -> None:
        """The file is there."""
        desk = self._bench.desk
        time = clock_words(desk.clock(), desk.zone)
        self._say_line("file-check", self._bench.language.say("ui_done.saved", time=time, file=path.name), "ok")

    def on_not_saved(self, error: DomainError) -> None:
        """The file could not be written."""
        why = self._bench.language.error(error)
        self._say_line("triangle-alert", self._bench.language.say("ui_done.not_saved", why=why), "warn")

    def _say_line(self, icon: str, words: str, colour: str) -> None:
        self._line = (icon, words, colour)
        self._status.set_runs((Run(icon=icon, px=16, colour=colour), Run(words, "small", "text2")))
        self._status.show()

    def open_now(self) -> None:
        """Writes the PDF beside the data and opens it with the computer's own viewer."""
        folder = self._bench.data_folder / OPENED
        path = folder / f"{self._number}.pdf"
        work = partial(_save_in, self._bench, self._number, self._paper, path)
        run(self, self._bench.printer, work, then=self.on_opened, refused=self.on_not_saved)

    def on_opened(self, path: Path) -> None:
        """The file is there: show it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _save_in(bench: Bench, number: str, paper: Paper, path: Path) -> Path:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    bench.printing.save_slip(number, paper=paper, path=path)
    return path
