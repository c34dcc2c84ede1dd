"""Keeps the draft while the clerk types, so that a power cut loses the last keys at most."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from store_desk.domain.errors import DomainError
from store_desk.domain.staff import Actor
from store_desk.services.drafts import DRAFT_LENGTH_MAX, drop_draft, save_draft
from store_desk.services.ports import Draft
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import Entries, draft_text
from store_desk.ui.tasks import run

# Long enough not to write at every key, short enough to lose a word at most.
SETTLE_MS = 400


class DraftKeeper(QObject):
    """Saves the entries of one ticket's sheet. Signals: saved(datetime), refused(DomainError)."""

    saved = Signal(object)
    refused = Signal(object)

    def __init__(self, bench: Bench, ticket_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._ticket_id = ticket_id
        self._entries = Entries()
        self._kept = ""
        self._actor: Actor | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.save_now)

    def begin(self, entries: Entries) -> None:
        """Starts from what the draft held; nothing is written until it changes."""
        self._entries = entries
        self._kept = draft_text(entries)

    def keep(self, entries: Entries) -> None:
        """Saves the entries shortly, in the name of who is at the desk now, also when it locks meanwhile."""
        self._entries = entries
        self._actor = self._bench.session.actor or self._actor
        self._timer.start()

    def save_now(self) -> None:
        """Saves what has changed at once; empty entries take the draft away."""
        self._timer.stop()
        actor = self._actor
        text = draft_text(self._entries)
        if actor is None or text == self._kept or len(text) > DRAFT_LENGTH_MAX:
            return
        self._kept = text
        desk, lane = self._bench.desk, self._bench.database
        if self._entries == Entries():
            run(self, lane, partial(drop_draft, desk, actor, ticket_id=self._ticket_id))
            return
        work = partial(save_draft, desk, actor, ticket_id=self._ticket_id, body=text)
        run(self, lane, work, then=self.on_saved, refused=self.on_refused)

    def hold(self) -> None:
        """Writes nothing while the ticket is being cancelled: a draft saved after that would outlive it."""
        self._timer.stop()

    def stop(self) -> None:
        """Forgets what has not been written yet: the ticket is cancelled and its draft gone with it."""
        self._timer.stop()
        self._kept = draft_text(self._entries)

    def on_saved(self, draft: Draft) -> None:
        """The draft is on the disk."""
        self.saved.emit(draft.saved_at)

    def on_refused(self, error: DomainError) -> None:
        """The draft could not be written; the entries stay on the sheet."""
        self._kept = ""
        self.refused.emit(error)
