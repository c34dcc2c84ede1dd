"""The evidence pack: what is in it, that it proves itself, and that no byte of it is free."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.app.proving import save_evidence
from store_desk.app.trust import own_key
from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import RightMissing, TicketNotFound
from store_desk.domain.handing_out import may_export_evidence
from store_desk.domain.journal import Entry, entry_hash
from store_desk.domain.proof import Outcome, Trust, TrustedKey
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.slip_text import slip_from_json, slip_hash
from store_desk.services.attachments import attach
from store_desk.services.evidence_pack import EvidencePack, collect_evidence
from store_desk.services.slips import SlipToPrint
from store_desk.services.withdraw import withdraw_case
from store_desk.slips.evidence_file import pack_bytes, verify_pack
from store_desk.slips.verify import verify_bytes, verify_file
from tests.services.given import STROKES, busy, cancel_busy, evidence, journal
from tests.shop import Shop

PHOTO = b"\xff\xd8\xff\xe0" + b"leak" * 50


def plain(slip: SlipToPrint) -> bytes:
    """A stand-in for the drawn file, where a test is about the pack."""
    return f"%PDF {slip.data.number} {slip.reprint}".encode()


def packed(shop: Shop) -> tuple[str, EvidencePack]:
    """A ticket that went to another channel, with a photo and a signature, and its pack."""
    ticket = shop.ticket()
    attach(shop.desk, shop.clerk, ticket_id=ticket.id, name="漏水.jpg", content=PHOTO)
    shop.cancel(
        ticket,
        Reason.OTHER_CHANNEL,
        evidence=evidence(Reason.OTHER_CHANNEL),
        consent=Consent(Grade.COUNTER),
        strokes=STROKES,
    )
    return ticket.id, collect_evidence(shop.desk, shop.supervisor, number=ticket.number, slip_file=plain)


def trust(shop: Shop) -> Trust:
    return Trust((own_key(shop.opened),))


@pytest.mark.req("REQ-CND-09", "REQ-EVD-03", "REQ-EVD-05")
def test_the_pack_holds_all_that_proves_the_case(shop: Shop) -> None:
    ticket_id, pack = packed(shop)
    members = pack.members
    with shop.desk.read() as uow:
        (slip,) = uow.slips.of_ticket(ticket_id)
        (case,) = uow.cases.of_ticket(ticket_id)
    body = members[f"slips/{slip.number}.json"].decode()
    assert slip_hash(slip_from_json(body)) == slip.hash == json.loads(members["slips/chain.json"])[0]["sha256"]
    assert f"slips/{slip.number}.pdf" in members
    assert members["cases/01/read_back.txt"].decode() == f"{case.read_back_zh}\n{case.read_back_en}"
    told = json.loads(members["cases/01/case.json"])
    assert told["read_back_sha256"] == slip_from_json(body).read_back_hash
    assert (told["reason"], told["state"]) == ("other_channel", "confirmed")
    assert told["conditions_version"] == case.conditions_version
    assert json.loads(members["cases/01/strokes.json"])[0][0] == [0.1, 0.2, 0.5, 0]
    assert members["cases/01/strokes.svg"].startswith(b"<svg") and b"polyline" in members["cases/01/strokes.svg"]
    (photo,) = [name for name in members if name.startswith("attachments/")]
    assert members[photo] == PHOTO and photo.endswith("漏水.jpg")
    entries = [Entry(**one) for one in json.loads(members["journal.json"])]
    assert [entry.what for entry in entries] == ["file_attached", "ticket_cancelled"]
    for one in entries:
        again = entry_hash(
            n=one.n,
            at_ms=one.at_ms,
            actor=one.actor,
            what=one.what,
            subject=one.subject,
            facts=one.facts,
            previous=one.previous,
        )
        assert again == one.hash
    for lang in ("zh", "en"):
        assert "SHA-256" in members[f"README.{lang}.txt"].decode()
    assert b"13800006021" not in b"".join(members.values())


def test_leaving_the_desk_is_in_the_journal_and_needs_the_right(shop: Shop) -> None:
    ticket_id, _ = packed(shop)
    assert journal(shop)[-1][:2] == ("1003", "evidence_exported")
    number = shop.load(ticket_id).number
    with pytest.raises(RightMissing):
        collect_evidence(shop.desk, shop.senior, number=number, slip_file=plain)
    collect_evidence(shop.desk, shop.actor("9001"), number=number, slip_file=plain)
    with pytest.raises(TicketNotFound):
        collect_evidence(shop.desk, shop.manager, number="nothing", slip_file=plain)


@pytest.mark.req("REQ-CND-09")
def test_whoever_cancelled_for_another_channel_exports_that_pack_and_it_is_noted(shop: Shop) -> None:
    ticket = shop.ticket()
    made = shop.cancel(ticket, Reason.OTHER_CHANNEL, evidence=evidence(Reason.OTHER_CHANNEL))
    assert may_export_evidence(shop.clerk, made.case)
    assert not may_export_evidence(shop.senior, made.case)
    assert may_export_evidence(shop.supervisor, made.case)
    assert not may_export_evidence(shop.clerk, None)
    pack = collect_evidence(shop.desk, shop.clerk, number=ticket.number, slip_file=plain)
    assert "manifest.json" in pack.members
    actor, what, facts = journal(shop)[-1]
    assert (actor, what, facts["because"]) == ("2047", "evidence_exported", "own_case")
    collect_evidence(shop.desk, shop.supervisor, number=ticket.number, slip_file=plain)
    assert "because" not in journal(shop)[-1][2]


def test_no_other_case_gives_a_clerk_the_evidence(shop: Shop) -> None:
    mistaken, ticket = shop.ticket(), shop.ticket()
    assert not may_export_evidence(shop.clerk, shop.cancel(mistaken).case)
    with pytest.raises(RightMissing):
        collect_evidence(shop.desk, shop.clerk, number=mistaken.number, slip_file=plain)
    made = shop.cancel(ticket, Reason.OTHER_CHANNEL, evidence=evidence(Reason.OTHER_CHANNEL))
    technician = replace(shop.clerk, role=Role.TECHNICIAN)
    assert not may_export_evidence(technician, made.case), "who may not cancel any more hands nothing out"
    withdraw_case(shop.desk, shop.clerk, ticket_id=ticket.id)
    with pytest.raises(RightMissing):
        collect_evidence(shop.desk, shop.clerk, number=ticket.number, slip_file=plain)


def test_the_same_members_give_the_same_bytes(shop: Shop) -> None:
    _, pack = packed(shop)
    again = dict(reversed(pack.members.items()))
    assert pack_bytes(pack.members) == pack_bytes(again)


def test_a_pack_written_by_the_program_is_genuine_and_so_is_every_slip_in_it(shop: Shop, tmp_path: Path) -> None:
    ticket = busy(shop)
    cancel_busy(shop, ticket)
    withdraw_case(shop.desk, shop.supervisor, ticket_id=ticket.id)
    path = tmp_path / "evidence.zip"
    save_evidence(shop.opened, shop.supervisor, number=ticket.number, path=path)
    verdict = verify_file(path, trust(shop))
    assert (verdict.outcome, verdict.changed) == (Outcome.GENUINE, ())
    assert verdict.facts["ticket"] == ticket.number
    with zipfile.ZipFile(path) as pack:
        assert pack.testzip() is None
        pdfs = [pack.read(name) for name in pack.namelist() if name.endswith(".pdf")]
    assert len(pdfs) == 2
    assert {verify_bytes(pdf, trust(shop)).outcome for pdf in pdfs} == {Outcome.GENUINE}


def test_a_pack_of_an_unknown_or_revoked_desk_says_so(shop: Shop, tmp_path: Path) -> None:
    _, pack = packed(shop)
    path = tmp_path / "evidence.zip"
    path.write_bytes(pack_bytes(pack.members))
    unknown = verify_pack(path, Trust())
    assert unknown.outcome is Outcome.UNKNOWN_DESK and unknown.facts["fingerprint"]
    own = own_key(shop.opened)
    assert verify_pack(path, Trust((TrustedKey(own.key, own.store, own.desk, revoked=True),))).outcome is (
        Outcome.REVOKED_DESK
    )
    other = Trust((TrustedKey(own.key, "ZZ", own.desk),))
    assert verify_pack(path, other).changed == ("store",)


def test_a_changed_missing_or_added_member_is_named(shop: Shop, tmp_path: Path) -> None:
    _, pack = packed(shop)
    path = tmp_path / "evidence.zip"
    name = "cases/01/read_back.txt"
    for members, named in (
        ({**pack.members, name: b"something else"}, name),
        ({one: content for one, content in pack.members.items() if one != name}, name),
        ({**pack.members, "extra.txt": b"x"}, "extra.txt"),
        ({**pack.members, "manifest.json": pack.members["manifest.json"] + b" "}, "manifest.json"),
    ):
        path.write_bytes(pack_bytes(members))
        verdict = verify_file(path, trust(shop))
        assert (verdict.outcome, verdict.changed) == (Outcome.CHANGED, (named,))


def test_no_byte_of_a_pack_is_free(shop: Shop, tmp_path: Path) -> None:
    _, pack = packed(shop)
    content = pack_bytes(pack.members)
    path = tmp_path / "evidence.zip"
    known = trust(shop)
    for place in (*range(0, len(content), 97), *range(len(content) - 60, len(content))):
        changed = bytearray(content)
        changed[place] ^= 0x01
        path.write_bytes(bytes(changed))
        assert verify_pack(path, known).outcome in (Outcome.CHANGED, Outcome.UNREADABLE), place
    for other in (content + b"\0", b"x" + content, content[:-1]):
        path.write_bytes(other)
        assert verify_pack(path, known).outcome in (Outcome.CHANGED, Outcome.UNREADABLE)


@pytest.mark.parametrize("kind", ["packed", "double", "empty", "other", "cut"])
def test_any_other_zip_is_no_pack(tmp_path: Path, kind: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if kind == "packed" else zipfile.ZIP_STORED) as pack:
        if kind == "double":
            with pytest.warns(UserWarning, match="Duplicate"):
                for _ in range(2):
                    pack.writestr("manifest.json", b"{}")
        elif kind != "empty":
            pack.writestr("manifest.json", b"[]" if kind == "other" else b"{}" * 1000)
    path = tmp_path / "x.zip"
    path.write_bytes(out.getvalue()[:40] if kind == "cut" else out.getvalue())
    assert verify_pack(path, Trust()).outcome is Outcome.UNREADABLE
