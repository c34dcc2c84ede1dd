"""Whether a value read from JSON really is what its dataclass says; decoding alone takes every member on trust."""

from __future__ import annotations

import re
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from store_desk.domain.ticket import Ticket
from store_desk.services.json_text import WHOLE_MAX

TEXT_MAX = 200_000
# Longer texts do not fit into an index.
FOUND_BY_MAX = 200
# Far from both ends of the calendar, so that terms of years and time zones can be added to any moment.
YEAR_MIN, YEAR_MAX = 1000, 9000
# NUL cannot be kept by the database, half a surrogate pair by nobody.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def conforms(value: Any) -> bool:
    """Whether a dataclass, with everything in it, has members of the types it names and within bounds."""
    hints = _hints(type(value))
    return all(_fits(getattr(value, item.name), hints[item.name]) for item in fields(value))


_known: dict[type[Any], dict[str, Any]] = {}


def _hints(kind: type[Any]) -> dict[str, Any]:
    if kind not in _known:
        _known[kind] = typing.get_type_hints(kind)
    return _known[kind]


def _fits(value: Any, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in typing.get_args(hint))
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, typing.get_args(hint))
    if hint is None or hint is type(None):
        return value is None
    if hint is int:
        return type(value) is int and -WHOLE_MAX <= value <= WHOLE_MAX
    if hint is str:
        return isinstance(value, str) and len(value) <= TEXT_MAX and not UNKEEPABLE.search(value)
    if hint is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None and YEAR_MIN <= value.year <= YEAR_MAX
    if hint is date:
        return isinstance(value, date) and YEAR_MIN <= value.year <= YEAR_MAX
    if is_dataclass(hint):
        return type(value) is hint and conforms(value)
    return isinstance(value, hint) if isinstance(hint, type) else True


def _all_fit(values: tuple[Any, ...], parts: tuple[Any, ...]) -> bool:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return all(_fits(value, parts[0]) for value in values)
    return len(values) == len(parts) and all(map(_fits, values, parts))


def is_keepable(ticket: Ticket) -> bool:
    """Whether the members of a ticket that a database finds it by are short enough for that."""
    found_by = (ticket.id, ticket.number, ticket.order_number, ticket.store, ticket.source)
    return bool(ticket.id) and all(len(text) <= FOUND_BY_MAX for text in found_by) and ticket.version >= 1
