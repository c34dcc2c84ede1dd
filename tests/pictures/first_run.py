"""Pictures of the first run: two ways in, the answers, the recovery sheet, and a backup that is brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from store_desk.ui.setup.page import SetUpPage
from tests.pictures.hands import CTRL, Hands
from tests.pictures.looks import LOOKS, Look
from tests.pictures.screens import start, stop

NAMES: Final = ("09-set-up", "09-set-up-restore", "09-set-up-store", "09-set-up-sheet")
ANSWERS: Final = {
    "store_code": "XH",
    "store_name": "明禾家居电器 · 徐汇店",
    "store_name_other": "Minghe Home",
    "address": "上海市徐汇区漕溪北路 398 号",
    "phone": "021-5550 0198",
    "manager_id": "1001",
    "manager_name": "赵文",
    "pin": "840251",
    "repeat": "840251",
}


def take_first_run(out: Path, work: Path, *, only: str, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """Takes the pictures whose name begins with `only`; answers their file names."""
    taken: list[str] = []
    if not any(name.startswith(only) for name in NAMES):
        return taken
    for number, look in enumerate(looks):
        program = start(work / f"first-{number}", look, demo=False)
        hands = Hands(program, out, look, only)
        try:
            _walk(hands)
        finally:
            stop(program)
        taken += hands.taken
    return taken


def _walk(hands: Hands) -> None:
    page = hands.program.frame.currentWidget()
    if not isinstance(page, SetUpPage):
        raise RuntimeError("the first run does not begin with set-up")
    hands.settle()
    hands.snap("09-set-up")
    page.on_restore()
    hands.snap("09-set-up-restore")
    hands.press(Qt.Key.Key_Escape)
    page.on_new()
    hands.settle()
    for name, text in ANSWERS.items():
        field = page.store.fields[name].entry
        field.setFocus()
        hands.write(text)
    hands.snap("09-set-up-store")
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.wait(lambda: page.pane() is page.sheet, "the recovery sheet")
    hands.snap("09-set-up-sheet")
