"""The present scheme's colours and fonts, and the one style sheet for what Qt paints itself.

THEME is one object for the whole window: paint code asks it for colours on every paint, so handing it to each of the
hundreds of painted parts would say nothing. It holds no state of the shop, only light or dark.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication

from store_desk.resources import resource
from store_desk.ui.look.access import install_roles
from store_desk.ui.look.lasting import keep_constants
from store_desk.ui.look.tokens import COLOURS, RADIUS, STYLES, TextStyle

keep_constants()

Scheme = Literal["light", "dark", "system"]
FAMILIES = ["Inter", "Noto Sans SC", "Noto Sans SC Whole", "HanaMinA", "HanaMinB", "Microsoft YaHei UI", "Segoe UI"]
# Folder and file of the fonts of the first screen. The window's regular and bold Chinese are the slip's own cuts.
FIRST_FONTS = (
    ("ui", "Inter-Regular.ttf"),
    ("ui", "Inter-Medium.ttf"),
    ("ui", "Inter-SemiBold.ttf"),
    ("ui", "InterDisplay-SemiBold.ttf"),
    ("slip", "NotoSansSC-Regular-GB2312.ttf"),
    ("ui", "NotoSansSC-Medium.ttf"),
    ("slip", "NotoSansSC-Bold-GB2312.ttf"),
)
# Noto Sans SC has no 600: asked for it, Qt takes the medium. This finds Noto's bold and still Inter's semi-bold.
BETWEEN = 650
RARE_FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "HanaMin-rare-A.ttf", "HanaMin-rare-B.ttf")


class Theme(QObject):
    """Light or dark. Signal: changed()."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scheme: Scheme = "light"
        self._dark = False
        self.reduced_motion = False

    @property
    def scheme(self) -> Scheme:
        """What was chosen: light, dark or system."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        """Whether dark is shown now."""
        return self._dark

    def set_scheme(self, scheme: Scheme) -> None:
        """Switches the scheme; every window repaints."""
        self._scheme = scheme
        if scheme == "system":
            self._dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            self._dark = scheme == "dark"
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet(style_sheet(self))
            for widget in app.allWidgets():
                widget.update()
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """The colour of a token in the present scheme."""
        return _colour(name, self._dark)

    def hex(self, name: str) -> str:
        """The colour as text for the style sheet."""
        return self.colour(name).name(QColor.NameFormat.HexArgb)

    def duration(self, milliseconds: int) -> int:
        """A motion's length; nothing moves when motion is reduced."""
        return 0 if self.reduced_motion else milliseconds


@lru_cache(maxsize=256)
def _colour(name: str, dark: bool) -> QColor:
    return QColor(COLOURS[name][dark])


@lru_cache(maxsize=64)
def font(style: str) -> QFont:
    """The font of a text style: Inter with Noto Sans SC beside it, figures of equal width."""
    spec = STYLES[style]
    made = QFont((["Inter Display"] if spec.display else []) + FAMILIES)
    made.setPixelSize(spec.px)
    made.setWeight(QFont.Weight(BETWEEN if spec.weight == QFont.Weight.DemiBold else spec.weight))
    if spec.spacing:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spec.spacing)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=64)
def metrics(style: str) -> QFontMetricsF:
    """The measures of a text style."""
    return QFontMetricsF(font(style))


def spec(style: str) -> TextStyle:
    """The values of a text style."""
    return STYLES[style]


def baseline(top: float, style: str) -> float:
    """Where the baseline of a line box lies that begins at `top`, the same for Latin and Chinese."""
    values = STYLES[style]
    return top + (values.line - 1.21 * values.px) / 2 + 0.969 * values.px


def text_width(text: str, style: str) -> float:
    """The advance of the text in the style, in pixels."""
    return metrics(style).horizontalAdvance(text)


THEME = Theme()


def load_fonts() -> None:
    """Registers the fonts of the first screen (small cuts that load quickly)."""
    for folder, name in FIRST_FONTS:
        QFontDatabase.addApplicationFont(str(resource("fonts", folder, name)))


def load_rare_fonts() -> None:
    """Registers the full Chinese font and the rare characters; after the first paint, since they take their time."""
    for name in RARE_FONTS:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))
    for widget in QApplication.allWidgets():
        widget.update()


def install_theme(app: QApplication) -> None:
    """Fonts, base style and style sheet for the whole program; the first thing after QApplication."""
    load_fonts()
    install_roles()
    app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setStyleSheet(style_sheet(THEME))


def style_sheet(theme: Theme) -> str:
    """What Qt paints itself: line edits, text edits, scroll bars, tooltips, menus, list pop-ups."""
    c = theme.hex
    return f"""
QWidget {{ color: {c("text")}; }}
QLineEdit, QTextEdit, QPlainTextEdit {{
  background: {c("surface")}; color: {c("text")}; border: 1px solid {c("control")};
  border-radius: {RADIUS["input"]}px; padding: 0 12px; selection-background-color: {c("accent")};
  selection-color: {c("on_accent")}; placeholder-text-color: {c("text3")};
}}
QTextEdit, QPlainTextEdit {{ padding: 8px 10px; }}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c("focus")}; padding: 0 11px; }}
QTextEdit:focus, QPlainTextEdit:focus {{ padding: 7px 9px; }}
QLineEdit:disabled {{ background: {c("sunken")}; color: {c("text3")}; }}
QLineEdit[tone="bad"] {{ border: 2px solid {c("bad")}; padding: 0 11px; }}
QLineEdit[tone="ok"] {{ border: 1px solid {c("ok")}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {c("line_strong")}; border-radius: 3px; min-height: 32px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {c("line_strong")}; border-radius: 3px; min-width: 32px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; border: none; width: 0; height: 0;
}}
QToolTip {{
  background: {c("text")}; color: {c("surface")}; border: none; padding: 6px 8px; font-size: 12px;
}}
QMenu {{ background: {c("surface")}; border: 1px solid {c("line_strong")}; border-radius: 8px; padding: 6px; }}
QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {c("accent_soft")}; color: {c("accent_text")}; }}
QComboBox {{ combobox-popup: 0; }}
QListView#popup {{
  background: {c("surface")}; border: 1px solid {c("line_strong")}; border-radius: 8px; padding: 4px; outline: 0;
}}
QListView#popup::item {{ min-height: 36px; padding: 0 10px; border-radius: 6px; color: {c("text")}; }}
QListView#popup::item:selected {{ background: {c("accent_soft")}; color: {c("accent_text")}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
"""
