"""Office printers and print queues that speak IPP: sent, watched to the end, cancelled when given up.

IPP is spoken directly over http.client: a slip needs four operations, and the ready-made client would bring a whole
asynchronous HTTP library into the counter program for them.
"""

from __future__ import annotations

import http.client
import itertools
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.slip import Paper
from store_desk.printing.ipp_wire import (
    ANSWER_MAX,
    JOB,
    PRINTER,
    Answer,
    Attribute,
    Operation,
    Tag,
    read_answer,
    request,
)
from store_desk.printing.model import LIMIT_S, PrinterStatus, PrintReceipt, unavailable

PORT = 631
# Waiting for one answer, and between two looks at a job, in seconds.
ANSWER_S = 5.0
POLL_S = 0.25
# A name attribute holds at most 255 bytes (RFC 8011 5.1.3).
_NAME_MAX = 255

MEDIA = {Paper.A5: "iso_a5_148x210mm", Paper.A4: "iso_a4_210x297mm"}
# A printer that takes free sizes or rolls lists one of these.
_FREE_SIZES = ("custom_", "roll_", "om_")

_STOPPED = 5
_COMPLETED, _CANCELLED, _ABORTED = 9, 7, 8

# What keeps a slip from coming out (RFC 8011 5.4.12 and PWG 5100.x); other reasons are only worth knowing.
BLOCKING = (
    "media_empty",
    "media_needed",
    "media_jam",
    "cover_open",
    "door_open",
    "interlock_open",
    "input_tray_missing",
    "marker_supply_empty",
    "toner_empty",
    "offline",
    "connecting_to_device",
    "shutdown",
    "paused",
    "stopped",
    "timed_out",
)

_PRINTER_ASKED = (
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-is-accepting-jobs",
    "media-supported",
    "document-format-supported",
    "sides-supported",
    "print-scaling-supported",
)
_JOB_ASKED = ("job-state", "job-state-reasons", "job-printer-state-message")


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    state: int
    reasons: tuple[str, ...]
    said: str


class IppPrinter:
    """A printer at `ipp://` or `ipps://`; `limit_s` is the longest wait for one slip."""

    def __init__(self, uri: str, *, limit_s: float = LIMIT_S) -> None:
        self.uri = uri
        self.limit_s = limit_s
        self._numbers = itertools.count(1)

    def status(self) -> PrinterStatus:
        """What the printer says of itself; not ready with `unreachable` where it does not answer."""
        try:
            answer = self._printer()
        except PrinterUnavailable as refusal:
            return PrinterStatus(False, (str(refusal.facts["reason"]),), str(refusal.facts["detail"]))
        return _status_of(answer)

    def print_pdf(
        self, pdf: bytes, *, title: str, paper: Paper, copies: int, open_drawer: bool = False
    ) -> PrintReceipt:
        """Prints and waits for the printer's word; raises PrinterUnavailable with the fact `reason`.

        A slip that is given up is cancelled at the printer, so that it does not come out another day; where even that
        fails the fact `may_still_print` is true.
        """
        deadline = time.monotonic() + self.limit_s
        printer = self._printer_for(paper)
        answer = self._ask(Operation.PRINT_JOB, self._job_attributes(title), _wishes(printer, paper, copies), pdf)
        number = answer.number(JOB, "job-id")
        if not answer.good or number is None:
            raise unavailable(self.uri, _refusal(answer), said=answer.said)
        return self._watch(number, deadline)

    # --- before -------------------------------------------------------------------------------------------------

    def require(self, paper: Paper) -> None:
        """Raises PrinterUnavailable unless the printer is ready, prints PDF and has the paper."""
        self._printer_for(paper)

    def _printer_for(self, paper: Paper) -> Answer:
        printer = self._printer()
        status = _status_of(printer)
        if not status.ready:
            raise unavailable(self.uri, status.reasons[0], said=status.detail)
        formats = printer.text(PRINTER, "document-format-supported")
        if formats and "application/pdf" not in formats:
            raise unavailable(self.uri, "format_unsupported")
        media = printer.text(PRINTER, "media-supported")
        if media and not _takes(media, paper):
            raise unavailable(self.uri, "media_unsupported", said=paper.value.upper())
        return printer

    def _job_attributes(self, title: str) -> list[Attribute]:
        name = title.encode()[:_NAME_MAX].decode("utf-8", "ignore")
        return [
            *self._about(),
            (Tag.NAME, "job-name", (name,)),
            (Tag.MIME, "document-format", ("application/pdf",)),
        ]

    def _about(self) -> list[Attribute]:
        return [(Tag.URI, "printer-uri", (self.uri,)), (Tag.NAME, "requesting-user-name", ("store-desk",))]

    # --- after --------------------------------------------------------------------------------------------------

    def _watch(self, number: int, deadline: float) -> PrintReceipt:
        said = ""
        reason = "timed_out"
        try:
            while time.monotonic() < deadline:
                if self.job_is_done(number):
                    return PrintReceipt(self.uri, str(number))
                time.sleep(min(POLL_S, max(deadline - time.monotonic(), 0.0)))
            status = _status_of(self._printer())
            said = status.detail
            reason = next((code for code in status.reasons if code in BLOCKING), reason)
        except PrinterUnavailable as refusal:
            if refusal.facts["reason"] != "unreachable":
                raise
            reason, said = "unreachable", ""
        raise unavailable(self.uri, reason, said=said, may_still_print=not self._cancel(number))

    def job_is_done(self, number: int) -> bool:
        """Whether the job came out; false while it is under way; raises PrinterUnavailable where it was dropped."""
        job = self._job(number)
        if job.state in (_CANCELLED, _ABORTED):
            reason = "cancelled" if job.state == _CANCELLED else "aborted"
            raise unavailable(self.uri, reason, said=job.said or ", ".join(job.reasons))
        return job.state == _COMPLETED

    def _job(self, number: int) -> _Job:
        uri, user = self._about()
        about: list[Attribute] = [
            uri,
            (Tag.INTEGER, "job-id", (number,)),
            user,
            (Tag.KEYWORD, "requested-attributes", _JOB_ASKED),
        ]
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, about)
        state = answer.number(JOB, "job-state")
        if not answer.good or state is None:
            raise unavailable(self.uri, "aborted", said=answer.said)
        reasons = tuple(word for word in answer.text(JOB, "job-state-reasons") if word != "none")
        return _Job(number, state, reasons, " ".join(answer.text(JOB, "job-printer-state-message")))

    def _cancel(self, number: int) -> bool:
        """Whether the printer has dropped the job."""
        uri, user = self._about()
        try:
            return self._ask(Operation.CANCEL_JOB, [uri, (Tag.INTEGER, "job-id", (number,)), user]).good
        except PrinterUnavailable:
            return False

    # --- talking ------------------------------------------------------------------------------------------------

    def _printer(self) -> Answer:
        uri, user = self._about()
        about = [uri, user, (Tag.KEYWORD, "requested-attributes", _PRINTER_ASKED)]
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, about)
        # "Some attributes are not supported" is a good answer too; a real refusal has no printer in it.
        if not answer.good and PRINTER not in answer.groups:
            raise unavailable(self.uri, _refusal(answer), said=answer.said)
        return answer

    def _ask(
        self, operation: Operation, about: list[Attribute], job: list[Attribute] | None = None, document: bytes = b""
    ) -> Answer:
        body = request(operation, next(self._numbers), about, job) + document
        connection, path = self._connection()
        try:
            connection.request("POST", path, body, {"Content-Type": "application/ipp", "User-Agent": "store-desk"})
            reply = connection.getresponse()
            raw = reply.read(ANSWER_MAX)
            if reply.status != http.client.OK:
                raise unavailable(self.uri, "refused", said=f"HTTP {reply.status}")
            return read_answer(raw)
        except (OSError, http.client.HTTPException) as error:
            raise unavailable(self.uri, "unreachable") from error
        except ValueError as error:
            raise unavailable(self.uri, "refused", said=str(error)) from error
        finally:
            connection.close()

    def _connection(self) -> tuple[http.client.HTTPConnection, str]:
        try:
            parts = urlsplit(self.uri)
            host, port = parts.hostname, parts.port or PORT
        except ValueError as error:
            raise unavailable(self.uri, "unreachable", said="not an address") from error
        if parts.scheme not in ("ipp", "ipps") or not host:
            raise unavailable(self.uri, "unreachable", said="not an address")
        path = parts.path or "/ipp/print"
        if parts.scheme == "ipp":
            return http.client.HTTPConnection(host, port, timeout=ANSWER_S), path
        # Office printers make their own certificates, which no authority vouches for: the line is encrypted only.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, port, timeout=ANSWER_S, context=context), path


def _wishes(printer: Answer, paper: Paper, copies: int) -> list[Attribute]:
    """What the job asks for: two copies must come as two sheets, in their own size."""
    wishes: list[Attribute] = []
    if copies > 1:
        wishes.append((Tag.INTEGER, "copies", (copies,)))
    if "one-sided" in printer.text(PRINTER, "sides-supported"):
        wishes.append((Tag.KEYWORD, "sides", ("one-sided",)))
    if "none" in printer.text(PRINTER, "print-scaling-supported"):
        wishes.append((Tag.KEYWORD, "print-scaling", ("none",)))
    if paper in MEDIA and MEDIA[paper] in printer.text(PRINTER, "media-supported"):
        wishes.append((Tag.KEYWORD, "media", (MEDIA[paper],)))
    return wishes


def _takes(media: tuple[str, ...], paper: Paper) -> bool:
    """Whether the list of media has the paper; for a roll, whether it has rolls or free sizes."""
    wanted = MEDIA.get(paper)
    if wanted is not None:
        return wanted in media
    return any(name.startswith(_FREE_SIZES) for name in media)


def _status_of(answer: Answer) -> PrinterStatus:
    reasons = tuple(code for word in answer.text(PRINTER, "printer-state-reasons") if (code := _reason(word)))
    said = " ".join(answer.text(PRINTER, "printer-state-message"))
    blocking = tuple(code for code in reasons if code in BLOCKING)
    if not blocking and answer.number(PRINTER, "printer-state") == _STOPPED:
        blocking = ("stopped",)
    if not blocking and answer.number(PRINTER, "printer-is-accepting-jobs") == 0:
        blocking = ("not_accepting",)
    rest = tuple(code for code in reasons if code not in blocking)
    return PrinterStatus(not blocking, blocking + rest, said)


def _reason(word: str) -> str:
    """A state reason as our code; a mere warning or report is none, except that the printer is offline."""
    bare = word
    for ending in ("-error", "-warning", "-report"):
        bare = bare.removesuffix(ending)
    if bare == "none" or (word != bare and not word.endswith("-error") and bare != "offline"):
        return ""
    return bare.replace("-", "_")


def _refusal(answer: Answer) -> str:
    """Our code for a status that refuses a job (RFC 8011 appendix B)."""
    codes = {0x040A: "format_unsupported", 0x040B: "media_unsupported", 0x0506: "not_accepting", 0x0507: "refused"}
    return codes.get(answer.status, "refused")
