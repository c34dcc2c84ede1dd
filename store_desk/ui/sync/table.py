"""The outbox as a table: a head of column names, and painted rows that are walked with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from store_desk.domain.slip import Both
from store_desk.services.sync_view import SyncRow
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import CHIP, RADIUS
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.signs import Skeleton
from store_desk.ui.sync.bar import OverBar
from store_desk.ui.sync.rows import LOOKS, RowWords, row_words

ROW = 58
HEAD = 44
PAD = 20
INSET = 8
TILE = 32
GAP = 16
SKELETONS = 3
# A chip's icon and the space around its words.
CHIP_PADS = 36
COLUMNS = ("outcome", "operation", "ticket", "time", "detail")
SOFT = {"bad": ("bad_soft", "bad"), "warn": ("warn_soft", "warn"), "ok": ("ok_soft", "ok")}
RowIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns begin, from the table's left edge; the last one ends at `right`."""

    left: tuple[float, ...]
    right: float

    def width(self, column: int) -> float:
        """The room of a column, without the gap after it."""
        if column + 1 == len(self.left):
            return self.right - self.left[column]
        return self.left[column + 1] - self.left[column] - GAP


def places(width: float, outcome: float) -> Places:
    """The columns for this width: the chip (`outcome`), number and time take what they need, the rest is shared."""
    ticket, time = 150.0, 92.0
    rest = width - 2 * PAD - outcome - ticket - time
    operation = rest * 0.55
    starts = [float(PAD)]
    for step in (outcome, operation, ticket, time):
        starts.append(starts[-1] + step)
    return Places(tuple(starts), width - PAD)


class SyncModel(QAbstractListModel):
    """Rows of the outbox; words are made when a row is first looked at."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._rows: tuple[SyncRow, ...] = ()
        self._people: dict[str, Both] = {}
        self._words: dict[int, RowWords] = {}
        self._moments = Moments(bench)
        self._outcome = 0.0

    def outcome_width(self) -> float:
        """The room that the widest chip of this language needs, with the gap after it."""
        if not self._outcome:
            names = [self._bench.language.say(f"ui_sync.outcome.{standing.value}") for standing in LOOKS]
            self._outcome = max(text_width(name, "captionb") for name in names) + CHIP_PADS + GAP
        return self._outcome

    def show_rows(self, rows: tuple[SyncRow, ...], people: dict[str, Both]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self._rows, self._people = rows, people
        self._forget()
        self.endResetModel()

    def reread(self) -> None:
        """Makes the words anew."""
        self._forget()
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _forget(self) -> None:
        self._words.clear()
        self._outcome = 0.0
        self._moments = Moments(self._bench)

    def row(self, index: int) -> SyncRow | None:
        """The row at this place."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def words(self, index: int) -> RowWords:
        """The words of the row at this place."""
        if index not in self._words:
            self._words[index] = row_words(
                self._rows[index], bench=self._bench, moments=self._moments, people=self._people
            )
        return self._words[index]

    def place_of(self, op_id: str) -> int:
        """Where the operation stands, -1 when it is not shown."""
        return next((place for place, row in enumerate(self._rows) if row.id == op_id), -1)

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index.row()).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            words = self.words(index.row())
            return f"{words.sub}\n{words.detail}".strip()
        return None


class SyncDelegate(QStyledItemDelegate):
    """Paints a row: chip, tile with title and customer, number, time and clerk, why."""

    def __init__(self, model: SyncModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        rect, state = QRectF(option.rect), option.state
        words = self._model.words(index.row())
        at = places(rect.width(), self._model.outcome_width())
        painter.save()
        self._back(painter, rect, state)
        middle = rect.center().y()
        self._chip(painter, words, rect.left() + at.left[0], middle)
        self._operation(painter, words, rect.left() + at.left[1], middle, at.width(1))
        draw_text(painter, words.number, rect.left() + at.left[2], middle - 9, "small", "text", width=at.width(2))
        left = rect.left() + at.left[3]
        draw_text(painter, words.time, left, middle - 18, "label", "text", width=at.width(3))
        draw_text(painter, words.who, left, middle + 1, "caption", "text2", width=at.width(3))
        colour = "bad" if words.bad else "text"
        draw_text(painter, words.detail, rect.left() + at.left[4], middle - 9, "small", colour, width=at.width(4))
        painter.restore()

    def _back(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        inner = QRectF(rect.left() + INSET, rect.top() + 2, rect.width() - 2 * INSET, rect.height() - 4)
        if state & QStyle.StateFlag.State_Selected:
            frame(painter, inner, RADIUS["row_selection"], fill="accent_soft")
            painter.fillRect(QRectF(inner.left(), inner.top() + 10, 3, inner.height() - 20), THEME.colour("accent"))
        else:
            if state & QStyle.StateFlag.State_MouseOver:
                frame(painter, inner, RADIUS["row_selection"], fill="hover")
            line = QRectF(rect.left() + PAD, rect.bottom() - 1, rect.width() - 2 * PAD, 1)
            painter.fillRect(line, THEME.colour("line"))
        if state & QStyle.StateFlag.State_HasFocus:
            frame(painter, inner, RADIUS["row_selection"], line="focus", width=2)

    def _chip(self, painter: QPainter, words: RowWords, left: float, middle: float) -> None:
        fill, colour = SOFT.get(words.tone, ("sunken", "text2"))
        width = text_width(words.outcome, "captionb") + CHIP_PADS
        frame(painter, QRectF(left, middle - CHIP / 2, width, CHIP), RADIUS["chip"], fill=fill)
        paint_icon(painter, words.icon, left + 8, middle - 7, 14, THEME.colour(colour))
        draw_text(painter, words.outcome, left + 28, middle - 8, "captionb", colour)

    def _operation(self, painter: QPainter, words: RowWords, left: float, middle: float, room: float) -> None:
        fill, colour = SOFT.get(words.tone, ("sunken", "text2")) if words.bad else ("sunken", "text2")
        frame(painter, QRectF(left, middle - TILE / 2, TILE, TILE), RADIUS["button"], fill=fill)
        paint_icon(painter, words.kind_icon, left + 8, middle - 8, 16, THEME.colour(colour))
        text, rest = left + TILE + 12, room - TILE - 12
        if not words.sub:
            draw_text(painter, words.title, text, middle - 10, "strong", "text", width=rest)
            return
        draw_text(painter, words.title, text, middle - 19, "strong", "text", width=rest)
        draw_text(painter, words.sub, text, middle + 1, "caption", "text2", width=rest)

    def sizeHint(self, option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        return QSize(0, ROW)


class _Rows(QListView):
    """Arrow keys walk; digits and Ctrl Enter are the page's. Signal: entered()."""

    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered_row.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) or event.key() in (
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        ):
            super().keyPressEvent(event)
        else:
            # Typing must not search in the rows: digits choose a way out.
            event.ignore()


class _Head(QWidget):
    """The names of the columns."""

    def __init__(self, bench: Bench, model: SyncModel) -> None:
        super().__init__()
        self._bench, self._model = bench, model
        self.setFixedHeight(HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = places(self.width(), self._model.outcome_width())
        for column, name in enumerate(COLUMNS):
            words = self._bench.language.say(f"ui_sync.column.{name}")
            draw_text(painter, words, at.left[column], 14, "label", "text2", width=at.width(column))
        painter.fillRect(0, HEAD - 1, self.width(), 1, THEME.colour("line"))


class SyncTable(QWidget):
    """Signals: chosen(str operation id, '' for none), opened() when Enter or a double click wants the ticket."""

    chosen = Signal(str)
    opened = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._quiet = False
        self.model = SyncModel(bench)
        self._head = _Head(bench, self.model)
        self.view = view = _Rows()
        view.setModel(self.model)
        view.setItemDelegate(SyncDelegate(self.model, view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.viewport().setAutoFillBackground(False)
        view.selectionModel().currentChanged.connect(self.on_current)
        view.entered_row.connect(self.opened)
        view.doubleClicked.connect(self.on_double)
        self._bar = OverBar(view)
        self._loading = [Skeleton() for _ in range(SKELETONS)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        for skeleton in self._loading:
            column.addWidget(skeleton)
            skeleton.hide()
        column.addWidget(view, 1)

    def show_rows(self, rows: tuple[SyncRow, ...], people: dict[str, Both], *, selected: str) -> None:
        """Shows other rows; the selection stays with its operation, and so does the place where one looked."""
        self.show_loading(False)
        kept = self.view.verticalScrollBar().value()
        self._quiet = True
        self.model.show_rows(rows, people)
        place = max(0, self.model.place_of(selected)) if rows else -1
        selection = self.view.selectionModel()
        if place >= 0:
            index = self.model.index(place)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.verticalScrollBar().setValue(kept)
            self.view.scrollTo(index)
        self._quiet = False

    def current(self) -> SyncRow | None:
        """The row that is selected."""
        index = self.view.selectionModel().currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def show_loading(self, loading: bool) -> None:
        """Quiet rows in place of those that are still on their way."""
        for skeleton in self._loading:
            skeleton.setVisible(loading)

    def retranslate(self) -> None:
        """Reads the words again."""
        self.view.setAccessibleName(self._bench.language.say("ui_sync.title"))
        self.model.reread()
        self._head.update()

    def on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        """A click or an arrow key chose another row."""
        row = self.model.row(current.row()) if current.isValid() else None
        if not self._quiet:
            self.chosen.emit(row.id if row is not None else "")

    def on_double(self, _: QModelIndex) -> None:
        """A double click wants the ticket."""
        self.opened.emit()
