"""The window on the display turned to the customer, or on the only one when the tablet is turned round."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QScroller, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.slip import Both, Stroke
from store_desk.ui.customer.told import Told
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import Segmented
from store_desk.ui.parts.parts import Hairline, Pane, Panel
from store_desk.ui.parts.signature import SignaturePad
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.signin.mark import Mark
from store_desk.words import Lang, say

CARD = 420
MARGIN = 32
PAD_MIN, PAD_MAX = 200, 4_000
MARK, SWITCH = 44, 48


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


class CustomerScreen(Pane):
    """Signals: drawn(strokes) after every stroke and after clearing, finished(strokes), taken_back().

    It speaks the language that the customer chooses, whatever the clerk's window speaks. It holds nothing but one
    `Told`; closing it forgets strokes and words. `clock` gives the time of day that stands across from the name.
    """

    drawn = Signal(object)
    finished = Signal(object)
    taken_back = Signal()

    def __init__(self, *, demo: bool = False, lang: Lang = "zh", clock: Callable[[], str] = str) -> None:
        super().__init__("canvas")
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.turned = False
        self.lang: Lang = lang
        self._clock = clock
        self._shown: Told | None = None
        self._thanked = False
        self.mark = Mark("", side=MARK)
        options = (("zh", "中文", "", ""), ("en", "English", "", ""))
        self.switch = Segmented(options, value=lang, height=SWITCH, name="语言 Language")
        self.store = TextLabel(style="heading")
        self._check = TextLabel(style="small", colour="text2")
        self._demo = TextLabel(style="heading", colour="warn")
        self._demo.set_text("演示 DEMO" if demo else "")
        self.card = Panel("surface")
        self.lines: list[TextLabel | Runs] = []
        self._told: QVBoxLayout
        self.title = TextLabel(style="title")
        self.pad = SignaturePad(height=PAD_MIN, large=True)
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
        self.switch.chosen.connect(self.on_language)

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.store)
        names.addWidget(self._check)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.mark)
        head.addLayout(names, 1)
        head.addWidget(self._demo)
        head.addSpacing(10)
        head.addWidget(self.switch)
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
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A finger moves a long text as on any tablet.
        QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
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
        rows.setContentsMargins(MARGIN, 24, MARGIN, 28)
        rows.setSpacing(22)
        rows.addLayout(head)
        rows.addLayout(body, 1)
        self.setTabOrder(self.pad, self.again)
        self.setTabOrder(self.again, self.done)
        self.setTabOrder(self.done, self.switch)

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
        self._shown = told
        self._thanked = False
        self.pad.setEnabled(True)
        self.pad.set_strokes(())
        self._speak()
        self._show_ready()

    def _say(self, key: str) -> str:
        return say(self.lang, f"ui_customer.{key}")

    def _of(self, text: Both) -> str:
        return (text.en if self.lang == "en" else text.zh) or text.zh or text.en

    def _speak(self) -> None:
        """All words in the customer's language; the strokes stay."""
        told = self._shown
        if told is None:
            return
        self.mark.set_text(told.store.zh)
        self.store.set_text(self._of(told.store))
        self._check.set_text(self._say("check"))
        self.title.set_text(self._say("thanks" if self._thanked else "sign"))
        self._data.set_text(self._say("data"))
        self.again.set_text(self._say("again"))
        self.done.set_text(self._say("done"))
        self._clear_lines()
        self._add(self._say("yours"), "small", "text2")
        self._group(self._say("product"), self._of(told.product), told.number)
        self._group(self._say("reason"), self._of(told.reason), told.words)
        self._group(self._of(told.money_label), told.money, self._of(told.money_why))
        self._told.addSpacing(14)
        self._told.addWidget(Hairline())
        self._told.addSpacing(8)
        for step in told.steps:
            self._add_step(self._of(step))
        self._told.addSpacing(12)
        self._add(self._say("text"), "small", "text2")
        self._add(self._of(told.read_back), "small", "text")
        self._told.addStretch(1)
        self._show_name()

    def _show_name(self) -> None:
        if self._shown is not None:
            self.pad.set_words(hint=self._say("sign"), name=self._shown.name, moment=self._clock())

    def _clear_lines(self) -> None:
        self.lines = []
        while (item := self._told.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, text: str, style: str, colour: str) -> None:
        if not text:
            return
        label = TextLabel(text, style, colour, wrap=True)
        self.lines.append(label)
        self._told.addWidget(label)

    def _group(self, label: str, value: str, small: str) -> None:
        self._told.addSpacing(18)
        self._add(label, "small", "text2")
        self._add(value, "heading", "text")
        self._add(small, "small", "text2")
        self._told.addSpacing(4)

    def _add_step(self, words: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(10)
        check = Runs((Run(icon="check", px=16, colour="ok"),), height=20)
        check.setFixedWidth(16)
        row.addWidget(check, 0, Qt.AlignmentFlag.AlignTop)
        label = TextLabel(words, "body", wrap=True)
        row.addWidget(label, 1)
        self.lines.append(label)
        self._told.addWidget(line)

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
        self._show_name()
        self.drawn.emit(self.pad.strokes())

    def on_done(self) -> None:
        """The customer is done: a turned tablet goes back, a second display says thanks."""
        strokes = self.pad.strokes()
        self._thanked = True
        self.title.set_text(self._say("thanks"))
        self.pad.setEnabled(False)
        self.again.setEnabled(False)
        self.done.setEnabled(False)
        self.finished.emit(strokes)
        if self.turned:
            self.close()

    def on_language(self, lang: str) -> None:
        """The customer reads another language; what was signed so far is the same text, so the strokes stay."""
        self.lang = "en" if lang == "en" else "zh"
        self._speak()

    # --- Qt ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Esc gives the screen back; no key of the clerk does anything here."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self._shown = None
        self.pad.set_strokes(())
        self._clear_lines()
        self.taken_back.emit()
