"""The words of `rehearse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_desk.words import say

if TYPE_CHECKING:
    from store_desk.cli.parser import Maker, Parser, Verbs


def add_rehearse(make: Maker, verbs: Verbs) -> None:
    """Adds `rehearse`."""
    made: Parser = verbs.add_parser("rehearse", lang=make.lang, help=_words(make, ""), description=_words(make, ""))
    made.set_defaults(does="rehearse")
    make.common(made)
    made.add_argument("--desks", type=make.read.whole, default=2, metavar="N", help=_words(make, ".desks"))
    made.add_argument("--tickets", type=make.read.whole, default=200, metavar="N", help=_words(make, ".tickets"))
    made.add_argument("--faults", type=make.read.whole, default=None, metavar="SEED", help=_words(make, ".faults"))
    made.add_argument("--windows", action="store_true", help=_words(make, ".windows"))


def _words(make: Maker, key: str) -> str:
    return say(make.lang, f"rehearse.help{key}").replace("%", "%%")
