"""What every screen is handed: services, lanes, language, and the functions that reach paper and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from store_desk.domain.imports import FileShape, ImportCounts, Mapping, RefusedRow
from store_desk.domain.proof import Verdict
from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.domain.staff import Actor
from store_desk.services.desk import Desk
from store_desk.services.ports import PrinterState
from store_desk.ui.language import Language
from store_desk.ui.office.link import CheckOffice, Join, OfficeLink
from store_desk.ui.sync.link import HeadOfficeLink
from store_desk.ui.tasks import Lane

# Draws a slip as PDF bytes (data, paper, copies, reprint number, draft); runs on the printer lane.
DrawSlip = Callable[[SlipData, Paper, tuple[Copy, ...], int, bool], bytes]


class Printing(Protocol):
    """Printers as the window sees them; every call may take seconds and belongs on the printer lane."""

    def names(self) -> list[str]: ...
    def state(self, paper: Paper) -> PrinterState: ...
    def print_slip(self, number: str, *, paper: Paper, reprint: bool) -> int:
        """Renders, prints and records it; answers how many copies, the customer's first and then the store's.

        Raises PrinterUnavailable or NoPrinter; the slip stays owed then.
        """
        ...

    def save_slip(self, number: str, *, paper: Paper, path: Path) -> None:
        """Writes the PDF; counts as handed over."""
        ...

    def test_page(self, paper: Paper) -> None: ...
    def open_drawer(self) -> None:
        """Opens the cash drawer to try it; raises PrinterUnavailable or NoPrinter."""
        ...

    def receipt_ports(self) -> list[tuple[str, str]]:
        """Addresses on serial ports and USB where a receipt printer may hang, with the system's words for them."""
        ...


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """What checking a file before import found: counts, refused rows, and words nobody has explained yet.

    `unknown` holds (field name, their word, how many rows, our best guess or ''); `filled` is rows by heading.
    """

    shape: FileShape
    mapping: Mapping
    counts: ImportCounts
    refused: tuple[RefusedRow, ...]
    unknown: tuple[tuple[str, str, int, str], ...]
    filled: dict[str, int]


@dataclass(frozen=True, slots=True)
class ImportDone:
    """An import that went through; `refused_file` is where the refused rows were saved ('' when there are none)."""

    batch: int
    counts: ImportCounts
    refused_file: str


class Importing(Protocol):
    """Bringing a file in; the calls block and belong on the file lane, `progress(done, total)` is called from there."""

    def look(self, path: Path) -> tuple[FileShape, Mapping]:
        """What the file is and the proposed mapping (what was remembered goes first)."""
        ...

    def check(
        self, path: Path, mapping: Mapping, *, progress: Callable[[int, int], None], stop: Callable[[], bool]
    ) -> ImportCheck:
        """Reads the whole file and compares it with the database; changes nothing."""
        ...

    def bring_in(
        self,
        actor: Actor,
        path: Path,
        mapping: Mapping,
        *,
        progress: Callable[[int, int], None],
        stop: Callable[[], bool],
    ) -> ImportDone:
        """Imports; raises ImportStopped after `stop` answered true, with nothing kept."""
        ...

    def save_refused(self, rows: tuple[RefusedRow, ...], path: Path) -> int:
        """Writes the refused rows as a file with the reason in both languages; answers how many."""
        ...

    def undo(self, actor: Actor, batch: int) -> tuple[int, int, tuple[str, ...]]:
        """Takes an import back: removed, restored, and the numbers of tickets kept because they were touched since."""
        ...


@dataclass(slots=True)
class Session:
    """Who is at the desk now; `actor` is None while nobody has signed in or the desk is locked."""

    actor: Actor | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a screen needs. Database work goes on `database`, paper on `printer`, files on `files`."""

    desk: Desk
    database: Lane
    printer: Lane
    files: Lane
    language: Language
    session: Session
    draw_slip: DrawSlip
    printing: Printing
    importing: Importing
    backup: Callable[[Path, str], None]
    data_folder: Path
    # Whether a slip is genuine: its file, or the text of its QR. Takes seconds for a photograph.
    verify: Callable[[Path | str], Verdict] | None = None
    # Writes a ticket's evidence pack (who, number, file); takes seconds, on the printer lane.
    save_evidence: Callable[[Actor, str, Path], object] | None = None
    # The wire to head office; None at a desk that stands alone, which then shows no sync at all (rulings, 19).
    head_office: HeadOfficeLink | None = None
    # Administration at head office, for its own staff at a desk of theirs.
    office: OfficeLink | None = None
    # Joining a head office, and the test of the way there.
    join: Join | None = None
    check_office: CheckOffice | None = None
    # Calls that wait for another computer; the file lane where there is none.
    network: Lane | None = None

    @property
    def far(self) -> Lane:
        """The lane for what waits for another computer."""
        return self.network or self.files
