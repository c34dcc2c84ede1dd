"""The verdict: one word that can be read from across the counter, what it means, and the facts to compare."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from store_desk.domain.proof import Outcome, Verdict
from store_desk.ui.bench import Bench
from store_desk.ui.parts.parts import EmptyState
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words.proof_facts import fact_lines, names_of_facts
from store_desk.words.verify import why_in_words

_LOOKS: Final = {
    Outcome.GENUINE: ("badge-check", "ok"),
    Outcome.CHANGED: ("octagon-x", "bad"),
    Outcome.UNKNOWN_DESK: ("circle-help", "warn"),
    Outcome.REVOKED_DESK: ("ban", "bad"),
    Outcome.UNREADABLE: ("search-x", "warn"),
}


class VerdictPane(QScrollArea):
    """Shows one verdict at a time, or that there is none yet."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The page behind paints the ground, in either theme.
        self.viewport().setAutoFillBackground(False)
        self.show_nothing()

    def show_nothing(self) -> None:
        """What stands there before the first check."""
        say = self._bench.language.say
        words = f"{say('ui_verify.none')} · {say('ui_verify.none.text')}"
        self._put(EmptyState("shield-check", words))

    def show_busy(self) -> None:
        """A check is running."""
        column = QVBoxLayout()
        column.addWidget(TextLabel(self._bench.language.say("ui_verify.checking"), "heading", "text2"))
        column.addStretch(1)
        self._put_layout(column)

    def show_verdict(self, verdict: Verdict, *, source: str) -> None:
        """The verdict about what was checked; `source` is the file's name."""
        language = self._bench.language
        icon, tone = _LOOKS[verdict.outcome]
        word = language.say(f"proof.{verdict.outcome.value}")
        column = QVBoxLayout()
        column.setSpacing(12)
        head = (Run(icon=icon, colour=tone, px=36, gap=0), Run(word, "display", tone, gap=14))
        column.addWidget(Runs(head, height=44))
        column.addWidget(TextLabel(source, "small", "text3", elide=True))
        if verdict.changed:
            names = names_of_facts(language.now, verdict.changed)
            column.addWidget(TextLabel(language.say("ui_verify.changed", what=names), "strong", tone, wrap=True))
        if verdict.why:
            words = language.say("verify.because", why=why_in_words(language.now == "en", verdict.why))
            column.addWidget(TextLabel(words, "body", "text", wrap=True))
        advice = TextLabel(language.say(f"proof.advice.{verdict.outcome.value}"), "body", "text", wrap=True)
        column.addWidget(advice)
        column.addLayout(self._facts(verdict))
        column.addStretch(1)
        self._put_layout(column)
        self.setAccessibleName(f"{word}. {advice.text()}")

    def _facts(self, verdict: Verdict) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        bench = self._bench
        lines = fact_lines(bench.language.now, verdict.facts, zone=bench.desk.zone)
        for place, (name, value) in enumerate(lines):
            grid.addWidget(TextLabel(name, "small", "text2"), place, 0)
            grid.addWidget(TextLabel(value, "strong", elide=True), place, 1)
        return grid

    def _put_layout(self, layout: QVBoxLayout) -> None:
        inner = QWidget()
        layout.setContentsMargins(24, 24, 24, 24)
        inner.setLayout(layout)
        self._put(inner)

    def _put(self, inner: QWidget) -> None:
        self.setWidget(inner)
        # Qt fills what it is handed with its own grey.
        inner.setAutoFillBackground(False)
