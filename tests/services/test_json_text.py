"""What two JSON readers could understand differently is refused by ours."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.services.json_text import DEPTH_MAX, WHOLE_MAX, BadJson, read_json


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"nul", b"\xff\xfe", b"{'a':1}", b'{"a":1,"a":1}', b'{"a":{"b":1,"b":2}}', b"NaN", b"[Infinity]",
        b"-Infinity", b"9007199254740993", b"-9007199254740993", b"1" * 5_000, b"1e999", b'"\\ud800"',
        b'{"\\ud800":1}', b'"a\\u0000b"',
        b"[" * 33 + b"]" * 33, b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40, b"1 2",
    ],
)  # fmt: skip
def test_a_text_that_is_not_plain_is_refused(text: bytes) -> None:
    with pytest.raises(BadJson):
        read_json(text)


def test_the_bounds_themselves_are_read() -> None:
    assert read_json(str(WHOLE_MAX)) == WHOLE_MAX
    assert read_json("[" * DEPTH_MAX + "]" * DEPTH_MAX)
    assert read_json('"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\"[["')
    assert read_json('"\\ud842\\udfb7"') == "𠮷"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-WHOLE_MAX, WHOLE_MAX)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(plain, st.booleans())
def test_every_other_value_is_read_as_it_was_written(value: object, escaped: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=escaped)) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BadJson):
        read_json(raw)


@pytest.mark.parametrize("part", ['\\"', '"', "\\", '"\\', "[", '["'])
def test_no_text_takes_longer_than_its_length(part: str) -> None:
    began = time.perf_counter()
    with contextlib.suppress(BadJson):
        read_json('"' + part * 500_000)
    assert time.perf_counter() - began < 2
