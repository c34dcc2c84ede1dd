"""The left column of the settings: the sections, and a field that finds a setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.language import Language
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.painting import draw_text, frame
from store_desk.ui.parts.text import Watching
from store_desk.ui.settings.numbers import RULES, TARIFF

WIDTH: Final = 232
ITEM: Final = 42
SECTIONS: Final = (
    ("printer", "printer"),
    ("devices", "plug"),
    ("look", "languages"),
    ("scanner", "scan-barcode"),
    ("rules", "shield-check"),
    ("reasons", "list-ordered"),
    ("staff", "users"),
    ("imports", "file-up"),
    ("backup", "database-backup"),
    ("desk", "store"),
    ("office", "building-2"),
    ("about", "info"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting that can be found: its section, its name, the key of its title."""

    section: str
    name: str
    title: str
    level: int = 0


_ROWS: Final = (
    ("printer", ("printer.a5", "printer.80mm", "printer.paper", "printer.copies", "printer.auto")),
    ("printer", ("printer.store_copy_phone", "slip.language")),
    (
        "devices",
        ("device.a5", "device.80mm", "printer.drawer", "device.scanner", "device.signature", "signature.screen"),
    ),
    ("devices", ("device.network", "device.port", "device.baud", "printer.roll")),
    ("look", ("look.language", "look.scheme", "look.reduced_motion")),
    ("scanner", ("scanner.suffix", "scanner.prefix", "scanner.test")),
    ("backup", ("backup.last", "backup.passphrase", "backup.sheet", "backup.restore")),
    (
        "desk",
        (
            "desk.store",
            "desk.number",
            "desk.place",
            "desk.money",
            "desk.fingerprint",
            "desk.certificate",
            "desk.journal",
        ),
    ),
    ("about", ("about.version", "about.licence", "about.folder", "about.support")),
)
ENTRIES: Final = (
    *(Entry(section, "", f"section.{section}") for section, _ in SECTIONS),
    *(Entry(section, name, name) for section, names in _ROWS for name in names),
    Entry("scanner", "policy.scanner_gap_ms", "scanner.gap"),
    Entry("scanner", "policy.scanner_length_min", "scanner.length"),
    *(Entry("rules", number.setting, f"rule.{number.name}") for number in RULES),
    *(Entry("rules", number.setting, "rule.tariff_minor", number.level) for number in TARIFF),
)


def find_settings(language: Language, text: str) -> list[Entry]:
    """The settings whose title (in either language) holds the text, those that begin with it first."""
    from store_desk.words import LANGS, say

    wanted = text.strip().casefold()
    found: list[tuple[int, int, Entry]] = []
    for at, entry in enumerate(ENTRIES):
        titles = [say(lang, f"ui_settings.{entry.title}", level=entry.level).casefold() for lang in LANGS]
        if any(wanted in title for title in titles):
            found.append((0 if any(title.startswith(wanted) for title in titles) else 1, at, entry))
    return [entry for _, _, entry in sorted(found, key=lambda hit: hit[:2])]


class SideList(Watching):
    """Rows with icon and words; up and down move, Enter chooses. Signal: chosen(index)."""

    chosen = Signal(int)

    def __init__(self, *, follows: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The list of sections shows a section as soon as it is reached; that of hits only on Enter.
        self._follows = follows
        self._items: tuple[tuple[str, str], ...] = ()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_items(self, items: tuple[tuple[str, str], ...], *, current: int = 0) -> None:
        """Shows other rows: (icon, words)."""
        self._items, self._current = items, current
        self.setFixedHeight(max(1, len(items)) * ITEM)
        self._name()

    def set_current(self, index: int) -> None:
        """Marks a row."""
        self._current = index
        self._name()

    def current(self) -> int:
        """The marked row."""
        return self._current

    def _name(self) -> None:
        words = self._items[self._current][1] if 0 <= self._current < len(self._items) else ""
        self.setAccessibleName(words)
        self.update()

    def move_by(self, step: int) -> None:
        """One row up or down."""
        if self._items:
            self.set_current(min(len(self._items) - 1, max(0, self._current + step)))
            if self._follows:
                self.chosen.emit(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.move_by(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._items:
            self.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = int(event.position().y() // ITEM)
        if 0 <= index < len(self._items):
            self.set_current(index)
            self.chosen.emit(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for index, (icon, words) in enumerate(self._items):
            rect = QRectF(8, index * ITEM + 2, self.width() - 16, ITEM - 4)
            on = index == self._current
            if on:
                frame(painter, rect, RADIUS["row_selection"], fill="accent_soft")
                frame(painter, QRectF(8, rect.top() + 9, 3, rect.height() - 18), 1.5, fill="accent")
                if self.hasFocus():
                    frame(painter, rect, RADIUS["row_selection"], line="focus", width=2)
            colour = "accent_text" if on else "text2"
            paint_icon(painter, icon, 22, rect.center().y() - 8, 16, THEME.colour(colour))
            draw_text(
                painter,
                words,
                50,
                rect.center().y() - 10,
                "strong",
                "accent_text" if on else "text",
                width=self.width() - 66,
            )


class Side(QWidget):
    """Sections, or the hits while a setting is looked for. Signals: section_chosen(key), entry_chosen(Entry)."""

    section_chosen = Signal(str)
    entry_chosen = Signal(object)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._hits: list[Entry] = []
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(0)
        self.field = LineEdit(icon="search")
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_entered)
        self.field.installEventFilter(self)
        self._finder = QWidget()
        holder = QVBoxLayout(self._finder)
        holder.setContentsMargins(8, 0, 8, 8)
        holder.addWidget(self.field)
        column.addWidget(self._finder)
        self.sections = SideList(follows=True)
        self.sections.chosen.connect(self._on_section)
        self.hits = SideList(follows=False)
        self.hits.chosen.connect(self._on_hit)
        column.addWidget(self.sections)
        column.addWidget(self.hits)
        column.addStretch(1)
        self._finder.hide()
        self.hits.hide()
        self.retell()

    def retell(self) -> None:
        """Reads the words again."""
        words = tuple((icon, self._language.say(f"ui_settings.section.{key}")) for key, icon in SECTIONS)
        self.sections.set_items(words, current=self.sections.current())
        self.field.setPlaceholderText(self._language.say("ui_settings.find"))
        self.field.setAccessibleName(self._language.say("ui_settings.find"))

    def show_section(self, key: str) -> None:
        """Marks a section."""
        self.sections.set_current([name for name, _ in SECTIONS].index(key))

    def open_find(self) -> None:
        """Shows the field and waits for words."""
        self._finder.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_find(self) -> bool:
        """Back to the sections; False when nothing was being looked for."""
        if self._finder.isHidden():
            return False
        self.field.clear()
        self._finder.hide()
        self.sections.setFocus()
        return True

    def _on_typed(self, text: str) -> None:
        looking = bool(text.strip())
        self.sections.setVisible(not looking)
        self.hits.setVisible(looking)
        self._hits = find_settings(self._language, text)[:14] if looking else []
        icons = dict(SECTIONS)
        rows = tuple(
            (icons[entry.section], self._language.say(f"ui_settings.{entry.title}", level=entry.level))
            for entry in self._hits
        )
        self.hits.set_items(rows or (("search-x", self._language.say("ui_settings.find.none", text=text.strip())),))

    def _on_entered(self) -> None:
        self._on_hit(self.hits.current())

    def _on_hit(self, index: int) -> None:
        if 0 <= index < len(self._hits):
            entry = self._hits[index]
            self.close_find()
            self.entry_chosen.emit(entry)

    def _on_section(self, index: int) -> None:
        self.section_chosen.emit(SECTIONS[index][0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Up and down in the field move through the hits, as in the desk's search.
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if pressed in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._hits:
            self.hits.move_by(1 if pressed == Qt.Key.Key_Down else -1)
            return True
        return super().eventFilter(watched, event)
