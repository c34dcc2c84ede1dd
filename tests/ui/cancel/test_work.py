"""The work behind the sheet: plan, draft, approval and the one confirmation, on a real store."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from store_desk.domain.case import CaseState
from store_desk.domain.consent import Channel
from store_desk.domain.errors import DomainError, WrongPin
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.slip import Stroke
from store_desk.services.cancel import Cancelled
from store_desk.services.drafts import draft_of
from store_desk.ui.cancel.entries import Entries, draft_text, entries_from_draft
from store_desk.ui.cancel.missing import Missing, Section
from store_desk.ui.cancel.work import CancelWork
from tests.ui.cancel.scene import SUPERVISOR_PIN, Scene, ticket_at

SIGNED: tuple[Stroke, ...] = (((0.1, 0.2, 0.5, 0), (0.4, 0.3, 0.6, 200), (0.8, 0.2, 0.4, 500)),)
LAST4 = ((IdentityKind.PHONE_LAST4, "6021"),)


def opened(shop: Scene, qtbot: QtBot, level: int) -> tuple[CancelWork, QObject]:
    """The work on a ticket of this level, opened; the owner has to be kept."""
    shop.add(ticket_at(level))
    owner = QObject()
    work = CancelWork(shop.bench, ticket_at(level).id, owner)
    with qtbot.waitSignal(work.opened):
        work.open()
    qtbot.waitUntil(lambda: work.view is not None)
    return work, owner


def codes(missing: tuple[Missing, ...]) -> list[str]:
    return [item.code for item in missing]


def test_what_is_missing_is_listed_first_things_first(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 4)
    assert codes(work.missing()) == ["identity", "reason"]
    work.enter(answers=LAST4, reason=Reason.SELF_RESOLVED)
    qtbot.waitUntil(lambda: work.plan is not None)
    assert codes(work.missing()) == ["note", "settlement", "rights", "approval", "signature"]
    assert [item.section for item in work.missing()][-1] is Section.CONSENT


def test_a_plain_ticket_is_cancelled_once_by_two_confirmations(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 1)
    work.enter(answers=LAST4, reason=Reason.MISTAKE, rights_told=True)
    qtbot.waitUntil(lambda: work.plan is not None)
    work.enter(strokes=SIGNED)
    assert work.is_complete()
    done: list[Cancelled] = []
    work.cancelled.connect(done.append)
    work.confirm()
    work.confirm()
    qtbot.waitUntil(lambda: bool(done))
    with shop.desk.read() as uow:
        cases = uow.cases.of_ticket(work.ticket_id)
    assert [case.state for case in cases] == [CaseState.CONFIRMED]
    assert draft_of(shop.desk, ticket_id=work.ticket_id) is None


def test_a_change_of_the_read_back_text_takes_the_signature_back(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 1)
    work.enter(answers=LAST4, reason=Reason.MISTAKE, rights_told=True)
    qtbot.waitUntil(lambda: work.plan is not None)
    work.enter(strokes=SIGNED)
    with qtbot.waitSignal(work.text_changed):
        work.enter(note="其实是按错了")
    assert codes(work.missing()) == ["signature"]


def test_a_ticket_that_moves_meanwhile_keeps_entries_and_unchecks_money_and_approval(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 4)
    work.enter(
        answers=LAST4, reason=Reason.SELF_RESOLVED, note="清理门封圈后不再漏水", settlement="cash", rights_told=True
    )
    qtbot.waitUntil(lambda: work.plan is not None and not work._waiting)
    with qtbot.waitSignal(work.approved, timeout=15_000):
        work.approve("1003", SUPERVISOR_PIN)
    assert codes(work.missing()) == ["signature"]
    shop.change(work.ticket_id, compensation_minor=15_000)
    with qtbot.waitSignal(work.moved):
        work.ask_plan()
    assert codes(work.missing()) == ["settlement", "rights", "approval", "signature"]
    assert work.entries.note == "清理门封圈后不再漏水"


def test_confirming_a_moved_ticket_changes_nothing_and_shows_the_new_plan(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 1)
    work.enter(answers=LAST4, reason=Reason.MISTAKE, rights_told=True)
    qtbot.waitUntil(lambda: work.plan is not None)
    work.enter(strokes=SIGNED)
    shop.change(work.ticket_id, description="又响了")
    with qtbot.waitSignal(work.moved):
        work.confirm()
    with shop.desk.read() as uow:
        assert uow.cases.of_ticket(work.ticket_id) == []
    assert not work.busy


def test_a_wrong_pin_approves_nothing(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 4)
    work.enter(reason=Reason.SELF_RESOLVED)
    qtbot.waitUntil(lambda: work.plan is not None)
    refused: list[DomainError] = []
    work.pin_refused.connect(refused.append)
    work.approve("1003", "111222")
    qtbot.waitUntil(lambda: bool(refused), timeout=15_000)
    assert isinstance(refused[0], WrongPin)
    assert work.approver is None


def test_the_draft_is_what_was_entered_and_nothing_secret(shop: Scene, qtbot: QtBot) -> None:
    work, _owner = opened(shop, qtbot, 4)
    with qtbot.waitSignal(work.drafts.saved):
        work.enter(answers=LAST4, reason=Reason.SELF_RESOLVED, note="清理后好了", strokes=SIGNED, channel=Channel.PHONE)
    draft = draft_of(shop.desk, ticket_id=work.ticket_id)
    assert draft is not None
    assert entries_from_draft(draft.body) == work.entries
    again = CancelWork(shop.bench, work.ticket_id, _owner)
    with qtbot.waitSignal(again.opened):
        again.open()
    assert again.entries == work.entries
    assert SUPERVISOR_PIN not in draft.body


def test_a_torn_draft_is_no_obstacle() -> None:
    assert entries_from_draft(draft_text(Entries())) == Entries()
    for text in ("", "{", "[]", '{"channel":"pigeon"}', '{"note":7}'):
        try:
            entries_from_draft(text)
        except ValueError:
            continue
        raise AssertionError(text)
