"""What stands under the outcomes: the chosen case, what overruling it would do, the reason, and a last question.

A refused case is confirmed at once with a reason. Refusing a confirmed one takes a cancellation back from a customer
who holds its slip, so it is said what that does and asked once more.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.roles import Role
from store_desk.domain.ticket import Work
from store_desk.services.approvals_view import Disputed
from store_desk.ui.approvals.saying import Sayings
from store_desk.ui.bench import Bench
from store_desk.ui.parts.areas import Panel
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.text import TextLabel

WHY_LENGTH_MAX = 500


class OverrulePanel(Panel):
    """Signals: overrule_asked(case id, whether to confirm it, why), open_asked()."""

    overrule_asked = Signal(str, bool, str)
    open_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("sunken", parent=parent)
        self._bench = bench
        self._item: Disputed | None = None
        self._asking = False
        self._title = TextLabel("", "label", elide=True)
        self._told = TextLabel("", "small", "text2", wrap=True)
        self._effect = TextLabel("", "small", "text", wrap=True)
        self._reopened = TextLabel("", "small", "warn", wrap=True)
        self._question = TextLabel("", "label", "bad", wrap=True)
        self.why = LineEdit()
        self.why.setMaxLength(WHY_LENGTH_MAX)
        self.open = Button(" ", icon="external-link")
        self.confirm = Button(" ", icon="circle-check", kind="primary")
        self.refuse = Button(" ", icon="circle-x", kind="danger")
        self.keep = Button(" ", kind="secondary")
        self.do = Button(" ", icon="circle-x", kind="danger")
        self._build()
        self.why.textChanged.connect(self._show_ready)
        self.why.returnPressed.connect(self._on_go)
        self.confirm.clicked.connect(self._on_go)
        self.refuse.clicked.connect(self._on_go)
        self.keep.clicked.connect(self.end_asking)
        self.do.clicked.connect(self._on_do)
        self.open.clicked.connect(self.open_asked)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.why, 1)
        for button in (self.open, self.confirm, self.refuse):
            row.addWidget(button)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self._question, 1)
        last.addWidget(self.keep)
        last.addWidget(self.do)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        for label in (self._title, self._told, self._effect, self._reopened):
            column.addWidget(label)
        column.addLayout(row)
        column.addLayout(last)

    # --- showing -------------------------------------------------------------------------------------------

    def show_case(self, item: Disputed | None) -> None:
        """Shows another case; what was typed and asked about one that is the same as before stays."""
        same = item is not None and self._item is not None and _key(item) == _key(self._item)
        self._item = item
        if not same:
            self._asking = False
            self.why.clear()
        self.reread()

    def reread(self) -> None:
        """All words again."""
        item = self._item
        self.setVisible(item is not None)
        if item is None:
            return
        self._title.set_text(self._say("overrule.title", number=item.ticket.number))
        self._told.set_text(self._told_words(item))
        self._effect.set_text(self._say("refuse.effect", state=self._state_before(item)) if item.stands else "")
        self._effect.setVisible(item.stands)
        self._reopened.set_text(self._say("refuse.reopened", number=item.reopened) if item.reopened else "")
        self._reopened.setVisible(bool(item.reopened))
        self.why.setPlaceholderText(self._say("overrule.why"))
        self.why.setAccessibleName(self._say("overrule.why"))
        self.open.set_text(self._say("open"))
        self.confirm.set_text(self._say("overrule"))
        self.refuse.set_text(self._say("refuse"))
        self.keep.set_text(self._say("refuse.keep"))
        self.do.set_text(self._say("refuse.do"))
        self._question.set_text(self._say("refuse.sure", number=item.ticket.number))
        self._show_ready()

    def _told_words(self, item: Disputed) -> str:
        case = item.case
        if item.stands:
            at = Sayings(self._bench).moments.short(case.applied_at or case.opened_at)
            key = "stands" if item.slip else "stands.no_slip"
            return self._say(key, slip=item.slip, when=at, by=case.requester)
        told = case.asked or case.decided_why
        return self._say("asked.why" if case.asked else "decided.why", why=told) if told else self._say("asked.none")

    def _state_before(self, item: Disputed) -> str:
        before = item.case.before or item.ticket
        on_work = before.work is not Work.UNASSIGNED
        return self._bench.language.say(
            f"trade.work.{before.work.value}" if on_work else f"trade.review.{before.review.value}"
        )

    def _show_ready(self, *_: object) -> None:
        item = self._item
        if item is None:
            return
        actor = self._bench.session.actor
        reason = ""
        if actor is None or actor.role is not Role.HEAD_OFFICE:
            reason = self._say("overrule.right")
        elif item.sent:
            reason = self._say("overrule.sent")
        elif not self.why.text().strip():
            reason = self._say("overrule.missing")
        self._asking = self._asking and item.stands and not reason
        for button in (self.confirm, self.refuse, self.do):
            button.set_reason(reason)
        self.why.setEnabled(not self._asking)
        self.open.setVisible(not self._asking)
        self.confirm.setVisible(not item.stands)
        self.refuse.setVisible(item.stands and not self._asking)
        for part in (self._question, self.keep, self.do):
            part.setVisible(self._asking)

    # --- what a person does --------------------------------------------------------------------------------

    def _on_go(self) -> None:
        item = self._item
        if item is None:
            return
        if item.stands and self.refuse.isEnabled():
            self._asking = True
            self._show_ready()
            # The safe way is in front: Enter twice takes nothing back.
            self.keep.setFocus()
        elif not item.stands and self.confirm.isEnabled():
            self.overrule_asked.emit(item.case.id, True, self.why.text().strip())

    def _on_do(self) -> None:
        item = self._item
        if item is not None and self._asking and self.do.isEnabled():
            self.overrule_asked.emit(item.case.id, False, self.why.text().strip())

    def is_asking(self) -> bool:
        """Whether the last question stands there."""
        return self._asking

    def end_asking(self) -> None:
        """Back to the reason; the cancellation stays as it is."""
        self._asking = False
        self._show_ready()
        self.why.setFocus()

    def done(self) -> None:
        """It was sent."""
        self._asking = False
        self.why.clear()
        self._show_ready()

    def _say(self, key: str, **facts: object) -> str:
        return self._bench.language.say(f"ui_office.{key}", **facts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._asking and event.key() == Qt.Key.Key_Escape:
            self.end_asking()
        else:
            super().keyPressEvent(event)


def _key(item: Disputed) -> tuple[str, str]:
    return item.case.id, item.case.state.value
