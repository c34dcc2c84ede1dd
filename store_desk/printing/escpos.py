"""Receipt printers by ESC/POS: the slip as a picture, the paper cut, the printer asked before and after.

What is sent is a picture, feeds and cuts and nothing else, so no text of a slip can become a command. A printer that
answers is watched until the last cut; one that never answers (many cheap ones) is believed.
"""

from __future__ import annotations

import time

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.printer_address import Line, ReceiptAddress
from store_desk.domain.slip import Paper
from store_desk.printing.escpos_job import drawer_job, slip_job
from store_desk.printing.escpos_state import ASK, Ear, Heard
from store_desk.printing.lines import PrinterLine, open_line
from store_desk.printing.model import LIMIT_S, PrinterStatus, PrintReceipt, unavailable
from store_desk.printing.raster import HEADS

# How long a printer may take to answer, in seconds.
STATUS_S = 5.0
# Between two questions while the paper moves.
POLL_S = 0.3
# A printer that says it is well but does not know the question for the end is believed after its slowest printing.
ROWS_PER_S = 350
SETTLE_S = 2.0
# Start, eight data bits, stop.
_BITS_PER_BYTE = 10


class EscPosPrinter:
    """A receipt printer; `limit_s` is the longest wait for one slip, beside what a serial line needs to carry it."""

    def __init__(
        self,
        address: ReceiptAddress,
        *,
        limit_s: float = LIMIT_S,
        status_s: float = STATUS_S,
        settle_s: float = SETTLE_S,
        rows_per_s: int = ROWS_PER_S,
    ) -> None:
        self.address = address
        self.limit_s = float(address.limit_s) if address.limit_s else limit_s
        self.status_s = status_s
        self.settle_s = settle_s
        self.rows_per_s = rows_per_s

    def status(self) -> PrinterStatus:
        """What the printer says of itself; ready with `status_unknown` where it does not answer, and never raises."""
        try:
            line = open_line(self.address)
        except PrinterUnavailable as refusal:
            return PrinterStatus(False, (str(refusal.facts["reason"]),), str(refusal.facts["detail"]))
        try:
            return Ear(line).hear(wait_s=self.status_s).status()
        except OSError as error:
            return PrinterStatus(False, ("connection_lost",), error.strerror or "")
        finally:
            line.close()

    def print_pdf(
        self, pdf: bytes, *, title: str, paper: Paper, copies: int, open_drawer: bool = False
    ) -> PrintReceipt:
        """Prints every page and cuts after each; raises PrinterUnavailable with the fact `reason`.

        Once a byte of the picture has left, a refusal has the fact `may_still_print`; nothing is sent a second time.
        """
        if paper not in HEADS:
            raise unavailable(str(self.address), "media_unsupported", said=paper.value.upper())
        try:
            job, rows = slip_job(pdf, paper, copies=copies, open_drawer=open_drawer)
        except ValueError as error:
            raise unavailable(str(self.address), "format_unsupported", said=str(error)) from error
        return self._run(job, rows)

    def open_drawer(self) -> PrintReceipt:
        """Opens the cash drawer and prints nothing; raises PrinterUnavailable."""
        return self._run(drawer_job(), 0)

    # --- one job ------------------------------------------------------------------------------------------------

    def _run(self, job: list[bytes], rows: int) -> PrintReceipt:
        deadline = time.monotonic() + self.limit_s + self._on_the_wire(job)
        line = open_line(self.address)
        sent = False
        try:
            ear = Ear(line)
            before = ear.hear(wait_s=self.status_s)
            self._demand(before, sent=False)
            sent = True
            for piece in job:
                line.send(piece, deadline=deadline)
            if before.answers:
                self._watch(line, ear, rows, deadline)
        except TimeoutError as error:
            line.close()
            raise self._given_up() from error
        except OSError as error:
            raise unavailable(
                str(self.address), "connection_lost", said=error.strerror or "", may_still_print=sent
            ) from error
        finally:
            line.close()
        return PrintReceipt(str(self.address))

    def _watch(self, line: PrinterLine, ear: Ear, rows: int, deadline: float) -> None:
        """Waits until the printer has worked off everything; raises PrinterUnavailable where it stopped."""
        line.send(ASK.END, deadline=deadline)
        settled = time.monotonic() + rows / self.rows_per_s + self.settle_s
        while True:
            # Heard after the end has come, too: paper that ran out with the last line is told only then.
            ended = ear.end_comes(wait_s=POLL_S)
            now = ear.hear(wait_s=min(self.status_s, max(deadline - time.monotonic(), POLL_S)))
            self._demand(now, sent=True)
            if ended or (now.answers and time.monotonic() >= settled):
                return
            if time.monotonic() >= deadline:
                raise TimeoutError("the printer does not say that it is done")

    def _demand(self, heard: Heard, *, sent: bool) -> None:
        blocking = heard.blocking()
        if blocking:
            raise unavailable(str(self.address), blocking[0], may_still_print=sent)

    def _given_up(self) -> PrinterUnavailable:
        """The refusal of a printer that takes no more: what it says on a new line, else only that time is over."""
        status = self.status()
        known = [reason for reason in status.reasons if reason not in ("status_unknown", "paper_low")]
        reason = known[0] if known and not status.ready else "timed_out"
        return unavailable(str(self.address), reason, may_still_print=True)

    def _on_the_wire(self, job: list[bytes]) -> float:
        if self.address.line is not Line.SERIAL:
            return 0.0
        return sum(map(len, job)) * _BITS_PER_BYTE / self.address.baud
