"""A sign-in page in front of a real practice store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from store_desk.app.demo import demo_pins
from store_desk.app.wiring import OpenDesk, open_desk
from store_desk.domain.staff import Actor
from store_desk.services import people
from store_desk.store.first_look import first_look
from store_desk.ui.bench import Bench, Session
from store_desk.ui.language import Language
from store_desk.ui.look.theme import install_theme
from store_desk.ui.signin.page import SignInPage
from store_desk.ui.signin.person import Person, Recovery
from store_desk.ui.tasks import Lane
from store_desk.words import Lang
from tests.ui.settings.benches import Backups, Imports, Printers, draw_slip

MANAGER = "1001"
CLERK = "2047"
PINS = demo_pins()


def tiles(folder: Path) -> tuple[Person, ...]:
    """The people as the program reads them before anything is loaded."""
    look = first_look(folder)
    return tuple(
        Person(tile.id, tile.name, tile.name_other, tile.role, tile.locked_until_ms)
        for tile in (look.staff if look is not None else ())
    )


@dataclass
class Scene:
    """The page, the store behind it and who signed in."""

    qtbot: QtBot
    folder: Path
    opened: OpenDesk
    bench: Bench
    language: Language
    page: SignInPage
    signed_in: list[Actor] = field(default_factory=list)

    def attach(self) -> None:
        """The services arrive."""
        self.page.attach(self.bench, recovery=recovery(self.opened))

    def press(self, text: str) -> None:
        """Presses digits on whatever has the focus, as a person does."""
        for char in text:
            QTest.keyClicks(self.focused(), char)

    def key(self, key: Qt.Key) -> None:
        """Presses one key."""
        QTest.keyClick(self.focused(), key)

    def focused(self) -> QWidget:
        """What has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def choose(self, staff_id: str) -> None:
        """Goes to a clerk with the arrows."""
        ids = [tile.id for tile in tiles(self.folder)]
        chosen = self.page.head.list.person()
        assert chosen is not None
        by = ids.index(staff_id) - ids.index(chosen.id)
        for _ in range(abs(by)):
            self.key(Qt.Key.Key_Down if by > 0 else Qt.Key.Key_Up)

    def wait_for_sign_in(self) -> Actor:
        """The next person to sign in."""
        self.qtbot.waitUntil(lambda: bool(self.signed_in), timeout=5000)
        return self.signed_in[-1]

    def wait_for_line(self, words: str) -> None:
        """What is said below the boxes."""
        self.qtbot.waitUntil(lambda: words in self.page.pin.line(), timeout=5000)

    def say(self, key: str, **facts: object) -> str:
        """Words in the present language."""
        return self.language.say(f"ui_signin.{key}", **facts)


def recovery(opened: OpenDesk) -> Recovery:
    """A recovery over the store's own keys."""
    from store_desk.domain.errors import KeyMissing
    from store_desk.store.keys import keys_from_recovery

    def check(sheet: str) -> None:
        if keys_from_recovery(sheet) != opened.store.keys:
            raise KeyMissing(folder=str(opened.folder))

    def reset(sheet: str, staff_id: str, pin: str) -> None:
        check(sheet)
        people.recover_manager(opened.desk, staff_id=staff_id, new_pin=pin)

    return Recovery(check, reset)


@contextmanager
def scene(folder: Path, qtbot: QtBot, *, lang: Lang = "zh") -> Iterator[Scene]:
    """A shown page; lanes and store end with the block."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app)
    opened = open_desk(folder)
    lanes = [Lane(name) for name in ("database", "printer", "files")]
    language = Language(lang)
    bench = Bench(
        desk=opened.desk,
        database=lanes[0],
        printer=lanes[1],
        files=lanes[2],
        language=language,
        session=Session(),
        draw_slip=draw_slip,
        printing=Printers(),
        importing=Imports(),
        backup=Backups(),
        data_folder=folder,
    )
    page = SignInPage(tiles(folder), store_line="明禾 · 柜台 2", language=language, demo_pins=PINS, mark="明")
    qtbot.addWidget(page)
    made = Scene(qtbot, folder, opened, bench, language, page)
    page.signed_in.connect(made.signed_in.append)
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
    page.pin.setFocus()
    try:
        yield made
    finally:
        for lane in lanes:
            lane.stop()
        page.close()
        opened.close()
