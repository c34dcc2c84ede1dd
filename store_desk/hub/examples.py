"""One example of a request for every address; each is a valid message."""

from __future__ import annotations

from typing import Any, Final

_ID = "018f3c1a9b2e7c44a1d2e3f405162738"
_OTHER = "018f3c1a9b2e7c44a1d2e3f405162739"
_HASH = "00" * 32
_LOOK = {"actor": "9001"}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "/v1/enrol": {"code": "7KQ2-M4XD", "public_key": _HASH, "name": "前台 2"},
    "/v1/incarnation": {},
    "/v1/operations": {
        "operations": [
            {
                "id": _ID,
                "inc": 1,
                "n": 1,
                "kind": "withdraw",
                "ticket_id": _OTHER,
                "case_id": _ID,
                "payload": '{"decision":{"case_id":"' + _ID + '","person":"1001"},"v":1}',
                "digest": _HASH,
                "signature": "00" * 64,
                "actor": "1001",
                "role": "clerk",
                "at_ms": 1763791200000,
                "offset_ms": -340,
            }
        ]
    },
    "/v1/changes": {
        "epoch": "5b6f0a52-5a3c-4a0e-9d0e-1f5a0f6f7a11",
        "feeds": [{"store": "XH", "epoch": "5b6f0a52-5a3c-4a0e-9d0e-1f5a0f6f7a11", "seq": 0, "hash": _HASH}],
        "answers": [{"inc": 1, "settled": 0, "chain": _HASH}],
        "limit": 500,
        "wait_s": 0,
        "rules_version": 0,
    },
    "/v1/answers": {"inc": 1, "after": 0, "limit": 500},
    "/v1/snapshot": {"store": "XH"},
    "/v1/snapshot/chunk": {"snapshot_id": _ID, "n": 0},
    "/v1/facts": {
        "people": [{"id": "1001", "name": "赵文", "role": "manager"}],
        "tickets": [{"ticket_id": _ID, "body": '{"cases":[],"standing":"","ticket":{},"v":1}'}],
        "slips": [
            {
                "number": "XH2-26-S000457-K",
                "ticket_id": _ID,
                "case_id": _OTHER,
                "variant": "cancellation",
                "body": "{}",
                "hash": _HASH,
                "made_at_ms": 1763791200000,
            }
        ],
    },
    "/v1/rules": {"known_version": 0},
    "/v1/system/move": {
        "id": _ID,
        "ticket": {"number": "AS-000123", "store": "XH"},
        "work": "assigned",
        "assignee": "陈师傅",
    },
    "/v1/system/ticket": {
        "id": _ID,
        "ticket_id": _OTHER,
        "store": "XH",
        "number": "AS-000124",
        "type": "repair",
        "customer": "王小明",
        "phone": "13800006021",
        "product": "洗衣机",
        "created_at_ms": 1763791200000,
    },
    "/v1/admin/conditions": _LOOK,
    "/v1/admin/conditions/publish": {
        "actor": "9001",
        "rows": [
            {"reason": "dissatisfied", "approver": "supervisor"},
            {"reason": "mistake", "type": "return", "level": 4, "allowed": False},
            {"reason": "other", "evidence": ["text"]},
        ],
        "expected_version": 0,
    },
    "/v1/admin/policy": _LOOK,
    "/v1/admin/policy/publish": {
        "actor": "9001",
        "values": {"undo_window_s": 600, "tariff_minor.4": 5000},
        "expected_version": 0,
    },
    "/v1/admin/force-majeure": _LOOK,
    "/v1/admin/force-majeure/publish": {
        "actor": "9001",
        "events": [
            {"code": "typhoon-7", "zh": "台风“海葵”", "en": "Typhoon Haikui", "begins": "2026-09-01", "ends": None}
        ],
        "expected_version": 0,
    },
    "/v1/admin/tiles": _LOOK,
    "/v1/admin/tiles/publish": {"actor": "9001", "reasons": ["mistake", "self_resolved"], "expected_version": 0},
    "/v1/admin/stores": _LOOK,
    "/v1/admin/stores/put": {
        "actor": "9001",
        "store": {"code": "XH", "name": "徐汇店", "zone": "Asia/Shanghai", "currency": "CNY"},
        "expected_version": 0,
    },
    "/v1/admin/people": _LOOK,
    "/v1/admin/people/put": {
        "actor": "9001",
        "person": {"store": "XH", "id": "1001", "name": "赵文", "role": "manager"},
        "expected_version": 0,
    },
    "/v1/admin/desks": _LOOK,
    "/v1/admin/desks/code": {"actor": "9001", "id": _ID, "store": "XH", "desk": 2},
    "/v1/admin/desks/revoke": {"actor": "9001", "desk_id": _ID, "why": "被盗"},
}
