"""`export` and `keys export`: tickets and cases as a table, and the public key that verifies this desk's slips."""

from __future__ import annotations

from collections.abc import Iterator

from store_desk.cli.call import Answer, AtDesk, Call
from store_desk.cli.shapes import moment
from store_desk.cli.verbs.files import refuse_own, refuse_special, write_file
from store_desk.domain.case import CONFIRMED_STATES
from store_desk.domain.errors import DomainError, WrongUse
from store_desk.domain.roles import Right
from store_desk.services.ports import ListedTicket, UnitOfWork

# The most that one search gives; `more` says that there were others.
QUERY_HITS_MAX = 200
_CASE_COLUMNS = ("case_state", "case_level", "case_at", "case_by", "case_approver", "settled")


def export(call: Call) -> Answer:
    """Tickets with their last case into CSV or a workbook."""
    from store_desk.exchange.cells import other_headings, ticket_headings
    from store_desk.exchange.export import write_csv, write_xlsx

    path = call.options.out
    kinds = {".csv": write_csv, ".xlsx": write_xlsx}
    write = kinds.get(path.suffix.lower())
    if write is None:
        raise WrongUse(detail=call.say("cli.wrong.export_kind", file=path.name))
    refuse_own(call, path)
    with call.at_desk(Right.EXPORT) as here:
        refuse_special(path)
        more = False
        with here.desk.read() as uow:
            ids: list[str] | None = None
            if call.options.query:
                hits = uow.finder.find(call.options.query, limit=QUERY_HITS_MAX)
                ids, more = [hit.ticket_id for hit in hits.hits], hits.more
            headings = ticket_headings(call.terminal.lang)
            headings |= {name: call.say(f"cli.column.{name}") for name in _CASE_COLUMNS}
            headings |= other_headings(item.ticket for item in uow.tickets.all_matching(ids))
            rows = write(path, _rows(call, here, uow, uow.tickets.all_matching(ids)), headings)
        try:
            _note(here, "tickets_exported", {"rows": rows, "query": call.options.query, "file": path.name})
        except DomainError:
            # Customers' data leave no desk without a trace.
            path.unlink(missing_ok=True)
            raise
    if more:
        call.terminal.tell(call.say("cli.export.more", most=QUERY_HITS_MAX))
    body: dict[str, object] = {"rows": rows, "file": str(path), "more": more}
    return Answer(body, (call.say("cli.export.done", n=rows, file=str(path)),))


def _rows(call: Call, here: AtDesk, uow: UnitOfWork, listed: Iterator[ListedTicket]) -> Iterator[dict[str, str]]:
    from store_desk.exchange.cells import ticket_cells

    identity, zone = here.desk.identity, here.desk.zone
    for item in listed:
        case = next(iter(uow.cases.of_ticket(item.ticket.id)), None) if item.case_state else None
        cancelled = item.case_state in CONFIRMED_STATES
        cells = ticket_cells(
            item.ticket,
            lang=call.terminal.lang,
            zone=identity.timezone,
            country=identity.country,
            cancelled=cancelled,
            reason=case.reason if case and cancelled else None,
        )
        cells["settled"] = "1" if item.settled else "0"
        if case is not None:
            cells["case_state"] = case.state.value
            cells["case_level"] = str(case.level or "")
            cells["case_at"] = moment(case.decided_at or case.opened_at, zone) or ""
            cells["case_by"] = case.requester
            cells["case_approver"] = case.approver
        yield cells


def _note(here: AtDesk, what: str, facts: dict[str, object]) -> None:
    """The journal entry about what left the desk."""
    with here.desk.work() as uow:
        uow.journal.write(at=here.desk.clock(), actor=here.actor.id, what=what, facts=facts)


def keys_export(call: Call) -> Answer:
    """The desk's public key, with the desk it belongs to and the fingerprint to compare by telephone."""
    refuse_own(call, call.options.out)
    with call.at_desk(Right.KEYS) as here:
        from store_desk.app.trust import key_file
        from store_desk.store.keys import fingerprint

        identity = here.desk.identity
        content = key_file(here.opened)
        shown = fingerprint(here.opened.store.keys)
        write_file(call.options.out, content)
        _note(here, "keys_exported", {"file": call.options.out.name})
    body: dict[str, object] = {
        "fingerprint": shown,
        "desk": f"{identity.store_code}{identity.desk}",
        "desk_id": identity.desk_id,
        "file": str(call.options.out),
    }
    return Answer(body, (call.say("cli.fingerprint", fingerprint=shown), str(call.options.out)))
