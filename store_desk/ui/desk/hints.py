"""Which keys work at the desk just now, for the bar at the bottom."""

from __future__ import annotations

from typing import Literal

from store_desk.services.look_up import TicketView
from store_desk.ui import shortcuts
from store_desk.ui.language import Language

Mode = Literal["groups", "search", "others"]
Hints = list[tuple[tuple[str, ...], str]]


def hints_of(
    language: Language,
    *,
    mode: Mode,
    form: str,
    picture: bool,
    nothing: bool,
    view: TicketView | None,
    can_cancel: bool,
) -> Hints:
    """Keys and words: those of a photo or an open form, of an empty answer, or of list and ticket."""
    caps = shortcuts.caps
    clear = caps(shortcuts.CLEAR)
    if picture:
        return [(clear, language.say("ui_files.preview.close"))]
    if form:
        done = "ui_desk.hint.reopen" if form == "reopen" else "ui_desk.hint.undo"
        return [(caps(shortcuts.CONFIRM), language.say(done)), (clear, language.say("ui_desk.hint.keep"))]
    if nothing:
        again = (caps(shortcuts.SEARCH), language.say("ui_desk.hint.again"))
        return [again, (clear, language.say("ui_desk.hint.clear"))]
    hints: Hints = [(("↑", "↓"), language.say("ui_desk.hint.move")), (("Enter",), language.say("ui_desk.hint.open"))]
    if view is not None:
        if can_cancel:
            hints.append((caps(shortcuts.CANCEL), language.say("ui_desk.hint.cancel")))
        if view.slips:
            hints.append((caps(shortcuts.PRINT), language.say("ui_desk.hint.print")))
        if view.line.ticket.phone:
            hints.append((caps(shortcuts.REVEAL), language.say("ui_desk.hint.phone")))
    if mode == "search":
        hints.append((clear, language.say("ui_desk.hint.clear")))
    elif mode == "others":
        hints.append((clear, language.say("ui_desk.hint.back")))
    return hints
