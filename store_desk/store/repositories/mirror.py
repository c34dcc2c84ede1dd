"""Head office's records of tickets on which own operations wait, and how far feeds and answers have been taken."""

from __future__ import annotations

from typing import Any

from store_desk.services.messages import AnswerPosition, FeedPosition
from store_desk.services.office_ports import MirrorRow

_GET = "SELECT ticket_id, version, body FROM mirror WHERE ticket_id = ?"
_PUT = (
    "INSERT INTO mirror (ticket_id, version, body) VALUES (?, ?, ?)"
    " ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version, body = excluded.body"
)
_DROP = "DELETE FROM mirror WHERE ticket_id = ?"
_IDS = "SELECT ticket_id FROM mirror ORDER BY ticket_id"

_FEEDS = "SELECT store, epoch, seq, hash FROM feed_position ORDER BY store"
_PUT_FEED = (
    "INSERT INTO feed_position (store, epoch, seq, hash) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (store) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, hash = excluded.hash"
)
_DROP_FEEDS = "DELETE FROM feed_position"
_ANSWERS = "SELECT inc, settled, chain FROM answer_position ORDER BY inc"
_PUT_ANSWERS = (
    "INSERT INTO answer_position (inc, settled, chain) VALUES (?, ?, ?)"
    " ON CONFLICT (inc) DO UPDATE SET settled = excluded.settled, chain = excluded.chain"
)


class StoredMirror:
    """Implements `services.ports.Mirror`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def get(self, ticket_id: str) -> MirrorRow | None:
        """Head office's record of this ticket."""
        row = self._run(_GET, (ticket_id,)).fetchone()
        return None if row is None else MirrorRow(*row)

    def put(self, row: MirrorRow) -> None:
        """Writes a record over an older one."""
        self._run(_PUT, (row.ticket_id, row.version, row.body))

    def drop(self, ticket_id: str) -> None:
        """Forgets the record of this ticket."""
        self._run(_DROP, (ticket_id,))

    def ids(self) -> list[str]:
        """The tickets that have a record here."""
        return [ticket_id for (ticket_id,) in self._run(_IDS)]


class StoredPositions:
    """Implements `services.ports.Positions`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def feeds(self) -> list[FeedPosition]:
        """How far each store's feed has been taken, by store."""
        return [FeedPosition(store, epoch, seq, bytes(own)) for store, epoch, seq, own in self._run(_FEEDS)]

    def put_feed(self, position: FeedPosition) -> None:
        """Writes how far a feed has been taken."""
        self._run(_PUT_FEED, (position.store, position.epoch, position.seq, position.hash))

    def drop_feeds(self) -> None:
        """Forgets all feeds, so that they begin anew."""
        self._run(_DROP_FEEDS)

    def answers(self) -> list[AnswerPosition]:
        """How far the answers have been settled, by inc."""
        return [AnswerPosition(inc, settled, bytes(chain)) for inc, settled, chain in self._run(_ANSWERS)]

    def put_answers(self, position: AnswerPosition) -> None:
        """Writes how far the answers of an incarnation have been settled."""
        self._run(_PUT_ANSWERS, (position.inc, position.settled, position.chain))
