"""The day of a rehearsal: hours of work at all desks at once, trouble in between, an evening, and the calm."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from random import Random

from store_desk.app.rehearsal.desks import DeskDied, RehearsedDesk
from store_desk.app.rehearsal.office import RehearsedOffice
from store_desk.app.rehearsal.system import TechniciansSystem
from store_desk.app.rehearsal.trouble import Weather

HOURS = 10
# Things that are done for each ticket over the day, by all desks together.
ACTS_PER_TICKET = 1.2
MOVES_PER_TICKET = 0.15
# At most so many things are done at a desk between two cycles.
BETWEEN_CYCLES = 4
CALM_ROUNDS = 40
CALM = asdict(Weather())
# Transactions of an hour within which a doomed desk dies.
DEATH_WITHIN = 40
TROUBLE = (
    "hub_killed",
    "hub_killed",
    "database_crashed",
    "backed_up",
    "restored",
    "desk_killed",
    "desk_dies",
    "desk_dies",
    "disk_copied",
    "disk_put_back",
)

Told = Callable[..., None]


class NotSettled(Exception):
    """Without further trouble everything has to settle; it did not."""


@dataclass
class Day:
    """One day. `trouble` is None for a quiet one; `told` is called with a word key and facts."""

    office: RehearsedOffice
    desks: list[RehearsedDesk]
    system: TechniciansSystem
    tickets: int
    rng: Random
    trouble: Random | None
    told: Told

    def run(self) -> None:
        """Works through the day and waits until all is settled; raises NotSettled, DeskFault."""
        plan = self._plan()
        if self.trouble is not None:
            self.office.back_up()
        for hour in range(HOURS):
            self.told("hour", hour=hour + 9, of=HOURS + 8)
            self._hour(plan.get(hour, []))
        self.told("evening")
        self._evening()

    def _plan(self) -> dict[int, list[str]]:
        """Which trouble comes in which hour; a disk is copied before it is put back."""
        if self.trouble is None:
            return {}
        plan: dict[int, list[str]] = {}
        for kind in TROUBLE:
            hours = {"disk_copied": range(1, HOURS // 2), "disk_put_back": range(HOURS // 2 + 1, HOURS)}
            hour = self.trouble.choice(hours.get(kind, range(1, HOURS)))
            plan.setdefault(hour, []).append(kind)
        for kinds in plan.values():
            self.trouble.shuffle(kinds)
        return plan

    # --- an hour -----------------------------------------------------------------------------------------------

    def _hour(self, kinds: list[str]) -> None:
        acts = max(1, round(self.tickets * ACTS_PER_TICKET / HOURS / len(self.desks)))
        doomed = [self.rng.choice(self.desks) for kind in kinds if kind == "desk_dies"]
        for desk in self.desks:
            dies = (0, False)
            if self.trouble is not None and desk in doomed:
                dies = (self.trouble.randint(1, DEATH_WITHIN), self.trouble.random() < 0.5)
            desk.send("work", acts=acts, between=BETWEEN_CYCLES, weather=self._weather(), dies=dies)
        self._move_tickets(max(1, round(self.tickets * MOVES_PER_TICKET / HOURS)))
        for kind in kinds:
            if kind not in ("desk_dies", "disk_copied", "disk_put_back"):
                self._strike(kind)
        for desk in self.desks:
            self._await(desk)
        for kind in kinds:
            if kind in ("disk_copied", "disk_put_back"):
                self._strike(kind)

    def _weather(self) -> dict[str, float]:
        if self.trouble is None:
            return CALM
        worst = self.trouble.choice((0.0, 0.1, 0.1, 0.3))
        return asdict(Weather(*(self.trouble.random() * worst for _ in range(4))))

    def _move_tickets(self, count: int) -> None:
        for _ in range(count):
            self.system.move_one()

    def _await(self, desk: RehearsedDesk) -> None:
        try:
            desk.finish()
        except DeskDied:
            self.told("desk_back", desk=desk.label)
            desk.revive()

    def _strike(self, kind: str) -> None:
        """One piece of trouble, a moment after the last."""
        if self.trouble is None:
            return
        time.sleep(self.trouble.random() * 0.3)
        if kind == "hub_killed":
            service = self.trouble.choice(self.office.services)
            self.told("hub_killed")
            service.kill()
            service.launch()
        elif kind == "database_crashed":
            self.told("database_crashed")
            self.office.postgres.crash()
        elif kind == "backed_up":
            self.told("backed_up")
            self.office.back_up()
        elif kind == "restored":
            renew = self.trouble.random() < 0.5
            self.told("restored_anew" if renew else "restored")
            self.office.restore(self.trouble.randrange(self.office.backups), renew=renew)
        elif kind == "desk_killed":
            desk = self.trouble.choice(self.desks)
            self.told("desk_killed", desk=desk.label)
            desk.cut_off()
        elif kind == "disk_copied":
            self.trouble.choice(self.desks).take_image()
        elif kind == "disk_put_back":
            for desk in self.desks:
                if desk.has_image:
                    self.told("disk_put_back", desk=desk.label)
                    desk.restore_image()

    # --- the end -----------------------------------------------------------------------------------------------

    def _evening(self) -> None:
        """No more trouble: what waits is decided, and everything settles."""
        self.office.wait()
        self._settle()
        # A decision may come back as one more to be made, since somebody else moved the ticket meanwhile.
        for _ in range(3):
            decided = [desk.ask("evening")["decided"] for desk in self.desks]
            self._settle()
            if not any(decided):
                break

    def _settle(self) -> None:
        """Cycles at all desks until nobody has anything to tell or to hear."""
        problems: list[str] = []
        for _ in range(CALM_ROUNDS):
            sent = self.system.send_everything()
            for desk in self.desks:
                desk.send("sync")
            answers = [desk.finish() for desk in self.desks]
            heads = self._heads()
            level = all(heads[store] == seq for answer in answers for store, seq in answer["feeds"].items())
            if sent and level and all(answer["settled"] for answer in answers):
                return
            problems = [
                f"{desk.label} {answer['problem'] or '-'}" for desk, answer in zip(self.desks, answers, strict=True)
            ]
        raise NotSettled(", ".join(problems))

    def _heads(self) -> dict[str, int]:
        with self.office.database() as database:
            rows = database.snapshot_read(
                lambda unit: unit.connection.execute("select store, seq from store_head").fetchall()
            )
        return {str(store): int(seq) for store, seq in rows}
