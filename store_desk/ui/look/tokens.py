"""The design's values: colours of both schemes, type scale, sizes, radii, motion."""

from __future__ import annotations

from typing import Final, NamedTuple


class TextStyle(NamedTuple):
    """One step of the type scale; pixels at 100 %."""

    px: int
    line: int
    weight: int
    display: bool
    spacing: float


# Colour name -> (light, dark).
COLOURS: Final[dict[str, tuple[str, str]]] = {
    "canvas": ("#F5F4F1", "#151513"),
    "surface": ("#FFFFFF", "#1D1D1A"),
    "subtle": ("#FAF9F7", "#21211E"),
    "sunken": ("#EFEDE8", "#11110F"),
    "hover": ("#F3F1ED", "#272723"),
    "line": ("#E3E0D9", "#33322D"),
    "line_strong": ("#CFCBC2", "#47453F"),
    "control": ("#8C877D", "#7F7B71"),
    "text": ("#1D1B18", "#F1EFE9"),
    "text2": ("#55514A", "#BDB9AE"),
    "text3": ("#6B675F", "#A09B90"),
    "disabled": ("#A29D93", "#6A665D"),
    "accent": ("#2746BF", "#8EA4FF"),
    "accent_hover": ("#1F3AA6", "#A3B5FF"),
    "accent_press": ("#182F8A", "#BAC7FF"),
    "on_accent": ("#FFFFFF", "#0E1533"),
    "accent_text": ("#2746BF", "#A3B5FF"),
    "accent_soft": ("#EDF0FC", "#262B47"),
    "accent_softer": ("#F6F8FE", "#20233A"),
    "accent_line": ("#C3CDF5", "#46508A"),
    "focus": ("#2746BF", "#A3B5FF"),
    "ok": ("#1B6E45", "#7CD3A2"),
    "ok_soft": ("#E6F3EB", "#1B3226"),
    "ok_line": ("#B5DBC5", "#33604A"),
    "warn": ("#85510A", "#EDBE6C"),
    "warn_soft": ("#FBF0DB", "#372B16"),
    "warn_line": ("#EBCF98", "#66502A"),
    "bad": ("#AE2A24", "#FF9D94"),
    "bad_soft": ("#FBE9E7", "#3D2220"),
    "bad_line": ("#F0BFBA", "#74403B"),
    "ink": ("#1E2E86", "#1E2E86"),
    "paper": ("#FFFEFB", "#FFFEFB"),
    "paper_desk": ("#E9E6DF", "#11110F"),
    "scrim": ("#731D1B18", "#A6000000"),
    "heat0": ("#F1EFEA", "#262622"),
    "heat1": ("#D9E0F8", "#2A3154"),
    "heat2": ("#AFBDF0", "#394684"),
    "heat3": ("#7D92E2", "#5266BC"),
    "heat4": ("#4B66D0", "#7389E6"),
    "heat5": ("#2746BF", "#A3B5FF"),
    "keycap": ("#FFFFFF", "#2B2B27"),
    "keycap_line": ("#CFCBC2", "#57544C"),
}

STYLES: Final[dict[str, TextStyle]] = {
    "display": TextStyle(32, 40, 600, True, -0.4),
    "title": TextStyle(24, 32, 600, True, -0.3),
    "heading": TextStyle(17, 24, 600, True, -0.1),
    "subhead": TextStyle(14, 20, 600, False, 0.0),
    "body": TextStyle(14, 20, 400, False, 0.0),
    "strong": TextStyle(14, 20, 500, False, 0.0),
    "label": TextStyle(13, 18, 500, False, 0.0),
    "small": TextStyle(13, 18, 400, False, 0.0),
    "labelb": TextStyle(13, 18, 600, False, 0.0),
    "digit": TextStyle(24, 32, 400, False, 0.0),
    "mark": TextStyle(20, 28, 600, True, 0.0),
    "badge": TextStyle(12, 16, 600, False, 0.0),
    "caption": TextStyle(12, 16, 400, False, 0.0),
    "captionb": TextStyle(12, 16, 500, False, 0.0),
}

RADIUS: Final[dict[str, int]] = {
    "key": 5,
    "chip": 6,
    "button": 8,
    "button_large": 10,
    "row_selection": 10,
    "tile": 10,
    "input": 8,
    "search": 10,
    "panel": 12,
    "palette": 14,
    "keypad": 14,
    "round": 999,
}

RAIL: Final = 80
TOP_BAR: Final = 64
HINT_BAR: Final = 32
LIST_NARROW: Final = 392
LIST_WIDE: Final = 432
LIST_ROW: Final = 76
LIST_SECTION: Final = 36
SHEET_HEADER: Final = 64
SHEET_FOOTER: Final = 72
BUTTON: Final[dict[str, int]] = {"small": 32, "normal": 36, "large": 44, "customer": 52}
INPUT: Final = 40
SEARCH: Final = 44
KEY_CAP: Final = 20
CHIP: Final = 24
# Side of a PIN box: in a sheet, on the sign-in page.
PIN_BOX: Final = (34, 40)
WIDE_FROM: Final = 1400
COMPACT_BELOW: Final = 800
BASE_MS: Final = 160
SLOW_MS: Final = 240
