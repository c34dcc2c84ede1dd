"""The sample slip at the side of the printer section."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Copy, Paper
from store_desk.services.sample_slip import sample_slip
from store_desk.ui.bench import Bench
from store_desk.ui.parts.parts import Pane
from store_desk.ui.parts.pdf import PdfView
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.tasks import run

WIDTH: Final = 300


class SamplePane(Pane):
    """Draws the sample on the printer lane and shows it on its paper."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("paper_desk", parent)
        self._bench = bench
        self._turn = 0
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 8)
        column.setSpacing(8)
        self._title = TextLabel("", "subhead")
        self.view = PdfView(margin=12)
        column.addWidget(self._title)
        column.addWidget(self.view, 1)

    def show_paper(self, paper: Paper) -> None:
        """Draws the sample on this paper."""
        self._turn += 1
        turn, bench = self._turn, self._bench
        words = bench.language.say(f"trade.paper.{paper.value}")
        self._title.set_text(bench.language.say("ui_settings.sample", paper=words))
        self.view.setAccessibleName(bench.language.say("ui_settings.sample.name", paper=words))
        data = sample_slip(bench.desk.identity, now=bench.desk.clock())
        run(
            self,
            bench.printer,
            lambda: (turn, bench.draw_slip(data, paper, (Copy.CUSTOMER,), 0, False)),
            then=self._on_drawn,
            refused=self._on_refused,
        )

    def _on_drawn(self, answer: tuple[int, bytes]) -> None:
        turn, pdf = answer
        if turn == self._turn:
            self.view.set_pdf(pdf)

    def _on_refused(self, error: DomainError) -> None:
        language = self._bench.language
        self._title.set_text(language.say("ui_settings.sample.failed", why=language.error(error)))
