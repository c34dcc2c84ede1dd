"""A small office printer for tests: speaks IPP over loopback, with paper that can run out and jobs that can hang."""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GROUP_OPERATION, GROUP_JOB, GROUP_PRINTER, GROUP_END = 1, 2, 4, 3
INTEGER, BOOLEAN, ENUM, TEXT, KEYWORD, MIME = 0x21, 0x22, 0x23, 0x41, 0x44, 0x49
COMPLETED, PROCESSING, STOPPED_JOB, CANCELLED, ABORTED = 9, 5, 6, 7, 8
PRINT_JOB, CANCEL_JOB, GET_JOB, GET_PRINTER = 2, 8, 9, 11


def _attribute(tag: int, name: str, *values: Any) -> bytes:
    made = b""
    for place, value in enumerate(values):
        label = name.encode() if place == 0 else b""
        if tag in (INTEGER, ENUM):
            raw = struct.pack(">i", value)
        elif tag == BOOLEAN:
            raw = bytes([value])
        else:
            raw = value.encode()
        made += struct.pack(">BH", tag, len(label)) + label + struct.pack(">H", len(raw)) + raw
    return made


def parse(raw: bytes) -> tuple[int, dict[str, list[bytes]], bytes]:
    """Operation, attributes and document of a request."""
    operation = struct.unpack(">H", raw[2:4])[0]
    found: dict[str, list[bytes]] = {}
    at, name = 8, ""
    while raw[at] != GROUP_END:
        if raw[at] < 0x10:
            at += 1
            continue
        at += 1
        length = struct.unpack(">H", raw[at : at + 2])[0]
        name = raw[at + 2 : at + 2 + length].decode() or name
        at += 2 + length
        length = struct.unpack(">H", raw[at : at + 2])[0]
        found.setdefault(name, []).append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    return operation, found, raw[at + 1 :]


@dataclass
class IppServer:
    """What the printer is and does: `ends` are the job states it gives one look after the other, the last for ever."""

    media: tuple[str, ...] = ("iso_a4_210x297mm", "iso_a5_148x210mm")
    formats: tuple[str, ...] = ("application/pdf",)
    reasons: tuple[str, ...] = ("none",)
    reasons_later: tuple[str, ...] = ()
    accepting: bool = True
    state: int = 3
    ends: tuple[int, ...] = (PROCESSING, COMPLETED)
    refuse_with: int = 0
    cancel_works: bool = True
    http_status: int = 200
    garbage: bytes = b""
    documents: list[bytes] = field(default_factory=list)
    wishes: list[dict[str, list[bytes]]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    looks: int = 0

    def start(self) -> str:
        """Begins to listen; gives the printer's address."""
        printer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                answer = printer.answer(self.rfile.read(length))
                self.send_response(printer.http_status)
                self.send_header("Content-Type", "application/ipp")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return f"ipp://127.0.0.1:{self._server.server_port}/ipp/print"

    def stop(self) -> None:
        """Hangs up."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, raw: bytes) -> bytes:
        """The answer to a request."""
        if self.garbage:
            return self.garbage
        operation, asked, document = parse(raw)
        head = struct.pack(">BBH", 2, 0, 0) + raw[4:8] + bytes([GROUP_OPERATION])
        head += _attribute(0x47, "attributes-charset", "utf-8")
        if operation == GET_PRINTER:
            return head + self._printer() + bytes([GROUP_END])
        if operation == PRINT_JOB:
            if self.refuse_with:
                said = _attribute(TEXT, "status-message", "No, thank you")
                return struct.pack(">BBH", 2, 0, self.refuse_with) + head[4:] + said + bytes([GROUP_END])
            self.documents.append(document)
            self.wishes.append(asked)
            return head + self._job(3) + bytes([GROUP_END])
        if operation == GET_JOB:
            state = self.ends[min(self.looks, len(self.ends) - 1)]
            self.looks += 1
            if self.reasons_later:
                self.reasons = self.reasons_later
            return head + self._job(state) + bytes([GROUP_END])
        self.cancelled.append(struct.unpack(">i", asked["job-id"][0])[0])
        return struct.pack(">BBH", 2, 0, 0 if self.cancel_works else 0x0404) + head[4:] + bytes([GROUP_END])

    def _printer(self) -> bytes:
        made = bytes([GROUP_PRINTER])
        made += _attribute(ENUM, "printer-state", self.state)
        made += _attribute(KEYWORD, "printer-state-reasons", *self.reasons)
        made += _attribute(BOOLEAN, "printer-is-accepting-jobs", self.accepting)
        made += _attribute(KEYWORD, "media-supported", *self.media)
        made += _attribute(KEYWORD, "sides-supported", "one-sided", "two-sided-long-edge")
        return made + _attribute(MIME, "document-format-supported", *self.formats)

    def _job(self, state: int) -> bytes:
        made = bytes([GROUP_JOB]) + _attribute(INTEGER, "job-id", 17)
        return made + _attribute(ENUM, "job-state", state) + _attribute(KEYWORD, "job-state-reasons", "none")
