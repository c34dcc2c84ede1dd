"""Setting up a store with the keyboard, bad answers in place, the recovery sheet, and a restore."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from store_desk.app.wiring import SetUpAnswers, clock, found_store, open_desk
from store_desk.domain.errors import FileNotWritten
from store_desk.services import people
from store_desk.store import exists
from store_desk.store.backup import backup, restore
from store_desk.ui.language import Language
from store_desk.ui.look.theme import install_theme
from store_desk.ui.setup.form import SetUpDone, SetUpForm
from store_desk.ui.setup.page import SetUpPage
from store_desk.ui.tasks import Lane

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PIN = "804162"
PASSPHRASE = "a long passphrase"
ANSWERS = {
    "store_code": "xh",
    "desk": "2",
    "store_name": "Minghe Xuhui",
    "store_name_other": "",
    "address": "398 Caoxi Road",
    "phone": "021-5550 0198",
    "manager_id": "1001",
    "manager_name": "Zhao Wen",
    "pin": PIN,
    "repeat": PIN,
}


@dataclass
class FirstRun:
    """The page on a computer without a store."""

    qtbot: QtBot
    folder: Path
    page: SetUpPage
    language: Language
    done: list[object] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    broken: bool = False

    def focused(self) -> QWidget:
        """What has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Presses one key."""
        QTest.keyClick(self.focused(), key, modifier)

    def type(self, answers: dict[str, str]) -> None:
        """Types answers from field to field, as they stand on the screen, with Enter between them."""
        for text in answers.values():
            widget = self.focused()
            if hasattr(widget, "selectAll"):
                widget.selectAll()
            QTest.keyClicks(widget, text)
            if not text and hasattr(widget, "clear"):
                QTest.keyClick(widget, Qt.Key.Key_Delete)
            self.key(Qt.Key.Key_Return)

    def fill(self, **changes: str) -> None:
        """Goes to a new store and answers."""
        if self.page.pane() is self.page.welcome:
            self.key(Qt.Key.Key_1)
        self.page.store.fields["store_code"].setFocus()
        self.type({**ANSWERS, **changes})

    def go_on(self) -> None:
        """Ctrl+Enter."""
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def wait_for_sheet(self) -> None:
        """The store is made."""
        self.qtbot.waitUntil(lambda: self.page.pane() is self.page.sheet, timeout=10_000)

    def wait_for_wrong(self, name: str, words: str) -> None:
        """A field says what is wrong and has the focus."""
        here = self.page.store.fields[name]
        self.qtbot.waitUntil(lambda: words in here.wrong(), timeout=10_000)
        assert self.page.pane() is self.page.store
        assert here.entry.hasFocus()


@pytest.fixture
def first_run(tmp_path: Path, qtbot: QtBot) -> Iterator[FirstRun]:
    """The page, with the program's own founding and restoring behind it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app)
    folder = tmp_path / "data"
    lane = Lane("set-up")
    language = Language("zh")

    def create(form: SetUpForm) -> SetUpDone:
        made_store = found_store(folder, SetUpAnswers(**asdict(form)))
        return SetUpDone(made_store.identity, made_store.manager, made_store.recovery)

    def save(done: SetUpDone, path: Path) -> None:
        if made.broken:
            raise FileNotWritten(file=str(path), detail="full")
        path.write_text(done.recovery, "utf-8")

    page = SetUpPage(
        create,
        lambda file, passphrase: restore(file, folder, passphrase=passphrase),
        language,
        lane=lane,
        save_sheet=save,
        print_sheet=lambda done: made.kept.append(done.recovery),
    )
    made = FirstRun(qtbot, folder, page, language)
    page.done.connect(made.done.append)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
    try:
        yield made
    finally:
        lane.stop()
        page.close()


def test_a_store_is_set_up_with_the_keyboard_alone(first_run: FirstRun) -> None:
    assert first_run.page.welcome.new.hasFocus()
    first_run.key(Qt.Key.Key_Return)
    first_run.type(ANSWERS)
    first_run.go_on()
    assert not first_run.page.store.go.isEnabled()
    assert first_run.page.store.line() == first_run.language.say("ui_setup.creating")
    first_run.wait_for_sheet()
    page = first_run.page.sheet
    assert page.save.hasFocus() and not page.go.isEnabled()
    first_run.go_on()
    assert first_run.done == []
    first_run.key(Qt.Key.Key_Tab)
    first_run.key(Qt.Key.Key_Tab)
    assert page.kept.hasFocus()
    first_run.key(Qt.Key.Key_Space)
    first_run.go_on()
    (founded,) = first_run.done
    assert isinstance(founded, SetUpDone)
    assert (founded.identity.store_code, founded.identity.desk, founded.manager.id) == ("XH", 2, "1001")
    opened = open_desk(first_run.folder)
    try:
        assert people.sign_in(opened.desk, staff_id="1001", pin=PIN).must_change_pin is False
        assert opened.desk.identity.address == "398 Caoxi Road"
    finally:
        opened.close()


def test_escape_does_not_lead_away_from_the_recovery_sheet(first_run: FirstRun) -> None:
    first_run.fill()
    first_run.go_on()
    first_run.wait_for_sheet()
    first_run.key(Qt.Key.Key_Escape)
    assert first_run.page.pane() is first_run.page.sheet


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("store_code", "X1"),
        ("desk", "0"),
        ("desk", "two"),
        ("store_name", ""),
        ("manager_id", "10-01"),
        ("manager_name", ""),
        ("repeat", "804163"),
    ],
)
def test_an_answer_that_cannot_be_used_is_marked_and_the_others_stay(first_run: FirstRun, name: str, text: str) -> None:
    first_run.fill(**{name: text})
    first_run.go_on()
    first_run.wait_for_wrong(name, first_run.language.say(f"ui_setup.{name}.wrong"))
    assert first_run.page.store.fields["address"].text() == "398 Caoxi Road"
    assert not exists(first_run.folder)


def test_a_trivial_pin_is_refused_and_asked_again(first_run: FirstRun) -> None:
    first_run.fill(pin="123456", repeat="123456")
    first_run.go_on()
    first_run.wait_for_wrong("pin", first_run.language.say("ui_setup.pin.wrong"))
    assert first_run.page.store.fields["pin"].text() == first_run.page.store.fields["repeat"].text() == ""


def test_a_time_zone_that_does_not_exist_is_marked(first_run: FirstRun) -> None:
    first_run.fill()
    first_run.page.store.fields["timezone"].set_text("Asia/Nowhere")
    first_run.go_on()
    first_run.wait_for_wrong("timezone", first_run.language.say("ui_setup.timezone.wrong"))


def test_a_store_that_is_there_already_is_said_beside_the_button(first_run: FirstRun) -> None:
    found_store(first_run.folder, SetUpAnswers("XH", "x", 1, "1001", "Zhao", PIN))
    first_run.fill()
    first_run.go_on()
    first_run.qtbot.waitUntil(lambda: "已经有门店" in first_run.page.store.line(), timeout=10_000)
    assert first_run.page.pane() is first_run.page.store


def test_the_sheet_is_saved_and_printed_and_a_failure_is_said_in_place(first_run: FirstRun, tmp_path: Path) -> None:
    first_run.fill()
    first_run.go_on()
    first_run.wait_for_sheet()
    sheet = first_run.page.sheet
    first_run.broken = True
    first_run.page.on_save_to(str(tmp_path / "sheet.txt"))
    first_run.qtbot.waitUntil(lambda: "无法写入" in sheet.line(), timeout=5000)
    first_run.broken = False
    first_run.page.on_save_to(str(tmp_path / "sheet.txt"))
    first_run.qtbot.waitUntil(lambda: "已保存" in sheet.line(), timeout=5000)
    sheet.print.click()
    first_run.qtbot.waitUntil(lambda: "打印机" in sheet.line(), timeout=5000)
    assert first_run.kept == [(tmp_path / "sheet.txt").read_text("utf-8")]


def test_the_languages_switch_while_answers_stay(first_run: FirstRun) -> None:
    first_run.fill()
    first_run.page.bottom.languages.choose("en")
    assert first_run.page.store.fields["store_code"].entry.accessibleName() == "Store code"
    assert first_run.page.store.fields["store_name"].text() == "Minghe Xuhui"


def test_a_store_comes_back_from_a_backup_with_the_keyboard(first_run: FirstRun, tmp_path: Path) -> None:
    found_store(tmp_path / "old", SetUpAnswers("XH", "x", 1, "1001", "Zhao", PIN))
    opened = open_desk(tmp_path / "old")
    backup(opened.store, tmp_path / "store.backup", passphrase=PASSPHRASE, now=clock())
    opened.close()
    page = first_run.page.restoring
    first_run.key(Qt.Key.Key_Down)
    first_run.key(Qt.Key.Key_Return)
    assert first_run.page.pane() is page
    QTest.keyClicks(first_run.focused(), str(tmp_path / "missing"))
    first_run.go_on()
    assert page.file.wrong() == first_run.language.say("ui_setup.file.wrong")
    page.file.clear()
    QTest.keyClicks(first_run.focused(), str(tmp_path / "store.backup"))
    first_run.key(Qt.Key.Key_Tab)
    first_run.key(Qt.Key.Key_Tab)
    QTest.keyClicks(first_run.focused(), "not the passphrase")
    first_run.go_on()
    first_run.qtbot.waitUntil(lambda: "口令" in page.passphrase.wrong(), timeout=10_000)
    assert not exists(first_run.folder)
    first_run.qtbot.waitUntil(page.passphrase.entry.hasFocus)
    QTest.keyClicks(first_run.focused(), PASSPHRASE)
    first_run.go_on()
    first_run.qtbot.waitUntil(lambda: first_run.done == [None], timeout=10_000)
    opened = open_desk(first_run.folder)
    opened.close()
