"""Domain values as compact JSON and back: only members that differ from their default are written, exactly restored."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Convert = Callable[[Any], Any]
# Name, default, how it is written, how it is read.
Member = tuple[str, Any, Convert, Convert]
# Names of all members, defaults that would have to be made each time, and the members whose value is another in JSON.
Reading = tuple[frozenset[str], dict[str, Any], tuple[tuple[str, Convert], ...]]


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware moment; finer parts are cut off."""
    return (moment - _EPOCH) // _MILLISECOND


def to_ms_or_none(moment: datetime | None) -> int | None:
    """As `to_ms`; None stays None."""
    return None if moment is None else (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    """The aware UTC moment of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=value)


def from_ms_or_none(value: int | None) -> datetime | None:
    """As `from_ms`; None stays None."""
    return None if value is None else _EPOCH + timedelta(milliseconds=value)


def compact(value: object) -> str:
    """JSON without spaces, in the order given, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode(value: Any, *, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A dataclass as a JSON object of those members that differ from their default; `leave_out` names the rest."""
    shown: dict[str, Any] = {}
    for name, default, write, _ in _plan_of(type(value)):
        if name in leave_out:
            continue
        member = getattr(value, name)
        if member != default:
            shown[name] = None if member is None else write(member)
    return shown


def decode(kind: type[Any], shown: dict[str, Any], /, **given: Any) -> Any:
    """The dataclass of `kind` from its JSON object and members `given` from elsewhere; other names are passed over.

    A value of the wrong shape raises TypeError, ValueError or OverflowError.
    """
    _only(dict, shown)
    names, made, converted = _reading_of(kind)
    given = {**made, **given}
    if shown.keys() <= names:
        given |= shown
    else:
        given |= {name: member for name, member in shown.items() if name in names}
    for name, read in converted:
        member = shown.get(name)
        if member is not None:
            given[name] = read(member)
    return kind(**given)


_plans: dict[type[Any], tuple[Member, ...]] = {}
_readings: dict[type[Any], Reading] = {}


def _plan_of(kind: type[Any]) -> tuple[Member, ...]:
    """How each member of a dataclass is written and read, worked out once."""
    if kind not in _plans:
        hints = typing.get_type_hints(kind)
        _plans[kind] = tuple((item.name, _default_of(item), *_converters(hints[item.name])) for item in fields(kind))
    return _plans[kind]


def _reading_of(kind: type[Any]) -> Reading:
    """How a dataclass is read, worked out once: most members are taken over as they are."""
    if kind not in _readings:
        plan = _plan_of(kind)
        # Values are frozen, so that one default serves all.
        made = {name: default for name, default, _, _ in plan if is_dataclass(default)}
        converted = tuple((name, read) for name, _, _, read in plan if read is not _same)
        _readings[kind] = frozenset(name for name, _, _, _ in plan), made, converted
    return _readings[kind]


def _default_of(item: Field[Any]) -> Any:
    if item.default is not MISSING:
        return item.default
    if item.default_factory is not MISSING:
        return item.default_factory()
    return MISSING


def _only(kind: type[Any], shown: Any) -> Any:
    """The value, if JSON has it as `kind`: a text is no list of its characters."""
    if type(shown) is not kind:
        raise TypeError(f"{type(shown).__name__} in place of {kind.__name__}")
    return shown


def _same(value: Any) -> Any:
    return value


def _converters(hint: Any) -> tuple[Convert, Convert]:
    """How a member of this type is written and read; None never reaches them."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (part for part in typing.get_args(hint) if part is not type(None))
        return _converters(inner)
    if origin is tuple:
        return _tuple_converters(typing.get_args(hint))
    if isinstance(hint, type):
        if issubclass(hint, datetime):
            return to_ms, from_ms
        if issubclass(hint, date):
            return date.isoformat, date.fromisoformat
        if issubclass(hint, Enum):
            return (lambda member: member.value), _enum_reader(hint)
        if is_dataclass(hint):
            return encode, lambda shown: decode(hint, shown)
    return _same, _same


def _enum_reader(kind: type[Enum]) -> Convert:
    """As calling the enum, several times faster for the values that it has."""
    members: dict[Any, Enum] = {member.value: member for member in kind}

    def read(value: Any) -> Enum:
        found = members.get(value) if isinstance(value, str) else None
        return kind(value) if found is None else found

    return read


def _tuple_converters(parts: tuple[Any, ...]) -> tuple[Convert, Convert]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        write, read = _converters(parts[0])
        return (lambda items: [write(item) for item in items]), (
            lambda items: tuple(read(item) for item in _only(list, items))
        )
    pairs = tuple(_converters(part) for part in parts)
    return (
        lambda items: [pair[0](item) for pair, item in zip(pairs, items, strict=True)],
        lambda items: tuple(pair[1](item) for pair, item in zip(pairs, _only(list, items), strict=True)),
    )
