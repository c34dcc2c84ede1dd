"""Four figures of the outbox: to deal with, waiting, confirmed today, and how long an answer takes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from store_desk.services.office_ports import DeliveryCounts
from store_desk.ui.bench import Bench
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.painting import draw_text, frame

SIDE = 36
HEIGHT = 42
SECOND_MS = 1_000
SOFT = {"bad": ("bad_soft", "bad"), "ok": ("ok_soft", "ok"), "": ("sunken", "text2")}


class Figure(QWidget):
    """One figure with its icon and name."""

    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self._icon, self._tone = icon, tone
        self._value, self._name = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_figure(self, value: str, name: str, *, tone: str) -> None:
        """Shows another value."""
        self._value, self._name, self._tone = value, name, tone
        self.setAccessibleName(f"{value} {name}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = max(text_width(self._value, "heading"), text_width(self._name, "caption"))
        return QSize(SIDE + 12 + round(width) + 2, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, colour = SOFT[self._tone]
        frame(painter, QRectF(0, 3, SIDE, SIDE), RADIUS["button"], fill=fill)
        paint_icon(painter, self._icon, 9, 12, 18, THEME.colour(colour))
        draw_text(painter, self._value, SIDE + 12, 0, "heading", "text")
        draw_text(painter, self._name, SIDE + 12, 24, "caption", "text2")


class Figures(QWidget):
    """The four of them in a row."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.to_handle = Figure("circle-x", "bad")
        self.waiting = Figure("cloud-upload", "")
        self.confirmed = Figure("cloud-check", "ok")
        self.round_trip = Figure("gauge", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(40)
        for figure in (self.to_handle, self.waiting, self.confirmed, self.round_trip):
            row.addWidget(figure)
        row.addStretch(1)

    def show_counts(self, counts: DeliveryCounts, *, connected: bool) -> None:
        """Shows the counts; offline there is no usual time of an answer."""
        say = self._bench.language.say
        handle = "bad" if counts.to_handle else ""
        self.to_handle.show_figure(str(counts.to_handle), say("ui_sync.count.to_handle"), tone=handle)
        waiting = "ui_sync.count.waiting" + ("" if connected else ".offline")
        self.waiting.show_figure(str(counts.waiting), say(waiting), tone="")
        self.confirmed.show_figure(str(counts.confirmed), say("ui_sync.count.confirmed"), tone="ok")
        spent = counts.round_trip_ms if connected else None
        if spent is None:
            words = say("ui_sync.count.none")
        elif spent < SECOND_MS:
            words = say("ui_sync.count.ms", ms=spent)
        else:
            words = say("ui_sync.count.s", s=f"{spent / SECOND_MS:.1f}")
        self.round_trip.show_figure(words, say("ui_sync.count.round_trip"), tone="")
