"""The proof's text: as the independent libraries read it, back to the same facts, and nothing else accepted."""

from __future__ import annotations

import base45
import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store_desk.domain.proof import pack, proof_of, read_proof, stated, unpack
from store_desk.domain.proof_text import from_base45, from_cbor, is_short_code, short_code, to_base45, to_cbor
from store_desk.domain.slip import SlipVariant
from tests.slips import proofs, samples

values = st.one_of(st.integers(-(2**64), 2**64 - 1), st.binary(max_size=300), st.text(max_size=300), st.booleans())
maps = st.dictionaries(st.integers(0, 2**40), values, max_size=30)


@given(maps)
def test_facts_are_written_as_canonical_cbor_and_read_back(facts: dict[int, int | bytes | str | bool]) -> None:
    written = to_cbor(facts)
    assert written == cbor2.dumps(facts, canonical=True)
    assert from_cbor(written) == facts


@given(st.binary(max_size=400))
def test_only_what_was_written_is_read(body: bytes) -> None:
    try:
        facts = from_cbor(body)
    except ValueError:
        return
    assert to_cbor(facts) == body


@given(st.binary(max_size=400))
def test_base45_agrees_with_the_library(body: bytes) -> None:
    text = to_base45(body)
    assert text.encode() == base45.b45encode(body)
    assert from_base45(text) == body
    assert text == text.rstrip()


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=60))
def test_base45_is_read_in_one_way_only(text: str) -> None:
    try:
        body = from_base45(text)
    except ValueError:
        return
    assert to_base45(body) == text


texts = st.text(max_size=80)


@settings(max_examples=200)
@given(
    texts,
    texts,
    texts,
    st.integers(0, 999),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from(SlipVariant),
    st.datetimes().map(lambda t: t.replace(tzinfo=proofs.AT.tzinfo, year=max(t.year, 1971))),
)
def test_every_fact_survives_the_paper(
    number: str, ticket: str, reason: str, desk: int, amount: int, variant: SlipVariant, at: object
) -> None:
    made = proofs.facts_of(
        samples.usual(),
        "ab" * 32,
        number=number,
        ticket=ticket,
        reason=reason,
        desk=desk,
        store_pays_minor=amount,
        variant=variant,
        at=at,
    )
    read = unpack(pack(made))
    assert (read.number, read.ticket, read.reason) == (stated(number), stated(ticket), stated(reason))
    assert (read.desk, read.store_pays_minor, read.variant) == (desk, amount, variant)
    assert int(read.at.timestamp()) == int(made.at.timestamp())
    assert pack(read) == pack(made)


def test_a_text_with_half_a_character_or_of_any_length_never_stops_a_slip() -> None:
    for text in ("\ud800", "x" * 5_000, "sha256:", "sha256:" + "z" * 32, "sha256:" + "a" * 32, ""):
        unpack(pack(proofs.facts_of(samples.usual(), "ab" * 32, ticket=text)))


def test_the_longest_proof_keeps_its_modules_three_dots_wide() -> None:
    from store_desk.slips.qr import roll_side, sheet_side

    long = proofs.facts_of(
        samples.usual(),
        "ab" * 32,
        number="X" * 40,
        ticket="长" * 13,
        reason="x" * 40,
        store="A" * 40,
        grade="g" * 40,
        withdraws="W" * 40,
        demo=True,
    )
    text, _ = proof_of(long, sign=proofs.private_key().sign)
    usual = proofs.sealed(samples.usual()).qr_text
    assert len(usual) < 420
    least = 30 * 72 / 25.4
    for shown in (text, usual):
        for side in (sheet_side(shown, least=least), roll_side(shown, least=least)):
            assert least <= side + 1e-6
            assert side < 48 * 72 / 25.4, "a 58 mm roll prints 48 mm"


def test_a_short_code_shows_any_slip_of_tongue_or_pen() -> None:
    code = short_code(b"x")
    letters = code.replace("-", "")
    assert is_short_code(code)
    assert is_short_code(code.lower().replace("-", " "))
    for place in range(8):
        for other in "23456789ABCDEFGHJKLMNPQRSTUVWXYZ":
            wrong = letters[:place] + other + letters[place + 1 :]
            assert is_short_code(wrong) == (wrong == letters)
    for place in range(7):
        swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
        assert is_short_code(swapped) == (swapped == letters)


@pytest.mark.parametrize("text", ["", "SD1:", "SD2:ABC", "sd1:abc", "SD1:" + "A" * 700, "SD1:::::", "SD1:é"])
def test_what_is_no_proof_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_proof(text)
