"""The keys of the cancel sheet."""

from __future__ import annotations

from typing import Final

COUNTER: Final = "Alt+C"
PHONE: Final = "Alt+P"
REASON: Final = "F3"
PIN: Final = "F4"
CONSENT: Final = "F6"
SCRIPT: Final = ("Alt+1", "Alt+2", "Alt+3", "Alt+4")
OFFERS: Final = "Alt+R"
PAPER: Final = "Alt+8"
CONFIRM: Final = ("Ctrl+Return", "Ctrl+Enter")
KEEP: Final = "Esc"
