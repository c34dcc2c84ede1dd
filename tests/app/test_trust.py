"""Slips of anybody are checked in a process of their own: what they ask for is bounded, and the desk goes on."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from store_desk.app.trust import check, check_file
from store_desk.domain.errors import FileUnreadable
from store_desk.domain.proof import Outcome, Trust, TrustedKey
from tests.slips import proofs, samples

DATA = proofs.sealed(samples.usual())


def pdf(drawn: bytes, *, filters: bytes = b"/FlateDecode", box: bytes = b"0 0 420 595") -> bytes:
    """A page that draws what the packed stream says."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        b"<</Length %d/Filter%s>>\nstream\n%s\nendstream" % (len(drawn), filters, drawn),
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R>>" % box,
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF"


def packed(piece: bytes, times: int) -> bytes:
    """So many of the piece, packed small."""
    pack = zlib.compressobj(9)
    many = piece * 100_000
    return b"".join(pack.compress(many) for _ in range(times // 100_000)) + pack.flush()


def test_a_genuine_file_is_genuine_and_keeps_its_facts(tmp_path: Path) -> None:
    file = tmp_path / "slip.pdf"
    file.write_bytes(proofs.file_of(DATA))
    verdict = check(file, proofs.trust())
    assert verdict == check_file(file, Trust((*proofs.trust().keys, TrustedKey(b"short", "XH", 1))))
    assert (verdict.outcome, verdict.changed) == (Outcome.GENUINE, ())
    assert verdict.facts == check(DATA.qr_text, proofs.trust()).facts
    assert check(file, proofs.trust(revoked=True)).outcome is Outcome.REVOKED_DESK


def test_a_page_that_asks_for_all_memory_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "bomb.pdf"
    file.write_bytes(pdf(packed(b"0 0 m 9 9 l S\n", 30_000_000)))
    assert file.stat().st_size < 3_000_000
    verdict = check(file, proofs.trust())
    assert (verdict.outcome, verdict.why) == (Outcome.UNREADABLE, "it takes too much to read")


def test_a_page_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "slow.pdf"
    file.write_bytes(pdf(packed(b"0 0 m 5900 5900 l S\n", 3_000_000), box=b"0 0 6000 6000"))
    verdict = check_file(file, proofs.trust(), limit_s=2.0)
    assert (verdict.outcome, verdict.why) == (Outcome.UNREADABLE, "it takes too long to read")


def test_a_file_that_is_not_there_is_told_as_before(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pdf", tmp_path):
        with pytest.raises(FileUnreadable) as told:
            check(path, proofs.trust())
        assert told.value.facts["detail"] in ("not found", "not a file")
