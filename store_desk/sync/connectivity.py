"""The connectivity test: is there a way out, a name, a head office that answers, a right clock, and are we known."""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from store_desk.domain.errors import DomainError
from store_desk.services.desk import Desk
from store_desk.services.enrolment import read_enrolment
from store_desk.services.office import Check
from store_desk.sync.asking import Asker, failure
from store_desk.sync.transport import TOTAL
from store_desk.wire.office import RulesReply, RulesRequest
from store_desk.wire.signing import PROTOCOL_HEADER

NAMES: Final = ("link", "name", "reachable", "clock", "signed_in")
SECONDS_MAX: Final = 10.0
# From so much on rules that count hours are decided with head office's clock and marked.
SKEW_MAX_S: Final = 300
PORTS: Final = {"https": 443, "http": 80}


def check_way(
    desk: Desk, client: httpx.Client, url: str = "", *, told: Callable[[Check], None] | None = None
) -> tuple[Check, ...]:
    """Asks the five questions in order, telling each answer at once; what cannot be asked any more is `skipped`."""
    enrolment = read_enrolment(desk)
    url = (url or (enrolment.url if enrolment else "")).rstrip("/")
    found: list[Check] = []

    def tell(check: Check) -> bool:
        found.append(check)
        if told is not None:
            told(check)
        return check.state != "bad"

    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)
    answers: list[httpx.Response] = []
    if tell(_link()) and tell(_name(host, port)) and tell(_reachable(client, url, answers)):
        tell(_clock(answers[0]))
        tell(_signed_in(desk, client) if enrolment is not None else Check("signed_in", "skipped", "not_joined"))
    for name in NAMES[len(found) :]:
        tell(Check(name, "skipped", "earlier"))
    return tuple(found)


def _link() -> Check:
    """Whether any network is there: the system knows a way for packets. None is sent."""
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return Check("link", "ok")
        except OSError:
            continue
    # A head office on this very computer, or beside it without a way out, can be reached all the same.
    return Check("link", "warn", "no_way_out")


def _name(host: str, port: int) -> Check:
    if not host:
        return Check("name", "bad", "no_address")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Check("name", "bad", "unknown_name", {"host": host})
    return Check("name", "ok", "found", {"host": host, "address": str(found[0][4][0])})


def _reachable(client: httpx.Client, url: str, answers: list[httpx.Response]) -> Check:
    began = time.monotonic()
    try:
        answer = client.get(f"{url}/healthz", timeout=SECONDS_MAX, extensions={TOTAL: SECONDS_MAX})
    except (httpx.HTTPError, ssl.SSLError) as error:
        refusal = failure(error, url=url)
        if refusal.code == "hub_not_genuine":
            return Check("reachable", "bad", "certificate")
        detail = "silent" if refusal.facts.get("detail") == "slow" else "refused"
        return Check("reachable", "bad", detail, {"seconds": int(SECONDS_MAX)})
    if PROTOCOL_HEADER not in answer.headers:
        # A hotel's or a network's own sign-in page answers for everybody.
        return Check("reachable", "bad", "somebody_else", {"status": answer.status_code})
    answers.append(answer)
    return Check("reachable", "ok", "in_ms", {"ms": round((time.monotonic() - began) * 1000)})


def _clock(answer: httpx.Response) -> Check:
    said = email.utils.parsedate_tz(answer.headers.get("Date", ""))
    if said is None:
        return Check("clock", "skipped", "not_told")
    skew = round(datetime.now(UTC).timestamp() - email.utils.mktime_tz(said))
    facts: dict[str, str | int] = {"seconds": abs(skew)}
    if abs(skew) <= SKEW_MAX_S:
        return Check("clock", "ok", "within", facts)
    return Check("clock", "warn", "ahead" if skew > 0 else "behind", {"minutes": abs(skew) // 60})


def _signed_in(desk: Desk, client: httpx.Client) -> Check:
    try:
        Asker(desk, client).ask("/v1/rules", RulesRequest(), RulesReply)
    except DomainError as error:
        return Check("signed_in", "bad", error.code)
    return Check("signed_in", "ok", "known")
