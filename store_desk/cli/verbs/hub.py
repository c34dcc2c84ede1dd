"""`hub`: head office's database and service, for administrators; no desk of this computer is opened."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store_desk.cli.call import Answer, Call, Stop
from store_desk.cli.verbs.files import read_within
from store_desk.domain.errors import (
    FileUnreadable,
    ImportStopped,
    MappingIncomplete,
    OutsideFailure,
    SettingInvalid,
    WrongUse,
)
from store_desk.domain.office_errors import HubRefused
from store_desk.services.ids import IdMaker
from store_desk.words import catalogue

if TYPE_CHECKING:
    from store_desk.app.reading_apart import ReadApart
    from store_desk.domain.imports import Mapping
    from store_desk.hub.bringing_in import Counts, Known
    from store_desk.hub.config import HubConfig
    from store_desk.hub.postgres.pool import HubDatabase

BY = "command line"
FILE_BYTES_MAX = 4 * 1024 * 1024
# So much of a store's name that nobody knows is shown.
UNKNOWN_SHOWN = 60


def init(call: Call) -> Answer:
    """Makes the schema or brings it up to date; the first time also head office's store and person."""
    with _database(call, migrated=False) as database:
        from store_desk.domain.roles import Role
        from store_desk.hub.founding import found
        from store_desk.wire.office import PersonMessage, StoreMessage

        given = call.options
        zone = given.timezone
        with _valid():
            store = StoreMessage(code=given.store_code, name=given.store_name, zone=zone)
            person = PersonMessage(
                store=given.store_code, id=given.person_id, name=given.person_name, role=Role.HEAD_OFFICE
            )
        made = found(database, store, person)
    body: dict[str, object] = {
        "migrated": made.migrated,
        "epoch": made.epoch,
        "store": made.store,
        "person": made.person,
    }
    lines = (
        call.say("hub.init.done", migrated=made.migrated),
        call.say("hub.init.person", store=made.store, person=made.person),
    )
    return Answer(body, lines)


def serve(call: Call) -> Answer:
    """Runs the service until a signal ends it."""
    given = call.options
    config = _config(
        call,
        host=given.host,
        port=given.port,
        certificate=given.certificate,
        key=given.key,
        insecure=given.insecure,
        pool=given.pool,
    )
    from store_desk.hub.serve import serve as run

    run(config)
    return Answer({"ended": True}, (call.say("hub.serve.ended"),))


def enrol(call: Call) -> Answer:
    """A one-time code for a desk, shown this once."""
    with _database(call) as database:
        from store_desk.domain.places import check_place
        from store_desk.hub.enrolling import Place, make_code
        from store_desk.hub.founding import ensure_store
        from store_desk.hub.postgres.unit import PgUnit
        from store_desk.wire.office import CodeAsked, StoreMessage

        given = call.options
        id_ = IdMaker()()
        with _valid():
            asked = {"store": given.store, "desk": given.desk, "role": given.role, "name": given.name}
            CodeAsked.model_validate({**asked, "actor": "0", "id": id_})
        if given.role != "system" and not given.desk:
            raise SettingInvalid(name="desk", value="0")
        store: StoreMessage | None = None
        if given.store_name:
            check_place(currency=given.currency, country=given.country)
            with _valid():
                store = StoreMessage(
                    code=given.store,
                    name=given.store_name,
                    zone=given.timezone,
                    currency=given.currency,
                    country=given.country,
                )

        def work(unit: PgUnit) -> tuple[bool, str, datetime]:
            entered = store is not None and ensure_store(unit, store)
            place = Place(given.store, given.desk, given.role, given.name)
            code, ends = make_code(unit, place, id_=id_, by=BY, now=datetime.now(UTC))
            return entered, code, ends

        entered, code, ends = database.transaction(work)
    body: dict[str, object] = {
        "code": code,
        "expires_at": ends.isoformat(),
        "store": given.store,
        "desk": given.desk,
        "role": given.role,
        "store_entered": entered,
    }
    lines = [call.say("hub.enrol.store", store=given.store)] if entered else []
    time = ends.astimezone().strftime("%H:%M:%S")
    return Answer(body, (*lines, call.say("hub.enrol.code", code=code), call.say("hub.enrol.until", time=time)))


def revoke(call: Call) -> Answer:
    """Takes a desk's right to ask; from its next request on it is told so."""
    with _database(call) as database:
        from store_desk.hub import administration
        from store_desk.hub.founding import desk_at
        from store_desk.hub.postgres.unit import PgUnit
        from store_desk.hub.refusals import Refused

        given = call.options

        def work(unit: PgUnit) -> str:
            desk_id = desk_at(unit, given.store, given.desk)
            if not desk_id:
                raise Refused("desk_not_found")
            administration.revoke(unit, desk_id, by=BY)
            return desk_id

        desk_id = database.transaction(work)
    body: dict[str, object] = {"desk_id": desk_id, "store": given.store, "desk": given.desk, "revoked": True}
    return Answer(body, (call.say("hub.revoke.done", store=given.store, desk=given.desk),))


def import_(call: Call) -> Answer:
    """Brings a file's tickets in, store by store; done again it changes only what is newer.

    The file is read to its end by processes of its own before anything is written.
    """
    with _database(call) as database, ExitStack() as kept:
        from store_desk.hub.bringing_in import (
            UNKNOWN_TOLD_MAX,
            Bringing,
            bring_in,
            known_stores,
            refuse_unexplained,
        )

        given = call.options
        known = known_stores(database)
        now = datetime.now(UTC)
        mapping, read = _read_apart(call, kept, known, now=now)
        refuse_unexplained(read.unknown)
        counts = bring_in(
            database,
            Bringing(given.store, given.dry_run),
            known,
            read.rows,
            total=read.total,
            refused=read.refused,
            now=now,
            new_id=IdMaker(),
            progress=call.terminal.progress(),
        )
    numbers = {
        name: getattr(counts, name)
        for name in ("rows", "added", "updated", "unchanged", "conflicts", "refused", "store_unknown")
    }
    body: dict[str, object] = {
        **numbers,
        "stores": sorted(counts.stores),
        "stores_unknown": dict(counts.unknown_stores.most_common(UNKNOWN_TOLD_MAX)),
        "mapping": {item.value: heading for item, heading in mapping.columns.items()},
        "dry_run": bool(given.dry_run),
    }
    tried = (call.say("hub.import.tried"),) if given.dry_run else ()
    return Answer(body, (call.say("hub.import.done", **numbers), *_unknown_stores(call, counts), *tried))


def _unknown_stores(call: Call, counts: Counts) -> Iterator[str]:
    """Which stores of the file nobody has entered, those with the most rows first."""
    from store_desk.hub.bringing_in import UNKNOWN_TOLD_MAX

    if not counts.store_unknown:
        return
    yield call.say("hub.import.store_unknown", n=counts.store_unknown)
    for name, rows in counts.unknown_stores.most_common(UNKNOWN_TOLD_MAX):
        yield f"  {name[:UNKNOWN_SHOWN] or '-'}: {rows}"
    if len(counts.unknown_stores) > UNKNOWN_TOLD_MAX:
        yield "  …"


def _read_apart(call: Call, kept: ExitStack, known: Known, *, now: datetime) -> tuple[Mapping, ReadApart]:
    """The mapping and the whole file, read; an interrupt ends the reading, with nothing written yet."""
    from store_desk.app.reading_apart import Home, look_apart, read_apart
    from store_desk.cli.verbs.bringing_in import explained
    from store_desk.domain.imports import REQUIRED
    from store_desk.hub.bringing_in import SOURCE

    given = call.options
    home = Home(given.store, *known.home(given.store))
    progress = call.terminal.progress()
    with Stop().watching() as stop:
        try:
            shape, proposed = look_apart(given.file, source=SOURCE, stop=stop)
            mapping = explained(proposed, shape, columns=given.map, values=given.value)
            missing = tuple(item.value for item in REQUIRED if item not in mapping.columns)
            if missing:
                raise MappingIncomplete(fields=missing)
            reading = read_apart(given.file, mapping, home, now=now, progress=progress, stop=stop)
            return mapping, kept.enter_context(reading)
        except FileUnreadable as error:
            # An interrupt at a terminal reaches the reading process too, whose end then looks like a broken file.
            if stop():
                raise ImportStopped() from error
            raise


def conditions(call: Call) -> Answer:
    """Publishes a condition table from its JSON file, or shows the one in force."""
    given = call.options
    if (given.file is None) != bool(given.show):
        raise WrongUse(detail=call.say("hub.wrong.conditions"))
    with _database(call) as database:
        from store_desk.hub.published import published

        if given.show:
            return _shown(call, database.snapshot_read(lambda unit: published(unit, ("conditions",))[0].text))
        from store_desk.hub.publishing import conditions_text, publish

        rows = _rows(call, given.file)
        text = conditions_text(rows)
        version = database.transaction(
            lambda unit: publish(unit, "conditions", text, expected=None, by=BY, now=datetime.now(UTC))
        )
    body: dict[str, object] = {"version": version, "rows": rows}
    return Answer(body, (call.say("hub.conditions.published", version=version),))


def _shown(call: Call, text: str) -> Answer:
    from store_desk.domain.conditions import SHIPPED
    from store_desk.services.rules import conditions_to_json

    table = json.loads(text or conditions_to_json(SHIPPED))
    lines = [json.dumps(row, ensure_ascii=False) for row in table["rows"]]
    if not text:
        lines.insert(0, call.say("hub.conditions.shipped"))
    return Answer({"published": bool(text), "conditions": table}, tuple(lines))


def _rows(call: Call, file: Path) -> list[dict[str, Any]]:
    """The rows of a table's file: `{"rows": [...]}` or the list alone, each as the protocol has it."""
    from pydantic import ValidationError

    from store_desk.services.json_text import BadJson, read_json
    from store_desk.wire.office import ConditionsPublish

    raw = read_within(file, FILE_BYTES_MAX)
    try:
        shown = read_json(raw)
        rows = shown["rows"] if isinstance(shown, dict) else shown
        table = ConditionsPublish.model_validate({"actor": "0", "rows": rows, "expected_version": 0})
    except (BadJson, KeyError) as error:
        raise WrongUse(detail=call.say("hub.wrong.conditions_file", file=file.name, why=str(error))) from error
    except ValidationError as error:
        why = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise WrongUse(detail=call.say("hub.wrong.conditions_file", file=file.name, why=why)) from error
    if not table.rows:
        # It would take every condition away, in every store.
        raise WrongUse(detail=call.say("hub.wrong.conditions_file", file=file.name, why="rows: 0"))
    return [row.model_dump() for row in table.rows]


@contextmanager
def _valid() -> Iterator[None]:
    """What a person typed and the protocol does not have, as a refusal that names it."""
    from pydantic import ValidationError

    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingInvalid(name=str(first["loc"][0]), value=str(first["input"])[:80]) from error


def _config(call: Call, **given: object) -> HubConfig:
    try:
        import psycopg  # noqa: F401  # only whether it is there

        from store_desk.hub.config import PREFIX, config_from
    except ImportError as error:
        raise OutsideFailure(detail=call.say("hub.wrong.not_installed")) from error
    if not (call.options.database or os.environ.get(f"{PREFIX}DATABASE")):
        raise WrongUse(detail=call.say("hub.wrong.no_database"))
    return config_from(database=call.options.database, **given)


@contextmanager
def _database(call: Call, *, migrated: bool = True) -> Iterator[HubDatabase]:
    """Head office's open database; the service's refusals become those of the command line.

    Raises SchemaOlder or SchemaNewer unless it is this program's, where it has to be `migrated`.
    """
    config = _config(call)
    from store_desk.hub.postgres.migrations import check_schema
    from store_desk.hub.postgres.pool import HubDatabase
    from store_desk.hub.refusals import Refused

    with HubDatabase(config.database, size=2) as database:
        if migrated:
            database.snapshot_read(lambda unit: check_schema(unit.connection))
        try:
            yield database
        except Refused as refused:
            known = f"said.{refused.code}" in catalogue("hub")
            detail = call.say(f"hub.said.{refused.code}", **refused.facts) if known else refused.message.rstrip(".")
            raise HubRefused(reason=refused.code, detail=detail) from refused
