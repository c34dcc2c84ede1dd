"""What the service says no with: a status, a code that never changes, and facts; and how our errors become that."""

from __future__ import annotations

from store_desk.domain.errors import DomainError, Fact, SettingInvalid
from store_desk.hub.errors import (
    DatabaseBusy,
    DatabaseRefused,
    DatabaseUnreachable,
    DatabaseUnwritable,
    OutcomeUnknown,
    SnapshotGone,
    StoreUnknown,
)

RETRY_S = 2
# A disk is not made larger in seconds.
UNWRITABLE_RETRY_S = 30

# Code -> status and the sentence that goes with it.
SAID: dict[str, tuple[int, str]] = {
    "bad_request": (400, "The request is not what this protocol has: {why}."),
    "bad_signature": (401, "The signature does not fit the request."),
    "bad_operation": (400, "Operation {id} is not what the desk signed: {why}."),
    "unknown_desk": (401, "Head office does not know this desk."),
    "desk_revoked": (401, "This desk's right to ask head office has been taken away."),
    "code_wrong": (401, "This code is wrong, has been used, or is too old."),
    "wrong_store": (403, "This desk may not see store {store}."),
    "role_missing": (403, "A desk of role {role} may not ask this."),
    "person_missing": (403, "Person {actor} may not administer at head office."),
    "not_found": (404, "There is nothing at this address."),
    "ticket_not_found": (404, "Head office has no such ticket in this desk's stores."),
    "store_not_found": (404, "Head office has no store {store}."),
    "desk_not_found": (404, "Head office has no such desk in this desk's stores."),
    "method_not_allowed": (405, "This address takes another method."),
    "too_slow": (408, "The request took too long to arrive."),
    "version_moved": (409, "Somebody has changed this meanwhile: version {present} stands, not {expected}."),
    "snapshot_gone": (409, "This snapshot is no longer kept; ask for a new one."),
    "number_ambiguous": (409, "{count} tickets bear this number; name the store, the source or the id."),
    "number_taken": (409, "Store {store} has a ticket {number} already, of the same source; its id is {id}."),
    "desk_taken": (409, "Store {store} has a desk {desk} already; revoke it first."),
    "code_elsewhere": (409, "This code is for store {store}, desk {desk}; it was not used up."),
    "conflict": (409, "This is not possible as things are: {why}."),
    "too_large": (413, "The request is larger than {limit} bytes."),
    "not_json": (415, "The request's content is not application/json."),
    "setting_invalid": (422, "{name} cannot be {value}."),
    "protocol_not_served": (426, "This head office speaks protocol {served}."),
    "too_many_requests": (429, "Too many requests; ask again in {seconds} s."),
    "fault": (500, "Head office failed at this; the fault's number is {id}."),
    "busy": (503, "Head office is busy; ask again."),
}


class Refused(Exception):
    """A request that is not done. `code` is a key of SAID; `retry_s` goes out as Retry-After when it is set."""

    def __init__(self, code: str, *, retry_s: int = 0, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.retry_s = retry_s

    @property
    def status(self) -> int:
        """The HTTP status."""
        return SAID[self.code][0]

    @property
    def message(self) -> str:
        """The sentence in English."""
        return SAID[self.code][1].format(**self.facts)


def refusal_of(error: DomainError) -> Refused | None:
    """One of our errors as a refusal; None for one that is a fault of the service."""
    if isinstance(error, DatabaseUnreachable | DatabaseBusy | OutcomeUnknown):
        return Refused("busy", retry_s=RETRY_S)
    if isinstance(error, DatabaseUnwritable):
        return Refused("busy", retry_s=UNWRITABLE_RETRY_S)
    if isinstance(error, StoreUnknown):
        return Refused("store_not_found", store=error.facts.get("store"))
    if isinstance(error, SnapshotGone):
        return Refused("snapshot_gone")
    if isinstance(error, SettingInvalid):
        return Refused("setting_invalid", name=str(error.facts.get("name")), value=str(error.facts.get("value"))[:80])
    if isinstance(error, DatabaseRefused):
        return None
    return Refused("conflict", why=error.code)
