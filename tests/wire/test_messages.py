"""Messages and the values that they carry: there and back without loss, and strict about everything else."""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from store_desk.domain.authority import Result
from store_desk.services.json_text import read_json
from store_desk.services.messages import (
    Answer,
    AnswerPosition,
    Change,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
)
from store_desk.wire.fields import Message
from store_desk.wire.signing import RequestHead, request_bytes, request_headers, spoken
from store_desk.wire.v1 import RESETS, STOPS, ChangesReplyMessage, ChangesRequest, OperationsReply, OperationsRequest
from store_desk.wire.values import AnswerMessage, OperationMessage

ids = st.uuids().map(lambda value: value.hex)
hashes = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**53)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
stores = st.from_regex(r"[A-Z]([A-Z0-9]{0,6}[A-Z])?", fullmatch=True)
moments = st.integers(0, 253_402_300_799_999)
envelopes = st.builds(
    Envelope, id=ids, inc=st.integers(0, 1_000), n=st.integers(1, 2**53), kind=st.sampled_from(["cancel", "move"]),
    ticket_id=ids, case_id=ids | st.just(""), payload=texts, digest=hashes,
    signature=st.binary(min_size=64, max_size=64), actor=st.just("1001"), role=st.just("clerk"), at_ms=moments,
    offset_ms=st.none() | st.integers(-(2**53), 2**53),
)  # fmt: skip
answers = st.builds(
    Answer, id=ids, inc=st.integers(0, 1_000), n=numbers, result=st.sampled_from(Result), chain=hashes | st.just(b""),
    version=st.none() | numbers, store=stores, seq=st.none() | numbers, body=st.none() | texts, facts=texts,
    at_ms=moments, clone=st.booleans(),
)  # fmt: skip
changes = st.builds(
    Change, store=stores, seq=numbers, kind=st.sampled_from(["put", "evict", "erase", "later"]), ticket_id=ids,
    version=numbers, body=texts, salt=st.binary(max_size=32), body_hash=hashes, hash=hashes,
)  # fmt: skip
push_replies = st.builds(
    PushReply, epoch=ids, answers=st.lists(answers, max_size=3).map(tuple), stopped=st.sampled_from(STOPS),
    have=numbers, now_ms=moments,
)  # fmt: skip
changes_replies = st.builds(
    ChangesReply, epoch=ids, changes=st.lists(changes, max_size=3).map(tuple),
    answers=st.lists(answers, max_size=3).map(tuple),
    have=st.lists(st.tuples(st.integers(0, 1_000), numbers), max_size=2).map(tuple),
    heads=st.lists(st.tuples(stores, numbers), max_size=2).map(tuple), reset=st.sampled_from(RESETS),
    more=st.booleans(), rules_version=numbers, now_ms=moments,
)  # fmt: skip
questions = st.builds(
    ChangesAsked, epoch=ids, limit=st.integers(1, 500),
    feeds=st.lists(st.builds(FeedPosition, stores, ids, numbers, hashes), max_size=3).map(tuple),
    answers=st.lists(st.builds(AnswerPosition, st.integers(0, 1_000), numbers, hashes), max_size=3).map(tuple),
)  # fmt: skip


M = TypeVar("M", bound=Message)


def over_the_wire(message: M) -> M:
    return type(message).model_validate(read_json(message.model_dump_json()))


@given(st.lists(envelopes, min_size=1, max_size=3).map(tuple))
def test_a_batch_arrives_as_it_was_sent(batch: tuple[Envelope, ...]) -> None:
    got = over_the_wire(OperationsRequest.of(batch))
    assert tuple(message.envelope() for message in got.operations) == batch


@given(push_replies)
def test_what_became_of_a_batch_arrives_whole(reply: PushReply) -> None:
    assert over_the_wire(OperationsReply.of(reply)).reply() == reply


@given(changes_replies)
def test_changes_and_answers_arrive_whole(reply: ChangesReply) -> None:
    assert over_the_wire(ChangesReplyMessage.of(reply)).reply() == reply


@given(questions)
def test_a_question_arrives_whole(asked: ChangesAsked) -> None:
    assert over_the_wire(ChangesRequest.of(asked)).asked() == asked


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1}, {"n": "1"}, {"n": 1.0}, {"n": True}, {"n": 0}, {"n": 2**60}, {"id": "A" * 32}, {"id": "a" * 31},
        {"id": "a" * 32 + "\n"}, {"digest": "zz"}, {"kind": "Cancel!"}, {"payload": None}, {"at_ms": -1}, {"inc": None},
        {"actor": "1001\n"}, {"actor": "../x"}, {"payload": "x" * 200_001},
    ],
)  # fmt: skip
def test_what_is_nearly_an_operation_is_refused(change: dict[str, object]) -> None:
    good = {
        "id": "a" * 32, "inc": 1, "n": 1, "kind": "move", "ticket_id": "b" * 32, "case_id": "", "payload": "{}",
        "digest": "0" * 64, "signature": "0" * 128, "actor": "1001", "role": "clerk", "at_ms": 1, "offset_ms": None,
    }  # fmt: skip
    assert OperationMessage.model_validate(good)
    with pytest.raises(ValidationError):
        OperationMessage.model_validate(good | change)


def test_a_result_that_this_program_does_not_know_is_refused() -> None:
    shown = {"id": "a" * 32, "inc": 1, "n": 1, "result": "maybe", "chain": ""}
    with pytest.raises(ValidationError):
        AnswerMessage.model_validate(shown)


def test_everything_that_decides_what_a_request_does_is_signed() -> None:
    head = RequestHead("a" * 32, 1, 5, "b" * 32)
    signed = request_bytes(head, method="POST", path="/v1/rules", body=b"{}")
    others = [
        request_bytes(RequestHead("c" * 32, 1, 5, "b" * 32), method="POST", path="/v1/rules", body=b"{}"),
        request_bytes(RequestHead("a" * 32, 2, 5, "b" * 32), method="POST", path="/v1/rules", body=b"{}"),
        request_bytes(RequestHead("a" * 32, 1, 6, "b" * 32), method="POST", path="/v1/rules", body=b"{}"),
        request_bytes(RequestHead("a" * 32, 1, 5, "d" * 32), method="POST", path="/v1/rules", body=b"{}"),
        request_bytes(head, method="GET", path="/v1/rules", body=b"{}"),
        request_bytes(head, method="POST", path="/v1/facts", body=b"{}"),
        request_bytes(head, method="POST", path="/v1/rules", body=b"{ }"),
    ]
    assert len({signed, *others}) == 8
    assert spoken(request_headers(head, signature=b"x")["SD-Protocol"]) == (1, 1)


@pytest.mark.parametrize("text", ["", "1", "1; max=2", "x; min=1", "1; min=", "-1; min=1", "99999; min=1", "１; min=1"])
def test_a_protocol_header_that_says_nothing_is_read_as_none(text: str) -> None:
    assert spoken(text) is None
