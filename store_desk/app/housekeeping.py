"""What the database lane does when nobody asks anything of it."""

from __future__ import annotations

from collections.abc import Callable

from store_desk.store.opening import Store


def keep_house(store: Store, *, waiting: Callable[[], bool]) -> None:
    """Folds the log in, adds words that a whole copy still owes the search, joins a little of the word index.

    Each step is short and looks whether somebody `waiting` is to be let through; what is left comes at the next quiet.
    """
    from store_desk.store.snapshot import add_words

    store.checkpoint()
    if waiting() or add_words(store, waiting=waiting) or waiting():
        return
    store.tidy()
