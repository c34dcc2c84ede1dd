"""`backup`, `restore` and `doctor`: a copy for bad days, the way back from it, and whether all is well."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from store_desk.cli import secrets_asked
from store_desk.cli.call import Answer, Call, unhurried
from store_desk.cli.shapes import moment
from store_desk.cli.verbs.certificates import certificate_check, mend_certificate
from store_desk.cli.verbs.files import refuse_own, refuse_special
from store_desk.domain.errors import (
    AlreadySetUp,
    DatabaseDamaged,
    DomainError,
    Family,
    JournalBroken,
    KeyMissing,
    SecondInstance,
)
from store_desk.domain.roles import Right
from store_desk.domain.staff import Actor, demand
from store_desk.store.high_water import work_lost
from store_desk.words import catalogue, say_error

if TYPE_CHECKING:
    from store_desk.app.wiring import OpenDesk
    from store_desk.store.health import Check

# What these say is worth knowing and no damage: a desk works on with them.
ADVICE = frozenset(
    {
        "key_protection",
        "disk_room",
        "write_ahead_log",
        "imports",
        "certificate",
        "search_words",
        "office_waiting",
        "office_contact",
        "office_clock",
        "office_to_handle",
    }
)


# The check that tells of committed work that is missing.
LOST_WORK = "lost_work"


def backup(call: Call) -> Answer:
    """Writes the store and its keys into one file that only the passphrase opens."""
    from store_desk.store.backup import backup as write_backup

    out: Path = call.options.out
    refuse_own(call, out)
    with call.at_desk(Right.BACKUP) as here:
        refuse_special(out)
        phrase = secrets_asked.ask(call.terminal, secrets_asked.PASSPHRASE, twice=True)
        with unhurried():
            head = write_backup(here.opened.store, out, passphrase=phrase, now=here.desk.clock())
            with here.desk.work() as uow:
                facts: dict[str, object] = {"file": out.name, "size": head.size}
                uow.journal.write(at=here.desk.clock(), actor=here.actor.id, what="backup_made", facts=facts)
        made_at = moment(head.made_at, here.desk.zone)
    checks = [{"name": "read_again", "ok": True, "text": call.say("cli.check.read_again")}]
    body: dict[str, object] = {"checks": checks, "file": str(out), "size": head.size, "made_at": made_at}
    return Answer(body, (call.say("cli.backup.done", file=str(out)),))


def restore(call: Call) -> Answer:
    """Puts a backup into the data folder; data that is there is moved aside and never lost.

    No window may be open on the data. A manager must act: the one of the data that is there, or the backup's where none
    is or it cannot be opened. Data in order is replaced with `--force` only.
    """
    from store_desk.store.backup import quarantine
    from store_desk.store.backup import restore as put_back
    from store_desk.store.health import check, check_deep

    file: Path = call.options.file
    folder = call.folder
    refuse_beside_window(folder)
    sound = _sound(call, folder)
    phrase = secrets_asked.ask(call.terminal, secrets_asked.PASSPHRASE)
    with _staged(call, file, folder, phrase) as staged:
        actor = _manager_of(call, folder if sound else staged)
    kept = ""
    with unhurried():
        if _is_there(folder):
            kept = str(quarantine(folder))
        try:
            put_back(file, folder, passphrase=phrase)
        except DomainError:
            if kept:
                call.terminal.tell(call.say("cli.restore.kept", folder=kept))
            raise
        with call.open() as opened:
            with opened.desk.work() as uow:
                facts: dict[str, object] = {"file": file.name, "kept": Path(kept).name if kept else ""}
                uow.journal.write(at=opened.desk.clock(), actor=actor.id, what="backup_restored", facts=facts)
            checks = [*check(opened.store), *check_deep(opened.store)]
    lines = [call.say("cli.restore.done", file=str(file), folder=str(folder))]
    if kept:
        lines.append(call.say("cli.restore.kept", folder=kept))
    return _checked(call, checks, lines, {"data": str(folder), "kept": kept})


def refuse_beside_window(folder: Path) -> None:
    """Raises SecondInstance while a window is open on the data: its lock lies beside the folder.

    The lock counts only while somebody holds it, so that one left by a power cut is in nobody's way.
    """
    lock = folder.with_name(folder.name + ".lock")
    try:
        with lock.open("r+b") as file:
            held = _is_held(file.fileno())
    except FileNotFoundError:
        return
    except OSError:
        # Windows does not even open a file that another process holds.
        held = True
    if held:
        raise SecondInstance()


def _is_held(handle: int) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _is_there(folder: Path) -> bool:
    from store_desk.store import exists

    return exists(folder)


def _sound(call: Call, folder: Path) -> bool:
    """Whether the folder holds data in order; raises AlreadySetUp for it without `--force`.

    What cannot be judged (written by a newer program, in use, an unreadable disk) is left alone: the error goes on.
    """
    from store_desk.store.health import check_deep

    if not _is_there(folder):
        return False
    try:
        with call.open() as opened:
            sound = all(item.ok for item in check_deep(opened.store))
    except (DatabaseDamaged, KeyMissing):
        return False
    if sound and not call.options.force:
        call.terminal.tell(call.say("cli.restore.healthy", folder=str(folder)))
        raise AlreadySetUp(folder=str(folder))
    return sound


@contextmanager
def _staged(call: Call, file: Path, folder: Path, phrase: str) -> Iterator[Path]:
    """A place beside the data where the backup lies open while its manager is asked, and nothing afterwards."""
    from store_desk.store.backup import restore as put_back
    from store_desk.store.files import drop_leftovers
    from store_desk.store.keys import KEYRING_SWITCH

    # It holds the keys too, so one that a kill left must not stay for good.
    drop_leftovers(folder.parent, f"{glob.escape(folder.name)}.restoring-*")
    staged = folder.with_name(f"{folder.name}.restoring-{os.getpid()}")
    # The keys of a place that lives for a moment have no business in the system's key store.
    switch = os.environ.pop(KEYRING_SWITCH, None)
    try:
        put_back(file, staged, passphrase=phrase)
        yield staged
    finally:
        if switch is not None:
            os.environ[KEYRING_SWITCH] = switch
        shutil.rmtree(staged, ignore_errors=True)


def _manager_of(call: Call, folder: Path) -> Actor:
    """Who acts, checked against the people of this folder; raises RightMissing for anybody but a manager."""
    from store_desk.app.wiring import open_desk

    opened = open_desk(folder)
    try:
        actor = call.person(opened.desk)
        demand(actor, Right.BACKUP)
        return actor
    finally:
        opened.close()


def doctor(call: Call) -> Answer:
    """Looks at everything; `--mend` first puts right what follows from other data.

    Looking needs nobody's PIN, because nothing of a customer is shown and a damaged store can check none; with
    `--clerk` the right is asked for. Damage is a failure, advice is none; either way the checks are answered.
    """
    from store_desk.store.health import check, check_deep
    from store_desk.store.health_office import check_office

    mended: list[str] = []
    lost: DomainError | None = None
    if call.options.mend:
        refuse_beside_window(call.folder)
    try:
        with call.open() as opened:
            if call.options.mend:
                lost = work_lost(call.folder)
                mended = _mend(call, opened)
            elif getattr(call.options, "clerk", ""):
                demand(call.person(opened.desk), Right.DOCTOR)
            checks = [*check(opened.store), *check_deep(opened.store)]
            # Where guards are missing, somebody may have changed what they guard: then this is worth most.
            if all(item.ok or item.name in {*ADVICE, "guards"} for item in checks):
                checks += check_office(opened.store, now=opened.desk.clock())
            if all(item.ok or item.name in ADVICE for item in checks):
                checks.append(certificate_check(call, opened))
    except DomainError as error:
        if error.family is not Family.ENVIRONMENT:
            raise
        words = say_error(call.terminal.lang, error)
        body: dict[str, object] = {"checks": [{"name": "open", "ok": False, "text": words}], "mended": []}
        return Answer(body, (), error)
    if lost is not None:
        # Said once more, because it is not said again from now on.
        call.terminal.tell(say_error(call.terminal.lang, lost))
    lines = [call.say("cli.doctor.mended", what=", ".join(mended))] if mended else []
    return _checked(call, checks, lines, {"mended": mended})


def _mend(call: Call, opened: OpenDesk) -> list[str]:
    """What can be put right, put right and written down: also imports that a power cut left half published."""
    from store_desk.store.health import mend
    from store_desk.store.undo import take_back_unfinished

    desk = opened.desk
    actor = call.person(desk)
    demand(actor, Right.MEND)
    with unhurried():
        taken = [batch.file for batch in take_back_unfinished(opened.store, now=desk.clock())]
        done = [*mend(opened.store), *(["imports"] if taken else []), *mend_certificate(opened, actor)]
        with desk.work() as uow:
            facts: dict[str, object] = {"done": done, "imports": taken}
            uow.journal.write(at=desk.clock(), actor=actor.id, what="mended", facts=facts)
    if taken:
        call.terminal.tell(call.say("cli.doctor.taken_back", files=", ".join(taken)))
    return done


def _checked(call: Call, checks: Iterable[Check], lines: list[str], more: dict[str, object]) -> Answer:
    """The checks in words, and the failure that the first damaged one is."""
    shown: list[dict[str, object]] = []
    failure: DomainError | None = None
    for item in checks:
        text = _words(call, item)
        shown.append({"name": item.name, "ok": item.ok, "text": text})
        lines.append(f"{call.say('cli.doctor.ok' if item.ok else 'cli.doctor.bad')}  {text}")
        if not item.ok and item.name not in ADVICE and failure is None:
            failure = _failure(call, item)
    return Answer({"checks": shown, **more}, tuple(lines), failure)


def _words(call: Call, item: Check) -> str:
    lost = work_lost(call.folder) if item.name == LOST_WORK else None
    if lost is not None:
        return say_error(call.terminal.lang, lost)
    named = f"check.{item.name}" in catalogue("cli")
    name = call.say(f"cli.check.{item.name}") if named else item.name
    # How keys are kept is said by the words and by whether that is well.
    return f"{name} ({item.detail})" if item.detail and item.name != "key_protection" else name


def _failure(call: Call, item: Check) -> DomainError:
    from store_desk.store.backup import last_copy

    lost = work_lost(call.folder) if item.name == LOST_WORK else None
    if lost is not None:
        return lost
    if item.name == "journal_chain":
        return JournalBroken(entry=int(item.detail.rpartition(" ")[2]))
    return DatabaseDamaged(detail=f"{item.name}: {item.detail}", backup=str(last_copy(call.folder) or "-"))
