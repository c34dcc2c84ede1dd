"""The keys of the whole window, and those of the desk's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from store_desk.ui import shortcuts

if TYPE_CHECKING:
    from store_desk.ui.shell.window import MainWindow


def bind_keys(window: MainWindow) -> None:
    """Connects every key of the frame with what it does."""
    everywhere: tuple[tuple[str, Callable[[], None]], ...] = (
        (shortcuts.SEARCH, window.focus_search),
        (shortcuts.COMMANDS, window.open_commands),
        (shortcuts.LOCK, window.lock),
        (shortcuts.HELP, window.open_help),
        (shortcuts.REFRESH, window.on_refresh),
        # A sheet or another page has its own use for these; their slots look whether the desk is in front.
        (shortcuts.CANCEL, window.on_cancel_key),
        (shortcuts.PRINT, window.on_print_key),
        (shortcuts.REVEAL, window.on_reveal_key),
    )
    for keys, slot in everywhere:
        _bind(window, keys, slot)
    for number, keys in enumerate(shortcuts.RAIL):
        _bind(window, keys, window.on_rail_key).setProperty("place", number)


def _bind(window: MainWindow, keys: str, slot: Callable[[], None]) -> QShortcut:
    shortcut = QShortcut(QKeySequence(keys), window)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    shortcut.activated.connect(slot)
    return shortcut
