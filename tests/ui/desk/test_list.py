"""The list: groups, search as it is typed, keys, and what is said when nothing is found."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt

from store_desk.ui.desk.rows import found_rows
from store_desk.ui.look.tokens import LIST_NARROW, LIST_WIDE
from tests.ui.desk.scene import SIZE_1366, SIZE_1440, Scene


def test_three_groups_stand_with_their_counts_and_the_most_urgent_ticket_is_open(desk: Scene) -> None:
    desk.start()
    heads = desk.heads()
    assert heads[0] == "今天要处理 3"
    assert any(head.startswith("进行中 ") for head in heads)
    assert any(head.startswith("今天完成 ") for head in heads)
    assert desk.names()[:3] == ["李建国", "王秀兰", "索菲亚·马林"]
    assert desk.page.current_ticket_id() == desk.page.list.model.ticket_id(1)


def test_a_group_longer_than_the_list_says_how_many_more_there_are(desk: Scene) -> None:
    desk.start()
    assert any(re.fullmatch(r"还有 \d+ 张，输入内容可查到", head) for head in desk.heads())


def test_a_row_reads_name_product_number_state_money_and_time(desk_en: Scene) -> None:
    desk_en.start()
    model = desk_en.page.list.model
    place = model.place_of(_wang(desk_en))
    spoken = model.data(model.index(place), Qt.ItemDataRole.AccessibleTextRole)
    number = desk_en.ticket(model.ticket_id(place)).number
    assert spoken == (
        f"Wang Xiulan, Norra K7 front-load washer, 10 kg, {number}, In progress, collect back ¥120.00, Visit in 39 min"
    )


def _wang(scene: Scene) -> str:
    model = scene.page.list.model
    return next(
        row.line.ticket.id for row in model.rows() if row.line is not None and row.line.ticket.facts.visit is not None
    )


def test_one_exact_hit_is_selected_and_opened_and_says_which_field_hit(desk: Scene) -> None:
    desk.start()
    desk.search("NDH20-0100911")
    assert desk.heads() == ["完全匹配 序列号"]
    assert desk.page.detail.ticket_id() == desk.page.current_ticket_id() == desk.page.list.model.ticket_id(1)
    assert desk.page.list.head_words() == ("1 条结果", "NDH20-0100911")


def test_the_other_tickets_of_the_customer_follow_the_exact_hit(desk: Scene) -> None:
    desk.start()
    desk.search("KV5-0099120")
    assert desk.heads() == ["完全匹配 序列号", "同一顾客 2"]
    assert desk.names() == ["王秀兰"] * 3


def test_only_the_answer_to_what_stands_in_the_field_is_shown(desk: Scene) -> None:
    desk.start()
    text = "NDH20-0100911"
    for end in range(1, len(text) + 1):
        desk.page.search(text[:end])
    desk.qtbot.waitUntil(lambda: not desk.page._asking.is_searching())
    assert desk.page.list.head_words() == ("1 条结果", text)
    assert desk.page.detail.opened() is not None
    assert desk.page.detail.opened().view.line.ticket.serial == text  # type: ignore[union-attr]


def test_an_answer_that_comes_after_the_field_was_cleared_is_dropped(desk: Scene) -> None:
    desk.start()
    desk.page.search("NDH20-0100911")
    desk.page.search("")
    with desk.qtbot.waitSignal(desk.page._asking.lists):
        pass
    assert desk.page.list.head_words() == ("工单", "徐汇店")
    assert desk.heads()[0] == "今天要处理 3"


def test_several_hits_open_nothing_until_one_is_chosen(desk: Scene) -> None:
    desk.start()
    desk.search("13800006021")
    assert desk.names() == ["王秀兰"] * 3
    assert desk.page.current_ticket_id() == ""
    assert desk.page.detail.opened() is None
    desk.page.cancel_current()
    assert desk.told.cancels == []
    desk.page.move(1)
    desk.qtbot.waitUntil(lambda: desk.page.detail.opened() is not None)
    assert desk.page.detail.ticket_id() == desk.page.list.model.ticket_id(1)


def test_arrow_keys_walk_over_tickets_only_and_stop_at_both_ends(desk: Scene) -> None:
    desk.start()
    model = desk.page.list.model
    first = desk.page.current_ticket_id()
    desk.page.move(-1)
    assert desk.page.current_ticket_id() == first
    for _ in range(3):
        desk.page.move(1)
    assert model.place_of(desk.page.current_ticket_id()) == 5
    tickets = [row.line.ticket.id for row in model.rows() if row.line is not None]
    for _ in range(len(tickets) + 3):
        desk.page.move(1)
    assert desk.page.current_ticket_id() == tickets[-1]
    desk.qtbot.waitUntil(lambda: desk.page.detail.ticket_id() == tickets[-1])


def test_a_click_on_a_row_opens_its_ticket(desk: Scene) -> None:
    desk.start()
    view = desk.page.list.view
    index = desk.page.list.model.index(3)
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    desk.qtbot.waitUntil(lambda: desk.page.detail.ticket_id() == desk.page.list.model.ticket_id(3))


def test_the_lists_own_arrow_keys_open_tickets_too(desk: Scene) -> None:
    desk.start()
    desk.qtbot.keyClick(desk.page.list.view, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: desk.page.detail.ticket_id() == desk.page.list.model.ticket_id(2))


def test_enter_opens_the_first_hit_and_then_goes_to_its_button(desk: Scene) -> None:
    desk.start()
    desk.search("13800006021")
    desk.page.enter_pressed()
    desk.qtbot.waitUntil(lambda: desk.page.detail.opened() is not None)
    desk.page.enter_pressed()
    button = desk.page.detail.panel.main_button()
    assert button is not None
    assert desk.page.focusWidget() is button


def test_a_scan_opens_the_best_exact_hit_even_among_several(desk: Scene) -> None:
    desk.start()
    desk.page.scanned("NK7-25A-0091874")
    desk.qtbot.waitUntil(
        lambda: (
            desk.page.detail.opened() is not None
            and desk.page.detail.opened().view.line.ticket.serial == "NK7-25A-0091874"
        )  # type: ignore[union-attr]
    )
    assert desk.page.current_ticket_id() == desk.page.list.model.ticket_id(1)


def test_f8_right_after_a_scan_means_the_scanned_ticket(desk: Scene) -> None:
    desk.start()
    before = desk.page.current_ticket_id()
    desk.page.scanned("KS2-24C-0155021" if before != desk.id_of("SO-88417720") else "OD140-0032177")
    desk.page.cancel_current()
    desk.qtbot.waitUntil(lambda: bool(desk.told.cancels))
    assert desk.told.cancels == [desk.page.current_ticket_id()]
    assert desk.told.cancels != [before]


def test_nothing_found_says_what_was_searched_and_what_to_do(desk_en: Scene) -> None:
    desk_en.start()
    desk_en.search("6021 7788")
    assert desk_en.page.nothing.isVisible()
    assert desk_en.page.nothing.title() == "Nothing found for “6021 7788”"
    assert desk_en.page.current_ticket_id() == ""
    assert desk_en.page.hints() == [(("F2",), "Search again"), (("Esc",), "Clear search")]
    desk_en.page.cancel_current()
    assert desk_en.told.cancels == []


def test_after_nothing_was_found_an_empty_field_shows_the_groups_again(desk: Scene) -> None:
    desk.start()
    desk.search("6021 7788")
    desk.page.search("")
    desk.qtbot.waitUntil(lambda: desk.page.detail.opened() is not None)
    assert desk.page.list.isVisible()
    assert desk.heads()[0] == "今天要处理 3"


def test_near_misses_are_said_to_be_near_misses(desk: Scene) -> None:
    from store_desk.services.look_up import Found

    desk.start()
    lines = tuple(row.line for row in desk.page.list.model.rows()[:3] if row.line is not None)
    rows = found_rows(Found("x", lines, more=True, capped=False, guessed=True))
    assert [row.key for row in rows if row.line is None] == ["note.guessed", "group.near", "note.more"]
    rows = found_rows(Found("x", lines, more=True, capped=True, guessed=False))
    assert [row.key for row in rows if row.line is None] == ["group.other", "note.capped"]


def test_after_a_refresh_the_selection_stays_with_the_ticket(desk: Scene) -> None:
    desk.start()
    ticket_id = desk.open("SO-88399314")
    with desk.qtbot.waitSignal(desk.page._asking.lists):
        desk.page.refresh()
    place = desk.page.list.current_place()
    assert desk.page.list.model.ticket_id(place) == ticket_id
    assert desk.page.current_ticket_id() == ticket_id


def test_the_list_is_narrow_below_1400_and_wide_from_there(desk: Scene) -> None:
    desk.start()
    desk.page.resize(*SIZE_1366)
    assert desk.page.list.width() == LIST_NARROW - 1
    desk.page.resize(*SIZE_1440)
    assert desk.page.list.width() == LIST_WIDE - 1


def test_slips_that_wait_for_paper_are_named_at_the_foot_and_printed_from_there(desk: Scene) -> None:
    desk.start()
    assert desk.page.list.owed() == 0
    done = desk.cancel(desk.id_of("SO-88421555"))
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: desk.page.list.owed() == 1)
    desk.page.list._owed_print.click()
    desk.qtbot.waitUntil(lambda: desk.told.prints == [done.slip.number])


def test_tab_goes_from_the_list_to_the_action_and_then_through_the_ticket(desk: Scene) -> None:
    desk.start()
    page = desk.page
    page.list.view.setFocus()
    desk.qtbot.keyClick(page.list.view, Qt.Key.Key_Tab)
    assert page.focusWidget() is page.detail.panel.main_button()
    desk.qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is page.detail.head._copy


def test_more_hits_than_are_shown_are_said_to_be_more(desk: Scene) -> None:
    desk.start()
    desk.search("a")
    assert desk.page.list.head_words() == ("50+ 条结果", "a")
    assert desk.heads()[-1] == "还有更多结果，请输入得更具体"


def test_one_customers_tickets_are_listed_and_left_again(desk: Scene) -> None:
    desk.start()
    desk.open("KV5-0099120")
    desk.page.on_others()
    assert desk.names() == ["王秀兰"] * 3
    assert desk.page.list.head_words()[0] == "同一顾客的工单"
    assert desk.page.escape_pressed()
    assert desk.heads()[0] == "今天要处理 3"
    assert not desk.page.escape_pressed()


def test_an_older_end_is_a_year_so_that_the_number_beside_it_is_not_cut(desk_en: Scene) -> None:
    desk_en.start()
    desk_en.search("Garrett Mcneil")
    model = desk_en.page.list.model
    texts = [text for text in (model.text(n) for n in range(len(model.rows()))) if text is not None]
    assert [text.time for text in texts] == ["Closed 2024"]


def test_printing_what_is_owed_leaves_the_focus_where_it_was(desk: Scene) -> None:
    desk.start()
    pane = desk.page.list
    pane.show_owed(1)
    assert pane._owed_print.focusPolicy() is Qt.FocusPolicy.TabFocus
    desk.page.activateWindow()
    pane._owed_print.setFocus()
    desk.qtbot.waitUntil(pane._owed_print.hasFocus)
    pane.show_owed(0)
    assert pane.view.hasFocus()
