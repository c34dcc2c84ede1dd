"""The panel of the chosen operation: the answer in words, the ways out, and last the technical exchange."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.slip import Both
from store_desk.services.sync_view import SyncRow
from store_desk.ui import shortcuts
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.painting import draw_text, line_height, wrap_text
from store_desk.ui.parts.parts import EmptyState, Hairline, Pane
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.sync.bar import OverBar
from store_desk.ui.sync.exchange import exchange_of
from store_desk.ui.sync.rows import LOOKS, outcome_words
from store_desk.ui.sync.told import Told, told_of
from store_desk.ui.sync.ways import ASK, Ways

PAD = 24
STAMP = 62


class Fact(QWidget):
    """A wrapped line with an icon before it, or with a time of day."""

    def __init__(self, *, icon: str = "", colour: str = "text2", style: str = "small", top: int = 0) -> None:
        super().__init__()
        self._icon, self._colour, self._style, self._top = icon, colour, style, top
        self._stamp, self._text = "", ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_fact(self, text: str, *, stamp: str = "") -> None:
        """Shows another text; an empty one takes the line away."""
        self._text, self._stamp = text, stamp
        self.setAccessibleName(f"{stamp} {text}".strip() if text else "")
        # Without a parent it would come up as a window of its own.
        if self.parent() is not None or not text:
            self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def _left(self) -> int:
        return 24 if self._icon else STAMP

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = wrap_text(self._text, self._style, max(40, width - self._left()))
        return self._top + line_height(self._style) * len(lines)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 200 else 340
        return QSize(200, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._icon:
            middle = self._top + line_height(self._style) / 2
            paint_icon(painter, self._icon, 0, middle - 8, 16, THEME.colour(self._colour))
        draw_text(painter, self._stamp, 0, self._top, self._style, "text2")
        top = float(self._top)
        for line in wrap_text(self._text, self._style, max(40, self.width() - self._left())):
            draw_text(painter, line, self._left(), top, self._style, "text2")
            top += line_height(self._style)


def _stack(column: QVBoxLayout, parts: tuple[tuple[int, QWidget], ...]) -> None:
    """Puts parts below one another, each with the space above it."""
    for gap, part in parts:
        column.addSpacing(gap)
        column.addWidget(part)


class SyncPanel(Pane):
    """Signals: done_asked(what to do, why), open_asked() for the ticket, changed()."""

    done_asked = Signal(str, str)
    open_asked = Signal()
    changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._row: SyncRow | None = None
        self._shown = ""
        self._busy = False
        self._people: dict[str, Both] = {}
        self._chip = Chip()
        self._time = TextLabel(style="small", colour="text2")
        self._title = TextLabel(style="heading", wrap=True)
        self._what = TextLabel(style="small", colour="text2", wrap=True)
        self._changed = Fact(icon="file-check", top=10)
        self._kept = Fact(icon="shield-check", top=6)
        self._handled = Fact(icon="user-check", colour="ok", top=10)
        self._out = QWidget()
        self._ways_title = TextLabel(style="subhead")
        self.ways = Ways(bench)
        self._exchange_title = TextLabel(style="label", colour="text2")
        self._exchange = QVBoxLayout()
        self._lines: list[Fact] = []
        self._wrong = TextLabel(style="small", colour="bad", wrap=True)
        self.ask = Button("", icon="message-square-text", size="large")
        self.open = Button("", icon="external-link", size="large")
        self.do = Button("", key=shortcuts.cap_text(shortcuts.CONFIRM), kind="primary", size="large")
        self._build()
        self.ask.clicked.connect(self.on_ask)
        self.open.clicked.connect(self.open_asked)
        self.do.clicked.connect(self.on_do)
        self.ways.chosen.connect(self._on_chosen)
        self.ways.changed.connect(self._show_buttons)

    def _build(self) -> None:
        self._empty = EmptyState("cloud", "")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(PAD, 24, PAD, 16)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(self._chip)
        top.addStretch(1)
        top.addWidget(self._time)
        column.addLayout(top)
        self._rules = (Hairline(), Hairline())
        _stack(column, ((10, self._title), (6, self._what), (0, self._changed), (0, self._kept), (0, self._handled)))
        ways = QVBoxLayout(self._out)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(0)
        _stack(ways, ((18, self._rules[0]), (18, self._ways_title), (10, self.ways)))
        _stack(column, ((0, self._out), (18, self._rules[1]), (16, self._exchange_title)))
        column.addSpacing(6)
        self._exchange.setSpacing(3)
        column.addLayout(self._exchange)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._scroll.setWidget(body)
        self._bar = OverBar(self._scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._empty)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._build_foot())
        self._scroll.hide()
        self._foot.hide()

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(PAD, 8, PAD, 20)
        column.setSpacing(8)
        column.addWidget(self._wrong)
        self._wrong.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.ask)
        row.addWidget(self.open)
        row.addWidget(self.do, 1)
        column.addLayout(row)
        return self._foot

    # --- showing -----------------------------------------------------------------------------------------

    def show_row(self, row: SyncRow | None, people: dict[str, Both]) -> None:
        """Shows this operation; what was chosen and typed stays while it is the same one."""
        keep = row is not None and row.id == self._shown
        self._row, self._people = row, people
        self._shown = row.id if row is not None else ""
        self._busy = False
        if not keep:
            self._wrong.hide()
        self._empty.setVisible(row is None)
        self._scroll.setVisible(row is not None)
        self._foot.setVisible(row is not None)
        if row is not None:
            moments = Moments(self._bench)
            told = told_of(row, bench=self._bench)
            self._show_words(row, told, moments)
            self.ways.show_ways(told.ways, keep=keep)
            self._show_exchange(row)
            if not keep:
                self._scroll.verticalScrollBar().setValue(0)
        self._empty.set_sentence(self._bench.language.say("ui_sync.panel.none"))
        self._show_buttons()

    def _show_words(self, row: SyncRow, told: Told, moments: Moments) -> None:
        say = self._bench.language.say
        icon, tone = LOOKS[row.standing]
        self._chip.set_chip(outcome_words(row, self._bench), icon=icon, tone=tone)
        number = row.ticket.number if row.ticket is not None else ""
        time = moments.ended(row.delivery.answered_at or row.delivery.made_at)
        self._time.set_text("  ·  ".join(part for part in (number, time) if part))
        self._title.set_text(told.title)
        self._what.set_text(told.what)
        self._changed.show_fact(say("ui_sync.panel.changed", what=told.changed) if told.changed else "")
        self._kept.show_fact(say("ui_sync.panel.not_changed", what=told.not_changed) if told.not_changed else "")
        self._handled.show_fact(self._handled_words(row, moments))
        self._ways_title.set_text(say("ui_sync.ways"))
        self._out.setVisible(bool(told.ways))

    def _handled_words(self, row: SyncRow, moments: Moments) -> str:
        say, delivery = self._bench.language.say, row.delivery
        if delivery.handled_at is None:
            return ""
        person = self._people.get(delivery.handled_by)
        who = self._bench.language.of(person) if person else delivery.handled_by
        how = say(f"ui_sync.handled.{delivery.handled_how}")
        return say("ui_sync.panel.handled", who=who, time=moments.ended(delivery.handled_at), how=how)

    def _show_exchange(self, row: SyncRow) -> None:
        self._exchange_title.set_text(self._bench.language.say("ui_sync.exchange"))
        for old in self._lines:
            self._exchange.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        for stamp, text in exchange_of(row, bench=self._bench):
            line = Fact(style="caption")
            self._exchange.addWidget(line)
            line.show_fact(text, stamp=stamp)
            self._lines.append(line)

    def _show_buttons(self) -> None:
        say, row = self._bench.language.say, self._row
        ways = self.ways.codes()
        askable = bool(self.ways.asking())
        self.ask.setVisible(askable)
        self.open.setVisible(row is not None and not askable and row.ticket is not None)
        self.do.setVisible(bool(ways))
        self.ask.set_text(say("ui_sync.ask"))
        self.open.set_text(say("ui_sync.open"))
        self.do.set_text(say("ui_sync.do", digit=self.ways.digit()))
        needs_why = self.ways.does() == ASK and not self.ways.why.text().strip()
        self.do.set_reason(say("ui_sync.way.why") if needs_why else "")
        if self._busy:
            self.do.set_reason(say("ui_sync.doing"))
        self.ask.setEnabled(not self._busy)

    def show_refused(self, words: str) -> None:
        """The chosen way could not be carried out; said in place, nothing has changed."""
        self._busy = False
        self._wrong.set_text(words)
        self._wrong.setVisible(bool(words))
        self._show_buttons()

    def words(self) -> str:
        """Everything the panel says."""
        facts = (self._changed, self._kept, self._handled, *self._lines)
        said = [self._chip.accessibleName(), self._title.text(), self._what.text()]
        said += [fact.accessibleName() for fact in facts if fact.accessibleName()]
        if self._wrong.isVisibleTo(self):
            said.append(self._wrong.text())
        return "\n".join(said)

    def shown_ways(self) -> tuple[str, ...]:
        """The ways that are offered."""
        return self.ways.codes() if self.ways.isVisibleTo(self) else ()

    # --- slots -------------------------------------------------------------------------------------------

    def on_ask(self) -> None:
        """Ask head office: its way, with the line for the reason."""
        self.ways.choose(self.ways.asking())

    def on_do(self) -> None:
        """Carries out the chosen way, once."""
        does, why = self.ways.does(), self.ways.why.text().strip()
        if not does or self._busy:
            return
        if does == ASK and not why:
            self.ways.why.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._busy = True
        self._show_buttons()
        self.done_asked.emit(does, why)

    def _on_chosen(self, _: str) -> None:
        self._wrong.hide()
        self._show_buttons()
        if self.ways.does() == ASK:
            # The line for the reason has only just come.
            QTimer.singleShot(0, self, self._show_why)
        self.changed.emit()

    def _show_why(self) -> None:
        self._scroll.ensureWidgetVisible(self.ways.why)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, 0, 1, self.height()), THEME.colour("line"))
