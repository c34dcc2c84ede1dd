"""Receipt printers on USB without a driver of the system. Importing this needs pyusb."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import usb.core
import usb.util

_PRINTER_CLASS = 7
_PIECE = 4096
_PIECE_MS = 500


class UsbLine:
    """The printer interface of a USB device; raises OSError where there is none (pyusb's errors are OSErrors)."""

    def __init__(self, *, vendor: int, product: int, serial: str = "") -> None:
        device = _find(vendor, product, serial)
        if device is None:
            raise FileNotFoundError("no such USB device")
        self._device = device
        interface = _printer_interface(device)
        if interface is None:
            raise OSError("the USB device is no printer")
        number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):
            if device.is_kernel_driver_active(number):
                device.detach_kernel_driver(number)
        usb.util.claim_interface(device, number)
        self._number = number
        self._out = _endpoint(interface, usb.util.ENDPOINT_OUT)
        self._in = _endpoint(interface, usb.util.ENDPOINT_IN)
        if self._out is None:
            raise OSError("the USB device takes no data")

    def send(self, data: bytes, *, deadline: float) -> None:
        """Sends everything; raises TimeoutError at the deadline."""
        rest = data
        while rest:
            if time.monotonic() >= deadline:
                raise TimeoutError("the printer takes no more")
            with contextlib.suppress(usb.core.USBTimeoutError):
                rest = rest[self._out.write(rest[:_PIECE], _PIECE_MS) :]

    def receive(self, wait_s: float) -> bytes:
        """What has arrived; nothing at all from a printer that only listens."""
        if self._in is None:
            return b""
        with contextlib.suppress(usb.core.USBTimeoutError):
            # Zero would wait for ever.
            return bytes(self._in.read(64, max(1, round(wait_s * 1000))))
        return b""

    def close(self) -> None:
        """Gives the device back."""
        with contextlib.suppress(OSError):
            usb.util.release_interface(self._device, self._number)
            usb.util.dispose_resources(self._device)


def usb_printers() -> list[tuple[int, int, str, str]]:
    """USB printers that are plugged in: vendor, product, serial number and name; empty without a USB library."""
    try:
        devices = list(usb.core.find(find_all=True))
    except (usb.core.NoBackendError, OSError):
        return []
    return [
        (device.idVendor, device.idProduct, _text(device, "serial_number"), _text(device, "product"))
        for device in devices
        if _printer_interface(device) is not None
    ]


def _find(vendor: int, product: int, serial: str) -> Any:
    try:
        found = usb.core.find(find_all=True, idVendor=vendor, idProduct=product)
        return next((device for device in found if not serial or _text(device, "serial_number") == serial), None)
    except usb.core.NoBackendError as error:
        raise OSError("no USB library") from error


def _text(device: Any, name: str) -> str:
    # Reading a name needs the right to open the device, which listing does not.
    with contextlib.suppress(OSError, ValueError, NotImplementedError):
        return str(getattr(device, name) or "")
    return ""


def _printer_interface(device: Any) -> Any:
    with contextlib.suppress(OSError, NotImplementedError):
        for configuration in device:
            for interface in configuration:
                if interface.bInterfaceClass == _PRINTER_CLASS:
                    return interface
    return None


def _endpoint(interface: Any, direction: int) -> Any:
    return next(
        (end for end in interface if usb.util.endpoint_direction(end.bEndpointAddress) == direction),
        None,
    )
