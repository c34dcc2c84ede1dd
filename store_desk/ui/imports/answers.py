"""What a word of a file can mean: the choices for states, types and reasons, and how they are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, TicketType, Work

# One state column stands for both ladders: the nine rungs that the list shows.
STATES: Final[tuple[tuple[str, str], ...]] = (
    ("pending_review/unassigned", "trade.rung.submitted"),
    ("under_review/unassigned", "trade.rung.in_review"),
    ("approved/unassigned", "trade.rung.approved"),
    ("approved/assigned", "trade.rung.assigned"),
    ("in_process/in_process", "trade.rung.in_progress"),
    ("in_process/awaiting_confirmation", "trade.rung.to_confirm"),
    ("approved/done", "trade.rung.closed"),
    ("rejected/unassigned", "trade.rung.rejected"),
    ("cancelled", "trade.rung.cancelled"),
)
_CHOICES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "state": STATES,
    "review": tuple((rung.value, f"trade.review.{rung.value}") for rung in Review),
    "work": tuple((rung.value, f"trade.work.{rung.value}") for rung in Work),
    "type": tuple((kind.value, f"trade.type.{kind.value}") for kind in TicketType),
    "cancel_reason": tuple((reason.value, f"trade.reason.{reason.value}") for reason in Reason),
}
# So many fit side by side; more go into a list.
SEGMENTS_MAX: Final = 4
NEAR: Final = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that nobody has explained yet: the field, the word, in how many rows, and the proposal ('' without)."""

    field: str
    word: str
    rows: int
    guess: str

    @property
    def key(self) -> tuple[str, str]:
        """As the mapping's values are keyed."""
        return (self.field, self.word)

    @property
    def required(self) -> bool:
        """Without an answer the rows are refused; a reason may stay open and becomes `other`."""
        return self.field != "cancel_reason"


def choices_of(field: str) -> tuple[tuple[str, str], ...]:
    """What the word may mean: (value of the mapping, word of the catalogue), in the order of the ladder."""
    return _CHOICES[field]


def near_choices(unknown: Unknown) -> tuple[tuple[str, str], ...]:
    """The few that stand side by side: all of a short list, else the proposal with its neighbours; () without any."""
    every = choices_of(unknown.field)
    if len(every) <= SEGMENTS_MAX:
        return every
    values = [value for value, _ in every]
    if unknown.field == "cancel_reason" or unknown.guess not in values:
        return ()
    first = min(max(0, values.index(unknown.guess) - 1), len(every) - NEAR)
    return every[first : first + NEAR]
