"""Cases with what hangs on them: obligations and notices."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from store_desk.domain.case import CancellationCase, CaseState, Origin
from store_desk.domain.consent import Channel
from store_desk.domain.errors import CaseAlreadyOpen
from store_desk.domain.notices import Notice, NoticeState
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.reasons import Reason
from store_desk.services.codec import compact, decode, encode, from_ms, from_ms_or_none, to_ms, to_ms_or_none
from store_desk.store.database import DATABASE_ERRORS

CASE_COLUMNS = (
    "id, ticket_id, state, reason, level, channel, origin, opened_at, requester, approver, applied_at, decided_at,"
    " ended_at, body"
)
_IN_COLUMNS = frozenset(CASE_COLUMNS.replace("\n", "").split(", ")) - {"body"}
_ADD_CASE = f"INSERT INTO cancellation_case ({CASE_COLUMNS}) VALUES ({', '.join('?' * 14)})"
_MAKE_LAST = "UPDATE ticket SET case_id = ? WHERE id = ?"
SAVE_CASE = (
    "UPDATE cancellation_case SET state = ?, reason = ?, level = ?, channel = ?, requester = ?, approver = ?,"
    " applied_at = ?, decided_at = ?, ended_at = ?, body = ? WHERE id = ?"
)
_GET_CASE = f"SELECT {CASE_COLUMNS} FROM cancellation_case WHERE id = ?"
# The case that decides the status is the last one, also where head office had it before another that came to nothing.
_CASES_OF = (
    f"SELECT {CASE_COLUMNS} FROM cancellation_case WHERE ticket_id = ?1"
    " ORDER BY id = (SELECT case_id FROM ticket WHERE id = ?1) DESC, n DESC"
)
_NUMBER_OF = "SELECT number FROM ticket WHERE id = ?"

OBLIGATION_COLUMNS = "id, case_id, kind, owner, state, due_at, amount_minor, text, result, closed_at"
ADD_OBLIGATION = f"INSERT INTO obligation ({OBLIGATION_COLUMNS}) VALUES ({', '.join('?' * 10)})"
_SAVE_OBLIGATION = (
    "UPDATE obligation SET owner = ?, state = ?, due_at = ?, amount_minor = ?, text = ?, result = ?, closed_at = ?"
    " WHERE id = ?"
)
_OBLIGATIONS_OF = f"SELECT {OBLIGATION_COLUMNS} FROM obligation WHERE case_id = ? ORDER BY n"
_OPEN_OBLIGATIONS = (
    f"SELECT {', '.join('o.' + name for name in OBLIGATION_COLUMNS.split(', '))}, c.ticket_id FROM obligation o"
    " JOIN cancellation_case c ON c.id = o.case_id WHERE o.state IN ('open', 'waiting')"
    " AND c.ticket_id NOT IN (SELECT id FROM ticket WHERE evicted = 1)"
    " ORDER BY o.due_at IS NULL, o.due_at, o.n LIMIT ?"
)

_NOTICE_COLUMNS = "id, case_id, recipient, what, state, leaves_at"
_ADD_NOTICE = f"INSERT INTO notice ({_NOTICE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_NOTICES_OF = f"SELECT {_NOTICE_COLUMNS} FROM notice WHERE case_id = ? ORDER BY n"
_CALL_OFF = "UPDATE notice SET state = 'called_off' WHERE case_id = ? AND state IN ('held', 'queued')"


class StoredCases:
    """Implements `services.ports.Cases`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add(self, case: CancellationCase) -> None:
        """Stores the case and makes it the ticket's last one; raises CaseAlreadyOpen when another one is open."""
        try:
            self._run(_ADD_CASE, case_values(case))
        except DATABASE_ERRORS as error:
            if "UNIQUE constraint failed: cancellation_case.ticket_id" not in str(error):
                raise
            (number,) = self._run(_NUMBER_OF, (case.ticket_id,)).fetchone()
            raise CaseAlreadyOpen(number=number) from error
        self._run(_MAKE_LAST, (case.id, case.ticket_id))

    def save(self, case: CancellationCase) -> None:
        """Writes what may change of a case."""
        self._run(SAVE_CASE, (*changing_values(case), case.id))

    def get(self, case_id: str) -> CancellationCase | None:
        """The case with this id."""
        row = self._run(_GET_CASE, (case_id,)).fetchone()
        return None if row is None else case_from(row)

    def of_ticket(self, ticket_id: str) -> list[CancellationCase]:
        """All cases of the ticket, latest first."""
        return [case_from(row) for row in self._run(_CASES_OF, (ticket_id,))]


class StoredObligations:
    """Implements `services.ports.Obligations`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add_all(self, items: Iterable[Obligation]) -> None:
        """Stores new obligations."""
        for item in items:
            self._run(ADD_OBLIGATION, obligation_values(item))

    def save(self, item: Obligation) -> None:
        """Writes an obligation that changed."""
        self._run(
            _SAVE_OBLIGATION,
            (
                item.owner,
                item.state.value,
                to_ms_or_none(item.due_at),
                item.amount_minor,
                item.text,
                item.result,
                to_ms_or_none(item.closed_at),
                item.id,
            ),
        )

    def of_case(self, case_id: str) -> list[Obligation]:
        """The case's obligations in the order they were made."""
        return [obligation_from(row) for row in self._run(_OBLIGATIONS_OF, (case_id,))]

    def open_ones(self, *, limit: int) -> list[tuple[Obligation, str]]:
        """Open obligations with their ticket's id, soonest due first, those without a time last."""
        return [(obligation_from(row), row[10]) for row in self._run(_OPEN_OBLIGATIONS, (limit,))]


class StoredNotices:
    """Implements `services.ports.Notices`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add_all(self, items: Iterable[Notice]) -> None:
        """Puts notices into the queue."""
        for item in items:
            self._run(
                _ADD_NOTICE,
                (item.id, item.case_id, item.to, item.what, item.state.value, to_ms(item.leaves_at)),
            )

    def of_case(self, case_id: str) -> list[Notice]:
        """The case's notices in the order they were made."""
        return [
            Notice(row[0], row[1], row[2], row[3], NoticeState(row[4]), from_ms(row[5]))
            for row in self._run(_NOTICES_OF, (case_id,))
        ]

    def call_off(self, case_id: str) -> int:
        """Calls off what has not left yet; answers how many."""
        return int(self._run(_CALL_OFF, (case_id,)).rowcount)


def case_values(case: CancellationCase) -> tuple[Any, ...]:
    """The case's values in the order of CASE_COLUMNS."""
    return (
        case.id,
        case.ticket_id,
        case.state.value,
        case.reason.value,
        case.level,
        case.channel.value,
        case.origin.value,
        to_ms(case.opened_at),
        case.requester,
        case.approver,
        to_ms_or_none(case.applied_at),
        to_ms_or_none(case.decided_at),
        to_ms_or_none(case.ended_at),
        compact(encode(case, leave_out=_IN_COLUMNS)),
    )


def changing_values(case: CancellationCase) -> tuple[Any, ...]:
    """The values that SAVE_CASE takes before its condition."""
    values = case_values(case)
    return (*values[2:6], *values[8:])


def case_from(row: Any) -> CancellationCase:
    """The case from a row that begins with CASE_COLUMNS."""
    case: CancellationCase = decode(
        CancellationCase,
        json.loads(row[13]),
        id=row[0],
        ticket_id=row[1],
        state=CaseState(row[2]),
        reason=Reason(row[3]),
        level=row[4],
        channel=Channel(row[5]),
        origin=Origin(row[6]),
        opened_at=from_ms(row[7]),
        requester=row[8],
        approver=row[9],
        applied_at=from_ms_or_none(row[10]),
        decided_at=from_ms_or_none(row[11]),
        ended_at=from_ms_or_none(row[12]),
    )
    return case


def obligation_values(item: Obligation) -> tuple[Any, ...]:
    """The obligation's values in the order of OBLIGATION_COLUMNS."""
    return (
        item.id,
        item.case_id,
        item.kind.value,
        item.owner,
        item.state.value,
        to_ms_or_none(item.due_at),
        item.amount_minor,
        item.text,
        item.result,
        to_ms_or_none(item.closed_at),
    )


def obligation_from(row: Any) -> Obligation:
    """The obligation from a row that begins with OBLIGATION_COLUMNS."""
    return Obligation(
        row[0],
        row[1],
        ObligationKind(row[2]),
        row[3],
        ObligationState(row[4]),
        from_ms_or_none(row[5]),
        row[6],
        row[7],
        row[8],
        from_ms_or_none(row[9]),
    )
