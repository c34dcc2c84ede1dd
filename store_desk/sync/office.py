"""Administration at head office over HTTP: reading what is published, publishing, codes for new desks, revoking."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from store_desk.domain.errors import RightMissing, SettingInvalid
from store_desk.domain.office_errors import (
    DeskRevoked,
    HubNotGenuine,
    HubRefused,
    HubTooOld,
    HubUnreachable,
    NotEnrolled,
    PublishedMeanwhile,
    SignerMissing,
)
from store_desk.domain.staff import Actor
from store_desk.services.codec import from_ms, to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import read_enrolment
from store_desk.services.office import NewCode, Sheet
from store_desk.wire import office as wire
from store_desk.wire.json_text import BadJson, read_json
from store_desk.wire.signing import PROTOCOL_HEADER, RequestHead, request_bytes, request_headers
from store_desk.wire.v1 import ErrorReply

# What is published as a whole, by its path and its message.
PATHS: Final = {"conditions": "conditions", "policy": "policy", "force_majeure": "force-majeure"}
TIMEOUT_S: Final = 20.0
# Everything that head office may say that has a refusal of its own at the desk.
REVOKED: Final = frozenset({"unknown_desk", "desk_revoked"})
NO_RIGHT: Final = frozenset({"role_missing", "person_missing"})

Reply = TypeVar("Reply", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SignedPost:
    """One signed request of this desk and its reply; `client` keeps connections and trust."""

    desk: Desk
    client: httpx.Client

    def __call__(self, path: str, request: BaseModel, kind: type[Reply]) -> Reply:
        """Sends it; raises HubUnreachable, HubNotGenuine, HubTooOld, DeskRevoked, PublishedMeanwhile or HubRefused."""
        enrolment = read_enrolment(self.desk)
        if enrolment is None:
            raise NotEnrolled()
        if self.desk.signer is None:
            raise SignerMissing()
        body = request.model_dump_json().encode()
        head = RequestHead(enrolment.desk_id, enrolment.inc, to_ms(self.desk.clock()), secrets.token_hex(16))
        signature = self.desk.signer.sign(request_bytes(head, method="POST", path=path, body=body))
        headers = request_headers(head, signature=signature)
        try:
            answer = self.client.post(
                enrolment.url.rstrip("/") + path, content=body, headers=headers, timeout=TIMEOUT_S
            )
        except httpx.HTTPError as error:
            raise HubUnreachable(detail=type(error).__name__) from error
        return _read(answer, kind, url=enrolment.url)


def _read(answer: httpx.Response, kind: type[Reply], *, url: str) -> Reply:
    """The reply; anything that is not head office's own kind of answer is no answer of it."""
    if PROTOCOL_HEADER not in answer.headers:
        raise HubNotGenuine(url=url, detail=f"HTTP {answer.status_code}")
    try:
        value = read_json(answer.content)
        if answer.status_code == httpx.codes.OK:
            return kind.model_validate(value)
        error = ErrorReply.model_validate(value).error
    except (BadJson, ValidationError) as unreadable:
        raise HubTooOld(detail=type(unreadable).__name__) from unreadable
    raise _refusal(answer.status_code, error.code, error.message, error.facts)


def _refusal(status: int, code: str, message: str, facts: dict[str, Any]) -> Exception:
    if code in REVOKED:
        return DeskRevoked()
    if code == "version_moved":
        return PublishedMeanwhile(version=int(facts.get("present") or 0))
    if code in NO_RIGHT:
        return RightMissing(right="settings", who=str(facts.get("who") or ""), role="head_office")
    if code == "setting_invalid":
        return SettingInvalid(name=str(facts.get("name") or ""), value=str(facts.get("value") or ""))
    if status == httpx.codes.UPGRADE_REQUIRED:
        return HubTooOld(detail=message)
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        return HubUnreachable(detail=code)
    return HubRefused(detail=message or code)


class OfficeOverHttp:
    """Implements `ui.office.link.OfficeLink`; every method blocks up to 20 seconds."""

    def __init__(self, post: SignedPost, *, new_id: Callable[[], str]) -> None:
        self._post = post
        self._new_id = new_id

    def fetch(self, actor: Actor, name: str) -> Sheet:
        """conditions, policy, force_majeure, stores, people or desks, as they are now."""
        asked = wire.AdminRequest(actor=actor.id)
        if name in PATHS:
            text = self._post(f"/v1/admin/{PATHS[name]}", asked, wire.PublishedText)
            at = from_ms(text.published_at_ms) if text.published_at_ms else None
            body = json.loads(text.text) if text.text else None
            return Sheet(name, text.version, body, at, text.published_by)
        if name == "stores":
            return _list(name, self._post("/v1/admin/stores", asked, wire.StoresReply).stores)
        if name == "people":
            return _list(name, self._post("/v1/admin/people", asked, wire.PeopleReply).people)
        return _list("desks", self._post("/v1/admin/desks", asked, wire.DesksReply).desks)

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
        self._post(f"/v1/admin/{PATHS[name]}/publish", request, wire.PublishReply)
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
        self._post(f"/v1/admin/{name}/put", request, wire.PublishReply)
        return self.fetch(actor, name)

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
        made = self._post("/v1/admin/desks/code", request, wire.CodeReply)
        return NewCode(made.code, datetime.fromtimestamp(made.expires_at_ms / 1000, UTC))

    def revoke_desk(self, actor: Actor, desk_id: str, why: str) -> Sheet:
        """Takes a desk's right to ask anything, for ever; answers the desks as they then stand."""
        request = wire.DeskRevoke(actor=actor.id, desk_id=desk_id, why=why[:300])
        self._post("/v1/admin/desks/revoke", request, wire.DoneReply)
        return self.fetch(actor, "desks")


def _list(name: str, items: list[Any]) -> Sheet:
    return Sheet(name, 0, [item.model_dump(mode="json") for item in items])


def _invalid(name: str, error: ValidationError) -> SettingInvalid:
    """What cannot even be sent: the first field that is wrong, in the same words as head office would use."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return SettingInvalid(name=f"{name}.{where}"[:80], value=str(first.get("input", ""))[:80])
