"""`slip`: a slip again as a PDF file, marked as a reprint once it was handed over before."""

from __future__ import annotations

from pathlib import Path

from store_desk.cli.call import Answer, AtDesk, Call, joined, unhurried
from store_desk.cli.shapes import Json, slip_json
from store_desk.cli.verbs.files import refuse_own, refuse_special
from store_desk.domain.errors import DomainError, Family
from store_desk.domain.roles import Right
from store_desk.domain.slip import Paper
from store_desk.services.slips import record_not_printed, slip_of
from store_desk.words import say_error


def slip(call: Call) -> Answer:
    """Renders a slip, or a ticket's latest, into a file."""
    refuse_own(call, call.options.out)
    with call.at_desk(Right.PRINT) as here:
        number = slip_of(here.desk, here.actor, number=call.options.number).row.number
        paper = Paper(call.options.paper)
        with unhurried():
            shown = save_slip(call, here, number=number, paper=paper, path=call.options.out, lenient=False)
    return Answer({"slip": shown}, tuple(saved_lines(call, shown)))


def save_slip(call: Call, here: AtDesk, *, number: str, paper: Paper, path: Path | None, lenient: bool) -> Json:
    """The slip as JSON, written to the path if there is one, which counts as handed over.

    Raises FileNotWritten or DiskFull; `lenient` tells the person instead and notes the failure with the slip.
    """
    error = ""
    if path is not None:
        try:
            _write(here, number, paper, path)
        except DomainError as failure:
            if not lenient or failure.family is not Family.ENVIRONMENT:
                raise
            error = failure.code
            record_not_printed(here.desk, here.actor, number=number, why=str(failure))
            call.terminal.tell(say_error(call.terminal.lang, failure))
            call.terminal.tell(call.say("cli.slip.owed", number=number))
    row = slip_of(here.desk, here.actor, number=number).row
    shown = slip_json(row, file=str(path) if path is not None and not error else "")
    shown["paper"] = paper.value
    if error:
        shown["error"] = error
    return shown


def _write(here: AtDesk, number: str, paper: Paper, path: Path) -> None:
    from store_desk.app.printing import DeskPrinting
    from store_desk.app.signing import DeskSigning

    refuse_special(path)
    signing = DeskSigning(here.desk, here.opened.store.keys)
    printing = DeskPrinting(here.desk, here.opened.folder, lambda: here.actor, signing=signing)
    printing.save_slip(number, paper=paper, path=path)


def saved_lines(call: Call, shown: Json) -> list[str]:
    """The slip on one line for people."""
    reprint = shown["reprint"]
    mark = call.say("cli.slip.reprint", n=reprint) if reprint else ""
    status = call.say(f"cli.slip.{str(shown['status']).lower()}")
    return [joined((call.say("cli.slip.number", number=shown["number"]), status, mark, str(shown["file"])))]
