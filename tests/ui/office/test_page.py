"""Administration: what is published, in which version, and what happens when somebody else was faster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from store_desk.domain.office_errors import HubUnreachable
from store_desk.domain.staff import Actor
from store_desk.ui.look.theme import install_theme
from tests.ui.office.scene import DESK, OFFICER, Scene, office

OTHER = Actor("8002", "顾言", OFFICER.role, "Gu Yan")


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    """The page with one of head office's staff at the desk."""
    install_theme(qapp)
    with office(tmp_path / "desk", qtbot) as made:
        yield made


def test_before_anything_was_published_the_shipped_conditions_are_shown(page: Scene) -> None:
    section = page.show("conditions")
    assert [line.cells[0] for line in section.table.lines()] == ["对服务不满", "非真实问题", "超过处理期限", "不可抗力"]
    assert not section.publish.isEnabled()


def test_a_new_condition_is_published_as_the_next_version(page: Scene) -> None:
    section = page.show("conditions")
    section.on_add()
    section.form.fields["reason"].set_value("mistake")
    section.form.fields["type"].set_value("repair")
    section.form.fields["level"].set_value("4")
    section.form.fields["allowed"].set_value("no")
    section.form.on_save()
    assert "有改动还没发布" in page.words()
    section.on_publish()
    page.qtbot.waitUntil(lambda: page.head.sheets["conditions"].version == 1)
    row = page.head.sheets["conditions"].body["rows"][-1]
    assert row == {
        "reason": "mistake",
        "type": "repair",
        "level": 4,
        "allowed": False,
        "approver": "role",
        "evidence": None,
    }
    page.qtbot.waitUntil(lambda: "已发布版本 1" in page.banner())


def test_who_was_overtaken_sees_both_versions_and_publishes_over_what_they_saw(page: Scene) -> None:
    section = page.show("force_majeure")
    event = dict(section.items()[0])
    section.form.hide()
    section._items[0] = {**event, "ends": "2026-05-20"}
    section.reread()
    page.head.publish(OTHER, "force_majeure", [{**event, "ends": "2026-05-18"}], expected_version=1)
    section.on_publish()
    page.qtbot.waitUntil(lambda: page.page.conflict.isVisible())
    words = page.page.conflict.words()
    assert "8002" in words
    assert "2026-05-18" in words
    assert "2026-05-20" in words
    assert page.head.sheets["force_majeure"].body[0]["ends"] == "2026-05-18"
    page.page.conflict.mine.click()
    page.qtbot.waitUntil(lambda: page.head.sheets["force_majeure"].version == 3)
    assert page.head.sheets["force_majeure"].body[0]["ends"] == "2026-05-20"
    page.qtbot.waitUntil(lambda: not page.page.conflict.isVisible())


def test_who_was_overtaken_may_take_the_others_version(page: Scene) -> None:
    section = page.show("numbers")
    section.fields["promise_h"].setText("48")
    section.on_typed()
    page.head.publish(OTHER, "policy", {"undo_window_s": 600, "promise_h": 12}, expected_version=2)
    section.on_publish()
    page.qtbot.waitUntil(lambda: page.page.conflict.isVisible())
    page.page.conflict.theirs.click()
    assert section.fields["promise_h"].text() == "12"
    assert page.head.sheets["policy"].body["promise_h"] == 12


def test_a_number_out_of_its_bounds_is_marked_and_cannot_be_published(page: Scene) -> None:
    section = page.show("numbers")
    section.fields["reopen_days"].setText("9999")
    section.on_typed()
    assert not section.publish.isEnabled()
    assert "有数值填得不对" in page.words()


def test_only_numbers_that_differ_from_the_shipped_ones_are_published(page: Scene) -> None:
    section = page.show("numbers")
    section.fields["tariff_minor.4"].setText("50.00")
    section.on_typed()
    section.on_publish()
    page.qtbot.waitUntil(lambda: page.head.sheets["policy"].version == 3)
    assert page.head.sheets["policy"].body == {"undo_window_s": 600, "tariff_minor.4": 5_000}


def test_a_store_is_added_and_one_changed_meanwhile_is_refused_in_words(page: Scene) -> None:
    section = page.show("stores")
    section.on_add()
    section.form.fields["code"].setText("mh")
    section.form.fields["name"].setText("闵行店")
    section.form.on_save()
    page.qtbot.waitUntil(lambda: [one["code"] for one in page.head.sheets["stores"].body] == ["XH", "PD", "MH"])
    section.on_chosen("PD")
    section.on_edit()
    old = dict(page.head.sheets["stores"].body[1])
    page.head.put(OTHER, "stores", {**old, "name": "浦东一店"}, expected_version=1)
    section.form.fields["name"].setText("浦东总店")
    section.form.on_save()
    page.qtbot.waitUntil(lambda: "版本 2" in page.banner())
    assert page.head.sheets["stores"].body[1]["name"] == "浦东一店"
    page.qtbot.waitUntil(lambda: "浦东一店" in [line.cells[1] for line in section.table.lines()])
    assert section.form.fields["name"].text() == "浦东总店"
    section.form.on_save()
    page.qtbot.waitUntil(lambda: page.head.sheets["stores"].body[1]["name"] == "浦东总店")


def test_what_is_being_changed_is_not_dropped_by_a_late_answer(page: Scene) -> None:
    section = page.show("numbers")
    page.page.refresh()
    section.fields["promise_h"].setText("48")
    section.on_typed()
    page.qtbot.waitUntil(lambda: page.page._line.isHidden())
    assert section.fields["promise_h"].text() == "48"


def test_a_code_for_a_new_desk_is_told_once_and_a_desk_revoked_with_a_reason(page: Scene) -> None:
    section = page.show("desks")
    section.on_add()
    section.form.fields["desk"].setText("3")
    section.form.on_save()
    page.qtbot.waitUntil(lambda: "7KQ2-M4XD" in section.note.text())
    assert page.head.codes == [{"store": "XH", "desk": 3, "role": "desk", "name": ""}]
    section.on_chosen(DESK)
    section.on_revoke()
    section.form.on_save()
    assert not page.head.sheets["desks"].body[0]["revoked"]
    section.form.fields["why"].setText("电脑被盗")
    section.form.on_save()
    page.qtbot.waitUntil(lambda: page.head.sheets["desks"].body[0]["revoked"])


def test_each_desk_shows_the_program_that_it_last_told(page: Scene) -> None:
    section = page.show("desks")
    assert [line.cells[5] for line in section.table.lines()] == ["0.9.0", "0.8.2"]
    del page.head.sheets["desks"].body[1]["program"]
    page.page.refresh()
    page.qtbot.waitUntil(lambda: [line.cells[5] for line in section.table.lines()] == ["0.9.0", "–"])


def test_an_unreachable_head_office_is_said_and_what_was_shown_stays(page: Scene) -> None:
    section = page.show("people")
    page.head.error = HubUnreachable(detail="ConnectError")
    page.page.refresh()
    page.qtbot.waitUntil(lambda: "联系不上总部" in page.banner())
    assert len(section.table.lines()) == 2


def test_all_sections_speak_both_languages(page: Scene) -> None:
    for key in ("outcomes", "conditions", "numbers", "force_majeure", "stores", "desks", "people"):
        page.show(key)
        page.bench.language.switch("en")
        assert page.words()
        page.bench.language.switch("zh")
