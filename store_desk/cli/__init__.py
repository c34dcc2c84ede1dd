"""The command line: the same services, rules, rights and journal, without a window.

Nothing here needs Qt; the modules that do the work are imported by the verb that needs them.
"""

from __future__ import annotations

from collections.abc import Sequence

VERBS = (
    "setup",
    "staff",
    "import",
    "find",
    "show",
    "plan",
    "cancel",
    "withdraw",
    "reopen",
    "slip",
    "verify",
    "attach",
    "evidence",
    "stop-sheet",
    "export",
    "keys",
    "journal",
    "backup",
    "restore",
    "doctor",
    "join",
    "sync",
    "hub",
    "rehearse",
)
# Options before the verb that take the next word as their value, the window's own among them.
_WITH_VALUE = frozenset({"--data", "--lang", "--clerk", "--scheme", "--trust"})

__all__ = ["VERBS", "first_word", "main"]


def first_word(argv: Sequence[str]) -> str:
    """The first word of the call that is neither an option nor the value of one; empty when there is none."""
    words = iter(argv)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the words say and answers the exit status: 0 done, 1 refused, 2 wrong use, 3 the environment.

    130 after an interrupt. Nothing is raised for what the person who called can put right.
    """
    import sys

    from store_desk.cli.run import run

    return run(tuple(sys.argv[1:] if argv is None else argv))
