"""The second step: every column of the file, what it becomes, and what the check says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.imports import Field
from store_desk.domain.money import SIGNS
from store_desk.ui.bench import Bench
from store_desk.ui.imports.flow import Doing, Flow
from store_desk.ui.parts.inputs import Select
from store_desk.ui.parts.parts import Hairline
from store_desk.ui.parts.text import Run, Runs, TextLabel

HEADING_WIDTH: Final = 249
ARROW_WIDTH: Final = 29
SELECT_WIDTH: Final = 266
MONEY: Final = (Field.AMOUNT, Field.COMPENSATION)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one column: an icon, a colour, words."""

    icon: str
    colour: str
    words: str


def finding_of(bench: Bench, flow: Flow, heading: str) -> Finding:
    """What the check says of a column, in words."""
    say, field = bench.language.say, flow.field_of(heading)
    filled = flow.check.filled.get(heading, 0) if flow.check is not None else 0
    if flow.check is None:
        words = say("ui_imports.match.waiting") if flow.doing is Doing.CHECKING else "—"
        return Finding("hourglass" if flow.doing is Doing.CHECKING else "minus", "text2", words)
    if filled == 0:
        return Finding("minus", "text2", say("ui_imports.match.empty"))
    if field is None:
        return Finding("minus", "text2", say("ui_imports.match.kept", n=filled))
    asked = [item for item in flow.asked.values() if item.field == field.value and not flow.answer_of(item)]
    if len(asked) == 1:
        words = say("ui_imports.match.ask", word=asked[0].word, n=asked[0].rows)
        return Finding("triangle-alert", "warn", words)
    if asked:
        rows = sum(item.rows for item in asked)
        return Finding("triangle-alert", "warn", say("ui_imports.match.ask_more", words=len(asked), n=rows))
    if field in MONEY:
        return Finding("circle-check", "ok", say("ui_imports.match.money", n=filled, unit=money_unit(bench)))
    return Finding("circle-check", "ok", say("ui_imports.match.filled", n=filled))


def money_unit(bench: Bench) -> str:
    """What amounts are read as: yuan, or the currency's code."""
    currency = bench.desk.identity.currency
    return bench.language.say("ui_imports.unit.CNY") if currency == "CNY" and "CNY" in SIGNS else currency


class ColumnRow(QWidget):
    """One column. Signal: matched(heading, field name or '')."""

    matched = Signal(str, str)

    def __init__(self, bench: Bench, heading: str, sample: str, options: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.heading = heading
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 9)
        row.setSpacing(0)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        name, value = TextLabel(heading, "strong", elide=True), TextLabel(sample or "—", "caption", "text2", elide=True)
        for label in (name, value):
            label.setFixedWidth(HEADING_WIDTH - 16)
            texts.addWidget(label)
        row.addLayout(texts)
        row.addSpacing(10)
        arrow = Runs((Run(icon="arrow-right", colour="text2"),))
        arrow.setFixedWidth(ARROW_WIDTH + 6)
        row.addWidget(arrow)
        self.select = Select(options)
        self.select.setFixedWidth(SELECT_WIDTH)
        words = bench.language.say("ui_imports.match.row_name", heading=heading, sample=sample or "—")
        self.select.setAccessibleName(words)
        self.select.picked.connect(self._on_picked)
        row.addWidget(self.select)
        row.addSpacing(16)
        self.result = Runs()
        row.addWidget(self.result, 1)
        column.addLayout(row)
        column.addWidget(Hairline())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_match(self, field: Field | None, finding: Finding) -> None:
        """Shows what the column becomes and what the check says."""
        self.select.set_value(field.value if field is not None else "")
        self.select.setAccessibleDescription(finding.words)
        self.result.set_runs((Run(icon=finding.icon, colour=finding.colour), self._words(finding)))
        self.result.setToolTip(finding.words)

    def _words(self, finding: Finding) -> Run:
        return Run(finding.words, "small", "warn" if finding.colour == "warn" else "text2")

    def _on_picked(self, value: str) -> None:
        self.matched.emit(self.heading, value)


class MatchPane(QWidget):
    """The table of columns. Signals: matched(heading, field name or '')."""

    matched = Signal(str, str)

    def __init__(self, bench: Bench, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._flow = bench, flow
        self.rows: list[ColumnRow] = []
        self._headings: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        for key, width in (("column", HEADING_WIDTH + ARROW_WIDTH), ("field", SELECT_WIDTH + 16), ("result", 0)):
            label = TextLabel(bench.language.say(f"ui_imports.match.{key}"), "captionb", "text2")
            if width:
                label.setFixedWidth(width)
            self._head.addWidget(label)
        self._head.addStretch(1)
        column.addLayout(self._head)
        column.addWidget(Hairline())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._scroll, 1)
        self.set_pad(32)

    def set_pad(self, pad: int) -> None:
        """The pane's side padding; the line under the heads goes to the edges."""
        self._pad = pad
        self._head.setContentsMargins(pad, 6, pad, 9)
        holder = self._scroll.widget()
        layout = holder.layout() if holder is not None else None
        if layout is not None:
            layout.setContentsMargins(pad, 0, pad, 12)

    def show_flow(self) -> None:
        """Shows the columns of the file and what the check says of each."""
        shape = self._flow.shape
        if shape is None:
            return
        if shape.headings != self._headings:
            self._build_rows()
        for row in self.rows:
            row.show_match(self._flow.field_of(row.heading), finding_of(self._bench, self._flow, row.heading))

    def _build_rows(self) -> None:
        shape = self._flow.shape
        if shape is None:
            return
        self._headings = shape.headings
        say = self._bench.language.say
        options = (("", say("ui_imports.match.none")), *((f.value, say(f"imports.field.{f.value}")) for f in Field))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(self._pad, 0, self._pad, 12)
        column.setSpacing(0)
        self.rows = []
        for at, heading in enumerate(shape.headings):
            sample = next((cells[at] for cells in shape.sample if at < len(cells) and cells[at].strip()), "")
            row = ColumnRow(self._bench, heading, sample, options)
            row.matched.connect(self.matched)
            row.select.installEventFilter(self)
            self.rows.append(row)
            column.addWidget(row)
        column.addStretch(1)
        self._scroll.setWidget(holder)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The column that has the focus is kept in sight; Alt and down open its list, as the hint bar says.
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._scroll.ensureWidgetVisible(watched, 0, 60)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, Select):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                watched.showPopup()
                return True
        return super().eventFilter(watched, event)
