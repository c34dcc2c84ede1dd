"""The call script beside the plan: four parts with the ticket's own facts, one of them current."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import FIELD_LENGTH_MAX
from store_desk.ui.cancel.script_text import PARTS, ScriptPart, script_of
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.look.tokens import RADIUS
from store_desk.ui.parts.inputs import LineEdit
from store_desk.ui.parts.painting import draw_key, draw_text, focus_ring, frame, key_width, wrap_text

PAD = 14
HEAD = 28
LINE = 20
CHIP = 24


class ScriptCard(QAbstractButton):
    """One part: its name and key, what to say, and the facts as chips while it is current."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._says = ""
        self._facts: tuple[str, ...] = ()
        self._state = "open"
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_part(self, name: str, says: str, facts: tuple[str, ...], *, state: str) -> None:
        """Shows the words; `state` is open, current or done."""
        self.setText(name)
        self._says, self._facts, self._state = says, facts, state
        self.setAccessibleName(f"{name}. {says}")
        self.setAccessibleDescription(state)
        self.updateGeometry()
        self.update()

    @property
    def state(self) -> str:
        """Whether the part is open, current or done."""
        return self._state

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = len(wrap_text(self._says, self._style(), max(60, width - 2 * PAD)))
        chips = (len(self._chip_rows(width)) * (CHIP + 4) + 4) if self._state == "current" and self._facts else 0
        return 8 + HEAD + lines * LINE + chips + 10

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 240)))

    def _style(self) -> str:
        return "body" if self._state == "current" else "small"

    def _chip_rows(self, width: int) -> list[list[str]]:
        rows: list[list[str]] = [[]]
        used = 0.0
        for fact in self._facts:
            wide = min(text_width(fact, "captionb") + 16, width - 2 * PAD)
            if rows[-1] and used + wide > width - 2 * PAD:
                rows.append([])
                used = 0.0
            rows[-1].append(fact)
            used += wide + 6
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        current = self._state == "current"
        if current:
            frame(painter, QRectF(self.rect()), RADIUS["panel"], fill="surface", line="accent", width=2)
        icon = {"open": "circle", "current": "circle-dot", "done": "circle-check"}[self._state]
        tint = {"open": "text3", "current": "accent_text", "done": "ok"}[self._state]
        paint_icon(painter, icon, PAD, 14, 16, THEME.colour(tint))
        draw_text(painter, self.text(), PAD + 26, 13, "label", "text")
        x = self.width() - PAD - key_width(self._key) - key_width("Alt") - 4
        x += draw_key(painter, "Alt", x, 22) + 4
        draw_key(painter, self._key, x, 22)
        y = 8.0 + HEAD
        for line in wrap_text(self._says, self._style(), self.width() - 2 * PAD):
            draw_text(painter, line.lstrip(), PAD, y, self._style(), "text" if current else "text2")
            y += LINE
        if current and self._facts:
            self._paint_chips(painter, y + 4)
        if self.hasFocus() and not current:
            focus_ring(painter, self, RADIUS["panel"])

    def _paint_chips(self, painter: QPainter, y: float) -> None:
        for row in self._chip_rows(self.width()):
            x = float(PAD)
            for fact in row:
                wide = min(text_width(fact, "captionb") + 16, self.width() - 2 * PAD)
                frame(painter, QRectF(x, y, wide, CHIP), RADIUS["chip"], fill="sunken")
                draw_text(painter, fact, x + 8, y + 4, "captionb", "text2", width=wide - 14)
                x += wide + 6
            y += CHIP + 4


class CallScript(QWidget):
    """The four parts and the suggestion line. Signal: entered(dict) with the suggestion."""

    entered = Signal(dict)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._current = 0
        self.cards = [ScriptCard(str(index + 1)) for index in range(len(PARTS))]
        self.suggestion = LineEdit()
        self.suggestion.setMaxLength(FIELD_LENGTH_MAX)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 4, 16, 12)
        rows.setSpacing(6)
        for index, card in enumerate(self.cards):
            card.clicked.connect(partial(self.go_to, index))
            rows.addWidget(card)
        rows.addWidget(self.suggestion)
        rows.addStretch(1)
        self.suggestion.textEdited.connect(self.on_suggestion)

    def show_work(self, work: CancelWork) -> None:
        """Puts the ticket's facts into the sentences."""
        self._work = work
        if work.opening is None:
            return
        desk, language = self._bench.desk, self._bench.language
        view = work.view
        ticket = view.ticket if view is not None else work.opening.ticket
        parts = script_of(
            ticket,
            work.plan,
            policy=work.opening.policy,
            reason=work.entries.reason,
            now=desk.clock(),
            zone=desk.zone,
        )
        for index, (card, part) in enumerate(zip(self.cards, parts, strict=True)):
            self._show_part(index, card, part)
        self.suggestion.setPlaceholderText(language.say("ui_cancel.script.suggestion"))
        self.suggestion.setAccessibleName(language.say("ui_cancel.script.suggestion"))
        if self.suggestion.text() != work.entries.suggestion and not self.suggestion.hasFocus():
            self.suggestion.setText(work.entries.suggestion)

    def _show_part(self, index: int, card: ScriptCard, part: ScriptPart) -> None:
        language = self._bench.language
        state = "current" if index == self._current else "done" if index < self._current else "open"
        facts = tuple(language.of(fact) for fact in part.facts)
        card.show_part(language.say(f"ui_cancel.script.{part.name}"), language.of(part.says), facts, state=state)

    def go_to(self, index: int) -> None:
        """Makes a part the current one; those before it are done."""
        self._current = index
        if index == len(self.cards) - 1:
            self.suggestion.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._work is not None:
            self.show_work(self._work)

    def on_suggestion(self, text: str) -> None:
        """What the customer suggests is written down."""
        self.entered.emit({"suggestion": text})
