"""A photo for the evidence of a cancellation: kept with the ticket, named in the field with its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pytestqt.qtbot import QtBot

from store_desk.domain.reasons import Reason
from store_desk.services.attachments import list_attachments
from store_desk.ui.cancel.sheet import CancelSheet
from tests.ui.cancel.scene import CLERK, Scene, ticket_at

PHOTO = b"\xff\xd8\xff\xe0" + b"leak" * 50


def test_a_chosen_photo_is_kept_and_named_with_its_hash(shop: Scene, qtbot: QtBot, tmp_path: Path) -> None:
    ticket = ticket_at(1)
    shop.add(ticket)
    sheet = CancelSheet(shop.bench, ticket.id)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.waitUntil(lambda: sheet.work.opening is not None)
    sheet.on_entered({"reason": Reason.NOT_GENUINE})
    fields = sheet.reasons.evidence
    qtbot.waitUntil(lambda: bool(fields.files))
    (button,) = fields.files
    wrong = tmp_path / "wrong.jpg"
    wrong.write_bytes(b"MZ" + bytes(40))
    button.take(str(wrong))
    qtbot.waitUntil(lambda: bool(button.toolTip()))
    assert "wrong.jpg" in button.toolTip()
    photo = tmp_path / "leak.jpg"
    photo.write_bytes(PHOTO)
    button.take(str(photo))
    qtbot.waitUntil(lambda: bool(sheet.work.entries.evidence_of("photo")))
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert sheet.work.entries.evidence_of("photo") == f"leak.jpg sha256:{digest}" == fields.edits["photo"].text()
    (kept,) = list_attachments(shop.desk, CLERK, ticket_id=ticket.id)
    assert kept.hash == digest
