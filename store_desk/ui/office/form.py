"""A form of few fields, built from what it is to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.parts.areas import Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.choices import Select
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel

COLUMNS: Final = 3
TEXT_LENGTH_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Ask:
    """One field; `options` of a choice are (value, words). A `fixed` one cannot be changed on an old record."""

    name: str
    words: str
    kind: Literal["text", "choice"] = "text"
    options: tuple[tuple[str, str], ...] = ()
    fixed: bool = False
    needed: bool = False


class RecordForm(Panel):
    """Signals: given(dict of texts), left()."""

    given = Signal(object)
    left = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__("sunken", parent=parent)
        self._language = language
        self._asks: tuple[Ask, ...] = ()
        self.fields: dict[str, LineEdit | Select] = {}
        self._title = TextLabel("", "label", elide=True)
        self.said = TextLabel("", "small", "bad", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self.save = Button(" ", kind="primary")
        self.leave = Button(" ", kind="ghost")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.leave)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self.said)
        self.said.hide()
        self.save.clicked.connect(self.on_save)
        self.leave.clicked.connect(self.left)

    def ask(self, title: str, asks: tuple[Ask, ...], values: dict[str, Any], *, old: bool, save: str) -> None:
        """Asks these things; `old` keeps what is fixed on a record that exists."""
        self._take_down()
        self._asks = asks
        self._title.set_text(title)
        self.save.set_text(save)
        self.leave.set_text(self._language.say("ui_office.form.leave"))
        for place, item in enumerate(asks):
            cell = QVBoxLayout()
            cell.setSpacing(3)
            cell.addWidget(TextLabel(item.words, "caption", "text2"))
            entry = self._entry(item, str(values.get(item.name) if values.get(item.name) is not None else ""))
            entry.setEnabled(not (old and item.fixed))
            self.fields[item.name] = entry
            cell.addWidget(entry)
            holder = QWidget()
            holder.setLayout(cell)
            cell.setContentsMargins(0, 0, 0, 0)
            self._grid.addWidget(holder, place // COLUMNS, place % COLUMNS)
        self.say("")
        self.show()
        first = next((self.fields[item.name] for item in asks if self.fields[item.name].isEnabled()), None)
        if first is not None:
            first.setFocus()

    def _entry(self, item: Ask, value: str) -> LineEdit | Select:
        if item.kind == "choice":
            known = [option for option, _ in item.options]
            first = known[0] if known else ""
            return Select(item.options, value=value if value in known else first, name=item.words)
        entry = LineEdit(name=item.words)
        entry.setMaxLength(TEXT_LENGTH_MAX)
        entry.setText(value)
        entry.returnPressed.connect(self.on_save)
        return entry

    def _take_down(self) -> None:
        self.fields = {}
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def say(self, words: str) -> None:
        """What is wrong; nothing takes it away."""
        self.said.set_text(words)
        self.said.setVisible(bool(words))

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {
            name: entry.value() if isinstance(entry, Select) else entry.text().strip()
            for name, entry in self.fields.items()
        }

    def on_save(self) -> None:
        """Hands the answers on when nothing that is needed is empty."""
        values = self.values()
        for item in self._asks:
            if item.needed and not values[item.name]:
                self.say(self._language.say("ui_office.form.needed", what=item.words))
                self.fields[item.name].setFocus()
                return
        self.given.emit(values)
