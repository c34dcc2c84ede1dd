"""A receipt printer for tests: reads ESC/POS command by command, knows nothing else, and gives back the paper."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

from PIL import Image

# Answers to DLE EOT 1 to 4 of a printer that is well: bits 1 and 4 are always set.
WELL = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}
OFFLINE = {1: 0x1E}
COVER_OPEN = {1: 0x1E, 2: 0x16}
PAPER_OUT = {1: 0x1E, 2: 0x32, 4: 0x7E}
PAPER_LOW = {4: 0x1E}
CUTTER = {1: 0x1E, 2: 0x52, 3: 0x1A}
FAULT = {1: 0x1E, 2: 0x52, 3: 0x32}
FEEDING = {1: 0x1E, 2: 0x1A}


class NotAllowed(ValueError):
    """A byte that belongs to none of the commands of the list."""


@dataclass
class Tokens:
    """Takes the stream in pieces of any size and gives whole commands: (name, arguments)."""

    rest: bytes = b""

    def feed(self, data: bytes) -> list[tuple[str, bytes]]:
        """The commands that are complete now."""
        self.rest += data
        found = []
        while self.rest:
            token = self._next()
            if token is None:
                break
            name, length, head = token
            if len(self.rest) < length:
                break
            found.append((name, self.rest[head:length]))
            self.rest = self.rest[length:]
        return found

    def _next(self) -> tuple[str, int, int] | None:
        """Name, length and where the arguments begin."""
        for start, name, length in (
            (b"\x1b@", "ESC @", 2),
            (b"\x1bd", "ESC d", 3),
            (b"\x1bp", "ESC p", 5),
            (b"\x1dr", "GS r", 3),
            (b"\x1dV\x00", "GS V", 3),
            (b"\x10\x04", "DLE EOT", 3),
        ):
            if self.rest.startswith(start):
                return name, length, min(2, length)
            if start.startswith(self.rest):
                return None
        if self.rest.startswith(b"\x1dv0"):
            if len(self.rest) < 8:
                return None
            width, height = int.from_bytes(self.rest[4:6], "little"), int.from_bytes(self.rest[6:8], "little")
            return "GS v 0", 8 + width * height, 3
        if b"\x1dv0".startswith(self.rest):
            return None
        raise NotAllowed(f"{self.rest[:8].hex(' ')}")


def tokens(data: bytes) -> list[tuple[str, bytes]]:
    """The whole stream as commands; NotAllowed for anything else, also for one that is cut off."""
    reader = Tokens()
    found = reader.feed(data)
    if reader.rest:
        raise NotAllowed(f"cut off: {reader.rest[:8].hex(' ')}")
    return found


def pictures(commands: list[tuple[str, bytes]]) -> list[Image.Image]:
    """What lies on the paper, one picture from cut to cut; black is 0."""
    cut, bands = [], []
    for name, given in commands:
        if name == "GS v 0":
            width, height = int.from_bytes(given[1:3], "little"), int.from_bytes(given[3:5], "little")
            if given[0] != 0:
                raise NotAllowed(f"density {given[0]}")
            bands.append((width * 8, height, given[5:]))
        elif name == "GS V":
            cut.append(_joined(bands))
            bands = []
    return [*cut, _joined(bands)] if bands else cut


def _joined(bands: list[tuple[int, int, bytes]]) -> Image.Image:
    paper = Image.new("L", (max(band[0] for band in bands), sum(band[1] for band in bands)), 255)
    top = 0
    for width, height, rows in bands:
        for at, byte in enumerate(rows):
            for bit in range(8):
                if byte & 0x80 >> bit:
                    paper.putpixel((at % (width // 8) * 8 + bit, top + at // (width // 8)), 0)
        top += height
    return paper


@dataclass
class Device:
    """How a printer behaves. Limits count bytes of pictures; None is never."""

    states: dict[int, int] = field(default_factory=dict)
    # What it turns to after `turns_after` bytes; it then works nothing off any more.
    later: dict[int, int] = field(default_factory=dict)
    turns_after: int | None = None
    answers: bool = True
    knows_end: bool = True
    # Bytes that it sends by itself when it is called.
    greeting: bytes = b""
    received: bytearray = field(default_factory=bytearray)
    commands: list[tuple[str, bytes]] = field(default_factory=list)
    printed: int = 0

    def __post_init__(self) -> None:
        self._tokens = Tokens()
        self.stopped = False

    def take(self, data: bytes) -> bytes:
        """Works the bytes off and gives what the printer says to them."""
        self.received += data
        said = b""
        for name, given in self._tokens.feed(data):
            self.commands.append((name, given))
            if name == "GS v 0":
                self.printed += len(given)
            if self.turns_after is not None and self.printed >= self.turns_after:
                self.stopped = True
            if name == "DLE EOT" and self.answers:
                now = WELL | (self.later if self.stopped and self.later else self.states)
                said += bytes([now[given[0]]])
            elif name == "GS r" and self.answers and self.knows_end and not self.stopped:
                said += b"\x00"
        return said

    def hang_up(self) -> None:
        """The line is gone: what was cut off is forgotten."""
        self._tokens = Tokens()


@dataclass
class NetworkPrinter:
    """A device at a port of this computer. It dies or stops reading after so many bytes; a slow one reads in sips."""

    device: Device
    dies_after: int | None = None
    stops_reading_after: int | None = None
    sip: int = 65536
    pause_s: float = 0.0
    calls: int = 0

    def start(self) -> str:
        """Begins to listen; gives the printer's address."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.02)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return f"escpos+tcp://127.0.0.1:{self._listening.getsockname()[1]}"

    def stop(self) -> None:
        """Hangs up."""
        self._over.set()
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        held: list[socket.socket] = []
        while not self._over.is_set():
            try:
                line, _ = self._listening.accept()
            except TimeoutError:
                continue
            self.calls += 1
            if self._talk(line):
                held.append(line)
            else:
                line.close()
            self.device.hang_up()
        for line in held:
            line.close()

    def _talk(self, line: socket.socket) -> bool:
        """Talks until the other side hangs up; true when the line is left open without being read."""
        if self.stops_reading_after is not None or self.pause_s:
            # A real printer holds little; this computer would take the whole slip in for it.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        line.settimeout(0.02)
        line.sendall(self.device.greeting)
        while not self._over.is_set():
            count = len(self.device.received)
            if self.dies_after is not None and count >= self.dies_after:
                # Half-read data makes the end a reset, as a pulled plug behind a print server does.
                return False
            if self.stops_reading_after is not None and count >= self.stops_reading_after:
                return True
            try:
                data = line.recv(self.sip)
            except TimeoutError:
                continue
            except OSError:
                return False
            if not data:
                return False
            if self.pause_s:
                self._over.wait(self.pause_s)
            said = self.device.take(data)
            if said:
                line.sendall(said)
        return False
