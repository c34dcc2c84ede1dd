"""`import`: a file of tickets brought in, tried without a trace, or taken back as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from store_desk.cli.call import Answer, AtDesk, Call, Stop, joined
from store_desk.domain.errors import FileUnreadable, ImportStopped, MappingInvalid, ValuesUnknown, WrongUse
from store_desk.domain.imports import Field, FileShape, ImportCounts, Mapping
from store_desk.domain.roles import Right

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store_desk.app.importing import DeskImporting

# A reason that nobody explains becomes `other` with its words kept, so it holds no import up.
_MAY_STAY_UNKNOWN = Field.CANCEL_REASON.value


def import_(call: Call) -> Answer:
    """Brings the file in, or takes an import back with `--undo`."""
    given = call.options
    if (given.file is None) == (given.undo is None):
        raise WrongUse(detail=call.say("cli.wrong.import_what"))
    if given.undo is not None:
        return _undo(call, given.undo)
    with call.at_desk(Right.IMPORT) as here, Stop().watching() as stop:
        importing = _importing(here)
        try:
            shape, proposed = importing.look(given.file)
            mapping = explained(proposed, shape, columns=given.map, values=given.value)
            if given.dry_run:
                return _tried(call, importing, given.file, mapping, stop)
            return _brought(call, here, importing, given.file, mapping, stop)
        except FileUnreadable as error:
            # An interrupt at a terminal reaches the reading process too, whose end then looks like a broken file.
            if stop():
                raise ImportStopped() from error
            raise


def _tried(call: Call, importing: DeskImporting, file: Path, mapping: Mapping, stop: Stop) -> Answer:
    check = importing.check(file, mapping, progress=call.terminal.progress(), stop=stop)
    _refuse_unknown(check.unknown)
    return _counted(call, check.counts, mapping, batch=None, refused_file="")


def _brought(call: Call, here: AtDesk, importing: DeskImporting, file: Path, mapping: Mapping, stop: Stop) -> Answer:
    progress = call.terminal.progress()
    try:
        done = importing.bring_in(here.actor, file, mapping, progress=progress, stop=stop)
    except ValuesUnknown:
        # Read once more to name all words with our best guess: that is what the person needs to go on.
        _refuse_unknown(importing.check(file, mapping, progress=progress, stop=stop).unknown)
        raise
    return _counted(call, done.counts, mapping, batch=done.batch, refused_file=done.refused_file)


def _importing(here: AtDesk) -> DeskImporting:
    from store_desk.app.importing import DeskImporting

    return DeskImporting(here.desk, here.opened.store)


def explained(
    proposed: Mapping,
    shape: FileShape,
    *,
    columns: Iterable[tuple[str, str]],
    values: Iterable[tuple[str, str, str]],
) -> Mapping:
    """The proposed mapping with what the call says put over it; an empty heading takes a field away.

    Raises MappingInvalid for a field, heading or value that does not exist.
    """
    from store_desk.exchange.vocabulary import parse_value

    chosen = dict(proposed.columns)
    for name, heading in columns:
        try:
            field = Field(name)
        except ValueError as error:
            raise MappingInvalid(what=name, known=tuple(item.value for item in Field)) from error
        if not heading.strip():
            chosen.pop(field, None)
            continue
        if heading not in shape.headings:
            raise MappingInvalid(what=heading, known=shape.headings)
        # A column feeds one field: naming it takes it from the field that was proposed.
        chosen = {known: column for known, column in chosen.items() if column != heading}
        chosen[field] = heading
    meanings = dict(proposed.values)
    for field_name, theirs, ours in values:
        parse_value(field_name, ours)
        meanings[(field_name, theirs)] = ours
    return replace(proposed, columns=chosen, values=meanings)


def _refuse_unknown(unknown: Iterable[tuple[str, str, int, str]]) -> None:
    """Raises ValuesUnknown for words that nobody has explained; the facts name all of them, with our best guess."""
    open_ones = [item for item in unknown if item[0] != _MAY_STAY_UNKNOWN]
    if not open_ones:
        return
    field = open_ones[0][0]
    raise ValuesUnknown(
        field=field,
        values=tuple(word for name, word, _, _ in open_ones if name == field),
        proposals=tuple(f"{name}:{word}={guess}" for name, word, _, guess in open_ones),
    )


def _counted(call: Call, counts: ImportCounts, mapping: Mapping, *, batch: int | None, refused_file: str) -> Answer:
    body: dict[str, object] = {
        "rows": counts.rows,
        "added": counts.added,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
        "refused_file": refused_file,
        "batch": batch,
        "mapping": {field.value: heading for field, heading in mapping.columns.items()},
        "conflicts": counts.conflicts,
        "without_phone": counts.without_phone,
    }
    numbers = joined(
        call.say(f"cli.import.{name}", n=getattr(counts, name))
        for name in ("rows", "added", "updated", "unchanged", "refused", "conflicts")
        if name == "rows" or getattr(counts, name)
    )
    first = call.say("cli.import.tried") if batch is None else call.say("cli.import.done", batch=batch)
    lines = [first, numbers]
    if refused_file:
        lines.append(call.say("cli.import.refused_file", file=refused_file))
    return Answer(body, tuple(lines))


def _undo(call: Call, batch: int) -> Answer:
    with call.at_desk(Right.IMPORT) as here:
        removed, restored, kept = _importing(here).undo(here.actor, batch)
    body: dict[str, object] = {"removed": removed, "restored": restored, "kept": list(kept), "batch": batch}
    lines = [call.say("cli.import.undone", removed=removed, restored=restored)]
    if kept:
        lines.append(call.say("cli.import.kept", numbers=joined(kept)))
    return Answer(body, tuple(lines))
