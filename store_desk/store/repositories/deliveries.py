"""Operations on their way to head office."""

# ruff: noqa: S608 (statements are put together from constants of this package only)

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

from store_desk.domain.authority import QUIET_RESULTS, Result
from store_desk.services.codec import compact, from_ms, from_ms_or_none, to_ms, to_ms_or_none
from store_desk.services.messages import Answer, Envelope
from store_desk.services.office_ports import Delivery, DeliveryCounts, DeliveryState

# The median of so many latest answers is the round trip that the Sync line shows.
ROUND_TRIPS = 21

CONFIRMED_RESULTS = QUIET_RESULTS | {Result.ACCEPTED_WITH_CONDITIONS}

_COLUMNS = (
    "op_id, inc, n, kind, ticket_id, case_id, payload, digest, signature, actor, role, at_ms, offset_ms, state,"
    " made_at, sent_n, sent_at, answer, answered_at, handled_at, handled_by, handled_how"
)
_ADD = f"INSERT INTO delivery ({_COLUMNS}, result) VALUES ({', '.join('?' * 23)})"
_SAVE = (
    "UPDATE delivery SET inc = ?, n = ?, offset_ms = ?, state = ?, sent_n = ?, sent_at = ?, answer = ?,"
    " answered_at = ?, handled_at = ?, handled_by = ?, handled_how = ?, result = ? WHERE op_id = ?"
)
_SELECT = f"SELECT {_COLUMNS} FROM delivery"
# The words of the partial indexes: a query that does not repeat them cannot use them.
_UNANSWERED = "state IN ('waiting', 'recheck')"
_TO_HANDLE = "state = 'answered' AND handled_at IS NULL AND result NOT IN ('accepted', 'already_over')"
_CONFIRMED = ", ".join(f"'{item.value}'" for item in sorted(CONFIRMED_RESULTS, key=lambda item: item.value))

_GET = f"{_SELECT} WHERE op_id = ?"
_LAST_N = "SELECT max(n) FROM delivery WHERE inc = ?"
_NOTE_SENT = (
    "UPDATE delivery SET sent_n = sent_n + 1, sent_at = ?"
    f" WHERE op_id IN (SELECT value FROM json_each(?)) AND {_UNANSWERED}"
)
_ALL_UNANSWERED = f"{_SELECT} WHERE {_UNANSWERED} AND (inc, n) > (?, ?) ORDER BY inc, n LIMIT ?"
_UNANSWERED_OF = f"{_SELECT} WHERE ticket_id = ? AND {_UNANSWERED} ORDER BY inc, n"
_OF_TICKET = f"{_SELECT} WHERE ticket_id = ? ORDER BY made_at DESC, inc DESC, n DESC"
_OF_INCARNATION = f"{_SELECT} WHERE inc = ? ORDER BY n"
_LATEST_TO_HANDLE = (
    f"{_SELECT} INDEXED BY delivery_to_handle WHERE {_TO_HANDLE} ORDER BY made_at DESC, inc DESC, n DESC LIMIT ?"
)
_LATEST_OTHERS = (
    f"{_SELECT} INDEXED BY delivery_made WHERE NOT coalesce({_TO_HANDLE}, 0)"
    " ORDER BY made_at DESC, inc DESC, n DESC LIMIT ?"
)
_COUNTS = (
    f"SELECT (SELECT count(*) FROM delivery WHERE {_UNANSWERED}), "
    f" (SELECT count(*) FROM delivery INDEXED BY delivery_to_handle WHERE {_TO_HANDLE}),"
    " (SELECT count(*) FROM delivery INDEXED BY delivery_answered"
    f" WHERE state = 'answered' AND answered_at >= ? AND result IN ({_CONFIRMED})),"
    f" (SELECT min(made_at) FROM delivery INDEXED BY delivery_unanswered WHERE {_UNANSWERED})"
)
_TRIPS = (
    "SELECT answered_at - sent_at FROM delivery INDEXED BY delivery_answered"
    " WHERE state = 'answered' AND answered_at IS NOT NULL AND sent_at IS NOT NULL"
    f" ORDER BY answered_at DESC LIMIT {ROUND_TRIPS}"
)


class StoredDeliveries:
    """Implements `services.ports.Deliveries`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add(self, delivery: Delivery) -> None:
        """Stores a new one."""
        envelope = delivery.envelope
        self._run(
            _ADD,
            (
                envelope.id,
                envelope.inc,
                envelope.n,
                envelope.kind,
                envelope.ticket_id,
                envelope.case_id,
                envelope.payload,
                envelope.digest,
                envelope.signature,
                envelope.actor,
                envelope.role,
                envelope.at_ms,
                envelope.offset_ms,
                delivery.state.value,
                to_ms(delivery.made_at),
                *_progress(delivery),
            ),
        )

    def save(self, delivery: Delivery) -> None:
        """Writes everything but the bytes that were signed; the envelope may bear a new inc and n."""
        envelope = delivery.envelope
        values = (envelope.inc, envelope.n, envelope.offset_ms, delivery.state.value, *_progress(delivery))
        self._run(_SAVE, (*values, envelope.id))

    def get(self, op_id: str) -> Delivery | None:
        """The delivery of this operation."""
        row = self._run(_GET, (op_id,)).fetchone()
        return None if row is None else _from(row)

    def next_n(self, inc: int) -> int:
        """The number after the highest one of this incarnation, 1 for the first."""
        (last,) = self._run(_LAST_N, (inc,)).fetchone()
        return int(last or 0) + 1

    def note_sent(self, op_ids: Iterable[str], *, at: datetime) -> None:
        """Those of them that are still WAITING or RECHECK went out once more."""
        self._run(_NOTE_SENT, (to_ms(at), json.dumps(list(op_ids))))

    def unanswered(self, *, limit: int, after: tuple[int, int] = (0, 0)) -> list[Delivery]:
        """WAITING and RECHECK after (inc, n), by (inc, n)."""
        return self._found(_ALL_UNANSWERED, *after, limit)

    def unanswered_of(self, ticket_id: str) -> list[Delivery]:
        """WAITING and RECHECK of one ticket, by (inc, n)."""
        return self._found(_UNANSWERED_OF, ticket_id)

    def of_ticket(self, ticket_id: str) -> list[Delivery]:
        """All of one ticket, latest first."""
        return self._found(_OF_TICKET, ticket_id)

    def of_incarnation(self, inc: int) -> list[Delivery]:
        """All of one incarnation, by n."""
        return self._found(_OF_INCARNATION, inc)

    def latest(self, *, limit: int) -> list[Delivery]:
        """To be dealt with first, then by the time they were made, latest first."""
        found = self._found(_LATEST_TO_HANDLE, limit)
        if len(found) < limit:
            found += self._found(_LATEST_OTHERS, limit - len(found))
        return found

    def counts(self, *, confirmed_since: datetime) -> DeliveryCounts:
        """How many wait, are to be dealt with, and were confirmed since then."""
        waiting, to_handle, confirmed, oldest = self._run(_COUNTS, (to_ms(confirmed_since),)).fetchone()
        trips = [max(0, trip) for (trip,) in self._run(_TRIPS)]
        usual = int(median(trips)) if trips else None
        return DeliveryCounts(waiting, to_handle, confirmed, from_ms_or_none(oldest), usual)

    def _found(self, sql: str, *values: Any) -> list[Delivery]:
        return [_from(row) for row in self._run(sql, values)]


def _progress(delivery: Delivery) -> tuple[Any, ...]:
    """What changes on the way, from `sent_n` to `result`."""
    answer = delivery.answer
    return (
        delivery.sent_n,
        to_ms_or_none(delivery.sent_at),
        None if answer is None else _answer_text(answer),
        to_ms_or_none(delivery.answered_at),
        to_ms_or_none(delivery.handled_at),
        delivery.handled_by,
        delivery.handled_how,
        None if answer is None else answer.result.value,
    )


def _answer_text(answer: Answer) -> str:
    """The answer as JSON; its body is not kept, since the tables have it."""
    return compact(
        {
            "id": answer.id,
            "inc": answer.inc,
            "n": answer.n,
            "result": answer.result.value,
            "chain": answer.chain.hex(),
            "version": answer.version,
            "store": answer.store,
            "seq": answer.seq,
            "facts": answer.facts,
            "at_ms": answer.at_ms,
            "clone": answer.clone,
        }
    )


def _answer_from(text: str | None) -> Answer | None:
    if text is None:
        return None
    shown = json.loads(text)
    return Answer(**{**shown, "result": Result(shown["result"]), "chain": bytes.fromhex(shown["chain"])})


def _from(row: Any) -> Delivery:
    return Delivery(
        envelope=Envelope(
            id=row[0],
            inc=row[1],
            n=row[2],
            kind=row[3],
            ticket_id=row[4],
            case_id=row[5],
            payload=row[6],
            digest=bytes(row[7]),
            signature=bytes(row[8]),
            actor=row[9],
            role=row[10],
            at_ms=row[11],
            offset_ms=row[12],
        ),
        state=DeliveryState(row[13]),
        made_at=from_ms(row[14]),
        sent_n=row[15],
        sent_at=from_ms_or_none(row[16]),
        answer=_answer_from(row[17]),
        answered_at=from_ms_or_none(row[18]),
        handled_at=from_ms_or_none(row[19]),
        handled_by=row[20],
        handled_how=row[21],
    )
