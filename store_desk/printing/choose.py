"""From a printer's address in the settings to the printer."""

from __future__ import annotations

from pathlib import Path

from store_desk.domain.errors import NoPrinter
from store_desk.domain.printer_address import AddressWrong, is_receipt_address, read_address
from store_desk.printing.escpos import EscPosPrinter
from store_desk.printing.folder import FilePrinter
from store_desk.printing.ipp import IppPrinter
from store_desk.printing.model import Printer, unavailable
from store_desk.printing.system import SystemPrinter


def printer_at(address: str) -> Printer:
    """The printer of an address (`ipp://…`, `ipps://…`, `system:NAME`, `folder:PATH`, `escpos+…`).

    Raises NoPrinter for anything else, PrinterUnavailable for a receipt printer's address that cannot be right.
    """
    if is_receipt_address(address):
        try:
            return EscPosPrinter(read_address(address))
        except AddressWrong as error:
            raise unavailable(address, "address_wrong", said=error.code) from error
    scheme, _, rest = address.partition(":")
    if scheme in ("ipp", "ipps") and rest:
        return IppPrinter(address)
    if scheme == "system" and rest:
        return SystemPrinter(rest)
    if scheme == "folder" and rest:
        return FilePrinter(Path(rest))
    raise NoPrinter(address=address)
