"""What happened to a ticket, newest first, and how it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.domain.journal import Entry
from store_desk.services.verdicts import HEAD_OFFICE
from store_desk.ui.desk.asking import Opened
from store_desk.ui.desk.moments import Moments
from store_desk.ui.language import Language
from store_desk.ui.look.icons import paint_icon
from store_desk.ui.look.theme import THEME, text_width
from store_desk.ui.parts.painting import draw_text, frame

ROW = 52
MARK_X = 92
MARK = 28
TEXT_X = 132
# An entry this close to the ticket's beginning already tells how it began.
BEGINNING = timedelta(minutes=1)

# What the journal calls it -> (words key, icon). Entries without a ticket are not shown at the counter.
KINDS = {
    "cancellation_requested": ("event.cancellation_requested", "send"),
    "cancellation_sent_for_approval": ("event.cancellation_sent_for_approval", "hourglass"),
    "case_approved": ("event.case_approved", "user-check"),
    "case_declined": ("event.case_declined", "user-x"),
    "case_expired": ("event.case_expired", "clock"),
    "outcome_told": ("event.outcome_told", "cloud-check"),
    "outcome_overruled": ("event.outcome_overruled", "building-2"),
    "head_office_asked": ("event.head_office_asked", "circle-help"),
    "answer_handled": ("event.answer_handled", "check"),
    "approver_calls": ("event.approver_calls", "phone-call"),
    "exception_handled": ("event.exception_handled", "check"),
    "recreated_ticket_dropped": ("event.recreated_ticket_dropped", "archive"),
    "offered_in_conflict": ("event.offered_in_conflict", "triangle-alert"),
    "ticket_cancelled": ("event.ticket_cancelled", "circle-x"),
    "case_withdrawn": ("event.case_withdrawn", "undo-2"),
    "ticket_reopened": ("event.ticket_reopened", "rotate-cw"),
    "ticket_reopened_as": ("event.ticket_reopened_as", "rotate-cw"),
    "slip_printed": ("event.slip_printed", "printer"),
    "slip_reprinted": ("event.slip_reprinted", "printer"),
    "slip_not_printed": ("event.slip_not_printed", "triangle-alert"),
    "slip_not_signed": ("event.slip_not_signed", "triangle-alert"),
    "slip_not_stamped": ("event.slip_not_stamped", "triangle-alert"),
    "slip_not_long_term": ("event.slip_not_long_term", "triangle-alert"),
    "file_attached": ("event.file_attached", "file-check"),
    "evidence_exported": ("event.evidence_exported", "download"),
    "stop_sheet_written": ("event.stop_sheet_written", "ban"),
    "phone_revealed": ("event.phone_revealed", "eye"),
    "ticket_recreated": ("event.ticket_recreated", "copy"),
    "duplicate_merged": ("event.duplicate_merged", "layers"),
}
# Entries that say what came out, by the fact that says it, with the icon where it is another one.
OUTCOMES = {
    "confirmed": "",
    "conditions": "",
    "superseded": "copy",
    "refused": "octagon-x",
    "waits": "hourglass",
    "withdrawn": "undo-2",
}


@dataclass(frozen=True, slots=True)
class EventWords:
    """One event in words; `day` is empty when `time` already is a day."""

    time: str
    day: str
    icon: str
    title: str
    sub: str
    at: datetime


def events_of(opened: Opened, *, language: Language, moments: Moments) -> list[EventWords]:
    """The ticket's events, newest first, with its own beginning where no entry tells of it."""
    ticket = opened.view.line.ticket
    made = [_words_of(entry, opened, language, moments) for entry in opened.view.events]
    events = [item for item in made if item is not None]
    if not any(abs(item.at - ticket.created_at) < BEGINNING for item in events):
        sub = language.say("ui_desk.head.source", source=ticket.source) if ticket.source else ""
        title = language.say("ui_desk.event.created")
        events.append(_at(ticket.created_at, "file-text", title, sub, moments))
    return sorted(events, key=lambda item: item.at, reverse=True)


def _at(at: datetime, icon: str, title: str, sub: str, moments: Moments) -> EventWords:
    if moments.is_this_year(at):
        return EventWords(moments.clock(at), moments.brief_day(at), icon, title, sub, at)
    return EventWords(moments.date_of(at), "", icon, title, sub, at)


def _words_of(entry: Entry, opened: Opened, language: Language, moments: Moments) -> EventWords | None:
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
    facts: dict[str, Any] = json.loads(entry.facts) if entry.facts else {}
    lang = language.now
    if entry.what == "event":
        title, sub = str(facts.get(lang) or facts.get("zh", "")), str(facts.get(f"sub_{lang}", ""))
        return _at(at, str(facts.get("icon") or "circle-dot"), title, sub, moments)
    if entry.what not in KINDS:
        return None
    key, icon = _kind_of(entry.what, facts)
    reason = str(facts.get("reason", ""))
    title = language.say(
        f"ui_desk.{key}",
        reason=language.say(f"trade.reason.{reason}") if reason else "",
        number=str(facts.get("survivor") or facts.get("number") or facts.get("reopens") or facts.get("from") or ""),
        slip=str(facts.get("slip", "")),
        n=int(facts.get("reprint") or 0),
        file=str(facts.get("file", "")),
        why=str(facts.get("why", "")),
        how=str(facts.get("how", "")),
    )
    sub = _person(entry.actor, opened, language)
    approver = str(facts.get("approver") or "")
    if approver:
        by = _person(approver, opened, language)
        sub = language.say("ui_desk.event.approved_by", who=sub, approver=by)
    return _at(at, icon, title, sub, moments)


def _kind_of(what: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The words and the icon of an entry, with what came out where it tells that."""
    key, icon = KINDS[what]
    if what == "slip_printed" and facts.get("how") == "file":
        return "event.slip_saved", "download"
    if what == "outcome_overruled":
        return f"{key}.{'confirmed' if facts.get('confirm') else 'refused'}", icon
    if what == "outcome_told":
        told = str(facts.get("told", ""))
        # A newer program may have told of an outcome that this one has no word for.
        return (f"{key}.{told}", OUTCOMES[told] or icon) if told in OUTCOMES else ("event.answer_handled", "check")
    return key, icon


def _person(staff: str, opened: Opened, language: Language) -> str:
    if staff == HEAD_OFFICE:
        return language.say("trade.role.head_office")
    known = opened.people.get(staff)
    return f"{language.of(known)} {staff}" if known else staff


class EventRow(QWidget):
    """One event: when, its mark on the line, what, and by whom."""

    def __init__(self, words: EventWords, *, newest: bool, last: bool, full: str) -> None:
        super().__init__()
        self._words, self._newest, self._last = words, newest, last
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(part for part in (full, words.title, words.sub) if part))
        self.setToolTip(f"{full}\n{words.title}\n{words.sub}".strip())

    def title(self) -> str:
        """What it says happened."""
        return self._words.title

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        words = self._words
        used = draw_text(painter, words.time, 0, 11, "label", "text2")
        if words.day:
            beside = used + 5 + text_width(words.day, "caption") <= MARK_X - 4
            draw_text(painter, words.day, used + 5 if beside else 0, 12 if beside else 30, "caption", "text2")
        warm = words.icon == "coins"
        bad = words.icon == "triangle-alert"
        fill = "warn_soft" if warm else "bad_soft" if bad else "accent_soft" if self._newest else "sunken"
        colour = "warn" if warm else "bad" if bad else "accent_text" if self._newest else "text2"
        top = 20 - MARK / 2
        if not self._last:
            painter.fillRect(QRectF(MARK_X + MARK / 2 - 1, 20 + MARK / 2, 2, ROW - MARK), THEME.colour("line"))
        frame(painter, QRectF(MARK_X, top, MARK, MARK), MARK / 2, fill=fill)
        paint_icon(painter, words.icon, MARK_X + 7, top + 7, 14, THEME.colour(colour))
        room = self.width() - TEXT_X - 8
        draw_text(painter, words.title, TEXT_X, 10, "strong", "text", width=room)
        draw_text(painter, words.sub, TEXT_X, 30, "caption", "text2", width=room)
