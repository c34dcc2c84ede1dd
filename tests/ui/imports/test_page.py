"""The import screen as a person uses it, with keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from store_desk.domain.errors import FileEncrypted, FileTooLarge, FileUnreadable
from store_desk.domain.imports import Field
from store_desk.ui.bench import Bench
from store_desk.ui.imports.errand import Progress
from store_desk.ui.imports.flow import Doing, Step
from store_desk.ui.imports.page import ImportPage
from tests.ui.settings.benches import Imports

FILE = Path("/exports/旧系统导出 2026-05.xlsx")


@pytest.fixture
def imports(bench: Bench) -> Imports:
    """What the bench brings files in with."""
    assert isinstance(bench.importing, Imports)
    return bench.importing


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, imports: Imports) -> Iterator[ImportPage]:
    """The page on the screen, no file yet."""
    made = ImportPage(bench)
    qtbot.addWidget(made)
    made.resize(1286, 672)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.hide()


def settled(page: ImportPage) -> bool:
    """Whether the check has answered."""
    return page.flow.check is not None and page.flow.doing is Doing.NOTHING


def at_match(qtbot: QtBot, page: ImportPage) -> None:
    """Opens the file and waits for its check."""
    page.look_at(FILE)
    qtbot.waitUntil(lambda: settled(page))


PLAIN = Qt.KeyboardModifier.NoModifier


def press(qtbot: QtBot, page: ImportPage, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """A key where the focus is."""
    qtbot.keyClick(page.focusWidget() or page, key, modifier)


def forward(qtbot: QtBot, page: ImportPage) -> None:
    """Ctrl Enter."""
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_tab_goes_to_the_next_column(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    assert page.match.rows[0].select.hasFocus()
    press(qtbot, page, Qt.Key.Key_Tab)
    assert page.match.rows[1].select.hasFocus()


def test_a_column_is_changed_by_keyboard_and_checked_again(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    spare = page.match.rows[6].select
    spare.setFocus()
    press(qtbot, page, Qt.Key.Key_Down)
    press(qtbot, page, Qt.Key.Key_Down)
    assert page.flow.field_of("备用1") is Field.ORDER_NUMBER
    qtbot.waitUntil(lambda: imports.asked[-1].columns.get(Field.ORDER_NUMBER) == "备用1")


def test_each_column_says_what_the_check_found(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    said = [row.result.accessibleName() for row in page.match.rows]
    assert said[0] == "1,248 行有值"
    assert said[3] == "“返修中” 3 行要指定"
    assert said[5] == "86 行有值，识别为元"
    assert said[6] == "空列"


def test_ctrl_enter_goes_on_and_alt_left_comes_back(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    assert page.flow.step is Step.CHECK
    press(qtbot, page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.flow.step is Step.MATCH


def test_from_the_file_to_the_end_with_ctrl_enter_only(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    qtbot.waitUntil(page.side.next.hasFocus)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: page.flow.done is not None)
    assert imports.brought
    assert page.bring.finish.hasFocus()
    with qtbot.waitSignal(page.closed):
        press(qtbot, page, Qt.Key.Key_Return)


def test_a_word_without_a_proposal_is_asked_and_holds_the_import_up(
    qtbot: QtBot, page: ImportPage, imports: Imports
) -> None:
    imports.unknown = (("state", "挂起", 5, ""),)
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: settled(page))
    assert not page.side.next.isEnabled()
    forward(qtbot, page)
    select = page.side.first_question()
    assert select is not None and select.hasFocus()
    press(qtbot, page, Qt.Key.Key_Down)
    qtbot.waitUntil(page.flow.can_go_on)
    assert imports.asked[-1].values == {("state", "挂起"): "pending_review/unassigned"}


def test_refused_rows_are_listed_with_line_field_value_and_reason(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: settled(page))
    model = page.check.model
    row = [model.data(model.index(1, column)) for column in range(4)]
    assert row[0] == "212"
    assert row[2] == "2026-13-40"
    assert "2026-13-40" in str(row[3])


def test_refused_rows_are_saved_as_a_file(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: settled(page))
    target = tmp_path / "refused.csv"
    page.check.save_to(str(target))
    qtbot.waitUntil(lambda: str(target) in page.check._saved.text())
    assert "AS-2604-0201" in target.read_text("utf-8-sig")


def test_esc_while_running_asks_and_esc_again_goes_on(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    imports.gate.clear()
    with qtbot.waitSignal(page.flow.progressed):
        forward(qtbot, page)
    press(qtbot, page, Qt.Key.Key_Escape)
    assert page.bring.question.isVisible()
    assert page.bring.question.keep.hasFocus()
    press(qtbot, page, Qt.Key.Key_Escape)
    assert not page.bring.question.isVisible()
    imports.gate.set()
    qtbot.waitUntil(lambda: page.flow.done is not None)


def test_stopping_keeps_nothing_and_leads_back_to_the_check(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    imports.gate.clear()
    with qtbot.waitSignal(page.flow.progressed):
        forward(qtbot, page)
    press(qtbot, page, Qt.Key.Key_Escape)
    press(qtbot, page, Qt.Key.Key_Tab)
    press(qtbot, page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.flow.doing is Doing.NOTHING)
    assert "没有保留" in page.bring._title.accessibleName()
    assert imports.brought == []
    qtbot.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.flow.step is Step.CHECK


def test_the_window_answers_while_rows_come_in(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    imports.gate.clear()
    with qtbot.waitSignal(page.flow.progressed):
        forward(qtbot, page)
    # The lane is busy; the language of the page still switches at once.
    page.bench.language.switch("en")
    assert page.steps.accessibleName() == "Step 4 of 4: Import"
    qtbot.waitUntil(page.bring.stop.isVisible)
    imports.gate.set()
    qtbot.waitUntil(lambda: page.flow.done is not None)


def test_a_finished_import_is_taken_back_after_a_question(qtbot: QtBot, page: ImportPage, imports: Imports) -> None:
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: page.flow.done is not None)
    page.bring.undo.setFocus()
    press(qtbot, page, Qt.Key.Key_Space)
    assert imports.undone == []
    page.bring.undo_question.confirm.setFocus()
    press(qtbot, page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.flow.undone is not None)
    assert imports.undone == [7]
    assert "AS-2604-0190" in page.bring._line.text()


@pytest.mark.parametrize(
    "error",
    [
        FileEncrypted(file="old.xlsx"),
        FileTooLarge(file="old.csv", limit=512),
        FileUnreadable(file="old.pdf", detail="it is a PDF"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_in_place(
    qtbot: QtBot, page: ImportPage, imports: Imports, error: Exception
) -> None:
    imports.error = error  # type: ignore[assignment]  # every case is a refusal
    page.look_at(FILE)
    qtbot.waitUntil(page.choose._error.isVisible)
    assert "old." in page.choose._error.accessibleName()
    assert page.choose.button.isEnabled()


def test_a_dropped_file_is_taken(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("单号\n1\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.choose.zone.dropEvent(event)
    assert page.flow.path == file
    qtbot.waitUntil(lambda: settled(page))


def test_files_used_before_are_offered_again(qtbot: QtBot, page: ImportPage, bench: Bench) -> None:
    at_match(qtbot, page)
    later = ImportPage(bench)
    qtbot.addWidget(later)
    qtbot.waitUntil(lambda: later._recent == [str(FILE)])


def test_esc_before_the_import_gives_up_without_a_question(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    with qtbot.waitSignal(page.closed):
        press(qtbot, page, Qt.Key.Key_Escape)
    assert page.flow.step is Step.CHOOSE


def at_the_end(qtbot: QtBot, page: ImportPage) -> None:
    """Through all steps, to the import that is done."""
    at_match(qtbot, page)
    forward(qtbot, page)
    qtbot.waitUntil(page.flow.can_go_on)
    forward(qtbot, page)
    qtbot.waitUntil(lambda: page.flow.done is not None and page.bring.finish.hasFocus())


def test_enter_presses_the_button_with_the_focus_and_does_not_leave(qtbot: QtBot, page: ImportPage) -> None:
    at_the_end(qtbot, page)
    page.bring.undo.setFocus()
    with qtbot.assertNotEmitted(page.closed):
        press(qtbot, page, Qt.Key.Key_Return)
    assert page.bring.undo_question.isVisible() and page.bring.undo_question.keep.hasFocus()
    page.bring.undo_question.confirm.setFocus()
    press(qtbot, page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.flow.undone is not None)


def test_how_far_the_import_is_is_a_share_of_its_rows_never_parts_taken_for_rows(
    qtbot: QtBot, page: ImportPage
) -> None:
    at_the_end(qtbot, page)
    rows = f"{page.flow.rows_to_take():,}"
    page.bring.show_progress(Progress(558, 1000, 0.2, begun=500))
    assert page.bring._far.text() == f"共 {rows} 行，已完成 55%"
    page.bring.show_progress(Progress(600, 1000, 2.0, begun=500))
    assert page.bring._far.text() == f"共 {rows} 行，已完成 60% · 还要约 8 秒"


def test_a_check_that_cannot_count_yet_names_no_rows(qtbot: QtBot, page: ImportPage) -> None:
    at_match(qtbot, page)
    page.side.show_progress(Progress(0, 1, 0.0))
    assert page.side._waiting.text() == "正在检查…"
    page.side.show_progress(Progress(400, 1248, 0.5))
    assert page.side._waiting.text() == "正在检查 400 / 1,248 行"
