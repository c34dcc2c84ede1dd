"""The line to head office against everything that answers in its place, late, or not at all."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import DeskRevoked, HubNotGenuine, HubTooOld, HubUnreachable
from store_desk.services.enrolment import Enrolment
from store_desk.services.messages import SnapshotRow
from store_desk.sync.copy_files import CopyFiles
from store_desk.sync.hub_client import HttpLink, copy_rows
from store_desk.sync.transport import HubClient
from store_desk.wire.v1 import ChunkRequest
from store_desk.words import say_error
from tests.hub.http.conftest import Running
from tests.sync.scene import Counter

PORTAL = b"<html><h1>Welcome to our hotel</h1></html>"


@contextmanager
def answering(
    say: Callable[[socket.socket], None], *, context: ssl.SSLContext | None = None, reads: bool = True
) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers every connection with what `say` sends; its address, and what it was asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                line = context.wrap_socket(plain, server_side=True) if context else plain
                line.settimeout(10)
                if reads:
                    asked.append(_whole(line))
                say(line)
                line.close()
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    scheme = "https" if context else "http"
    yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", asked
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


def _whole(line: socket.socket) -> bytes:
    """One request with its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65536) or b"\r\n\r\n"
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(status: str, kind: str, body: bytes, *more: str) -> Callable[[socket.socket], None]:
    """Sends one whole HTTP reply."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    whole = "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
    return lambda line: line.sendall(whole)


def asked_of(here: Counter, url: str, *, authority: str = "", total_s: float = 5.0) -> DomainError:
    """How asking for the rules fails there."""
    who = Enrolment(url, here.shop.desk.identity.desk_id, 1, "XH", ("XH",), authority=authority)
    link = HttpLink(here.shop.desk, who=who)
    from store_desk.wire.office import RulesReply, RulesRequest

    try:
        with pytest.raises(DomainError) as caught:
            link._asker.ask("/v1/rules", RulesRequest(), RulesReply, total_s=total_s)
        return caught.value
    finally:
        link.close()


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "511 Network Authentication Required"])
def test_a_sign_in_page_is_not_taken_for_head_office(here: Counter, status: str) -> None:
    with answering(reply(status, "text/html", PORTAL, "Location: http://portal.example/")) as (url, asked):
        error = asked_of(here, url)
    assert isinstance(error, HubNotGenuine)
    assert len(asked) == 1, "redirects are not followed"
    assert "HTTP" in say_error("zh", error)


def test_json_of_somebody_else_is_not_believed(here: Counter) -> None:
    with answering(reply("200 OK", "application/json", b'{"version": 0}')) as (url, _):
        assert isinstance(asked_of(here, url), HubNotGenuine)


def test_head_office_that_is_too_new_or_says_what_is_unknown_is_told_as_such(here: Counter) -> None:
    with answering(reply("200 OK", "application/json", b"{}", "SD-Protocol: 9; min=9")) as (url, _):
        assert isinstance(asked_of(here, url), HubTooOld)
    with answering(reply("200 OK", "application/json", b'{"new": 1}', "SD-Protocol: 1; min=1")) as (url, _):
        assert isinstance(asked_of(here, url), HubTooOld)
    body = json.dumps({"error": {"code": "protocol_not_served", "message": "no", "facts": {}}}).encode()
    with answering(reply("426 Upgrade", "application/json", body, "SD-Protocol: 1; min=1")) as (url, _):
        assert isinstance(asked_of(here, url), HubTooOld)


@pytest.mark.parametrize(("said", "meant"), [("30", 30), ("99999", 600), ("soon", 0)])
def test_what_head_office_asks_to_wait_is_told(here: Counter, said: str, meant: int) -> None:
    body = json.dumps({"error": {"code": "busy", "message": "no", "facts": {}}}).encode()
    answer = reply("503 Busy", "application/json", body, "SD-Protocol: 1; min=1", f"Retry-After: {said}")
    with answering(answer) as (url, _):
        error = asked_of(here, url)
    assert isinstance(error, HubUnreachable)
    assert error.facts["retry_after_s"] == meant


def test_a_gateway_without_head_office_behind_it_is_no_portal(here: Counter) -> None:
    with answering(reply("502 Bad Gateway", "text/html", b"<h1>nginx</h1>", "Retry-After: 7")) as (url, _):
        error = asked_of(here, url)
    assert isinstance(error, HubUnreachable)
    assert error.facts["retry_after_s"] == 7


def _dribble(line: socket.socket) -> None:
    over = threading.Event()
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" * 40:
        line.sendall(bytes((byte,)))
        over.wait(0.05)


def test_a_byte_at_a_time_ends_with_the_total_limit(here: Counter) -> None:
    began = time.monotonic()
    with answering(_dribble) as (url, _):
        error = asked_of(here, url, total_s=0.6)
        took = time.monotonic() - began
    assert isinstance(error, HubUnreachable)
    assert error.facts["detail"] == "slow"
    assert took < 5


def test_silence_is_broken_off_from_another_thread(here: Counter) -> None:
    reached, done = threading.Event(), threading.Event()

    def silent(_: socket.socket) -> None:
        reached.set()
        done.wait(20)

    with answering(silent) as (url, _):
        who = Enrolment(url, here.shop.desk.identity.desk_id, 1, "XH", ("XH",))
        link = HttpLink(here.shop.desk, who=who)

        def end() -> None:
            reached.wait(10)
            link.abort()

        ender = threading.Thread(target=end)
        ender.start()
        began = time.monotonic()
        with pytest.raises(HubUnreachable):
            link.answers(1)
        assert time.monotonic() - began < 10
        with pytest.raises(HubUnreachable):
            link.answers(1)
        done.set()
        ender.join()


def test_a_half_reply_is_asked_for_again_and_then_told(here: Counter) -> None:
    with answering(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")) as (url, asked):
        error = asked_of(here, url)
    assert isinstance(error, HubUnreachable)
    assert len(asked) == 2
    assert len({text.lower().partition(b"sd-nonce: ")[2][:32] for text in asked}) == 2


def _certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 1) -> tuple[ssl.SSLContext, str]:
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    other = x509.DNSName("other.example") if name == "other.example" else x509.IPAddress(ipaddress.ip_address(name))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem")
    return context, pem.decode()


def test_a_certificate_of_nobody_known_is_refused_before_anything_is_sent(here: Counter, tmp_path: Path) -> None:
    context, _ = _certificate(tmp_path)
    with answering(reply("200 OK", "application/json", b"{}"), context=context) as (url, asked):
        error = asked_of(here, url)
    assert isinstance(error, HubNotGenuine)
    assert error.facts["detail"] == "certificate_unknown"
    assert "unknown authority" in say_error("en", error)
    assert asked == []


@pytest.mark.parametrize(
    ("name", "days", "detail"),
    [("127.0.0.1", -1, "certificate_expired"), ("other.example", 1, "certificate_other_name")],
)
def test_a_certificate_that_does_not_hold_says_why(
    here: Counter, tmp_path: Path, name: str, days: int, detail: str
) -> None:
    context, pem = _certificate(tmp_path, name=name, days=days)
    with answering(reply("200 OK", "application/json", b"{}"), context=context) as (url, asked):
        error = asked_of(here, url, authority=pem)
    assert (type(error), error.facts["detail"]) == (HubNotGenuine, detail)
    assert asked == []


def test_the_authority_of_the_enrolment_is_trusted(here: Counter, tmp_path: Path) -> None:
    context, pem = _certificate(tmp_path)
    with answering(reply("200 OK", "text/html", PORTAL), context=context) as (url, asked):
        error = asked_of(here, url, authority=pem)
    assert isinstance(error, HubNotGenuine)
    assert len(asked) == 1
    assert b"POST /v1/rules" in asked[0]


def test_plain_speech_on_the_safe_port_is_no_head_office(here: Counter) -> None:
    with answering(reply("200 OK", "text/html", PORTAL), reads=False) as (url, _):
        error = asked_of(here, url.replace("http:", "https:"))
    assert isinstance(error, HubNotGenuine)
    assert error.facts["detail"] == "no_tls"


def test_proxies_of_the_environment_are_not_used(
    joined: Counter, service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert joined.round().last_contact is not None


def test_a_copy_goes_on_where_it_was_broken_off(joined: Counter, service: Running) -> None:
    for _ in range(3):
        joined.shop.ticket()
    joined.round()
    service.do(lambda unit: unit.connection.execute("delete from snapshot"))
    files = CopyFiles(joined.folder, b"secret")
    link = HttpLink(joined.shop.desk, files=files)
    first = link.copy("XH")
    kept = list(joined.folder.glob("copy-*"))
    assert len(kept) == 1
    assert b"1380000" not in kept[0].read_bytes(), "nothing of a customer lies there in the open"
    again = HttpLink(joined.shop.desk, files=CopyFiles(joined.folder, b"secret"))
    asked: list[int] = []
    plain = again._asker.fetch

    def fetch(path: str, request: ChunkRequest, *, total_s: float) -> bytes:
        asked.append(request.n)
        return plain(path, request, total_s=total_s)

    object.__setattr__(again, "_asker", _Watched(again._asker, fetch))
    rows = list(again.copy("XH").rows)
    assert asked == []
    assert len(rows) == first.count
    assert list(joined.folder.glob("copy-*")) == []
    link.close()
    again.close()


class _Watched:
    """An asker whose fetching is watched."""

    def __init__(self, asker: object, fetch: Callable[..., bytes]) -> None:
        self._asker, self.fetch = asker, fetch

    def __getattr__(self, name: str) -> object:
        return getattr(self._asker, name)


def test_a_piece_that_was_altered_is_fetched_again(tmp_path: Path) -> None:
    pieces = CopyFiles(tmp_path, b"secret").of("XH", "a" * 32)
    pieces.write(0, b"hello")
    (found,) = tmp_path.glob("copy-*")
    found.write_bytes(found.read_bytes()[:-1] + b"x")
    assert pieces.read(0) is None
    assert CopyFiles(tmp_path, b"other").of("XH", "a" * 32).read(0) is None


def test_a_bomb_of_nothing_is_not_unpacked_at_once() -> None:
    import zlib

    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packed.compress(b"a" * 64 * 1024 * 1024) + packed.flush()
    with pytest.raises(HubTooOld):
        list(copy_rows([bomb]))


def test_a_revoked_desk_is_told_so(joined: Counter, service: Running) -> None:
    service.do(lambda unit: unit.connection.execute("update desk set revoked_at = now()"))
    with pytest.raises(DeskRevoked) as caught:
        joined.round()
    assert caught.value.code == "desk_revoked"


def test_a_client_of_its_own_keeps_to_http_one() -> None:
    client = HubClient()
    assert client.follow_redirects is False
    client.close()


ID = "0" * 31 + "a"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        (f'["{ID}",3,"王 \\"A\\""]', '王 "A"'),
        (f' [ "{ID}" , 3 , "" ] ', ""),
        (f'["{ID}",3,"\\ud842\\udfb7\\u738b"]', "𠮷王"),
        (f'["{ID}",3,"{"x" * 1_000_000}"]', "x" * 1_000_000),
    ],
)
def test_a_line_of_a_copy_is_read_as_it_was_written(line: str, body: str) -> None:
    assert list(copy_rows([gzip.compress(line.encode())])) == [SnapshotRow(ID, 3, body)]


@pytest.mark.parametrize(
    "line",
    [
        b"nothing", b"[", b"[" * 100_000, b"{}", b"[]", b"null", b"[1,2,3]", b'["a"]',
        f'["{ID}",3,"",""]'.encode(), f'["{ID}",3,{{"a":1}}]'.encode(), f'["{ID}","3",""]'.encode(),
        f'["{ID}",3.0,""]'.encode(), f'["{ID}",true,""]'.encode(), f'["{ID}",NaN,""]'.encode(),
        f'["{ID}",-1,""]'.encode(), f'["{ID}",9007199254740993,""]'.encode(), f'["{ID}",3,null]'.encode(),
        f'["{ID.upper()}",3,""]'.encode(), f'["{ID}0",3,""]'.encode(), f'["{ID}\\n",3,""]'.encode(),
        f'["{ID}",3,"\\ud800"]'.encode(), f'["{ID}",3,"\\u0000"]'.encode(), f'["{ID}",3,"'.encode() + b'\xff"]',
        f'["{ID}",3,"{"x" * 1_000_001}"]'.encode(),
    ],
)  # fmt: skip
def test_a_line_of_a_copy_that_is_no_ticket_is_refused(line: bytes) -> None:
    with pytest.raises(HubTooOld):
        list(copy_rows([gzip.compress(line)]))
