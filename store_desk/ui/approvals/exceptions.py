"""The exceptions: what deserves a second look, and the line that says what was done about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.money import format_minor
from store_desk.domain.slip import Both
from store_desk.services.approvals_view import Exceptions, Handled
from store_desk.services.oversight import Concern, Watched
from store_desk.ui.approvals.findings import FindingRow, FindingTable
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.approvals.scrolling import QuietScroll
from store_desk.ui.bench import Bench
from store_desk.ui.desk.rows import names_of
from store_desk.ui.parts.areas import EmptyState, Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel

ICONS = {
    Concern.UNSIGNED: ("pen-line", "bad"),
    Concern.MONEY_SHORT: ("coins", "bad"),
    Concern.OFTEN: ("user-check", "warn"),
    Concern.TECHNICIAN_LEFT: ("truck", "warn"),
    Concern.REPRINTED: ("printer", "warn"),
}
HOW_LENGTH_MAX = 300


class ExceptionsPane(QWidget):
    """Signals: handled(Watched, how), ticket_asked(ticket id), mode_changed()."""

    handled = Signal(object, str)
    ticket_asked = Signal(str)
    mode_changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._shown = Exceptions((), ())
        self._past = False
        self._current = ""
        self._pad = 32
        self.names: dict[str, Both] = {}
        self.table = FindingTable()
        self._empty = EmptyState("shield-check", "")
        self.form = Panel("surface")
        self._form_title = TextLabel("", "label", elide=True)
        self.line = LineEdit()
        self.line.setMaxLength(HOW_LENGTH_MAX)
        self.save = Button(" ", key="Enter", kind="primary")
        self.open = Button(" ", icon="external-link")
        self.back = Button(" ", key="Esc", kind="ghost")
        self._build()
        self.table.chosen.connect(self._on_chosen)
        self.table.acted.connect(self.begin)
        self.line.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self.open.clicked.connect(self._on_open)
        self.back.clicked.connect(self.end)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.open)
        row.addWidget(self.back)
        row.addWidget(self.save)
        column = QVBoxLayout(self.form)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(self._form_title)
        column.addLayout(row)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        inner.addWidget(self._empty, 1)
        inner.addStretch(1)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(32, 12, 32, 16)
        self._below.addWidget(self.form)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(QuietScroll(holder), 1)
        outer.addLayout(self._below)
        self.form.hide()

    # --- showing -------------------------------------------------------------------------------------------

    def show_exceptions(self, shown: Exceptions, *, past: bool) -> None:
        """Shows what was found, or (`past`) what was dealt with; the chosen row stays chosen."""
        self._shown, self._past = shown, past
        ids = [_id(item) for item in shown.found]
        if past or self._current not in ids:
            self.form.hide()
            self._current = "" if past else next(iter(ids), "")
        self.reread()

    def set_room(self, *, pad: int) -> None:
        """The padding at both sides."""
        self._pad = pad
        self._below.setContentsMargins(pad, 12, pad, 16)
        self.reread()

    def reread(self) -> None:
        """All words again."""
        words = Sayings(self._bench)
        say = words.say
        rows = self._past_rows(words) if self._past else tuple(self._row(item, words) for item in self._shown.found)
        heads = tuple(say(f"ui_approvals.col.{name}") for name in ("what", "ticket", "who", "until", "do"))
        self.table.show_rows(rows, heads[:4] if self._past else heads, current=self._current, pad=self._pad)
        self.table.setVisible(bool(rows))
        self._empty.set_sentence(say(f"ui_approvals.none.{'handled' if self._past else 'exceptions'}"))
        self._empty.setVisible(not rows)
        for button, name in ((self.save, "save"), (self.open, "open"), (self.back, "back")):
            button.set_text(say(f"ui_approvals.how.{name}"))
        self.line.setPlaceholderText(say("ui_approvals.how.line"))
        self.line.setAccessibleName(say("ui_approvals.how.line"))
        item = self.current()
        if item is not None:
            self._form_title.set_text(say("ui_approvals.how.title", what=self._title(item, words)))

    def _title(self, item: Watched, words: Sayings) -> str:
        amount = format_minor(item.amount_minor, item.ticket.currency)
        return words.say(f"ui_approvals.{item.concern.value}", n=item.count, amount=amount)

    def _row(self, item: Watched, words: Sayings) -> FindingRow:
        say, moments, concern = words.say, words.moments, item.concern.value
        visit = item.ticket.facts.visit
        free = visit.free_until if visit else None
        sub = say(
            f"ui_approvals.{concern}.sub",
            day=moments.date_of(item.due_at or item.at),
            name=names_of(item.ticket, self._bench.language)[0],
            until=moments.short(free) if free else "",
            at=moments.short(item.at),
        )
        icon, tone = ICONS[item.concern]
        until, urgent = self._until(item, words)
        return FindingRow(
            id=_id(item),
            icon=icon,
            tone=tone,
            title=self._title(item, words),
            sub=sub,
            number=item.ticket.number,
            who=self._name(item.staff),
            until=until,
            urgent=urgent,
            do=say(f"ui_approvals.do.{concern}"),
        )

    def _until(self, item: Watched, words: Sayings) -> tuple[str, bool]:
        if item.concern in (Concern.UNSIGNED, Concern.MONEY_SHORT):
            due = item.due_at or item.at + timedelta(days=7)
            days = self._days(due, words.moments.now)
            key = "overdue.days" if days else "overdue.today"
            return words.say(f"ui_approvals.{key}", n=days), True
        days = self._days(item.at, words.moments.now)
        return words.say(f"ui_approvals.{'ago.days' if days else 'ago.today'}", n=days), False

    def _days(self, since: datetime, now: datetime) -> int:
        zone = self._bench.desk.zone
        return max(0, (now.astimezone(zone).date() - since.astimezone(zone).date()).days)

    def _past_rows(self, words: Sayings) -> tuple[FindingRow, ...]:
        return tuple(self._past_row(item, place, words) for place, item in enumerate(self._shown.handled))

    def _past_row(self, item: Handled, place: int, words: Sayings) -> FindingRow:
        concern = Concern(item.concern)
        icon, tone = ICONS[concern]
        title = words.say(f"ui_approvals.do.{concern.value}")
        when = words.moments.short(item.at)
        return FindingRow(
            str(place), icon, tone, item.how or title, title, item.number, self._name(item.by), when, False, ""
        )

    def _name(self, staff: str) -> str:
        return self._bench.language.of(self.names[staff]) if staff in self.names else staff

    # --- what a person does --------------------------------------------------------------------------------

    def current(self) -> Watched | None:
        """The chosen exception."""
        return next((item for item in self._shown.found if _id(item) == self._current), None)

    def is_writing(self) -> bool:
        """Whether the line about what was done is open."""
        return not self.form.isHidden()

    def go_by(self, step: int) -> None:
        """One row up or down."""
        ids = [_id(item) for item in self._shown.found]
        if self._past or not ids:
            return
        place = ids.index(self._current) if self._current in ids else 0
        self._on_chosen(ids[min(len(ids) - 1, max(0, place + step))])

    def _on_chosen(self, row_id: str) -> None:
        if not self._past and row_id != self._current:
            self._current = row_id
            self.form.hide()
            self.reread()
            self.mode_changed.emit()

    def begin(self, row_id: str = "") -> None:
        """Opens the line for the chosen row."""
        if row_id:
            self._current = row_id
        if self._past or self.current() is None:
            return
        self.reread()
        self.line.clear()
        self.form.show()
        self.line.setFocus()
        self.mode_changed.emit()

    def end(self) -> None:
        """Closes the line without a word."""
        self.form.hide()
        self.table.setFocus()
        self.mode_changed.emit()

    def _on_save(self) -> None:
        item, how = self.current(), self.line.text().strip()
        if item is None:
            return
        if not how:
            self.line.set_tone("bad")
            self.line.setFocus()
            return
        self.form.hide()
        self.table.setFocus()
        self.handled.emit(item, how)
        self.mode_changed.emit()

    def _on_open(self) -> None:
        item = self.current()
        if item is not None:
            self.ticket_asked.emit(item.ticket.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.is_writing():
            self.end()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_writing():
            self.begin()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.go_by(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


def _id(item: Watched) -> str:
    return f"{item.concern.value}:{item.case_id}"
