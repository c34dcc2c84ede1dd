"""The processes that read a foreign file, to import or to verify it: whatever it does to them, the desk goes on.

Two share the work of an import. The one that the desk starts writes the staging file; it starts another that reads the
file and hands on plain values, and which never learns the database key. The desk is spoken to in lines of JSON: one
request on standard input; progress, then one result or error, on standard output. The key comes through standard input
too, so that it never stands in a process list.
"""

from __future__ import annotations

import errno
import gc
import json
import marshal
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from store_desk.app.import_process import STOPPED, command, error_from
from store_desk.domain.errors import DiskFailed, DiskFull, DomainError, FileUnreadable, NotATicketExport
from store_desk.domain.imports import Field, FileShape, Mapping, ReadRow, RefusedRow

# A file that needs more than this is no ticket export.
MEMORY_BYTES_MAX = 3 * 1024**3
PROGRESS_S = 0.05
# Rows that pass from the reading to the writing process at once.
HANDED_ON_ROWS = 256
IDS_AT_ONCE = 1_024
# What the process that meets the foreign file never learns.
NOT_FOR_THE_READER = ("key", "database", "staging", "kept")
# So many refused rows of a file that is given up are kept for the clerk to look at.
REFUSED_KEPT = 1_000
# The messages of the reading process: (rows done, rows in all, rows, refused rows); what it found out; an error.
ROWS, TOLD, ERROR = "rows", "told", "error"


_to_desk: IO[bytes] | None = None


def own_output() -> IO[bytes]:
    """Standard output for our own messages alone: whatever else prints there goes to standard error instead."""
    global _to_desk
    _to_desk = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return _to_desk


def say(kind: str, value: object) -> None:
    """One line to the desk."""
    if _to_desk is not None:
        _to_desk.write(json.dumps({kind: value}, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        _to_desk.flush()


def leave_nothing(request: dict[str, Any]) -> None:
    """Removes the staging file of a request that nobody waits for."""
    if "staging" in request:
        from store_desk.store.staging import throw_away

        throw_away(Path(request["staging"]))


def limit_memory(most: int) -> None:
    """Bounds the process's memory where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@dataclass(slots=True)
class Counting:
    """A table that counts its rows, its filled cells and the words that nobody has explained."""

    table: Any
    filled: list[int]
    words: Any
    done: int = 0

    @property
    def shape(self) -> FileShape:
        """The table's own."""
        shape: FileShape = self.table.shape
        return shape

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The table's rows, watched."""
        filled = self.filled
        for line, cells in self.table.rows():
            self.done += 1
            self.words.take(cells)
            for index, cell in enumerate(cells[: len(filled)]):
                if cell:
                    filled[index] += 1
            yield line, cells


def mapping_from(data: dict[str, Any]) -> Mapping:
    """A mapping from its JSON form; the reverse is mapping_to."""
    return Mapping(
        {Field(name): heading for name, heading in data["columns"].items()},
        {(field, word): ours for field, word, ours in data["values"]},
        data.get("source", ""),
    )


def mapping_to(mapping: Mapping) -> dict[str, Any]:
    """A mapping as JSON; the reverse is mapping_from."""
    return {
        "columns": {field.value: heading for field, heading in mapping.columns.items()},
        "values": [[field, word, ours] for (field, word), ours in mapping.values.items()],
        "source": mapping.source,
    }


def look(request: dict[str, Any]) -> dict[str, Any]:
    """What the file is, and which heading could be which field."""
    from store_desk.exchange.matching import headings_key, propose
    from store_desk.exchange.readers import open_table

    shape = open_table(Path(request["path"])).shape
    key = headings_key(shape)
    remembered = {Field(name): heading for name, heading in request["remembered"].get(key, {}).items()}
    columns = propose(shape, remembered)
    return {
        "shape": asdict(shape),
        "columns": {field.value: heading for field, heading in columns.items()},
        "headings_key": key,
    }


def read(request: dict[str, Any], out: IO[bytes]) -> None:
    """Reads the whole file and hands its rows on as plain values; knows no key and opens no database."""
    from store_desk.exchange.matching import check_mapping, headings_key
    from store_desk.exchange.readers import open_table
    from store_desk.exchange.refusals import RefusedBound
    from store_desk.exchange.tickets import Defaults, read_tickets
    from store_desk.exchange.unknown import WordCount
    from store_desk.store.staging import staged

    table = open_table(Path(request["path"]))
    mapping = mapping_from(request["mapping"])
    check_mapping(table.shape, mapping)
    words = WordCount(table.shape, mapping)
    counting = Counting(table, [0] * len(table.shape.headings), words)
    given = request["defaults"]
    defaults = Defaults(
        given["store"], given["currency"], given["zone"], given["country"], datetime.fromisoformat(given["now"])
    )
    bound = RefusedBound(table.shape.name, most=int(request["refused_max"]))
    rows: list[Any] = []
    refused: list[Any] = []
    for row in read_tickets(cast(Any, counting), mapping, defaults=defaults, new_id=RowIds(), stop=never):
        bound.take(row)
        if isinstance(row, ReadRow):
            rows.append(staged(row))
        else:
            refused.append((row.line, row.field, row.value, row.code))
        if len(rows) + len(refused) >= HANDED_ON_ROWS:
            hand_on(out, ROWS, (counting.done, max(counting.done, table.shape.rows), rows, refused))
            rows, refused = [], []
    hand_on(out, ROWS, (counting.done, counting.done, rows, refused))
    told = {
        "shape": asdict(table.shape) | {"rows": counting.done},
        "headings_key": headings_key(table.shape),
        "unknown": [[u.field, u.word, u.count, u.proposal, u.required] for u in words.unknown()],
        "filled": dict(zip(table.shape.headings, counting.filled, strict=False)),
    }
    hand_on(out, TOLD, told)


def hand_on(out: IO[bytes], kind: str, content: Any) -> None:
    """One message to the writing process: both ends are this program, so the plainest binary form will do."""
    marshal.dump((kind, content), out)
    out.flush()


def stage(request: dict[str, Any]) -> dict[str, Any]:
    """Writes the rows that a second process reads into a staging file; says what nobody has explained yet.

    Without a `database` there is nothing to compare with, and no numbers are told. The first refused rows of a file
    that is given up are written to `kept`, if the request names one.
    """
    from store_desk.store.staging import StagingWriter, compare

    key = bytes.fromhex(request["key"])
    staging = Path(request["staging"])
    asked = {name: fact for name, fact in request.items() if name not in NOT_FOR_THE_READER} | {"do": "read"}
    told: dict[str, Any] = {}
    first: list[RefusedRow] = []
    said_at = 0.0
    with reader_of(asked) as messages, StagingWriter(staging, key) as writer:
        for kind, content in messages:
            if kind == ERROR:
                raise given_up(error_from(content), first, request.get("kept", ""))
            if kind == TOLD:
                told = content
                break
            done, total, rows, refused = content
            for row in rows:
                writer.add_staged(row)
            for row in map(_refused_row, refused):
                writer.refuse(row)
                if len(first) < REFUSED_KEPT:
                    first.append(row)
            now = time.monotonic()
            if now - said_at > PROGRESS_S:
                said_at = now
                say("progress", [done, total])
    if "database" not in request:
        return told
    counts = compare(staging, database=Path(request["database"]), key=key)
    return told | {"counts": asdict(counts)}


def _refused_row(values: tuple[int, str, str, str]) -> RefusedRow:
    return RefusedRow(*values)


def given_up(error: DomainError, first: list[RefusedRow], kept: str) -> DomainError:
    """The error that ended the reading; for a file that is no export, its first refused rows are kept as a file."""
    if not isinstance(error, NotATicketExport) or not kept or not first:
        return error
    from store_desk.exchange.export import write_refused

    try:
        Path(kept).parent.mkdir(exist_ok=True)
        write_refused(Path(kept), first)
    except (OSError, DomainError):
        # What is wrong with the file is to be told, also where there is no room for a list of it.
        return error
    return NotATicketExport(**(error.facts | {"kept": kept}))


@contextmanager
def reader_of(request: dict[str, Any]) -> Iterator[Iterator[tuple[str, Any]]]:
    """The messages of a second process that reads the file; FileUnreadable when it ends without its last one."""
    with subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        stopped = FileUnreadable(file=Path(request["path"]).name, detail=STOPPED)
        if reader.stdin is None or reader.stdout is None:
            raise stopped
        out = reader.stdout

        def messages() -> Iterator[tuple[str, Any]]:
            while True:
                try:
                    kind, content = marshal.load(out)
                except (EOFError, ValueError, TypeError) as error:
                    raise stopped from error
                yield kind, content

        try:
            try:
                reader.stdin.write(json.dumps(request).encode() + b"\n")
                reader.stdin.close()
            except OSError as error:
                raise stopped from error
            yield messages()
        finally:
            reader.kill()


class RowIds:
    """Identifiers of imported tickets: UUIDv7 as `services.ids` makes them, without asking the system for each."""

    def __init__(self) -> None:
        self._made = 0
        self._noise = b""

    def __call__(self) -> str:
        at = self._made % IDS_AT_ONCE
        if at == 0:
            self._noise = os.urandom(8 * IDS_AT_ONCE)
            self._stamp = f"{time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF:012x}7"
        self._made += 1
        noise = int.from_bytes(self._noise[8 * at : 8 * at + 8], "big")
        return f"{self._stamp}{at:03x}{noise & 0x3FFFFFFFFFFFFFFF | 0x8000000000000000:016x}"

    _stamp = ""


def never() -> bool:
    """Stopping is done by ending this process."""
    return False


def verify(request: dict[str, Any]) -> dict[str, Any]:
    """The verdict on a slip's file, by the keys that the request names."""
    from store_desk.slips.trust import trust_from_text
    from store_desk.slips.verify import verify_file

    verdict = verify_file(Path(request["path"]), trust_from_text(request["keys"]))
    return asdict(verdict) | {"outcome": verdict.outcome.value}


DOES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"look": look, "stage": stage, "verify": verify}


def answer(request: dict[str, Any]) -> None:
    """Does one request of the desk and says its result."""
    say("result", DOES[request["do"]](request))


def refusal_of(error: BaseException, request: dict[str, Any]) -> DomainError:
    """The refusal that stands for whatever went wrong while reading."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return DiskFull() if full else DiskFailed(detail=error.strerror or str(error))
    return FileUnreadable(file=Path(request["path"]).name, detail=type(error).__name__)


def main() -> int:
    """Does the one request."""
    # Nothing here lives in cycles, and there is much of it.
    gc.disable()
    if hasattr(signal, "SIGXFSZ"):
        # A file that may not grow is an error of the disk to be told, not a reason to die.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    request = json.loads(sys.stdin.readline())
    limit_memory(int(request.get("memory", MEMORY_BYTES_MAX)))
    out = own_output()
    try:
        try:
            if request["do"] == "read":
                read(request, out)
            else:
                answer(request)
        except BrokenPipeError:
            raise
        except (DomainError, OSError, MemoryError, RecursionError, OverflowError) as error:
            refusal = refusal_of(error, request)
            said = {"code": refusal.code, "facts": refusal.facts}
            if request["do"] == "read":
                hand_on(out, ERROR, said)
            else:
                say("error", said)
    except BrokenPipeError:
        # Nobody listens any more: the desk has ended, and what was written for it goes.
        leave_nothing(request)
    return 0


if __name__ == "__main__":
    sys.exit(main())
