"""What stands on a page that ends within a text: the two numbers at its foot are no part of the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store_desk.domain.proof import Outcome
from store_desk.domain.slip import Both, SlipData
from store_desk.slips.compare import lacking, squeezed
from store_desk.slips.read_pdf import read_pdf
from store_desk.slips.verify import verify_bytes
from tests.slips import proofs, samples

# Where the first page ends, counted in the text from each side, letters are put in the place of others.
AROUND = 6


def rich() -> SlipData:
    """A slip at level 4 whose read-back goes on overleaf; no two of its sentences are the same."""
    agreed = "".join(f"第{number}项按第{number * 7}号单办理，双方已当面核对并同意。" for number in range(1, 41))
    usual = samples.usual()
    return proofs.sealed(replace(usual, read_back=Both(f"{usual.read_back.zh}{agreed}", usual.read_back.en)))


def parted(data: SlipData) -> int:
    """How much of the read-back stands on the first page: it ends where the numbers at the foot begin."""
    first, second = read_pdf(proofs.file_of(data, copies=proofs.BOTH[:1])).texts
    text, foot = squeezed(data.read_back.zh), first.rindex(f"{data.ticket_number}·{data.number}")
    at = next(size for size in range(len(text) - 1, 0, -1) if first[:foot].endswith(text[:size]))
    assert text[at:] in second
    assert text not in first + second, "the page must end within the text"
    return at


@pytest.mark.req("REQ-EVD-03")
def test_a_read_back_that_goes_on_overleaf_is_genuine() -> None:
    data = rich()
    assert 0 < parted(data) < len(squeezed(data.read_back.zh))
    for copies in (proofs.BOTH[:1], proofs.BOTH):
        verdict = verify_bytes(proofs.file_of(data, copies=copies), proofs.trust())
        assert (verdict.outcome, verdict.changed, verdict.why) == (Outcome.GENUINE, (), "")


@pytest.mark.parametrize("beside", [-AROUND, -1, 0, AROUND])
def test_a_read_back_changed_where_the_page_ends_is_named(beside: int) -> None:
    data = rich()
    text = data.read_back.zh
    place = parted(data) + beside
    other = replace(data, read_back=Both(f"{text[:place]}不{text[place + 1 :]}", data.read_back.en))
    verdict = verify_bytes(proofs.file_of(other, whole=data), proofs.trust())
    assert (verdict.outcome, verdict.changed) == (Outcome.CHANGED, ("read_back",))


@pytest.mark.parametrize("beside", [40, 400, 700])
def test_a_number_changed_in_a_long_text_of_many_like_sentences_is_named(beside: int) -> None:
    data = rich()
    text = data.read_back.zh
    place = next(at for at in range(beside, len(text)) if text[at].isdigit())
    digit = "7" if text[place] != "7" else "8"
    other = replace(data, read_back=Both(f"{text[:place]}{digit}{text[place + 1 :]}", data.read_back.en))
    assert verify_bytes(proofs.file_of(other, whole=data), proofs.trust()).changed == ("read_back",)


def test_a_ticket_number_too_long_for_the_foot_parts_no_text() -> None:
    data = rich()
    long = proofs.sealed(replace(data, qr_text="", short_code="", ticket_number="AS-" + "0123456789" * 6))
    verdict = verify_bytes(proofs.file_of(long), proofs.trust())
    assert (verdict.outcome, verdict.changed) == (Outcome.GENUINE, ())


WANTED = [("ticket", "T-1"), ("slip", "S-1"), ("note", "甲乙丙丁戊己庚辛")]
COPY = "·顾客联Customercopy"


@pytest.mark.parametrize(
    "foot", [f"T-1·S-1{COPY}1/2", f"T-1·S-1{COPY}·演示DEMO1/2", "T-1·S-1·顾客1/2", "T-1·S-11/2", "T-11/2"]
)
def test_the_foot_of_a_page_parts_no_text_however_much_of_it_had_room(foot: str) -> None:
    assert lacking(WANTED, (f"T-1S-1甲乙丙丁{foot}", "戊己庚辛"), copies=1) == ()


@pytest.mark.parametrize("foot", [f"T-2·S-1{COPY}1/2", f"T-1·S-2{COPY}1/2", "T-1·S-1", "T-1·S-1不1/2", "·S-11/2"])
def test_anything_else_between_two_pages_does(foot: str) -> None:
    assert lacking(WANTED, (f"T-1S-1甲乙丙丁{foot}", "戊己庚辛"), copies=1) == ("note",)
