"""Pictures of every slip on every paper, drawn as they are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QImage

from store_desk.app.demo import make_demo
from store_desk.app.printing import draw_slip
from store_desk.app.wiring import open_desk
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.slip import Copy, Paper, SlipData, Stroke
from store_desk.domain.staff import Actor
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.desk import Desk
from store_desk.services.draft_slip import draft_slip
from store_desk.services.look_up import find_tickets
from store_desk.services.slips import slip_of
from store_desk.services.withdraw import withdraw_case
from tests.pictures.outcome_slips import OUTCOME_KINDS, outcome_slips
from tests.pictures.screens import scene_clock

# Enough to read the smallest type of the roll.
DPI: Final = 160
CLERK: Final = Actor("2047", "林晓雨", Role.CLERK, "Lin Xiaoyu")
SUPERVISOR: Final = Actor("1003", "陈国栋", Role.SUPERVISOR, "Chen Guodong")
STROKES: Final[tuple[Stroke, ...]] = tuple(
    tuple((0.3 + 0.14 * n + 0.01 * s, 0.12 + 0.05 * ((s * 3 + n) % 4), 0.6, 20 * s) for s in range(10))
    for n in range(3)
)
KINDS: Final = ("customer", "store", "store-reprint", "draft", "void", "phone", "phone-draft", *OUTCOME_KINDS)


def names() -> list[str]:
    """The names of all pictures, without their ending."""
    return [f"13-slip-{paper.value}-{kind}" for paper in Paper for kind in KINDS]


def take_slips(out: Path, work: Path, *, only: str) -> list[str]:
    """Draws the slips whose name begins with `only`; answers their file names."""
    wanted = [name for name in names() if name.startswith(only)]
    if not wanted:
        return []
    folder = work / "slips"
    make_demo(folder, now=scene_clock)
    opened = open_desk(folder, now=scene_clock)
    try:
        slips = _slips(opened.desk)
    finally:
        opened.close()
    taken: list[str] = []
    for paper in Paper:
        for kind, (data, copy, reprint, draft) in slips.items():
            name = f"13-slip-{paper.value}-{kind}"
            if name in wanted:
                taken += _save(out, name, draw_slip(data, paper, (copy,), reprint, draft))
    return taken


def _slips(desk: Desk) -> dict[str, tuple[SlipData, Copy, int, bool]]:
    counter = _command(desk, "NK7-25A-0091874", "6021", Channel.COUNTER)
    phone = _command(desk, "HIH4-25B-0210055", "3595", Channel.PHONE)
    drafts = (draft_slip(desk, CLERK, counter), draft_slip(desk, CLERK, phone))
    by_phone = cancel_ticket(desk, CLERK, phone).slip.number
    done = cancel_ticket(desk, CLERK, counter)
    void = withdraw_case(desk, CLERK, ticket_id=counter.ticket_id).slip
    if void is None:
        raise RuntimeError("taking it back left no slip")
    written = slip_of(desk, CLERK, number=done.slip.number).data
    shown = slip_of(desk, CLERK, number=by_phone).data
    withdraw_case(desk, CLERK, ticket_id=phone.ticket_id)
    outcomes = outcome_slips(desk, counter, phone)
    return {
        "customer": (written, Copy.CUSTOMER, 0, False),
        "store": (written, Copy.STORE, 0, False),
        "store-reprint": (written, Copy.STORE, 1, False),
        "draft": (drafts[0], Copy.CUSTOMER, 0, True),
        "void": (slip_of(desk, CLERK, number=void.number).data, Copy.CUSTOMER, 0, False),
        "phone": (shown, Copy.CUSTOMER, 0, False),
        "phone-draft": (drafts[1], Copy.CUSTOMER, 0, True),
        **{kind: (outcomes[kind], Copy.CUSTOMER, 0, False) for kind in OUTCOME_KINDS},
    }


def _command(desk: Desk, serial: str, last4: str, channel: Channel) -> CancelTicket:
    found = find_tickets(desk, CLERK, text=serial)
    # Of two tickets for the same thing, the one with more at stake.
    ticket = max((line.ticket for line in found.lines), key=lambda ticket: ticket.compensation_minor)
    by_phone = channel is Channel.PHONE
    second = ((IdentityKind.ORDER_NUMBER, ticket.order_number),) if by_phone else ()
    consent = Consent(Grade.PHONE, reference="R-260514-0917") if by_phone else Consent(Grade.COUNTER)
    values: dict[str, Any] = {
        "ticket_id": ticket.id,
        "reason": Reason.SELF_RESOLVED,
        "channel": channel,
        "note": "赠品已收到" if by_phone else "清理门封圈异物后不再漏水",
        "identity": ((IdentityKind.PHONE_LAST4, last4), *second),
        "consent": consent,
        "strokes": () if by_phone else STROKES,
        "settlement": "later" if by_phone else "cash",
        "approver": SUPERVISOR,
    }
    return CancelTicket(**values)


def _save(out: Path, name: str, pdf: bytes) -> list[str]:
    from pypdfium2 import PdfDocument
    from pypdfium2.raw import FPDFBitmap_BGRA

    document = PdfDocument(pdf)
    taken: list[str] = []
    for number in range(len(document)):
        page = f"-page{number + 1}" if number else ""
        bitmap = document[number].render(scale=DPI / 72, rev_byteorder=True, force_bitmap_format=FPDFBitmap_BGRA)
        picture = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBA8888)
        picture.save(str(out / f"{name}{page}.png"))
        taken.append(f"{name}{page}.png")
    document.close()
    return taken
