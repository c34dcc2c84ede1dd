"""What every printer can do and say, and the refusals in one set of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.slip import Paper

# How long a slip may take before the clerk is offered another printer, in seconds.
LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class PrinterInfo:
    """A printer that can be chosen; `papers` is empty where it is not known."""

    address: str
    name: str
    papers: tuple[Paper, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """Whether the printer takes a slip now; `reasons` are codes as in `PrinterUnavailable.facts["reason"]`."""

    ready: bool
    reasons: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """The printer's word that the slip came out: its job number, or `where` the file lies."""

    printer: str
    job: str = ""
    where: str = ""


class Printer(Protocol):
    """Prints a PDF and says how it is; both wait for the printer and belong into the printer lane."""

    def print_pdf(
        self, pdf: bytes, *, title: str, paper: Paper, copies: int, open_drawer: bool = False
    ) -> PrintReceipt:
        """Prints and waits until the printer says it is done; raises PrinterUnavailable, DiskFull, FileNotWritten.

        `open_drawer` opens the cash drawer that hangs on a receipt printer; other printers have none.
        """
        ...

    def status(self) -> PrinterStatus:
        """How the printer is; never raises for a printer that cannot be reached."""
        ...


# Codes of reasons in words; a code that is not here is shown as it is.
REASONS = {
    "unreachable": "the printer does not answer",
    "refused": "the printer refused the slip",
    "not_accepting": "the printer takes no jobs at present",
    "media_unsupported": "the printer has no such paper",
    "format_unsupported": "the printer cannot print PDF",
    "timed_out": "the printer did not finish in time",
    "aborted": "the printer gave the slip up",
    "cancelled": "the slip was cancelled at the printer",
    "media_empty": "the paper is out",
    "media_needed": "the paper is out",
    "media_jam": "the paper is jammed",
    "cover_open": "a cover is open",
    "door_open": "a door is open",
    "interlock_open": "a cover is open",
    "input_tray_missing": "a paper tray is missing",
    "marker_supply_empty": "ink or toner is used up",
    "toner_empty": "the toner is used up",
    "offline": "the printer is switched off or not connected",
    "connecting_to_device": "the print service cannot reach the printer",
    "shutdown": "the printer is shutting down",
    "paused": "the printer is paused",
    "stopped": "the printer has stopped",
    "printer_error": "the printer reports a fault",
    "cutter_error": "the cutter is jammed",
    "connection_lost": "the connection to the printer broke off",
    "paper_low": "the paper is nearly used up",
    "status_unknown": "the printer does not report its state",
    "no_drawer": "only a receipt printer opens the cash drawer",
    "no_permission": "this user may not use the port of the printer",
    "usb_missing": "the program has no USB library",
    "serial_missing": "the program has no library for serial ports",
    "address_wrong": "the address of the printer cannot be right",
    "folder": "the folder cannot be used",
}


def unavailable(printer: str, reason: str, *, said: str = "", may_still_print: bool = False) -> PrinterUnavailable:
    """The refusal for a reason; `said` are the printer's own words, `may_still_print` warns of a job left behind."""
    detail = REASONS.get(reason, reason.replace("_", " "))
    if said:
        detail = f"{detail} ({said})"
    return PrinterUnavailable(detail=detail, reason=reason, said=said, printer=printer, may_still_print=may_still_print)
