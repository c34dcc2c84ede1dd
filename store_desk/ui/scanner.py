"""Tells a scanner's burst from a person's typing, wherever the focus is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
# Keys with a control character that no scanner sends and a quick typist does.
BY_HAND = {Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Escape}
# The longest proof on a slip has 600.
BURST_MAX = 1024


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """What makes a burst: `length_min` characters, each gap at most `gap_ms`, then Enter or Tab.

    `prefix` is taken off the front if the scanner is set to send one.
    """

    length_min: int = 6
    gap_ms: int = 40
    prefix: str = ""


@dataclass(slots=True)
class _FieldBefore:
    """A text field as it was before the burst."""

    field: QLineEdit | QPlainTextEdit
    text: str
    position: int
    selected: tuple[int, int]

    def put_back(self) -> None:
        if isinstance(self.field, QLineEdit):
            self.field.setText(self.text)
            start, length = self.selected
            if length:
                self.field.setSelection(start, length)
            else:
                self.field.setCursorPosition(self.position)
            return
        self.field.setPlainText(self.text)
        cursor = self.field.textCursor()
        cursor.setPosition(min(self.position, len(self.text)))
        self.field.setTextCursor(cursor)


class ScannerFilter(QObject):
    """An event filter for the application. Signal: scanned(str), the burst without control characters.

    In a text field the characters appear as they come, since nobody can know yet that they are a scan; when the burst
    ends, the field is put back as it was. Anywhere else they are held for one gap, so that a digit within a scan
    presses no tile and a space no button; what turns out to be typing is handed on. The end key is swallowed.
    """

    scanned = Signal(str)

    def __init__(
        self,
        parent: QObject,
        *,
        settings: ScannerSettings | None = None,
        clock_ms: Callable[[QKeyEvent], int] | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings or ScannerSettings()
        self._clock_ms = clock_ms or _stamp
        self._text = ""
        self._last = 0
        self._before: _FieldBefore | None = None
        self._held: list[tuple[QWidget, QKeyEvent]] = []
        self._handing_on = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._hand_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A key event passes here once per parent of the focused widget; only the first pass counts.
        if self._handing_on or not isinstance(event, QKeyEvent):
            return False
        focused = QApplication.focusWidget()
        if event.type() == QEvent.Type.KeyRelease:
            return self._on_release(event, watched, focused)
        if event.type() != QEvent.Type.KeyPress:
            return False
        if watched is not (focused or QApplication.activeWindow()):
            return False
        if focused is not None and focused.property("takes_scans"):
            # The settings' scanner test wants to see the keys themselves.
            return False
        return self._on_key(event, focused)

    def _on_key(self, event: QKeyEvent, focused: QWidget | None) -> bool:
        now = self._clock_ms(event)
        in_burst = bool(self._text) and now - self._last <= self.settings.gap_ms
        if event.key() in ENDS:
            return self._on_end(is_scan=in_burst and len(self._text) >= self.settings.length_min)
        character = event.text()
        if not character or not character.isprintable():
            # Shift comes without a text; a control character within a burst is the scanner's framing.
            return in_burst and bool(character) and event.key() not in BY_HAND
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if not in_burst or len(self._text) >= BURST_MAX:
            self._hand_on()
            self._text = ""
            self._remember(focused)
        self._text += character
        self._last = now
        if focused is None or is_text_entry(focused) or not self._may_hold(event):
            return False
        self._held.append((focused, event.clone()))
        self._patience.start(self.settings.gap_ms + 5)
        return True

    def _on_release(self, event: QKeyEvent, watched: QObject, focused: QWidget | None) -> bool:
        """A key that is held back is let go in its turn, or a button would stay down for ever."""
        if focused is None or watched is not focused:
            # The window itself is asked first; swallowed there, the key would never reach the widget.
            return False
        if not any(kept.key() == event.key() for _, kept in self._held):
            return False
        self._held.append((focused, event.clone()))
        return True

    def _may_hold(self, event: QKeyEvent) -> bool:
        return not event.isAutoRepeat()

    def _on_end(self, *, is_scan: bool) -> bool:
        text, self._text = self._text, ""
        self._patience.stop()
        if not is_scan:
            self._hand_on()
            return False
        self._held.clear()
        if self._before is not None and self._before.field is QApplication.focusWidget():
            self._before.put_back()
        self._before = None
        if self.settings.prefix and text.startswith(self.settings.prefix):
            text = text[len(self.settings.prefix) :]
        # Code 39 frames its text with asterisks, and some scanners pass them on.
        self.scanned.emit(text.strip().strip("*"))
        return True

    def _hand_on(self) -> None:
        """Gives keys that were no scan to the widget they were meant for."""
        self._patience.stop()
        held, self._held = self._held, []
        self._handing_on = True
        try:
            for widget, event in held:
                QCoreApplication.sendEvent(widget, event)
        finally:
            self._handing_on = False

    def _remember(self, focused: QWidget | None) -> None:
        self._before = None
        if isinstance(focused, QLineEdit):
            selected = (focused.selectionStart(), len(focused.selectedText()))
            self._before = _FieldBefore(focused, focused.text(), focused.cursorPosition(), selected)
        elif isinstance(focused, QPlainTextEdit):
            self._before = _FieldBefore(focused, focused.toPlainText(), focused.textCursor().position(), (0, 0))


def _stamp(event: QKeyEvent) -> int:
    return event.timestamp()


def is_text_entry(widget: QWidget | None) -> bool:
    """Whether bare digits and letters belong to this widget as text."""
    return isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit, QComboBox))
