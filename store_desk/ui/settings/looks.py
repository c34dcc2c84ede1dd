"""Language, light or dark, and motion; each takes effect at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale

from store_desk.ui.look.theme import THEME, Scheme
from store_desk.ui.parts.inputs import Segmented, Toggle
from store_desk.ui.settings.section import CONTROL_HEIGHT, Section
from store_desk.words import Lang

LANGUAGES: Final = ("zh", "en", "system")
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark", "system")


def language_for(choice: str) -> Lang:
    """The language of a stored `look.language`; the system's where that is said, Chinese unless it is another."""
    if choice == "zh":
        return "zh"
    if choice == "en":
        return "en"
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


class LookSection(Section):
    """Three rows."""

    def build(self) -> None:
        room = self.room
        for name, values in (("look.language", LANGUAGES), ("look.scheme", SCHEMES)):
            options = tuple((value, room.say(f"{name}.{value}"), "", "") for value in values)
            segments = Segmented(options, value=room.stored.text(name), height=CONTROL_HEIGHT)
            segments.chosen.connect(self._on_language if name == "look.language" else self._on_scheme)
            self.add_row(name, room.say(name), room.say(f"{name}.caption"), segments)
        toggle = Toggle(on=room.say("on"), off=room.say("off"))
        toggle.setChecked(room.stored.flag("look.reduced_motion"))
        toggle.toggled.connect(self._on_motion)
        name = "look.reduced_motion"
        self.add_row(name, room.say(name), room.say(f"{name}.caption"), toggle)

    def _on_language(self, value: str) -> None:
        self.room.stored.put("look.language", value)
        # The page builds this section anew on the switch, so it comes last.
        self.room.bench.language.switch(language_for(value))

    def _on_scheme(self, value: str) -> None:
        self.room.stored.put("look.scheme", value)
        for scheme in SCHEMES:
            if scheme == value:
                THEME.set_scheme(scheme)

    def _on_motion(self, on: bool) -> None:
        self.room.stored.put("look.reduced_motion", on)
        THEME.reduced_motion = on
