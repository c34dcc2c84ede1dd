"""`rehearse`: a whole head office on this machine for practice; no desk of this computer is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_desk.cli.call import Answer, Call
from store_desk.domain.errors import OutsideFailure
from store_desk.domain.office_errors import RehearsalFailed

if TYPE_CHECKING:
    from store_desk.app.rehearse import Asked

# Differences that are told one by one.
TOLD_MAX = 20


def rehearse(call: Call) -> Answer:
    """Lives through a day of head office and compares all books; exit 1 where anything is lost, doubled or unequal."""
    from store_desk.app.rehearse import Asked

    given = call.options
    asked = Asked(given.desks, given.tickets, given.faults)
    return _windows(call, asked) if given.windows else _day(call, asked)


def _day(call: Call, asked: Asked) -> Answer:
    from store_desk.app.rehearsal.day import NotSettled
    from store_desk.app.rehearse import rehearse as run

    def told(key: str, **facts: object) -> None:
        call.terminal.tell(call.say(f"rehearse.{key}", **facts))

    try:
        figures = run(asked, told=told)
    except NotSettled as error:
        raise OutsideFailure(detail=call.say("rehearse.not_settled", what=str(error))) from error
    found = figures.findings
    if found.gone_with_disks:
        told("gone", n=found.gone_with_disks)
    for what in found.for_a_person[:TOLD_MAX]:
        told("for_a_person", what=what)
    for what in found.told[:TOLD_MAX]:
        told("differs", what=what)
    equal = not found.unequal
    body: dict[str, object] = {
        "operations": found.operations,
        "outcomes": found.outcomes,
        "lost": found.lost,
        "doubled": found.doubled,
        "equal": equal,
        "seconds": round(figures.seconds, 1),
    }
    words = {name: body[name] for name in ("operations", "lost", "doubled", "seconds")}
    lines = [call.say("rehearse.done", **words, equal=call.say(f"rehearse.{'equal' if equal else 'unequal'}"))]
    for outcome, n in found.outcomes.items():
        lines.append(call.say("rehearse.outcome", outcome=outcome, n=n))
    failure = None if figures.holds else RehearsalFailed(lost=found.lost, doubled=found.doubled, unequal=found.unequal)
    return Answer(body, tuple(lines), failure)


def _windows(call: Call, asked: Asked) -> Answer:
    from store_desk.app.rehearsal.windows import show_windows

    def told(key: str, **facts: object) -> None:
        call.terminal.tell(call.say(f"rehearse.{key}", **facts))

    show_windows(asked, told=told, lang=call.terminal.lang if call.terminal.fixed else "")
    return Answer({"ended": True}, (call.say("rehearse.windows_closed"),))
