"""Receipt printers on a serial port. Importing this needs pyserial."""

from __future__ import annotations

import contextlib
import select
import sys
import time
from collections.abc import Iterator

import serial  # type: ignore[import-untyped]
from serial.tools import list_ports  # type: ignore[import-untyped]

# Two programs on one port would print into each other; Windows sees to that itself.
_ALONE = None if sys.platform == "win32" else True
# Between two looks at a port that has nothing, and the most that one write is given.
_LOOK_S = 0.01
_PIECE = 512


class SerialLine:
    """A serial port with eight data bits, no parity and one stop bit; raises OSError where it cannot be opened."""

    def __init__(self, device: str, *, baud: int, flow: str) -> None:
        try:
            # No time limits inside: reads and writes give what they can at once, the loops here keep the time.
            self._port = serial.Serial(device, baud, timeout=0, write_timeout=0, rtscts=flow == "rts", exclusive=_ALONE)
        except ValueError as error:
            raise OSError(str(error)) from error
        with _as_oserror():
            self._port.reset_input_buffer()

    def send(self, data: bytes, *, deadline: float) -> None:
        """Sends everything; raises TimeoutError at the deadline."""
        rest = data
        while rest:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the printer takes no more")
            # On POSIX pyserial spins in a write that would block, so the port is asked for room before.
            if sys.platform != "win32" and not select.select([], [self._port.fileno()], [], left)[1]:
                continue
            with _as_oserror():
                sent = self._port.write(rest[:_PIECE])
            rest = rest[sent or 0 :]
            if not sent:
                time.sleep(_LOOK_S)

    def receive(self, wait_s: float) -> bytes:
        """What has arrived."""
        deadline = time.monotonic() + wait_s
        while True:
            with _as_oserror():
                waiting = self._port.in_waiting
                if waiting:
                    return bytes(self._port.read(waiting))
            if time.monotonic() >= deadline:
                return b""
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """Closes the port."""
        with contextlib.suppress(OSError, serial.SerialException):
            self._port.close()


@contextlib.contextmanager
def _as_oserror() -> Iterator[None]:
    """On POSIX the port's own failures come as termios errors too, which are no OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if type(error).__module__ != "termios":
            raise
        raise OSError(str(error)) from error


def serial_ports() -> list[tuple[str, str]]:
    """The computer's serial ports: device and the words that the system has for it."""
    found = sorted(list_ports.comports(), key=lambda port: str(port.device))
    return [(str(port.device), "" if port.description in (None, "n/a") else str(port.description)) for port in found]
