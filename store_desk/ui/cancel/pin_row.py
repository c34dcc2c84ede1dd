"""A second person in a row: who it is, a way to choose another, and the boxes for the PIN."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.roles import APPROVERS, Role
from store_desk.domain.staff import Staff
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import draw_text, focus_ring, frame
from store_desk.ui.parts.pin import PinBoxes
from store_desk.ui.parts.text import TextLabel

AVATAR = 36
HEIGHT = 40


class PersonButton(QAbstractButton):
    """The person with name and role; opens the list of the others. Signal: picked(str staff id)."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initial = self._name = self._caption = ""
        self._choices: tuple[tuple[str, str], ...] = ()
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.on_clicked)

    def show_person(self, *, initial: str, name: str, caption: str, choices: tuple[tuple[str, str], ...]) -> None:
        """Shows a person; `choices` are (staff id, words) to choose from."""
        self._initial, self._name, self._caption, self._choices = initial, name, caption, choices
        can_choose = len(choices) > 1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_choose else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_choose else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(f"{name}, {caption}")
        self.update()

    def on_clicked(self) -> None:
        """Opens the list of those who may stand in."""
        if len(self._choices) < 2:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for staff_id, words in self._choices:
            menu.addAction(words, partial(self.picked.emit, staff_id))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def sizeHint(self) -> QSize:
        """Qt: room for disc and words."""
        words = max(text_width(self._name, "label"), text_width(self._caption, "caption"))
        return QSize(round(AVATAR + 10 + words + 24), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt: a name may be elided, the disc may not."""
        return QSize(AVATAR + 60, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: up and down choose the next person without opening the list."""
        ids = [staff_id for staff_id, _ in self._choices]
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and ids:
            names = [words for _, words in self._choices]
            at = next((i for i, words in enumerate(names) if words.startswith(self._name)), 0)
            self.picked.emit(ids[(at + step) % len(ids)])
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: paints disc, name, role and, with others to choose, an arrow."""
        painter = QPainter(self)
        frame(painter, QRectF(0, (HEIGHT - AVATAR) / 2, AVATAR, AVATAR), AVATAR / 2, fill="accent_soft")
        initial = self._initial[:1]
        left = (AVATAR - text_width(initial, "subhead")) / 2
        draw_text(painter, initial, left, HEIGHT / 2 - 10, "subhead", "accent_text")
        x = AVATAR + 10
        room = self.width() - x
        draw_text(painter, self._name, x, 3, "label", "text", width=room)
        draw_text(painter, self._caption, x, 21, "caption", "text3", width=room - 16)
        if len(self._choices) > 1:
            end = x + min(room - 16, text_width(self._caption, "caption")) + 3
            paint_icon(painter, "chevron-down", end, 22, 14, THEME.colour("text3"))
        if self.hasFocus():
            focus_ring(painter, self, 8)
        painter.end()


class PinRow(QWidget):
    """Signal: pin_given(staff id, PIN). The PIN is cleared as soon as it was handed on."""

    pin_given = Signal(str, str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._people: tuple[Staff, ...] = ()
        self._chosen = ""
        self._busy = False
        self._nobody = False
        self.person = PersonButton()
        self.pin = PinBoxes()
        self._line = TextLabel(style="small", colour="bad", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.person, 1)
        row.addWidget(self.pin)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(row)
        rows.addWidget(self._line)
        self._line.hide()
        self.person.picked.connect(self.on_picked)
        self.pin.completed.connect(self.on_completed)

    def retranslate(self) -> None:
        """Reads all words again."""
        self._show_person()

    def show_people(self, work: CancelWork, *, manager_only: bool) -> None:
        """Offers everybody who may stand in for this, never the person who asks."""
        actor = self._bench.session.actor
        allowed = frozenset({Role.MANAGER}) if manager_only else APPROVERS
        people = work.opening.people if work.opening is not None else ()
        self._people = tuple(
            sorted(
                (p for p in people if p.enabled and p.role in allowed and (actor is None or p.id != actor.id)),
                key=lambda person: (person.role is not Role.SUPERVISOR, person.id),
            )
        )
        if self._chosen not in [person.id for person in self._people]:
            self._chosen = self._people[0].id if self._people else ""
        self._show_person()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The staff numbers that can be chosen."""
        return tuple(person.id for person in self._people)

    def _show_person(self) -> None:
        say = self._bench.language.say
        person = next((p for p in self._people if p.id == self._chosen), None)
        self.person.setVisible(person is not None)
        self.pin.setVisible(person is not None)
        if person is None:
            self._line.set_text(say("ui_cancel.approval.nobody"))
            self._line.setVisible(True)
            self._nobody = True
            return
        if self._nobody:
            self._nobody = False
            self._line.hide()
        role = say(f"trade.role.{person.role.value}")
        self.person.show_person(
            initial=person.name,
            name=self._name(person),
            caption=say("ui_cancel.approval.on_duty", role=role, id=person.id),
            choices=tuple((p.id, f"{self._name(p)} {p.id}") for p in self._people),
        )
        self.person.setToolTip(say("ui_cancel.approval.choose") if len(self._people) > 1 else "")
        self.pin.setAccessibleName(say("ui_cancel.approval.pin", name=self._name(person)))

    def _name(self, person: Staff) -> str:
        return person.name_other if self._bench.language.now == "en" and person.name_other else person.name

    def focus_pin(self) -> None:
        """Puts the cursor into the PIN."""
        self.pin.setFocus()

    def show_refused(self, error: DomainError) -> None:
        """Says in place why the PIN did not do."""
        self._busy = False
        self.pin.setEnabled(True)
        self.pin.clear()
        self.pin.set_wrong(True)
        self._line.set_look(colour="bad")
        self._line.set_text(self._bench.language.error(error))
        self._line.show()
        self.pin.setFocus()

    def reset(self) -> None:
        """Empties the boxes and takes the message away."""
        self._busy = False
        self.pin.setEnabled(True)
        self.pin.clear()
        self._line.hide()

    def on_picked(self, staff_id: str) -> None:
        """Another person is to give the PIN."""
        self._chosen = staff_id
        self.reset()
        self._show_person()
        self.pin.setFocus()

    def on_completed(self, pin: str) -> None:
        """All figures are there: hand them on once and wait for the answer."""
        if self._busy or not self._chosen:
            return
        self._busy = True
        self.pin.setEnabled(False)
        self._line.set_look(colour="text2")
        self._line.set_text(self._bench.language.say("ui_cancel.approval.checking"))
        self._line.show()
        self.pin_given.emit(self._chosen, pin)
