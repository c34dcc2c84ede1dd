"""What set-up asks for and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from store_desk.domain.staff import Staff
from store_desk.services.desk import DeskIdentity

CURRENCY = "CNY"
TIMEZONE = "Asia/Shanghai"
COUNTRY = "CN"


@dataclass(frozen=True, slots=True)
class SetUpForm:
    """The answers; the PIN is the first manager's own. Not checked yet."""

    store_code: str
    store_name: str
    desk: int
    manager_id: str
    manager_name: str
    pin: str
    currency: str = CURRENCY
    timezone: str = TIMEZONE
    country: str = COUNTRY
    store_name_other: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SetUpDone:
    """A founded store, its first manager, and the recovery sheet's lines."""

    identity: DeskIdentity
    manager: Staff
    recovery: str
