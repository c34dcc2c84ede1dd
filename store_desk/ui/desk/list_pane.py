"""The left pane: its head, the rows, and a notice at the foot."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QScrollBar, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.desk.delegate import RowDelegate
from store_desk.ui.desk.model import TicketModel
from store_desk.ui.desk.rows import Row
from store_desk.ui.parts.buttons import LinkButton
from store_desk.ui.parts.parts import Hairline, Pane, ProgressLine
from store_desk.ui.parts.text import Run, Runs, TextLabel

HEAD = 47
FOOT = 44
BAR = 10
# What takes longer than this is shown to be loading.
PATIENCE_MS = 150
MINUTE_MS = 60_000


class ListPane(Pane):
    """Signals: chosen(ticket id) by click or arrow keys, back_asked(), owed_asked()."""

    chosen = Signal(str)
    back_asked = Signal()
    owed_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._quiet = False
        self._owed = 0
        self._head_words = ("", "")
        self.model = TicketModel(bench)
        self._build()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._progress.start)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.model.reread)
        self._minute.start()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        head.setFixedHeight(HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 0, 16, 0)
        self._title = Runs(height=20)
        self._back = LinkButton("", icon="arrow-left")
        self._back.clicked.connect(self.back_asked)
        self._back.hide()
        row.addWidget(self._title, 1)
        row.addWidget(self._back)
        self._progress = ProgressLine()
        self._progress.setParent(self)
        column.addWidget(head)
        column.addWidget(Hairline())
        column.addWidget(self._build_view(), 1)
        column.addWidget(self._build_foot())

    def _build_view(self) -> QListView:
        self.view = view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(RowDelegate(self.model, view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.viewport().setAutoFillBackground(False)
        view.verticalScrollBar().setSingleStep(38)
        view.selectionModel().currentChanged.connect(self.on_current)
        # The bar lies over the rows' inset, so that rows are as wide in a long list as in a short one.
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        own = view.verticalScrollBar()
        own.rangeChanged.connect(self.on_range)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        self._bar.hide()
        return view

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        self._refused = TextLabel("", "small", "bad", wrap=True)
        refused = QVBoxLayout()
        refused.setContentsMargins(20, 10, 16, 10)
        refused.addWidget(self._refused)
        column.addLayout(refused)
        self._owed_row = QWidget()
        self._owed_row.setFixedHeight(FOOT)
        row = QHBoxLayout(self._owed_row)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(8)
        self._owed_words = Runs(height=18)
        self._owed_print = LinkButton("")
        # A click leaves the cursor in the search: what would come next when this goes is the ticket's main action.
        self._owed_print.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._owed_print.clicked.connect(self.owed_asked)
        row.addWidget(self._owed_words, 1)
        row.addWidget(self._owed_print)
        column.addWidget(self._owed_row)
        self._owed_row.hide()
        self._refused.hide()
        self._foot.hide()
        return self._foot

    def show_head(self, title: str, beside: str, *, back: bool = False) -> None:
        """The words above the list."""
        self._head_words = (title, beside)
        self._title.set_runs((Run(title, "subhead"), Run(beside, "small", "text2")))
        self._back.setVisible(back)
        self._back.set_text(self._bench.language.say("ui_desk.list.back"))
        self.view.setAccessibleName(f"{title} {beside}".strip())

    def head_words(self) -> tuple[str, str]:
        """What stands above the list."""
        return self._head_words

    def show_rows(self, rows: list[Row], *, selected: str) -> None:
        """Shows other rows; the selection stays with the ticket, and so does the place where one looked."""
        self.loaded()
        kept = self.view.verticalScrollBar().value()
        self._quiet = True
        self.model.show_rows(rows)
        self._quiet = False
        self.select(selected, scroll=False)
        self.view.verticalScrollBar().setValue(kept)
        place = self.model.place_of(selected)
        if place >= 0:
            self.view.scrollTo(self.model.index(place))

    def select(self, ticket_id: str, *, scroll: bool = True) -> bool:
        """Selects the ticket without opening it; answers whether it is in the list."""
        place = self.model.place_of(ticket_id)
        self._quiet = True
        selection = self.view.selectionModel()
        if place < 0:
            selection.clear()
        else:
            index = self.model.index(place)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if scroll:
                self.view.scrollTo(self.model.index(max(0, place - 1)) if place <= 1 else index)
        self._quiet = False
        return place >= 0

    def current_place(self) -> int:
        """Where the selection is, -1 for none."""
        index = self.view.selectionModel().currentIndex()
        return index.row() if index.isValid() else -1

    def loading(self) -> None:
        """An answer is awaited; content at hand stays."""
        if not self._patience.isActive():
            self._patience.start()

    def loaded(self) -> None:
        """The answer is there."""
        self._patience.stop()
        self._progress.stop()

    def show_owed(self, count: int) -> None:
        """How many slips have not moved paper yet."""
        self._owed = count
        say = self._bench.language.say
        self._owed_words.set_runs(
            (Run(icon="printer", colour="warn"), Run(say("ui_desk.owed", n=count), "label", "warn"))
        )
        self._owed_print.set_text(say("ui_desk.owed.print"))
        if not count and self._owed_print.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._owed_row.setVisible(count > 0)
        self._foot.setVisible(count > 0 or self._refused.isVisibleTo(self._foot))

    def owed(self) -> int:
        """What the foot says is owed."""
        return self._owed

    def show_refusal(self, words: str) -> None:
        """What did not work, in place; an empty text takes it away."""
        self._refused.set_text(words)
        self._refused.setVisible(bool(words))
        self._foot.setVisible(bool(words) or self._owed > 0)

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order."""
        return self.view, self._back, self._owed_print

    def refusal(self) -> str:
        """What the foot says did not work."""
        return self._refused.text()

    def reread(self) -> None:
        """The rows' and the foot's words in the present language."""
        self.model.reread()
        self.show_owed(self._owed)

    def on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """A click or an arrow key chose another row."""
        if not self._quiet and current.isValid():
            ticket_id = self.model.ticket_id(current.row())
            if ticket_id:
                self.chosen.emit(ticket_id)

    def on_range(self, least: int, greatest: int) -> None:
        """The list became longer or shorter than its pane."""
        self._bar.setRange(least, greatest)
        self._bar.setPageStep(self.view.viewport().height())
        self._bar.setVisible(greatest > least)
        self._place_bar()

    def _place_bar(self) -> None:
        self._bar.setGeometry(self.width() - BAR, self.view.y(), BAR, self.view.height())
        self._bar.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._progress.setGeometry(0, HEAD + 1, self.width(), 2)
        self._progress.raise_()
        self._place_bar()
        current = self.view.selectionModel().currentIndex()
        if current.isValid() and event.oldSize().height() > event.size().height():
            self.view.scrollTo(current)
