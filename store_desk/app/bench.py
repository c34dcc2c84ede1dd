"""Puts together what every screen is handed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from store_desk.app.far import Far
from store_desk.app.importing import DeskImporting
from store_desk.app.printing import DeskPrinting, draw_slip
from store_desk.app.signing import DeskSigning
from store_desk.app.wiring import OpenDesk
from store_desk.domain.errors import RightMissing
from store_desk.domain.proof import Trust, Verdict
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.ui.bench import Bench, Importing, Session
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane


class Lanes:
    """What make_bench needs of the program."""

    database: Lane
    printer: Lane
    files: Lane
    language: Language


def make_bench(opened: OpenDesk, program: Any) -> Bench:
    """The bench over an opened desk; `program` has the lanes and the language."""
    lanes = cast(Lanes, program)
    session = Session()

    def actor() -> Actor:
        if session.actor is None:
            raise RightMissing(right=Right.PRINT.value, who="-", role="clerk")
        return session.actor

    def backup(path: Path, passphrase: str) -> None:
        from store_desk.store.backup import backup as write_backup

        demand(actor(), Right.BACKUP)
        write_backup(opened.store, path, passphrase=passphrase, now=opened.desk.clock())
        with opened.desk.work() as uow:
            uow.journal.write(at=opened.desk.clock(), actor=actor().id, what="backup_made", facts={"file": path.name})

    def verify(what: Path | str) -> Verdict:
        from store_desk.app.trust import check, known_keys

        return check(what, Trust(known_keys(opened)))

    def save_evidence(who: Actor, number: str, path: Path) -> object:
        from store_desk.app.proving import save_evidence as write_evidence

        return write_evidence(opened, who, number=number, path=path)

    bench = Bench(
        desk=opened.desk,
        database=lanes.database,
        printer=lanes.printer,
        files=lanes.files,
        language=lanes.language,
        session=session,
        draw_slip=draw_slip,
        printing=DeskPrinting(opened.desk, opened.folder, actor, signing=DeskSigning(opened.desk, opened.store.keys)),
        importing=cast(Importing, DeskImporting(opened.desk, opened.store, lane=lanes.database)),
        backup=backup,
        data_folder=opened.folder,
        verify=verify,
        save_evidence=save_evidence,
    )
    far: Far | None = getattr(program, "far", None)
    return far.given_to(bench) if far is not None else bench
