"""The sign of each step of a plan, the same before the cancellation and after it."""

from __future__ import annotations

_ICONS = {
    "tell_reviewer": "bell-ring",
    "tell_technician": "bell-ring",
    "stop_visit": "bell-ring",
    "stop_work": "circle-pause",
    "recall_goods": "truck",
    "release_parts": "package",
    "hand_back_item": "package-check",
    "return_compensation": "coins",
    "void_code": "gift",
    "pay_fee": "receipt-text",
    "refund_to_customer": "coins",
    "remedy": "gift",
    "call_customer": "phone-call",
    "improve": "trending-up",
    "resume": "rotate-cw",
    "recreate_ticket": "repeat",
    "merge_into": "link",
    "export_evidence": "archive",
    "tell_customer": "message-square",
    "check_status": "badge-check",
}


def step_icon(kind: str) -> str:
    """The icon's name for a step's kind; a plain sign for a kind that has none."""
    return _ICONS.get(kind, "info")
