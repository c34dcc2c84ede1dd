"""What every section of the settings is made of: rows, groups, fields for numbers, a line that says what was done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.bench import Bench
from store_desk.ui.parts.inputs import LineEdit, Select
from store_desk.ui.parts.parts import Banner, SettingRow
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.numbers import Number, bounds_of, default_of, entered, shown
from store_desk.ui.settings.stored import Stored

CONTROL_WIDTH = 220
# The longest unit in either language, so that the numbers of a section stand under each other.
UNIT_WIDTH = 72
CONTROL_HEIGHT = 36
ROW_HEIGHT = 68
# A row wider than this is hard to follow from its title to its control.
ROW_WIDTH_MAX = 800


@dataclass(frozen=True, slots=True)
class Room:
    """What a section is handed: the bench, and the settings as read."""

    bench: Bench
    stored: Stored

    def say(self, key: str, **facts: object) -> str:
        """A word of this screen's catalogue."""
        return self.bench.language.say(f"ui_settings.{key}", **facts)

    def may(self) -> bool:
        """Whether rules may be changed by the person at the desk."""
        return self.stored.may_change_rules()


class Section(QWidget):
    """One section's rows; each row's control bears its setting's name. Signal: noted(words, tone) for the footer.

    A section is built anew when the language changes, so it holds words but no state worth keeping.
    """

    noted = Signal(str, str)
    # Sections that only a manager changes say so once, above their rows.
    for_managers = False
    width_max = ROW_WIDTH_MAX

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.setMaximumWidth(self.width_max)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if self.for_managers and not room.may():
            self.column.addSpacing(8)
            self.column.addWidget(Banner("sunken", "lock", room.say("manager_only")))
        self.build()
        self.column.addStretch(1)

    def build(self) -> None:
        """Adds the rows; each section has its own."""

    def enter(self) -> None:
        """Called each time the section comes to the front: the moment to ask printers and the database."""

    def footer(self) -> tuple[QWidget, ...]:
        """The buttons that stand at the left of the footer."""
        return ()

    def add_group(self, words: str) -> None:
        """A heading between rows."""
        self.column.addSpacing(18 if self.column.count() else 6)
        self.column.addWidget(TextLabel(words, "captionb", "text2"))

    def add_row(
        self, name: str, title: str, caption: str, control: QWidget, *, extra: QWidget | None = None
    ) -> SettingRow:
        """A row whose control is found by the setting's name."""
        control.setObjectName(name)
        control.setAccessibleName(title)
        row = SettingRow(title, "", control, extra=extra)
        row.setMinimumHeight(ROW_HEIGHT)
        self.column.addWidget(row)
        # The caption comes once the row has a parent: a part made visible before that is a window of its own.
        row.set_words(title, caption)
        return row

    def add_number(self, number: Number, title: str, caption: str) -> None:
        """A row with a number of the rules in it."""
        field = NumberField(self.room, number)
        row = self.add_row(number.setting, title, caption, field)
        field.edit.setAccessibleName(title)
        field.belongs_to(row, title=title, caption=caption)

    def refuse(self, error: DomainError) -> None:
        """Says in the footer why something was not done."""
        self.noted.emit(self.room.bench.language.error(error), "bad")


class NumberField(QWidget):
    """A number with its unit, stored on Enter or when the field is left. Signal: tell(words), '' when all is well."""

    tell = Signal(str)

    def __init__(self, room: Room, number: Number, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._number = room, number
        self._currency = room.bench.desk.identity.currency
        self._row: SettingRow | None = None
        self._title = self._caption = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.edit = LineEdit(name=number.name)
        self.edit.setFixedSize(120 if number.is_money else 84, CONTROL_HEIGHT)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setEnabled(room.may())
        self.edit.setToolTip("" if room.may() else room.say("manager_only"))
        self.edit.editingFinished.connect(self._on_left)
        self.edit.textEdited.connect(self._on_edited)
        unit = TextLabel(self._unit(), "small", "text2")
        unit.setFixedWidth(UNIT_WIDTH)
        row.addWidget(self.edit)
        row.addWidget(unit)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_stored()

    def belongs_to(self, row: SettingRow, *, title: str, caption: str) -> None:
        """Names the row in whose caption the field says what is wrong."""
        self._row, self._title, self._caption = row, title, caption
        self.tell.connect(self._on_tell)

    def _on_tell(self, words: str) -> None:
        if self._row is not None:
            self._row.set_words(self._title, words or self._caption)

    def show_stored(self) -> None:
        """Shows what is in force."""
        value = self._room.stored.number(self._number.setting, default_of(self._number))
        self.edit.setText(shown(self._number, value, currency=self._currency))
        self.edit.set_tone("")

    def _unit(self) -> str:
        return self._room.say(f"unit.{self._number.unit}", currency=self._currency)

    def _on_edited(self, _text: str) -> None:
        self.edit.set_tone("")
        self.tell.emit("")

    def _on_left(self) -> None:
        if not self.edit.isEnabled():
            return
        value = entered(self._number, self.edit.text(), currency=self._currency)
        if value is None:
            self.edit.set_tone("bad")
            self.tell.emit(self._room.say("number.invalid", bounds=self._bounds()))
            return
        self.tell.emit("")
        if value != self._room.stored.number(self._number.setting, default_of(self._number)):
            self._room.stored.put(self._number.setting, value)
        self.show_stored()

    def _bounds(self) -> str:
        least, greatest = (shown(self._number, value, currency=self._currency) for value in bounds_of(self._number))
        return self._room.say("bounds", least=least, greatest=greatest, unit=self._unit())


class Secret(LineEdit):
    """A line whose characters are dots: PINs and passphrases."""

    def __init__(self, *, digits: int = 0, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name=name, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)
        if digits:
            self.setMaxLength(digits)


class OpenSelect(Select):
    """A drop-down in a settings row: 36 px high, Enter opens it like Space does."""

    def __init__(self, options: tuple[tuple[str, str], ...] = (), *, value: str = "", name: str = "") -> None:
        super().__init__(options, value=value, name=name)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setFixedWidth(CONTROL_WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
        else:
            super().keyPressEvent(event)


def value_label(text: str) -> TextLabel:
    """A fact at the right of a row that nobody changes."""
    return TextLabel(text, "strong", "text", align=Qt.AlignmentFlag.AlignRight)


def line_of(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Several controls side by side as one."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return holder
