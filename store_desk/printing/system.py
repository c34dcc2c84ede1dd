"""Printers of the computer's own print service: CUPS by its commands, on Windows through Qt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import quote

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.slip import Paper
from store_desk.printing.ipp import PORT, IppPrinter
from store_desk.printing.model import LIMIT_S, PrinterInfo, PrinterStatus, PrintReceipt, unavailable

# One command of the print service answers in this time or is taken for dead, in seconds.
_COMMAND_S = 8.0
_POLL_S = 0.4
_MEDIA = {Paper.A5: "A5", Paper.A4: "A4"}
# What lpstat calls the ends of a job that did not come out (job-state-reasons, RFC 8011 5.3.8).
_ENDINGS = {
    "job-canceled-by-user": "cancelled",
    "job-canceled-by-operator": "cancelled",
    "job-canceled-at-device": "cancelled",
    "aborted-by-system": "aborted",
    "document-format-error": "aborted",
    "job-completed-with-errors": "aborted",
}


def list_printers() -> list[PrinterInfo]:
    """The printers of the computer, the default one first; empty where there is no print service."""
    if sys.platform == "win32":
        from store_desk.printing.windows import list_windows_printers

        return list_windows_printers()
    if shutil.which("lpstat") is None:
        return []
    names = _run(["lpstat", "-e"]).output.split()
    default = _run(["lpstat", "-d"]).output.rpartition(":")[2].strip()
    found = [PrinterInfo(f"system:{name}", name, is_default=name == default) for name in names]
    return sorted(found, key=lambda printer: (not printer.is_default, printer.name))


class SystemPrinter:
    """A queue of the print service by its name; `limit_s` is the longest wait for one slip."""

    def __init__(self, name: str, *, limit_s: float = LIMIT_S) -> None:
        self.name = name
        self.limit_s = limit_s

    def status(self) -> PrinterStatus:
        """What the print service says of the queue."""
        if sys.platform == "win32":
            from store_desk.printing.windows import windows_status

            return windows_status(self.name)
        if shutil.which("lpstat") is None:
            return PrinterStatus(False, ("unreachable",), "no print service")
        said = _run(["lpstat", "-l", "-p", self.name])
        if said.code:
            return PrinterStatus(False, ("unreachable",), said.complaint)
        alerts = _alerts(said.output)
        if " disabled " in said.output:
            return PrinterStatus(False, ("paused", *alerts))
        blocking = tuple(code for code in alerts if code not in ("none",) and not code.endswith(("report", "warning")))
        return PrinterStatus(not blocking, alerts)

    def print_pdf(
        self, pdf: bytes, *, title: str, paper: Paper, copies: int, open_drawer: bool = False
    ) -> PrintReceipt:
        """Hands the slip over and waits until the service says it came out; raises PrinterUnavailable."""
        if sys.platform == "win32":
            from store_desk.printing.windows import print_on_windows

            return print_on_windows(pdf, printer=self.name, title=title, paper=paper, copies=copies)
        if shutil.which("lp") is None:
            raise unavailable(self.name, "unreachable", said="no print service")
        deadline = time.monotonic() + self.limit_s
        queue = self._queue_for(paper)
        wishes = ["-o", "sides=one-sided", "-o", "print-scaling=none"]
        if paper in _MEDIA:
            wishes += ["-o", f"media={_MEDIA[paper]}"]
        done = _run(["lp", "-d", self.name, "-n", str(copies), "-t", title.replace("\x00", ""), *wishes, "-"], pdf)
        found = re.search(r"request id is (\S+)", done.output)
        if done.code or found is None:
            raise unavailable(self.name, "unreachable" if done.code == _NEVER else "refused", said=done.complaint)
        return self._watch(found[1], deadline, queue)

    def _queue_for(self, paper: Paper) -> IppPrinter | None:
        """The queue by IPP, which alone tells a printed job from a dropped one; None where it cannot be asked.

        Raises PrinterUnavailable where the queue is stopped or lacks the paper.
        """
        queue = IppPrinter(f"ipp://localhost:{PORT}/printers/{quote(self.name)}")
        try:
            queue.require(paper)
        except PrinterUnavailable as refusal:
            if refusal.facts["reason"] not in ("unreachable", "refused"):
                raise
            return None
        return queue

    def _watch(self, job: str, deadline: float, queue: IppPrinter | None) -> PrintReceipt:
        while time.monotonic() < deadline:
            if self._is_done(job, queue):
                return PrintReceipt("system:" + self.name, job)
            time.sleep(_POLL_S)
        reasons = [code for code in self.status().reasons if code != "none"]
        dropped = _run(["cancel", job]).code == 0
        raise unavailable(self.name, reasons[0] if reasons else "timed_out", may_still_print=not dropped)

    def _is_done(self, job: str, queue: IppPrinter | None) -> bool:
        if queue is not None:
            return queue.job_is_done(int(job.rpartition("-")[2]))
        ended = _ended(_run(["lpstat", "-l", "-W", "completed", "-o", self.name]).output, job)
        if ended:
            raise unavailable(self.name, ended)
        return ended is not None


def _ended(listing: str, job: str) -> str | None:
    """How a job ended by lpstat's long list: empty for printed, a reason, or None while it is not listed.

    The list of ended jobs holds the refused ones too: a complaint in the status or an alert tells them apart.
    """
    mine = False
    for line in listing.splitlines():
        if line[:1].strip():
            mine = line.split()[0] == job
        elif mine and line.strip().startswith("Status:") and line.partition(":")[2].strip():
            return "aborted"
        elif mine and line.strip().startswith("Alerts:"):
            words = line.partition(":")[2].split()
            return next((_ENDINGS[word] for word in words if word in _ENDINGS), "")
    return None


def _alerts(listing: str) -> tuple[str, ...]:
    for line in listing.splitlines():
        if line.strip().startswith("Alerts:"):
            words = line.partition(":")[2].split()
            return tuple(word.removesuffix("-error").replace("-", "_") for word in words if word != "none")
    return ()


@dataclass(frozen=True, slots=True)
class _Done:
    code: int
    output: str
    complaint: str


# The code of a command that could not be run or did not end.
_NEVER = -1


def _run(command: list[str], given: bytes | None = None) -> _Done:
    """A command of the print service in the language that is parsed here, never longer than its time."""
    environment = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C"}
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=_COMMAND_S, env=environment, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _Done(_NEVER, "", str(error))
    return _Done(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace").strip()
    )
