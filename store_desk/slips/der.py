"""ASN.1 in its one distinguished encoding (X.690): just enough to take signatures apart and put them together again."""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05
_LONG_FORM = 0x80
# Four bytes of length are four gigabytes; nothing here comes near it.
_LENGTH_BYTES_MAX = 4


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, its content, and the whole of it as it stood in the file."""

    tag: int
    content: bytes
    whole: bytes


def der(tag: int, *parts: bytes) -> bytes:
    """The element of these parts."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG_FORM:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(length))) + length + content


def elements(content: bytes) -> list[Element]:
    """The elements that stand one after the other; raises ValueError where one is cut off or too long."""
    found = []
    at = 0
    while at < len(content):
        start = at
        if at + 2 > len(content):
            raise ValueError("an element is cut off")
        tag, size = content[at], content[at + 1]
        at += 2
        if size >= _LONG_FORM:
            count = size - _LONG_FORM
            if not 0 < count <= _LENGTH_BYTES_MAX:
                raise ValueError("a length is not as it must be")
            size = int.from_bytes(content[at : at + count], "big")
            at += count
        if at + size > len(content):
            raise ValueError("an element is cut off")
        found.append(Element(tag, content[at : at + size], content[start : at + size]))
        at += size
    return found


def only(content: bytes, tag: int) -> Element:
    """The one element that the content is; raises ValueError for another tag, for none, and for more."""
    found = elements(content)
    if len(found) != 1 or found[0].tag != tag:
        raise ValueError("another element is expected")
    return found[0]


def inside(content: bytes, tag: int) -> list[Element]:
    """The elements inside the one element that the content is."""
    return elements(only(content, tag).content)
