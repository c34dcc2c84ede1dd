"""Administration at head office over HTTP: reading what is published, publishing, codes for new desks, revoking."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from store_desk.domain.errors import RightMissing, SettingInvalid
from store_desk.domain.office_errors import HubRefused, PublishedMeanwhile
from store_desk.domain.staff import Actor
from store_desk.services.codec import from_ms
from store_desk.services.office import NewCode, Sheet
from store_desk.sync.asking import Asker
from store_desk.wire import office as wire

# What is published as a whole, by its path.
PATHS: Final = {"conditions": "conditions", "policy": "policy", "force_majeure": "force-majeure"}
# What makes a record of a list the same one.
KEYS: Final = {"stores": ("code",), "people": ("store", "id")}
NO_RIGHT: Final = frozenset({"role_missing", "person_missing"})
MOVED: Final = "version_moved"


class OfficeOverHttp:
    """Implements `ui.office.link.OfficeLink`; every method blocks up to 20 seconds."""

    def __init__(self, asker: Asker, *, new_id: Callable[[], str]) -> None:
        self._asker = asker
        self._new_id = new_id

    def fetch(self, actor: Actor, name: str) -> Sheet:
        """conditions, policy, force_majeure, stores, people or desks, as they are now."""
        with _in_words(actor, name):
            return self._fetch(wire.AdminRequest(actor=actor.id), name)

    def _fetch(self, asked: wire.AdminRequest, name: str) -> Sheet:
        if name in PATHS:
            text = self._asker.ask(f"/v1/admin/{PATHS[name]}", asked, wire.PublishedText)
            at = from_ms(text.published_at_ms) if text.published_at_ms else None
            body = json.loads(text.text) if text.text else None
            return Sheet(name, text.version, body, at, text.published_by)
        if name == "stores":
            return _list(name, self._asker.ask("/v1/admin/stores", asked, wire.StoresReply).stores)
        if name == "people":
            return _list(name, self._asker.ask("/v1/admin/people", asked, wire.PeopleReply).people)
        return _list("desks", self._asker.ask("/v1/admin/desks", asked, wire.DesksReply).desks)

    def publish(self, actor: Actor, name: str, body: Any, *, expected_version: int) -> Sheet:
        """Publishes a whole sheet over the version that was seen; answers it as it then stands."""
        common: dict[str, Any] = {"actor": actor.id, "expected_version": expected_version}
        request: BaseModel
        try:
            if name == "conditions":
                request = wire.ConditionsPublish.model_validate({**common, "rows": body["rows"]})
            elif name == "policy":
                request = wire.PolicyPublish.model_validate({**common, "values": body})
            else:
                request = wire.ForceMajeurePublish.model_validate({**common, "events": body})
        except ValidationError as error:
            raise _invalid(name, error) from error
        try:
            with _in_words(actor, name):
                self._asker.ask(f"/v1/admin/{PATHS[name]}/publish", request, wire.PublishReply)
        except PublishedMeanwhile:
            raise PublishedMeanwhile(version=self.fetch(actor, name).version) from None
        return self.fetch(actor, name)

    def put(self, actor: Actor, name: str, item: dict[str, Any], *, expected_version: int) -> Sheet:
        """Adds (version 0) or changes one store or person; answers the list as it then stands."""
        common: dict[str, Any] = {"actor": actor.id, "expected_version": expected_version}
        request: BaseModel
        try:
            if name == "stores":
                request = wire.StorePut.model_validate({**common, "store": item})
            else:
                request = wire.PersonPut.model_validate({**common, "person": item})
        except ValidationError as error:
            raise _invalid(name, error) from error
        try:
            with _in_words(actor, name):
                self._asker.ask(f"/v1/admin/{name}/put", request, wire.PublishReply)
        except PublishedMeanwhile:
            raise PublishedMeanwhile(version=self._version_of(actor, name, item)) from None
        return self.fetch(actor, name)

    def _version_of(self, actor: Actor, name: str, item: dict[str, Any]) -> int:
        """The version at which the record stands there now."""
        same = (one for one in self.fetch(actor, name).body if all(one[key] == item.get(key) for key in KEYS[name]))
        return int(next(same, {"version": 0})["version"])

    def new_code(self, actor: Actor, *, store: str, desk: int, role: str, name: str) -> NewCode:
        """A one-time code for a new desk; one of head office's own sees all stores that this desk sees."""
        scope: list[str] = []
        if role != "desk":
            scope = [str(item["code"]) for item in self.fetch(actor, "stores").body if not item["closed"]]
        values = {"actor": actor.id, "id": self._new_id(), "store": store, "desk": desk, "role": role, "name": name}
        try:
            request = wire.CodeAsked.model_validate({**values, "scope": scope})
        except ValidationError as error:
            raise _invalid("desks", error) from error
        with _in_words(actor, "desks"):
            made = self._asker.ask("/v1/admin/desks/code", request, wire.CodeReply)
        return NewCode(made.code, datetime.fromtimestamp(made.expires_at_ms / 1000, UTC))

    def revoke_desk(self, actor: Actor, desk_id: str, why: str) -> Sheet:
        """Takes a desk's right to ask anything, for ever; answers the desks as they then stand."""
        request = wire.DeskRevoke(actor=actor.id, desk_id=desk_id, why=why[:300])
        with _in_words(actor, "desks"):
            self._asker.ask("/v1/admin/desks/revoke", request, wire.DoneReply)
        return self.fetch(actor, "desks")


@contextmanager
def _in_words(actor: Actor, name: str) -> Iterator[None]:
    """Head office's own refusals as those that the window has words for."""
    try:
        yield
    except HubRefused as error:
        code = str(error.facts.get("answer") or "")
        if code == MOVED:
            raise PublishedMeanwhile(version=0) from error
        if code in NO_RIGHT:
            raise RightMissing(right="settings", who=actor.name, role=actor.role.value) from error
        if code == "setting_invalid":
            raise SettingInvalid(name=name, value="") from error
        raise


def _list(name: str, items: list[Any]) -> Sheet:
    return Sheet(name, 0, [item.model_dump(mode="json") for item in items])


def _invalid(name: str, error: ValidationError) -> SettingInvalid:
    """What cannot even be sent: the first field that is wrong, in the same words as head office would use."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return SettingInvalid(name=f"{name}.{where}"[:80], value=str(first.get("input", ""))[:80])
