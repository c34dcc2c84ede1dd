"""What is new since a desk last asked: changes and answers out of one snapshot, or why it must begin anew.

Everything is read in one transaction that sees one moment (repeatable read). The checks are H6 to H8 of the sync
design; none of them needs an operator who remembers that a backup was restored.
"""

from __future__ import annotations

from store_desk.hub.ports import DeskRow, HubUnit, StoreHead
from store_desk.services.messages import (
    GENESIS,
    Answer,
    AnswerPosition,
    Change,
    ChangesAsked,
    ChangesReply,
    FeedPosition,
)

LIMIT_MAX = 5_000


def read_changes(unit: HubUnit, desk: DeskRow, asked: ChangesAsked, *, now_ms: int) -> ChangesReply:
    """The reply to a desk's question; stores outside its scope are passed over without a word."""
    feeds = tuple(feed for feed in asked.feeds if feed.store in desk.scope)
    heads = {feed.store: unit.head(feed.store) for feed in feeds}
    reset = _reset(unit, desk, asked, feeds, heads)
    have = tuple((position.inc, _have(unit, desk, position.inc)) for position in asked.answers)
    changes: list[Change] = []
    answers: list[Answer] = []
    if not reset:
        left = min(asked.limit, LIMIT_MAX)
        for feed in feeds:
            page = unit.changes_after(feed.store, feed.seq, limit=left)
            changes += page
            left -= len(page)
            if left <= 0:
                break
        for position in asked.answers:
            answers += unit.answers_after(desk.desk_id, position.inc, position.settled, limit=LIMIT_MAX)
    return ChangesReply(
        epoch=unit.epoch,
        changes=tuple(changes),
        answers=tuple(answers),
        have=have,
        heads=tuple((store, head.seq) for store, head in heads.items()),
        reset=reset,
        more=not reset and _more(feeds, heads, changes),
        rules_version=unit.rules_version(),
        now_ms=now_ms,
    )


def _reset(
    unit: HubUnit, desk: DeskRow, asked: ChangesAsked, feeds: tuple[FeedPosition, ...], heads: dict[str, StoreHead]
) -> str:
    """Why this desk must begin anew, or ''."""
    if asked.epoch != unit.epoch:
        return "epoch"
    for feed in feeds:
        head = heads[feed.store]
        if feed.seq > head.seq:
            return "diverged"
        if feed.seq < head.floor:
            return "too_old"
        if unit.change_hash(feed.store, feed.seq) != feed.hash:
            return "diverged"
    for position in asked.answers:
        if _forgotten(unit, desk, position):
            return "forgot"
    return ""


def _forgotten(unit: HubUnit, desk: DeskRow, position: AnswerPosition) -> bool:
    """Whether head office no longer knows the answers that the desk holds."""
    if position.settled > _have(unit, desk, position.inc):
        return True
    if position.settled == 0:
        return position.chain != GENESIS
    answer = unit.answer_at(desk.desk_id, position.inc, position.settled)
    return answer is None or answer.chain != position.chain


def _have(unit: HubUnit, desk: DeskRow, inc: int) -> int:
    row = unit.desk(desk.desk_id, inc)
    return row.last_n if row else 0


def _more(feeds: tuple[FeedPosition, ...], heads: dict[str, StoreHead], changes: list[Change]) -> bool:
    last = {feed.store: feed.seq for feed in feeds}
    for change in changes:
        last[change.store] = change.seq
    return any(last[store] < head.seq for store, head in heads.items())
