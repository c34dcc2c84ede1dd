"""The scanner: what it puts before and after a code, how it is told from typing, and a field to try it in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from store_desk.ui.parts.inputs import LineEdit, Segmented
from store_desk.ui.settings.numbers import SCANNER_GAP, SCANNER_LENGTH, default_of
from store_desk.ui.settings.section import CONTROL_HEIGHT, CONTROL_WIDTH, Room, Section

ENDS: Final = {Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Tab: "tab"}
PREFIX_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Burst:
    """What arrived in the test field: the characters, the longest gap between two (ms), and the key at the end."""

    text: str
    gap_ms: int
    end: str


class ScanField(LineEdit):
    """A field that measures what a scanner sends; the window's own scanner watch leaves it alone.

    Signal: delivered(Burst).
    """

    delivered = Signal(object)

    def __init__(self, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(icon="scan-barcode", placeholder=placeholder, parent=parent)
        # The shell looks at this property before it takes a burst for the search.
        self.setProperty("takes_scans", True)
        self._last_ms = 0.0
        self._gap_ms = 0.0
        self._text = ""

    def event(self, event: QEvent) -> bool:
        # Tab would move the focus before keyPressEvent sees it; within a scan it is the end of the code.
        within = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and bool(self._text)
        if within and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt's own test keys carry no time; a real key does, and it does not suffer from a busy window.
        now = float(event.timestamp()) or time.monotonic() * 1000
        end = ENDS.get(Qt.Key(event.key()))
        if end is not None and self._text:
            self.delivered.emit(Burst(self._text, round(max(self._gap_ms, now - self._last_ms)), end))
            self.selectAll()
            self._text = ""
            return
        if event.text() and event.text().isprintable():
            if not self._text:
                self.clear()
                self._gap_ms = 0.0
            else:
                self._gap_ms = max(self._gap_ms, now - self._last_ms)
            self._text += event.text()
            self._last_ms = now
        super().keyPressEvent(event)


def burst_words(room: Room, burst: Burst) -> tuple[str, bool]:
    """What a scan means with the settings as they are, and whether it is taken as one."""
    limit = room.stored.number(SCANNER_GAP.setting, default_of(SCANNER_GAP))
    least = room.stored.number(SCANNER_LENGTH.setting, default_of(SCANNER_LENGTH))
    n, end = len(burst.text), room.say(f"scanner.suffix.{burst.end}")
    wanted, prefix = room.stored.text("scanner.suffix"), room.stored.text("scanner.prefix")
    if n < least:
        return room.say("scanner.short", n=n, limit=least), False
    if burst.gap_ms > limit:
        return room.say("scanner.slow", n=n, gap=burst.gap_ms, limit=limit), False
    if burst.end != wanted:
        return room.say("scanner.other_end", end=end, set=room.say(f"scanner.suffix.{wanted}")), False
    if prefix and not burst.text.startswith(prefix):
        return room.say("scanner.no_prefix", prefix=prefix), False
    return room.say("scanner.got", n=n, gap=burst.gap_ms, end=end), True


class ScannerEnds(QObject):
    """The two rows about what a scanner puts around a code. Signal: changed() when one was chosen."""

    changed = Signal()

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        room = self._room = section.room
        options = tuple((value, room.say(f"scanner.suffix.{value}"), "", "") for value in ("enter", "tab"))
        suffix = Segmented(options, value=room.stored.text("scanner.suffix"), height=CONTROL_HEIGHT)
        suffix.chosen.connect(self._on_suffix)
        section.add_row("scanner.suffix", room.say("scanner.suffix"), room.say("scanner.suffix.caption"), suffix)
        self._prefix = LineEdit()
        self._prefix.setFixedSize(CONTROL_WIDTH, CONTROL_HEIGHT)
        self._prefix.setMaxLength(PREFIX_MAX)
        self._prefix.setText(room.stored.text("scanner.prefix"))
        self._prefix.editingFinished.connect(self._on_prefix)
        section.add_row("scanner.prefix", room.say("scanner.prefix"), room.say("scanner.prefix.caption"), self._prefix)

    def _on_suffix(self, value: str) -> None:
        self._room.stored.put("scanner.suffix", value)
        self.changed.emit()

    def _on_prefix(self) -> None:
        if self._prefix.text() != self._room.stored.text("scanner.prefix"):
            self._room.stored.put("scanner.prefix", self._prefix.text())
            self.changed.emit()


class ScannerSection(Section):
    """Prefix, suffix, the two limits, and the test field."""

    def build(self) -> None:
        room = self.room
        ScannerEnds(self)
        self.add_number(SCANNER_GAP, room.say("scanner.gap"), room.say("scanner.gap.caption"))
        self.add_number(SCANNER_LENGTH, room.say("scanner.length"), room.say("scanner.length.caption"))
        self.field = ScanField(placeholder=room.say("scanner.test.placeholder"))
        self.field.setFixedWidth(CONTROL_WIDTH + 60)
        self.field.delivered.connect(self._on_delivered)
        self._test = self.add_row(
            "scanner.test", room.say("scanner.test"), room.say("scanner.test.caption"), self.field
        )

    def words_for(self, burst: Burst) -> str:
        """What the scan means with the settings as they are."""
        return burst_words(self.room, burst)[0]

    def _on_delivered(self, burst: Burst) -> None:
        words = self.words_for(burst)
        self._test.set_words(self.room.say("scanner.test"), words)
        self.field.setAccessibleDescription(words)
