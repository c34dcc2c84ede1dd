"""The Internet Printing Protocol on the wire: requests written, answers read (RFC 8010)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = b"\x02\x00"
# Attribute groups.
_OPERATION, JOB, _END, PRINTER = 0x01, 0x02, 0x03, 0x04
# No answer of a printer comes near this; more is not an answer.
ANSWER_MAX = 4 * 1024 * 1024

Value = int | bool | str | bytes
Attributes = dict[str, tuple[Value, ...]]


class Operation(IntEnum):
    """The operations that a slip needs (RFC 8011 4)."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class Tag(IntEnum):
    """Kinds of values (RFC 8010 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


@dataclass(frozen=True, slots=True)
class Answer:
    """A printer's answer: the status code and the attributes of each group, the groups of one kind merged."""

    status: int
    groups: dict[int, Attributes]

    @property
    def good(self) -> bool:
        """Whether the operation was done (RFC 8011 appendix B: below 0x0100)."""
        return self.status < 0x0100

    def text(self, group: int, name: str) -> tuple[str, ...]:
        """The text values of an attribute, empty where the printer does not give it."""
        return tuple(value for value in self.groups.get(group, {}).get(name, ()) if isinstance(value, str))

    def number(self, group: int, name: str) -> int | None:
        """The first number of an attribute."""
        values = self.groups.get(group, {}).get(name, ())
        return next((int(value) for value in values if isinstance(value, int)), None)

    @property
    def said(self) -> str:
        """The printer's own words about a refusal."""
        return " ".join(self.text(_OPERATION, "status-message"))


Attribute = tuple[Tag, str, tuple[Value, ...]]


def request(operation: Operation, number: int, about: list[Attribute], job: list[Attribute] | None = None) -> bytes:
    """A request without its document: `about` after charset and language, `job` as the job's own attributes."""
    head = VERSION + struct.pack(">HI", operation, number)
    always: list[Attribute] = [
        (Tag.CHARSET, "attributes-charset", ("utf-8",)),
        (Tag.LANGUAGE, "attributes-natural-language", ("en",)),
    ]
    parts = [head, bytes([_OPERATION]), *map(_attribute, always + about)]
    if job:
        parts += [bytes([JOB]), *map(_attribute, job)]
    return b"".join([*parts, bytes([_END])])


def _attribute(attribute: Attribute) -> bytes:
    tag, name, values = attribute
    parts = []
    for place, value in enumerate(values):
        label = name.encode() if place == 0 else b""
        coded = _coded(tag, value)
        parts.append(struct.pack(">BH", tag, len(label)) + label + struct.pack(">H", len(coded)) + coded)
    return b"".join(parts)


def _coded(tag: Tag, value: Value) -> bytes:
    if tag is Tag.BOOLEAN:
        return b"\x01" if value else b"\x00"
    if tag in (Tag.INTEGER, Tag.ENUM):
        return struct.pack(">i", value)
    return value if isinstance(value, bytes) else str(value).encode()


def read_answer(raw: bytes) -> Answer:
    """The answer in `raw`; raises ValueError when it is none. Collections are passed over."""
    if len(raw) < 8:
        raise ValueError("too short for an IPP answer")
    status = struct.unpack_from(">H", raw, 2)[0]
    groups: dict[int, Attributes] = {}
    at, group, name = 8, 0, ""
    while at < len(raw):
        tag = raw[at]
        at += 1
        if tag == _END:
            return Answer(status, groups)
        if tag < 0x10:
            group = tag
            groups.setdefault(group, {})
            continue
        label, at = _field(raw, at)
        value, at = _field(raw, at)
        name = label.decode("utf-8", "replace") or name
        read = _value(tag, value)
        if read is not None:
            known = groups.setdefault(group, {})
            known[name] = (*known.get(name, ()), read)
    raise ValueError("an IPP answer without its end")


def _field(raw: bytes, at: int) -> tuple[bytes, int]:
    if at + 2 > len(raw):
        raise ValueError("an IPP answer that breaks off")
    length = struct.unpack_from(">H", raw, at)[0]
    end = at + 2 + length
    if end > len(raw):
        raise ValueError("an IPP answer that breaks off")
    return raw[at + 2 : end], end


def _value(tag: int, value: bytes) -> Value | None:
    if tag in (Tag.INTEGER, Tag.ENUM):
        if len(value) != 4:
            raise ValueError("a number that is not four bytes")
        return int(struct.unpack(">i", value)[0])
    if tag == Tag.BOOLEAN:
        return value != b"\x00"
    # 0x40 to 0x4a are texts; 0x35 and 0x36 carry a language, 0x34 to 0x37 collections: nothing here asks for them.
    return value.decode("utf-8", "replace") if 0x40 <= tag <= 0x49 else None
