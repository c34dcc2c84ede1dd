"""Every sentence the program says, in Chinese and English, for window, command line and slips alike.

Why not Qt's translator: the slip prints both languages side by side, the command line has no Qt, and a refusal is a
code with facts. One catalogue of plain data serves all three; modules load by the key's first part when first used.
A value whose singular differs in English holds both forms, `{n} row|{n} rows`, chosen by the fact `n`.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Literal

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Both

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")


@cache
def catalogue(room: str) -> dict[str, tuple[str, str]]:
    """The words of one room (a module of this package): key -> (Chinese, English)."""
    module = importlib.import_module(f"store_desk.words.{room}")
    words: dict[str, tuple[str, str]] = module.WORDS
    return words


def say(lang: Lang, key: str, **facts: object) -> str:
    """The sentence for `room.key` in the language, with the facts put in.

    Raises KeyError for a key that the catalogue does not hold: a missing word is a bug, not something to show.
    """
    room, _, name = key.partition(".")
    text = catalogue(room)[name][lang == "en"]
    if lang == "en" and "|" in text:
        one, _, many = text.partition("|")
        text = one if facts.get("n") == 1 else many
    return text.format(**facts) if facts else text


def both(key: str, **facts: object) -> Both:
    """The sentence in both languages, as a slip needs it. A fact that is a Both gives each language its own text."""
    zh = {name: fact.zh if isinstance(fact, Both) else fact for name, fact in facts.items()}
    en = {name: fact.en or fact.zh if isinstance(fact, Both) else fact for name, fact in facts.items()}
    return Both(say("zh", key, **zh), say("en", key, **en))


def say_error(lang: Lang, error: DomainError) -> str:
    """The refusal as a sentence that a clerk can act on; facts that are codes are put into words too."""
    from store_desk.words.errors import facts_in_words

    key = f"errors.{error.code}"
    if error.facts.get("manager_only") and f"{error.code}.manager" in catalogue("errors"):
        key += ".manager"
    elif error.facts.get("kept") and f"{error.code}.kept" in catalogue("errors"):
        key += ".kept"
    facts = facts_in_words(lang, error)
    return say(lang, key, **facts)
