"""The first run and the ways back, put together: founding, restoring, the recovery sheet on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from store_desk.app.printing import write_whole
from store_desk.app.wiring import OpenDesk, SetUpAnswers, found_store, open_desk
from store_desk.domain.errors import DomainError, KeyMissing
from store_desk.services.office import Joined
from store_desk.store.files import refuse_own
from store_desk.ui.language import Language
from store_desk.ui.setup.form import SetUpDone, SetUpForm
from store_desk.ui.setup.page import SetUpPage
from store_desk.ui.signin.person import Recovery
from store_desk.ui.tasks import Lane
from store_desk.ui.wayback.page import WayBackPage, WaysBack

if TYPE_CHECKING:
    from store_desk.store.keys import DeskKeys

MARGIN = 56


def set_up_page(folder: Path, language: Language, lane: Lane) -> SetUpPage:
    """The page of the first run; it founds or restores into the folder."""

    def create(form: SetUpForm) -> SetUpDone:
        result = found_store(folder, SetUpAnswers(**asdict(form)))
        return SetUpDone(result.identity, result.manager, result.recovery)

    def restore(file: Path, passphrase: str) -> None:
        from store_desk.store.backup import restore as restore_backup

        restore_backup(file, folder, passphrase=passphrase)

    def join(_done: SetUpDone, address: str, code: str, told: Callable[[str, int, int], None]) -> Joined:
        from store_desk.app.office_line import join_here

        opened = open_desk(folder)
        try:
            return join_here(opened, address, code, told)
        finally:
            opened.close()

    def save(done: SetUpDone, path: Path) -> None:
        save_sheet(done, path, folder=folder)

    return SetUpPage(create, restore, language, lane=lane, save_sheet=save, join=join)


def save_sheet(done: SetUpDone, path: Path, *, folder: Path) -> None:
    """The recovery sheet as a PDF for paper, or as plain text when the name asks for that.

    Raises IntoDataFolder: what opens a lost folder must not be lost with it.
    """
    refuse_own(folder, path)
    title = f"Store Desk · {done.identity.store_name} · {done.identity.desk}"
    lines = [line for line in done.recovery.splitlines() if line.strip()]
    if path.suffix.lower() == ".txt":
        write_whole(path, "\n".join([title, "", *lines, ""]).encode())
        return
    write_whole(path, _sheet_pdf(title, lines, language_lines=_ADVICE))


_ADVICE = (
    "恢复表：请打印后锁好。电脑坏了或最后一位店长忘记 PIN 时，用它打开数据。拿到它的人能打开数据。",
    "Recovery sheet: print it and lock it away. It opens the data when the computer is gone or the last",
    "manager has forgotten the PIN. Whoever holds it can open the data.",
)


def _sheet_pdf(title: str, lines: list[str], *, language_lines: tuple[str, ...]) -> bytes:
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from store_desk.resources import resource

    pdfmetrics.registerFont(TTFont("RecoverySheet", str(resource("fonts", "NotoSansSC-Regular.ttf"))))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True, initialFontName="RecoverySheet")
    top = A4[1] - MARGIN
    canvas.setFont("RecoverySheet", 16)
    canvas.drawString(MARGIN, top, title)
    canvas.setFont("RecoverySheet", 9)
    for index, text in enumerate(language_lines):
        canvas.drawString(MARGIN, top - 28 - 14 * index, text)
    canvas.setFont("RecoverySheet", 18)
    for index, text in enumerate(lines):
        canvas.drawString(MARGIN, top - 110 - 30 * index, f"{index + 1:2}   {text}")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def way_back_page(folder: Path, language: Language, lane: Lane, error: DomainError) -> WayBackPage:
    """The page for data that cannot be opened; every way moves the present files aside first."""
    from store_desk.store import backup, keys

    def restore_copy(copy: Path) -> None:
        backup.quarantine(folder)
        backup.restore_copy(copy, folder)

    def restore_file(file: Path, passphrase: str) -> None:
        # Read before anything is moved, so that a wrong passphrase changes nothing.
        backup.check_passphrase(file, passphrase)
        backup.quarantine(folder)
        backup.restore(file, folder, passphrase=passphrase)

    def use_sheet(text: str) -> None:
        keys.save_keys(folder, keys.keys_from_recovery(text))

    copies = tuple((path, datetime.fromtimestamp(path.stat().st_mtime, UTC)) for path in backup.rolling_copies(folder))
    return WayBackPage(error, WaysBack(copies, restore_copy, restore_file, use_sheet), language, lane)


def recovery_for(opened: OpenDesk) -> Recovery:
    """How the last manager gets a new PIN with the recovery sheet of this store."""
    from store_desk.services.people import recover_manager
    from store_desk.store.keys import keys_from_recovery

    def keys_of(sheet: str) -> DeskKeys:
        keys = keys_from_recovery(sheet)
        if keys != opened.store.keys:
            raise KeyMissing(folder=str(opened.folder))
        return keys

    def check(sheet: str) -> None:
        keys_of(sheet)

    def reset(sheet: str, staff_id: str, pin: str) -> None:
        keys_of(sheet)
        recover_manager(opened.desk, staff_id=staff_id, new_pin=pin)

    return Recovery(check, reset)
