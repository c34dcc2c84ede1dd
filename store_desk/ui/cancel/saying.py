"""Sentences of the cancel sheet that depend on where things stand: head, footer, hint bar, a ticket that moved."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from store_desk.domain.level import Rung, rung_of
from store_desk.domain.plan import Plan
from store_desk.domain.ticket import Ticket
from store_desk.services.cancel import PlanView
from store_desk.services.wording import clock_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.due import due_chip
from store_desk.ui.cancel.entries import Entries
from store_desk.ui.cancel.frame import SheetHead
from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Chip
from store_desk.ui.parts.pin import PinBoxes

Hints = list[tuple[tuple[str, ...], str]]


def who_and_what(ticket: Ticket, language: Language) -> tuple[str, str]:
    """Customer and product; in English the customer's Chinese name stands after the other one."""
    facts = ticket.facts
    if language.now == "en":
        return f"{facts.customer_other} {ticket.customer}".strip(), facts.product_other or ticket.product
    return ticket.customer, ticket.product


def show_head(head: SheetHead, bench: Bench, ticket: Ticket | None, rung: Rung | None) -> None:
    """Title, ticket, customer, state and time left; before the ticket is read, the title alone."""
    language = bench.language
    title, close = language.say("ui_cancel.title"), language.say("ui_cancel.close")
    if ticket is None or rung is None:
        head.show_words(title=title, number="", sub="", close=close)
        return
    parts = [text for text in who_and_what(ticket, language) if text]
    head.show_words(title=title, number=ticket.number, sub="  ·  ".join(parts), close=close)
    words = language.say(f"trade.rung.{rung.value}")
    if rung is Rung.IN_PROGRESS:
        chips = [Chip(words, glyph=rung.value, tone="accent")]
    else:
        chips = [Chip(words, glyph=rung.value)]
    due = due_chip(ticket, now=bench.desk.clock(), language=language)
    head.show_chips([*chips, *([due] if due is not None else [])])


def ready_words(plan: Plan | None, language: Language) -> str:
    """All is set, with who is told at once when it is confirmed."""
    kinds = {step.kind for step in plan.steps} if plan is not None else set()
    told = (
        ("stop_visit", "dispatch"),
        ("stop_work", "technician"),
        ("tell_technician", "technician"),
        ("tell_reviewer", "reviewer"),
    )
    for kind, who in told:
        if kind in kinds:
            return language.say("ui_cancel.ready.told", who=language.say(f"ui_cancel.ready.{who}"))
    return language.say("ui_cancel.ready")


def moved_words(view: PlanView, before: Rung | None, bench: Bench) -> str:
    """The ticket changed elsewhere: to which state and when, or only when."""
    rung = rung_of(view.ticket.review, view.ticket.work)
    time = clock_words(view.ticket.updated_at, bench.desk.zone)
    key = "moved.same" if rung is before else "moved"
    return bench.language.say(f"ui_cancel.{key}", time=time, state=bench.language.say(f"trade.rung.{rung.value}"))


def hints_of(language: Language, entries: Entries, *, focus: QWidget | None, approval: bool) -> Hints:
    """The keys that work with the present focus."""
    say = language.say
    found: Hints = []
    if isinstance(focus, PinBoxes):
        found.append((("0", "–", "9"), say("ui_cancel.hint.pin")))
    elif isinstance(focus, QLineEdit):
        found.append((("F3",), say("ui_cancel.hint.reason")))
    else:
        found.append((("0", "–", "9"), say("ui_cancel.hint.digits")))
    found += [(("Alt", "C"), say("ui_cancel.hint.counter")), (("Alt", "P"), say("ui_cancel.hint.phone"))]
    if approval:
        found.append((("F4",), say("ui_cancel.hint.approval")))
    found.append((("F6",), say("ui_cancel.hint.phone_confirmation" if entries.by_phone else "ui_cancel.hint.sign")))
    if entries.strokes:
        found.append((("Del",), say("ui_cancel.hint.clear")))
    found.append((("Ctrl", "↵"), say("ui_cancel.hint.confirm")))
    found.append((("Esc",), say("ui_cancel.hint.back")))
    return found
