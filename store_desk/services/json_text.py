"""The one JSON reader of both ends: what two readers could understand differently is refused.

Refused are: bytes that are no UTF-8, a name twice in one object, nesting beyond 32, NaN and Infinity, whole numbers
beyond 2**53, fractions without end, NUL characters and halves of surrogate pairs.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

DEPTH_MAX = 32
WHOLE_MAX = 2**53
# More digits than any whole number within the bound has; longer ones are not even converted.
_DIGITS_MAX = 17
# Possessive, and content with a text that does not end: each character is looked at once, whatever the text.
_TEXTS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.S)
_BRACKETS = re.compile(r"[\[\]{}]")


class BadJson(ValueError):
    """A text that is not JSON as this protocol has it; the message says why and quotes nothing of it."""


def read_json(raw: bytes | str) -> Any:
    """The value of a JSON text; raises BadJson."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        _check_depth(text)
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole, parse_float=_real
        )
    except UnicodeDecodeError as error:
        raise BadJson("not UTF-8") from error
    except BadJson:
        raise
    except (ValueError, RecursionError) as error:
        raise BadJson("not JSON") from error
    # Only an escape can bring in characters that a UTF-8 text cannot hold.
    if "\\u" in text or "\x00" in text:
        _check_texts(value)
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(_TEXTS.sub("", text)):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEPTH_MAX:
            raise BadJson(f"nested deeper than {DEPTH_MAX}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    shown = dict(pairs)
    if len(shown) != len(pairs):
        raise BadJson("a name twice in one object")
    return shown


def _constant(_: str) -> NoReturn:
    raise BadJson("NaN or Infinity")


def _whole(digits: str) -> int:
    if len(digits) <= _DIGITS_MAX and -WHOLE_MAX <= (value := int(digits)) <= WHOLE_MAX:
        return value
    raise BadJson("a whole number beyond 2**53")


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadJson("a number without bound")
    return value


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise BadJson("a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise BadJson("half of a surrogate pair")
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_texts(name)
            _check_texts(member)
    elif isinstance(value, list):
        for member in value:
            _check_texts(member)
