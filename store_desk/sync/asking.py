"""One signed request of this desk and head office's reply, with everything that can go wrong told apart."""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import (
    DeskRevoked,
    DeskUnknown,
    EnrolledElsewhere,
    EnrolmentRefused,
    HubNotGenuine,
    HubRefused,
    HubTooOld,
    HubUnreachable,
    NotEnrolled,
    SignerMissing,
)
from store_desk.services.codec import to_ms
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, read_enrolment
from store_desk.services.json_text import BadJson, read_json
from store_desk.sync.transport import TOTAL, TOTAL_S, ReplyTooLarge
from store_desk.wire.signing import PROTOCOL, PROTOCOL_HEADER, RequestHead, request_bytes, request_headers, spoken
from store_desk.wire.v1 import ErrorReply

JSON: Final = "application/json"
GZIP: Final = "application/gzip"
# The longest wait that head office may ask for; a mistake there must not keep a desk away for a day.
RETRY_AFTER_MAX_S: Final = 600
# What stands before head office answers these in its place while it restarts.
PROXY_STATUS: Final = frozenset({502, 503, 504})
_DETAIL_MAX: Final = 120

# OpenSSL's reasons for not believing a certificate, by our words.
_CERTIFICATE: Final = {
    9: "certificate_not_yet_valid",
    10: "certificate_expired",
    18: "certificate_unknown",
    19: "certificate_unknown",
    20: "certificate_unknown",
    21: "certificate_unknown",
    62: "certificate_other_name",
    64: "certificate_other_name",
}

Reply = TypeVar("Reply", bound=BaseModel)


class CopyGone(Exception):
    """The copy of a store that is being fetched is no longer kept; fetching begins again."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks as the desk that is enrolled, or as `who` before it is. `client` belongs to the lane that asks."""

    desk: Desk
    client: httpx.Client
    who: Enrolment | None = None

    def enrolment(self) -> Enrolment:
        """Who asks; raises NotEnrolled."""
        found = self.who or read_enrolment(self.desk)
        if found is None:
            raise NotEnrolled()
        return found

    def ask(
        self, path: str, request: BaseModel, kind: type[Reply], *, total_s: float = TOTAL_S, inc: int | None = None
    ) -> Reply:
        """The reply; raises HubUnreachable, HubNotGenuine, HubTooOld, DeskRevoked or HubRefused."""
        enrolment = self.enrolment()
        return _read(self._send(enrolment, path, request, total_s=total_s, inc=inc), kind, url=enrolment.url)

    def begin(
        self, path: str, request: BaseModel, kind: type[Reply], *, total_s: float = TOTAL_S
    ) -> Callable[[], Reply]:
        """As `ask`, at once and on a thread of its own; what it answers waits for the reply."""
        enrolment = self.enrolment()
        thread = ThreadPoolExecutor(1, thread_name_prefix="ask")
        sending = thread.submit(self._send, enrolment, path, request, total_s=total_s, inc=None)
        thread.shutdown(wait=False)
        return lambda: _read(sending.result(), kind, url=enrolment.url)

    def fetch(self, path: str, request: BaseModel, *, total_s: float) -> bytes:
        """As `ask`, for the bytes of a gzip file; raises CopyGone too."""
        enrolment = self.enrolment()
        answer = self._send(enrolment, path, request, total_s=total_s, inc=None)
        if answer.status_code == httpx.codes.OK and _spoken(answer) and _kind(answer) == GZIP:
            return answer.content
        value = _value(answer, url=enrolment.url)
        raise HubTooOld(detail=type(value).__name__)

    def _send(
        self, enrolment: Enrolment, path: str, request: BaseModel, *, total_s: float, inc: int | None
    ) -> httpx.Response:
        body = request.model_dump_json().encode()
        signer = self.desk.signer
        if signer is None:
            raise SignerMissing()
        head_inc = enrolment.inc if inc is None else inc
        # A connection that was kept may have been closed at the other end; that is found out by asking once more.
        for again in (True, False):
            head = RequestHead(enrolment.desk_id, head_inc, to_ms(self.desk.clock()), secrets.token_hex(16))
            signature = signer.sign(request_bytes(head, method="POST", path=path, body=body))
            headers = request_headers(head, signature=signature)
            try:
                return self.client.post(
                    enrolment.url.rstrip("/") + path,
                    content=body,
                    headers=headers,
                    timeout=total_s,
                    extensions={TOTAL: total_s},
                )
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                if not again:
                    raise failure(error, url=enrolment.url) from error
            except httpx.HTTPError as error:
                raise failure(error, url=enrolment.url) from error
            except ssl.SSLError as error:
                raise failure(error, url=enrolment.url) from error
        raise HubUnreachable(detail="broken_off")


def failure(error: Exception, *, url: str) -> DomainError:
    """Why there was no reply, in our words; the code in `detail` has a sentence in `words.errors`."""
    if isinstance(error, ReplyTooLarge):
        return HubNotGenuine(url=url, detail="too_large")
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return HubNotGenuine(url=url, detail=_CERTIFICATE.get(found.verify_code, "certificate"))
        if isinstance(found, ssl.SSLError):
            return HubNotGenuine(url=url, detail="no_tls")
        if isinstance(found, socket.gaierror):
            return HubUnreachable(detail="name")
        if isinstance(found, ConnectionRefusedError):
            return HubUnreachable(detail="closed")
        # The pool hides the cause; what was being handled is still there.
        found = found.__cause__ or found.__context__
    if isinstance(error, httpx.ConnectTimeout):
        return HubUnreachable(detail="no_way")
    if isinstance(error, httpx.TimeoutException):
        return HubUnreachable(detail="slow")
    if isinstance(error, httpx.ConnectError):
        return HubUnreachable(detail="no_way")
    return HubUnreachable(detail="broken_off")


def _kind(answer: httpx.Response) -> str:
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _spoken(answer: httpx.Response) -> bool:
    """Whether head office itself answered; raises HubTooOld when it no longer speaks our protocol."""
    said = spoken(str(answer.headers.get(PROTOCOL_HEADER, "")))
    if said is None:
        return False
    if said[1] > PROTOCOL:
        raise HubTooOld(detail=f"{PROTOCOL} < {said[1]}")
    return True


def _read(answer: httpx.Response, kind: type[Reply], *, url: str) -> Reply:
    value = _value(answer, url=url)
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise HubTooOld(detail=_field(error)) from error


def _value(answer: httpx.Response, *, url: str) -> Any:
    """The JSON of a reply that is believed; raises what any other status means."""
    status = answer.status_code
    if not _spoken(answer) or _kind(answer) != JSON:
        if status in PROXY_STATUS:
            raise HubUnreachable(detail="busy", retry_after_s=_retry_after(answer))
        raise HubNotGenuine(url=url, detail=f"HTTP {status} {_kind(answer)}".strip()[:_DETAIL_MAX])
    try:
        value = read_json(answer.content)
        if status == httpx.codes.OK:
            return value
        error = ErrorReply.model_validate(value).error
    except (BadJson, ValidationError) as unreadable:
        raise HubTooOld(detail=type(unreadable).__name__) from unreadable
    raise _refusal(answer, error.code, error.message, error.facts)


def _refusal(answer: httpx.Response, code: str, message: str, facts: Mapping[str, Any]) -> Exception:
    status = answer.status_code
    if status in (408, 429) or status >= 500:
        return HubUnreachable(detail="busy", retry_after_s=_retry_after(answer))
    if status == httpx.codes.UPGRADE_REQUIRED:
        return HubTooOld(detail=code)
    if code == "code_elsewhere":
        return EnrolledElsewhere(store=facts.get("store", ""), desk=facts.get("desk", 0))
    simple: dict[str, Exception] = {
        "desk_revoked": DeskRevoked(),
        "unknown_desk": DeskUnknown(),
        "code_wrong": EnrolmentRefused(),
        "desk_taken": EnrolmentRefused(),
        "snapshot_gone": CopyGone(),
    }
    return simple.get(code) or HubRefused(detail=(message or code)[:_DETAIL_MAX], answer=code)


def _retry_after(answer: httpx.Response) -> int:
    """Seconds that head office asks to wait, 0 when it does not say."""
    said = str(answer.headers.get("Retry-After", "")).strip()
    return min(int(said), RETRY_AFTER_MAX_S) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _field(error: ValidationError) -> str:
    """Where a reply does not fit, without anything that stands in it."""
    first = error.errors(include_input=False, include_url=False)[0]
    return ".".join(str(part) for part in first["loc"])[:_DETAIL_MAX]
