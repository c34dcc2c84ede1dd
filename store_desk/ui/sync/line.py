"""The sync line of the top bar: what waits or was refused, and how long ago head office was last heard."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, focus_ring, frame
from store_desk.ui.sync.link import LinkState

TICK_MS = 5_000
HEIGHT = 44
ICON = 18
TEXT_X = 38
# Younger than this head office counts as just heard; the tick is as long.
NOW = timedelta(seconds=10)


def age_words(bench: Bench, state: LinkState) -> str:
    """How long ago head office was last heard: `20 s ago`; '' before the first time."""
    if state.last_contact is None:
        return ""
    age = max(timedelta(), bench.desk.clock() - state.last_contact)
    for unit, span in (
        ("d", timedelta(days=1)),
        ("h", timedelta(hours=1)),
        ("min", timedelta(minutes=1)),
        ("s", NOW),
    ):
        if age >= span:
            whole = int(age.total_seconds()) if unit == "s" else age // span
            return bench.language.say(f"ui_sync.age.{unit}", n=whole)
    return bench.language.say("ui_sync.age.now")


class SyncLine(QPushButton):
    """Two lines that are always there; a click opens Sync (clicked())."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._icon, self._colour = "cloud", "text2"
        self._words, self._below = "", ""
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.show_state)
        self._tick.start()
        if bench.head_office is not None:
            bench.head_office.changed.connect(self.show_state)
        bench.language.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Reads the wire's state and says it."""
        office = self._bench.head_office
        state = office.state() if office is not None else LinkState()
        say, age = self._bench.language.say, age_words(self._bench, state)
        self._below = say("ui_sync.line.contact", age=age) if age else say("ui_sync.line.never")
        if state.refused:
            self._icon, self._colour = "cloud-alert", "bad"
            self._words = say("ui_sync.line.refused", n=state.refused)
            if state.waiting:
                self._below = say("ui_sync.line.waiting_too", n=state.waiting, age=age or say("ui_sync.line.never"))
        elif not state.connected:
            self._icon, self._colour = "cloud-off", "warn"
            self._words = say(
                "ui_sync.line.offline" if state.waiting else "ui_sync.line.offline.clear", n=state.waiting
            )
        elif state.waiting:
            self._icon, self._colour = "cloud-upload", "text"
            self._words = say("ui_sync.line.waiting", n=state.waiting)
        else:
            self._icon, self._colour = "cloud-check", "text2"
            self._words = say("ui_sync.line.clear")
        if state.refused and not state.connected:
            self._icon = "cloud-off"
        spoken = f"{self._words}, {self._below}"
        self.setAccessibleName(say("ui_sync.line.name", words=spoken))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def words(self) -> tuple[str, str]:
        """Both lines."""
        return self._words, self._below

    def sizeHint(self) -> QSize:
        width = max(text_width(self._words, "label"), text_width(self._below, "caption"))
        return QSize(TEXT_X + round(width) + 10, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            frame(painter, QRectF(self.rect()), RADIUS["button"], fill="hover")
        paint_icon(painter, self._icon, 10, self.height() / 2 - ICON / 2, ICON, THEME.colour(self._colour))
        draw_text(painter, self._words, TEXT_X, 4, "label", self._colour)
        draw_text(painter, self._below, TEXT_X, 23, "caption", "text2")
        if self.hasFocus():
            focus_ring(painter, self, RADIUS["button"])
