"""Imports as window and command line call them: a child process reads, the database lane publishes in short steps."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from store_desk.app.import_child import MEMORY_BYTES_MAX, mapping_from, mapping_to
from store_desk.app.import_process import BEAT_S, Progress, Stop, ask_process
from store_desk.domain.errors import (
    FileUnreadable,
    ImportStopped,
    MappingIncomplete,
    ValuesUnknown,
)
from store_desk.domain.imports import REQUIRED, FileShape, ImportCounts, Mapping, RefusedRow
from store_desk.domain.office_errors import ImportAtHeadOffice
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.services.desk import Desk
from store_desk.services.enrolment import read_enrolment
from store_desk.services.ports import Batch
from store_desk.services.rules import policy_in_force
from store_desk.store.files import refuse_own
from store_desk.store.opening import Store

T = TypeVar("T")
REFUSED_LISTED_MAX = 5_000
# Where the lists of refused rows are kept, within the data folder.
IMPORTS = "imports"
# In it: what was refused of the last file that was given up.
GIVEN_UP = "refused-last.csv"
MAPPINGS = "import.mappings"
VALUES = "import.values"
MAPPINGS_KEPT_MAX = 50
SOURCE = "file"


def refuse_with_head_office(desk: Desk) -> None:
    """Raises ImportAtHeadOffice: where there is one, it brings tickets in, for all desks at once."""
    if read_enrolment(desk) is not None:
        raise ImportAtHeadOffice()


class LaneLike(Protocol):
    """The database lane of the window."""

    def submit(self, work: Callable[[], Any]) -> Future[Any]: ...
    def waiting(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found; the same fields as the window's ImportCheck."""

    shape: FileShape
    mapping: Mapping
    counts: ImportCounts
    refused: tuple[RefusedRow, ...]
    unknown: tuple[tuple[str, str, int, str], ...]
    filled: dict[str, int]
    required_unknown: tuple[tuple[str, str], ...] = ()
    headings_key: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """An import that went through; the same fields as the window's ImportDone."""

    batch: int
    counts: ImportCounts
    refused_file: str
    mapping: Mapping


class DeskImporting:
    """Imports for one desk. All calls block: use the file lane. Without a lane, steps run where they are called."""

    def __init__(
        self, desk: Desk, store: Store, *, lane: LaneLike | None = None, memory: int = MEMORY_BYTES_MAX
    ) -> None:
        self._desk = desk
        self._store = store
        self._lane = lane
        # Bytes that each reading process may use.
        self._memory = memory
        self._ending = threading.Event()
        # What the last check read, kept so that the import after it need not read the file again.
        self._kept: tuple[str, Checked, Path] | None = None

    def end(self) -> None:
        """Stops what is running, as its own stop would; for a desk that closes. May be called from any thread."""
        self._ending.set()

    def _or_ending(self, stop: Stop) -> Stop:
        return lambda: self._ending.is_set() or stop()

    def _on_lane(self, work: Callable[[], T]) -> T:
        if self._lane is None:
            return work()
        result: T = self._lane.submit(work).result()
        return result

    def _somebody_waits(self) -> bool:
        return self._lane is not None and self._lane.waiting() > 0

    def look(self, path: Path) -> tuple[FileShape, Mapping]:
        """What the file is and the proposed mapping; what was corrected once comes back by itself.

        Raises ImportAtHeadOffice at a desk that belongs to one.
        """
        refuse_with_head_office(self._desk)
        result = ask_process({"do": "look", "path": str(path), "remembered": self._remembered_columns()})
        # One name for all files: the same ticket in a newer export with one more column must be found again.
        known = {"columns": result["columns"], "values": self._remembered_values(), "source": SOURCE}
        return shape_from(result["shape"]), mapping_from(known)

    def check(self, path: Path, mapping: Mapping, *, progress: Progress, stop: Stop) -> Checked:
        """Reads the whole file and compares it with the database; changes nothing."""
        self.forget()
        stop = self._or_ending(stop)
        staging = self._staging_path()
        try:
            checked = self._stage(path, mapping, staging, progress=progress, stop=stop)
        except BaseException:
            self._throw_away(staging)
            raise
        self._kept = (_stamp(path, mapping), checked, staging)
        return checked

    def forget(self) -> None:
        """Lets go of what the last check read; at the latest when the desk closes."""
        if self._kept is not None:
            self._throw_away(self._kept[2])
            self._kept = None

    def _staged(self, path: Path, mapping: Mapping, *, progress: Progress, stop: Stop) -> tuple[Checked, Path]:
        """The checked file: as it was just read if neither it nor the mapping changed since, else read anew."""
        kept, self._kept = self._kept, None
        if kept is not None and kept[0] == _stamp(path, mapping):
            return self._compared(kept[1], kept[2], progress=progress, stop=stop), kept[2]
        if kept is not None:
            self._throw_away(kept[2])
        staging = self._staging_path()
        try:
            return self._stage(path, mapping, staging, progress=progress, stop=stop), staging
        except BaseException:
            self._throw_away(staging)
            raise

    def _compared(self, checked: Checked, staging: Path, *, progress: Progress, stop: Stop) -> Checked:
        """The check with what each row would do now, because the tickets may have changed since."""
        from store_desk.store.staging import compare

        store = self._store

        def work() -> ImportCounts:
            return compare(staging, database=store.path, key=store.keys.database)

        try:
            return replace(checked, counts=_meanwhile(work, progress, stop))
        except BaseException:
            self._throw_away(staging)
            raise

    def _stage(self, path: Path, mapping: Mapping, staging: Path, *, progress: Progress, stop: Stop) -> Checked:
        missing = tuple(field.value for field in REQUIRED if field not in mapping.columns)
        if missing:
            raise MappingIncomplete(fields=missing)
        identity = self._desk.identity
        request = {
            "do": "stage",
            "path": str(path),
            "mapping": mapping_to(mapping),
            "defaults": {
                "store": identity.store_code,
                "currency": identity.currency,
                "zone": identity.timezone,
                "country": identity.country,
                "now": self._desk.clock().isoformat(),
            },
            "staging": str(staging),
            "kept": str(self._store.folder / IMPORTS / GIVEN_UP),
            "refused_max": self._refused_max(),
            "memory": self._memory,
            "database": str(self._store.path),
            "key": self._store.keys.database.hex(),
        }
        result = ask_process(request, progress=progress, stop=stop)
        from store_desk.store.staging import refused_rows

        refused = refused_rows(staging, key=self._store.keys.database, most=REFUSED_LISTED_MAX)
        unknown = [(field, word, count, proposal) for field, word, count, proposal, _ in result["unknown"]]
        required = tuple((field, word) for field, word, _, _, needed in result["unknown"] if needed)
        return Checked(
            shape=shape_from(result["shape"]),
            mapping=mapping,
            counts=ImportCounts(**result["counts"]),
            refused=tuple(refused),
            unknown=tuple(unknown),
            filled=result["filled"],
            required_unknown=required,
            headings_key=result["headings_key"],
        )

    def bring_in(self, actor: Actor, path: Path, mapping: Mapping, *, progress: Progress, stop: Stop) -> Brought:
        """Imports the file; raises ValuesUnknown before anything changes, ImportStopped when nothing was kept."""
        demand(actor, Right.IMPORT)
        refuse_with_head_office(self._desk)
        stop = self._or_ending(stop)
        checked, staging = self._staged(path, mapping, progress=_half(progress, first=True), stop=stop)
        try:
            if checked.required_unknown:
                field = checked.required_unknown[0][0]
                words = tuple(word for name, word in checked.required_unknown if name == field)
                raise ValuesUnknown(field=field, values=words[:20])
            return self._publish(actor, path, checked, staging, progress=_half(progress, first=False), stop=stop)
        finally:
            self._throw_away(staging)

    def _publish(
        self, actor: Actor, path: Path, checked: Checked, staging: Path, *, progress: Progress, stop: Stop
    ) -> Brought:
        from store_desk.store.publish import Progress as Moved
        from store_desk.store.publish import Publication, begin, copy_before_import
        from store_desk.store.undo import begin_stop

        clock = self._desk.clock

        def copy() -> None:
            try:
                copy_before_import(self._store)
            finally:
                self._store.close_lane()

        _meanwhile(copy, progress, stop)
        used = json.dumps(mapping_to(checked.mapping), ensure_ascii=False)
        batch = Batch(0, path.name, clock(), actor.id, "running", ImportCounts(), used)
        publication: Publication = self._on_lane(lambda: begin(self._store, staging, batch))
        stopped = False
        at = Moved(0, 1, finished=False)
        try:
            while not at.finished:
                if stop():
                    stopped = True
                    break
                at = self._on_lane(lambda: publication.step(waiting=self._somebody_waits, now=clock()))
                progress(at.done, max(1, at.total))
        finally:
            if not at.finished:
                self._on_lane(publication.close)
                undoing = self._on_lane(lambda: begin_stop(self._store, publication.batch))
                back = Moved(0, 1, finished=False)
                while not back.finished:
                    back = self._on_lane(lambda: undoing.step(waiting=self._somebody_waits, now=clock()))
                    progress(back.total - back.done, max(1, at.total))
        if stopped:
            raise ImportStopped()
        done = publication.batch
        refused_file = self._save_refused(staging, done.id)
        self._on_lane(lambda: self._record(actor, done, path, refused_file, checked))
        return Brought(done.id, done.counts, refused_file, checked.mapping)

    def _record(self, actor: Actor, batch: Batch, path: Path, refused_file: str, checked: Checked) -> None:
        counts = batch.counts
        with self._desk.work() as uow:
            facts: dict[str, object] = {
                "batch": batch.id,
                "file": path.name,
                "added": counts.added,
                "updated": counts.updated,
                "refused": counts.refused,
            }
            uow.journal.write(at=self._desk.clock(), actor=actor.id, what="import_done", facts=facts)
        self._remember(checked.headings_key, checked.mapping)
        with self._store.writing() as unit:
            unit.batches.save(replace(batch, refused_file=refused_file))

    def undo(self, actor: Actor, batch: int) -> tuple[int, int, tuple[str, ...]]:
        """Takes an import back; answers removed, restored, and the numbers of tickets that were touched and stay."""
        from store_desk.store.undo import begin_undo

        demand(actor, Right.IMPORT)
        with self._desk.read() as uow:
            hours = policy_in_force(uow).import_undo_h
        clock = self._desk.clock
        undoing = self._on_lane(lambda: begin_undo(self._store, batch, now=clock(), hours=hours))
        while not self._on_lane(lambda: undoing.step(waiting=self._somebody_waits, now=clock())).finished:
            continue
        facts: dict[str, object] = {
            "batch": batch,
            "removed": undoing.removed,
            "restored": undoing.restored,
            "kept": undoing.kept.count,
        }

        def record() -> None:
            with self._desk.work() as uow:
                uow.journal.write(at=clock(), actor=actor.id, what="import_undone", facts=facts)

        self._on_lane(record)
        return undoing.removed, undoing.restored, undoing.kept.numbers

    def save_refused(self, rows: tuple[RefusedRow, ...], path: Path) -> int:
        """Writes the refused rows as a file with the reason in both languages; answers how many."""
        from store_desk.exchange.export import write_refused

        refuse_own(self._store.folder, path)
        return write_refused(path, rows)

    def _save_refused(self, staging: Path, batch: int) -> str:
        from store_desk.exchange.export import write_refused
        from store_desk.store.staging import refused_rows

        rows = refused_rows(staging, key=self._store.keys.database)
        if not rows:
            return ""
        folder = self._store.folder / IMPORTS
        folder.mkdir(exist_ok=True)
        target = folder / f"refused-{batch}.csv"
        write_refused(target, rows)
        return str(target)

    def _staging_path(self) -> Path:
        folder = self._store.folder / "staging"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"import-{self._desk.new_id()}.db"

    def _throw_away(self, staging: Path) -> None:
        from store_desk.store.staging import throw_away

        throw_away(staging)

    def _refused_max(self) -> int:
        with self._desk.read() as uow:
            return policy_in_force(uow).import_refused_max

    def _remembered_columns(self) -> dict[str, dict[str, str]]:
        with self._desk.read() as uow:
            remembered: dict[str, dict[str, str]] = json.loads(uow.settings.get(MAPPINGS) or "{}")
        return remembered

    def _remembered_values(self) -> list[list[str]]:
        with self._desk.read() as uow:
            values: list[list[str]] = json.loads(uow.settings.get(VALUES) or "[]")
        return values

    def _remember(self, key: str, mapping: Mapping) -> None:
        """Keeps what the clerk corrected, for the next file with the same headings."""
        columns = {field.value: heading for field, heading in mapping.columns.items()}
        with self._desk.work() as uow:
            kept = json.loads(uow.settings.get(MAPPINGS) or "{}")
            kept.pop(key, None)
            kept[key] = columns
            while len(kept) > MAPPINGS_KEPT_MAX:
                kept.pop(next(iter(kept)))
            uow.settings.put(MAPPINGS, json.dumps(kept, ensure_ascii=False))
            values = {(f, w): o for f, w, o in json.loads(uow.settings.get(VALUES) or "[]")} | mapping.values
            uow.settings.put(VALUES, json.dumps([[f, w, o] for (f, w), o in values.items()], ensure_ascii=False))


def _meanwhile(work: Callable[[], T], progress: Progress, stop: Stop) -> T:
    """The result of work that cannot be cut short, with progress told all the while; ImportStopped behind it."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import") as pool:
        doing = pool.submit(work)
        while not wait((doing,), timeout=BEAT_S).done:
            progress(0, 1)
        result = doing.result()
    if stop():
        raise ImportStopped()
    return result


def _stamp(path: Path, mapping: Mapping) -> str:
    """What tells whether the file or the mapping changed."""
    try:
        about = path.stat()
    except OSError as error:
        raise FileUnreadable(file=path.name, detail=error.strerror or str(error)) from error
    return json.dumps([str(path), about.st_size, about.st_mtime_ns, mapping_to(mapping)], ensure_ascii=False)


def shape_from(data: dict[str, Any]) -> FileShape:
    """A file's shape from its JSON form."""
    return FileShape(**{**data, "headings": tuple(data["headings"]), "sample": tuple(map(tuple, data["sample"]))})


def _half(progress: Progress, *, first: bool) -> Progress:
    """Reading is shown as the first half of the way, publishing as the second; both in thousandths."""

    def told(done: int, total: int) -> None:
        share = done / max(1, total)
        progress(round((share if first else 1 + share) * 500), 1000)

    return told
