"""The amber banner under the top bar while head office cannot be reached: since when, and what still works."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words import catalogue

HEIGHT = 52


class OfflineBanner(QWidget):
    """Shown only while there is no contact; says so once to screen readers when it comes."""

    accessible_role = QAccessible.Role.AlertMessage

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._icon = Runs((Run(icon="cloud-off", colour="warn", px=20),), height=24)
        self._title = TextLabel(style="strong")
        self._text = TextLabel(style="small", wrap=True)
        self.again = Button("", key="F5")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 9)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.again.clicked.connect(self._on_again)
        if bench.head_office is not None:
            bench.head_office.changed.connect(self.show_state)
        bench.language.changed.connect(self.show_state)
        self.hide()

    def show_state(self) -> None:
        """Comes, goes and says by the wire's state."""
        office = self._bench.head_office
        if office is None:
            return
        state, say = office.state(), self._bench.language.say
        self.again.set_text(say("ui_sync.offline.try"))
        if state.connected:
            self.hide()
            return
        since = state.last_contact
        if since is None:
            self._title.set_text(say("ui_sync.offline.title.never"))
        else:
            self._title.set_text(say("ui_sync.offline.title", time=Moments(self._bench).ended(since)))
        if f"problem.{state.problem}" in catalogue("ui_sync"):
            self._text.set_text(say(f"ui_sync.problem.{state.problem}"))
        else:
            key = "ui_sync.offline.text" if state.waiting else "ui_sync.offline.text.clear"
            self._text.set_text(say(key, n=state.waiting))
        words = f"{self._title.text()}. {self._text.text()}"
        self.setAccessibleName(words)
        if self.isHidden() and self.parent() is not None:
            self.show()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def words(self) -> str:
        """What it says."""
        return self.accessibleName()

    def _on_again(self) -> None:
        if self._bench.head_office is not None:
            self._bench.head_office.wake()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.colour("warn_soft"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, THEME.colour("warn_line"))
