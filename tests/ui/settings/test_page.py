"""The settings as a person uses them: keys into a real window, real database behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.domain.imports import ImportCounts
from store_desk.domain.reasons import DEFAULT_TILES, Reason
from store_desk.domain.roles import Role
from store_desk.domain.slip import Paper
from store_desk.services import people
from store_desk.services.ports import Batch
from store_desk.services.rules import change_setting, read_policy, read_settings, read_tiles
from store_desk.ui.bench import Bench
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.inputs import Segmented, Toggle
from store_desk.ui.settings.history import BACKUP_SETTING, last_backup
from store_desk.ui.settings.imports import ImportsSection
from store_desk.ui.settings.keeping import AboutSection, BackupSection, DeskSection
from store_desk.ui.settings.page import KINDS, SettingsPage
from store_desk.ui.settings.people_rows import AddForm, PinForm
from store_desk.ui.settings.printer import PrinterSection
from store_desk.ui.settings.rules import ReasonsSection
from store_desk.ui.settings.scanner import Burst, ScannerSection
from store_desk.ui.settings.section import NumberField
from store_desk.ui.settings.staff import StaffSection
from tests.ui.settings.benches import Backups, Printers


def opened(qtbot: QtBot, bench: Bench) -> SettingsPage:
    """The page on the screen with everything read."""
    made = SettingsPage(bench)
    qtbot.addWidget(made)
    made.resize(1286, 672)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    with qtbot.waitSignal(made.stored.loaded):
        made.refresh()
    return made


@pytest.fixture
def page(qtbot: QtBot, bench: Bench) -> SettingsPage:
    """A manager's page."""
    return opened(qtbot, bench)


@pytest.fixture
def clerks_page(qtbot: QtBot, clerks_bench: Bench) -> SettingsPage:
    """A clerk's page."""
    return opened(qtbot, clerks_bench)


@pytest.fixture(autouse=True)
def _same_look_afterwards() -> Iterator[None]:
    yield
    THEME.set_scheme("light")
    THEME.reduced_motion = False


def control(page: SettingsPage, name: str) -> QWidget:
    """The control of a setting in the section that is shown."""
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def setting(bench: Bench, name: str) -> object:
    """What is stored under a name."""
    stored = bench.database.submit(lambda: read_settings(bench.desk, "")).result()
    return json.loads(stored[name])


def staff(page: SettingsPage) -> StaffSection:
    """The staff section, in front."""
    assert isinstance(page.section, StaffSection)
    return page.section


# --- printer and sample --------------------------------------------------------------------------------------


def test_printers_say_in_words_how_they_are(qtbot: QtBot, page: SettingsPage) -> None:
    section = page.section
    assert isinstance(section, PrinterSection)
    qtbot.waitUntil(lambda: section._states[Paper.MM80].chip.accessibleName() == "缺纸")
    assert section._states[Paper.A5].chip.accessibleName() == "就绪"


def test_choosing_the_paper_saves_it_at_once_and_redraws_the_sample(
    qtbot: QtBot, page: SettingsPage, bench: Bench
) -> None:
    paper = control(page, "printer.paper")
    assert isinstance(paper, Segmented)
    qtbot.waitUntil(lambda: page.sample.view.pdf() != b"")
    before = page.sample.view.pdf()
    paper.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClick(paper, Qt.Key.Key_Right)
    assert setting(bench, "printer.paper") == "80mm"
    qtbot.waitUntil(lambda: page.sample.view.pdf() != before)


def test_a_test_page_goes_to_the_default_paper_with_alt_t(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    printers = bench.printing
    assert isinstance(printers, Printers)
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: printers.printed == [("test", Paper.A5)])


def test_a_test_page_that_fails_says_why_in_place(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    printers = bench.printing
    assert isinstance(printers, Printers)
    printers.broken = True
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "没有打印" in page._note.accessibleName() or "未打印" in page._note.accessibleName())


def test_a_printer_chosen_by_keyboard_is_stored_by_name(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    section = page.section
    assert isinstance(section, PrinterSection)
    select = section._selects[Paper.A5]
    qtbot.waitUntil(lambda: select.findData("Office laser M132") > 0)
    select.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClick(select, Qt.Key.Key_Down)
    assert setting(bench, "printer.a5") == "Office laser M132"


def test_space_turns_a_switch_and_saves_it(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    toggle = control(page, "printer.auto")
    assert isinstance(toggle, Toggle)
    toggle.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert setting(bench, "printer.auto") is False


# --- language, look, finding ---------------------------------------------------------------------------------


def test_the_language_switches_at_once_and_keeps_the_focus(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("look")
    language = control(page, "look.language")
    assert isinstance(language, Segmented)
    language.setFocus()
    with qtbot.waitSignal(page.stored.saved):
        language.choose("en")
    assert bench.language.now == "en"
    assert page._title.text() == "Language and look"
    focus = page.focusWidget()
    assert focus is not None and focus.objectName() == "look.language"


def test_dark_is_dark_at_once(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("look")
    scheme = control(page, "look.scheme")
    assert isinstance(scheme, Segmented)
    with qtbot.waitSignal(page.stored.saved):
        scheme.choose("dark")
    assert THEME.is_dark


def test_ctrl_f_finds_a_setting_and_enter_goes_to_it(qtbot: QtBot, page: SettingsPage) -> None:
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page.side.field.insert("优先重开")
    qtbot.keyClick(page.side.field, Qt.Key.Key_Return)
    assert page._title.text() == "规则"
    focus = page.focusWidget()
    assert focus is not None and focus.parent() is control(page, "policy.reopen_days")


def test_esc_leaves_the_finding_first_and_then_the_page(qtbot: QtBot, page: SettingsPage) -> None:
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    with qtbot.assertNotEmitted(page.closed):
        qtbot.keyClick(page.side.field, Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_Escape)


def test_up_and_down_walk_through_every_section(qtbot: QtBot, page: SettingsPage) -> None:
    page.side.sections.setFocus()
    seen = [page._title.text()]
    for _ in range(len(KINDS) - 1):
        qtbot.keyClick(page.side.sections, Qt.Key.Key_Down)
        seen.append(page._title.text())
    assert len(set(seen)) == len(KINDS)


# --- rules ---------------------------------------------------------------------------------------------------


def number(page: SettingsPage, name: str) -> NumberField:
    """The field of a rule."""
    found = control(page, name)
    assert isinstance(found, NumberField)
    return found


def test_a_manager_changes_an_amount_in_yuan(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("rules")
    field = number(page, "policy.collect_approval_minor")
    assert field.edit.text() == "100.00"
    field.edit.setFocus()
    field.edit.selectAll()
    with qtbot.waitSignal(page.stored.saved):
        qtbot.keyClicks(field.edit, "250.5")
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert bench.database.submit(lambda: read_policy(bench.desk).collect_approval_minor).result() == 25_050
    assert field.edit.text() == "250.50"


def test_a_number_out_of_bounds_is_said_in_place_and_not_stored(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("rules")
    field = number(page, "policy.reopen_days")
    field.edit.setFocus()
    field.edit.selectAll()
    with qtbot.waitSignal(field.tell, check_params_cb=lambda words: "1 到 365" in words):
        qtbot.keyClicks(field.edit, "9999")
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert bench.database.submit(lambda: read_policy(bench.desk).reopen_days).result() == 30


def test_a_clerk_reads_the_rules_and_is_told_who_changes_them(clerks_page: SettingsPage) -> None:
    clerks_page.show_section("rules")
    field = number(clerks_page, "policy.reopen_days")
    assert not field.edit.isEnabled()
    assert field.edit.toolTip() == "只有店长可以修改"


def test_choosing_a_reason_that_has_a_key_swaps_the_two(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("reasons")
    section = page.section
    assert isinstance(section, ReasonsSection)
    first = section._selects[0]
    with qtbot.waitSignal(page.stored.saved):
        first.setFocus()
        first.set_value(DEFAULT_TILES[2].value)
        first.picked.emit(first.value())
    tiles = bench.database.submit(lambda: read_tiles(bench.desk)).result()
    assert tiles[0] is DEFAULT_TILES[2]
    assert tiles[2] is DEFAULT_TILES[0]
    assert len(set(tiles)) == 9


def test_a_reason_without_a_key_can_be_given_one(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("reasons")
    section = page.section
    assert isinstance(section, ReasonsSection)
    ninth = section._selects[8]
    with qtbot.waitSignal(page.stored.saved):
        ninth.set_value(Reason.WAIVED.value)
        ninth.picked.emit(ninth.value())
    assert bench.database.submit(lambda: read_tiles(bench.desk)).result()[8] is Reason.WAIVED


# --- scanner -------------------------------------------------------------------------------------------------


def test_the_test_field_says_what_a_scan_delivers(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("scanner")
    section = page.section
    assert isinstance(section, ScannerSection)
    section.field.setFocus()
    with qtbot.waitSignal(section.field.delivered) as delivered:
        qtbot.keyClicks(section.field, "XH2-26-004711-K")
        qtbot.keyClick(section.field, Qt.Key.Key_Return)
    burst = delivered.args[0]
    assert burst.text == "XH2-26-004711-K"
    assert burst.end == "enter"


@pytest.mark.parametrize(
    ("burst", "expected"),
    [
        (Burst("XH2-26-004711-K", 6, "enter"), "会被认作扫描"),
        (Burst("XH2-26-004711-K", 90, "enter"), "90 毫秒"),
        (Burst("XH2", 6, "enter"), "少于 6 个"),
        (Burst("XH2-26-004711-K", 6, "tab"), "Tab"),
    ],
)
def test_slow_short_or_differently_ended_input_is_explained(page: SettingsPage, burst: Burst, expected: str) -> None:
    page.show_section("scanner")
    section = page.section
    assert isinstance(section, ScannerSection)
    assert expected in section.words_for(burst)


# --- people --------------------------------------------------------------------------------------------------


def test_a_manager_adds_a_person_whose_first_pin_must_change(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("staff")
    qtbot.waitUntil(lambda: len(staff(page).rows()) == 2)
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    form = page.findChild(AddForm)
    assert form is not None
    qtbot.keyClicks(form.number, "2051")
    form.name.insert("方圆")
    qtbot.keyClicks(form.pin, "908172")
    qtbot.keyClick(form.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(staff(page).rows()) == 3, timeout=5000)
    signed = bench.database.submit(lambda: people.sign_in(bench.desk, staff_id="2051", pin="908172")).result()
    assert signed.must_change_pin


def test_a_trivial_first_pin_is_refused_in_words_and_the_form_stays(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("staff")
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    form = page.findChild(AddForm)
    assert form is not None
    qtbot.keyClicks(form.number, "2051")
    form.name.insert("方圆")
    qtbot.keyClicks(form.pin, "123456")
    qtbot.keyClick(form.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "PIN" in page._note.accessibleName())
    assert form.isVisible()


def test_the_last_manager_cannot_be_taken_away(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("staff")
    qtbot.waitUntil(lambda: len(staff(page).rows()) == 2)
    manager = staff(page).rows()[0]
    assert manager.person.role is Role.MANAGER
    assert not manager.role.isEnabled()
    assert not manager.off.isEnabled()
    assert "唯一的店长" in manager.off.toolTip()


def test_switching_off_is_asked_in_place_and_esc_keeps_the_account(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("staff")
    qtbot.waitUntil(lambda: len(staff(page).rows()) == 2)
    clerk = staff(page).rows()[1]
    qtbot.mouseClick(clerk.off, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.closed):
        qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_Escape)
    assert staff(page)._form is None
    assert staff(page).rows()[1].person.enabled


def test_a_new_first_pin_ends_a_lock(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    page.show_section("staff")
    qtbot.waitUntil(lambda: len(staff(page).rows()) == 2)
    qtbot.mouseClick(staff(page).rows()[1].more, Qt.MouseButton.LeftButton)
    form = page.findChild(PinForm)
    assert form is not None
    qtbot.keyClicks(form.pin, "519283")
    qtbot.keyClick(form.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: staff(page)._form is None, timeout=5000)
    signed = bench.database.submit(lambda: people.sign_in(bench.desk, staff_id="2047", pin="519283")).result()
    assert signed.must_change_pin


# --- backup, desk, about -------------------------------------------------------------------------------------


def test_a_backup_needs_the_passphrase_twice_and_is_remembered(
    qtbot: QtBot, page: SettingsPage, bench: Bench, tmp_path: Path
) -> None:
    page.show_section("backup")
    section = page.section
    assert isinstance(section, BackupSection)
    qtbot.keyClicks(section.passphrase, "correct horse")
    qtbot.keyClicks(section.again, "correct house")
    qtbot.keyClick(section.again, Qt.Key.Key_Return)
    assert "不一样" in page._note.accessibleName()
    section.again.clear()
    qtbot.keyClicks(section.again, "correct horse")
    with qtbot.waitSignal(section.written):
        section.write(str(tmp_path / "desk.backup"))
    assert isinstance(bench.backup, Backups)
    assert bench.backup.written == [(tmp_path / "desk.backup", "correct horse")]
    assert last_backup(json.dumps(setting(bench, BACKUP_SETTING))) is not None
    assert section.passphrase.text() == ""


def test_the_journal_is_checked_on_request(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("desk")
    section = page.section
    assert isinstance(section, DeskSection)
    section.verify.setFocus()
    qtbot.keyClick(section.verify, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "完好" in section.result())


def test_support_text_names_the_desk_and_no_customer(page: SettingsPage, bench: Bench) -> None:
    page.show_section("about")
    section = page.section
    assert isinstance(section, AboutSection)
    assert bench.desk.identity.fingerprint in section.support_text()
    assert "赵文" not in section.support_text()
    copy = control(page, "about.support")
    copy.click()  # type: ignore[attr-defined]  # a Button
    assert QGuiApplication.clipboard().text() == section.support_text()


def test_a_setting_changed_elsewhere_shows_after_a_refresh(qtbot: QtBot, page: SettingsPage, bench: Bench) -> None:
    actor = bench.session.actor
    assert actor is not None
    bench.database.submit(lambda: change_setting(bench.desk, actor, name="printer.copies", value="3")).result()
    with qtbot.waitSignal(page.stored.loaded):
        page.refresh()
    copies = control(page, "printer.copies")
    assert isinstance(copies, Segmented)
    assert copies.value() == "3"


def test_who_comes_back_from_an_import_sees_it_in_the_list(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("imports")
    section = page.section
    assert isinstance(section, ImportsSection)
    qtbot.waitUntil(lambda: section._list.count() > 0)
    assert section.rows() == []
    page.hide()
    batch = Batch(0, "/exports/new.csv", page.bench.desk.clock(), "1001", "done", ImportCounts())
    with page.bench.desk.work() as uow:
        uow.batches.add(batch)  # type: ignore[attr-defined]  # only the store itself writes imports
    page.show()
    qtbot.waitUntil(lambda: len(section.rows()) == 1, timeout=10_000)


def test_enter_presses_the_button_with_the_focus(qtbot: QtBot, page: SettingsPage) -> None:
    page.show_section("imports")
    section = page.section
    assert isinstance(section, ImportsSection)
    section.footer()[0].setFocus()
    with qtbot.waitSignal(page.import_asked):
        qtbot.keyClick(section.footer()[0], Qt.Key.Key_Return)
