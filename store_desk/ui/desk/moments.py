"""Moments of tickets in words: how long is left, since when it is late, when it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from store_desk.domain.ticket import Status
from store_desk.services.look_up import TicketLine
from store_desk.services.wording import day_words
from store_desk.ui.bench import Bench

# What is due within this span is shown in amber.
SOON = timedelta(hours=4)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Urgency = Literal["plain", "soon", "late"]


@dataclass(frozen=True, slots=True)
class TimeWords:
    """The time of a row and how urgent it is."""

    text: str
    urgency: Urgency = "plain"


class Moments:
    """The words of moments in the window's language and the store's zone; `now` is the desk's clock when made."""

    def __init__(self, bench: Bench) -> None:
        self._say = bench.language.say
        self._of = bench.language.of
        self._zone = bench.desk.zone
        self.now = bench.desk.clock()
        self.today = self.now.astimezone(self._zone).date()

    def day(self, day: date) -> str:
        """`5 月 14 日` or `14 May`, with the year when it is another one."""
        return self._of(day_words(day, this_year=self.today.year))

    def plain_day(self, day: date) -> str:
        """A day that is given with its year: `2026-11-02` in Chinese, `2 Nov 2026` in English."""
        return day.isoformat() if self._is_zh() else day_words(day).en

    def clock(self, moment: datetime) -> str:
        """`14:21` in the store's zone."""
        return moment.astimezone(self._zone).strftime("%H:%M")

    def date_of(self, moment: datetime) -> str:
        """The day of the moment, `Today` when it is today."""
        day = moment.astimezone(self._zone).date()
        return self._say("ui_desk.time.today") if day == self.today else self.day(day)

    def full(self, moment: datetime) -> str:
        """Day and time: `5 月 14 日 14:21`, `14 May 14:21`."""
        return f"{self.day(moment.astimezone(self._zone).date())} {self.clock(moment)}"

    def short(self, moment: datetime) -> str:
        """`今天 09:10` / `Today 09:10` today, else day and time."""
        if moment.astimezone(self._zone).date() == self.today:
            return self._say("ui_desk.time.today_at", time=self.clock(moment))
        return self.full(moment)

    def brief(self, moment: datetime, *, after: datetime | None = None) -> str:
        """As a rung shows it: only the time on the day of `after`, `12 日 10:26` within this month, else in full."""
        day = moment.astimezone(self._zone).date()
        if after is not None and day != self.today and after.astimezone(self._zone).date() == day:
            return self.clock(moment)
        if day == self.today:
            return self.short(moment)
        return f"{self.brief_day(moment)} {self.clock(moment)}"

    def brief_day(self, moment: datetime) -> str:
        """`今天`, `12 日` within this month, else the whole day; English always names the month."""
        day = moment.astimezone(self._zone).date()
        if day == self.today:
            return self._say("ui_desk.time.today")
        if self._is_zh() and (day.year, day.month) == (self.today.year, self.today.month):
            return f"{day.day} 日"
        return self.day(day)

    def is_this_year(self, moment: datetime) -> bool:
        """Whether the moment lies in this year."""
        return moment.astimezone(self._zone).year == self.today.year

    def ended(self, moment: datetime) -> str:
        """The time of day for today, else the day."""
        day = moment.astimezone(self._zone).date()
        return self.clock(moment) if day == self.today else self.day(day)

    def booked(self, moment: datetime) -> str:
        """A booked moment: `今天 15:00`, `15:00 today`; another day by its date."""
        if moment.astimezone(self._zone).date() != self.today:
            return f" {self.full(moment)}" if self._is_zh() else self.full(moment)
        today = self._say("ui_desk.time.today")
        return f"{today} {self.clock(moment)}" if self._is_zh() else f"{self.clock(moment)} {today.lower()}"

    def _is_zh(self) -> bool:
        return self._say("ui_desk.time.today") == "今天"

    def of_line(self, line: TicketLine) -> TimeWords:
        """The time of a list row: when it ended, the visit, what is overdue, what is left, else when it was opened."""
        ticket = line.ticket
        if line.status is not Status.OPEN:
            return self._ended_line(line)
        visit = ticket.facts.visit
        if visit is not None and visit.at is not None and timedelta() <= visit.at - self.now <= SOON:
            return TimeWords(self._visit(visit.at - self.now), "soon")
        if ticket.due_at is None:
            return TimeWords(self._opened(ticket.created_at))
        left = ticket.due_at - self.now
        if left < timedelta():
            return TimeWords(self._overdue(-left), "late")
        if left <= SOON:
            same = ticket.due_at.astimezone(self._zone).date() == self.today
            key = "ui_desk.time.due_today" if same else "ui_desk.time.due_tomorrow"
            return TimeWords(self._say(key, time=self.clock(ticket.due_at)), "soon")
        return TimeWords(self._left(left))

    def _opened(self, moment: datetime) -> str:
        # An older year alone, so that the ticket's number beside it is never cut.
        if self.is_this_year(moment):
            return self._say("ui_desk.time.opened", when=self.ended(moment))
        return self._say("ui_desk.time.opened_year", year=moment.astimezone(self._zone).year)

    def _ended_line(self, line: TicketLine) -> TimeWords:
        key, moment = {
            Status.CANCELLED: ("cancelled", line.case_at or line.ticket.closed_at),
            Status.CANCELLING: ("requested", line.case_at),
            Status.REJECTED: ("rejected", line.ticket.closed_at),
        }.get(line.status, ("closed", line.ticket.closed_at))
        if moment is None:
            return TimeWords("")
        return TimeWords(self._say(f"ui_desk.time.{key}", when=self._ended_when(moment)))

    def _ended_when(self, moment: datetime) -> str:
        # An older year alone, as for what was opened then: the ticket's number beside it is never cut.
        if self.is_this_year(moment):
            return self.ended(moment)
        return self._say("ui_desk.time.year", year=moment.astimezone(self._zone).year)

    def _visit(self, left: timedelta) -> str:
        minutes = max(1, round(left.total_seconds() / 60))
        if minutes < 60:
            return self._say("ui_desk.time.visit_min", n=minutes)
        hours, rest = divmod(minutes, 60)
        return self._say("ui_desk.time.visit_h_min" if rest else "ui_desk.time.visit_h", h=hours, m=rest)

    def _overdue(self, late: timedelta) -> str:
        if late < HOUR:
            return self._say("ui_desk.time.over_min", n=max(1, int(late.total_seconds() // 60)))
        if late < DAY:
            return self._say("ui_desk.time.over_h", n=int(late / HOUR))
        return self._say("ui_desk.time.over_d", n=late.days)

    def _left(self, left: timedelta) -> str:
        days, hours = left.days, int((left - timedelta(days=left.days)) / HOUR)
        if not days:
            return self._say("ui_desk.time.left_h", h=hours)
        return self._say("ui_desk.time.left_d_h" if hours else "ui_desk.time.left_d", d=days, h=hours)
