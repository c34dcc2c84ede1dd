"""How a picture may look: language, theme and window size, and the name it gets from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WIDE: Final = (1440, 900)
SMALL: Final = (1366, 768)


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at every screen."""

    lang: str
    scheme: str
    size: tuple[int, int]

    def file_name(self, name: str) -> str:
        """The file's name: `NN-name[-dark]-lang[-1366].png` (rulings, 37)."""
        dark = "-dark" if self.scheme == "dark" else ""
        small = "-1366" if self.size == SMALL else ""
        return f"{name}{dark}-{self.lang}{small}.png"


# Every language, theme and size, and each pair of language and theme once.
LOOKS: Final = (
    Look("zh", "light", WIDE),
    Look("en", "light", SMALL),
    Look("zh", "dark", SMALL),
    Look("en", "dark", WIDE),
)
