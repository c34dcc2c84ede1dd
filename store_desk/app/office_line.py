"""The desk's line to head office put together: the link with its files, and how a whole copy is taken over."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import HubUnreachable
from store_desk.domain.record import TicketRecord
from store_desk.services.answers import absorb
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, read_enrolment
from store_desk.services.messages import SnapshotRow
from store_desk.services.ports import UnitOfWork
from store_desk.services.rules import read_settings

if TYPE_CHECKING:
    from store_desk.app.wiring import OpenDesk
    from store_desk.services.office import Joined
    from store_desk.store.opening import Store
    from store_desk.sync.cycle import CycleReport
    from store_desk.sync.hub_client import HttpLink
    from store_desk.sync.link import Copy

# Settings of the line: `sync.every_s` between two rounds, `sync.wait_ms` for an answer, `sync.proxy` an address.
PREFIX: Final = "sync."
EVERY_S: Final = 15
WAIT_MS: Final = 2_000
# Cases that one round marks as without an answer for too long.
OVERDUE_MAX: Final = 200

Progress = Callable[[str, int, int], None]


def quiet(_step: str, _done: int, _of: int) -> None:
    """Progress that nobody looks at."""


def line_settings(desk: Desk) -> dict[str, str]:
    """The settings of the line by name, as texts."""
    shown: dict[str, str] = {}
    for name, text in read_settings(desk, PREFIX).items():
        try:
            shown[name] = str(json.loads(text))
        except ValueError:
            shown[name] = text
    return shown


def number_of(settings: dict[str, str], name: str, default: int, *, least: int, most: int) -> int:
    """A whole number of the settings within its bounds, the default for anything else."""
    text = settings.get(name, "")
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 9 else default


def make_link(store: Store, desk: Desk, who: Enrolment | None = None, progress: Progress = quiet) -> HttpLink:
    """A link for one thread; pieces of copies are kept in the data folder."""
    from store_desk.sync.copy_files import CopyFiles
    from store_desk.sync.hub_client import HttpLink

    files = CopyFiles(store.folder, store.keys.database)
    return HttpLink(desk, who=who, files=files, proxy=line_settings(desk).get("proxy", ""), progress=progress)


def copy_loader(
    store: Store, *, progress: Progress = quiet, stopped: Callable[[], bool] = lambda: False
) -> Callable[[Desk, Copy, set[str]], None]:
    """How `run_cycle` takes a copy over: staged beside the running desk, then visible all at once."""

    def told(stage: str, done: int, total: int) -> None:
        if stage == "staged":
            progress("copying", done, total)

    def load(desk: Desk, copy: Copy, seen: set[str]) -> None:
        at = copy.position

        def rows() -> Iterator[SnapshotRow]:
            for row in copy.rows:
                seen.add(row.ticket_id)
                yield row

        def take(uow: UnitOfWork, record: TicketRecord) -> None:
            absorb(desk, uow, record, now=desk.clock())

        loaded = store.load_snapshot(
            rows(),
            token=f"{at.epoch}:{at.store}:{at.seq}:{at.hash.hex()}",
            total=copy.count,
            of_store=at.store,
            absorb=take,
            told=told,
            stopped=stopped,
        )
        if loaded is None:
            # What was staged stays; the next round goes on.
            raise HubUnreachable(detail="stopped")

    return load


def join_here(
    opened: OpenDesk,
    url: str,
    code: str,
    told: Progress = quiet,
    *,
    authority: str = "",
    keep: Callable[[HttpLink], None] | None = None,
) -> Joined:
    """Joins a head office with this desk; `keep` is handed every link, so that it can be ended from elsewhere.

    Raises what `sync.enrol.join` raises.
    """
    from store_desk.sync.enrol import join

    def line(desk: Desk, who: Enrolment | None, progress: Progress) -> HttpLink:
        made = make_link(opened.store, desk, who, progress)
        if keep is not None:
            keep(made)
        return made

    loader = copy_loader(opened.store, progress=told)
    return join(opened.desk, url, code, told, authority=authority, make_link=line, load_copy=loader)


def one_round(opened: OpenDesk, *, limit_s: float | None = None, told: Progress = quiet) -> CycleReport:
    """One round with head office on the calling thread, broken off after `limit_s`; what came until then is kept.

    Raises NotEnrolled or what the link raises.
    """
    from store_desk.services.outcomes import expire_overdue
    from store_desk.sync.cycle import run_cycle
    from store_desk.sync.enrol import send_past

    line = make_link(opened.store, opened.desk, progress=told)
    over = threading.Event()

    def end() -> None:
        over.set()
        line.abort()

    timer = threading.Timer(limit_s, end) if limit_s is not None else None
    if timer is not None:
        timer.daemon = True
        timer.start()
    try:
        loader = copy_loader(opened.store, progress=told, stopped=over.is_set)
        report = run_cycle(opened.desk, line, load_copy=loader, stopped=over.is_set)
        if not over.is_set():
            send_past(opened.desk, line)
            expire_overdue(opened.desk, limit=OVERDUE_MAX)
        return report
    finally:
        if timer is not None:
            timer.cancel()
        line.close()


def wait_for_answer(opened: OpenDesk) -> bool:
    """Sends what was just done and waits for its answer as long as printing would; False when there is none.

    Nothing is lost by that: what has no answer goes with the next round.
    """
    if read_enrolment(opened.desk) is None:
        return False
    limit = number_of(line_settings(opened.desk), "wait_ms", WAIT_MS, least=0, most=60_000) / 1000
    if not limit:
        return False
    try:
        return one_round(opened, limit_s=limit).answered > 0
    except DomainError:
        return False
