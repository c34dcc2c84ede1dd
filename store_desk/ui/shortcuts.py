"""Every key of the window in one place; screens and the hint bar read them from here."""

from __future__ import annotations

from typing import Final

# Everywhere (design, 5).
SEARCH: Final = "F2"
COMMANDS: Final = "Ctrl+K"
LOCK: Final = "Ctrl+L"
HELP: Final = "F1"
REFRESH: Final = "F5"
PRINT: Final = "F9"
# The places of the rail, counted from the top.
RAIL: Final = ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6")
RAIL_DESK: Final = RAIL[0]
RAIL_SETTINGS: Final = RAIL[1]

# Desk.
CANCEL: Final = "F8"
CLEAR: Final = "Esc"
REVEAL: Final = "Alt+V"
REOPEN: Final = "Alt+R"

# Cancel sheet.
COUNTER: Final = "Alt+C"
PHONE: Final = "Alt+P"
REASON: Final = "F3"
PIN: Final = "F4"
SIGN: Final = "F6"
SCRIPT: Final = ("Alt+1", "Alt+2", "Alt+3", "Alt+4")
OFFERS: Final = "Alt+R"
PAPER: Final = "Alt+8"
CONFIRM: Final = "Ctrl+Return"
KEEP: Final = "Esc"

# Success.
UNDO: Final = "Ctrl+Z"
NEXT: Final = "Return"
SAVE: Final = "Ctrl+S"
OPEN_FILE: Final = "Ctrl+O"
SYNC: Final = "Alt+S"

# Settings and import.
FIND_SETTING: Final = "Ctrl+F"
TEST_PAGE: Final = "Alt+T"
BACK: Final = "Alt+Left"
FORWARD: Final = "Ctrl+Return"


def caps(keys: str) -> tuple[str, ...]:
    """A key sequence as the caps that are drawn: `Ctrl+K` gives `Ctrl` and `K`."""
    names = {"Return": "Enter", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
    return tuple(names.get(part, part) for part in keys.split("+"))


def cap_text(keys: str) -> str:
    """The same as one text, for a button's key: `Ctrl ↵`."""
    return " ".join("↵" if part == "Enter" and "+" in keys else part for part in caps(keys))
