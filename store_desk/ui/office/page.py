"""The administration page of head office's staff: sections at the left, the chosen one at the right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import PublishedMeanwhile
from store_desk.services.office import NewCode, Sheet
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.notice_line import NoticeLine
from store_desk.ui.look.theme import THEME
from store_desk.ui.office.conflict import ConflictPane, differences
from store_desk.ui.office.desks import DesksSection
from store_desk.ui.office.lists import ConditionsSection, ForceMajeureSection, PeopleSection, StoresSection
from store_desk.ui.office.numbers import NumbersSection
from store_desk.ui.office.outcomes import OutcomesSection
from store_desk.ui.office.section import ListSection, OfficeSection
from store_desk.ui.parts.areas import Hairline
from store_desk.ui.parts.signs import ProgressLine
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.side import SideList
from store_desk.ui.tasks import run

SECTIONS: Final = (
    ("outcomes", "badge-check"),
    ("conditions", "list-ordered"),
    ("numbers", "gauge"),
    ("force_majeure", "cloud-alert"),
    ("stores", "store"),
    ("desks", "hard-drive"),
    ("people", "users"),
)
KINDS: Final[dict[str, type[OfficeSection]]] = {
    "outcomes": OutcomesSection,
    "conditions": ConditionsSection,
    "numbers": NumbersSection,
    "force_majeure": ForceMajeureSection,
    "stores": StoresSection,
    "desks": DesksSection,
    "people": PeopleSection,
}
SIDE_WIDTH: Final = 232


@dataclass(frozen=True, slots=True)
class _Got:
    key: str
    turn: int
    sheet: Sheet


class OfficePage(QWidget):
    """Signals: closed(), hints_changed(), ticket_asked(ticket id)."""

    closed = Signal()
    hints_changed = Signal()
    ticket_asked = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._turn = 0
        self._key = "outcomes"
        self._mine: Any = None
        self._theirs: Sheet | None = None
        self.side = SideList(follows=True)
        self.sections: dict[str, OfficeSection] = {}
        self.stack = QStackedWidget()
        # A section that is not in front must not make the window taller.
        self.stack.setMinimumHeight(1)
        self._title, self._caption = TextLabel("", "title"), TextLabel("", "small", "text2", wrap=True)
        self._line = ProgressLine()
        self.notice = NoticeLine()
        self.conflict = ConflictPane(bench.language)
        self._build()
        self.side.chosen.connect(self._on_side)
        self.conflict.theirs_taken.connect(self._on_theirs)
        self.conflict.mine_kept.connect(self._on_mine)
        bench.language.changed.connect(self._on_language)
        THEME.changed.connect(self.update)
        self.conflict.hide()
        self._on_language()

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 16, 0, 16)
        column.addWidget(self.side)
        column.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(28, 22, 28, 10)
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._caption)
        both = QVBoxLayout()
        both.setContentsMargins(28, 0, 28, 0)
        both.addWidget(self.conflict)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(head)
        right.addWidget(self._line)
        right.addWidget(self.notice)
        right.addLayout(both)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(right, 1)
        self.setFocusProxy(self.side)

    # --- sections ------------------------------------------------------------------------------------------

    def section(self) -> OfficeSection:
        """The section in front."""
        if self._key not in self.sections:
            made = KINDS[self._key](self._bench)
            made.publish_asked.connect(self._on_publish)
            made.put_asked.connect(self._on_put)
            made.called.connect(self._on_called)
            if isinstance(made, OutcomesSection):
                made.ticket_asked.connect(self.ticket_asked)
                made.said.connect(self.show_said)
            self.sections[self._key] = made
            self.stack.addWidget(made)
        return self.sections[self._key]

    def show_section(self, key: str) -> None:
        """Brings a section to the front and reads it."""
        self._key = key
        self.side.set_current([name for name, _ in SECTIONS].index(key))
        self.show_said("", "")
        self._theirs = self._mine = None
        self._end_conflict()
        self._show_head()
        self.stack.setCurrentWidget(self.section())
        self.refresh()

    def refresh(self) -> None:
        """Reads the section in front again, unless something in it waits to be published."""
        section = self.section()
        self.stack.setCurrentWidget(section)
        if isinstance(section, OutcomesSection):
            section.load()
        elif not section.is_in_hand():
            self._ask(partial(self._fetch, self._key, section.source))

    def _fetch(self, key: str, name: str) -> _Got:
        office, actor = self._bench.office, self._bench.session.actor
        if office is None or actor is None:
            return _Got(key, -1, Sheet(name, 0))
        return _Got(key, self._turn, office.fetch(actor, name))

    def _ask(self, work: Any) -> None:
        self._turn += 1
        self._line.start()
        task = run(self, self._bench.far, work, then=self._on_got, refused=self._on_refused)
        task.finished.connect(self._line.stop)

    def _on_got(self, got: _Got) -> None:
        if got.turn < 0 or got.key not in self.sections or self.sections[got.key].is_in_hand():
            # Whoever has begun to change something keeps it; a newer version shows when it is published.
            return
        self._show_sheet(got)

    def _show_sheet(self, got: _Got) -> None:
        self.sections[got.key].show_sheet(got.sheet)
        self._mine = None

    # --- changing ------------------------------------------------------------------------------------------

    def _on_publish(self, body: Any) -> None:
        section, office, actor = self.section(), self._bench.office, self._bench.session.actor
        if office is None or actor is None or section.sheet is None:
            return
        self._mine = body
        seen = self._theirs.version if self._theirs is not None else section.sheet.version
        key, name = self._key, section.source

        def work() -> tuple[_Got, str]:
            sheet = office.publish(actor, name, body, expected_version=seen)
            return _Got(key, self._turn, sheet), "published"

        self._write(work)

    def _on_put(self, item: dict[str, Any], version: int) -> None:
        section, office, actor = self.section(), self._bench.office, self._bench.session.actor
        if office is None or actor is None:
            return
        key, name = self._key, section.source

        def work() -> tuple[_Got, str]:
            return _Got(key, self._turn, office.put(actor, name, item, expected_version=version)), "saved"

        self._write(work)

    def _on_called(self, what: str, values: dict[str, Any]) -> None:
        office, actor, key = self._bench.office, self._bench.session.actor, self._key
        if office is None or actor is None:
            return
        if what == "code":
            run(
                self,
                self._bench.far,
                partial(office.new_code, actor, **values),
                then=self._on_code,
                refused=self._on_refused,
            )
            return

        def work() -> tuple[_Got, str]:
            return _Got(key, self._turn, office.revoke_desk(actor, values["desk_id"], values["why"])), "revoked"

        self._write(work)

    def _write(self, work: Any) -> None:
        self._line.start()
        task = run(self, self._bench.far, work, then=self._on_written, refused=self._on_refused)
        task.finished.connect(self._line.stop)

    def _on_written(self, answer: tuple[_Got, str]) -> None:
        got, word = answer
        self._theirs = None
        self._end_conflict()
        self._show_sheet(got)
        self.show_said("ok", self._bench.language.say(f"ui_office.done.{word}", n=got.sheet.version))

    def _on_code(self, made: NewCode) -> None:
        section = self.sections.get("desks")
        if isinstance(section, DesksSection):
            section.show_code(made)
        self.show_said("", "")

    def _on_refused(self, error: DomainError) -> None:
        self.show_said("bad", self._bench.language.error(error))
        if isinstance(error, PublishedMeanwhile):
            self._ask_theirs()

    # --- somebody else was faster --------------------------------------------------------------------------

    def _ask_theirs(self) -> None:
        run(
            self,
            self._bench.far,
            partial(self._fetch, self._key, self.section().source),
            then=self._on_their_sheet,
            refused=self._on_refused,
        )

    def _on_their_sheet(self, got: _Got) -> None:
        section = self.section()
        if self._mine is None:
            # One record of a list: what stands there now is shown, the form keeps what was typed.
            if isinstance(section, ListSection):
                section.take_sheet(got.sheet)
            return
        self._theirs = got.sheet
        found = differences(section.entries(got.sheet.body), section.entries(self._mine))
        title = self._bench.language.say("ui_office.conflict", n=got.sheet.version, by=got.sheet.by or "–")
        self.show_said("", "")
        self.conflict.show_both(title, found, n=got.sheet.version)
        self.stack.setEnabled(False)

    def _on_theirs(self) -> None:
        """Drops what was entered here."""
        theirs, self._theirs, self._mine = self._theirs, None, None
        self._end_conflict()
        if theirs is not None:
            self.section().show_sheet(theirs)

    def _end_conflict(self) -> None:
        self.conflict.hide()
        self.stack.setEnabled(True)

    def _on_mine(self) -> None:
        """Publishes what was entered here over the version that was just shown."""
        if self._mine is not None:
            self._on_publish(self._mine)

    # --- frame ---------------------------------------------------------------------------------------------

    def show_said(self, tone: str, words: str) -> None:
        """One line over the section; an empty one takes it away."""
        icons: dict[str, str] = {"ok": "circle-check", "warn": "triangle-alert", "bad": "triangle-alert"}
        tones: dict[str, Any] = {"ok": "ok", "warn": "warn", "bad": "bad"}
        if words:
            self.notice.say(tones.get(tone, "sunken"), icons.get(tone, "info"), words)
        else:
            self.notice.clear()

    def hints(self) -> list[tuple[tuple[str, ...], str]]:
        """The keys that work now."""
        say = self._bench.language.say
        return [
            (("↑", "↓"), say("ui_office.hint.move")),
            (("Enter",), say("ui_office.hint.open")),
            (("Esc",), say("ui_office.hint.back")),
        ]

    def _on_side(self, index: int) -> None:
        self.show_section(SECTIONS[index][0])

    def _show_head(self) -> None:
        say = self._bench.language.say
        self._title.set_text(say(f"ui_office.section.{self._key}"))
        self._caption.set_text(say(f"ui_office.caption.{self._key}"))

    def _on_language(self) -> None:
        say = self._bench.language.say
        items = tuple((icon, say(f"ui_office.section.{key}")) for key, icon in SECTIONS)
        self.side.set_items(items, current=self.side.current())
        self._show_head()
        for section in self.sections.values():
            section.reread()
        self.show_said("", "")
        self.hints_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.side.hasFocus():
                self.closed.emit()
            else:
                self.side.setFocus()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("surface"))
