"""What the words of one file mean for the store: the clerk's answers first, then our own words."""

from __future__ import annotations

from typing import Final

from store_desk.domain.imports import DEFAULT_STATES, Field, StateValue
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, TicketType, Work
from store_desk.exchange.folding import fold
from store_desk.exchange.limits import CACHE_ENTRIES
from store_desk.exchange.normalise import clean_text
from store_desk.exchange.vocabulary import REASONS, REVIEWS, STATES, TYPES, WORKS, parse_state, type_of_problem

# An empty state cell: nobody has looked at the request yet.
_NO_STATE: Final = DEFAULT_STATES["待审核"]


class Refusal(Exception):
    """Why a row is no ticket."""

    def __init__(self, field: Field, value: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.value = value
        self.code = code


class Meanings:
    """Turns words into states, types and reasons; raises Refusal for a word that nobody has explained."""

    def __init__(self, values: dict[tuple[str, str], str]) -> None:
        self._said = {(field, fold(word)): value for (field, word), value in values.items()}
        self._states: dict[tuple[str, str, str], StateValue] = {}
        self._types: dict[tuple[str, str], TicketType] = {}
        self._reasons: dict[str, Reason | None] = {}

    def state(self, word: str, review: str, work: str) -> StateValue:
        """Both rungs and whether it is cancelled; own columns for review and work outweigh the one for both."""
        key = (word, review, work)
        known = self._states.get(key)
        if known is None:
            both = self._state(word)
            known = (
                self._review(review) if review.strip() else both[0],
                self._work(work) if work.strip() else both[1],
                both[2],
            )
            if len(self._states) < CACHE_ENTRIES:
                self._states[key] = known
        return known

    def kind(self, word: str, problem: str) -> TicketType:
        """The type by its own column, or by the kind of problem where that is all there is."""
        key = (word, problem)
        known = self._types.get(key)
        if known is None:
            known = self._kind(word) if word.strip() else self._kind_of_problem(problem)
            if len(self._types) < CACHE_ENTRIES:
                self._types[key] = known
        return known

    def reason(self, words: str) -> Reason | None:
        """The reason, or None for words that nobody has explained; they are kept with the ticket."""
        if words not in self._reasons:
            key = fold(words)
            said = self._said.get((Field.CANCEL_REASON.value, key))
            if len(self._reasons) >= CACHE_ENTRIES:
                self._reasons.clear()
            self._reasons[words] = Reason(said) if said is not None else REASONS.get(key)
        return self._reasons[words]

    def _state(self, word: str) -> StateValue:
        key = fold(clean_text(word))
        said = self._said.get((Field.STATE.value, key))
        if said is not None:
            return parse_state(said)
        if not key:
            return _NO_STATE
        if key not in STATES:
            raise Refusal(Field.STATE, word, "value_unknown")
        return STATES[key]

    def _review(self, word: str) -> Review:
        key = fold(clean_text(word))
        said = self._said.get((Field.REVIEW.value, key))
        if said is not None:
            return Review(said)
        if key not in REVIEWS:
            raise Refusal(Field.REVIEW, word, "value_unknown")
        return REVIEWS[key]

    def _work(self, word: str) -> Work:
        key = fold(clean_text(word))
        said = self._said.get((Field.WORK.value, key))
        if said is not None:
            return Work(said)
        if key not in WORKS:
            raise Refusal(Field.WORK, word, "value_unknown")
        return WORKS[key]

    def _kind(self, word: str) -> TicketType:
        key = fold(clean_text(word))
        said = self._said.get((Field.TYPE.value, key))
        if said is not None:
            return TicketType(said)
        if key not in TYPES:
            raise Refusal(Field.TYPE, word, "value_unknown")
        return TYPES[key]

    def _kind_of_problem(self, problem: str) -> TicketType:
        said = self._said.get((Field.PROBLEM_TYPE.value, fold(problem)))
        return TicketType(said) if said is not None else type_of_problem(problem)
