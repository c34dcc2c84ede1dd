"""Plans, reasons and moments put into words of both languages, the same for window, slip and command line."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan, PlanStep, RightAtStake
from store_desk.domain.slip import Both
from store_desk.words import both, catalogue

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def day_words(day: date, *, this_year: int | None = None) -> Both:
    """A day as people read it: `5 月 14 日` and `14 May`, with the year when it is another one."""
    zh = f"{day.month} 月 {day.day} 日"
    en = f"{day.day} {MONTHS_EN[day.month - 1]}"
    if this_year != day.year:
        return Both(f"{day.year} 年 {zh}", f"{en} {day.year}")
    return Both(zh, en)


def clock_words(moment: datetime, zone: tzinfo) -> str:
    """The time of day in the store's zone, `14:21`."""
    return moment.astimezone(zone).strftime("%H:%M")


def moment_words(moment: datetime, zone: tzinfo, *, now: datetime | None = None) -> Both:
    """Day and time; only the time when it is today."""
    local = moment.astimezone(zone)
    time = local.strftime("%H:%M")
    if now is not None and now.astimezone(zone).date() == local.date():
        return Both(time, time)
    day = day_words(local.date(), this_year=now.astimezone(zone).year if now else None)
    return Both(f"{day.zh} {time}", f"{day.en} {time}")


def compensation_words(kind: str) -> Both:
    """What kind of compensation was given, in words; an unknown kind keeps its own text."""
    if not kind:
        return both("trade.compensation.other")
    if f"compensation.{kind}" in catalogue("trade"):
        return both(f"trade.compensation.{kind}")
    return Both(kind, kind)


def step_words(step: PlanStep, *, zone: tzinfo, currency: str, now: datetime) -> tuple[Both, Both]:
    """A step's title and its second line (empty where nothing is known)."""
    facts: dict[str, object] = dict(step.facts)
    for name in ("at", "until"):
        if facts.get(name):
            facts["time"] = moment_words(datetime.fromisoformat(str(facts[name])), zone, now=now)
    if facts.get("on"):
        facts["on"] = day_words(date.fromisoformat(str(facts["on"])), this_year=now.astimezone(zone).year)
    if "kind" in facts:
        facts["kind"] = compensation_words(str(facts["kind"] or ""))
    if facts.get("who_en"):
        facts["who"] = Both(str(facts["who"] or ""), str(facts["who_en"]))
    if facts.get("carrier") and str(facts.get("waybill", "")).startswith(str(facts["carrier"])):
        # Many waybills begin with their carrier's letters already.
        facts["carrier"] = ""
    if "what_en" in facts:
        facts["what"] = Both(str(facts["what"] or ""), str(facts["what_en"] or facts["what"] or ""))
    if isinstance(facts.get("amount"), int):
        facts["amount"] = format_minor(int(str(facts["amount"])), currency)
    title = _trim(both(f"plan.{step.code}", **facts))
    return title, _second_line(step, facts)


def _second_line(step: PlanStep, facts: dict[str, object]) -> Both:
    code = f"{step.code}.sub"
    if step.code == "stop_work" and facts.get("percent"):
        code = "stop_work.sub_begun"
    wanted = {"tell_reviewer": "who", "tell_technician": "who", "stop_visit": "who", "recall_goods": "waybill"}
    wanted |= {"return_compensation": "on", "void_code": "on"}
    if step.code in wanted and not facts.get(wanted[step.code]):
        return Both("", "")
    return _trim(both(f"plan.{code}", **facts))


def _trim(text: Both) -> Both:
    return Both(" ".join(text.zh.split()), " ".join(text.en.split()))


def right_words(right: RightAtStake, *, currency: str, this_year: int) -> Both:
    """What the customer stands to lose, as a sentence."""
    facts: dict[str, object] = dict(right.facts)
    if "until" in facts:
        facts["until"] = day_words(date.fromisoformat(str(facts["until"])), this_year=this_year)
    if "amount" in facts:
        facts["amount"] = format_minor(int(str(facts["amount"])), currency)
    return both(f"plan.right.{right.code}", **facts)


def approval_words(plan: Plan) -> Both:
    """Why a second person must agree, as one enumeration."""
    parts = [both(f"trade.approval.{code}") for code in plan.because]
    return Both("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
