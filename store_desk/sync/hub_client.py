"""Head office over HTTPS: `sync.link.HubLink` with the messages of protocol 1, every request signed by the desk."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pydantic import ValidationError

from store_desk.domain.office_errors import EnrolledElsewhere, HubNotGenuine, HubTooOld, HubUnreachable
from store_desk.services.desk import Desk
from store_desk.services.enrolment import Enrolment, read_contact, read_enrolment
from store_desk.services.json_text import BadJson
from store_desk.services.messages import (
    Answer,
    ChangesAsked,
    ChangesReply,
    Envelope,
    FeedPosition,
    PushReply,
    SnapshotRow,
)
from store_desk.sync.asking import Asker, CopyGone
from store_desk.sync.copy_files import CopyFiles
from store_desk.sync.link import Copy, PublishedRules
from store_desk.sync.transport import TOTAL_S, HubClient
from store_desk.wire import joining, office, v1
from store_desk.wire.values import snapshot_row

# Building the copy of a large store takes head office a while; a piece of it is about a megabyte.
COPY_S: Final = 120.0
CHUNK_S: Final = 120.0
FACTS_S: Final = 60.0
ENROL_S: Final = 30.0
FACTS_BYTES: Final = joining.FACTS_BYTES_MAX * 3 // 4
# A copy that was cleared away at head office while it was fetched is asked for anew so often.
COPIES_MAX: Final = 3
LINE_MAX: Final = 8 * 1024 * 1024
_STEP: Final = 256 * 1024
# What is published as lists; a desk keeps it as `published.<name>`, JSON texts.
LISTS: Final = ("people", "stores", "desks")

# Told while a copy is fetched: step, pieces done, of how many.
Progress = Callable[[str, int, int], None]


class HttpLink:
    """Implements `sync.link.HubLink`; for one thread. `close` ends its connections, `abort` from any thread."""

    def __init__(
        self,
        desk: Desk,
        *,
        who: Enrolment | None = None,
        client: HubClient | None = None,
        files: CopyFiles | None = None,
        proxy: str = "",
        progress: Progress = lambda _step, _done, _of: None,
    ) -> None:
        """`who` asks before it is enrolled; `files` keeps the pieces of a copy (`copy_files.of_store`)."""
        known = who or read_enrolment(desk)
        self.desk = desk
        self.client = client or HubClient(authority=known.authority if known else "", proxy=proxy)
        self._asker = Asker(desk, self.client, who)
        self._files = files or CopyFiles(None, b"")
        self._progress = progress
        # Tickets offered, and how many there may be in all, for whoever watches.
        self.offered = 0
        self.expected = 0
        # The version of what is published that head office last told of.
        self._rules_told: int | None = None

    # --- every day ---------------------------------------------------------------------------------------------

    def push(self, envelopes: Sequence[Envelope], *, epoch: str, insist: bool = False) -> PushReply:
        """Sends operations of one incarnation; those that are too many bytes for one request go in several."""
        request = v1.OperationsRequest.of(tuple(envelopes), epoch=epoch, insist=insist)
        half = len(envelopes) // 2
        if half and _is_too_large(request):
            first = self.push(envelopes[:half], epoch=epoch, insist=insist)
            if first.stopped or len(first.answers) < half:
                return first
            then = self.push(envelopes[half:], epoch=epoch, insist=insist)
            if then.epoch != first.epoch:
                return then
            return PushReply(then.epoch, (*first.answers, *then.answers), then.stopped, then.have, then.now_ms)
        return self._asker.ask("/v1/operations", request, v1.OperationsReply).reply()

    def push_ahead(self, envelopes: Sequence[Envelope], *, epoch: str) -> Callable[[], PushReply]:
        """As `push`, from a thread of its own; what is too many bytes for one request goes when it is asked for."""
        request = v1.OperationsRequest.of(tuple(envelopes), epoch=epoch)
        if _is_too_large(request):
            return lambda: self.push(envelopes, epoch=epoch)
        ask = self._asker.begin("/v1/operations", request, v1.OperationsReply)
        return lambda: ask().reply()

    def changes(self, asked: ChangesAsked, *, wait_s: float = 0) -> ChangesReply:
        """Asks for what is new; head office may hold the reply back for `wait_s` (at most 25)."""
        wait = max(0, min(int(wait_s), v1.WAIT_MAX_S))
        known = read_contact(self.desk).rules_version
        request = v1.ChangesRequest.of(asked, wait_s=wait, rules_version=known)
        reply = self._asker.ask("/v1/changes", request, v1.ChangesReplyMessage, total_s=TOTAL_S + wait)
        self._rules_told = reply.rules_version
        return reply.reply()

    def answers(self, inc: int, *, after: int = 0) -> list[Answer]:
        """All answers of one incarnation after a number."""
        found: list[Answer] = []
        while True:
            request = v1.AnswersRequest(inc=inc, after=after)
            reply = self._asker.ask("/v1/answers", request, v1.AnswersReply)
            found += [item.answer() for item in reply.answers]
            if not reply.answers or found[-1].n <= after:
                return found
            after = found[-1].n
            if after >= reply.have:
                return found

    def incarnation(self, inc: int) -> int:
        """A new incarnation in the place of `inc`."""
        request = joining.IncarnationRequest()
        return self._asker.ask("/v1/incarnation", request, joining.IncarnationReply, inc=inc).inc

    def rules(self, have: int) -> PublishedRules | None:
        """What is published, with people, stores and the keys of desks as lists; None when there is nothing newer."""
        if self._rules_told == have:
            return None
        reply = self._asker.ask("/v1/rules", office.RulesRequest(known_version=have), office.RulesReply)
        self._rules_told = reply.version
        if reply.unchanged:
            return None
        texts: dict[str, str] = {item.name: item.text for item in reply.published}
        for name in LISTS:
            items = [item.model_dump(mode="json") for item in getattr(reply, name)]
            texts[name] = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
        return PublishedRules(reply.version, texts)

    # --- joining -----------------------------------------------------------------------------------------------

    def enrol(self, code: str, *, name: str = "") -> joining.EnrolReply:
        """Introduces the desk with its public key; raises EnrolmentRefused for a code that is not taken."""
        signer = self.desk.signer
        key = signer.public_key.hex() if signer is not None else ""
        own = self.desk.identity
        request = joining.EnrolRequest(code=code, public_key=key, name=name, store=own.store_code, desk=own.desk)
        try:
            return self._asker.ask("/v1/enrol", request, joining.EnrolReply, inc=0, total_s=ENROL_S)
        except EnrolledElsewhere as elsewhere:
            # The code is still good, for the place that it was made for.
            facts = {**elsewhere.facts, "own_store": own.store_code, "own_desk": own.desk}
            raise EnrolledElsewhere(**facts) from elsewhere

    def offer(self, bodies: Sequence[str]) -> list[tuple[str, str]]:
        """Offers tickets as facts; one that head office can never take is told as refused."""
        told: list[tuple[str, str]] = []
        for page in _pages(bodies, joining.FACTS_MAX, FACTS_BYTES):
            facts = [joining.FactMessage(ticket_id=json.loads(body)["ticket"]["id"], body=body) for body in page]
            reply = self.facts(joining.FactsRequest(tickets=facts))
            told += [(item.ticket_id, _offered(item.result, item.why)) for item in reply.tickets]
            self.offered += len(reply.tickets)
            self._progress("uploading", min(self.offered, self.expected), self.expected)
        return told

    def facts(self, request: joining.FactsRequest) -> joining.FactsReply:
        """Offers people, tickets and slips of the time before head office."""
        return self._asker.ask("/v1/facts", request, joining.FactsReply, total_s=FACTS_S)

    # --- whole copies ------------------------------------------------------------------------------------------

    def copy(self, store: str) -> Copy:
        """A whole copy, fetched piece by piece; pieces that were fetched before a break are not fetched again."""
        for _ in range(COPIES_MAX):
            try:
                return self._copy(store)
            except CopyGone:
                continue
        raise HubUnreachable(detail="busy", retry_after_s=0)

    def _copy(self, store: str) -> Copy:
        head = self._asker.ask("/v1/snapshot", v1.SnapshotRequest(store=store), v1.SnapshotReply, total_s=COPY_S)
        pieces = self._files.of(store, head.snapshot_id)
        whole, size = hashlib.sha256(), 0
        for n in range(head.chunks):
            piece = pieces.read(n)
            if piece is None:
                self._progress("copying", n, head.chunks)
                request = v1.ChunkRequest(snapshot_id=head.snapshot_id, n=n)
                piece = self._asker.fetch("/v1/snapshot/chunk", request, total_s=CHUNK_S)
                pieces.write(n, piece)
            whole.update(piece)
            size += len(piece)
        if size != head.size or whole.hexdigest() != head.sha256:
            pieces.drop()
            raise HubNotGenuine(url=self._asker.enrolment().url, detail="copy_altered")
        self._progress("copying", head.chunks, head.chunks)
        position = FeedPosition(head.store, head.epoch, head.seq, bytes.fromhex(head.hash))

        def rows() -> Iterator[SnapshotRow]:
            yield from copy_rows(pieces.read(n) or b"" for n in range(head.chunks))
            pieces.drop()

        return Copy(position, rows(), head.rows)

    # --- ending ------------------------------------------------------------------------------------------------

    def abort(self) -> None:
        """Ends what is under way, from any thread; every request from now on raises HubUnreachable."""
        self.client.abort()

    def close(self) -> None:
        """Closes the connections."""
        self.client.close()


def _is_too_large(request: v1.OperationsRequest) -> bool:
    return len(request.model_dump_json().encode()) > v1.OPERATIONS_BYTES_MAX


def copy_rows(pieces: Iterable[bytes]) -> Iterator[SnapshotRow]:
    """The rows of a gzip file that comes in pieces, never much more of it in memory than a line."""
    rest = b""
    for text in _inflated(pieces):
        lines = (rest + text).split(b"\n")
        rest = lines.pop()
        if len(rest) > LINE_MAX:
            raise HubTooOld(detail="copy")
        for line in lines:
            yield _row(line)
    if rest:
        yield _row(rest)


def _row(line: bytes) -> SnapshotRow:
    try:
        return snapshot_row(line)
    except (BadJson, ValidationError) as error:
        raise HubTooOld(detail="copy") from error


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacks members one after another in small steps, so that a few bytes cannot become gigabytes at once."""
    unpack = zlib.decompressobj(31)
    try:
        for piece in pieces:
            while piece:
                text = unpack.decompress(piece, _STEP)
                if text:
                    yield text
                if unpack.eof:
                    piece = unpack.unused_data
                    unpack = zlib.decompressobj(31)
                else:
                    piece = unpack.unconsumed_tail
    except zlib.error as error:
        raise HubTooOld(detail="copy") from error


def _pages(bodies: Sequence[str], count: int, size: int) -> Iterator[list[str]]:
    """The bodies in order, in pages within the bounds of one request."""
    page: list[str] = []
    room = size
    for body in bodies:
        # As a text within JSON it grows by its quotation marks.
        length = len(body.encode()) + body.count('"') + body.count("\\") + 100
        if page and (len(page) >= count or length > room):
            yield page
            page, room = [], size
        page.append(body)
        room -= length
    if page:
        yield page


def _offered(result: str, why: str) -> str:
    """What became of an offer: head office's own record of a ticket that differs comes with the changes."""
    return "refused" if result == "conflict" and why != "differs" else result
