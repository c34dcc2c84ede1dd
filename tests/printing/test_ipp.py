"""Printing over IPP: watched to the end, refused in words, cancelled when given up."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.slip import Copy, Paper
from store_desk.printing.ipp import IppPrinter
from store_desk.printing.ipp_wire import read_answer
from store_desk.slips.render import render_slip
from tests.slips.proofs import sealed
from tests.slips.samples import usual

from .ipp_server import ABORTED, CANCELLED, PROCESSING, STOPPED_JOB, IppServer

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF"
Begin = Callable[..., tuple[IppServer, IppPrinter]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts printers of the given nature and stops them after the test."""
    running: list[IppServer] = []

    def start(*, limit_s: float = 3.0, **nature: object) -> tuple[IppServer, IppPrinter]:
        server = IppServer(**nature)  # type: ignore[arg-type]
        running.append(server)
        return server, IppPrinter(server.start(), limit_s=limit_s)

    yield start
    for server in running:
        server.stop()


def send(printer: IppPrinter, *, paper: Paper = Paper.A5, copies: int = 1) -> PrinterUnavailable | str:
    try:
        return printer.print_pdf(PDF, title="售后工单撤销单 XH2-26-S000457-K", paper=paper, copies=copies).job
    except PrinterUnavailable as refusal:
        return refusal


def reason_of(outcome: PrinterUnavailable | str) -> object:
    assert isinstance(outcome, PrinterUnavailable), f"printed as job {outcome}"
    return outcome.facts["reason"]


def test_a_slip_reaches_the_printer_byte_for_byte_and_is_watched_until_it_is_done(begin: Begin) -> None:
    server, printer = begin(ends=(PROCESSING, PROCESSING, 9))
    assert send(printer) == "17"
    assert server.documents == [PDF]
    assert server.looks == 3
    assert server.cancelled == []


def test_the_job_asks_for_its_paper_and_one_side_so_that_two_copies_are_two_sheets(begin: Begin) -> None:
    server, printer = begin()
    send(printer, copies=2)
    wishes = server.wishes[0]
    assert wishes["media"] == [b"iso_a5_148x210mm"]
    assert wishes["sides"] == [b"one-sided"]
    assert wishes["copies"] == [b"\x00\x00\x00\x02"]
    assert wishes["job-name"] == ["售后工单撤销单 XH2-26-S000457-K".encode()]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("media-empty-error", "media_empty"),
        ("media-needed", "media_needed"),
        ("cover-open", "cover_open"),
        ("offline-report", "offline"),
    ],
)
def test_a_printer_that_cannot_print_is_refused_before_anything_is_sent(begin: Begin, word: str, reason: str) -> None:
    server, printer = begin(reasons=(word,))
    assert reason_of(send(printer)) == reason
    assert server.documents == []
    status = printer.status()
    assert not status.ready
    assert status.reasons == (reason,)


def test_a_mere_warning_does_not_keep_the_slip(begin: Begin) -> None:
    _, printer = begin(reasons=("media-low-warning", "toner-low-report"))
    assert send(printer) == "17"
    assert printer.status().ready


def test_paper_that_runs_out_in_the_middle_is_named_and_the_job_is_cancelled(begin: Begin) -> None:
    server, printer = begin(ends=(PROCESSING, STOPPED_JOB), reasons_later=("media-empty-error",), limit_s=0.6)
    outcome = send(printer)
    assert reason_of(outcome) == "media_empty"
    assert server.cancelled == [17]
    assert isinstance(outcome, PrinterUnavailable)
    assert outcome.facts["may_still_print"] is False
    assert "the paper is out" in str(outcome)


def test_a_job_that_never_ends_is_given_up_in_time_and_cancelled(begin: Begin) -> None:
    server, printer = begin(ends=(PROCESSING,), limit_s=0.5)
    assert reason_of(send(printer)) == "timed_out"
    assert server.cancelled == [17]


def test_a_job_that_cannot_be_cancelled_is_reported_as_one_that_may_still_come_out(begin: Begin) -> None:
    _, printer = begin(ends=(PROCESSING,), limit_s=0.3, cancel_works=False)
    outcome = send(printer)
    assert isinstance(outcome, PrinterUnavailable)
    assert outcome.facts["may_still_print"] is True


@pytest.mark.parametrize(("state", "reason"), [(ABORTED, "aborted"), (CANCELLED, "cancelled")])
def test_a_job_the_printer_drops_is_not_taken_for_printed(begin: Begin, state: int, reason: str) -> None:
    _, printer = begin(ends=(PROCESSING, state))
    assert reason_of(send(printer)) == reason


@pytest.mark.parametrize(
    ("nature", "reason"),
    [
        ({"media": ("iso_a4_210x297mm",)}, "media_unsupported"),
        ({"formats": ("image/pwg-raster",)}, "format_unsupported"),
        ({"accepting": False}, "not_accepting"),
        ({"state": 5}, "stopped"),
        ({"refuse_with": 0x0507}, "refused"),
        ({"refuse_with": 0x040B}, "media_unsupported"),
        ({"http_status": 403}, "refused"),
        ({"garbage": b"<html>404</html>" * 3}, "refused"),
        ({"garbage": b"xx"}, "refused"),
    ],
)
def test_a_printer_that_refuses_gives_its_reason(begin: Begin, nature: dict[str, object], reason: str) -> None:
    server, printer = begin(**nature)
    assert reason_of(send(printer)) == reason
    assert server.documents == []


def test_a_roll_needs_a_printer_with_free_sizes(begin: Begin) -> None:
    _, office = begin()
    assert reason_of(send(office, paper=Paper.MM80)) == "media_unsupported"
    _, receipt = begin(media=("roll_max_80x2000mm", "roll_min_80x20mm"))
    assert send(receipt, paper=Paper.MM80) == "17"


@pytest.mark.parametrize("address", ["ipp://127.0.0.1:{port}/ipp/print", "http://127.0.0.1/", "ipp://", "ipp://[x"])
def test_a_printer_that_is_not_there_is_unreachable_and_nothing_crashes(address: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        printer = IppPrinter(address.format(port=closed.getsockname()[1]), limit_s=1.0)
        assert reason_of(send(printer)) == "unreachable"
        assert printer.status().reasons == ("unreachable",)


def test_every_broken_answer_is_refused_as_an_answer_and_never_as_an_accident() -> None:
    whole = IppServer().answer(bytes([2, 0, 0, 11, 0, 0, 0, 1, 3]))
    assert read_answer(whole).number(4, "printer-state") == 3
    for length in range(len(whole)):
        with pytest.raises(ValueError, match="IPP answer"):
            read_answer(whole[:length])


@pytest.fixture
def real_printer(tmp_path: Path) -> Iterator[str]:
    """The reference printer of the CUPS project on a free port."""
    if shutil.which("ippeveprinter") is None:
        pytest.skip("ippeveprinter is not installed (package cups-ipp-utils)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["ippeveprinter", "-k", "-d", str(tmp_path), "-p", str(port), "-n", "localhost"]
    command += ["-f", "application/pdf", "-s", "60", "Test"]
    log = tmp_path / "printer.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        if not _answers(port, process):
            pytest.skip(f"ippeveprinter cannot run here: {log.read_text().strip()[:200]} (needs D-Bus and avahi)")
        yield f"ipp://localhost:{port}/ipp/print"
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the printer listens; false when it ended instead."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            continue
        return True
    return False


def test_the_reference_printer_takes_a_slip_unchanged(real_printer: str, tmp_path: Path) -> None:
    printer = IppPrinter(real_printer)
    assert printer.status().ready
    receipt = printer.print_pdf(PDF, title="slip", paper=Paper.A4, copies=1)
    assert receipt.job
    assert [path.read_bytes() for path in tmp_path.glob("*.pdf")] == [PDF]


def test_what_the_reference_printer_spooled_shows_the_slip_that_was_sent(real_printer: str, tmp_path: Path) -> None:
    slip = sealed(usual())
    sent = render_slip(slip, paper=Paper.A5, copies=(Copy.CUSTOMER, Copy.STORE))
    # The reference printer has no A5 in its trays, so the pages travel as sheets of its own size.
    IppPrinter(real_printer).print_pdf(sent, title="slip", paper=Paper.A4, copies=1)
    (spooled,) = tmp_path.glob("*.pdf")
    pages, wanted = _pictures(spooled.read_bytes()), _pictures(sent)
    assert [page.size for page in pages] == [page.size for page in wanted]
    assert len(pages) >= 2
    for page, other in zip(pages, wanted, strict=True):
        assert ImageChops.difference(page, other).getbbox() is None
    read = {code.text for page in pages for code in zxingcpp.read_barcodes(page)}
    assert read == {slip.ticket_number, slip.qr_text}


def _pictures(pdf: bytes) -> list[Image.Image]:
    """The pages as an office printer of 300 dpi puts them on paper."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].render(scale=300 / 72, grayscale=True).to_pil() for number in range(len(document))]
    document.close()
    return pages
