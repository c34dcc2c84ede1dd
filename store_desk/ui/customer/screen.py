"""The window on the display turned to the customer, or on the only one when the tablet is turned round."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.slip import Both, Stroke
from store_desk.ui.customer.told import Told
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import Hairline, Pane, Panel
from store_desk.ui.parts.signature import SignaturePad
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words import both

CARD = 420
MARGIN = 32
PAD_MIN, PAD_MAX = 200, 4_000


def customer_screen(screens: Sequence[QScreen], *, own: QScreen | None, name: str) -> QScreen | None:
    """The display to use: the one by this name, else another than the clerk's own; None when there is no other."""
    others = [screen for screen in screens if screen is not own]
    named = [screen for screen in others if name and screen.name() == name]
    return next(iter(named or others), None)


def fitted(strokes: tuple[Stroke, ...], *, ratio: float) -> tuple[Stroke, ...]:
    """The strokes in their own shape, made small enough for a pad whose height is `ratio` of its width."""
    ys = [point[1] for stroke in strokes for point in stroke]
    xs = [point[0] for stroke in strokes for point in stroke]
    if not ys or max(ys) <= ratio:
        return strokes
    high = max(max(ys) - min(ys), 1e-6)
    scale = min(1.0, 0.8 * ratio / high)
    left = (1 - (max(xs) - min(xs)) * scale) / 2 - min(xs) * scale
    top = (ratio - high * scale) / 2 - min(ys) * scale
    return tuple(
        tuple((round(x * scale + left, 5), round(y * scale + top, 5), pressure, ms) for x, y, pressure, ms in stroke)
        for stroke in strokes
    )


def _two(label: TextLabel, text: Both) -> None:
    label.set_text(" ".join(part for part in (text.zh, text.en) if part))


class CustomerScreen(Pane):
    """Signals: drawn(strokes) after every stroke and after clearing, finished(strokes), taken_back().

    It holds nothing but one `Told`; closing it forgets strokes and words.
    """

    drawn = Signal(object)
    finished = Signal(object)
    taken_back = Signal()

    def __init__(self, *, demo: bool = False) -> None:
        super().__init__("canvas")
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.turned = False
        self.store = TextLabel(style="heading")
        self._check = TextLabel(style="small", colour="text2")
        self._demo = TextLabel(style="heading", colour="warn")
        self._demo.set_text("演示 DEMO" if demo else "")
        self.card = Panel("surface")
        self.lines: list[TextLabel | Runs] = []
        self._told: QVBoxLayout
        self.title = TextLabel(style="title")
        self.pad = SignaturePad(height=PAD_MIN)
        # All that is left of the display, whatever its size.
        self.pad.setMaximumHeight(PAD_MAX)
        self.pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.again = Button("", icon="eraser", size="customer")
        self.done = Button("", kind="primary", size="customer")
        self._data = TextLabel(style="caption", colour="text2", wrap=True)
        self._build()
        self.pad.changed.connect(self.on_drawn)
        self.again.clicked.connect(self.pad.clear)
        self.done.clicked.connect(self.on_done)

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.store)
        names.addWidget(self._check)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        head.addWidget(self._demo)
        inside = QWidget()
        self._told = QVBoxLayout(inside)
        self._told.setContentsMargins(27, 20, 27, 20)
        self._told.setSpacing(2)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        card = QVBoxLayout(self.card)
        card.setContentsMargins(1, 1, 1, 1)
        card.addWidget(area)
        self.card.setFixedWidth(CARD)
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self._data, 1)
        buttons.addWidget(self.done)
        buttons.setSpacing(24)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.title)
        right.addWidget(self.pad, 1)
        right.addLayout(buttons)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(self.card)
        body.addLayout(right, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN, 20, MARGIN, 28)
        rows.setSpacing(20)
        rows.addLayout(head)
        rows.addLayout(body, 1)
        self.setTabOrder(self.pad, self.again)
        self.setTabOrder(self.again, self.done)

    # --- showing -----------------------------------------------------------------------------------------

    def show_on(self, screen: QScreen | None, *, own: QScreen | None) -> None:
        """Fills the customer's display; without one, the clerk's own, and closes when the customer is done."""
        self.turned = screen is None
        target = screen or own or QGuiApplication.primaryScreen()
        self.setScreen(target)
        self.setGeometry(target.geometry())
        self.showFullScreen()
        if self.turned:
            self.activateWindow()
            self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_told(self, told: Told) -> None:
        """Shows one ticket, with an empty pad."""
        _two(self.store, told.store)
        for label, key in ((self._check, "check"), (self.title, "sign"), (self._data, "data")):
            _two(label, both(f"ui_customer.{key}"))
        for button, key in ((self.again, "again"), (self.done, "done")):
            words = both(f"ui_customer.{key}")
            button.set_text(f"{words.zh} {words.en}")
        self._clear_lines()
        self._add(both("ui_customer.yours"), "small", "text2")
        self._group(both("ui_customer.product"), told.product, told.number)
        self._group(both("ui_customer.reason"), told.reason, told.words)
        self._group(told.money_label, Both(told.money), "")
        self._told.addWidget(Hairline())
        for step in told.steps:
            self._add_step(step)
        self._told.addSpacing(10)
        self._add(both("ui_customer.text"), "small", "text2")
        for text in (told.read_back.zh, told.read_back.en):
            self._add(Both(text), "small", "text")
        self._told.addStretch(1)
        sign = both("ui_customer.sign")
        self.pad.setEnabled(True)
        self.pad.set_words(hint=f"{sign.zh} {sign.en}", name=told.name, moment="")
        self.pad.set_strokes(())
        self._show_ready()

    def _clear_lines(self) -> None:
        self.lines = []
        while (item := self._told.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, text: Both, style: str, colour: str) -> None:
        if not (text.zh or text.en):
            return
        label = TextLabel(style=style, colour=colour, wrap=True)
        _two(label, text)
        self.lines.append(label)
        self._told.addWidget(label)

    def _group(self, label: Both, value: Both, small: str) -> None:
        self._told.addSpacing(10)
        self._add(label, "small", "text2")
        self._add(value, "heading", "text")
        self._add(Both(small), "small", "text2")
        self._told.addSpacing(6)

    def _add_step(self, step: Both) -> None:
        row = Runs(height=26)
        words = f"{step.zh} {step.en}"
        row.set_runs((Run(icon="check", px=16, colour="ok"), Run(words, "small", "text", gap=8)))
        row.setAccessibleName(words)
        self.lines.append(row)
        self._told.addWidget(row)

    def _show_ready(self) -> None:
        self.again.setEnabled(not self.pad.is_empty())
        self.done.setEnabled(not self.pad.is_empty())

    def said(self) -> str:
        """All that is on the screen, as text."""
        names = [label.accessibleName() or getattr(label, "text", str)() for label in self.lines]
        return "\n".join(names)

    # --- slots -------------------------------------------------------------------------------------------

    def on_drawn(self) -> None:
        """A stroke ended: the clerk's pad follows."""
        self._show_ready()
        self.drawn.emit(self.pad.strokes())

    def on_done(self) -> None:
        """The customer is done: a turned tablet goes back, a second display says thanks."""
        strokes = self.pad.strokes()
        _two(self.title, both("ui_customer.thanks"))
        self.pad.setEnabled(False)
        self.again.setEnabled(False)
        self.done.setEnabled(False)
        self.finished.emit(strokes)
        if self.turned:
            self.close()

    # --- Qt ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Esc gives the screen back; no key of the clerk does anything here."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.pad.set_strokes(())
        self._clear_lines()
        self.taken_back.emit()
