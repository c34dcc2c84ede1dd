"""The list as a Qt model: rows of groups, tickets and notes; words are made when a row is first looked at."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt

from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import COUNT_MAX, Row, RowText, row_text
from store_desk.ui.look.tokens import LIST_ROW, LIST_SECTION

NOTE_HEIGHT = 40
RowIndex = QModelIndex | QPersistentModelIndex


class TicketModel(QAbstractListModel):
    """Rows of the list; only tickets can be selected."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._rows: list[Row] = []
        self._texts: dict[int, RowText] = {}
        self._moments = Moments(bench)

    def show_rows(self, rows: list[Row]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self._rows = rows
        self._forget()
        self.endResetModel()

    def reread(self) -> None:
        """Makes the words anew: another language, or a minute has passed."""
        self._forget()
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _forget(self) -> None:
        self._texts.clear()
        self._moments = Moments(self._bench)

    def rows(self) -> list[Row]:
        """What is shown."""
        return self._rows

    def row(self, index: int) -> Row:
        """The row at this place."""
        return self._rows[index]

    def text(self, index: int) -> RowText | None:
        """The words of the ticket at this place; None for heads and notes."""
        line = self._rows[index].line
        if line is None:
            return None
        if index not in self._texts:
            self._texts[index] = row_text(line, language=self._bench.language, moments=self._moments)
        return self._texts[index]

    def head_words(self, index: int) -> tuple[str, str]:
        """A head's or note's words, and what stands at its right."""
        row = self._rows[index]
        say = self._bench.language.say
        if row.kind == "note":
            return say(f"ui_desk.{row.key}", n=row.count or 0), ""
        right = say(row.right_key) if row.right_key else ""
        if row.count is not None:
            count = f"{row.count:,}" if row.count < COUNT_MAX else say("ui_desk.count.thousand")
            right = f"{right} · {count}" if right else count
        return say(f"ui_desk.{row.key}"), right

    def place_of(self, ticket_id: str) -> int:
        """Where the ticket stands, -1 when it is not in the list."""
        for index, row in enumerate(self._rows):
            if row.line is not None and row.line.ticket.id == ticket_id:
                return index
        return -1

    def ticket_id(self, index: int) -> str:
        """The id of the ticket at this place, '' for heads and notes."""
        line = self._rows[index].line if 0 <= index < len(self._rows) else None
        return line.ticket.id if line is not None else ""

    def step_from(self, index: int, step: int) -> int:
        """The next ticket's place in the direction of `step`, or the same when there is none."""
        place = index
        while True:
            place += 1 if step > 0 else -1
            if not 0 <= place < len(self._rows):
                return index
            if self._rows[place].line is not None:
                return place

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: RowIndex) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].line is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, {"head": LIST_SECTION, "note": NOTE_HEIGHT}.get(row.kind, LIST_ROW))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self.text(index.row())
            return text.spoken if text is not None else " ".join(self.head_words(index.row())).strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.text(index.row())
            return f"{text.name} {text.name_other}\n{text.product}".strip() if text is not None else None
        return None
