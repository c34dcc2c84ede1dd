"""What must hold at the end of every history: the invariants of the sync design (section 10), asked of a world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from store_desk.domain.authority import Result
from store_desk.domain.case import CASE_MOVES, CONFIRMED_STATES, CaseState
from store_desk.domain.obligations import ObligationKind
from store_desk.domain.record import TicketRecord
from store_desk.domain.slip import SlipVariant
from store_desk.services.codec import encode
from store_desk.services.messages import GENESIS, next_feed_hash, record_from_body
from tests.simulation.desks import SimulatedDesk
from tests.simulation.world import World


def broken(world: World) -> list[str]:
    """Every invariant that does not hold, with what was found; empty for a good history."""
    found = list(world.violations)
    for check in (nothing_lost, one_effect, all_equal, versions_and_moves, chains, papers, own_order, scope, real_time):
        found += check(world)
    return found


def nothing_lost(world: World) -> Iterator[str]:
    """I1, I8: every operation that was saved, and is not gone with a disk, is answered here and known there."""
    for desk in world.desks:
        with desk.store.read() as uow:
            held = {item.envelope.id: item for item in uow.deliveries.latest(limit=100_000)}
        for op_id in desk.saved:
            known = op_id in world.hub.books.operations
            if op_id in desk.lost and op_id not in held:
                continue
            if op_id not in held:
                yield f"I1 {desk.name} lost {op_id[:8]}"
            elif held[op_id].answer is None or not known:
                yield f"I1 {desk.name} {op_id[:8]} answered={held[op_id].answer is not None} known={known}"
            elif held[op_id].answer.result is not world.hub.books.operations[op_id].answer.result:
                yield f"I6 {desk.name} holds another answer to {op_id[:8]}"


def one_effect(world: World) -> Iterator[str]:
    """I2: no operation has two effects in one history."""
    for op_id, count in Counter(world.hub.books.caused_by.values()).items():
        if count > 1 and op_id:
            yield f"I2 {op_id[:8]} had {count} effects"


def all_equal(world: World) -> Iterator[str]:
    """I3, I13: desks show what head office has, at the same place of the feed, with nothing kept back."""
    gone = {f"{desk.store_code}{desk.number}" for desk in world.desks if desk.restored}
    for desk in world.desks:
        with desk.store.read() as uow:
            for ticket_id, (record, store, _) in world.hub.books.records.items():
                if store not in desk.scope:
                    continue
                here = uow.records.get(ticket_id)
                unheard = {
                    item.envelope.case_id
                    for item in uow.deliveries.of_ticket(ticket_id)
                    if item.answer is not None and item.answer.result is Result.REFUSED_SCOPE
                }
                # A case that went with a maker's disk and with head office's backup lives on only where it was shown.
                kept = {item.case.id for item in here.cases if item.desk in gone} if here else set()
                unheard |= {case_id for case_id in kept if record.case(case_id) is None}
                if here is None or _shown(here, without=unheard) != _shown(record):
                    yield f"I3 {desk.name} differs on {ticket_id[:6]}"
            for ticket_id in uow.records.known_ids():
                if ticket_id not in world.hub.books.records:
                    yield f"I8 {desk.name} alone knows {ticket_id[:6]}"
            for position in uow.positions.feeds():
                head = world.hub.books.heads[position.store]
                if (position.seq, position.hash) != (head.seq, head.hash):
                    yield f"I3 {desk.name} stands at {position.seq} of {head.seq}"
            if uow.mirror.ids():
                yield f"I13 {desk.name} keeps a mirror of settled tickets"


def _shown(record: TicketRecord, *, without: set[str] | None = None) -> object:
    """A record in what both sides must agree on: obligations are added to by each desk.

    `without` are cases that head office never took into its books: it did not know the ticket.
    """
    told = [item.case for item in record.cases if item.case.id not in (without or ())]
    cases = [encode(case, leave_out=frozenset({"strokes", "checks"})) for case in told]
    return encode(record.ticket), cases, record.standing


def versions_and_moves(world: World) -> Iterator[str]:
    """I4, I5: a ticket's versions follow on one another, and cases move only as their life allows."""
    before: dict[str, TicketRecord] = {}
    for (store, seq), change in sorted(world.hub.books.feed.items()):
        record = record_from_body(change.body)
        last = before.get(change.ticket_id)
        if last is not None and record.ticket.version != last.ticket.version + 1:
            yield f"I4 {store} {seq}: version {record.ticket.version} after {last.ticket.version}"
        for item in record.cases if last is not None else ():
            was = last.case(item.case.id) if last else None
            if was is not None and not item.case.decided_why and not _reaches(was.case.state, item.case.state):
                yield f"I4 {store} {seq}: {was.case.state.value} became {item.case.state.value}"
        lively = [item for item in record.cases if item.case.state in CONFIRMED_STATES]
        if len(lively) > 1:
            yield f"I2 {store} {seq}: {len(lively)} cancellations of one ticket stand"
        before[change.ticket_id] = record


def _reaches(start: CaseState, end: CaseState) -> bool:
    if start is end:
        return True
    open_, seen = [start], {start}
    while open_:
        for state in CASE_MOVES[open_.pop()]:
            if state is end:
                return True
            if state not in seen:
                seen.add(state)
                open_.append(state)
    return False


def chains(world: World) -> Iterator[str]:
    """I6: the feed's hashes follow on one another without gaps."""
    for store, head in world.hub.books.heads.items():
        link = GENESIS
        for seq in range(1, head.seq + 1):
            change = world.hub.books.feed.get((store, seq))
            if change is None:
                yield f"I5 {store} has no {seq}"
                break
            link = next_feed_hash(
                link,
                seq=seq,
                ticket_id=change.ticket_id,
                kind=change.kind,
                version=change.version,
                body_hash=change.body_hash,
            )
            if link != change.hash:
                yield f"I6 {store} {seq} breaks the chain"
                break


# The latest paper that a case of this state may have ended with.
PAPERS: dict[CaseState, frozenset[SlipVariant]] = {
    CaseState.CONFIRMED: frozenset({SlipVariant.CANCELLATION}),
    CaseState.CONFIRMED_WITH_CONDITIONS: frozenset({SlipVariant.CANCELLATION, SlipVariant.FOLLOW_UP}),
    CaseState.REFUSED: frozenset({SlipVariant.REFUSAL, SlipVariant.VOID}),
    CaseState.SUPERSEDED: frozenset({SlipVariant.REFUSAL, SlipVariant.FOLLOW_UP, SlipVariant.VOID}),
    # What had been decided is to be decided again after a restored head office; then somebody calls.
    CaseState.PENDING_APPROVAL: frozenset(SlipVariant),
}


def papers(world: World) -> Iterator[str]:
    """I7: the latest paper says what head office decided, and whoever was refused is to be called."""
    taken_back: set[str] = set()
    for desk in world.desks:
        with desk.store.read() as uow:
            for record, _, _ in world.hub.books.records.values():
                rows = uow.slips.of_ticket(record.ticket.id)
                own = {item.case.id for item in record.cases if item.desk == f"{desk.store_code}{desk.number}"}
                taken_back |= {row.case_id for row in rows if row.variant is SlipVariant.VOID} - own
    for desk in world.desks:
        if desk.restored:
            # Papers that went with a disk cannot be written again in their own words.
            continue
        yield from _papers_of(world, desk, taken_back)


def _papers_of(world: World, desk: SimulatedDesk, taken_back: set[str]) -> Iterator[str]:
    with desk.store.read() as uow:
        for record, _, _ in world.hub.books.records.values():
            rows = uow.slips.of_ticket(record.ticket.id)
            for item in record.cases:
                own = [row for row in rows if row.case_id == item.case.id]
                if item.case.id in taken_back:
                    # The customer has taken it back at another counter, and holds that one's void slip.
                    continue
                allowed = PAPERS.get(item.case.state)
                if item.desk != f"{desk.store_code}{desk.number}" or not own or allowed is None:
                    continue
                if own[0].variant not in allowed:
                    yield f"I7 {desk.name}: {item.case.state.value} but the paper is {own[0].variant.value}"
                calls = [o for o in uow.obligations.of_case(item.case.id) if o.kind is ObligationKind.CALL_CUSTOMER]
                again = item.case.state is CaseState.PENDING_APPROVAL and own[0].variant is not SlipVariant.REQUEST
                if (again or own[0].variant is SlipVariant.REFUSAL) and not calls:
                    yield f"I7 {desk.name}: {item.case.state.value} after {own[0].variant.value}, and nobody calls"


def own_order(world: World) -> Iterator[str]:
    """I10: one desk's operations take effect in the order in which they were made."""
    for desk in world.desks:
        numbered: dict[int, list[tuple[int, int]]] = {}
        for (name, inc, n), answer in world.hub.books.answers.items():
            if name == desk.name and answer.id in desk.saved and answer.id not in desk.lost:
                numbered.setdefault(inc, []).append((n, desk.saved[answer.id]))
        for inc in {inc for name, inc, _ in world.hub.books.answers if name == desk.name}:
            given = sorted(n for name, i, n in world.hub.books.answers if (name, i) == (desk.name, inc))
            if given != list(range(1, len(given) + 1)):
                yield f"I10 {desk.name} {inc}: numbers {given}"
        for inc, pairs in numbered.items():
            moments = [moment for _, moment in sorted(pairs)]
            if moments != sorted(moments) and not desk.restored:
                yield f"I10 {desk.name} {inc}: out of order"


def scope(world: World) -> Iterator[str]:
    """I11: no desk holds a ticket of a store that it may not see."""
    for desk in world.desks:
        with desk.store.read() as uow:
            for ticket_id in uow.records.known_ids():
                record = uow.records.get(ticket_id)
                if record is not None and record.ticket.store not in desk.scope:
                    yield f"I11 {desk.name} holds {record.ticket.number}"


def real_time(world: World) -> Iterator[str]:
    """I14: what was answered before another operation began has the lower version."""
    saved = {op: at for desk in world.desks for op, at in desk.saved.items()}
    by_ticket: dict[str, list[tuple[int, int, int]]] = {}
    for op_id, known in world.hub.books.operations.items():
        version = known.answer.version
        accepted = world.office.accepted_at.get(op_id)
        if version is None or accepted is None or op_id not in saved or known.answer.seq is None:
            continue
        change = world.hub.books.feed.get((known.answer.store, known.answer.seq))
        if change is not None:
            # What a cycle itself sends on is noticed here only after it has been answered.
            began = min(saved[op_id], accepted)
            by_ticket.setdefault(change.ticket_id, []).append((accepted, began, version))
    for ticket_id, rows in by_ticket.items():
        for accepted, _, version in rows:
            if any(began > accepted and later <= version for _, began, later in rows):
                yield f"I14 {ticket_id[:6]}: version {version} answered before a lower one began"
