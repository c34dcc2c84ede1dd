"""The walks through the program, one for each group of screens, each from the desk back to the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.resources import resource
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.services.look_up import find_tickets
from store_desk.services.rules import change_setting
from store_desk.ui.settings.page import KINDS
from tests.pictures import papers
from tests.pictures.hands import ALT, CTRL, Hands

CLERK, MANAGER, SUPERVISOR = "2047", "1001", "1003"
# Nobody listens there: printing fails as with a printer that is switched off.
NO_PRINTER = "ipp://127.0.0.1:9/ipp/print"
# Tickets of the scene by what a clerk would type: level 3 and level 5.
TELEVISION, DESK = "哈登 55", "奥达 胡桃木"
# The serial number of the scene's main ticket (level 4, a visit today); it has a second ticket beside it.
WASHER_SERIAL = "NK7-25A-0091874"
GO_ON_MAX = 16


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk, who does it, and the names of the pictures it takes."""

    names: tuple[str, ...]
    who: str
    go: Callable[[Hands, dict[str, str]], None]


def desk(hands: Hands, pins: dict[str, str]) -> None:
    """The desk with its groups, with results, and with none."""
    hands.snap("01-desk")
    hands.press(Qt.Key.Key_F2)
    hands.write("6021")
    hands.settle()
    hands.snap("01-desk-search")
    hands.window.top.search.clear()
    hands.write("8842 7700 1129")
    hands.settle()
    hands.snap("01-desk-no-result")
    hands.window.top.search.clear()
    hands.settle()
    hands.snap("01-desk-cleared")
    for product, name in (
        ("哈登 3.1", "01-desk-cancelled"),
        ("北岸 除湿机", "01-desk-closed"),
        (DESK, "01-desk-confirm"),
    ):
        if hands.wants(name):
            hands.find(product)
            hands.snap(name)
    hands.window.top.search.clear()
    hands.settle()


def commands(hands: Hands, pins: dict[str, str]) -> None:
    """The palette and the page of keys."""
    hands.press(Qt.Key.Key_K, CTRL)
    hands.settle()
    hands.snap("12-commands")
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F1)
    hands.settle()
    hands.snap("12-keys")
    hands.press(Qt.Key.Key_Escape)
    hands.settle()


def counter(hands: Hands, pins: dict[str, str]) -> None:
    """At the counter: as opened, a wrong answer, with a reason, unhappy, by phone; then kept as a draft."""
    hands.open_sheet(washer(hands))
    hands.snap("02-cancel-opened")
    hands.write("1111")
    hands.settle()
    hands.snap("02-cancel-wrong-identity")
    hands.write("6021")
    hands.settle()
    hands.press(Qt.Key.Key_F3)
    hands.write("1")
    hands.settle()
    hands.snap("02-cancel-counter")
    hands.press(Qt.Key.Key_F3)
    hands.write("5")
    hands.settle()
    hands.snap("02-cancel-unhappy-offer")
    hands.press(Qt.Key.Key_F3)
    hands.write("0")
    hands.settle()
    hands.snap("02-cancel-other")
    hands.press(Qt.Key.Key_F3)
    hands.write("0")
    hands.settle()
    hands.write("1")
    hands.settle()
    hands.press(Qt.Key.Key_P, ALT)
    hands.settle()
    hands.snap("02-cancel-phone")
    hands.press(Qt.Key.Key_C, ALT)
    hands.settle()
    hands.leave_sheet()
    hands.snap("01-desk-draft")


def customer_screen(hands: Hands, pins: dict[str, str]) -> None:
    """The screen turned to the customer."""
    papers.customer(hands, pins, number=washer(hands))


def level_five(hands: Hands, pins: dict[str, str]) -> None:
    """Work that waits for the customer's confirmation: asks whether the result is the reason."""
    hands.open_sheet(DESK)
    hands.write("3768")
    hands.settle()
    hands.snap("02-cancel-confirm")
    hands.leave_sheet()


def ready(hands: Hands, pins: dict[str, str]) -> None:
    """Everything done, confirmed, printed into the demonstration's folder, and taken back."""
    hands.open_sheet(washer(hands))
    do_missing(hands, pins, identity="6021", digit="1")
    hands.snap("02-cancel-ready")
    confirm(hands)
    hands.snap("03-success-confirmed")
    hands.press(Qt.Key.Key_Z, CTRL)
    hands.settle()
    hands.snap("03-success-undo-asked")
    hands.press(Qt.Key.Key_Return)
    hands.settle()
    hands.snap("03-success-undone")
    hands.press(Qt.Key.Key_Return)
    hands.settle()


def printer_error(hands: Hands, pins: dict[str, str]) -> None:
    """A printer that does not answer: the ticket is cancelled all the same, the slip is owed."""
    bench = hands.program.bench
    manager = Actor(MANAGER, "赵文", Role.MANAGER, "Zhao Wen")
    change_setting(bench.desk, manager, name="printer.a5", value=json.dumps(NO_PRINTER))
    hands.open_sheet(TELEVISION)
    do_missing(hands, pins, identity="4027", digit="4")
    confirm(hands)
    hands.settle()
    hands.snap("03-success-printer-error")
    hands.press(Qt.Key.Key_Return)
    hands.settle()
    hands.snap("01-desk-slip-owed")
    change_setting(bench.desk, manager, name="printer.a5", value=json.dumps(""))
    hands.window.printers.look()


def settings(hands: Hands, pins: dict[str, str]) -> None:
    """Every section of the settings."""
    hands.press(Qt.Key.Key_2, CTRL)
    hands.settle()
    sections = hands.window._settings.side.sections
    for _ in range(len(KINDS)):
        # An earlier walk may have left another section open.
        sections.setFocus()
        hands.press(Qt.Key.Key_Up)
    for number, key in enumerate(KINDS):
        if number:
            hands.window._settings.side.sections.setFocus()
            hands.press(Qt.Key.Key_Down)
        name = f"10-settings-{key}"
        if hands.wants(name):
            hands.settle()
            hands.snap(name)
    hands.press(Qt.Key.Key_1, CTRL)
    hands.settle()


def bring_in(hands: Hands, pins: dict[str, str]) -> None:
    """The import's four steps with the sample that ships."""
    hands.window.go_import()
    hands.settle()
    page = hands.window._import
    hands.snap("11-import-choose")
    page.look_at(resource("sample", "open_repair.csv"))
    hands.wait(lambda: page.flow.shape is not None and page.flow.doing.name == "NOTHING", "the file's columns")
    hands.snap("11-import-match")
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.wait(lambda: page.flow.step.name == "CHECK" and page.flow.doing.name == "NOTHING", "the check")
    hands.snap("11-import-check")
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.wait(lambda: page.flow.done is not None, "the import")
    hands.snap("11-import-done")
    hands.press(Qt.Key.Key_Escape)
    hands.settle()


def locked(hands: Hands, pins: dict[str, str]) -> None:
    """Locked in the middle of a cancellation."""
    hands.open_sheet(washer(hands))
    hands.settle()
    hands.lock()
    hands.snap("09-lock")
    hands.sign_in(CLERK, pins[CLERK])
    hands.leave_sheet()


def approvals(hands: Hands, pins: dict[str, str]) -> None:
    """A request that a clerk sent to Approvals: the question, declining, the exceptions, and where it is waited for."""
    bench, clerk = hands.program.bench, Actor(CLERK, "林晓雨", Role.CLERK, "Lin Xiaoyu")
    number = washer(hands)
    ticket = find_tickets(bench.desk, clerk, text=number).lines[0].ticket
    asked = CancelTicket(
        ticket.id,
        Reason.SELF_RESOLVED,
        evidence=(("how", "自己清理了过滤网"),),
        identity=((IdentityKind.PHONE_LAST4, ticket.phone[-4:]),),
        consent=Consent(Grade.PAPER),
        park=True,
    )
    cancel_ticket(bench.desk, clerk, asked)
    hands.window.supervision.look()
    hands.wait(lambda: hands.window.places.has("approvals"), "the place on the rail")
    hands.window.go_place("approvals")
    page = hands.window.places.made("approvals")
    hands.wait(lambda: page.request.case_id() != "", "the request")
    hands.settle()
    hands.snap("05-approvals")
    hands.press(Qt.Key.Key_D)
    hands.settle()
    hands.snap("05-approvals-decline")
    hands.press(Qt.Key.Key_Escape)
    page.show_tab("exceptions")
    hands.settle()
    hands.snap("05-exceptions")
    hands.window.open_ticket(ticket.id)
    hands.settle()
    hands.window.desk.detail.why.on_ask()
    hands.wait(lambda: hands.window.desk.detail.why.panel.isVisible(), "why it is still active")
    hands.snap("05-why-active")
    hands.window.go_desk()
    hands.settle()


def washer(hands: Hands) -> str:
    """The number of the main ticket, as on its label."""
    bench = hands.program.bench
    found = find_tickets(bench.desk, bench.session.actor, text=WASHER_SERIAL)
    return max((line.ticket for line in found.lines), key=lambda ticket: ticket.compensation_minor).number


def do_missing(hands: Hands, pins: dict[str, str], *, identity: str, digit: str) -> None:
    """Does what the footer names, one thing after the other, until all is set."""
    for _ in range(GO_ON_MAX):
        hands.settle()
        missing = [item.code for item in hands.sheet.work.missing()]
        if not missing:
            return
        hands.sheet.setFocus()
        hands.press(Qt.Key.Key_Return)
        _do(hands, pins, missing[0], identity=identity, digit=digit)
    raise RuntimeError(f"still missing: {missing}")


def _do(hands: Hands, pins: dict[str, str], code: str, *, identity: str, digit: str) -> None:
    if code == "identity":
        hands.write(identity)
        # Whether it is right comes from the store; what is typed before that would go to the next field.
        hands.wait(lambda: all(item.code != "identity" for item in hands.sheet.work.missing()), "the identity")
    elif code == "reason":
        hands.write(digit)
    elif code == "approval":
        hands.write(pins[SUPERVISOR])
        hands.wait(lambda: hands.sheet.work.approver is not None, "the approval")
    elif code == "signature":
        hands.sign()
    elif code == "result":
        hands.press(Qt.Key.Key_Right)
    elif code == "note":
        hands.write("door seal cleaned")
    else:
        hands.press(Qt.Key.Key_Space)


def confirm(hands: Hands) -> None:
    """Ctrl Enter, and the success sheet with what was printed."""
    sheet = hands.sheet
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.wait(lambda: hands.sheet is not None and hands.sheet is not sheet, "the success sheet")
    hands.settle()
    hands.settle()


# What changes the store comes last, so that the walks before it find the scene untouched.
WALKS: Final = (
    Walk(("01-desk", "01-desk-search", "01-desk-no-result", "01-desk-cleared", "01-desk-cancelled",
          "01-desk-closed", "01-desk-confirm"), CLERK, desk),
    Walk(("12-commands", "12-keys"), CLERK, commands),
    Walk(("02-cancel-opened", "02-cancel-wrong-identity", "02-cancel-counter", "02-cancel-unhappy-offer",
          "02-cancel-other", "02-cancel-phone", "01-desk-draft"), CLERK, counter),
    Walk(("02-cancel-confirm",), CLERK, level_five),
    Walk(("09-lock",), CLERK, locked),
    Walk(papers.CUSTOMER, CLERK, customer_screen),
    Walk(("02-cancel-ready", "03-success-confirmed", "03-success-undo-asked", "03-success-undone"), CLERK, ready),
    Walk(("03-success-printer-error", "01-desk-slip-owed"), CLERK, printer_error),
    Walk(papers.VERIFY, CLERK, papers.verify),
    Walk(papers.FILES, SUPERVISOR, papers.files),
    Walk(papers.DEVICES, MANAGER, papers.devices),
    Walk(tuple(f"10-settings-{key}" for key in KINDS), MANAGER, settings),
    Walk(("05-approvals", "05-approvals-decline", "05-exceptions", "05-why-active"), SUPERVISOR, approvals),
    Walk(("11-import-choose", "11-import-match", "11-import-check", "11-import-done"), MANAGER, bring_in),
)  # fmt: skip
