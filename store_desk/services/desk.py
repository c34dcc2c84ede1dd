"""The desk as services see it: its identity and the few things they need from outside, passed in, never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from store_desk.services.ports import PinHasher, Signer, Work


@dataclass(frozen=True, slots=True)
class DeskIdentity:
    """Which store and desk this is. `fingerprint` is that of the desk's public key (hex, in groups of four)."""

    store_code: str
    store_name: str
    desk: int
    desk_id: str
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    country: str = "CN"
    store_name_other: str = ""
    address: str = ""
    phone: str = ""
    fingerprint: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What every service is given.

    `work` opens a transaction that writes (BEGIN IMMEDIATE, committed at the end of the block, rolled back on any
    error); `read` one that only reads, from a snapshot. Both must be used on the database lane. `clock` answers aware
    UTC; `new_id` a UUIDv7 in hex. Without a `signer` slips carry no proof.
    """

    identity: DeskIdentity
    work: Work
    read: Work
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    pins: PinHasher
    signer: Signer | None = None

    @property
    def zone(self) -> tzinfo:
        """The store's time zone."""
        return ZoneInfo(self.identity.timezone)
