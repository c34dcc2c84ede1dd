"""Files of tickets on a real store: what is taken in, how it is kept, and that it comes out as it went in."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from store_desk.domain.attachments import AttachmentKind, kind_of, safe_name
from store_desk.domain.errors import (
    AttachmentMissing,
    AttachmentUnsuitable,
    DomainError,
    FileTooLarge,
    RightMissing,
    TicketNotFound,
)
from store_desk.domain.reasons import Reason
from store_desk.services.attachments import MIB, attach, evidence_value, list_attachments, read_attachment
from store_desk.services.reopen import reopen_ticket
from store_desk.services.rules import change_setting
from store_desk.store import open_store
from store_desk.store.backup import backup, restore
from tests.services.given import evidence, journal
from tests.shop import Shop

PHOTO = b"\xff\xd8\xff\xe0" + b"leak" * 50
PDF = b"%PDF-1.7\n" + b"x" * 80


@pytest.mark.req("REQ-EVD-01")
def test_a_file_is_kept_with_its_hash_who_and_when(shop: Shop) -> None:
    ticket = shop.ticket()
    made = attach(shop.desk, shop.clerk, ticket_id=ticket.id, name="C:\\fotos\\漏水.jpg", content=PHOTO)
    assert (made.name, made.kind, made.size) == ("漏水.jpg", AttachmentKind.PHOTO, len(PHOTO))
    assert (made.hash, made.added_by, made.added_at) == (hashlib.sha256(PHOTO).hexdigest(), "2047", shop.clock())
    assert list_attachments(shop.desk, shop.clerk, ticket_id=ticket.id) == (made,)
    assert read_attachment(shop.desk, shop.clerk, attachment_id=made.id) == (made, PHOTO)
    who, what, facts = journal(shop)[-1]
    assert (who, what, facts["sha256"]) == ("2047", "file_attached", made.hash)
    assert made.hash in evidence_value(made)


def test_the_same_file_twice_is_one_attachment(shop: Shop) -> None:
    ticket = shop.ticket()
    once = attach(shop.desk, shop.clerk, ticket_id=ticket.id, name="a.jpg", content=PHOTO)
    assert attach(shop.desk, shop.clerk, ticket_id=ticket.id, name="b.jpg", content=PHOTO) == once


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PHOTO, AttachmentKind.PHOTO),
        (b"\x89PNG\r\n\x1a\n12345678", AttachmentKind.PHOTO),
        (b"\x00\x00\x00\x18ftypheic0000", AttachmentKind.PHOTO),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", AttachmentKind.AUDIO),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", AttachmentKind.PHOTO),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", AttachmentKind.AUDIO),
        (b"\xff\xfb\x90\x64" + b"\0" * 12, AttachmentKind.AUDIO),
        (b"\x00\x00\x00\x18ftypM4A 0000", AttachmentKind.AUDIO),
        (PDF, AttachmentKind.DOCUMENT),
        (b"MZ\x90\x00" + b"\0" * 12, None),
        (b"<html><script>ab", None),
        (b"\xff\xfeh\x00i\x00", None),
        (b"", None),
    ],
)
def test_the_content_decides_what_a_file_is(content: bytes, kind: AttachmentKind | None) -> None:
    assert kind_of(content[:16]) is kind


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"content": b"MZ not a photo at all"}, AttachmentUnsuitable),
        ({"content": b""}, AttachmentUnsuitable),
        ({"kind": AttachmentKind.AUDIO}, AttachmentUnsuitable),
        ({"ticket_id": "f" * 32}, TicketNotFound),
        ({"content": PHOTO + b"\0" * MIB}, FileTooLarge),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    shop: Shop, how: dict[str, Any], refusal: type[DomainError]
) -> None:
    ticket = shop.ticket()
    change_setting(shop.desk, shop.manager, name="policy.attachment_max_mib", value="1")
    before = len(journal(shop))
    with pytest.raises(refusal):
        attach(shop.desk, shop.clerk, **({"ticket_id": ticket.id, "name": "a.jpg", "content": PHOTO} | how))
    assert list_attachments(shop.desk, shop.clerk, ticket_id=ticket.id) == ()
    assert len(journal(shop)) == before


def test_an_auditor_reads_and_adds_nothing(shop: Shop) -> None:
    ticket = shop.ticket()
    with pytest.raises(RightMissing):
        attach(shop.desk, shop.actor("9001"), ticket_id=ticket.id, name="a.jpg", content=PHOTO)
    with pytest.raises(AttachmentMissing):
        read_attachment(shop.desk, shop.clerk, attachment_id="nothing")


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET hash = hash"])
@pytest.mark.parametrize("table", ["attachment", "attachment_content"])
def test_the_database_itself_keeps_attachments_as_they_are(shop: Shop, table: str, statement: str) -> None:
    attach(shop.desk, shop.clerk, ticket_id=shop.ticket().id, name="a.jpg", content=PHOTO)
    with pytest.raises((DomainError, Exception), match="attachment"), shop.opened.store.work() as uow:
        uow.connection.execute(statement.format(table))  # type: ignore[attr-defined]


@pytest.mark.req("REQ-EVD-06")
def test_linked_tickets_are_given_the_files(shop: Shop) -> None:
    old = shop.ticket()
    made = attach(shop.desk, shop.clerk, ticket_id=old.id, name="a.jpg", content=PHOTO)
    done = shop.cancel(old, Reason.WRONG_INFORMATION, evidence=evidence(Reason.WRONG_INFORMATION))
    again = reopen_ticket(shop.desk, shop.clerk, ticket_id=old.id, note="又漏水")
    with shop.desk.read() as uow:
        (corrected,) = uow.tickets.by_number(done.linked_number)
    for ticket_id in (corrected.id, again.ticket.id):
        (handed,) = list_attachments(shop.desk, shop.clerk, ticket_id=ticket_id)
        assert (handed.hash, handed.added_by, handed.added_at) == (made.hash, made.added_by, made.added_at)
        assert read_attachment(shop.desk, shop.clerk, attachment_id=handed.id)[1] == PHOTO


def test_a_backup_brings_the_files_along_and_the_disk_shows_nothing_of_them(shop: Shop, tmp_path: Path) -> None:
    secret = PDF + b"the-customers-own-words"
    made = attach(shop.desk, shop.clerk, ticket_id=shop.ticket().id, name="a.pdf", content=secret)
    for file in shop.folder.rglob("*"):
        assert not file.is_file() or b"the-customers-own-words" not in file.read_bytes()
    out = tmp_path / "all.backup"
    backup(shop.opened.store, out, passphrase="a long passphrase", now=shop.clock())
    assert b"the-customers-own-words" not in out.read_bytes()
    restore(out, tmp_path / "back", passphrase="a long passphrase")
    store = open_store(tmp_path / "back")
    with store.read() as uow:
        assert uow.attachments.content(made.hash) == secret
    store.close()


def test_names_lose_what_a_file_system_could_take_for_something_else() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name('a<b>:"|?*.jpg') == "a_b______.jpg"
    assert safe_name("..") == "file"
    long = safe_name("长" * 300 + ".jpeg")
    assert len(long) == 120 and long.endswith(".jpeg")


def test_cancelling_stays_fast_beside_large_files(shop: Shop) -> None:
    for place in range(3):
        content = PHOTO + bytes([place]) * (20 * MIB)
        attach(shop.desk, shop.clerk, ticket_id=shop.ticket().id, name="big.jpg", content=content)
    tickets = [shop.ticket() for _ in range(5)]
    took = []
    for ticket in tickets:
        began = time.perf_counter()
        shop.cancel(ticket)
        took.append(time.perf_counter() - began)
    # Seconds would mean that lists or writes read the files.
    assert min(took) < 0.5
