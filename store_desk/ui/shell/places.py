"""The window's further places between the desk and the settings: their pages, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from store_desk.ui.language import Language
from store_desk.ui.parts.frame import Rail


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the rail. `words` is a key of the catalogue; `make` makes its page.

    A page has the signals closed() and hints_changed(), the methods refresh() and hints(), and takes the focus itself.
    """

    key: str
    icon: str
    words: str
    make: Callable[[], Any]


class Places:
    """Places in the order in which they were added, with the number on each one's badge."""

    def __init__(self, rail: Rail, pages: QStackedWidget, language: Language) -> None:
        self._rail = rail
        self._stack = pages
        self._language = language
        self._places: dict[str, Place] = {}
        self._made: dict[str, Any] = {}
        self._badges: dict[str, int] = {}
        self._urgent: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()

    def add(self, place: Place) -> None:
        """Adds a place; it shows on the rail at once."""
        self._places[place.key] = place
        self.show()

    def offer(self, key: str, *, offered: bool) -> None:
        """Shows or hides a place that not everybody has."""
        hidden = self._hidden - {key} if offered else self._hidden | {key}
        if hidden != self._hidden:
            self._hidden = hidden
            self.show()

    def _offered(self) -> tuple[Place, ...]:
        return tuple(place for key, place in self._places.items() if key not in self._hidden)

    def keys(self) -> tuple[str, ...]:
        """All places of the rail, from the top, with the desk first and the settings last."""
        return ("desk", *(place.key for place in self._offered()), "settings")

    def has(self, key: str) -> bool:
        """Whether this is one of the further places."""
        return key in self._places and key not in self._hidden

    def page(self, key: str) -> Any:
        """The page of a place."""
        if key not in self._made:
            page = self._places[key].make()
            self._stack.addWidget(page)
            self._made[key] = page
        return self._made[key]

    def made(self, key: str) -> Any:
        """The page of a place where it was made already, else None."""
        return self._made.get(key)

    def drop(self) -> None:
        """Forgets the pages: the next clerk may have other rights, and none of them may show another's work."""
        for page in self._made.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._made.clear()

    def set_badge(self, key: str, count: int, *, urgent: bool = False) -> None:
        """The number at a place, 0 for none; an urgent one is red."""
        if self._badges.get(key, 0) == count and (key in self._urgent) == urgent:
            return
        self._badges[key] = count
        self._urgent = self._urgent | {key} if urgent else self._urgent - {key}
        self.show()

    def show(self) -> None:
        """Puts all places on the rail, in the present language."""
        say = self._language.say
        further = tuple(
            (place.key, place.icon, say(place.words), self._badges.get(place.key, 0)) for place in self._offered()
        )
        desk = ("desk", "search", say("ui_shell.rail.desk"), 0)
        self._rail.set_items((desk, *further, ("settings", "settings", say("ui_shell.rail.settings"), 0)))
        self._rail.set_urgent(self._urgent)
