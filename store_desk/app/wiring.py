"""Opening and founding a desk: the store, its keys and the services' context put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store_desk.domain.errors import AlreadySetUp, DiskFailed, SetUpInvalid
from store_desk.domain.numbers import is_store_code
from store_desk.domain.places import place_faults
from store_desk.domain.policy import Policy
from store_desk.domain.staff import STAFF_ID, Staff, check_pin
from store_desk.services import people
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.ids import IdMaker
from store_desk.store import create_store, exists, open_store
from store_desk.store.opening import Store
from store_desk.store.signer import DeskSigner

DESK_MAX = 999
NAME_LENGTH_MAX = 80


def clock() -> datetime:
    """Now in UTC, in whole milliseconds as everything is kept."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class SetUpAnswers:
    """What set-up asks. The PIN is the first manager's own."""

    store_code: str
    store_name: str
    desk: int
    manager_id: str
    manager_name: str
    pin: str
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    country: str = "CN"
    store_name_other: str = ""
    address: str = ""
    phone: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class SetUpResult:
    """A founded store: its identity, the first manager, and the sheet that opens it again when all else is lost."""

    identity: DeskIdentity
    manager: Staff
    recovery: str


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """An opened desk: the services' context and the store below it, to be closed at the end."""

    desk: Desk
    store: Store
    folder: Path

    def close(self) -> None:
        """Folds the log into the database and closes every connection."""
        self.store.checkpoint(truncate=True)
        self.store.close()


def desk_over(store: Store, *, now: Callable[[], datetime] = clock) -> Desk:
    """The services' context over an opened store."""
    return Desk(
        identity=store.identity,
        work=store.work,
        read=store.read,
        clock=now,
        new_id=IdMaker(),
        pins=store.pins,
        signer=DeskSigner(store.keys),
    )


def open_desk(folder: Path, *, now: Callable[[], datetime] = clock) -> OpenDesk:
    """Opens the desk of this folder; raises NotSetUp, KeyMissing, DatabaseNewer or DatabaseDamaged."""
    store = open_store(folder)
    return OpenDesk(desk_over(store, now=now), store, folder)


def check_answers(answers: SetUpAnswers) -> None:
    """Raises SetUpInvalid (or PinNotAcceptable) naming the first answer that cannot be used."""
    wrong: list[tuple[str, object, str]] = []
    if not is_store_code(answers.store_code):
        wrong.append(("store_code", answers.store_code, "A-Z, 1–8"))
    if not 0 < len(answers.store_name.strip()) <= NAME_LENGTH_MAX or not answers.store_name.isprintable():
        wrong.append(("store_name", answers.store_name, f"1–{NAME_LENGTH_MAX}"))
    if not 1 <= answers.desk <= DESK_MAX:
        wrong.append(("desk", answers.desk, f"1–{DESK_MAX}"))
    wrong += place_faults(currency=answers.currency, country=answers.country)
    try:
        ZoneInfo(answers.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrong.append(("timezone", answers.timezone, "Asia/Shanghai …"))
    if STAFF_ID.fullmatch(answers.manager_id) is None:
        wrong.append(("manager_id", answers.manager_id, "0-9 A-Z, 1–20"))
    if not 0 < len(answers.manager_name.strip()) <= NAME_LENGTH_MAX or not answers.manager_name.isprintable():
        wrong.append(("manager_name", answers.manager_name, f"1–{NAME_LENGTH_MAX}"))
    for field, value, hint in wrong:
        raise SetUpInvalid(field=field, value=str(value)[:80], hint=hint)
    check_pin(answers.pin, digits=Policy().pin_digits)


def found_store(folder: Path, answers: SetUpAnswers, *, now: Callable[[], datetime] = clock) -> SetUpResult:
    """Makes the database with its keys, the store, the desk and the first manager.

    All answers are checked before anything is written. Raises AlreadySetUp, SetUpInvalid, PinNotAcceptable.
    """
    check_answers(answers)
    if exists(folder):
        raise AlreadySetUp(folder=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFailed(detail=str(error)) from error
    identity = DeskIdentity(
        store_code=answers.store_code,
        store_name=answers.store_name.strip(),
        desk=answers.desk,
        desk_id=uuid4().hex,
        currency=answers.currency,
        timezone=answers.timezone,
        country=answers.country,
        store_name_other=answers.store_name_other.strip(),
        address=answers.address.strip(),
        phone=answers.phone.strip(),
        demo=answers.demo,
    )
    store = create_store(folder, identity=identity)
    try:
        manager = people.first_manager(
            desk_over(store, now=now), staff_id=answers.manager_id, name=answers.manager_name, pin=answers.pin
        )
        from store_desk.app.signing import ensure_certificate
        from store_desk.store.keys import recovery_sheet

        ensure_certificate(desk_over(store, now=now), store.keys)
        return SetUpResult(store.identity, replace(manager, pin_hash=""), recovery_sheet(store.keys))
    finally:
        store.close()
