"""The ticket: what its state demands, why it cannot be cancelled, reopening, undoing, phones, events, languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from store_desk.domain.ticket import Review, Work
from store_desk.services.ports import Draft
from store_desk.services.reopen import reopen_ticket
from store_desk.ui.look.theme import THEME
from tests.ui.desk.scene import NOW, SIZE_1366, SMALLEST, SUPERVISOR, TECHNICIAN, Scene

CHINESE = re.compile(r"[一-鿿]")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")

VISIT = "SO-88421907"
SOFIA = "SO-88399314"
TOM = "SO-88380120"
DONE = "SO-88355002"
REJECTED = "SO-88360087"
FRESH = "SO-88421555"


def _open_wang(desk: Scene) -> str:
    model = desk.page.list.model
    found = next(r.line.ticket for r in model.rows() if r.line is not None and r.line.ticket.facts.visit is not None)
    desk.page.open_ticket_id(found.id)
    desk.qtbot.waitUntil(lambda: desk.page.detail.ticket_id() == found.id)
    return found.id


def test_a_booked_visit_names_its_time_and_everything_that_cancelling_takes(desk_en: Scene) -> None:
    desk_en.start()
    ticket_id = _open_wang(desk_en)
    panel = desk_en.page.detail.panel
    assert panel.why() == (
        "Technician booked for 15:00 today. "
        "Cancelling now tells dispatch to stop the visit and needs a supervisor’s approval."
    )
    assert panel.chips() == ["Dispatch told", "Supervisor PIN", "Collect back ¥120.00", "Recall door seal, 1"]
    desk_en.page.cancel_current()
    assert desk_en.told.cancels == [ticket_id]


def test_a_fresh_ticket_cancels_at_once_and_without_approval(desk: Scene) -> None:
    desk.start()
    desk.open(FRESH)
    assert desk.page.detail.panel.why() == "还没有审核. 现在撤销：立即生效，无需批准。"
    assert desk.page.detail.panel.chips() == []


def test_what_a_clerk_needs_a_supervisor_for_the_supervisor_does_alone(desk: Scene) -> None:
    desk.start()
    desk.open("SO-88420417")
    assert "主管 PIN" in desk.page.detail.panel.chips()
    desk.bench.session.actor = SUPERVISOR
    desk.page.detail.reread()
    assert "主管 PIN" not in desk.page.detail.panel.chips()


def test_a_review_that_took_too_long_needs_a_supervisor(desk: Scene) -> None:
    desk.start()
    desk.open("SO-88410002")
    assert desk.page.detail.panel.chips() == ["通知审核人", "主管 PIN"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (DONE, "Closed, cannot be cancelled. If the problem is still there"),
        (REJECTED, "Rejected, cannot be cancelled. The customer may object"),
        (TOM, "Cancelled on 14 May 11:02 by Fang Yuan. Slip XH2-26-S000001-"),
    ],
)
def test_where_cancelling_is_not_possible_the_panel_says_why_and_what_to_do(
    desk_en: Scene, order: str, why: str
) -> None:
    desk_en.start()
    desk_en.open(order)
    desk_en.page.cancel_current()
    assert desk_en.told.cancels == []
    assert desk_en.page.detail.panel.why().startswith(why)
    button = desk_en.page.detail.panel.main_button()
    assert button is not None
    assert button.text() == "Reopen…"
    assert not any("F8" in keys for keys, _ in desk_en.page.hints())


def test_a_role_that_may_not_cancel_is_told_so(desk: Scene) -> None:
    desk.bench.session.actor = TECHNICIAN
    desk.start()
    desk.open(FRESH)
    assert desk.page.detail.panel.why() == "您的岗位（技师）不能撤销工单. 请店员或主管办理。"
    desk.page.cancel_current()
    assert desk.told.cancels == []


def test_a_draft_is_marked_in_the_row_and_gone_on_with(desk: Scene) -> None:
    ticket_id = desk.id_of(SOFIA)
    with desk.bench.desk.work() as uow:
        uow.drafts.put(Draft(ticket_id, "2047", "{}", NOW))
    desk.start()
    desk.open(SOFIA)
    model = desk.page.list.model
    text = model.text(model.place_of(ticket_id))
    assert text is not None
    assert text.draft == "草稿"
    button = desk.page.detail.panel.main_button()
    assert button is not None
    assert button.text() == "继续撤销…"


def test_a_closed_ticket_is_reopened_with_a_note_in_place(desk: Scene) -> None:
    desk.start()
    old = desk.open(DONE)
    panel = desk.page.detail.panel
    panel.open_reopen()
    note = panel._note.note
    desk.qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert panel._note.trouble.text() == "请先写一句原因。"
    desk.qtbot.keyClicks(note, "still wet")
    desk.qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: bool(desk.told.reopens))
    made = desk.ticket(desk.told.reopens[0])
    assert made.facts.reopens == desk.ticket(old).number
    assert made.review is Review.PENDING_REVIEW
    assert made.description.startswith("still wet")
    desk.qtbot.waitUntil(lambda: desk.page.detail.ticket_id() == made.id)
    assert panel.form() == ""
    assert desk.page.detail.story.event_titles()[0] == f"重开自 {desk.ticket(old).number}"


def test_reopening_twice_is_refused_in_the_form_with_the_number_of_the_first(desk: Scene) -> None:
    desk.start()
    old = desk.open(DONE)
    first = reopen_ticket(desk.bench.desk, desk.bench.session.actor, ticket_id=old, note="漏水").ticket
    panel = desk.page.detail.panel
    panel.open_reopen()
    desk.qtbot.keyClicks(panel._note.note, "still wet")
    panel._note.yes.click()
    desk.qtbot.waitUntil(lambda: first.number in panel._note.trouble.text())
    assert panel.form() == "reopen" and panel._note.note.toPlainText() == "still wet"
    assert desk.told.reopens == []


def test_esc_leaves_the_note_and_gives_the_focus_back(desk: Scene) -> None:
    desk.start()
    desk.open(DONE)
    panel = desk.page.detail.panel
    panel.open_reopen()
    assert [keys for keys, _ in desk.page.hints()] == [("Ctrl", "Enter"), ("Esc",)]
    desk.qtbot.keyClick(panel._note.note, Qt.Key.Key_Escape)
    assert panel.form() == ""
    assert desk.page.focusWidget() is panel.main_button()


def test_a_cancellation_is_taken_back_while_the_time_for_it_lasts(desk: Scene) -> None:
    ticket_id = desk.id_of(FRESH)
    before = desk.ticket(ticket_id)
    done = desk.cancel(ticket_id)
    desk.start()
    desk.open(FRESH)
    panel = desk.page.detail.panel
    assert panel.why() == f"5 月 14 日 14:21 由 林晓雨 撤销. 撤销单 {done.slip.number}。6 月 13 日前可优先重开工单。"
    assert panel._left.text() == "10 分钟内可整单撤回"
    desk.page.print_current()
    assert desk.told.prints == [done.slip.number]
    panel.open_undo()
    assert desk.page.focusWidget() is panel._undo.no
    panel._undo.yes.click()
    desk.qtbot.waitUntil(lambda: panel.can_cancel())
    after = desk.ticket(ticket_id)
    assert (after.review, after.work, after.due_at) == (before.review, before.work, before.due_at)
    assert desk.page.detail.story.event_titles()[0] == "撤销已撤回，工单恢复"
    desk.qtbot.waitUntil(lambda: desk.page.list.owed() == 2)


def test_after_the_time_to_undo_only_reopening_is_offered(desk: Scene) -> None:
    desk.cancel(desk.id_of(FRESH))
    desk.clock.forward(minutes=11)
    desk.start()
    desk.open(FRESH)
    panel = desk.page.detail.panel
    assert not panel._buttons["undo"].isVisible()
    assert panel._buttons["reopen"].isVisible()


def test_an_undo_that_came_too_late_is_refused_in_words_where_it_was_asked(desk: Scene) -> None:
    desk.cancel(desk.id_of(FRESH))
    desk.start()
    desk.open(FRESH)
    panel = desk.page.detail.panel
    panel.open_undo()
    desk.clock.forward(minutes=11)
    panel._undo.yes.click()
    desk.qtbot.waitUntil(lambda: panel._undo.trouble.isVisible())
    assert "10" in panel._undo.trouble.text()
    assert panel.form() == "undo"


def test_what_is_still_owed_stands_above_the_events(desk: Scene) -> None:
    from store_desk.domain.consent import Consent, Grade
    from store_desk.domain.reasons import Reason
    from store_desk.services.cancel import CancelTicket, cancel_ticket

    desk.start()
    ticket_id = _open_wang(desk)
    command = CancelTicket(
        ticket_id=ticket_id,
        reason=Reason.SELF_RESOLVED,
        evidence=(("how", "清理了门封圈"),),
        consent=Consent(Grade.PAPER),
        approver=SUPERVISOR,
    )
    cancel_ticket(desk.bench.desk, desk.bench.session.actor, command)  # type: ignore[arg-type]
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: not desk.page.detail.panel.can_cancel())
    said = desk.words()
    assert "还要办的" in said
    assert "收回补偿 ¥120.00" in said
    assert "未结清" in desk.page.detail.panel.chips()
    assert desk.page.detail.story.event_titles()[0] == "工单已撤销：已自行解决"


def test_the_phone_is_masked_and_shown_for_ten_seconds_on_record(desk: Scene) -> None:
    desk.start()
    ticket_id = _open_wang(desk)
    customer = desk.page.detail.columns.customer
    assert customer.shown_phone() == "138 **** 6021"
    assert "13800006021" not in desk.words()
    desk.page.reveal_phone()
    desk.qtbot.waitUntil(lambda: customer.shown_phone() == "13800006021")
    for _ in range(10):
        customer.on_second()
    assert customer.shown_phone() == "138 **** 6021"
    with desk.bench.desk.read() as uow:
        assert uow.journal.about(ticket_id, limit=1)[0].what == "phone_revealed"


def test_when_the_days_quota_is_used_the_number_stays_masked_and_says_why(desk: Scene) -> None:
    with desk.bench.desk.work() as uow:
        uow.settings.put("policy.reveal_per_day", "1")
    desk.start()
    _open_wang(desk)
    customer = desk.page.detail.columns.customer
    desk.page.reveal_phone()
    desk.qtbot.waitUntil(lambda: customer.shown_phone() == "13800006021")
    desk.page.reveal_phone()
    desk.qtbot.waitUntil(lambda: customer.shown_phone() == "138 **** 6021")
    assert "1" in customer._hidden_in.text()
    assert customer._hidden_in.isVisible()


def test_another_clerk_finds_the_number_masked_and_no_half_filled_form(desk: Scene) -> None:
    desk.start()
    desk.open(DONE)
    desk.page.detail.panel.open_reopen()
    desk.page.reveal_phone()
    customer = desk.page.detail.columns.customer
    desk.qtbot.waitUntil(lambda: "*" not in customer.shown_phone())
    desk.bench.session.actor = SUPERVISOR
    desk.page.refresh()
    assert "*" in customer.shown_phone()
    assert desk.page.detail.panel.form() == ""


def test_a_ticket_without_a_slip_says_so_when_it_is_to_be_printed(desk: Scene) -> None:
    desk.start()
    desk.open(FRESH)
    desk.page.print_current()
    assert desk.told.prints == []
    assert desk.page.list.refusal() == "这张工单没有撤销单可打印。"


def test_the_events_are_those_of_the_ticket_newest_first(desk_en: Scene) -> None:
    desk_en.start()
    _open_wang(desk_en)
    assert desk_en.page.detail.story.event_titles() == [
        "Technician Zhou Qiming confirmed 15:00",
        "Door seal part left the depot",
        "Travel allowance ¥120.00 paid in cash",
        "Approved: home inspection",
        "Customer phoned: leaks at the door while spinning",
    ]


def test_the_ladder_tells_its_place_in_words(desk: Scene) -> None:
    desk.start()
    _open_wang(desk)
    assert desk.page.detail.ladder.accessibleName() == "第 5 步，共 7 步，处理中"
    desk.open(REJECTED)
    assert desk.page.detail.ladder.accessibleName() == "第 3 步，共 7 步，已驳回"


# What stays in its own letters in either language: names, products, papers, codes, keys.
IN_CHINESE = re.compile(
    r"SN [\w-]+|[A-Z0-9]+-[\w-]+|PIN|OLED|\(Alt V\)"
)


def test_after_switching_no_english_word_is_left_in_the_chinese_page(desk_en: Scene) -> None:
    desk_en.start()
    for order in (VISIT, SOFIA, TOM, DONE, REJECTED, FRESH):
        desk_en.bench.language.switch("en")
        desk_en.open(order)
        desk_en.bench.language.switch("zh")
        own = IN_CHINESE.sub("", "\n".join(_detail_words(desk_en)))
        assert LATIN_WORD.findall(own) == [], order
        assert desk_en.page.list.head_words() == ("工单", "徐汇店")


def test_after_switching_only_names_in_chinese_are_left_in_the_english_page(desk: Scene) -> None:
    desk.start()
    for order in (VISIT, SOFIA, TOM, DONE, REJECTED, FRESH):
        desk.bench.language.switch("zh")
        desk.open(order)
        desk.bench.language.switch("en")
        opened = desk.page.detail.opened()
        assert opened is not None
        own = "\n".join(_detail_words(desk)).replace(opened.view.line.ticket.customer, "")
        assert CHINESE.findall(own) == [], order
    assert desk.page.list.head_words() == ("Tickets", "Xuhui store")
    model = desk.page.list.model
    heads = [" ".join(model.head_words(n)) for n in range(len(model.rows())) if model.row(n).line is None]
    assert CHINESE.findall(" ".join(heads)) == []


def _detail_words(scene: Scene) -> list[str]:
    from PySide6.QtWidgets import QWidget

    shown = [w for w in scene.page.detail.findChildren(QWidget) if w.isVisible()]
    said = [text for w in shown for text in (w.accessibleName(), w.toolTip())]
    said += [name for name, moment in scene.page.detail.ladder._steps]
    return said + [hint for _, hint in scene.page.hints()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ticket_of_the_lists_fits_the_smallest_window(desk: Scene, lang: str) -> None:
    desk.bench.language.switch("en" if lang == "en" else "zh")
    desk.page.resize(*SMALLEST)
    desk.start()
    for order in (VISIT, SOFIA, TOM, DONE, REJECTED, FRESH, "SO-88371177", "SO-88379900"):
        desk.open(order)
        hint = desk.page.minimumSizeHint()
        assert (hint.width() <= SMALLEST[0], hint.height() <= SMALLEST[1]) == (True, True), (order, hint)
        if not desk.page.detail.panel.can_cancel():
            desk.page.detail.panel.open_reopen()
            hint = desk.page.minimumSizeHint()
            assert hint.height() <= SMALLEST[1], (order, hint)
            desk.page.detail.panel.close_form()


def test_the_page_is_painted_in_both_schemes(desk: Scene) -> None:
    desk.page.resize(*SIZE_1366)
    desk.start()
    _open_wang(desk)
    light = desk.page.grab().toImage()
    THEME.set_scheme("dark")
    try:
        dark = desk.page.grab().toImage()
    finally:
        THEME.set_scheme("light")
    middle = (light.width() // 2, light.height() - 4)
    assert light.pixelColor(*middle).lightness() > 200 > 60 > dark.pixelColor(*middle).lightness()


def test_a_ticket_that_moved_on_is_shown_as_it_is_after_a_refresh(desk: Scene) -> None:
    desk.start()
    ticket_id = desk.open(FRESH)
    with desk.bench.desk.work() as uow:
        ticket = uow.tickets.get(ticket_id)
        assert ticket is not None
        moved = replace(ticket, review=Review.APPROVED, work=Work.ASSIGNED, assignee="3012", version=ticket.version + 1)
        uow.tickets.save(moved, seen_version=ticket.version)
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: desk.page.detail.panel.why().startswith("已分配给 周启明"))


def test_typing_a_new_search_shuts_the_form_and_leaves_the_focus_alone(desk: Scene) -> None:
    from PySide6.QtWidgets import QLineEdit

    desk.start()
    field = QLineEdit(desk.page)
    field.show()
    desk.open(DONE)
    desk.page.detail.panel.open_reopen()
    field.setFocus()
    desk.search("KV5-0099120")
    assert desk.page.detail.panel.form() == ""
    assert desk.page.focusWidget() is field
