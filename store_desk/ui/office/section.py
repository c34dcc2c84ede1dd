"""What every administration section is: something at head office, shown, changed, and put back with its version."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.services.office import Sheet
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.office.form import Ask, RecordForm
from store_desk.ui.office.table import Line, OfficeTable
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import TextLabel

PAD: Final = 28


class OfficeSection(QWidget):
    """Signals: publish_asked(body), put_asked(item, version), called(what, values) for anything else."""

    publish_asked = Signal(object)
    put_asked = Signal(object, int)
    called = Signal(str, object)
    # The name under which it is fetched; '' for a section that reads this desk's own tables.
    source = ""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.sheet: Sheet | None = None

    def say(self, key: str, **facts: object) -> str:
        """A word of the administration's catalogue."""
        return self.bench.language.say(f"ui_office.{key}", **facts)

    def show_sheet(self, sheet: Sheet) -> None:
        """Shows what stands at head office; changes that were not put back are dropped."""
        self.sheet = sheet
        self.reread()

    def reread(self) -> None:
        """All words again."""

    def is_in_hand(self) -> bool:
        """Whether a person is changing something here, which must not be dropped."""
        return False

    def entries(self, body: Any) -> dict[str, str]:
        """A body as names and words, so that two of them can be compared."""
        return {}

    def version_words(self) -> str:
        """Which version is shown, by whom and when."""
        sheet = self.sheet
        if sheet is None or not sheet.version:
            return self.say("version.none")
        when = Moments(self.bench).short(sheet.at) if sheet.at else ""
        return self.say("version", n=sheet.version, by=sheet.by or "–", when=when)


class ListSection(OfficeSection):
    """A table with a form under it. A `whole` list is changed here and published as one; others put each record."""

    whole = False
    can_add = True
    columns: tuple[tuple[str, float], ...] = ()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, parent)
        self._items: list[dict[str, Any]] = []
        self._current = ""
        self._editing: int | None = None
        self.table = OfficeTable()
        self.form = RecordForm(bench.language)
        self.add = Button(" ", icon="plus")
        self.edit = Button(" ", icon="pen-line")
        self.remove = Button(" ", icon="trash-2", kind="ghost")
        self.publish = Button(" ", icon="send", kind="primary")
        self.note = TextLabel("", "small", "text2", elide=True)
        self.build()
        self.table.chosen.connect(self.on_chosen)
        self.table.opened.connect(self.on_edit)
        self.form.given.connect(self.on_given)
        self.form.left.connect(self.on_left)
        self.add.clicked.connect(self.on_add)
        self.edit.clicked.connect(self.on_edit)
        self.remove.clicked.connect(self.on_remove)
        self.publish.clicked.connect(self.on_publish)
        self.form.hide()

    def build(self) -> None:
        """Table, form and footer."""
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        inner.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.add, self.edit, self.remove):
            foot.addWidget(button)
        self.footer(foot)
        foot.addStretch(1)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.publish)
        below = QVBoxLayout()
        below.setContentsMargins(PAD, 10, PAD, 20)
        below.setSpacing(12)
        below.addWidget(self.form)
        below.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(QuietScroll(holder), 1)
        column.addLayout(below)

    def footer(self, row: QHBoxLayout) -> None:
        """Further buttons of a section."""

    # --- what a section says of itself ---------------------------------------------------------------------

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        """A record as a row."""
        raise NotImplementedError

    def asks(self) -> tuple[Ask, ...]:
        """What the form asks."""
        raise NotImplementedError

    def values_of(self, item: dict[str, Any]) -> dict[str, Any]:
        """A record as texts of the form."""
        return item

    def item_of(self, values: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
        """The record that the form's texts make."""
        return {**old, **values}

    def items_of(self, body: Any) -> list[dict[str, Any]]:
        """The records of a body."""
        return [dict(item) for item in body or ()]

    def body_of(self, items: list[dict[str, Any]]) -> Any:
        """The body that is published."""
        return items

    # --- showing -------------------------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet) -> None:
        self._items = self.items_of(sheet.body)
        self.form.hide()
        super().show_sheet(sheet)

    def is_changed(self) -> bool:
        """Whether something here has not been published yet."""
        return self.whole and self.sheet is not None and self._items != self.items_of(self.sheet.body)

    def is_in_hand(self) -> bool:
        return self.is_changed() or not self.form.isHidden()

    def take_body(self, body: Any, *, keep: bool) -> None:
        """Goes on with another body as what was entered here; `keep` is for changes that are still to be published."""
        self._items = self.items_of(body)
        if keep:
            self.reread()

    def take_sheet(self, sheet: Sheet) -> None:
        """Shows what stands at head office now; an open form keeps what was typed and is saved over that."""
        self._items = self.items_of(sheet.body)
        self.sheet = sheet
        self.reread()
        if self._editing is not None:
            self._editing = self.place() if self.place() >= 0 else None

    def items(self) -> list[dict[str, Any]]:
        """The records as they stand here."""
        return self._items

    def body(self) -> Any:
        """What would be published now."""
        return self.body_of(self._items)

    def entries(self, body: Any) -> dict[str, str]:
        made: dict[str, str] = {}
        for place, item in enumerate(self.items_of(body)):
            cells = self.line_of(item, place).cells
            for (column, _), cell in zip(self.columns[1:], cells[1:], strict=True):
                name = f"{cells[0]} · {self.say(f'col.{column}')}"
                made[name if name not in made else f"{name} ({place + 1})"] = cell
        return made

    def reread(self) -> None:
        lines = tuple(self.line_of(item, place) for place, item in enumerate(self._items))
        ids = [line.id for line in lines]
        if self._current not in ids:
            self._current = ids[0] if ids else ""
        heads = tuple((self.say(f"col.{name}"), share) for name, share in self.columns)
        self.table.show_lines(heads, lines, self._current)
        self.add.set_text(self.say("add"))
        self.edit.set_text(self.say("edit"))
        self.remove.set_text(self.say("remove"))
        self.publish.set_text(self.say("publish"))
        self.publish.setEnabled(self.is_changed())
        self.publish.setVisible(self.whole)
        self.add.setVisible(self.can_add)
        self.remove.setVisible(self.whole)
        self.edit.setEnabled(bool(self._current))
        self.remove.setEnabled(bool(self._current))
        words = self.say("changed") if self.is_changed() else self.version_words()
        self.note.set_text(words if self.whole else "")

    # --- what a person does --------------------------------------------------------------------------------

    def place(self) -> int:
        """Where the chosen record stands, -1 for none."""
        ids = [line.id for line in self.table.lines()]
        return ids.index(self._current) if self._current in ids else -1

    def on_chosen(self, line_id: str) -> None:
        """Another record is looked at."""
        self._current = line_id
        self.reread()

    def on_add(self) -> None:
        """A new record."""
        self._editing = None
        self.form.ask(self.say("form.new"), self.asks(), {}, old=False, save=self._save_words())

    def on_edit(self, *_: object) -> None:
        """The chosen record."""
        place = self.place()
        if place >= 0:
            self._editing = place
            values = self.values_of(self._items[place])
            self.form.ask(self.say("form.edit"), self.asks(), values, old=True, save=self._save_words())

    def _save_words(self) -> str:
        return self.say("form.take" if self.whole else "form.save")

    def on_left(self) -> None:
        """The form is closed without a change."""
        self.form.hide()
        self.table.setFocus()

    def on_given(self, values: dict[str, str]) -> None:
        """The form was filled in."""
        old = {} if self._editing is None else self._items[self._editing]
        item = self.item_of(values, old)
        if not self.whole:
            self.put_asked.emit(item, int(old.get("version", 0)))
            return
        if self._editing is None:
            self._items.append(item)
        else:
            self._items[self._editing] = item
        self.form.hide()
        self.reread()
        self.table.setFocus()

    def on_remove(self) -> None:
        """Takes the chosen record out of what will be published."""
        place = self.place()
        if place >= 0:
            del self._items[place]
            self.form.hide()
            self.reread()

    def on_publish(self) -> None:
        """Publishes all of it over the version that was shown."""
        if self.is_changed():
            self.publish_asked.emit(self.body())
