"""The settings page: sections at the left, one column of rows, the sample slip at the side, what was done below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.ui.bench import Bench
from store_desk.ui.joining.section import HeadOfficeSection
from store_desk.ui.look.theme import THEME
from store_desk.ui.look.tokens import WIDE_FROM
from store_desk.ui.parts.parts import Hairline
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.settings.devices import DevicesSection
from store_desk.ui.settings.imports import ImportsSection
from store_desk.ui.settings.keeping import AboutSection, BackupSection, DeskSection
from store_desk.ui.settings.looks import LookSection
from store_desk.ui.settings.printer import PrinterSection
from store_desk.ui.settings.rules import ReasonsSection, RulesSection
from store_desk.ui.settings.sample_pane import SamplePane
from store_desk.ui.settings.scanner import ScannerSection
from store_desk.ui.settings.section import Room, Section
from store_desk.ui.settings.side import Entry, Side
from store_desk.ui.settings.staff import StaffSection
from store_desk.ui.settings.stored import Stored, paper_of
from store_desk.ui.shortcuts import FIND_SETTING, TEST_PAGE

KINDS: Final[dict[str, type[Section]]] = {
    "printer": PrinterSection,
    "devices": DevicesSection,
    "look": LookSection,
    "scanner": ScannerSection,
    "rules": RulesSection,
    "reasons": ReasonsSection,
    "staff": StaffSection,
    "imports": ImportsSection,
    "backup": BackupSection,
    "desk": DeskSection,
    "office": HeadOfficeSection,
    "about": AboutSection,
}
ADD, IMPORT = "Alt+A", "Alt+I"


class SettingsPage(QWidget):
    """All settings of this desk. Signals: closed() on Esc, import_asked(), hints_changed()."""

    closed = Signal()
    import_asked = Signal()
    hints_changed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.stored = Stored(bench, self)
        self._current = "printer"
        self.section: Section | None = None
        self._build_panes()
        for keys, slot in (
            (FIND_SETTING, self.side.open_find),
            (TEST_PAGE, self._on_test),
            (ADD, self._on_add),
            (IMPORT, self._on_import),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self.stored.loaded.connect(self._on_loaded)
        # Who comes here by a key goes on with the arrows; a page alone would hold the focus unseen.
        self.setFocusProxy(self.side.sections)
        self.stored.saved.connect(self._on_saved)
        self.stored.refused.connect(self._on_refused)
        bench.language.changed.connect(self._on_language)
        self.show_section("printer")

    # --- building ------------------------------------------------------------------------------------------

    def _build_panes(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.side = Side(self.bench.language)
        self.side.section_chosen.connect(self.show_section)
        self.side.entry_chosen.connect(self._on_entry)
        row.addWidget(self.side)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(self._build_middle(), 1)
        self.sample = SamplePane(self.bench)
        row.addWidget(self.sample)

    def _build_middle(self) -> QVBoxLayout:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self._head = QVBoxLayout()
        self._head.setSpacing(2)
        self._title, self._caption = TextLabel("", "title"), TextLabel("", "small", "text2", wrap=True)
        self._head.addWidget(self._title)
        self._head.addWidget(self._caption)
        middle.addLayout(self._head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle.addWidget(self._scroll, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._foot.addLayout(self._buttons)
        self._foot.addSpacing(16)
        self._foot.addStretch(1)
        self._note = Runs((), height=36)
        self._foot.addWidget(self._note)
        middle.addLayout(self._foot)
        self._set_margins()
        return middle

    def _set_margins(self) -> None:
        pad = 40 if self.window().width() >= WIDE_FROM or self.width() >= WIDE_FROM - 80 else 28
        self._head.setContentsMargins(pad, 24, pad, 10)
        self._foot.setContentsMargins(pad, 12, pad, 24)
        self._pad = pad
        holder = self._scroll.widget()
        layout = holder.layout() if holder is not None else None
        if layout is not None:
            layout.setContentsMargins(pad, 0, pad, 12)

    # --- what the frame asks -------------------------------------------------------------------------------

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say = self.bench.language.say
        hints: list[tuple[tuple[str, ...], str]] = [(("Ctrl", "F"), say("ui_settings.hint.find"))]
        if isinstance(self.section, PrinterSection):
            hints.append((("Alt", "T"), say("ui_settings.hint.test")))
        if isinstance(self.section, StaffSection) and self.stored.may_change_rules():
            hints.append((("Alt", "A"), say("ui_settings.staff.add")))
        if isinstance(self.section, ImportsSection):
            hints.append((("Alt", "I"), say("ui_settings.hint.import")))
        hints.append((("Esc",), say("ui_settings.hint.back")))
        return hints

    def refresh(self) -> None:
        """Called when the page comes to the front: reads everything again."""
        self.stored.load()

    def take_scan(self, text: str) -> bool:
        """Takes a scan while the scanner's test field is in front; False leaves it to the search."""
        if isinstance(self.section, ScannerSection) and self.section.field.hasFocus():
            self.section.field.setText(text)
            return True
        return False

    # --- sections ------------------------------------------------------------------------------------------

    @Slot(str)
    def show_section(self, key: str) -> None:
        """Brings a section to the front, built anew from the settings as they are."""
        if key not in KINDS:
            return
        self._current = key
        self.side.show_section(key)
        say = self.bench.language.say
        self._title.set_text(say(f"ui_settings.section.{key}"))
        self._caption.set_text(say(f"ui_settings.caption.{key}", desk=self.bench.desk.identity.desk))
        self._take_down()
        section = KINDS[key](Room(self.bench, self.stored))
        section.noted.connect(self._on_noted)
        if isinstance(section, PrinterSection):
            section.sample_changed.connect(self._show_sample)
        if isinstance(section, ImportsSection):
            section.import_asked.connect(self.import_asked)
        self.section = section
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(self._pad, 0, self._pad, 12)
        column.addWidget(section)
        self._scroll.setWidget(holder)
        for button in section.footer():
            self._buttons.addWidget(button)
            button.show()
        self.sample.setVisible(isinstance(section, PrinterSection))
        if isinstance(section, PrinterSection):
            self._show_sample()
        self._on_noted(say("ui_settings.saved") if self._saves(key) else "", "ok")
        section.enter()
        self.hints_changed.emit()

    def _saves(self, key: str) -> bool:
        # The mark stands where changes are saved by themselves, and only for those who may make them.
        return key in ("printer", "devices", "look", "scanner") or (
            key in ("rules", "reasons") and self.stored.may_change_rules()
        )

    def _take_down(self) -> None:
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.section = None

    def _show_sample(self) -> None:
        self.sample.show_paper(paper_of(self.stored.text("printer.paper")))

    def focus_setting(self, name: str) -> None:
        """Brings the control of a setting into view and gives it the focus."""
        control = self.section.findChild(QWidget, name) if self.section is not None else None
        if control is not None:
            self._scroll.ensureWidgetVisible(control, 0, 80)
            control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- slots ---------------------------------------------------------------------------------------------

    def _on_loaded(self) -> None:
        if isinstance(self.section, BackupSection):
            self.section.refresh()
            return
        self._rebuild()

    def _on_language(self) -> None:
        self.side.retell()
        self._rebuild()

    def _rebuild(self) -> None:
        focus: QWidget | None = self.focusWidget()
        name = focus.objectName() if focus is not None else ""
        self.show_section(self._current)
        if name:
            self.focus_setting(name)

    @Slot(str)
    def _on_saved(self, _name: str) -> None:
        self._on_noted(self.bench.language.say("ui_settings.saved"), "ok")

    @Slot(str, object)
    def _on_refused(self, _name: str, error: DomainError) -> None:
        self._rebuild()
        self._on_noted(self.bench.language.error(error), "bad")

    @Slot(str, str)
    def _on_noted(self, words: str, tone: str) -> None:
        icon = {"ok": "check", "bad": "triangle-alert"}.get(tone, "hourglass")
        colour = {"ok": "ok", "bad": "bad"}.get(tone, "text2")
        runs = (Run(icon=icon, colour=colour), Run(words, "small", colour if tone == "bad" else "text2"))
        self._note.set_runs(runs if words else ())
        self._note.setToolTip(words)

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        self.show_section(entry.section)
        if entry.name:
            self.focus_setting(entry.name)
        else:
            self.side.sections.setFocus()

    def _on_test(self) -> None:
        if isinstance(self.section, PrinterSection):
            self.section.print_test_page()

    def _on_add(self) -> None:
        if isinstance(self.section, StaffSection):
            self.section.open_add()

    def _on_import(self) -> None:
        if isinstance(self.section, ImportsSection) and self.section.footer()[0].isEnabled():
            self.import_asked.emit()

    # --- Qt ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(1286, 672)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        widget = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(widget, QPushButton):
            # Enter presses the button with the focus, as it does on the sheets.
            if self.isAncestorOf(widget) and not event.isAutoRepeat():
                widget.click()
            return
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        if self.side.close_find():
            return
        if isinstance(self.section, StaffSection) and self.section.close_form():
            return
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def showEvent(self, event: object) -> None:
        if isinstance(self.section, ImportsSection):
            # Who comes back from an import sees it in the list.
            self.section.enter()
        # Without a focus inside, the page's own keys would not be heard.
        if self.focusWidget() is None or not self.isAncestorOf(self.focusWidget()):
            self.side.sections.setFocus()

    def resizeEvent(self, event: object) -> None:
        self._set_margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("surface"))
