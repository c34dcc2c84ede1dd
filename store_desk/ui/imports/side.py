"""The right panel: what the import will do, the words nobody has explained yet, and the two buttons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.imports import ImportCounts
from store_desk.ui.bench import Bench
from store_desk.ui.imports.answers import Unknown, choices_of, near_choices
from store_desk.ui.imports.errand import Progress
from store_desk.ui.imports.flow import Doing, Flow, Step
from store_desk.ui.parts.buttons import Button, LinkButton
from store_desk.ui.parts.inputs import Segmented, Select
from store_desk.ui.parts.parts import Hairline, Pane, Panel, ProgressLine
from store_desk.ui.parts.text import Run, Runs, TextLabel

WIDTH: Final = 360
PAD: Final = 24
OTHER: Final = "…"
_COUNTS: Final = ("added", "updated", "unchanged", "without_phone", "conflicts", "refused")
# These two are said even when they are zero; the others only when there is something to say.
_ALWAYS: Final = ("added", "updated", "unchanged")


class UnknownCard(Panel):
    """One word to be explained. Signal: answered(Unknown, value)."""

    answered = Signal(object, str)

    def __init__(self, bench: Bench, unknown: Unknown) -> None:
        super().__init__("warn")
        self.unknown = unknown
        self._all = False
        self._bench = bench
        say = bench.language.say
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        title = Run(say(f"ui_imports.unknown.{unknown.field}", word=unknown.word), "label", "text")
        self._title = Runs((Run(icon="triangle-alert", colour="warn"), title))
        self._title.setToolTip(title.text)
        head.addWidget(self._title, 1)
        head.addWidget(TextLabel(say("ui_imports.unknown.rows", n=unknown.rows), "caption", "text2"))
        column.addLayout(head)
        self.near = near_choices(unknown)
        self.segments: Segmented | None = None
        self.select = Select(tuple((value, say(key)) for value, key in choices_of(unknown.field)), name=title.text)
        self.select.picked.connect(self._on_picked)
        if self.near:
            options = tuple((value, say(key), "", "") for value, key in self.near)
            self.segments = Segmented(options, height=36, name=title.text, stretch=True)
            self.segments.chosen.connect(self._on_picked)
            column.addWidget(self.segments)
        column.addWidget(self.select)
        hint = "unknown.remember" if unknown.required else "unknown.optional"
        foot = QHBoxLayout()
        foot.addWidget(TextLabel(say(f"ui_imports.{hint}"), "caption", "text2", wrap=True), 1)
        self.other = LinkButton(say("ui_imports.unknown.other"))
        self.other.clicked.connect(self._on_other)
        foot.addWidget(self.other)
        column.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answer(self, value: str) -> None:
        """Shows what was said, or proposed."""
        near = [choice for choice, _ in self.near]
        if self.segments is not None:
            self.segments.set_value(value if value in near else None)
        # The list of all choices stands below only where the few do not suffice, or when it was asked for.
        self._all = self._all or not near or bool(value and value not in near)
        self.select.setVisible(self._all)
        self.other.setVisible(not self._all and len(near) < len(choices_of(self.unknown.field)))
        self.select.set_value(value)

    def control(self) -> QWidget:
        """What takes the focus."""
        return self.segments if self.segments is not None else self.select

    def _on_other(self) -> None:
        self._all = True
        self.select.show()
        self.other.hide()
        self.select.setFocus()

    def _on_picked(self, value: str) -> None:
        self.answered.emit(self.unknown, value)


class SidePanel(Pane):
    """Signals: answered(Unknown, value), go_on(), go_back()."""

    answered = Signal(object, str)
    go_on = Signal()
    go_back = Signal()

    def __init__(self, bench: Bench, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench, self._flow = bench, flow
        self._cards: dict[tuple[str, str], UnknownCard] = {}
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 24, PAD, 20)
        column.setSpacing(0)
        say = bench.language.say
        column.addWidget(TextLabel(say("ui_imports.will"), "heading"))
        column.addSpacing(8)
        self._busy = ProgressLine()
        column.addWidget(self._busy)
        self._lines: dict[str, tuple[QWidget, TextLabel]] = {}
        for name in _COUNTS:
            column.addWidget(self._count_line(name))
        self._waiting = TextLabel(" ", "small", "text2")
        column.addWidget(self._waiting)
        column.addSpacing(12)
        column.addWidget(Hairline())
        column.addSpacing(18)
        column.addWidget(self._build_cards(), 1)
        column.addSpacing(12)
        column.addLayout(self._build_buttons())

    def _count_line(self, name: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(TextLabel(self._bench.language.say(f"ui_imports.will.{name}"), "small", "text2"), 1)
        value = TextLabel("", "label", align=Qt.AlignmentFlag.AlignRight)
        row.addWidget(value)
        self._lines[name] = (holder, value)
        return holder

    def _build_cards(self) -> QScrollArea:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        self._card_column = QVBoxLayout(holder)
        self._card_column.setContentsMargins(0, 0, 0, 0)
        self._card_column.setSpacing(12)
        self._safe = TextLabel("", "small", "text2", wrap=True)
        self._card_column.addWidget(self._safe)
        self._card_column.addStretch(1)
        self._scroll.setWidget(holder)
        return self._scroll

    def _build_buttons(self) -> QHBoxLayout:
        say = self._bench.language.say
        self.back = Button(say("ui_imports.back"), key="Alt ←", size="large")
        self.back.clicked.connect(self.go_back)
        self.next = Button(say("ui_imports.next.match"), key="Ctrl ↵", kind="primary", size="large")
        self.next.clicked.connect(self.go_on)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.next, 1)
        return row

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    # --- showing -------------------------------------------------------------------------------------------

    def show_flow(self) -> None:
        """Shows counts, questions and buttons as the import stands."""
        flow, say = self._flow, self._bench.language.say
        self._show_counts(flow.check.counts if flow.check is not None else None)
        if flow.doing is Doing.CHECKING:
            self._busy.start()
        else:
            self._busy.stop()
            self._waiting.set_text(" ")
        self._show_cards()
        self._safe.set_text(say("ui_imports.will.undo", hours=flow.undo_hours))
        if flow.step is Step.CHECK:
            self.next.set_text(say("ui_imports.next.check", n=flow.rows_to_take()))
        else:
            self.next.set_text(say("ui_imports.next.match"))
        self.next.set_reason("" if flow.can_go_on() else self._why_not())

    def show_progress(self, progress: Progress) -> None:
        """Says how far the check is."""
        say = self._bench.language.say
        if progress.total <= 1:
            # How many there are is not known yet, or they are compared with what is here all at once.
            self._waiting.set_text(say("ui_imports.will.comparing"))
            return
        done, total = f"{progress.done:,}", f"{progress.total:,}"
        self._waiting.set_text(say("ui_imports.will.waiting", done=done, total=total))

    def first_question(self) -> QWidget | None:
        """The control of the first word that must be explained."""
        for unknown in self._flow.open_questions():
            card = self._cards.get(unknown.key)
            if card is not None:
                return card.control()
        return None

    def _why_not(self) -> str:
        say = self._bench.language.say
        missing = self._flow.missing_fields()
        if missing:
            from store_desk.domain.errors import MappingIncomplete

            return self._bench.language.error(MappingIncomplete(fields=tuple(field.value for field in missing)))
        questions = self._flow.open_questions()
        if questions and self._flow.step is Step.CHECK:
            return say("ui_imports.unknown.left", n=len(questions))
        return say("ui_imports.match.waiting")

    def _show_counts(self, counts: ImportCounts | None) -> None:
        for name, (holder, value) in self._lines.items():
            number = getattr(counts, name) if counts is not None else 0
            holder.setVisible(counts is not None and (name in _ALWAYS or number > 0))
            value.set_text(f"{number:,}")
            value.set_look(colour="text" if name in _ALWAYS else "warn")

    def _show_cards(self) -> None:
        wanted = self._flow.asked
        for key in [key for key in self._cards if key not in wanted]:
            card = self._cards.pop(key)
            self._card_column.removeWidget(card)
            card.deleteLater()
        for at, (key, unknown) in enumerate(wanted.items()):
            if key not in self._cards:
                card = UnknownCard(self._bench, unknown)
                card.answered.connect(self.answered)
                self._cards[key] = card
                self._card_column.insertWidget(at, card)
                card.show()
            self._cards[key].show_answer(self._flow.answer_of(unknown) or unknown.guess)
