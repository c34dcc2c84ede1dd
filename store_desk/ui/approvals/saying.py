"""Requests and exceptions in the window's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store_desk.domain.consent import Channel
from store_desk.domain.money import format_minor
from store_desk.domain.plan import PlanStep
from store_desk.domain.slip import Both
from store_desk.services.approvals_view import OFTEN, Earlier, Waiting, WaitingView
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import names_of, product_of
from store_desk.words import catalogue

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BECAUSE_ICONS = {
    "role_level": "shield-check",
    "reason_level": "shield-check",
    "reason_always": "shield-check",
    "collect_amount": "coins",
    "visit_today": "calendar-clock",
    "parts_used": "package",
    "awaiting_confirmation": "user-check",
    "review_overdue": "clock",
    "more_to_pay": "coins",
    "level_rose": "trending-up",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a column: name at the left, value at the right in a colour, with an icon before it or none."""

    name: str
    value: str
    colour: str = "text"
    icon: str = ""


class Sayings:
    """The words of requests, in the language and at the moment when it is made; `stores` are names by code."""

    def __init__(self, bench: Bench, stores: dict[str, Both] | None = None) -> None:
        self._bench = bench
        self._stores = stores or {}
        self.say = bench.language.say
        self.moments = Moments(bench)

    # --- a row ---------------------------------------------------------------------------------------------

    def span(self, since: datetime) -> str:
        """How long ago: minutes, hours or days."""
        past = max(timedelta(), self.moments.now - since)
        if past < HOUR:
            return self.say("ui_approvals.row.min", n=int(past.total_seconds() // 60))
        if past < DAY:
            return self.say("ui_approvals.row.hours", n=int(past / HOUR))
        return self.say("ui_approvals.row.days", n=past.days)

    def where(self, row: Waiting) -> str:
        """The desk where it was asked, with its store's name when that is another one."""
        return self.desk_words(row.ticket.store, row.desk)

    def desk_words(self, store: str, label: str) -> str:
        """A desk's label (`XH2`) in words."""
        number = label.removeprefix(store) or label
        if store == self._bench.desk.identity.store_code:
            return self.say("ui_approvals.row.desk", n=number)
        return self.say("ui_approvals.row.other_desk", store=self.store_name(store), n=number)

    def store_name(self, code: str) -> str:
        """The store's name where it is known, else its code."""
        identity = self._bench.desk.identity
        if code == identity.store_code:
            return self._bench.language.of(Both(identity.store_name, identity.store_name_other))
        return self._bench.language.of(self._stores[code]) if code in self._stores else code

    def third_line(self, row: Waiting) -> str:
        """Number, where, and who asked."""
        place = self.where(row)
        if row.case.channel is Channel.PHONE and row.ticket.store == self._bench.desk.identity.store_code:
            place = self.say("ui_approvals.row.phone")
        return f"{row.ticket.number}  ·  {place} · {self._bench.language.of(row.requester)}"

    def amount(self, row: Waiting) -> str:
        """What would be collected, '' for nothing."""
        return format_minor(row.pays_minor, row.ticket.currency) if row.pays_minor else ""

    def reason(self, row: Waiting) -> str:
        """The reason in words."""
        return self.say(f"trade.reason.{row.case.reason.value}")

    def name(self, row: Waiting) -> str:
        """The customer."""
        return names_of(row.ticket, self._bench.language)[0]

    # --- one request ---------------------------------------------------------------------------------------

    def asked(self, row: Waiting) -> str:
        """Who waits where, and since when."""
        kind = {Channel.COUNTER: "counter", Channel.PROXY: "counter", Channel.PHONE: "phone"}
        key = f"ui_approvals.asked.{kind.get(row.case.channel, 'else')}"
        where = self.where(row)
        if self._bench.language.now == "en":
            where = where.replace("Desk", "desk")
        who = self._bench.language.of(row.requester)
        today = row.case.opened_at.astimezone(self._bench.desk.zone).date() == self.moments.today
        time = self.moments.clock(row.case.opened_at) if today else self.moments.full(row.case.opened_at)
        return self.say(key, who=who, where=where, time=time)

    def product_line(self, row: Waiting) -> str:
        """Product and customer, in English with the Chinese name after it."""
        name, other = names_of(row.ticket, self._bench.language)
        return f"{product_of(row.ticket, self._bench.language)} · {name} {other}".rstrip()

    def request(self, view: WaitingView) -> tuple[Fact, ...]:
        """The left column."""
        case, say = view.waiting.case, self.say
        identity = " + ".join(say(f"trade.identity.{kind}") for kind in case.identity)
        known = Fact(say("ui_approvals.request.identity"), identity, "ok", "circle-check")
        if not identity:
            known = Fact(known.name, say("trade.identity.none"), "warn", "triangle-alert")
        consent = say("ui_approvals.consent.none")
        if case.consent is not None:
            consent = say(f"trade.grade.{case.consent.grade.value}")
        facts = [
            Fact(say("ui_approvals.request.reason"), self.reason(view.waiting)),
            Fact(say("ui_approvals.request.asked"), say(f"ui_approvals.asked_by.{case.channel.value}")),
            known,
            Fact(say("ui_approvals.request.consent"), consent),
        ]
        if case.note:
            facts.append(Fact(say("ui_approvals.request.note"), case.note))
        return tuple(facts)

    def costs(self, view: WaitingView) -> tuple[Fact, ...]:
        """The right column."""
        made: list[Fact] = []
        for step in view.plan.steps:
            made += self._cost(step, view)
        if view.plan.store_pays_minor:
            amount = format_minor(view.plan.store_pays_minor, view.plan.currency)
            made.append(Fact(self.say("ui_approvals.cost.remedy"), amount, "warn"))
        if not made:
            made = [Fact(self.say("ui_approvals.cost.nothing"), "")]
        return tuple(made)

    def _cost(self, step: PlanStep, view: WaitingView) -> list[Fact]:
        say, facts = self.say, dict(step.facts)
        key = f"ui_approvals.cost.{step.code}"
        if step.code in ("return_compensation", "fee_tariff", "fee_visit"):
            colour = "warn" if step.amount_minor else "text"
            return [Fact(say(key), format_minor(step.amount_minor, view.plan.currency), colour)]
        if step.code == "fee_visit_free":
            until = datetime.fromisoformat(str(facts["until"]))
            left = say("ui_approvals.cost.left.no", time=self.moments.clock(until))
            if self.moments.now > until:
                left = say("ui_approvals.cost.left.yes", time=self.moments.clock(until))
            free = say("ui_approvals.cost.free_until", time=self.moments.clock(until))
            return [Fact(say(key), free), Fact(say("ui_approvals.cost.left"), left)]
        if step.code == "stop_visit":
            return [Fact(say(key), self.moments.booked(datetime.fromisoformat(str(facts["at"]))).strip())]
        if step.code == "stop_work":
            percent = int(facts.get("percent") or 0)
            done = say(f"{key}.is", n=percent) if percent else say(f"{key}.none")
            return [Fact(say(key), done)]
        if step.code == "recall_goods":
            english = self._bench.language.now == "en"
            what = str(facts.get("what_en" if english else "what") or facts.get("what") or "")
            return [Fact(say(key), say(f"{key}.is", what=what) if what else say("plan.recall_goods", what=""))]
        if step.code == "release_parts":
            return [Fact(say(key), str(facts.get("what") or ""))]
        if step.code in ("void_code", "hand_back_item"):
            return [Fact(say(key), say(f"{key}.is"))]
        return []

    def because(self, view: WaitingView) -> tuple[tuple[str, str], ...]:
        """Why a second person is needed: (icon, words)."""
        limits = dict(view.limits)
        amount = format_minor(limits.get("collect", 0), view.plan.currency)
        said: list[tuple[str, str]] = []
        for code in view.because:
            key = f"because.{code}" if f"because.{code}" in catalogue("ui_approvals") else "because.unknown"
            words = self.say(f"ui_approvals.{key}", amount=amount, hours=limits.get("review_h", 0))
            said.append((BECAUSE_ICONS.get(code, "shield-check"), words))
        return tuple(said)

    def history(self, earlier: tuple[Earlier, ...]) -> tuple[str, str]:
        """Title and second line about the customer's earlier cancellations: facts, no judgement of a person."""
        counted = [one for one in earlier if one.counts]
        if len(counted) >= OFTEN:
            title = self.say("ui_approvals.history.often", n=len(counted))
        elif earlier:
            title = self.say("ui_approvals.history.usual", n=len(earlier))
        else:
            return self.say("ui_approvals.history.none"), ""
        last = earlier[0]
        kind = self.say(f"trade.type.{last.ticket.type.value}")
        reason = self.say(f"trade.reason.{last.reason.value}")
        english = self._bench.language.now == "en"
        line = self.say(
            "ui_approvals.history.line",
            day=self.moments.plain_day(last.at.astimezone(self._bench.desk.zone).date()),
            product=product_of(last.ticket, self._bench.language),
            type=kind.lower() if english else kind,
            reason=reason[:1].lower() + reason[1:] if english else reason,
        )
        return title, line
