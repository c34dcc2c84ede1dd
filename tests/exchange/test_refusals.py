"""A file of which hardly a row is a ticket is given up; a real export with many bad rows is not."""

from __future__ import annotations

from typing import cast

import pytest

from store_desk.domain.errors import NotATicketExport
from store_desk.domain.imports import ReadRow, RefusedRow
from store_desk.domain.policy import Policy
from store_desk.domain.ticket import Ticket
from store_desk.exchange.limits import UNKNOWN_WORDS_MAX
from store_desk.exchange.refusals import RefusedBound

# Only that it is one counts, not what it says.
TICKET = ReadRow(2, cast(Ticket, None), False, None, b"")


def broken(line: int) -> RefusedRow:
    return RefusedRow(line, "", "…", "row_broken")


def take(bound: RefusedBound, *, tickets: int = 0, refused: int = 0) -> None:
    for _ in range(tickets):
        bound.take(TICKET)
    for at in range(refused):
        bound.take(broken(at + 7))


def test_the_row_beyond_the_limit_ends_a_file_of_refused_rows_and_says_from_where() -> None:
    bound = RefusedBound("garbage.csv", most=100)
    take(bound, tickets=3, refused=100)
    with pytest.raises(NotATicketExport) as given_up:
        bound.take(broken(500))
    assert given_up.value.facts == {"file": "garbage.csv", "refused": 101, "rows": 3, "line": 7, "kept": ""}


def test_as_many_rows_may_be_refused_as_are_tickets_however_many() -> None:
    bound = RefusedBound("export.csv", most=100)
    take(bound, tickets=2_000, refused=2_000)
    with pytest.raises(NotATicketExport):
        bound.take(broken(9))


@pytest.mark.parametrize(("tickets", "refused"), [(56_196, 30_000), (0, 86_196)])
def test_a_store_s_export_is_read_to_its_end_with_many_rows_refused_or_with_the_wrong_column(
    tickets: int, refused: int
) -> None:
    bound = RefusedBound("export.csv", most=Policy().import_refused_max)
    take(bound, refused=refused)
    take(bound, tickets=tickets)
    assert (bound.rows, bound.refused) == (tickets, refused)


def test_rows_that_wait_for_a_word_to_be_explained_do_not_end_the_file() -> None:
    bound = RefusedBound("export.csv", most=100)
    for at in range(5_000):
        bound.take(RefusedRow(at, "state", f"word {at % UNKNOWN_WORDS_MAX}", "value_unknown"))
    assert bound.refused == 0


def test_more_words_than_anybody_is_asked_about_end_it() -> None:
    bound = RefusedBound("export.csv", most=100)
    with pytest.raises(NotATicketExport):
        for at in range(UNKNOWN_WORDS_MAX + 101):
            bound.take(RefusedRow(at, "state", f"word {at}", "value_unknown"))
