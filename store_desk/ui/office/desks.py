"""The enrolled desks: when they last spoke, revoking one, and a one-time code for a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout

from store_desk.services.office import NewCode
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.office.form import Ask
from store_desk.ui.office.section import ListSection
from store_desk.ui.office.table import Line
from store_desk.ui.parts.buttons import Button

# A desk that has not spoken for so long is worth a call.
QUIET: Final = timedelta(hours=24)
ROLES: Final = ("desk", "head_office", "system")


class DesksSection(ListSection):
    """Calls: code(values) and revoke({desk_id, why})."""

    source = "desks"
    columns = (
        ("store", 0.12),
        ("desk", 0.10),
        ("name", 0.20),
        ("kind", 0.14),
        ("spoke", 0.18),
        ("version", 0.16),
        ("state", 0.10),
    )

    def __init__(self, bench: Bench) -> None:
        self.revoke = Button(" ", icon="ban", kind="danger")
        self._revoking = False
        super().__init__(bench)
        self.revoke.clicked.connect(self.on_revoke)
        self.edit.hide()

    def footer(self, row: QHBoxLayout) -> None:
        row.addWidget(self.revoke)

    def line_of(self, item: dict[str, Any], place: int) -> Line:
        revoked = bool(item.get("revoked"))
        seen = int(item.get("seen_at_ms") or 0)
        at = datetime.fromtimestamp(seen / 1000, UTC) if seen else None
        moments = Moments(self.bench)
        quiet = at is None or moments.now - at > QUIET
        spoke = moments.short(at) if at else self.say("desk.never")
        state = self.say("desk.revoked" if revoked else "desk.on")
        cells = (
            str(item["store"]),
            str(item["desk"]),
            str(item.get("name") or "–"),
            self.say(f"desk.role.{item.get('role', 'desk')}"),
            spoke,
            str(item.get("program") or "–"),
            state,
        )
        tones = [(6, "bad" if revoked else "ok")]
        if quiet and not revoked:
            tones.append((4, "warn"))
        return Line(str(item["desk_id"]), cells, tuple(tones))

    def reread(self) -> None:
        super().reread()
        self.edit.hide()
        self.add.set_text(self.say("desk.code"))
        self.revoke.set_text(self.say("desk.revoke"))
        place = self.place()
        on = place >= 0 and not self.items()[place].get("revoked")
        own = place >= 0 and self.items()[place]["desk_id"] == self.bench.desk.identity.desk_id
        self.revoke.setEnabled(on)
        self.revoke.set_reason(self.say("desk.own") if own else "" if on else self.say("desk.revoked"))

    def asks(self) -> tuple[Ask, ...]:
        roles = tuple((role, self.say(f"desk.role.{role}")) for role in ROLES)
        return (
            Ask("store", self.say("col.store"), needed=True),
            Ask("desk", self.say("col.desk"), needed=True),
            Ask("role", self.say("col.kind"), "choice", roles),
            Ask("name", self.say("col.name")),
        )

    def on_add(self) -> None:
        """Asks for which desk the code is to be."""
        self._revoking = False
        usual = {"store": self.bench.desk.identity.store_code, "role": "desk"}
        self.form.ask(self.say("desk.code.title"), self.asks(), usual, old=False, save=self.say("desk.code.make"))

    def on_edit(self, *_: object) -> None:
        """A desk has nothing that is changed here."""

    def on_revoke(self) -> None:
        """Asks why the desk is to lose its right."""
        place = self.place()
        if place < 0:
            return
        self._revoking = True
        item = self.items()[place]
        title = self.say("desk.revoke.title", store=item["store"], desk=item["desk"])
        why = (Ask("why", self.say("desk.why"), needed=True),)
        self.form.ask(title, why, {}, old=False, save=self.say("desk.revoke.do"))

    def on_given(self, values: dict[str, str]) -> None:
        if self._revoking:
            place = self.place()
            if place >= 0:
                self.called.emit("revoke", {"desk_id": self.items()[place]["desk_id"], "why": values["why"]})
            return
        if not values["desk"].isdigit() or not 0 < int(values["desk"]) < 1_000:
            self.form.say(self.say("desk.number"))
            return
        self.called.emit("code", {**values, "store": values["store"].upper(), "desk": int(values["desk"])})

    def show_code(self, made: NewCode) -> None:
        """The code, large enough to read over the telephone; it is told this once."""
        self.form.hide()
        until = Moments(self.bench).clock(made.until)
        self.note.set_look(style="heading", colour="text")
        self.note.set_text(self.say("desk.code.is", code=made.code, until=until))
