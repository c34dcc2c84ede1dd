"""A desk's store in memory: the same ports and rules as the real one, for histories played by the ten thousand.

`work()` and `read()` are transactions as `services.desk.Desk` wants them. `image()` is a copy of the whole disk and
`restore(image)` puts it back, as a power cut, a restored backup or a copied computer would. One thread only.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from store_desk.services.ports import UnitOfWork
from tests.memory.ledger import (
    MemoryAttachments,
    MemoryBatches,
    MemoryCounters,
    MemoryDeliveries,
    MemoryDrafts,
    MemoryJournal,
    MemoryMirror,
    MemoryOperations,
    MemoryOversight,
    MemoryPeople,
    MemoryPositions,
    MemorySettings,
    MemorySlips,
)
from tests.memory.tables import Disk, Image, Transaction
from tests.memory.trade import (
    MemoryCases,
    MemoryFinder,
    MemoryNotices,
    MemoryObligations,
    MemoryRecords,
    MemoryTickets,
)


class MemoryWork:
    """All repositories on one disk; implements `services.ports.UnitOfWork`."""

    def __init__(self, disk: Disk) -> None:
        self.drafts = MemoryDrafts(disk)
        self.tickets = MemoryTickets(disk, self.drafts.has)
        self.finder = MemoryFinder(self.tickets)
        self.cases = MemoryCases(disk, self.tickets)
        self.obligations = MemoryObligations(disk, self.tickets, self.cases)
        self.tickets.cases = self.cases
        self.tickets.obligations = self.obligations
        self.notices = MemoryNotices(disk)
        self.slips = MemorySlips(disk)
        self.operations = MemoryOperations(disk)
        self.deliveries = MemoryDeliveries(disk)
        self.mirror = MemoryMirror(disk)
        self.positions = MemoryPositions(disk)
        self.records = MemoryRecords(self.tickets, self.cases, self.obligations)
        self.journal = MemoryJournal(disk)
        self.people = MemoryPeople(disk)
        self.settings = MemorySettings(disk)
        self.counters = MemoryCounters(disk)
        self.attachments = MemoryAttachments(disk)
        self.batches = MemoryBatches()
        self.oversight = MemoryOversight(self.cases, self.journal, self.slips)


class MemoryDeskStore:
    """The store; `unit` can be looked into between transactions."""

    def __init__(self) -> None:
        self._disk = Disk()
        self.unit: UnitOfWork = MemoryWork(self._disk)

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that writes; anything raised inside takes all of it back."""
        return Transaction(self._disk, self.unit, writable=True)

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads; a write inside is a mistake."""
        return Transaction(self._disk, self.unit, writable=False)

    def image(self) -> Image:
        """The whole disk as it is now."""
        return self._disk.image()

    def restore(self, image: Image) -> None:
        """The whole disk as it was."""
        self._disk.restore(image)
