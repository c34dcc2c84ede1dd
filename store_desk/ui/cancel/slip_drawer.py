"""Draws the slip for the preview: the very PDF that will print, on the printer lane, old drawings dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from store_desk.domain.errors import DomainError
from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.domain.slip_text import slip_from_json
from store_desk.services.cancel import CancelTicket
from store_desk.services.draft_slip import draft_slip
from store_desk.ui.bench import Bench, DrawSlip
from store_desk.ui.tasks import run

# The preview follows the last change by this much, so that typing does not draw a slip per key.
SETTLE_MS = 200
T = TypeVar("T")


class SlipDrawer(QObject):
    """Turns commands and written slips into PDF bytes. Signals: drawn(bytes), refused(DomainError)."""

    drawn = Signal(bytes)
    refused = Signal(object)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._turn = 0
        self._command: CancelTicket | None = None
        self._paper = Paper.A5
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._read_draft)

    def draw_draft(self, command: CancelTicket, *, paper: Paper) -> None:
        """Draws what the slip would be now, once nothing has changed for SETTLE_MS."""
        self._command, self._paper = command, paper
        self._timer.start()

    def draw_written(self, body: str, *, paper: Paper, reprint: int = 0) -> None:
        """Draws a slip that has been written already, at once."""
        self._timer.stop()
        self._turn += 1
        work = partial(_draw_body, self._bench.draw_slip, body, paper, reprint)
        run(self, self._bench.printer, partial(_with_turn, self._turn, work), then=self.on_drawn)

    def stop(self) -> None:
        """Forgets whatever is on its way."""
        self._timer.stop()
        self._turn += 1

    def _read_draft(self) -> None:
        actor = self._bench.session.actor
        if self._command is None or actor is None:
            return
        self._turn += 1
        work = partial(draft_slip, self._bench.desk, actor, self._command)
        run(
            self,
            self._bench.database,
            partial(_with_turn, self._turn, work),
            then=self.on_read,
            refused=self.on_refused,
        )

    def on_read(self, answer: tuple[int, SlipData]) -> None:
        """The slip's facts are there: draw them, unless a newer question is on its way."""
        turn, data = answer
        if turn != self._turn:
            return
        work = partial(self._bench.draw_slip, data, self._paper, (Copy.CUSTOMER,), 0, True)
        run(self, self._bench.printer, partial(_with_turn, turn, work), then=self.on_drawn, refused=self.on_refused)

    def on_drawn(self, answer: tuple[int, bytes]) -> None:
        """The PDF is there."""
        turn, pdf = answer
        if turn == self._turn:
            self.drawn.emit(pdf)

    def on_refused(self, error: DomainError) -> None:
        """There is no slip to show for what has been entered so far."""
        self.refused.emit(error)


def _with_turn(turn: int, work: Callable[[], T]) -> tuple[int, T]:
    return turn, work()


def _draw_body(draw: DrawSlip, body: str, paper: Paper, reprint: int) -> bytes:
    return draw(slip_from_json(body), paper, (Copy.CUSTOMER,), reprint, False)
