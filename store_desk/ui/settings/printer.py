"""Printers: which, how many copies, when; their state in words; a test page."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Paper
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.inputs import Segmented, Toggle
from store_desk.ui.settings.printer_state import FOLDER, StateRow, printer_name
from store_desk.ui.settings.section import CONTROL_HEIGHT, OpenSelect, Section
from store_desk.ui.settings.stored import paper_of
from store_desk.ui.tasks import run

CHOOSE_FOLDER: Final = "choose-folder"
ASKED: Final = (Paper.A5, Paper.MM80)


class PrinterSection(Section):
    """Signals: sample_changed() when the sample at the side has to be drawn again."""

    sample_changed = Signal()

    def build(self) -> None:
        room = self.room
        self._states: dict[Paper, StateRow] = {}
        self._selects: dict[Paper, OpenSelect] = {}
        self._names: list[str] = []
        for paper in ASKED:
            self._add_printer(paper)
        self._add_segments(
            "printer.paper",
            (("a5", room.bench.language.say("trade.paper.a5")), ("80mm", room.bench.language.say("trade.paper.80mm"))),
            room.stored.text("printer.paper"),
        ).chosen.connect(self._on_paper)
        copies = room.stored.number("printer.copies", 2)
        segments = Segmented(
            tuple((str(n), str(n), "", "") for n in (1, 2, 3)), value=str(copies), height=CONTROL_HEIGHT
        )
        segments.chosen.connect(self._on_copies)
        self._copies = self.add_row("printer.copies", room.say("printer.copies"), self._copies_words(copies), segments)
        self._add_toggle("printer.auto")
        self._add_toggle("printer.store_copy_phone")
        words = (("both", room.say("slip.language.both")), ("zh", room.say("slip.language.zh")))
        language = self._add_segments("slip.language", words, room.stored.text("slip.language"))
        language.setEnabled(room.may())
        language.setToolTip("" if room.may() else room.say("manager_only"))
        language.chosen.connect(self._on_slip_language)
        self._test = Button(room.say("printer.test"), icon="printer")
        self._test.clicked.connect(self.print_test_page)
        self._find = Button(room.say("printer.find"), icon="search")
        self._find.clicked.connect(self._on_find)

    def footer(self) -> tuple[QWidget, ...]:
        return (self._test, self._find)

    def enter(self) -> None:
        run(self, self.room.bench.printer, self.room.bench.printing.names, then=self._on_names)
        for paper in ASKED:
            self._ask(paper)

    def print_test_page(self) -> None:
        """Prints a test page on the default paper."""
        paper = paper_of(self.room.stored.text("printer.paper"))
        printing = self.room.bench.printing
        self.noted.emit(self.room.say("printer.test_running"), "")
        run(
            self,
            self.room.bench.printer,
            lambda: printing.test_page(paper),
            then=self._on_tested,
            refused=self._on_test_failed,
        )

    def _add_printer(self, paper: Paper) -> None:
        name = f"printer.{paper.value}"
        select, chip = OpenSelect(), Chip(self.room.say("printer.asking"))
        row = self.add_row(name, self.room.say(name), self.room.say("printer.asking"), select, extra=chip)
        self._states[paper], self._selects[paper] = StateRow(self.room, paper, row, chip), select
        select.picked.connect(self._on_a5 if paper is Paper.A5 else self._on_80mm)
        self._fill(paper)

    def _add_segments(self, name: str, options: tuple[tuple[str, str], ...], value: str) -> Segmented:
        segments = Segmented(tuple((key, words, "", "") for key, words in options), value=value, height=CONTROL_HEIGHT)
        self.add_row(name, self.room.say(name), self.room.say(f"{name}.caption"), segments)
        return segments

    def _add_toggle(self, name: str) -> None:
        toggle = Toggle(on=self.room.say("on"), off=self.room.say("off"), name=self.room.say(name))
        toggle.setChecked(self.room.stored.flag(name))
        toggle.toggled.connect(self._on_toggled)
        self.add_row(name, self.room.say(name), self.room.say(f"{name}.caption"), toggle)

    def _fill(self, paper: Paper) -> None:
        value = self.room.stored.text(f"printer.{paper.value}")
        options = [("", self._unset_words())] + [(name, printer_name(self.room, name)) for name in self._names]
        if value and value not in self._names:
            options.append((value, printer_name(self.room, value)))
        options.append((CHOOSE_FOLDER, self.room.say("printer.folder")))
        self._selects[paper].set_options(tuple(options), value=value)

    def _unset_words(self) -> str:
        if not self.room.bench.desk.identity.demo:
            return self.room.say("printer.none")
        # A practice store prints into its own folder until a printer is chosen.
        return self.room.say("printer.folder_at", folder=f"{self.room.bench.data_folder.name}/printed")

    def _copies_words(self, copies: int) -> str:
        return self.room.say(f"printer.copies.{min(3, max(1, copies))}")

    # --- choosing ------------------------------------------------------------------------------------------

    def _on_a5(self, value: str) -> None:
        self._picked(Paper.A5, value)

    def _on_80mm(self, value: str) -> None:
        self._picked(Paper.MM80, value)

    def _picked(self, paper: Paper, value: str) -> None:
        if value == CHOOSE_FOLDER:
            self._fill(paper)
            dialog = QFileDialog(self, self.room.say("printer.choose_folder"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.setObjectName(paper.value)
            dialog.fileSelected.connect(self._on_folder_a5 if paper is Paper.A5 else self._on_folder_80mm)
            dialog.open()
            return
        self._store_printer(paper, value)

    def _on_folder_a5(self, folder: str) -> None:
        self._store_printer(Paper.A5, FOLDER + folder)

    def _on_folder_80mm(self, folder: str) -> None:
        self._store_printer(Paper.MM80, FOLDER + folder)

    def _store_printer(self, paper: Paper, value: str) -> None:
        self.room.stored.put(f"printer.{paper.value}", value)
        self._fill(paper)
        self._ask(paper)

    def _on_paper(self, value: str) -> None:
        self.room.stored.put("printer.paper", value)
        self.sample_changed.emit()

    def _on_copies(self, value: str) -> None:
        self.room.stored.put("printer.copies", int(value))
        self._copies.set_words(self.room.say("printer.copies"), self._copies_words(int(value)))

    def _on_toggled(self, on: bool) -> None:
        self.room.stored.put(self.sender().objectName(), on)

    def _on_slip_language(self, value: str) -> None:
        self.room.stored.put("slip.language", value)
        self.sample_changed.emit()

    # --- asking printers -----------------------------------------------------------------------------------

    def _ask(self, paper: Paper) -> None:
        self._states[paper].ask()

    def _on_names(self, names: list[str]) -> None:
        self._names = list(names)
        for paper in ASKED:
            self._fill(paper)

    def _on_find(self) -> None:
        run(self, self.room.bench.printer, self.room.bench.printing.names, then=self._on_found)

    def _on_found(self, names: list[str]) -> None:
        self._on_names(names)
        words = self.room.say("printer.found", n=len(names)) if names else self.room.say("printer.found_none")
        self.noted.emit(words, "ok" if names else "bad")
        for paper in ASKED:
            self._ask(paper)

    def _on_tested(self, _nothing: object) -> None:
        self.noted.emit(self.room.say("printer.test_sent"), "ok")

    def _on_test_failed(self, error: DomainError) -> None:
        self.refuse(error)
        for paper in ASKED:
            self._ask(paper)
