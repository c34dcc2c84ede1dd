"""`setup`: the database, the store, the desk with its key, and the first manager."""

from __future__ import annotations

from store_desk.cli import secrets_asked
from store_desk.cli.call import Answer, Call, unhurried


def setup(call: Call) -> Answer:
    """Founds the store and gives the recovery sheet, which is shown this once."""
    from store_desk.app.wiring import SetUpAnswers, check_answers, found_store
    from store_desk.domain.errors import AlreadySetUp
    from store_desk.store import exists

    given = call.options
    # Asked before the PIN, so that nobody types one for nothing.
    if exists(call.folder):
        raise AlreadySetUp(folder=str(call.folder))
    answers = SetUpAnswers(
        store_code=given.store_code,
        store_name=given.store_name,
        desk=given.desk,
        manager_id=given.manager_id,
        manager_name=given.manager_name,
        pin=secrets_asked.ask(call.terminal, secrets_asked.PIN, who=given.manager_id, twice=True),
        currency=given.currency,
        timezone=given.timezone,
        country=given.country,
        store_name_other=given.store_name_other,
        address=given.address,
        phone=given.phone,
    )
    check_answers(answers)
    with unhurried():
        made = found_store(call.folder, answers)
    identity = made.identity
    body: dict[str, object] = {
        "store": identity.store_code,
        "desk": identity.desk,
        "manager": made.manager.id,
        "desk_fingerprint": identity.fingerprint,
        "store_name": identity.store_name,
        "manager_name": made.manager.name,
        "desk_id": identity.desk_id,
        "currency": identity.currency,
        "timezone": identity.timezone,
        "country": identity.country,
        "data": str(call.folder),
        "recovery_sheet": made.recovery,
    }
    lines = (
        call.say("cli.setup.done", name=identity.store_name, code=identity.store_code, desk=identity.desk),
        call.say("cli.setup.manager", name=made.manager.name, who=made.manager.id),
        call.say("cli.fingerprint", fingerprint=identity.fingerprint),
        "",
        call.say("cli.setup.sheet"),
        "",
        made.recovery,
    )
    return Answer(body, lines)
