"""Tokens, theme, icons, glyphs and fonts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import store_desk
from store_desk.resources import resource
from store_desk.ui.look.glyphs import COLOUR, paint_glyph
from store_desk.ui.look.icons import icon_pixmap
from store_desk.ui.look.lasting import REFERENCES
from store_desk.ui.look.theme import THEME, baseline, font, install_theme, load_rare_fonts
from store_desk.ui.look.tokens import COLOURS, STYLES
from store_desk.ui.parts.buttons import Chip
from store_desk.ui.parts.painting import wrap_text
from store_desk.ui.parts.parts import Pane

SMALLEST = 12
TEXT_RATIO, CONTROL_RATIO = 4.5, 3.0
# What is written on what (design, accessibility).
TEXT_PAIRS = [
    *[(fg, bg) for fg in ("text", "text2", "text3", "accent_text") for bg in ("surface", "canvas")],
    *[(fg, bg) for fg in ("text2", "text3", "accent_text", "warn", "bad") for bg in ("accent_soft",)],
    ("text3", "sunken"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    *[(tone, bg) for tone in ("ok", "warn", "bad") for bg in ("surface", f"{tone}_soft")],
    ("text", "warn_soft"),
    *[("text2", f"{tone}_soft") for tone in ("ok", "warn", "bad")],
    ("ink", "paper"),
]
CONTROL_PAIRS = [(fg, bg) for fg in ("control", "focus") for bg in ("surface", "canvas")]


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    install_theme(qapp)
    THEME.set_scheme("light")


def _luminance(colour: str) -> float:
    tint = QColor(colour)
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in tint.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _ratio(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_and_controls_stand_out_enough_in_both_schemes(dark: bool) -> None:
    for pairs, least in ((TEXT_PAIRS, TEXT_RATIO), (CONTROL_PAIRS, CONTROL_RATIO)):
        for fg, bg in pairs:
            assert _ratio(COLOURS[fg][dark], COLOURS[bg][dark]) >= least, (fg, bg)


@pytest.mark.shared_data
def test_the_values_are_those_of_the_design() -> None:
    design = Path(store_desk.__file__).parents[2] / "shared" / "design" / "tokens.json"
    if not design.is_file():
        pytest.skip("the design is not beside the checkout")
    tokens = json.loads(design.read_text("utf-8"))
    for name, values in tokens["colour"].items():
        for index, scheme in enumerate(("light", "dark")):
            wanted = values[scheme]
            if len(wanted) == 9:  # the design writes the alpha last, Qt first
                wanted = f"#{wanted[7:]}{wanted[1:7]}"
            assert COLOURS[name][index].upper() == wanted.upper(), name
    for name, style in tokens["type"]["scale"].items():
        assert (STYLES[name].px, STYLES[name].line, STYLES[name].weight) == (
            style["px"],
            style["line"],
            style["weight"],
        )
    for pair in tokens["contrast"]["pairs"]:
        for index in (0, 1):
            assert _ratio(COLOURS[pair["fg"]][index], COLOURS[pair["bg"]][index]) >= pair["minimum"], pair


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    assert min(style.px for style in STYLES.values()) >= SMALLEST


def test_switching_the_scheme_repaints_in_the_other_colours(qtbot: QtBot) -> None:
    pane = Pane("surface")
    qtbot.addWidget(pane)
    pane.resize(20, 20)
    before = pane.grab().toImage().pixelColor(10, 10)
    with qtbot.waitSignal(THEME.changed):
        THEME.set_scheme("dark")
    after = pane.grab().toImage().pixelColor(10, 10)
    THEME.set_scheme("light")
    assert before == QColor(COLOURS["surface"][0])
    assert after == QColor(COLOURS["surface"][1])


def _icons_named() -> set[str]:
    names = {path.stem for path in resource("icons").glob("*.svg")}
    pattern = re.compile(r'(?:icon|right_icon|need_icon)="([a-z][a-z0-9-]+)"|paint_icon\([a-z]+, "([a-z0-9-]+)"')
    named: set[str] = set()
    for path in (Path(store_desk.__file__).parent / "ui").rglob("*.py"):
        for match in pattern.finditer(path.read_text("utf-8")):
            named.add(match.group(1) or match.group(2))
    assert names
    return named


def test_every_icon_named_in_the_window_is_there_and_paints_something() -> None:
    named = _icons_named()
    assert "circle-check" in named
    missing = {name for name in named if not resource("icons", f"{name}.svg").is_file()}
    assert not missing
    for path in resource("icons").glob("*.svg"):
        image = icon_pixmap(path.stem, 16, "#ff000000", 1.0).toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 60 for x in range(16) for y in range(16))
        assert inked > 4, path.stem


def test_an_icon_is_painted_in_the_colour_asked_for() -> None:
    image = icon_pixmap("square", 24, "#ffff0000", 1.0).toImage()
    inks = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 200]
    assert inks
    assert all(ink.red() > 200 and ink.green() < 50 for ink in inks)


def _glyph(key: str, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_glyph(painter, key, QRectF(0, 0, side, side), QColor("black"))
    painter.end()
    return image


@pytest.mark.parametrize("side", [14, 18])
def test_all_nine_states_look_different_without_colour(side: int) -> None:
    pictures = {key: _glyph(key, side) for key in COLOUR}
    assert len(pictures) == 9
    for one, other in combinations(pictures, 2):
        a, b = pictures[one], pictures[other]
        differing = sum(
            abs(a.pixelColor(x, y).alpha() - b.pixelColor(x, y).alpha()) > 90 or a.pixel(x, y) != b.pixel(x, y)
            for x in range(side)
            for y in range(side)
        )
        assert differing > side // 2, (one, other)


def _bottom(text: str, style: str) -> int:
    image = QImage(120, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font(style))
    painter.drawText(QPointF(4, baseline(8, style)), text)
    painter.end()
    rows = [y for y in range(60) if any(image.pixelColor(x, y).lightness() < 140 for x in range(120))]
    return max(rows)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_latin_letters_stand_on_one_baseline_with_and_without_chinese(style: str) -> None:
    alone = _bottom("xxx", style)
    # A Chinese character without strokes below its foot: the lowest ink of the line stays that of the letters.
    together = _bottom("x一x", style)
    assert alone == together


def _faces(text: str, style: str) -> list[tuple[str, int]]:
    layout = QTextLayout(text, font(style))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [(run.rawFont().familyName(), min(run.glyphIndexes())) for run in layout.glyphRuns()]


def test_semibold_chinese_is_set_in_the_bold_cut() -> None:
    layout = QTextLayout("将要执行", font("heading"))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    assert [run.rawFont().styleName() for run in layout.glyphRuns()] == ["Bold"]


def test_rare_characters_have_a_glyph_in_every_style() -> None:
    load_rare_fonts()
    for style in STYLES:
        for char in "将镕堃𠮷㐂𠀀":
            faces = _faces(char, style)
            assert faces
            assert all(glyph > 0 for _, glyph in faces), (style, char, faces)


ISOLATED = """
from PySide6.QtGui import QFontDatabase, QTextLayout
from PySide6.QtWidgets import QApplication
from store_desk.ui.look.theme import STYLES, font, install_theme, load_rare_fonts
app = QApplication([])
install_theme(app)
load_rare_fonts()
for style in STYLES:
    layout = QTextLayout("撤销 x 镕𠮷𠀀", font(style))
    layout.beginLayout(); layout.createLine(); layout.endLayout()
    for run in layout.glyphRuns():
        print(run.rawFont().familyName(), min(run.glyphIndexes()), sep="|")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="fontconfig is Linux's")
def test_with_no_font_of_the_machine_all_text_comes_from_the_files_that_ship(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>", "utf-8")
    setting = {**os.environ, "FONTCONFIG_FILE": str(config), "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(
        [sys.executable, "-c", ISOLATED],
        env=setting,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(store_desk.__file__).parents[1],
    )
    lines = [line.split("|") for line in answer.stdout.splitlines() if "|" in line]
    families = {family for family, _ in lines}
    assert families <= {"Inter", "Inter Display", "Noto Sans SC", "Noto Sans SC Whole", "HanaMinA", "HanaMinB"}
    assert {"Noto Sans SC", "Noto Sans SC Whole"} <= families
    assert families & {"HanaMinA", "HanaMinB"}
    assert all(int(glyph) > 0 for _, glyph in lines)


def test_a_line_never_begins_with_closing_punctuation() -> None:
    text = "可以照常撤销和打印，三项已存在本机。联网后自动发送；请放心！（不会丢失），真的。"
    for width in range(45, 400, 7):
        lines = wrap_text(text, "small", width)
        assert "".join(lines) == text
        assert not any(line[0] in "，。、；：？！）" for line in lines), lines


def test_long_latin_words_are_broken_only_when_they_do_not_fit() -> None:
    assert wrap_text("keep this ticket", "small", 60) == ["keep this", "ticket"]
    assert "".join(wrap_text("A" * 90, "small", 60)) == "A" * 90


def test_painting_for_long_does_not_use_up_none(qtbot: QtBot) -> None:
    chip = Chip("维修", icon="wrench")
    qtbot.addWidget(chip)
    before = sys.getrefcount(None)
    for _ in range(200):
        chip.grab()
    assert sys.version_info[:2] >= (3, 12) or sys.getrefcount(None) > REFERENCES >> 1 or sys.maxsize < 2**32
    assert before > 0
