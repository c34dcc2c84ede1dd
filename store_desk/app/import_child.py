"""The process that reads a file to be imported: whatever the file does to it, the desk goes on.

Speaks lines of JSON: one request on standard input; progress, then one result or error, on standard output. The
database key comes through standard input too, so that it never stands in a process list.
"""

from __future__ import annotations

import errno
import json
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from store_desk.domain.errors import DiskFailed, DiskFull, DomainError, FileUnreadable
from store_desk.domain.imports import Field, FileShape, Mapping, ReadRow

# A file that needs more than this is no ticket export (decisions 31 bounds the files themselves).
MEMORY_BYTES_MAX = 3 * 1024**3
PROGRESS_S = 0.05


def say(kind: str, value: object) -> None:
    """One line to the desk."""
    sys.stdout.write(json.dumps({kind: value}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def limit_memory() -> None:
    """Bounds the process's memory where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


@dataclass(slots=True)
class Counting:
    """A table that counts filled cells and words nobody has explained, and says how far it is."""

    table: Any
    filled: list[int]
    words: Any
    told: float = 0.0
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
            now = time.monotonic()
            if now - self.told > PROGRESS_S:
                self.told = now
                say("progress", [self.done, max(self.done, self.shape.rows)])
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


def stage(request: dict[str, Any]) -> dict[str, Any]:
    """Reads the whole file into a staging file and says what nobody has explained yet."""
    from store_desk.exchange.matching import check_mapping, headings_key
    from store_desk.exchange.readers import open_table
    from store_desk.exchange.tickets import Defaults, read_tickets
    from store_desk.exchange.unknown import WordCount
    from store_desk.services.ids import IdMaker
    from store_desk.store.staging import StagingWriter, compare

    table = open_table(Path(request["path"]))
    mapping = mapping_from(request["mapping"])
    check_mapping(table.shape, mapping)
    words = WordCount(table.shape, mapping)
    counting = Counting(table, [0] * len(table.shape.headings), words)
    given = request["defaults"]
    defaults = Defaults(
        given["store"], given["currency"], given["zone"], given["country"], datetime.fromisoformat(given["now"])
    )
    key = bytes.fromhex(request["key"])
    staging = Path(request["staging"])
    with StagingWriter(staging, key) as writer:
        for row in read_tickets(cast(Any, counting), mapping, defaults=defaults, new_id=IdMaker(), stop=never):
            if isinstance(row, ReadRow):
                writer.add(row)
            else:
                writer.refuse(row)
    say("progress", [counting.done, counting.done])
    counts = compare(staging, database=Path(request["database"]), key=key)
    return {
        "shape": asdict(table.shape) | {"rows": counting.done},
        "headings_key": headings_key(table.shape),
        "counts": asdict(counts),
        "unknown": [[u.field, u.word, u.count, u.proposal, u.required] for u in words.unknown()],
        "filled": dict(zip(table.shape.headings, counting.filled, strict=False)),
    }


def never() -> bool:
    """Stopping is done by ending this process."""
    return False


def main() -> int:
    """Does the one request."""
    limit_memory()
    if hasattr(signal, "SIGXFSZ"):
        # A file that may not grow is an error of the disk to be told, not a reason to die.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    request = json.loads(sys.stdin.readline())
    try:
        say("result", look(request) if request["do"] == "look" else stage(request))
    except DomainError as error:
        say("error", {"code": error.code, "facts": error.facts})
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        failed = DiskFull() if full else DiskFailed(detail=error.strerror or str(error))
        say("error", {"code": failed.code, "facts": failed.facts})
    except (MemoryError, RecursionError, OverflowError) as error:
        unreadable = FileUnreadable(file=Path(request["path"]).name, detail=type(error).__name__)
        say("error", {"code": unreadable.code, "facts": unreadable.facts})
    return 0


if __name__ == "__main__":
    sys.exit(main())
