"""The technical exchange of one operation: when it was recorded and sent, and what came back."""

from __future__ import annotations

import json
from datetime import datetime

from store_desk.services.sync_view import SyncRow
from store_desk.ui.bench import Bench


def exchange_of(row: SyncRow, *, bench: Bench) -> tuple[tuple[str, str], ...]:
    """Lines of (time with seconds, what), oldest first; the last names the operation's number."""
    say, delivery, zone = bench.language.say, row.delivery, bench.desk.zone
    sent, answer = delivery.envelope, delivery.answer

    def clock(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%H:%M:%S")

    kind = say(f"ui_sync.kind.{sent.kind}")
    seen = _seen_version(sent.payload)
    made = say("ui_sync.exchange.made" + (".version" if seen else ""), kind=kind, version=seen)
    lines = [(clock(delivery.made_at), made)]
    if delivery.sent_at is not None:
        again = delivery.sent_n > 1
        lines.append(
            (clock(delivery.sent_at), say("ui_sync.exchange.sent" + (".again" if again else ""), n=delivery.sent_n))
        )
    if answer is not None and delivery.answered_at is not None:
        at = clock(delivery.answered_at)
        result = say(f"ui_sync.result.{answer.result.value}")
        version = answer.version
        key = "ui_sync.exchange.answer" + (".version" if version is not None else "")
        lines.append((at, say(key, result=result, version=version)))
        if version is not None:
            lines.append((at, say("ui_sync.exchange.taken", version=version)))
    lines.append(("", say("ui_sync.exchange.number", n=f"{sent.inc}/{sent.n}")))
    return tuple(lines)


def _seen_version(payload: str) -> int:
    """The ticket's version that the operation was made for; 0 where it does not say."""
    try:
        shown = json.loads(payload)
    except ValueError:
        return 0
    seen = shown.get("seen_version") if isinstance(shown, dict) else None
    return seen if isinstance(seen, int) else 0
