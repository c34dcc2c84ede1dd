"""One transaction with its repositories, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from store_desk.store.database import DATABASE_ERRORS, StoreDatabase, our_errors
from store_desk.store.repositories.attachments import StoredAttachments
from store_desk.store.repositories.cases import StoredCases, StoredNotices, StoredObligations
from store_desk.store.repositories.deliveries import StoredDeliveries
from store_desk.store.repositories.mirror import StoredMirror, StoredPositions
from store_desk.store.repositories.oversight import StoredOversight
from store_desk.store.repositories.people import StoredBatches, StoredDrafts, StoredPeople, StoredSettings
from store_desk.store.repositories.records import StoredCounters, StoredJournal, StoredOperations, StoredSlips
from store_desk.store.repositories.ticket_records import StoredRecords
from store_desk.store.repositories.tickets import StoredTickets
from store_desk.store.search import StoredFinder
from store_desk.store.spelling import Spelling


class StoredWork:
    """What can be reached within one transaction; implements `services.ports.UnitOfWork`."""

    def __init__(self, database: StoreDatabase, connection: Any, spelling: Spelling) -> None:
        self.database = database
        self.connection = connection
        self.spelling = spelling

    @cached_property
    def tickets(self) -> StoredTickets:
        return StoredTickets(self.connection, self.spelling)

    @cached_property
    def finder(self) -> StoredFinder:
        return StoredFinder(self.connection)

    @cached_property
    def cases(self) -> StoredCases:
        return StoredCases(self.connection)

    @cached_property
    def obligations(self) -> StoredObligations:
        return StoredObligations(self.connection)

    @cached_property
    def notices(self) -> StoredNotices:
        return StoredNotices(self.connection)

    @cached_property
    def slips(self) -> StoredSlips:
        return StoredSlips(self.connection)

    @cached_property
    def operations(self) -> StoredOperations:
        return StoredOperations(self.connection)

    @cached_property
    def deliveries(self) -> StoredDeliveries:
        return StoredDeliveries(self.connection)

    @cached_property
    def mirror(self) -> StoredMirror:
        return StoredMirror(self.connection)

    @cached_property
    def positions(self) -> StoredPositions:
        return StoredPositions(self.connection)

    @cached_property
    def records(self) -> StoredRecords:
        return StoredRecords(self.connection, self.spelling)

    @cached_property
    def journal(self) -> StoredJournal:
        return StoredJournal(self.connection)

    @property
    def journalled(self) -> tuple[int, str, int] | None:
        """The last entry that this transaction added to the journal: number, hash, time; None when it added none."""
        journal: StoredJournal | None = self.__dict__.get("journal")
        return journal.wrote if journal is not None else None

    @cached_property
    def people(self) -> StoredPeople:
        return StoredPeople(self.database)

    @cached_property
    def settings(self) -> StoredSettings:
        return StoredSettings(self.connection)

    @cached_property
    def drafts(self) -> StoredDrafts:
        return StoredDrafts(self.database)

    @cached_property
    def counters(self) -> StoredCounters:
        return StoredCounters(self.connection)

    @cached_property
    def attachments(self) -> StoredAttachments:
        return StoredAttachments(self.connection)

    @cached_property
    def oversight(self) -> StoredOversight:
        return StoredOversight(self.connection)

    @cached_property
    def batches(self) -> StoredBatches:
        return StoredBatches(self.database)


@contextmanager
def writing(database: StoreDatabase, spelling: Spelling) -> Iterator[StoredWork]:
    """BEGIN IMMEDIATE … COMMIT on this thread's connection; anything raised inside rolls everything back."""
    with our_errors(), database.turns.taken():
        connection = database.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield StoredWork(database, connection, spelling)
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            spelling.forget()
            raise


@contextmanager
def reading(database: StoreDatabase, spelling: Spelling) -> Iterator[StoredWork]:
    """A snapshot that only reads; a write inside is an error of the program."""
    with our_errors():
        connection = database.connection()
        connection.execute("BEGIN")
        try:
            connection.execute("PRAGMA query_only=1")
            yield StoredWork(database, connection, spelling)
        finally:
            connection.execute("PRAGMA query_only=0")
            roll_back(connection)


def roll_back(connection: Any) -> None:
    """Ends the transaction without a trace; SQLite may have ended it already after a full disk."""
    if not connection.in_transaction:
        return
    try:
        connection.execute("ROLLBACK")
    except DATABASE_ERRORS:
        # The error that led here is the one to tell; the connection rolls back by itself when it is closed.
        return
