"""Notices that a cancellation sends: to whom, what, and when they may leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class NoticeState(Enum):
    """Where a notice stands."""

    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    SEEN = "seen"
    FAILED = "failed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of a case. `to` is a role or staff number; `leaves_at` is when the undo window no longer holds it."""

    id: str
    case_id: str
    to: str
    what: str
    state: NoticeState
    leaves_at: datetime
