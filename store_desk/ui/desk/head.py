"""The head of a ticket: its number with a copy button, what kind it is, when it was opened and promised."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.ticket import Ticket
from store_desk.services.look_up import TicketView
from store_desk.ui.bench import Bench
from store_desk.ui.desk.badges import badges_of
from store_desk.ui.desk.chips import ChipFlow
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import TYPE_ICONS
from store_desk.ui.parts.buttons import Button, Chip, IconButton
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words import catalogue

COPIED_MS = 1_500


class TicketHead(QWidget):
    """Number, chips, dates, Print and the evidence pack. Signals: print_asked(), evidence_asked()."""

    print_asked = Signal()
    evidence_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view: TicketView | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._number = TextLabel("", "title", elide=True)
        self._number.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._copy = IconButton("copy", "", side=28)
        self._copy.clicked.connect(self.on_copy)
        self._chips = ChipFlow()
        top.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._chips, 1)
        self._dates = TextLabel("", "small", "text2", elide=True)
        texts.addLayout(top)
        self._said = Runs(height=20)
        self._said.hide()
        texts.addWidget(self._dates)
        texts.addWidget(self._said)
        row.addLayout(texts, 1)
        self._evidence = Button("", icon="archive")
        self._evidence.clicked.connect(self.evidence_asked)
        row.addWidget(self._evidence, 0, Qt.AlignmentFlag.AlignVCenter)
        self._print = Button("", icon="printer", key="F9")
        self._print.clicked.connect(self.print_asked)
        row.addWidget(self._print, 0, Qt.AlignmentFlag.AlignVCenter)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(COPIED_MS)
        self._back.timeout.connect(self.on_copied_over)

    def show_head(self, view: TicketView, moments: Moments, *, evidence: bool = False) -> None:
        """Shows this ticket's head; `evidence` offers its pack."""
        if self._view is None or self._view.line.ticket.id != view.line.ticket.id:
            self.say("", "")
        self._view = view
        say = self._bench.language.say
        ticket = view.line.ticket
        self._number.set_text(ticket.number)
        self.on_copied_over()
        self._chips.show_chips([*self._chips_of(ticket), *badges_of(view, self._bench, moments)])
        self._dates.set_text(self._dates_words(ticket, moments))
        self._print.set_text(say("ui_desk.head.print"))
        self._print.setVisible(bool(view.slips))
        self._evidence.set_text(say("ui_files.evidence"))
        self._evidence.setVisible(evidence)

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order."""
        return self._print, self._evidence, self._copy

    def say(self, words: str, tone: str) -> None:
        """What became of something that was asked for, below the dates; an empty text takes it away."""
        icon = {"ok": "file-check", "bad": "triangle-alert", "warn": "triangle-alert"}.get(tone, "hourglass")
        colour = tone or "text2"
        self._said.set_runs((Run(icon=icon, colour=colour), Run(words, "small", colour)) if words else ())
        self._said.setToolTip(words)
        self._said.setVisible(bool(words))
        if words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def said(self) -> str:
        """What stands there."""
        return self._said.accessibleName()

    def _chips_of(self, ticket: Ticket) -> list[Chip]:
        say = self._bench.language.say
        kind = ticket.type.value
        chips = [Chip(say(f"trade.type.{kind}"), icon=TYPE_ICONS[kind])]
        member = ticket.facts.member
        if member:
            known = f"member.{member}" in catalogue("ui_desk")
            chips.append(Chip(say(f"ui_desk.member.{member}") if known else member, tone="line"))
        if ticket.source:
            chips.append(Chip(say("ui_desk.head.source", source=ticket.source), tone="line"))
        link = self._link_words(ticket)
        if link:
            chips.append(Chip(link, icon="link", tone="line"))
        return chips

    def _link_words(self, ticket: Ticket) -> str:
        say = self._bench.language.say
        facts = ticket.facts
        if facts.survivor:
            return say("ui_desk.head.survivor", number=facts.survivor)
        if facts.reopens:
            return say("ui_desk.head.reopens", number=facts.reopens)
        return say("ui_desk.head.recreated", number=facts.recreated_from) if facts.recreated_from else ""

    def _dates_words(self, ticket: Ticket, moments: Moments) -> str:
        say = self._bench.language.say
        when = moments.full(ticket.created_at)
        channel = ticket.origin_channel
        if f"channel.{channel}" in catalogue("ui_desk"):
            opened = say("ui_desk.head.opened_by", when=when, channel=say(f"ui_desk.channel.{channel}"))
        else:
            opened = say("ui_desk.head.opened", when=when)
        parts = [opened]
        if ticket.due_at is not None:
            parts.append(say("ui_desk.head.promised", when=moments.full(ticket.due_at)))
        return " · ".join(parts)

    def on_copy(self) -> None:
        """Puts the number on the clipboard and says so for a moment."""
        if self._view is not None:
            QGuiApplication.clipboard().setText(self._view.line.ticket.number)
            self._copy.set_icon("check")
            self._copy.set_name(self._bench.language.say("ui_desk.head.copied"))
            self._back.start()

    def on_copied_over(self) -> None:
        """The copy button as it was."""
        self._back.stop()
        self._copy.set_icon("copy")
        self._copy.set_name(self._bench.language.say("ui_desk.head.copy"))
