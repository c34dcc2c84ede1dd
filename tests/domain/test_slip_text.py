"""A slip as text: read back exactly, the same text each time, and a hash that outlives the erasing of strokes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.domain.slip import Both, Line, SlipData, SlipVariant
from store_desk.domain.slip_text import (
    bare_hash,
    sealed_slip,
    slip_from_json,
    slip_hash,
    slip_to_json,
    strokes_hash,
)
from tests.slips import samples

SLIPS = [samples.usual(), samples.by_phone(), samples.shortest(), samples.longest()]


@pytest.mark.parametrize("data", SLIPS)
def test_a_slip_is_read_back_exactly(data: SlipData) -> None:
    text = slip_to_json(data)
    assert slip_from_json(text) == data
    assert slip_to_json(slip_from_json(text)) == text


@given(words=st.text(), amount=st.integers() | st.none(), variant=st.sampled_from(SlipVariant))
def test_whatever_is_typed_survives(words: str, amount: int | None, variant: SlipVariant) -> None:
    data = replace(
        samples.usual(),
        customer_words=words,
        variant=variant,
        money_total=Line(Both(words, words), amount_minor=amount),
    )
    assert slip_from_json(slip_to_json(data)) == data
    assert len(slip_hash(data)) == 64


def test_the_offset_of_a_time_is_kept() -> None:
    data = replace(
        samples.usual(), issued_at=datetime(2026, 5, 14, 14, 21, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
    )
    back = slip_from_json(slip_to_json(data))
    assert back.issued_at == data.issued_at
    assert back.issued_at.isoformat() == "2026-05-14T14:21:00.123456+08:00"


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        slip_to_json(replace(samples.usual(), signed_at=datetime(2026, 5, 14)))


def test_the_text_is_canonical() -> None:
    text = slip_to_json(samples.usual())
    keys = list(json.loads(text))
    assert keys == sorted(keys)
    assert ": " not in text.replace("复述", "")[:40]


def test_fields_at_their_default_are_left_out_so_that_later_fields_change_no_hash() -> None:
    keys = json.loads(slip_to_json(samples.usual())).keys()
    assert "short_code" not in keys
    assert "demo" not in keys
    assert "demo" in json.loads(slip_to_json(replace(samples.usual(), demo=True)))


def test_whole_numbers_as_coordinates_give_the_same_hash_as_what_is_read_back() -> None:
    data = replace(samples.usual(), strokes=(((0, 1, 1, 5),),))
    assert slip_hash(slip_from_json(slip_to_json(data))) == slip_hash(data)


def test_the_hash_follows_every_fact() -> None:
    data = samples.usual()
    changed = [
        replace(data, number="XH2-26-S000458-M"),
        replace(data, money=()),
        replace(data, strokes=()),
        replace(data, issued_at=data.issued_at.astimezone(UTC)),
        replace(data, previous_hash="0" * 64),
    ]
    assert len({slip_hash(one) for one in (data, *changed)}) == len(changed) + 1


def test_the_hash_stays_when_the_strokes_are_erased_with_the_person() -> None:
    data = samples.usual()
    kept = strokes_hash(data.strokes)
    assert kept
    assert strokes_hash(()) == ""
    assert slip_hash(replace(data, strokes=()), strokes_digest=kept) == slip_hash(data)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"variant":"cancellation"}', '{"nonsense":1}'],
)
def test_text_that_is_no_slip_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        slip_from_json(text)


def test_a_wrong_kind_of_value_is_refused() -> None:
    for name, wrong in (("desk", "2"), ("demo", 1), ("agreed", "x"), ("variant", "other"), ("money_total", [])):
        raw = json.loads(slip_to_json(samples.usual()))
        raw[name] = wrong
        with pytest.raises(ValueError, match=r"."):
            slip_from_json(json.dumps(raw))


@pytest.mark.parametrize("data", [*SLIPS, replace(samples.usual(), strokes=())])
def test_a_sealed_slip_is_written_and_hashed_as_any_other(data: SlipData) -> None:
    told: list[str] = []

    def seal(bare: str) -> tuple[str, str]:
        told.append(bare)
        return "QR", "ABCD-EFGH"

    sealed, text, digest = sealed_slip(replace(data, qr_text="", short_code=""), seal)
    assert told == [bare_hash(data)]
    assert (text, digest) == (slip_to_json(sealed), slip_hash(sealed))
