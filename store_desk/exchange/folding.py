"""Words made comparable: width, case, spaces and marks do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from store_desk.exchange.limits import CACHE_ENTRIES

_BESIDE_LETTERS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=CACHE_ENTRIES)
def fold(text: str) -> str:
    """The letters and digits of the text in one width and case; other signs alone when there is no letter.

    Accents go as well (`État` and `etat` are one word), except where they make another character of a non-Latin script.
    """
    flat = unicodedata.normalize("NFKC", text).casefold()
    if not flat.isascii():
        flat = "".join(c for c in unicodedata.normalize("NFD", flat) if not "\u0300" <= c <= "\u036f")
        flat = unicodedata.normalize("NFC", flat)
    return _BESIDE_LETTERS.sub("", flat) or flat.strip()
