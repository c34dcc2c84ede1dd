"""A scanner's burst goes to the search from anywhere; a person's typing stays where it was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from store_desk.ui.scanner import ScannerFilter, ScannerSettings

CODE = "XH2-26-004711-K"


class Bed:
    """A window with a line, a text area and a button, and keys with moments of their own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.line, self.area, self.button = QLineEdit(), QPlainTextEdit(), QPushButton("1")
        column = QVBoxLayout(self.window)
        for widget in (self.line, self.area, self.button):
            column.addWidget(widget)
        qtbot.addWidget(self.window)
        self.now = 1_000
        self.scans: list[str] = []
        self.presses: list[bool] = []
        self.button.clicked.connect(self.on_pressed)
        self.filter = ScannerFilter(self.window, clock_ms=self.moment)
        self.filter.scanned.connect(self.scans.append)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self.filter)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def on_pressed(self) -> None:
        self.presses.append(True)

    def moment(self, event: QKeyEvent) -> int:
        return self.now

    def focus(self, widget: QWidget) -> None:
        widget.setFocus()
        assert QApplication.focusWidget() is widget

    def key(self, key: int, text: str = "") -> None:
        target = QApplication.focusWidget() or self.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(target, event)

    def type(self, text: str, *, gap_ms: int) -> None:
        for character in text:
            self.now += gap_ms
            self.key(ord(character.upper()), character)

    def enter(self, *, gap_ms: int) -> None:
        self.now += gap_ms
        self.key(Qt.Key.Key_Return, "\r")

    def close(self) -> None:
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self.filter)


@pytest.fixture
def bed(qtbot: QtBot) -> Iterator[Bed]:
    made = Bed(qtbot)
    yield made
    made.close()


@pytest.mark.req("REQ-OPS-02")
def test_a_burst_in_a_line_is_taken_out_of_it_and_searched(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.line.setText("before")
    bed.line.selectAll()
    bed.type(CODE, gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == [CODE]
    assert bed.line.text() == "before"
    assert bed.line.selectedText() == "before"


def test_a_burst_in_a_text_area_leaves_the_text_alone(bed: Bed) -> None:
    bed.focus(bed.area)
    bed.area.setPlainText("a note")
    bed.type(CODE, gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == [CODE]
    assert bed.area.toPlainText() == "a note"


def test_a_burst_on_a_button_presses_nothing(bed: Bed) -> None:
    bed.focus(bed.button)
    bed.type("AB 12 34", gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == ["AB 12 34"]
    assert bed.presses == []


def test_a_space_that_is_no_scan_still_presses_the_button(bed: Bed, qtbot: QtBot) -> None:
    bed.focus(bed.button)
    bed.key(Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: len(bed.presses) == 1)
    assert not bed.button.isDown()
    assert bed.scans == []


def test_a_quick_space_that_comes_through_the_window_presses_the_button(bed: Bed, qtbot: QtBot) -> None:
    bed.focus(bed.button)

    # As the system delivers it: to the window first, press and release within one gap.
    QTest.keyClick(bed.window.windowHandle(), Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: bed.presses == [True])


def test_slow_typing_is_no_scan(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.type("13800006021", gap_ms=90)
    bed.enter(gap_ms=90)
    assert bed.scans == []
    assert bed.line.text() == "13800006021"


def test_one_slow_gap_ends_a_burst(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.type("123", gap_ms=5)
    bed.type("4", gap_ms=41)
    bed.type("567", gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == []


def test_five_characters_are_no_scan_and_six_are(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.type("12345", gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == []
    bed.now += 1_000
    bed.type("123456", gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == ["123456"]


def test_a_gap_of_forty_milliseconds_still_belongs_to_the_burst(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.type("123456", gap_ms=40)
    bed.enter(gap_ms=40)
    assert bed.scans == ["123456"]


def test_tab_ends_a_burst_too(bed: Bed) -> None:
    bed.focus(bed.line)
    bed.type("123456", gap_ms=5)
    bed.now += 5
    bed.key(Qt.Key.Key_Tab, "\t")
    assert bed.scans == ["123456"]


def test_prefix_asterisks_and_control_characters_are_taken_off(bed: Bed) -> None:
    bed.filter.settings = ScannerSettings(prefix="~")
    bed.focus(bed.line)
    bed.type("~*123456", gap_ms=5)
    bed.now += 5
    bed.key(Qt.Key.Key_unknown, "\x1d")
    bed.type("78*", gap_ms=5)
    bed.enter(gap_ms=5)
    assert bed.scans == ["12345678"]
    assert "\x1d" not in bed.line.text()
