"""The desk's encrypted database: opening it, its transactions, the search, imports, backups and its health.

This module is light: peewee and SQLCipher are imported when a store is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store_desk.services.desk import DeskIdentity
    from store_desk.store.opening import Store

DATABASE_FILE = "desk.db"
BACKUP_FOLDER = "backups"

__all__ = ["BACKUP_FOLDER", "DATABASE_FILE", "create_store", "exists", "open_store"]


def exists(folder: Path) -> bool:
    """Whether there is a store in the folder; costs one look at the disk."""
    return (folder / DATABASE_FILE).is_file()


def create_store(folder: Path, *, identity: DeskIdentity) -> Store:
    """Makes a new store with fresh keys and opens it; raises AlreadySetUp when the folder holds one."""
    from store_desk.store.opening import create

    return create(folder, identity=identity)


def open_store(folder: Path) -> Store:
    """Opens the store of the folder, upgrading it when it is older.

    Raises NotSetUp, KeyMissing, DatabaseNewer, DatabaseDamaged, DatabaseLocked, DiskFull or DiskFailed.
    """
    from store_desk.store.opening import open_folder

    return open_folder(folder)
