"""Addresses of receipt printers: read, checked and written in one form.

`escpos+tcp://HOST:9100`, `escpos+usb://VVVV:PPPP/SERIAL`, `escpos+serial:///dev/ttyUSB0?baud=9600&flow=rts`; each may
end in `limit=SECONDS`, the longest wait for one slip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

PORT = 9100
BAUD = 9600
BAUDS = (9600, 19200, 38400, 57600, 115200)
FLOWS = ("none", "rts")
LIMIT_MIN_S, LIMIT_MAX_S = 5, 300
_PORT_MAX = 65535
_HOST_MAX = 253
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._-]+)?")
_DEVICE = re.compile(r"/dev/[A-Za-z0-9._/-]+|COM[1-9][0-9]{0,2}")
_USB = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_SERIAL = re.compile(r"[!-~]{0,64}")


class Line(Enum):
    """How a receipt printer is connected."""

    NETWORK = "tcp"
    SERIAL = "serial"
    USB = "usb"


class AddressWrong(ValueError):
    """An address that cannot be one; `code` is kind, host, port, device, baud, flow, usb or limit."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not a printer address: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class ReceiptAddress:
    """A printer's address; only the fields of its line are filled, `limit_s` 0 leaves the limit to the program."""

    line: Line
    host: str = ""
    port: int = PORT
    device: str = ""
    baud: int = BAUD
    flow: str = "none"
    vendor: int = 0
    product: int = 0
    serial: str = ""
    limit_s: int = 0

    def __str__(self) -> str:
        options: dict[str, object] = {}
        if self.line is Line.NETWORK:
            place = f"[{self.host}]" if ":" in self.host else self.host
            place = f"{place}:{self.port}"
        elif self.line is Line.USB:
            place = f"{self.vendor:04x}:{self.product:04x}" + (f"/{quote(self.serial, safe='')}" if self.serial else "")
        else:
            place = self.device if self.device.startswith("/") else f"/{self.device}"
            options["baud"] = self.baud
            if self.flow != FLOWS[0]:
                options["flow"] = self.flow
        if self.limit_s:
            options["limit"] = self.limit_s
        return f"escpos+{self.line.value}://{place}" + (f"?{urlencode(options)}" if options else "")


def read_address(text: str) -> ReceiptAddress:
    """The address in a text; raises AddressWrong."""
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise AddressWrong("host") from error
    options = dict(parse_qsl(parts.query))
    limit = _whole(options.get("limit", "0"), "limit")
    if limit and not LIMIT_MIN_S <= limit <= LIMIT_MAX_S:
        raise AddressWrong("limit")
    if parts.scheme == "escpos+tcp":
        return _network(parts.netloc, limit)
    if parts.scheme == "escpos+usb":
        return _usb(parts.netloc, unquote(parts.path.removeprefix("/")), limit)
    if parts.scheme == "escpos+serial":
        return _serial(parts.path, options, limit)
    raise AddressWrong("kind")


def typed_address(text: str) -> ReceiptAddress:
    """What a person typed for a network printer: an address, or only `192.168.1.50` or `printer:9100`."""
    text = text.strip()
    if "://" in text:
        return read_address(text)
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    return _network(text, 0)


def is_receipt_address(text: str) -> bool:
    """Whether the text is meant as a receipt printer's address, right or wrong."""
    return text.startswith("escpos+")


def _network(place: str, limit: int) -> ReceiptAddress:
    host, port = place, ""
    if place.startswith("["):
        host, closed, port = place[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            raise AddressWrong("host")
        port = port.removeprefix(":")
    elif ":" in place:
        host, _, port = place.partition(":")
    if len(host) > _HOST_MAX or _HOST.fullmatch(host) is None:
        raise AddressWrong("host")
    number = _whole(port, "port") if port else PORT
    if not 1 <= number <= _PORT_MAX:
        raise AddressWrong("port")
    return ReceiptAddress(Line.NETWORK, host=host, port=number, limit_s=limit)


def _usb(place: str, serial: str, limit: int) -> ReceiptAddress:
    numbers = _USB.fullmatch(place)
    if numbers is None or _SERIAL.fullmatch(serial) is None:
        raise AddressWrong("usb")
    return ReceiptAddress(
        Line.USB, vendor=int(numbers[1], 16), product=int(numbers[2], 16), serial=serial, limit_s=limit
    )


def _serial(path: str, options: dict[str, str], limit: int) -> ReceiptAddress:
    device = unquote(path)
    if re.fullmatch(r"/COM\d+", device):
        device = device[1:]
    if _DEVICE.fullmatch(device) is None or ".." in device:
        raise AddressWrong("device")
    baud = _whole(options.get("baud", str(BAUD)), "baud")
    if baud not in BAUDS:
        raise AddressWrong("baud")
    flow = options.get("flow", FLOWS[0])
    if flow not in FLOWS:
        raise AddressWrong("flow")
    return ReceiptAddress(Line.SERIAL, device=device, baud=baud, flow=flow, limit_s=limit)


def _whole(text: str, code: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise AddressWrong(code)
    return int(text)
