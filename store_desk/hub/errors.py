"""What can go wrong between head office's service and its database, each a refusal with a stable code."""

from __future__ import annotations

from store_desk.domain.errors import OutsideFailure


class DatabaseUnreachable(OutsideFailure):
    """PostgreSQL cannot be reached, or it went away before anything was stored."""

    code = "hub_database_unreachable"
    sentence = "Head office's database cannot be reached ({detail})."


class DatabaseBusy(OutsideFailure):
    """The database did not come to an end in the time allowed, or others kept it from doing so; nothing is stored."""

    code = "hub_database_busy"
    sentence = "Head office's database is busy ({detail}); nothing was stored. Try again."


class OutcomeUnknown(OutsideFailure):
    """The connection was lost while a transaction was being committed: it may be stored, or not; ask again."""

    code = "hub_outcome_unknown"
    sentence = "The connection to head office's database was lost at the last moment; ask again for what became of it."


class DatabaseRefused(OutsideFailure):
    """The database refused a statement for a reason that trying again does not change."""

    code = "hub_database_refused"
    sentence = "Head office's database refused ({detail})."


class DatabaseUnwritable(OutsideFailure):
    """The database answers but takes nothing: its disk is full, or it may only be read."""

    code = "hub_database_unwritable"
    sentence = "Head office's database takes nothing at the moment ({detail}); nothing was stored."


class SchemaNewer(OutsideFailure):
    """The database was made by a newer program; `found` and `known` are schema versions."""

    code = "hub_schema_newer"
    sentence = "Head office's database has schema {found}, newer than {known}. Install the newer program."


class SchemaOlder(OutsideFailure):
    """The database has not been brought up to this program's schema."""

    code = "hub_schema_older"
    sentence = "Head office's database has schema {found}, this program needs {known}. Run store-desk hub init first."


class StoreUnknown(OutsideFailure):
    """A change was to be written for a store that head office does not have."""

    code = "hub_store_unknown"
    sentence = "Head office has no store {store}."


class SnapshotGone(OutsideFailure):
    """A snapshot, or a part of it, has been cleared away in the meantime."""

    code = "hub_snapshot_gone"
    sentence = "This snapshot is no longer kept; ask for a new one."
