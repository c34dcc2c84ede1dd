"""`attach`, `evidence` and `stop-sheet`: files kept with a ticket, all of its evidence in one file, the stop sheet."""

from __future__ import annotations

import os
from pathlib import Path

from store_desk.cli.call import Answer, AtDesk, Call, unhurried
from store_desk.cli.verbs.files import refuse_own, refuse_special
from store_desk.cli.verbs.slips import save_slip, saved_lines
from store_desk.domain.attachments import AttachmentKind
from store_desk.domain.errors import FileTooLarge, FileUnreadable
from store_desk.domain.roles import Right
from store_desk.domain.slip import Paper
from store_desk.services import look_up
from store_desk.services.attachments import MIB
from store_desk.services.attachments import attach as attach_file
from store_desk.services.rules import policy_in_force
from store_desk.services.stop_sheet import stop_sheet as write_stop_sheet


def attach(call: Call) -> Answer:
    """Keeps a file with a ticket."""
    kind = AttachmentKind(call.options.kind) if call.options.kind else None
    with call.at_desk(Right.ATTACH) as here:
        ticket_id = look_up.ticket_id_of(here.desk, here.actor, number=call.options.number)
        content = _content(here, call.options.file)
        with unhurried():
            made = attach_file(
                here.desk, here.actor, ticket_id=ticket_id, name=call.options.file.name, content=content, kind=kind
            )
    shown = {"id": made.id, "name": made.name, "kind": made.kind.value, "sha256": made.hash, "size": made.size}
    return Answer({"attachment": shown}, (call.say("cli.attach.done", file=made.name, hash=made.hash),))


def _content(here: AtDesk, path: Path) -> bytes:
    """The file's bytes, never more than may be kept."""
    with here.desk.read() as uow:
        limit = policy_in_force(uow).attachment_max_mib
    try:
        if not path.is_file():
            raise FileUnreadable(file=path.name, detail="not a file" if path.exists() else "not found")
        with path.open("rb") as file:
            content = file.read(limit * MIB + 1)
    except OSError as error:
        detail = os.strerror(error.errno) if error.errno else str(error)
        raise FileUnreadable(file=path.name, detail=detail) from error
    if len(content) > limit * MIB:
        raise FileTooLarge(file=path.name, limit=limit)
    return content


def evidence(call: Call) -> Answer:
    """Writes the evidence pack of a ticket; whose right that is depends on its cases, which the service looks at."""
    from store_desk.app.proving import save_evidence

    refuse_own(call, call.options.out)
    with call.at_desk(Right.LOOK_UP) as here:
        refuse_special(call.options.out)
        with unhurried():
            pack = save_evidence(here.opened, here.actor, number=call.options.number, path=call.options.out)
    members = sorted(pack.members)
    body: dict[str, object] = {"ticket": pack.ticket, "file": str(call.options.out), "members": members}
    return Answer(body, (call.say("cli.evidence.done", file=str(call.options.out), n=len(members)),))


def stop_sheet(call: Call) -> Answer:
    """Writes the stop sheet of a cancelled ticket into a file."""
    refuse_own(call, call.options.out)
    with call.at_desk(Right.PRINT) as here:
        row = write_stop_sheet(here.desk, here.actor, number=call.options.number)
        with unhurried():
            shown = save_slip(
                call, here, number=row.number, paper=Paper(call.options.paper), path=call.options.out, lenient=False
            )
    return Answer({"slip": shown}, tuple(saved_lines(call, shown)))
