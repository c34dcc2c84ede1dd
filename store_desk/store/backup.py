"""Backups: one file with the encrypted database and its keys under a passphrase; and copies kept beside the database.

A backup file: a line that names the format, the length of a JSON head, the head, the database's bytes. The head holds
the desk's secrets, encrypted with AES-256-GCM under a key that scrypt makes of the passphrase; the rest of the head is
authenticated with them, and it has the SHA-256 of the database's bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from store_desk.domain.errors import (
    AlreadySetUp,
    BackupUnreadable,
    DatabaseDamaged,
    FileNotWritten,
    KeyMissing,
    PassphraseTooShort,
    PassphraseWrong,
)
from store_desk.store import BACKUP_FOLDER, DATABASE_FILE
from store_desk.store.database import StoreDatabase, our_errors
from store_desk.store.files import drop_leftovers, new_quarantine, put_in_place, refuse_own
from store_desk.store.high_water import LOST_FILE, MARK_FILE, put_back
from store_desk.store.keys import CHECK_FILE, KEYS_FILE, DeskKeys, keys_from_bytes, keys_to_bytes, save_keys

if TYPE_CHECKING:
    from store_desk.store.opening import Store

# Copies kept beside the database, made before an upgrade and before an import.
ROLLING_COPIES = 3
# Of a database beyond this size only the latest copy is kept.
LARGE_BYTES = 256 * 1024 * 1024

MAGIC = b"STORE DESK BACKUP 1\n"
PASSPHRASE_MIN = 10
HEAD_MAX = 64 * 1024
PIECE = 1 << 20
# 64 MiB and about a quarter of a second per try.
SCRYPT_N = 1 << 16
SCRYPT_R = 8
SCRYPT_MEMORY = 128 * 1024 * 1024
NONCE_BYTES = 12
# The copy that a backup is made from, beside the database.
COPY_SUFFIX = ".copy"


@dataclass(frozen=True, slots=True)
class BackupHead:
    """What a backup says of itself before its passphrase is known."""

    made_at: datetime
    store: str
    desk: int
    size: int


def keep_rolling_copy(connection: Any, folder: Path, *, why: str) -> Path:
    """Writes a consistent copy, encrypted with the same key, into the backup folder; the oldest beyond three go.

    No transaction may be open. `why` becomes part of the name.
    """
    target = folder / BACKUP_FOLDER
    target.mkdir(mode=0o700, exist_ok=True)
    number = max((int(path.name[5:11]) for path in rolling_copies(folder)), default=0) + 1
    path = target / f"copy-{number:06d}-{why}.db"
    drop_leftovers(target, "copy-*.new")
    # A name of its own: another process may be making its copy at this moment, and neither may finish the other's.
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        _copy(connection, fresh)
        put_in_place(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    kept = ROLLING_COPIES if path.stat().st_size < LARGE_BYTES else 1
    for old in rolling_copies(folder)[:-kept]:
        old.unlink(missing_ok=True)
    return path


def rolling_copies(folder: Path) -> list[Path]:
    """The copies that are kept, oldest first."""
    return sorted((folder / BACKUP_FOLDER).glob("copy-[0-9]*.db"))


def last_copy(folder: Path) -> Path | None:
    """The latest copy."""
    return next(reversed(rolling_copies(folder)), None)


def backup(store: Store, out: Path, *, passphrase: str, now: datetime) -> BackupHead:
    """Writes the whole store into one file that only the passphrase opens, and reads it again before it counts.

    Raises PassphraseTooShort, IntoDataFolder, FileNotWritten, DiskFull, or DatabaseDamaged. No transaction may be open.
    """
    if len(passphrase) < PASSPHRASE_MIN:
        raise PassphraseTooShort(length=PASSPHRASE_MIN)
    refuse_own(store.folder, out)
    identity = store.identity
    store.connect_lane()
    drop_leftovers(store.folder, "*" + COPY_SUFFIX + "*")
    copy = store.folder / f"backup-{os.getpid()}{COPY_SUFFIX}"
    written = out.with_name(out.name + ".new")
    try:
        with our_errors():
            _copy(store.database.connection(), copy)
        head = BackupHead(now, identity.store_code, identity.desk, copy.stat().st_size)
        try:
            _write(written, copy, head, store.keys, passphrase)
            put_in_place(written, out)
        except OSError as error:
            raise FileNotWritten(file=str(out), detail=error.strerror or str(error)) from error
        _read_keys(out, passphrase)
        return head
    finally:
        copy.unlink(missing_ok=True)
        written.unlink(missing_ok=True)


def read_head(file: Path) -> BackupHead:
    """What the backup says of itself; raises BackupUnreadable."""
    with _opened(file) as stream:
        head = _head_of(stream, file)
    try:
        made_at = datetime.fromtimestamp(head["made_at"], UTC)
        return BackupHead(made_at, str(head["store"]), int(head["desk"]), int(head["size"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BackupUnreadable(file=str(file), detail="head") from error


def check_passphrase(file: Path, passphrase: str) -> None:
    """Raises PassphraseWrong or BackupUnreadable unless the passphrase opens the backup; changes nothing."""
    _read_keys(file, passphrase)


def restore(file: Path, folder: Path, *, passphrase: str) -> None:
    """Puts the store of a backup into the folder; raises AlreadySetUp when one is there (see `quarantine`).

    Raises PassphraseWrong or BackupUnreadable before anything is written.
    """
    path = folder / DATABASE_FILE
    if path.exists():
        raise AlreadySetUp(folder=str(folder))
    keys = _read_keys(file, passphrase)
    fresh = folder / f"{DATABASE_FILE}.new"
    with our_errors():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _opened(file) as stream, fresh.open("wb") as target:
            _head_of(stream, file)
            shutil.copyfileobj(stream, target, PIECE)
        fresh.chmod(0o600)
    try:
        _check_copy(fresh, keys)
    except (KeyMissing, DatabaseDamaged) as error:
        fresh.unlink(missing_ok=True)
        raise BackupUnreadable(file=str(file), detail=str(error)) from error
    put_remains_aside(folder)
    with our_errors():
        save_keys(folder, keys)
        put_back(folder)
        put_in_place(fresh, path)


def restore_copy(copy: Path, folder: Path) -> None:
    """Puts one of the rolling copies in the place of the database; the keys of the folder stay."""
    path = folder / DATABASE_FILE
    if path.exists():
        raise AlreadySetUp(folder=str(folder))
    fresh = folder / f"{DATABASE_FILE}.new"
    with our_errors():
        shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        put_back(folder)
        put_in_place(fresh, path)


def quarantine(folder: Path) -> Path:
    """Moves a damaged database with all that belongs to it aside and answers where; nothing is ever deleted.

    The keys are copied, not moved: without them what lies there could not be looked at.
    """
    with our_errors():
        target = new_quarantine(folder)
        for name in (KEYS_FILE, CHECK_FILE):
            if (folder / name).exists():
                shutil.copy2(folder / name, target / name)
        # The log first: a database without it is older, but a log beside another database would be a danger.
        # Its mark last: until then it tells that the log is missing.
        for name in (f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", DATABASE_FILE, MARK_FILE, LOST_FILE):
            source = folder / name
            if source.exists():
                source.replace(target / source.name)
    return target


def put_remains_aside(folder: Path) -> None:
    """Moves what a database that is gone left behind aside, before another one takes its place.

    Its keys may be all that opens the rolling copies; its log, beside another database, would destroy that one.
    """
    if (folder / DATABASE_FILE).exists():
        return
    logged = any((folder / (DATABASE_FILE + suffix)).exists() for suffix in ("-wal", "-shm"))
    if logged or ((folder / KEYS_FILE).is_file() and not _keys_are_aside(folder)):
        quarantine(folder)


def _keys_are_aside(folder: Path) -> bool:
    """Whether the keys lie with a database that was put aside, as they do after `quarantine`."""
    with our_errors():
        keys = (folder / KEYS_FILE).read_bytes()
        return any(kept.read_bytes() == keys for kept in folder.glob(f"quarantine-*/{KEYS_FILE}"))


def _copy(connection: Any, target: Path) -> None:
    target.unlink(missing_ok=True)
    # As a URI, because a folder's name may hold bytes that are no text.
    connection.execute("VACUUM INTO ?", (target.absolute().as_uri(),))
    target.chmod(0o600)


def _check_copy(path: Path, keys: DeskKeys) -> None:
    database = StoreDatabase(path, keys.database)
    with our_errors():
        try:
            database.connect()
            (answer,) = database.connection().execute("PRAGMA quick_check(1)").fetchone()
            if answer != "ok":
                raise DatabaseDamaged(detail=str(answer), backup="-")
            database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            database.close()


def _write(target: Path, copy: Path, head: BackupHead, keys: DeskKeys, passphrase: str) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    digest = hashlib.sha256()
    with copy.open("rb") as source:
        while piece := source.read(PIECE):
            digest.update(piece)
    salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
    shown: dict[str, Any] = {
        "made_at": int(head.made_at.timestamp()),
        "store": head.store,
        "desk": head.desk,
        "size": head.size,
        "sha256": digest.hexdigest(),
        "scrypt": [SCRYPT_N, SCRYPT_R, 1],
        "salt": salt.hex(),
        "nonce": nonce.hex(),
    }
    box = AESGCM(_stretch(passphrase, salt, SCRYPT_N, SCRYPT_R, 1))
    wrapped = box.encrypt(nonce, keys_to_bytes(keys), _associated(shown))
    raw = json.dumps({**shown, "keys": base64.b64encode(wrapped).decode()}).encode()
    with copy.open("rb") as source, target.open("wb") as stream:
        stream.write(MAGIC + len(raw).to_bytes(4, "big") + raw)
        shutil.copyfileobj(source, stream, PIECE)
    target.chmod(0o600)


def _read_keys(file: Path, passphrase: str) -> DeskKeys:
    """The keys of a backup whose every byte has been checked."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    with _opened(file) as stream:
        head = _head_of(stream, file)
        digest = hashlib.sha256()
        size = 0
        while piece := stream.read(PIECE):
            digest.update(piece)
            size += len(piece)
    try:
        wrapped = base64.b64decode(head.pop("keys"))
        n, r, p = (int(value) for value in head["scrypt"])
        if n > SCRYPT_N or r > SCRYPT_R or p != 1:
            raise ValueError("scrypt")
        box = AESGCM(_stretch(passphrase, bytes.fromhex(head["salt"]), n, r, p))
        secrets = box.decrypt(bytes.fromhex(head["nonce"]), wrapped, _associated(head))
        if head["sha256"] != digest.hexdigest() or head["size"] != size:
            raise BackupUnreadable(file=str(file), detail="the database in it is damaged")
        return keys_from_bytes(secrets)
    except InvalidTag as error:
        raise PassphraseWrong() from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BackupUnreadable(file=str(file), detail="head") from error


def _associated(shown: dict[str, Any]) -> bytes:
    return json.dumps(shown, sort_keys=True).encode()


def _stretch(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=SCRYPT_MEMORY, dklen=32)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise BackupUnreadable(file=str(file), detail=error.strerror or str(error)) from error


def _head_of(stream: BinaryIO, file: Path) -> dict[str, Any]:
    if stream.read(len(MAGIC)) != MAGIC:
        raise BackupUnreadable(file=str(file), detail="not a backup of Store Desk")
    length = int.from_bytes(stream.read(4), "big")
    try:
        head = json.loads(stream.read(length)) if length <= HEAD_MAX else None
    except (ValueError, RecursionError) as error:
        raise BackupUnreadable(file=str(file), detail="head") from error
    if not isinstance(head, dict):
        raise BackupUnreadable(file=str(file), detail="head")
    return head
