"""Slips onto paper or into files: rendering, the chosen printer, and the record of what happened."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from store_desk.app.signing import DeskSigning
from store_desk.domain.consent import Channel
from store_desk.domain.errors import DiskFull, DomainError, FileNotWritten, NoPrinter, PrinterUnavailable
from store_desk.domain.obligations import CLOSED_STATES, ObligationKind
from store_desk.domain.slip import Both, Copy, Paper, SlipData
from store_desk.domain.staff import Actor
from store_desk.services.desk import Desk
from store_desk.services.ports import PrinterState
from store_desk.services.rules import read_settings
from store_desk.services.slips import SlipToPrint, record_not_printed, record_printed, slip_of
from store_desk.store.files import refuse_own

BOTH_COPIES = (Copy.CUSTOMER, Copy.STORE)
ENOSPC_WORDS = "No space left"


def draw_slip(
    data: SlipData,
    paper: Paper,
    copies: tuple[Copy, ...],
    reprint: int,
    draft: bool,
    *,
    whole: SlipData | None = None,
) -> bytes:
    """The slip as PDF bytes; belongs on the printer lane, whose first call reads the fonts.

    `whole` is the slip as it was signed where `data` leaves words out.
    """
    from store_desk.slips.render import render_slip

    return render_slip(data, paper=paper, copies=copies, reprint=reprint, draft=draft, whole=whole)


def only_chinese(data: SlipData) -> SlipData:
    """The slip without its English, for stores that set it so; names keep their own other form."""

    def plain(value: object) -> object:
        if isinstance(value, Both):
            return Both(value.zh)
        if isinstance(value, tuple):
            return tuple(plain(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{item.name: plain(getattr(value, item.name)) for item in fields(value)})
        return value

    changed = {item.name: plain(getattr(data, item.name)) for item in fields(data) if item.name != "strokes"}
    return replace(data, **changed)  # type: ignore[arg-type]  # every field keeps its own type


class DeskPrinting:
    """Prints for one desk; `actor` answers who is at the desk. All calls block: use the printer lane.

    What is printed or saved carries the file's signature; drafts and test pages do not.
    """

    def __init__(self, desk: Desk, folder: Path, actor: Callable[[], Actor], *, signing: DeskSigning) -> None:
        self._desk = desk
        self._folder = folder
        self._actor = actor
        self._signing = signing

    def names(self) -> list[str]:
        """Addresses of the printers that can be chosen: the system's, and the folder that stands for one."""
        from store_desk.printing.system import list_printers

        return [info.address for info in list_printers()] + [self._folder_address()]

    def _folder_address(self) -> str:
        return f"folder:{self._folder / 'printed'}"

    def _settings(self) -> dict[str, object]:
        stored = read_settings(self._desk, "")
        return {name: json.loads(value) for name, value in stored.items() if name.startswith(("printer.", "slip."))}

    def _address(self, paper: Paper) -> str:
        settings = self._settings()
        wide = paper in (Paper.A5, Paper.A4)
        address = str(settings.get("printer.a5" if wide else "printer.80mm", "") or "")
        if address == "folder:" or (not address and self._desk.identity.demo):
            return self._folder_address()
        # The window of 0.1.0 wrote folders in this way.
        return "folder:" + address.removeprefix("file:") if address.startswith("file:") else address

    def _roll(self, paper: Paper) -> Paper:
        """The paper that lies in the printer: a receipt goes on the narrow roll where that is set."""
        narrow = paper is Paper.MM80 and self._settings().get("printer.roll") == Paper.MM58.value
        return Paper.MM58 if narrow else paper

    def state(self, paper: Paper) -> PrinterState:
        """What the printer for this paper says of itself."""
        from store_desk.printing.choose import printer_at

        address = self._address(paper)
        name = address.partition(":")[2] if address.startswith(("system:", "folder:")) else address
        try:
            status = printer_at(address).status()
        except NoPrinter:
            return PrinterState("", "none")
        except DomainError as error:
            return PrinterState(
                name, "offline", str(error.facts.get("detail", "")), reason=str(error.facts.get("reason", ""))
            )
        if status.ready:
            code = "unknown" if "status_unknown" in status.reasons else "ready"
            return PrinterState(name, code, status.detail, reason=status.reasons[0] if status.reasons else "")
        reasons = " ".join(status.reasons)
        code = "paper_out" if "media" in reasons else "cover_open" if "open" in reasons else "offline"
        return PrinterState(name, code, status.detail, reason=status.reasons[0] if status.reasons else "")

    def _copies(self, slip: SlipToPrint) -> tuple[Copy, ...]:
        settings = self._settings()
        count = settings.get("printer.copies", 2)
        if count == 1 or (not settings.get("printer.store_copy_phone") and self._was_by_phone(slip)):
            return (Copy.CUSTOMER,)
        return BOTH_COPIES if count == 2 else (*BOTH_COPIES, Copy.STORE)

    def _pdf(self, slip: SlipToPrint, paper: Paper, copies: tuple[Copy, ...]) -> bytes:
        data = only_chinese(slip.data) if self._settings().get("slip.language") == "zh" else slip.data
        drawn = draw_slip(data, paper, copies, slip.reprint, False, whole=slip.data)
        return self._signing.signed(drawn, slip.data, self._actor(), ticket_id=slip.row.ticket_id)

    def _was_by_phone(self, slip: SlipToPrint) -> bool:
        with self._desk.read() as uow:
            case = uow.cases.get(slip.row.case_id)
        return case is not None and case.channel is Channel.PHONE

    def print_slip(self, number: str, *, paper: Paper, reprint: bool) -> int:
        """Prints the slip and records it; answers how many copies, the customer's and then the store's.

        On failure the slip stays owed and the reason is kept with it.
        """
        from store_desk.printing.choose import printer_at

        actor = self._actor()
        slip = slip_of(self._desk, actor, number=number)
        address, paper, copies = self._address(paper), self._roll(paper), self._copies(slip)
        try:
            receipt = printer_at(address).print_pdf(
                self._pdf(slip, paper, copies),
                title=f"{slip.data.number} {slip.data.ticket_number}",
                paper=paper,
                copies=1,
                open_drawer=self._gives_money_back(slip),
            )
        except (PrinterUnavailable, NoPrinter, FileNotWritten, DiskFull) as error:
            record_not_printed(self._desk, actor, number=slip.row.number, why=str(error))
            raise
        record_printed(self._desk, actor, number=slip.row.number, how=receipt.printer, reprint=slip.reprint)
        return len(copies)

    def _gives_money_back(self, slip: SlipToPrint) -> bool:
        """Whether the cash drawer has to open: it is set so, and the slip hands out money for the first time."""
        if slip.reprint or self._settings().get("printer.drawer") is not True:
            return False
        with self._desk.read() as uow:
            owed = uow.obligations.of_case(slip.row.case_id)
        return any(
            item.kind is ObligationKind.REFUND_TO_CUSTOMER and item.amount_minor > 0 and item.state not in CLOSED_STATES
            for item in owed
        )

    def save_slip(self, number: str, *, paper: Paper, path: Path) -> None:
        """Writes the slip as a file, in whole or not at all; counts as handed over. Raises IntoDataFolder."""
        refuse_own(self._folder, path)
        actor = self._actor()
        slip = slip_of(self._desk, actor, number=number)
        write_whole(path, self._pdf(slip, paper, self._copies(slip)))
        record_printed(self._desk, actor, number=slip.row.number, how="file", reprint=slip.reprint)

    def test_page(self, paper: Paper) -> None:
        """Prints a page that shows the printer works, marked as a draft."""
        from store_desk.printing.choose import printer_at
        from store_desk.services.sample_slip import trial_page

        address, paper = self._address(paper), self._roll(paper)
        pdf = draw_slip(trial_page(self._desk.identity, now=self._desk.clock()), paper, (Copy.CUSTOMER,), 0, True)
        printer_at(address).print_pdf(pdf, title="Store Desk", paper=paper, copies=1)

    def open_drawer(self) -> None:
        """Opens the cash drawer to try it; raises PrinterUnavailable where no receipt printer is set."""
        from store_desk.printing.choose import printer_at
        from store_desk.printing.escpos import EscPosPrinter
        from store_desk.printing.model import unavailable

        address = self._address(Paper.MM80)
        printer = printer_at(address)
        if not isinstance(printer, EscPosPrinter):
            raise unavailable(address, "no_drawer")
        printer.open_drawer()

    def receipt_ports(self) -> list[tuple[str, str]]:
        """Addresses of receipt printers that may hang on serial ports and USB, with the system's words for them."""
        from store_desk.printing.ports import receipt_ports

        return receipt_ports()


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside its place and puts it there at once, so that no half file is ever seen."""
    temporary: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if ENOSPC_WORDS in str(error):
            raise DiskFull() from error
        raise FileNotWritten(file=str(path), detail=error.strerror or str(error)) from error
