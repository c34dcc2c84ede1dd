"""From a printer's address in the settings to the printer."""

from __future__ import annotations

from pathlib import Path

from store_desk.domain.errors import NoPrinter
from store_desk.printing.folder import FilePrinter
from store_desk.printing.ipp import IppPrinter
from store_desk.printing.model import Printer
from store_desk.printing.system import SystemPrinter


def printer_at(address: str) -> Printer:
    """The printer of an address (`ipp://…`, `ipps://…`, `system:NAME`, `folder:PATH`); NoPrinter for anything else."""
    scheme, _, rest = address.partition(":")
    if scheme in ("ipp", "ipps") and rest:
        return IppPrinter(address)
    if scheme == "system" and rest:
        return SystemPrinter(rest)
    if scheme == "folder" and rest:
        return FilePrinter(Path(rest))
    raise NoPrinter(address=address)
