"""The table of known Latin words with one letter left out, kept in step with the tickets, for misspelt queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from store_desk.store.search_words import cuts_of

# Words that this connection has written already; a bound keeps the memory small.
KNOWN_MAX = 20_000


class Spelling:
    """Adds words to the table, each once. Words are never taken out: one that no ticket has any more finds nothing."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def learn(self, connection: Any, words: Iterable[str]) -> None:
        """Writes the forms of words that are new, within the transaction that is open."""
        fresh = [word for word in words if word not in self._known]
        if not fresh:
            return
        connection.executemany(
            "INSERT OR IGNORE INTO spelling (cut, word) VALUES (?, ?)",
            [(cut, word) for word in fresh for cut in cuts_of(word)],
        )
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
        self._known.update(fresh)

    def forget(self) -> None:
        """Takes nothing for known any more; after a transaction that was rolled back."""
        self._known.clear()
