"""Whether a value read from JSON really is what its dataclass says; decoding alone takes every member on trust."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
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
    kind: type = type(value)
    return all(fits(getattr(value, name)) for name, fits in _checks_of(kind))


Check = Callable[[Any], bool]


@cache
def _checks_of(kind: type) -> tuple[tuple[str, Check], ...]:
    """What the members of a dataclass are checked by, worked out once."""
    hints = typing.get_type_hints(kind)
    return tuple((item.name, _check(hints[item.name])) for item in fields(kind))


def _check(hint: Any) -> Check:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        checks = tuple(map(_check, typing.get_args(hint)))
        return lambda value: any(fits(value) for fits in checks)
    if origin is tuple:
        return _tuple_check(typing.get_args(hint))
    if hint is None or hint is type(None):
        return lambda value: value is None
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint):
        return lambda value: type(value) is hint and conforms(value)
    return (lambda value: isinstance(value, hint)) if isinstance(hint, type) else (lambda _: True)


def _is_whole(value: Any) -> bool:
    return type(value) is int and -WHOLE_MAX <= value <= WHOLE_MAX


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MAX and not UNKEEPABLE.search(value)


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and YEAR_MIN <= value.year <= YEAR_MAX


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and YEAR_MIN <= value.year <= YEAR_MAX


_PLAIN: dict[Any, Check] = {int: _is_whole, str: _is_text, datetime: _is_moment, date: _is_date}


def _tuple_check(parts: tuple[Any, ...]) -> Check:
    if len(parts) == 2 and parts[1] is Ellipsis:
        each = _check(parts[0])
        return lambda value: isinstance(value, tuple) and all(map(each, value))
    checks = tuple(map(_check, parts))
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(checks)
        and all(fits(part) for fits, part in zip(checks, value, strict=True))
    )


def is_keepable(ticket: Ticket) -> bool:
    """Whether the members of a ticket that a database finds it by are short enough for that."""
    found_by = (ticket.id, ticket.number, ticket.order_number, ticket.store, ticket.source)
    return bool(ticket.id) and all(len(text) <= FOUND_BY_MAX for text in found_by) and ticket.version >= 1
