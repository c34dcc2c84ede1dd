"""A slip as canonical text: written, read back exactly, and hashed for the chain of a desk's slips.

The text is JSON with sorted keys and no spaces. A field at its default is left out, so that a field added later does
not change the text, and with it the hash, of the slips that were made before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from store_desk.domain.slip import SlipData, Stroke

Json = dict[str, Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def slip_to_json(data: SlipData) -> str:
    """The slip as canonical JSON; raises ValueError for a time without an offset or a number that is not finite."""
    return _dump(_write(data, SlipData))


def slip_from_json(text: str) -> SlipData:
    """The slip that `slip_to_json` wrote; raises ValueError when the text is not such a slip."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not a slip: {error}") from error
    slip = _read(raw, SlipData)
    if not isinstance(slip, SlipData):
        raise ValueError("not a slip")
    return slip


def strokes_hash(strokes: tuple[Stroke, ...]) -> str:
    """SHA-256 (hex) of the strokes alone, empty for no strokes; stays when the strokes are erased with the person."""
    return _digest(_dump(_write(strokes, tuple[Stroke, ...]))) if strokes else ""


def sealed_slip(data: SlipData, seal: Callable[[str], tuple[str, str]]) -> tuple[SlipData, str, str]:
    """The slip with its proof, and its text and hash as `slip_to_json` and `slip_hash` give them, written once.

    `seal` answers QR text and short code for `bare_hash` of the slip, which the two cannot be part of.
    """
    members = {name: _dump(value) for name, value in _write(data, SlipData).items()}
    strokes = members.pop("strokes", None)
    members["strokes_hash"] = _dump(_digest(strokes) if strokes and data.strokes else "")
    qr_text, code = seal(_digest(_object(members)))
    sealed = replace(data, qr_text=qr_text, short_code=code)
    members |= {name: _dump(text) for name, text in (("qr_text", qr_text), ("short_code", code)) if text}
    digest = _digest(_object(members))
    del members["strokes_hash"]
    if strokes is not None:
        members["strokes"] = strokes
    return sealed, _object(members), digest


def bare_hash(data: SlipData, *, strokes_digest: str | None = None) -> str:
    """`slip_hash` of the slip without its QR text and short code: what its proof states."""
    return slip_hash(replace(data, qr_text="", short_code=""), strokes_digest=strokes_digest)


def slip_hash(data: SlipData, *, strokes_digest: str | None = None) -> str:
    """SHA-256 (hex) of the slip, in which the strokes stand as their own hash.

    `strokes_digest` is the kept `strokes_hash` of a slip whose strokes were erased since.
    """
    facts = _write(data, SlipData)
    facts.pop("strokes", None)
    facts["strokes_hash"] = strokes_hash(data.strokes) if strokes_digest is None else strokes_digest
    return _digest(_dump(facts))


def _dump(value: object) -> str:
    return _ENCODER.encode(value)


def _object(members: Json) -> str:
    """As `_dump`, of members that are texts already; their names are plain words."""
    return "{" + ",".join([f'"{name}":{members[name]}' for name in sorted(members)]) + "}"


def _digest(text: str) -> str:
    # Half a surrogate pair cannot be written as UTF-8, yet a hash must never fail for what someone typed.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _default(field: Field[Any]) -> object:
    return field.default if field.default is not MISSING else _NO_DEFAULT


_NO_DEFAULT = object()


def _inner(kind: Any) -> Any:
    """The type inside `X | None`."""
    return next(part for part in get_args(kind) if part is not type(None))


Writer = Callable[[Any], Any]
Reader = Callable[[Any], Any]


@cache
def _writer(kind: Any) -> Writer:
    """What writes values of the type; worked out once a type, since a slip is written while a clerk waits."""
    if get_origin(kind) is UnionType:
        inner = _writer(_inner(kind))
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        return _tuple_writer(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _record_writer(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    if kind is datetime:
        return _write_time
    # A whole number given for a coordinate is written as what it is read back as.
    return float if kind is float else _as_it_is


def _tuple_writer(kind: Any) -> Writer:
    args = get_args(kind)
    if len(args) == 2 and args[1] is Ellipsis:
        each = _writer(args[0])
        return lambda value: [each(part) for part in value]
    writers = tuple(map(_writer, args))

    def write(value: Any) -> Any:
        if len(value) != len(writers):
            raise ValueError(f"{len(writers)} values expected, {len(value)} given")
        return [writer(part) for writer, part in zip(writers, value, strict=True)]

    return write


def _record_writer(kind: type) -> Writer:
    hints = _hints(kind)
    plan = tuple((field.name, _default(field), _writer(hints[field.name])) for field in fields(kind))

    def write(value: Any) -> Any:
        written = {}
        for name, default, writer in plan:
            part = getattr(value, name)
            if part != default:
                written[name] = writer(part)
        return written

    return write


def _as_it_is(value: Any) -> Any:
    return value


def _write_time(value: datetime) -> str:
    if value.utcoffset() is None:
        raise ValueError("a slip's times need an offset")
    return value.isoformat()


def _write(value: Any, kind: Any) -> Any:
    return _writer(kind)(value)


def _read(raw: Any, kind: Any) -> Any:
    return _reader(kind)(raw)


@cache
def _reader(kind: Any) -> Reader:
    """How values of this type are read, worked out once: every outcome reads a slip again."""
    if get_origin(kind) is UnionType:
        inner = _reader(_inner(kind))
        return lambda raw: None if raw is None else inner(raw)
    if get_origin(kind) is tuple:
        return _tuple_reader(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _record_reader(kind)
    if issubclass(kind, Enum):
        return cast(Reader, kind)
    return _read_time if kind is datetime else _plain_reader(kind)


def _plain_reader(kind: type) -> Reader:
    def read(raw: Any) -> Any:
        if kind is float and type(raw) in (int, float):
            return float(raw)
        if type(raw) is not kind:
            raise ValueError(f"{kind.__name__} expected, {type(raw).__name__} given")
        return raw

    return read


def _tuple_reader(kind: Any) -> Reader:
    args = get_args(kind)
    each = _reader(args[0]) if len(args) == 2 and args[1] is Ellipsis else None
    readers = () if each else tuple(map(_reader, args))

    def read(raw: Any) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise ValueError(f"a list expected, {type(raw).__name__} given")
        if each:
            return tuple(map(each, raw))
        if len(raw) != len(readers):
            raise ValueError(f"{len(readers)} values expected, {len(raw)} given")
        return tuple(reader(part) for reader, part in zip(readers, raw, strict=True))

    return read


def _record_reader(kind: type) -> Reader:
    readers = {name: _reader(hint) for name, hint in _hints(kind).items()}
    # Most members are texts, which are taken as they are.
    texts = frozenset(name for name, hint in _hints(kind).items() if hint is str)

    def read(raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise ValueError(f"{kind.__name__} expected, {type(raw).__name__} given")
        if not raw.keys() <= readers.keys():
            unknown = sorted(raw.keys() - readers.keys())
            raise ValueError(f"unknown in {kind.__name__}: {', '.join(unknown)}")
        given = {
            name: part if type(part) is str and name in texts else readers[name](part) for name, part in raw.items()
        }
        try:
            return kind(**given)
        except TypeError as error:
            raise ValueError(f"{kind.__name__} is incomplete: {error}") from error

    return read


def _read_time(raw: Any) -> datetime:
    if not isinstance(raw, str):
        raise ValueError(f"a time expected, {type(raw).__name__} given")
    time = datetime.fromisoformat(raw)
    if time.utcoffset() is None:
        raise ValueError("a slip's times need an offset")
    return time
