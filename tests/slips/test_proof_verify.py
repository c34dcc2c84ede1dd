"""Is this slip genuine? Every verdict, from text and from files, and whatever strangers hand in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_desk.domain.errors import FileUnreadable
from store_desk.domain.proof import Outcome, Trust, read_proof
from store_desk.domain.slip import Both, Line, Paper, SlipData, SlipStatus, SlipVariant, StoreHead
from store_desk.domain.slip_text import bare_hash
from store_desk.slips.render import render_slip
from store_desk.slips.verify import verify_bytes, verify_file, verify_text
from store_desk.store.keys import DeskKeys
from tests.slips import proofs, samples

STRANGER = DeskKeys(b"D" * 32, b"P" * 32, b"S" * 32)
USUAL = samples.usual()


@pytest.mark.req("REQ-EVD-03")
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("length", ["usual", "by_phone", "shortest", "longest"])
def test_a_slip_is_genuine_on_every_paper_however_long_it_is(length: str, paper: Paper) -> None:
    data = proofs.sealed(getattr(samples, length)())
    verdict = verify_bytes(proofs.file_of(data, paper=paper, reprint=2), proofs.trust())
    assert (verdict.outcome, verdict.changed, verdict.why) == (Outcome.GENUINE, (), "")
    assert verdict.facts["slip"] == data.number
    assert verdict.facts["customer_pays_minor"] == 12_000
    assert verdict.facts["short_code"] == data.short_code


@pytest.mark.parametrize("variant", SlipVariant)
def test_every_kind_of_paper_is_genuine(variant: SlipVariant) -> None:
    data = proofs.sealed(replace(samples.of_variant(USUAL, variant), demo=True))
    assert verify_bytes(proofs.file_of(data), proofs.trust()).outcome is Outcome.GENUINE


def test_a_slip_without_its_english_is_genuine_too() -> None:
    from store_desk.app.printing import only_chinese

    data = proofs.sealed(USUAL)
    pdf = proofs.file_of(only_chinese(data), whole=data)
    assert verify_bytes(pdf, proofs.trust()).outcome is Outcome.GENUINE


CHANGES: dict[str, dict[str, object]] = {
    "slip": {"number": "XH2-26-S000458-H"},
    "ticket": {"ticket_number": "XH2-26-004712-H"},
    "store": {"store": StoreHead("XH", Both("别家店", "Another store"))},
    "desk": {"desk": 3},
    "variant": {"variant": SlipVariant.CHANGE},
    "status": {"status": SlipStatus.PROVISIONAL},
    "time": {"issued_at": samples.NOW.replace(minute=22)},
    "reason": {"reason": Both("误操作", "Mistake")},
    "amounts": {"money_total": Line(Both("顾客已付", "Paid by customer"), amount_minor=1_200)},
    "customer": {"customer": Both("李秀兰", "Li Xiulan")},
    "customer_phone": {"customer_phone": "139 **** 6021"},
    "serial": {"serial": "NK7-25A-0091875"},
    "read_back": {"read_back": Both("您什么也没有申请。", "You asked for nothing.")},
    "read_back_hash": {"read_back_hash": "0" * 64},
    "previous_slip": {"previous_hash": "0" * 64},
    "consent": {"consent": Both("口头", "Verbal")},
    "clerk": {"clerk": Both("别人 9999", "Another")},
    "approver": {"approver": Both("别人 1004", "Another")},
    "obligations": {"obligations": ()},
    "rights": {"rights": (Both("没有保修", "No warranty"),)},
    "agreed": {"agreed": (Both("门店不退任何款", "The store pays nothing back"),)},
    "legal": {"legal": Both("顾客放弃一切权利。", "The customer waives everything.")},
    "short_code": {"short_code": "AAAA-AAAA"},
}


@pytest.mark.parametrize("fact", CHANGES)
def test_a_page_that_tells_another_fact_names_it(fact: str) -> None:
    data = proofs.sealed(USUAL)
    # A forger draws the page anew around the genuine QR and attachment, and even signs the file again.
    forged = proofs.file_of(replace(data, **CHANGES[fact]), whole=data, paper=Paper.MM80)  # type: ignore[arg-type]
    verdict = verify_bytes(forged, proofs.trust())
    assert verdict.outcome is Outcome.CHANGED
    assert fact in verdict.changed
    assert len(verdict.changed) <= 3, "a check that cries at everything says nothing"


def test_one_changed_copy_of_two_is_enough() -> None:
    import io

    import pypdfium2

    data = proofs.sealed(USUAL)
    good, bad = (
        render_slip(one, paper=Paper.MM80, copies=proofs.BOTH[:1], whole=data)
        for one in (data, replace(data, serial="X"))
    )
    both = pypdfium2.PdfDocument(good)
    both.import_pages(pypdfium2.PdfDocument(bad))
    out = io.BytesIO()
    both.save(out)
    assert {"serial", "file"} <= set(verify_bytes(out.getvalue(), proofs.trust()).changed)


def test_page_and_attachment_that_agree_with_each_other_but_not_with_the_code_are_found_out() -> None:
    data = proofs.sealed(USUAL)
    other = replace(data, number="XH2-26-S000999-X")
    verdict = verify_bytes(proofs.file_of(other, whole=other), proofs.trust())
    assert verdict.outcome is Outcome.CHANGED
    assert "slip" in verdict.changed
    dearer = replace(data, promise=Both("另有承诺", "Another promise"))
    assert "slip_hash" in verify_bytes(proofs.file_of(dearer, whole=dearer), proofs.trust()).changed


def test_a_file_whose_signature_is_missing_broken_or_anothers_is_changed() -> None:
    data = proofs.sealed(USUAL)
    plain = render_slip(data, paper=Paper.A5, copies=proofs.BOTH)
    genuine = proofs.signed(plain)
    for pdf, why in (
        (plain, "file unsigned"),
        (genuine + b"\n", "file"),
        (proofs.signed(plain, keys=STRANGER), "file signer"),
    ):
        verdict = verify_bytes(pdf, proofs.trust())
        assert (verdict.outcome, verdict.changed) == (Outcome.CHANGED, ("file",))
        assert verdict.why.startswith(why)


def test_a_page_without_its_code_or_with_a_second_one_is_changed() -> None:
    data, other = proofs.sealed(USUAL), proofs.sealed(replace(USUAL, number="XH2-26-S000458-H"))
    none = proofs.file_of(replace(data, qr_text="", short_code=""), whole=data)
    assert "qr" in verify_bytes(none, proofs.trust()).changed
    swapped = proofs.file_of(replace(data, qr_text=other.qr_text, short_code=other.short_code), whole=data)
    assert {"slip", "short_code"} & set(verify_bytes(swapped, proofs.trust()).changed)


def test_an_unknown_desk_is_shown_with_its_fingerprint() -> None:
    data = proofs.sealed(USUAL)
    verdict = verify_text(data.qr_text, Trust())
    assert verdict.outcome is Outcome.UNKNOWN_DESK
    assert verdict.facts["fingerprint"] == read_proof(data.qr_text).facts.fingerprint
    assert verdict.facts["ticket"] == data.ticket_number
    assert verify_bytes(proofs.file_of(data), Trust()).outcome is Outcome.UNKNOWN_DESK


def test_a_revoked_desk_stays_revoked_whatever_else_is_wrong() -> None:
    data = proofs.sealed(USUAL)
    revoked = proofs.trust(revoked=True)
    assert verify_text(data.qr_text, revoked).outcome is Outcome.REVOKED_DESK
    assert verify_text(data.qr_text, Trust((*proofs.trust().keys, *revoked.keys))).outcome is Outcome.REVOKED_DESK
    forged = proofs.file_of(replace(data, serial="X"), whole=data)
    verdict = verify_bytes(forged, revoked)
    assert (verdict.outcome, "serial" in verdict.changed) == (Outcome.REVOKED_DESK, True)


def test_a_desks_key_speaks_for_that_desk_alone() -> None:
    data = proofs.sealed(USUAL, store="SZ", desk=5)
    verdict = verify_text(data.qr_text, proofs.trust())
    assert (verdict.outcome, verdict.changed) == (Outcome.CHANGED, ("store", "desk"))


def test_another_key_cannot_speak_under_this_desks_name() -> None:
    # The facts name the desk's key, but a stranger's signed them.
    data = proofs.sealed(USUAL, keys=STRANGER, key=proofs.public_key())
    assert verify_text(data.qr_text, proofs.trust()).outcome is Outcome.CHANGED


def test_every_changed_character_of_the_code_is_noticed() -> None:
    text = proofs.sealed(USUAL).qr_text
    for place in range(4, len(text)):
        for other in "07Z:" if text[place] not in "07Z:" else "3":
            verdict = verify_text(text[:place] + other + text[place + 1 :], proofs.trust())
            assert verdict.outcome in (Outcome.CHANGED, Outcome.UNREADABLE), place
    for length in range(len(text)):
        assert verify_text(text[:length], proofs.trust()).outcome in (Outcome.CHANGED, Outcome.UNREADABLE)


def test_the_proof_states_the_whole_slip_without_itself() -> None:
    data = proofs.sealed(USUAL)
    assert bare_hash(data) == bare_hash(USUAL)
    assert bare_hash(data).startswith(read_proof(data.qr_text).facts.slip)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SD1:",
        b"hello",
        b"\x00" * 5_000,
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF" + b"x" * 2_000,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        b"\xff\xd8\xff\xe0" + b"\x00" * 40,
        b"GIF89a" + b"\xff" * 40,
        b"SD1:" + b"A" * 4_000,
    ],
)
def test_anything_at_all_gets_a_verdict(content: bytes) -> None:
    assert verify_bytes(content, proofs.trust()).outcome is Outcome.UNREADABLE


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(
        [b"", b"SD1:", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"BM", b"II*\x00", b"RIFF"]
    ),
    st.binary(max_size=600),
)
def test_random_bytes_get_a_verdict_and_never_a_good_one(head: bytes, body: bytes) -> None:
    assert verify_bytes(head + body, proofs.trust()).outcome is Outcome.UNREADABLE


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=280))
def test_random_bytes_in_a_well_made_code_get_a_verdict(body: bytes) -> None:
    from store_desk.domain.proof_text import to_base45

    outcome = verify_text("SD1:" + to_base45(body), proofs.trust()).outcome
    assert outcome in (Outcome.UNREADABLE, Outcome.CHANGED)


PDF = proofs.file_of(proofs.sealed(USUAL), paper=Paper.MM58)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PDF) - 1), st.integers(1, 255))
def test_a_changed_byte_of_a_file_is_never_genuine(place: int, change: int) -> None:
    broken = bytearray(PDF)
    broken[place] ^= change
    assert verify_bytes(bytes(broken), proofs.trust()).outcome in (Outcome.CHANGED, Outcome.UNREADABLE)


def test_a_picture_that_is_too_large_or_shows_two_slips_is_not_guessed_at(tmp_path: Path) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (20_000, 7_000)).save(out, "PNG")
    assert verify_bytes(out.getvalue(), proofs.trust()).why == "too many pixels"
    pages = [_page(proofs.sealed(replace(USUAL, number=f"XH2-26-S00045{n}-X"))) for n in (1, 2)]
    both = Image.new("L", (pages[0].width * 2, pages[0].height), 255)
    both.paste(pages[0], (0, 0))
    both.paste(pages[1], (pages[0].width, 0))
    file = tmp_path / "both.png"
    both.save(file)
    assert verify_file(file, proofs.trust()).why == "several slips"


def _page(data: SlipData):  # type: ignore[no-untyped-def]  # a picture
    import pypdfium2

    return (
        pypdfium2.PdfDocument(render_slip(data, paper=Paper.A5, copies=proofs.BOTH[:1]))[0]
        .render(scale=2, grayscale=True)
        .to_pil()
    )


def test_a_file_that_is_not_there_or_no_file_is_said_so(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pdf", tmp_path, Path("x" * 5_000)):
        with pytest.raises(FileUnreadable):
            verify_file(path, proofs.trust())


def test_the_text_in_a_file_will_do(tmp_path: Path) -> None:
    file = tmp_path / "code.txt"
    file.write_text(f"\ufeff{proofs.sealed(USUAL).qr_text}\r\n", "utf-8")
    assert verify_file(file, proofs.trust()).outcome is Outcome.GENUINE


def test_a_note_with_ligatures_is_genuine() -> None:
    data = proofs.sealed(replace(USUAL, customer_words="oﬃce ﬁlter ﬂap ⁄ € ‡ ±"))
    verdict = verify_bytes(proofs.file_of(data), proofs.trust())
    assert (verdict.outcome, verdict.changed) == (Outcome.GENUINE, ())


@pytest.mark.parametrize(
    "name", ["a" + "\u0301" * 5, "b\u0301\u0301", "x" + "\u0301\u0301\u0302\u0302" * 3, "ก\u0e49\u0e49"]
)
def test_a_name_with_marks_over_one_another_is_genuine(name: str) -> None:
    data = proofs.sealed(replace(USUAL, customer=Both(f"王{name}"), signer=Both(f"王{name}")))
    assert verify_bytes(proofs.file_of(data), proofs.trust()).outcome is Outcome.GENUINE
    other = verify_bytes(proofs.file_of(replace(data, customer=Both(f"李{name}"))), proofs.trust())
    assert other.outcome is Outcome.CHANGED


def test_a_page_that_begins_with_a_digit_is_not_taken_for_the_foot_of_the_one_before() -> None:
    from store_desk.slips.compare import lacking

    pages = ("something·顾客联Customercopy1/2", "8HHX-FMVX2/2")
    assert lacking([("short_code", "8HHX-FMVX")], pages, copies=1) == ()
