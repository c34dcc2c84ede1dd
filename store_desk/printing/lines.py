"""The lines on which receipt printers hang: network, serial and USB, with time limits on both directions."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import TYPE_CHECKING, Protocol

from store_desk.domain.errors import PrinterUnavailable
from store_desk.domain.printer_address import Line, ReceiptAddress
from store_desk.printing.model import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_S = 3.0
# A line that takes nothing for so long is looked at again; the job's own limit decides.
_PIECE = 4096


class PrinterLine(Protocol):
    """A line that is open. `send` raises TimeoutError at the deadline and OSError where the line broke."""

    def send(self, data: bytes, *, deadline: float) -> None:
        """Sends everything; `deadline` is of time.monotonic()."""
        ...

    def receive(self, wait_s: float) -> bytes:
        """What has arrived, waiting for the first byte at most so long; empty when nothing came."""
        ...

    def close(self) -> None:
        """Hangs up; never raises."""
        ...


class NetworkLine:
    """A TCP connection."""

    def __init__(self, host: str, port: int, *, wait_s: float = CONNECT_S) -> None:
        self._socket = socket.create_connection((host, port), timeout=wait_s)
        self._socket.setblocking(False)

    def send(self, data: bytes, *, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([], [self._socket], [], left)[1]:
                raise TimeoutError("the printer takes no more")
            rest = rest[self._socket.send(rest[: _PIECE * 4]) :]

    def receive(self, wait_s: float) -> bytes:
        if not select.select([self._socket], [], [], max(wait_s, 0.0))[0]:
            return b""
        got = self._socket.recv(64)
        if not got:
            raise ConnectionResetError("the printer hung up")
        return got

    def close(self) -> None:
        # The printer must see the end after the last byte, not a reset that throws away what it has not read.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()


def open_line(address: ReceiptAddress) -> PrinterLine:
    """The line to a printer, opened; raises PrinterUnavailable."""
    openers: dict[Line, Callable[[ReceiptAddress], PrinterLine]] = {
        Line.NETWORK: _open_network,
        Line.SERIAL: _open_serial,
        Line.USB: _open_usb,
    }
    return openers[address.line](address)


def _open_network(address: ReceiptAddress) -> PrinterLine:
    try:
        return NetworkLine(address.host, address.port)
    except OSError as error:
        raise unavailable(str(address), "unreachable", said=error.strerror or "") from error


def _open_serial(address: ReceiptAddress) -> PrinterLine:
    try:
        from store_desk.printing.serial_line import SerialLine
    except ImportError as error:
        raise unavailable(str(address), "serial_missing") from error
    try:
        return SerialLine(address.device, baud=address.baud, flow=address.flow)
    except OSError as error:
        raise _not_opened(address, error) from error


def _open_usb(address: ReceiptAddress) -> PrinterLine:
    try:
        from store_desk.printing.usb_line import UsbLine
    except ImportError as error:
        raise unavailable(str(address), "usb_missing") from error
    try:
        return UsbLine(vendor=address.vendor, product=address.product, serial=address.serial)
    except OSError as error:
        raise _not_opened(address, error) from error


def _not_opened(address: ReceiptAddress, error: OSError) -> PrinterUnavailable:
    # pyserial says "could not open port" in its own words and hides the number only on some systems.
    denied = isinstance(error, PermissionError) or "denied" in str(error).lower()
    return unavailable(str(address), "no_permission" if denied else "unreachable")
