"""Receipt printers: what is sent, what comes out on the paper, and what happens when the printer does not go along."""

from __future__ import annotations

import os
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import zxingcpp
from PIL import Image, ImageChops

from store_desk.domain.errors import NoPrinter, PrinterUnavailable
from store_desk.domain.printer_address import read_address
from store_desk.domain.slip import Copy, Paper
from store_desk.printing.choose import printer_at
from store_desk.printing.escpos import EscPosPrinter
from store_desk.printing.escpos_job import drawer_job, slip_job
from store_desk.printing.model import PrintReceipt
from store_desk.printing.raster import DPI, HEADS, THRESHOLD, pages_in_dots
from store_desk.slips.render import render_slip
from tests.slips.proofs import sealed
from tests.slips.samples import longest, usual

from .escpos_paper import (
    COVER_OPEN,
    CUTTER,
    FAULT,
    FEEDING,
    OFFLINE,
    PAPER_LOW,
    PAPER_OUT,
    Device,
    NetworkPrinter,
    NotAllowed,
    pictures,
    tokens,
)

ALWAYS = {"ESC @", "GS v 0", "ESC d", "GS V"}
QUESTIONS = {"DLE EOT", "GS r"}
# What a customer or a bad import could write to open the drawer, cut, reset or feed.
HOSTILE = "\x1bp\x00\x19\xfa \x10\x14\x01\x00\x01 \x1dV\x00 \x1b@ \x1c& \x1d(A\x02\x00\x00\x02 王\x1b\x70秀"
Begin = Callable[..., tuple[NetworkPrinter, EscPosPrinter]]


@cache
def slip(paper: Paper = Paper.MM80, copies: tuple[Copy, ...] = (Copy.CUSTOMER,)) -> bytes:
    """A slip with barcode, QR and signature."""
    return render_slip(sealed(usual()), paper=paper, copies=copies)


@cache
def drawn(pdf: bytes, width: int) -> tuple[Image.Image, ...]:
    """The PDF's pages as any other program draws them at the printer's resolution, black and white."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for number in range(len(document)):
        grey = document[number].render(scale=DPI / 72, grayscale=True).to_pil()
        left = (grey.width - width) // 2
        # The foot of one character may lean over the edge by a dot; anything more would be cut off on paper.
        reach = grey.crop((left - 1, 0, left + width + 1, grey.height)).point(lambda level: 255 * (level < THRESHOLD))
        full = grey.point(lambda level: 255 * (level < THRESHOLD))
        assert full.histogram()[255] == reach.histogram()[255], "ink where the head does not reach"
        pages.append(grey.crop((left, 0, left + width, grey.height)).point(lambda level: 255 * (level >= THRESHOLD)))
    document.close()
    return tuple(pages)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts printers of the given nature and stops them after the test."""
    running: list[NetworkPrinter] = []

    def start(
        device: Device | None = None, *, limit_s: float = 8.0, status_s: float = 2.0, **nature: object
    ) -> tuple[NetworkPrinter, EscPosPrinter]:
        printer = NetworkPrinter(device or Device(), **nature)  # type: ignore[arg-type]
        running.append(printer)
        address = read_address(printer.start())
        made = EscPosPrinter(address, limit_s=limit_s, status_s=status_s, settle_s=0.5, rows_per_s=10_000)
        return printer, made

    yield start
    for printer in running:
        printer.stop()


def send(printer: EscPosPrinter, pdf: bytes | None = None, **how: object) -> PrinterUnavailable | PrintReceipt:
    try:
        wishes = {"paper": Paper.MM80, "copies": 1} | how
        return printer.print_pdf(pdf or slip(), title="XH2-26-S000457-K", **wishes)  # type: ignore[arg-type]
    except PrinterUnavailable as refusal:
        return refusal


def refusal_of(outcome: PrinterUnavailable | PrintReceipt) -> dict[str, object]:
    assert isinstance(outcome, PrinterUnavailable), f"printed: {outcome}"
    return outcome.facts


# --- what comes out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", [Paper.MM80, Paper.MM58])
def test_the_paper_shows_the_pdf_dot_for_dot(begin: Begin, paper: Paper) -> None:
    network, printer = begin()
    pdf = slip(paper, (Copy.CUSTOMER, Copy.STORE))
    assert isinstance(send(printer, pdf, paper=paper), PrintReceipt)
    papers = pictures(network.device.commands)
    expected = drawn(pdf, HEADS[paper])
    assert [page.size for page in papers] == [page.size for page in expected]
    for page, wanted in zip(papers, expected, strict=True):
        assert ImageChops.difference(page, wanted).getbbox() is None


@pytest.mark.parametrize("paper", [Paper.MM80, Paper.MM58])
def test_barcode_and_qr_read_from_the_printed_paper(begin: Begin, paper: Paper) -> None:
    network, printer = begin()
    send(printer, slip(paper), paper=paper)
    (page,) = pictures(network.device.commands)
    read = {str(code.format): code.text for code in zxingcpp.read_barcodes(page)}
    data = sealed(usual())
    assert set(read.values()) == {data.ticket_number, data.qr_text}


def test_no_picture_is_higher_than_small_printers_take_and_each_copy_is_cut(begin: Begin) -> None:
    network, printer = begin()
    send(printer, slip(copies=(Copy.CUSTOMER, Copy.STORE)), copies=2)
    bands = [int.from_bytes(given[3:5], "little") for name, given in network.device.commands if name == "GS v 0"]
    assert max(bands) == 256
    assert [name for name, _ in network.device.commands].count("GS V") == 4


def test_copies_are_the_same_paper_again() -> None:
    once, rows = slip_job(slip(), Paper.MM80, copies=1, open_drawer=False)
    twice, rows_twice = slip_job(slip(), Paper.MM80, copies=2, open_drawer=False)
    first, second = pictures(tokens(b"".join(twice)))
    assert first.tobytes() == second.tobytes() == pictures(tokens(b"".join(once)))[0].tobytes()
    assert rows_twice == 2 * rows


# --- commands ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", [Paper.MM80, Paper.MM58])
def test_text_of_a_customer_never_becomes_a_command(paper: Paper) -> None:
    from dataclasses import replace

    from store_desk.domain.slip import Both

    data = replace(longest(), customer=Both(HOSTILE, HOSTILE), customer_words=HOSTILE * 3, product=Both(HOSTILE))
    job, _ = slip_job(render_slip(data, paper=paper, copies=(Copy.CUSTOMER,)), paper, copies=1, open_drawer=False)
    assert {name for name, _ in tokens(b"".join(job))} == ALWAYS


@pytest.mark.parametrize(
    "smuggled",
    [b"\x1bp\x00\x19\xfa!", b"\x10\x14\x01\x00\x01", b"A", b"\x1c&", b"\x1d(A", b"\x1b", b"\x1dV\x42\x00"],
)
def test_the_reader_of_commands_would_notice_one_that_is_not_on_the_list(smuggled: bytes) -> None:
    job, _ = slip_job(slip(), Paper.MM80, copies=1, open_drawer=False)
    try:
        names = {name for name, _ in tokens(b"".join(job) + smuggled)}
    except NotAllowed:
        return
    assert names - ALWAYS == {"ESC p"}


def test_everything_on_the_line_is_a_picture_a_feed_a_cut_or_a_question(begin: Begin) -> None:
    network, printer = begin()
    send(printer)
    assert {name for name, _ in tokens(bytes(network.device.received))} == ALWAYS | QUESTIONS


def test_the_drawer_opens_only_when_asked_and_after_the_last_cut(begin: Begin) -> None:
    network, printer = begin()
    send(printer, open_drawer=True)
    names = [name for name, _ in network.device.commands if name not in QUESTIONS]
    assert names.count("ESC p") == 1
    assert names[-2:] == ["GS V", "ESC p"]


def test_the_drawer_alone_prints_nothing(begin: Begin) -> None:
    network, printer = begin()
    printer.open_drawer()
    assert {name for name, _ in network.device.commands} == {"ESC @", "ESC p"} | QUESTIONS
    assert tokens(b"".join(drawer_job()))[-1] == ("ESC p", b"\x002\x32")


# --- states --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        (PAPER_OUT, "media_empty"),
        (COVER_OPEN, "cover_open"),
        (OFFLINE, "offline"),
        (CUTTER, "cutter_error"),
        (FAULT, "printer_error"),
        (FEEDING, "paused"),
    ],
)
def test_a_printer_that_cannot_print_is_refused_before_a_dot_is_sent(
    begin: Begin, states: dict[int, int], reason: str
) -> None:
    network, printer = begin(Device(states))
    assert not printer.status().ready
    assert printer.status().reasons[0] == reason
    facts = refusal_of(send(printer))
    assert (facts["reason"], facts["may_still_print"]) == (reason, False)
    assert {name for name, _ in network.device.commands} == {"DLE EOT"}


def test_paper_that_is_nearly_used_up_is_said_and_still_prints(begin: Begin) -> None:
    _, printer = begin(Device(PAPER_LOW))
    assert printer.status().ready
    assert printer.status().reasons == ("paper_low",)
    assert isinstance(send(printer), PrintReceipt)


def test_a_printer_that_never_answers_prints_and_its_state_is_unknown(begin: Begin) -> None:
    network, printer = begin(Device(answers=False), status_s=0.2)
    assert printer.status().ready
    assert printer.status().reasons == ("status_unknown",)
    assert isinstance(send(printer), PrintReceipt)
    expected = pictures(tokens(b"".join(slip_job(slip(), Paper.MM80, copies=1, open_drawer=False)[0])))
    deadline = time.monotonic() + 5
    while len(network.device.commands) < 20 and time.monotonic() < deadline:
        network._over.wait(0.01)
    assert pictures(network.device.commands)[0].tobytes() == expected[0].tobytes()


def test_a_printer_that_does_not_know_the_question_for_the_end_is_believed_when_it_is_well(begin: Begin) -> None:
    network, printer = begin(Device(knows_end=False))
    assert isinstance(send(printer), PrintReceipt)
    assert network.calls == 1


def test_what_a_printer_sends_by_itself_is_not_taken_for_an_answer(begin: Begin) -> None:
    network, printer = begin(Device(knows_end=False, greeting=b"\x10\x00\x00\x00\x14\x00\x60\x00"))
    started = time.monotonic()
    assert isinstance(send(printer), PrintReceipt)
    # Taken for the answer to the question for the end, it would have been believed at once.
    assert time.monotonic() - started > 0.8
    assert network.device.printed


# --- in the middle -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("later", "reason"), [(PAPER_OUT, "media_empty"), (COVER_OPEN, "cover_open")])
def test_paper_that_runs_out_in_the_middle_is_an_error_and_nothing_is_sent_twice(
    begin: Begin, later: dict[int, int], reason: str
) -> None:
    network, printer = begin(Device(later=later, turns_after=60_000))
    facts = refusal_of(send(printer))
    assert (facts["reason"], facts["may_still_print"]) == (reason, True)
    sent = [given for name, given in network.device.commands if name == "GS v 0"]
    job, _ = slip_job(slip(), Paper.MM80, copies=1, open_drawer=False)
    assert sent == [given for name, given in tokens(b"".join(job)) if name == "GS v 0"]
    assert network.calls == 1


def test_a_printer_that_dies_in_the_middle_leaves_a_warning_that_paper_may_have_come(begin: Begin) -> None:
    network, printer = begin(dies_after=40_000)
    facts = refusal_of(send(printer))
    assert (facts["reason"], facts["may_still_print"]) == ("connection_lost", True)
    assert network.calls == 1


def test_a_printer_that_stops_reading_is_given_up_in_time_and_asked_why(begin: Begin) -> None:
    network, printer = begin(Device(states={}), stops_reading_after=40_000, limit_s=0.8, status_s=0.4)
    big = slip(copies=(Copy.CUSTOMER, Copy.STORE))
    started = time.monotonic()
    facts = refusal_of(send(printer, big, copies=20))
    assert time.monotonic() - started < 5
    assert (facts["reason"], facts["may_still_print"]) == ("timed_out", True)
    assert network.calls == 2


def test_a_slow_printer_has_its_time(begin: Begin) -> None:
    network, printer = begin(sip=8192, pause_s=0.02, limit_s=20.0)
    assert isinstance(send(printer), PrintReceipt)
    assert len(pictures(network.device.commands)) == 1


def test_a_printer_slower_than_its_limit_is_given_up(begin: Begin) -> None:
    _, printer = begin(sip=1024, pause_s=0.05, limit_s=0.6, status_s=0.2)
    facts = refusal_of(send(printer, slip(copies=(Copy.CUSTOMER, Copy.STORE)), copies=4))
    assert (facts["reason"], facts["may_still_print"]) == ("timed_out", True)


# --- addresses and lines -------------------------------------------------------------------------------------------


def test_a_printer_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        printer = printer_at(f"escpos+tcp://127.0.0.1:{closed.getsockname()[1]}")
        assert isinstance(printer, EscPosPrinter)
        assert refusal_of(send(printer))["reason"] == "unreachable"
        assert printer.status().reasons == ("unreachable",)


def test_an_address_chooses_its_printer_and_its_limit() -> None:
    printer = printer_at("escpos+tcp://printer:9100?limit=45")
    assert isinstance(printer, EscPosPrinter)
    assert printer.limit_s == 45
    with pytest.raises(PrinterUnavailable) as refused:
        printer_at("escpos+tcp://printer:99999")
    assert refused.value.facts["reason"] == "address_wrong"
    with pytest.raises(NoPrinter):
        printer_at("escpos:printer")


def test_a_sheet_is_not_sent_to_a_roll(begin: Begin) -> None:
    network, printer = begin()
    assert refusal_of(send(printer, paper=Paper.A5))["reason"] == "media_unsupported"
    assert refusal_of(send(printer, slip(Paper.MM58), paper=Paper.MM80))["reason"] == "format_unsupported"
    assert network.calls == 0


def test_dots_are_rows_of_whole_bytes_of_the_head() -> None:
    for paper, width in HEADS.items():
        (page,) = pages_in_dots(slip(paper), paper)
        assert page.width == width
        assert len(page.rows) == page.height * width // 8


@pytest.fixture
def serial_device() -> Iterator[tuple[str, Device]]:
    """A printer at the other end of a pseudo-terminal."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals to stand for a serial port")
    import tty

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    tty.setraw(ours)
    device, over = Device(), threading.Event()

    def work() -> None:
        while not over.is_set():
            if select.select([ours], [], [], 0.02)[0]:
                said = device.take(os.read(ours, 4096))
                if said:
                    os.write(ours, said)

    thread = threading.Thread(target=work)
    thread.start()
    yield f"escpos+serial://{os.ttyname(theirs)}?baud=115200", device
    over.set()
    thread.join()
    os.close(ours)
    os.close(theirs)


def test_a_serial_printer_prints_the_same_dots(serial_device: tuple[str, Device]) -> None:
    address, device = serial_device
    printer = EscPosPrinter(read_address(address))
    assert printer.status().ready
    assert isinstance(send(printer), PrintReceipt)
    (page,) = pictures(device.commands)
    assert ImageChops.difference(page, drawn(slip(), HEADS[Paper.MM80])[0]).getbbox() is None


def test_a_serial_printer_without_paper_says_so(serial_device: tuple[str, Device]) -> None:
    address, device = serial_device
    device.states = PAPER_OUT
    assert refusal_of(send(EscPosPrinter(read_address(address))))["reason"] == "media_empty"


def test_a_serial_port_that_is_not_there_is_unreachable() -> None:
    printer = EscPosPrinter(read_address("escpos+serial:///dev/ttyStoreDesk9"))
    assert printer.status().reasons == ("unreachable",)


def test_a_usb_printer_without_the_library_or_the_device_is_refused_in_words() -> None:
    printer = EscPosPrinter(read_address("escpos+usb://04b8:0202"))
    outcome = refusal_of(send(printer))
    assert outcome["reason"] in ("usb_missing", "unreachable")
    assert not printer.status().ready


def test_a_usb_printer_prints() -> None:
    pytest.importorskip("usb", reason="pyusb is not installed")
    from store_desk.printing.usb_line import usb_printers

    if not usb_printers():
        pytest.skip("no receipt printer is plugged in")
    vendor, product, serial, _ = usb_printers()[0]
    printer = EscPosPrinter(read_address(f"escpos+usb://{vendor:04x}:{product:04x}/{serial}"))
    assert printer.status().reasons != ("unreachable",)
