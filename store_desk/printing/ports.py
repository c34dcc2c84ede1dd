"""Where a receipt printer of this computer may hang: its serial ports, and printers on USB."""

from __future__ import annotations

from store_desk.domain.printer_address import AddressWrong, Line, ReceiptAddress, read_address


def receipt_ports() -> list[tuple[str, str]]:
    """Addresses and the system's words for them, USB first; without a library its ports are left out."""
    found: list[tuple[ReceiptAddress, str]] = []
    try:
        from store_desk.printing.usb_line import usb_printers

        found += [
            (ReceiptAddress(Line.USB, vendor=vendor, product=product, serial=serial), name)
            for vendor, product, serial, name in usb_printers()
        ]
    except ImportError:
        pass
    try:
        from store_desk.printing.serial_line import serial_ports

        found += [(ReceiptAddress(Line.SERIAL, device=device), words) for device, words in serial_ports()]
    except ImportError:
        pass
    return [(str(address), words) for address, words in found if _reads_back(address)]


def _reads_back(address: ReceiptAddress) -> bool:
    """Whether the address can be stored and read again: the system may name a port as no address is written."""
    try:
        return read_address(str(address)) == address
    except AddressWrong:
        return False
