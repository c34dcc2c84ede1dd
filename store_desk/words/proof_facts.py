"""The facts of a proof as a person reads them: in words, in the reader's language, with a name before each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from store_desk.domain.money import format_minor
from store_desk.words import Lang, catalogue, say
from store_desk.words.proof import fact_name

# Hashes and the key of the case say nothing to a reader.
_TECHNICAL = frozenset({"read_back_hash", "previous_slip", "slip_hash", "case", "currency"})
_MONEY = frozenset({"customer_pays_minor", "store_pays_minor"})
_CODED = {"reason": "trade.reason", "consent": "trade.grade", "variant": "proof.variant", "status": "proof.status"}


def name_of_fact(lang: Lang, key: str) -> str:
    """What a fact is called."""
    word = fact_name(key)
    return say(lang, word) if word else key


def names_of_facts(lang: Lang, keys: Iterable[str]) -> str:
    """What several facts are called, one behind the other."""
    return (", " if lang == "en" else "、").join(name_of_fact(lang, key) for key in keys)


def fact_lines(lang: Lang, facts: Mapping[str, object], *, zone: tzinfo | None = None) -> list[tuple[str, str]]:
    """Name and value of what a reader compares with the paper, in the paper's order; times in the zone (else UTC)."""
    lines = []
    for key, value in facts.items():
        if key in _TECHNICAL or (key in _MONEY and not value):
            continue
        lines.append((name_of_fact(lang, key), _shown(lang, key, value, facts, zone)))
    return lines


def _shown(lang: Lang, key: str, value: object, facts: Mapping[str, object], zone: tzinfo | None) -> str:
    if key in _MONEY and isinstance(value, int):
        return format_minor(value, str(facts.get("currency", "")))
    if key == "time" and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z").strip()
    room, _, prefix = _CODED.get(key, "").partition(".")
    if room and f"{prefix}.{value}" in catalogue(room):
        return say(lang, f"{room}.{prefix}.{value}")
    if key == "demo":
        return "演示 DEMO"
    return str(value)
