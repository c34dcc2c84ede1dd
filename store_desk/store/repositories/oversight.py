"""What a supervisor watches over: what waits for approval, what looks odd, what head office refused."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

from datetime import datetime
from typing import Any

from store_desk.domain.case import CancellationCase
from store_desk.domain.journal import Entry
from store_desk.services.codec import from_ms, from_ms_or_none, to_ms
from store_desk.services.oversight import Concern, Watched
from store_desk.store.repositories.cases import StoredCases
from store_desk.store.rows import COLUMNS_N, OF_TICKET, ticket_from

HANDLED = "exception_handled"
# Outcomes are looked for among so many of the newest cases.
NEWEST = 20_000

# As in the partial index `case_waiting`, word for word: SQLite uses it for nothing else.
_OPEN = "('requested', 'pending_approval', 'agreed', 'applied', 'pending_head_office', 'expired')"
_STANDS = "('confirmed', 'confirmed_with_conditions', 'pending_head_office', 'expired')"
_WAITING = (
    f"SELECT id FROM cancellation_case WHERE state IN {_OPEN} AND state = 'pending_approval'"
    " ORDER BY opened_at, n LIMIT ?"
)
_COUNT_WAITING = f"SELECT count(*) FROM cancellation_case WHERE state IN {_OPEN} AND state = 'pending_approval'"

_CASE = "c.id, c.applied_at, c.requester"
_FROM = "FROM cancellation_case c JOIN ticket t ON t.id = c.ticket_id"
_RECENT = f"c.applied_at IS NOT NULL AND c.applied_at > ? AND c.origin = 'desk' AND c.state IN {_STANDS}"


def _untouched(concern: Concern) -> str:
    """Nobody has dealt with this concern of the case yet."""
    return (
        "NOT EXISTS (SELECT 1 FROM journal j WHERE j.subject <> '' AND j.subject = c.ticket_id"
        f" AND j.what = '{HANDLED}' AND json_extract(j.facts, '$.case') = c.id"
        f" AND json_extract(j.facts, '$.concern') = '{concern.value}')"
    )


_UNSIGNED = (
    f"SELECT {OF_TICKET}, {_CASE}, 0, 0, NULL {_FROM} WHERE {_RECENT} AND c.applied_at <= ?"
    " AND json_extract(c.body, '$.consent.grade') = 'phone'"
    " AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.ticket_id = c.ticket_id AND a.case_id = c.id"
    " AND a.added_at >= c.applied_at AND a.kind IN ('photo', 'document'))"
    f" AND {_untouched(Concern.UNSIGNED)} ORDER BY c.applied_at DESC LIMIT ?"
)
_MONEY_SHORT = (
    f"SELECT {OF_TICKET}, {_CASE}, 0, o.amount_minor, o.due_at FROM obligation o"
    " JOIN cancellation_case c ON c.id = o.case_id JOIN ticket t ON t.id = c.ticket_id"
    " WHERE o.state IN ('open', 'waiting') AND o.due_at < ? AND o.kind IN ('return_compensation', 'pay_fee')"
    f" AND o.amount_minor > 0 AND c.applied_at IS NOT NULL AND c.state IN {_STANDS}"
    f" AND {_untouched(Concern.MONEY_SHORT)} ORDER BY o.due_at LIMIT ?"
)
_OFTEN = (
    "WITH recent AS (SELECT c.id, c.ticket_id, c.applied_at, c.requester,"
    " count(*) OVER (PARTITION BY t.phone_key) AS times,"
    " row_number() OVER (PARTITION BY t.phone_key ORDER BY c.applied_at DESC, c.n DESC) AS newest"
    f" {_FROM} WHERE {_RECENT} AND t.phone_key <> '' AND c.reason IN (SELECT value FROM json_each(?)))"
    f" SELECT {OF_TICKET}, {_CASE}, c.times, 0, NULL FROM recent c JOIN ticket t ON t.id = c.ticket_id"
    f" WHERE c.newest = 1 AND c.times >= ? AND {_untouched(Concern.OFTEN)} ORDER BY c.applied_at DESC LIMIT ?"
)
_WITH_VISIT = (
    f"SELECT {OF_TICKET}, {_CASE}, 0, 0, NULL {_FROM} WHERE {_RECENT} AND t.facts LIKE '%\"visit\"%'"
    f" AND {_untouched(Concern.TECHNICIAN_LEFT)} ORDER BY c.applied_at DESC LIMIT ?"
)
_MOST = "(SELECT max(s.reprints) FROM slip s WHERE s.case_id = c.id)"
_REPRINTED = (
    f"SELECT {OF_TICKET}, {_CASE}, {_MOST}, 0, NULL {_FROM} WHERE {_RECENT} AND {_MOST} >= ?"
    f" AND {_untouched(Concern.REPRINTED)} ORDER BY c.applied_at DESC LIMIT ?"
)
_HANDLED = (
    "SELECT n, at, actor, what, subject, facts, previous, hash FROM journal WHERE at >= ?"
    f" AND what = '{HANDLED}' ORDER BY at DESC LIMIT ?"
)
_DISPUTED = (
    "SELECT id FROM cancellation_case WHERE n > (SELECT max(n) FROM cancellation_case) - ?"
    " AND state IN ('refused', 'superseded')"
    " ORDER BY coalesce(json_extract(body, '$.asked'), '') = '', n DESC LIMIT ?"
)
_CONFIRMED = (
    "SELECT id FROM cancellation_case WHERE applied_at IS NOT NULL AND origin = 'desk'"
    " AND state IN ('confirmed', 'confirmed_with_conditions') ORDER BY applied_at DESC, n DESC LIMIT ?"
)
_OF_SLIP = (
    "SELECT case_id FROM slip WHERE number = ? UNION ALL SELECT id FROM cancellation_case"
    " WHERE n > (SELECT max(n) FROM cancellation_case) - ? AND slip = ? LIMIT ?"
)


class StoredOversight:
    """Implements `services.oversight.Oversight`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute
        self._cases = StoredCases(connection)

    def waiting(self, *, limit: int) -> list[CancellationCase]:
        """Cases that wait for approval, oldest first."""
        return self._cases_of(self._run(_WAITING, (limit,)))

    def count_waiting(self) -> int:
        """How many cases wait for approval."""
        (count,) = self._run(_COUNT_WAITING).fetchone()
        return int(count)

    def unsigned(self, *, since: datetime, until: datetime, limit: int) -> list[Watched]:
        """Confirmed by telephone between the two moments, with no signed paper attached since; latest first."""
        return self._watched(Concern.UNSIGNED, _UNSIGNED, to_ms(since), to_ms(until), limit)

    def money_short(self, *, now: datetime, limit: int) -> list[Watched]:
        """Money of customers that should have come in by now; longest overdue first."""
        return self._watched(Concern.MONEY_SHORT, _MONEY_SHORT, to_ms(now), limit)

    def often(self, *, since: datetime, least: int, reasons: tuple[str, ...], limit: int) -> list[Watched]:
        """The latest cancellation of each telephone number that has at least so many for these reasons."""
        listed = "[" + ",".join(f'"{code}"' for code in reasons) + "]"
        return self._watched(Concern.OFTEN, _OFTEN, to_ms(since), listed, least, limit)

    def with_visit(self, *, since: datetime, limit: int) -> list[Watched]:
        """Cancellations of tickets that had a visit, latest first."""
        return self._watched(Concern.TECHNICIAN_LEFT, _WITH_VISIT, to_ms(since), limit)

    def reprinted(self, *, since: datetime, least: int, limit: int) -> list[Watched]:
        """Cancellations whose slip was printed again so often; latest first."""
        return self._watched(Concern.REPRINTED, _REPRINTED, to_ms(since), least, limit)

    def handled(self, *, since: datetime, limit: int) -> list[Entry]:
        """Journal entries of exceptions that somebody dealt with; latest first."""
        return [Entry(*row) for row in self._run(_HANDLED, (to_ms(since), limit))]

    def disputed(self, *, limit: int) -> list[CancellationCase]:
        """Refused and superseded cases, those that a store asks about first, then the latest."""
        return self._cases_of(self._run(_DISPUTED, (NEWEST, limit)))

    def confirmed(self, *, limit: int) -> list[CancellationCase]:
        """Confirmed cases that were made at a desk, the latest cancelled first."""
        return self._cases_of(self._run(_CONFIRMED, (limit,)))

    def of_slip(self, number: str, *, limit: int) -> list[CancellationCase]:
        """Cases with this slip: any of this desk's slips, or the first one of a case among the newest 20,000."""
        found = self._cases_of(self._run(_OF_SLIP, (number, NEWEST, number, limit)))
        # A case of this desk is found by its slip and by what its record says of it.
        return list({case.id: case for case in found}.values())

    def _cases_of(self, rows: Any) -> list[CancellationCase]:
        found = (self._cases.get(row[0]) for row in rows.fetchall())
        return [case for case in found if case is not None]

    def _watched(self, concern: Concern, statement: str, *values: object) -> list[Watched]:
        found: list[Watched] = []
        for row in self._run(statement, values):
            case_id, at, staff, count, amount, due_at = row[COLUMNS_N : COLUMNS_N + 6]
            ticket = ticket_from(row)
            found.append(Watched(concern, case_id, ticket, from_ms(at), staff, count, amount, from_ms_or_none(due_at)))
        return found
