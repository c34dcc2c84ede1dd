"""Head office's administration as the window sees it; every call may take seconds and belongs on the network lane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from store_desk.domain.staff import Actor
from store_desk.services.office import Check, Joined, NewCode, Sheet

# Joins a head office: address, one-time code, and what is told while it runs (step code, done, of how many).
Join = Callable[[str, str, Callable[[str, int, int], None]], Joined]
# The connectivity test of an address ('' for the enrolled one); tells each answer as soon as it is there.
CheckOffice = Callable[[str, Callable[[Check], None]], tuple[Check, ...]]


class OfficeLink(Protocol):
    """What a person of head office may read and change there.

    Every method raises HubUnreachable, HubNotGenuine, HubTooOld, DeskRevoked or HubRefused; those that write raise
    PublishedMeanwhile when somebody else was faster, with nothing changed.
    """

    def fetch(self, actor: Actor, name: str) -> Sheet:
        """conditions, policy, force_majeure, stores, people or desks, as they are now."""
        ...

    def publish(self, actor: Actor, name: str, body: Any, *, expected_version: int) -> Sheet:
        """Publishes a whole sheet over the version that the person saw; answers it as it then stands."""
        ...

    def put(self, actor: Actor, name: str, item: dict[str, Any], *, expected_version: int) -> Sheet:
        """Adds (version 0) or changes one store or person; answers the list as it then stands."""
        ...

    def new_code(self, actor: Actor, *, store: str, desk: int, role: str, name: str) -> NewCode:
        """A one-time code for a new desk."""
        ...

    def revoke_desk(self, actor: Actor, desk_id: str, why: str) -> Sheet:
        """Takes a desk's right to ask anything, for ever; answers the desks as they then stand."""
        ...
