"""What tests of head office begin with: stores, desks, and desks that make operations as the real ones do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from store_desk.domain.authority import Agreed, CancelRequest
from store_desk.domain.case import CancellationCase, CaseState, Origin
from store_desk.domain.consent import Channel
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.ticket import Review, Ticket, TicketType, Work
from store_desk.hub.apply import Office
from store_desk.hub.postgres.pool import HubDatabase
from store_desk.hub.postgres.unit import PgUnit
from store_desk.services import payloads
from store_desk.services.ids import IdMaker
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    Change,
    ChangesAsked,
    Envelope,
    FeedPosition,
    PushReply,
    body_hash_of,
    digest_of,
    next_answer_chain,
    next_feed_hash,
)

NOON = datetime(2026, 5, 14, 6, 21, tzinfo=UTC)
new_id = IdMaker()
OFFICE = Office(clock=lambda: NOON, new_id=new_id)


def add_store(database: HubDatabase, code: str = "XH") -> str:
    """A store at head office."""
    database.transaction(
        lambda unit: unit.connection.execute(
            "insert into store(code, name_zh, name_en) values (%s, '店', 'Shop')", (code,)
        )
    )
    return code


@dataclass
class Counter:
    """A desk as head office sees it: numbers its operations densely and keeps what it was answered."""

    desk_id: str
    store: str = "XH"
    inc: int = 1
    n: int = 0
    answers: list[Answer] = field(default_factory=list)

    def envelope(self, kind: str, ticket_id: str, payload: str, *, case_id: str = "", op_id: str = "") -> Envelope:
        """The next operation."""
        self.n += 1
        return Envelope(
            id=op_id or new_id(), inc=self.inc, n=self.n, kind=kind, ticket_id=ticket_id, case_id=case_id,
            payload=payload, digest=digest_of(payload), signature=b"", actor="2047", role="clerk", at_ms=0,
        )  # fmt: skip

    def ticket(self, **changes: object) -> Envelope:
        """A new ticket."""
        made = a_ticket(self.store, **changes)
        return self.envelope("ticket", made.id, payloads.ticket_to_payload(made))

    def cancel(self, ticket_id: str, *, note: str = "") -> Envelope:
        """A cancellation of an easy ticket."""
        case = CancellationCase(
            id=new_id(), ticket_id=ticket_id, state=CaseState.PENDING_HEAD_OFFICE, reason=Reason.SELF_RESOLVED, level=1,
            channel=Channel.COUNTER, origin=Origin.DESK, opened_at=NOON, requester="2047", note=note,
            evidence=(("how", "重启后正常"),), applied_at=NOON,
        )  # fmt: skip
        request = CancelRequest(case, Agreed(1, (), 0, ()), Role.CLERK, desk=f"{self.store}1", slip="XH-1-000001")
        payload = payloads.cancel_to_payload(request, number="N", seen_version=1)
        return self.envelope("cancel", ticket_id, payload, case_id=case.id)

    def withdraw(self, ticket_id: str, case_id: str) -> Envelope:
        """The withdrawal of a cancellation."""
        payload = payloads.decision_to_payload(payloads.Decision(case_id=case_id, person="2047", role=Role.CLERK))
        return self.envelope("withdraw", ticket_id, payload, case_id=case_id)

    def move(self, ticket_id: str, *, review: Review | None = None, work: Work | None = None) -> Envelope:
        """A step along the ladders."""
        return self.envelope("move", ticket_id, payloads.move_to_payload(payloads.Move(review=review, work=work)))

    def push(self, database: HubDatabase, *envelopes: Envelope) -> PushReply:
        """Sends operations and keeps the answers."""
        reply = database.apply_batch(OFFICE, desk_id=self.desk_id, envelopes=envelopes)
        self.answers += reply.answers
        return reply


def enrol(
    database: HubDatabase, desk_id: str, *, store: str = "XH", number: int = 1, scope: tuple[str, ...] = ()
) -> Counter:
    """A desk that head office knows."""

    def work(unit: PgUnit) -> None:
        unit.connection.execute(
            "insert into desk(desk_id, store, number, public_key, scope) values (%s, %s, %s, '', %s)",
            (desk_id, store, number, list(scope or (store,))),
        )
        unit.connection.execute("insert into desk_incarnation(desk_id, inc) values (%s, 1)", (desk_id,))

    database.transaction(work)
    return Counter(desk_id, store)


def a_ticket(home: str = "XH", **changes: object) -> Ticket:
    """An easy ticket."""
    id_ = new_id()
    values: dict[str, object] = {
        "id": id_, "number": f"{home}-26-{id_[-6:]}", "store": home, "customer": "王秀兰", "type": TicketType.REPAIR,
        "review": Review.PENDING_REVIEW, "work": Work.UNASSIGNED, "created_at": NOON - timedelta(days=2),
        "updated_at": NOON - timedelta(days=1), "phone": "13800006021", "order_number": "SO-88421907",
        "product": "北岸 K7 滚筒洗衣机 10 kg",
    }  # fmt: skip
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def check_feed(changes: list[Change], store: str = "XH") -> None:
    """That the changes of a store are numbered without a gap and chained from the first."""
    hash_ = GENESIS
    for seq, change in enumerate((item for item in changes if item.store == store), 1):
        assert change.seq == seq
        assert change.body_hash == body_hash_of(change.salt, change.body)
        hash_ = next_feed_hash(
            hash_, seq=seq, ticket_id=change.ticket_id, kind=change.kind, version=change.version,
            body_hash=change.body_hash,
        )  # fmt: skip
        assert change.hash == hash_


def check_answers(answers: list[Answer]) -> None:
    """That the answers of an incarnation are dense and chained from the first."""
    chain = GENESIS
    for n, answer in enumerate(answers, 1):
        assert answer.n == n
        chain = next_answer_chain(chain, op_id=answer.id, result=answer.result, version=answer.version)
        assert answer.chain == chain


def whole_feed(database: HubDatabase, store: str = "XH") -> list[Change]:
    """All changes of a store."""
    return database.snapshot_read(lambda unit: unit.changes_after(store, 0, limit=1_000_000))


def feed_operations(database: HubDatabase, store: str = "XH") -> list[str]:
    """The operations that made the changes of a store, in order."""
    return database.snapshot_read(
        lambda unit: [
            row[0]
            for row in unit.connection.execute(
                "select op_id from feed where store = %s order by seq", (store,)
            ).fetchall()
        ]
    )


def all_answers(database: HubDatabase, desk_id: str, inc: int = 1) -> list[Answer]:
    """All answers of an incarnation."""
    return database.snapshot_read(lambda unit: unit.answers_after(desk_id, inc, 0, limit=1_000_000))


def asked(
    database: HubDatabase, *, seq: int = 0, hash_: bytes = GENESIS, settled: int = 0, chain: bytes = GENESIS
) -> ChangesAsked:
    """A desk's question from these positions, in the epoch in force."""
    epoch = database.snapshot_read(lambda unit: unit.epoch)
    return ChangesAsked(epoch, (FeedPosition("XH", epoch, seq, hash_),), (AnswerPosition(1, settled, chain),))
