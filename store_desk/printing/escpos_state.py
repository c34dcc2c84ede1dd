"""What a receipt printer answers to `DLE EOT`, put into reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from store_desk.printing.lines import PrinterLine
from store_desk.printing.model import REASONS, PrinterStatus

# Bits that every answer to DLE EOT has the same: 1 and 4 set, 0 and 7 not.
_FIXED, _FIXED_IS = 0x93, 0x12
# What a printer sends on its own account (automatic status back): a first byte that looks like this, and three more.
_OWN_IS, _OWN_REST = 0x10, 3
# Answers to GS r have neither bit 4 nor bit 7.
_END, _END_IS = 0x90, 0x00

_PRINTER, _OFFLINE_CAUSE, _ERROR_CAUSE, _PAPER = 1, 2, 3, 4
_IS_OFFLINE = 0x08
_COVER, _FEEDING, _PAPER_STOP, _ERROR = 0x04, 0x08, 0x20, 0x40
_CUTTER = 0x08
_NEAR_END, _PAPER_END = 0x0C, 0x60


class _Ask:
    """Questions to the printer."""

    # Answered at once, even while the printer is stopped.
    STATES: Final = {n: bytes([0x10, 0x04, n]) for n in (_PRINTER, _OFFLINE_CAUSE, _ERROR_CAUSE, _PAPER)}
    # GS r 1: answered when everything before it has been worked off.
    END: Final = b"\x1dr\x01"


ASK: Final = _Ask()


@dataclass(frozen=True, slots=True)
class Heard:
    """The answers by question; `ended` when the answer to the question for the end was among them."""

    states: dict[int, int]
    ended: bool = False

    @property
    def answers(self) -> bool:
        """Whether the printer answers at all."""
        return bool(self.states)

    def blocking(self) -> tuple[str, ...]:
        """Why it cannot print, the most telling reason first; empty when it can or does not say."""
        cause, error, paper = (self.states.get(n, 0) for n in (_OFFLINE_CAUSE, _ERROR_CAUSE, _PAPER))
        found = []
        if cause & _COVER:
            found.append("cover_open")
        if paper & _PAPER_END or cause & _PAPER_STOP:
            found.append("media_empty")
        if error & _CUTTER:
            found.append("cutter_error")
        elif cause & _ERROR:
            found.append("printer_error")
        if self.states.get(_PRINTER, 0) & _IS_OFFLINE and not found:
            found.append("paused" if cause & _FEEDING else "offline")
        return tuple(found)

    def status(self) -> PrinterStatus:
        """The same as the program shows it."""
        blocking = self.blocking()
        if blocking:
            return PrinterStatus(False, blocking, REASONS[blocking[0]])
        if not self.answers:
            return PrinterStatus(True, ("status_unknown",), REASONS["status_unknown"])
        if self.states.get(_PAPER, 0) & _NEAR_END:
            return PrinterStatus(True, ("paper_low",), REASONS["paper_low"])
        return PrinterStatus(True)


class Ear:
    """Asks a printer on an open line and tells its answers apart."""

    def __init__(self, line: PrinterLine) -> None:
        self._line = line
        self._unasked = 0
        self._ended = False

    def hear(self, *, wait_s: float) -> Heard:
        """Asks the four questions within the time; a printer that leaves one open is not asked on."""
        deadline = time.monotonic() + wait_s
        states: dict[int, int] = {}
        # A late answer to an earlier question would be taken for one to this.
        self._sort(self._line.receive(0.0))
        for question, words in ASK.STATES.items():
            try:
                self._line.send(words, deadline=deadline)
            except TimeoutError:
                break
            answer = self._answer(deadline)
            if answer is None:
                break
            states[question] = answer
        return Heard(states, self._ended)

    def end_comes(self, *, wait_s: float) -> bool:
        """Whether the answer to the question for the end has come, or comes within the time."""
        if not self._ended:
            self._sort(self._line.receive(wait_s))
        return self._ended

    def _answer(self, deadline: float) -> int | None:
        while True:
            found = self._sort(self._line.receive(max(0.0, deadline - time.monotonic())))
            if found:
                return found[0]
            if time.monotonic() >= deadline:
                return None

    def _sort(self, data: bytes) -> list[int]:
        """The answers to DLE EOT among the bytes; what the printer sent on its own account is passed over."""
        found = []
        for byte in data:
            if byte & _FIXED == _FIXED_IS:
                found.append(byte)
            elif byte & _FIXED == _OWN_IS:
                self._unasked = _OWN_REST
            elif self._unasked:
                self._unasked -= 1
            elif byte & _END == _END_IS:
                self._ended = True
        return found
