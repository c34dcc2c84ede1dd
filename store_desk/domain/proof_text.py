"""How a proof is written: canonical CBOR, base45 and the short code, each as small as proofs need them.

Why not a library: what stands on a paper comes from strangers, and it is read before its key is known. A general CBOR
reader knows tags that build huge numbers or patterns; this one knows whole numbers, bytes, texts, truth values and one
map, and takes every value in its one shortest form only, so that equal facts have equal bytes (RFC 8949 4.2.1).
"""

from __future__ import annotations

import hashlib
from typing import Final

CborValue = int | bytes | str | bool
# QR codes hold these 45 characters two to eleven bits (RFC 9285).
BASE45: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE45_OF: Final = {character: value for value, character in enumerate(BASE45)}
# Without 0, 1, I and O, which people mistake for one another.
CODE_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_GROUP = 4
_CODE_LETTERS = 7

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _MAP, _SIMPLE = 0, 1, 2, 3, 5, 7
_FALSE, _TRUE = 20, 21
_WHOLE_MAX = 2**64


def to_cbor(facts: dict[int, CborValue]) -> bytes:
    """The map in canonical CBOR; keys are whole numbers from 0. Raises ValueError for a number beyond 64 bits."""
    items = sorted((_head(_UNSIGNED, key), _value(value)) for key, value in facts.items())
    return _head(_MAP, len(items)) + b"".join(key + value for key, value in items)


def from_cbor(body: bytes) -> dict[int, CborValue]:
    """The map that `to_cbor` wrote; raises ValueError for anything else, also for what says the same otherwise."""
    kind, count, at = _read_head(body, 0)
    if kind != _MAP or count > len(body):
        raise ValueError("no map")
    facts: dict[int, CborValue] = {}
    last = -1
    for _ in range(count):
        kind, key, at = _read_head(body, at)
        if kind != _UNSIGNED or key <= last:
            raise ValueError("keys out of order")
        facts[key], at = _read_value(body, at)
        last = key
    if at != len(body):
        raise ValueError("bytes are left over")
    return facts


def _head(kind: int, number: int) -> bytes:
    if not 0 <= number < _WHOLE_MAX:
        raise ValueError("a number beyond 64 bits")
    if number < 24:
        return bytes(((kind << 5) | number,))
    for code, size in ((24, 1), (25, 2), (26, 4)):
        if number < 1 << (8 * size):
            return bytes(((kind << 5) | code,)) + number.to_bytes(size, "big")
    return bytes(((kind << 5) | 27,)) + number.to_bytes(8, "big")


def _value(value: CborValue) -> bytes:
    if isinstance(value, bool):
        return bytes(((_SIMPLE << 5) | (_TRUE if value else _FALSE),))
    if isinstance(value, int):
        return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    raw = value.encode()
    return _head(_TEXT, len(raw)) + raw


def _read_head(body: bytes, at: int) -> tuple[int, int, int]:
    """Kind, number and where the next thing begins."""
    if at >= len(body):
        raise ValueError("cut off")
    kind, code = body[at] >> 5, body[at] & 31
    at += 1
    if code < 24:
        return kind, code, at
    if code > 27:
        raise ValueError("an open or unknown length")
    size = 1 << (code - 24)
    raw = body[at : at + size]
    number = int.from_bytes(raw, "big")
    if len(raw) < size:
        raise ValueError("cut off")
    if number < (24 if size == 1 else 1 << (4 * size)):
        raise ValueError("a number in a longer form than it needs")
    return kind, number, at + size


def _read_value(body: bytes, at: int) -> tuple[CborValue, int]:
    kind, number, at = _read_head(body, at)
    if kind == _UNSIGNED:
        return number, at
    if kind == _NEGATIVE:
        return -1 - number, at
    if kind in (_BYTES, _TEXT):
        raw = body[at : at + number]
        if len(raw) < number:
            raise ValueError("cut off")
        return raw if kind == _BYTES else raw.decode("utf-8"), at + number
    if kind == _SIMPLE and number in (_FALSE, _TRUE):
        return number == _TRUE, at
    raise ValueError("a kind of value that no proof has")


def to_base45(body: bytes) -> str:
    """The bytes as text of the characters that a QR holds most tightly."""
    letters = []
    for at in range(0, len(body) - 1, 2):
        number = body[at] << 8 | body[at + 1]
        rest, third = number % 2025, number // 2025
        letters.append(BASE45[rest % 45] + BASE45[rest // 45] + BASE45[third])
    if len(body) % 2:
        letters.append(BASE45[body[-1] % 45] + BASE45[body[-1] // 45])
    return "".join(letters)


def from_base45(text: str) -> bytes:
    """The bytes of the text; raises ValueError when it is none that `to_base45` writes."""
    try:
        values = [_BASE45_OF[character] for character in text]
    except KeyError as error:
        raise ValueError("a character that base45 lacks") from error
    body = bytearray()
    for at in range(0, len(values), 3):
        part = values[at : at + 3]
        number = sum(value * 45**place for place, value in enumerate(part))
        size = len(part) - 1
        if not size or number >= 1 << (8 * size):
            raise ValueError("no base45")
        body += number.to_bytes(size, "big")
    return bytes(body)


def short_code(signed: bytes) -> str:
    """Eight characters (`7KQ4-M2XD`) that stand for a proof on the telephone; the last one checks the others."""
    number = int.from_bytes(hashlib.sha256(signed).digest()[:5], "big") >> 5
    values = [number >> (5 * place) & 31 for place in reversed(range(_CODE_LETTERS))]
    letters = "".join(CODE_ALPHABET[value] for value in [*values, _check(values)])
    return f"{letters[:_CODE_GROUP]}-{letters[_CODE_GROUP:]}"


def is_short_code(text: str) -> bool:
    """Whether the code was read or typed without a slip: any one wrong character and any swapped pair shows."""
    letters = text.replace("-", "").replace(" ", "").upper()
    if len(letters) != _CODE_LETTERS + 1 or any(letter not in CODE_ALPHABET for letter in letters):
        return False
    values = [CODE_ALPHABET.index(letter) for letter in letters]
    return _check(values[:-1]) == values[-1]


def _check(values: list[int]) -> int:
    """The values weighted by the powers 1 to 7 of a generator of GF(32), modulus x^5 + x^2 + 1."""
    total = 0
    for value in reversed(values):
        total = _doubled(total ^ value)
    return total


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
