"""The three columns of a ticket: customer, product, money."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.money import format_minor
from store_desk.domain.ticket import Ticket, mask_phone
from store_desk.services.look_up import TicketView
from store_desk.services.wording import compensation_words
from store_desk.ui.bench import Bench
from store_desk.ui.desk.moments import Moments
from store_desk.ui.desk.rows import names_of, product_of
from store_desk.ui.parts.buttons import IconButton, LinkButton
from store_desk.ui.parts.parts import Hairline
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words import catalogue

SECOND_MS = 1_000
# Widths of the three columns to each other, as drawn.
SHARES = (255, 304, 279)
BESIDE_LINE = 24


class CustomerColumn(QWidget):
    """Who it is. The number is masked; reveal_asked() asks for all of it, others_asked() for the other tickets."""

    reveal_asked = Signal()
    others_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._masked = ""
        self._left = 0
        self._full = ""
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._timer.timeout.connect(self.on_second)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, BESIDE_LINE, 0)
        column.setSpacing(0)
        self._head = TextLabel("", "captionb", "text2")
        self._name = Runs(height=20)
        self._phone = TextLabel("", "body", "text2")
        self._eye = IconButton("eye", "", side=24)
        self._eye.clicked.connect(self.reveal_asked)
        self._hidden_in = TextLabel("", "caption", "warn", elide=True)
        self._contact = TextLabel("", "small", "text2", elide=True)
        self._caused = TextLabel("", "caption", "text2", elide=True)
        self._others = LinkButton("", icon="layers")
        self._others.clicked.connect(self.others_asked)
        phone = QHBoxLayout()
        phone.setSpacing(6)
        phone.addWidget(self._phone)
        phone.addWidget(self._eye)
        phone.addStretch(1)
        column.addWidget(self._head)
        column.addSpacing(11)
        column.addWidget(self._name)
        column.addSpacing(2)
        column.addLayout(phone)
        column.addWidget(self._hidden_in)
        column.addWidget(self._contact)
        column.addWidget(self._caused)
        column.addSpacing(5)
        others = QHBoxLayout()
        others.setContentsMargins(-4, 0, 0, 0)
        others.addWidget(self._others, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(others)
        column.addStretch(1)

    def show_customer(self, view: TicketView) -> None:
        """Shows this ticket's customer, the number masked."""
        say = self._bench.language.say
        ticket = view.line.ticket
        name, other = names_of(ticket, self._bench.language)
        runs = (Run(name, "subhead"), Run(other, "small", "text2")) if other else (Run(name, "subhead"),)
        self._head.set_text(say("ui_desk.column.customer"))
        self._name.set_runs(runs)
        self._name.setToolTip(f"{name} {other}".strip())
        masked = mask_phone(ticket.phone)
        self._masked = masked or say("ui_desk.phone.none")
        self._eye.set_name(f"{say('ui_desk.phone.show')} (Alt V)")
        self._eye.setVisible(bool(masked))
        self.hide_phone()
        note = ticket.facts.contact_note
        contact = say(f"ui_desk.contact.{note}") if f"contact.{note}" in catalogue("ui_desk") else note
        self._contact.set_text(contact)
        self._contact.setVisible(bool(contact))
        self._caused.set_text(say("ui_desk.customer.caused", n=view.customer_caused))
        self._caused.setVisible(view.customer_caused > 0)
        self._others.set_text(say("ui_desk.customer.others", n=view.others_count))
        self._others.setVisible(view.others_count > 0)

    def show_phone(self, phone: str, *, seconds: int) -> None:
        """Shows the whole number for so long."""
        self._full, self._left = phone, seconds
        self._phone.set_text(phone)
        self._eye.set_icon("eye-off")
        self._show_left()
        self._timer.start()

    def hide_phone(self) -> None:
        """Masks the number again."""
        self._timer.stop()
        self._full, self._left = "", 0
        self._phone.set_text(self._masked)
        self._eye.set_icon("eye")
        self._hidden_in.hide()

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order."""
        return self._eye, self._others

    def shown_phone(self) -> str:
        """What stands there: masked, or the whole number."""
        return self._phone.text()

    def _show_left(self) -> None:
        self._hidden_in.set_text(self._bench.language.say("ui_desk.phone.shown", n=self._left))
        self._hidden_in.set_look(colour="text2")
        self._hidden_in.show()

    def show_trouble(self, words: str) -> None:
        """Why the number is not shown."""
        self.hide_phone()
        self._hidden_in.set_text(words)
        self._hidden_in.set_look(colour="bad")
        self._hidden_in.show()

    def on_second(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.hide_phone()
        else:
            self._show_left()


class ProductColumn(QWidget):
    """What it is about: product, serial, order with the day it was bought, warranty."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        column = QVBoxLayout(self)
        column.setContentsMargins(BESIDE_LINE, 0, BESIDE_LINE, 0)
        column.setSpacing(0)
        self._head = TextLabel("", "captionb", "text2")
        self._name = TextLabel("", "subhead", elide=True)
        self._serial = TextLabel("", "body", "text2", elide=True)
        self._order = TextLabel("", "small", "text2", elide=True)
        self._problem = TextLabel("", "small", "text2", elide=True)
        self._warranty = Runs(height=20)
        column.addWidget(self._head)
        column.addSpacing(11)
        column.addWidget(self._name)
        column.addSpacing(4)
        column.addWidget(self._serial)
        column.addSpacing(2)
        column.addWidget(self._order)
        column.addWidget(self._problem)
        column.addSpacing(9)
        column.addWidget(self._warranty)
        column.addStretch(1)

    def show_product(self, ticket: Ticket, moments: Moments) -> None:
        """Shows this ticket's product."""
        language = self._bench.language
        say = language.say
        self._head.set_text(say("ui_desk.column.product"))
        self._name.set_text(product_of(ticket, language) or say("ui_desk.product.none"))
        self._serial.set_text(say("ui_desk.product.serial", serial=ticket.serial))
        self._serial.setVisible(bool(ticket.serial))
        bought = ticket.facts.purchased_on
        parts = [say("ui_desk.product.order", order=ticket.order_number)] if ticket.order_number else []
        if bought is not None:
            parts.append(moments.plain_day(bought))
        self._order.set_text(" · ".join(parts))
        self._order.setVisible(bool(parts))
        # The problem is in the words of whoever wrote it down; English shows it only where there is nothing else.
        problem = "" if bought or ticket.serial else ticket.problem_type
        self._problem.set_text(problem)
        self._problem.setVisible(bool(problem))
        until = ticket.facts.warranty_until
        self._warranty.setVisible(until is not None)
        if until is not None:
            inside = until >= moments.today
            key = "ui_desk.warranty.in" if inside else "ui_desk.warranty.over"
            colour = "ok" if inside else "text2"
            words = say(key, date=moments.plain_day(until))
            self._warranty.set_runs(
                (Run(icon="circle-check" if inside else "shield", colour=colour), Run(words, "label", colour))
            )


class MoneyColumn(QWidget):
    """What was paid, given and would be charged."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        column = QVBoxLayout(self)
        column.setContentsMargins(BESIDE_LINE, 0, 0, 0)
        column.setSpacing(0)
        self._head = TextLabel("", "captionb", "text2")
        column.addWidget(self._head)
        column.addSpacing(11)
        self._paid = _MoneyLine()
        self._refund = _MoneyLine()
        self._compensation = _MoneyLine()
        self._kind = TextLabel("", "caption", "text2", elide=True)
        self._parts = _MoneyLine()
        self._fee = _MoneyLine()
        for line in (self._paid, self._refund, self._compensation):
            column.addWidget(line)
            column.addSpacing(5)
        column.addWidget(self._kind)
        column.addSpacing(4)
        column.addWidget(self._parts)
        column.addWidget(self._fee)
        column.addStretch(1)

    def show_money(self, ticket: Ticket, moments: Moments) -> None:
        """Shows this ticket's amounts."""
        language = self._bench.language
        say = language.say
        none = say("ui_desk.money.none")
        self._head.set_text(say("ui_desk.column.money"))
        paid = say("ui_desk.money.unknown")
        if ticket.amount_minor is not None:
            paid = format_minor(ticket.amount_minor, ticket.currency)
        self._paid.show_line(say("ui_desk.money.paid"), paid)
        self._refund.show_line(say("ui_desk.money.refund"), ticket.facts.refund_reference or none)
        given = ticket.compensation_minor
        amount = format_minor(given, ticket.currency) if given else none
        self._compensation.show_line(say("ui_desk.money.compensation"), amount, colour="warn" if given else "text")
        kind = language.of(compensation_words(ticket.facts.compensation_kind)) if given else ""
        on = ticket.facts.compensation_on
        if kind and on is not None:
            kind = say("ui_desk.money.compensation.sub", kind=kind[:1].upper() + kind[1:], date=moments.day(on))
        self._kind.set_text(kind[:1].upper() + kind[1:])
        self._kind.setVisible(bool(kind))
        used = ticket.facts.parts_used_minor
        self._parts.setVisible(used > 0)
        self._parts.show_line(say("ui_desk.money.parts"), format_minor(used, ticket.currency))
        visit = ticket.facts.visit
        fee = visit is not None and visit.fee_after_minor > 0 and visit.free_until is not None
        self._fee.setVisible(fee)
        if visit is not None and visit.free_until is not None:
            words = say("ui_desk.money.fee_after", time=moments.ended(visit.free_until))
            self._fee.show_line(words, format_minor(visit.fee_after_minor, ticket.currency))


class _MoneyLine(QWidget):
    """A word at the left, an amount at the right."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._words = TextLabel("", "small", "text2", elide=True)
        self._amount = TextLabel("", "strong")
        row.addWidget(self._words, 1)
        row.addWidget(self._amount)

    def show_line(self, words: str, amount: str, *, colour: str = "text") -> None:
        self._words.set_text(words)
        self._amount.set_text(amount)
        self._amount.set_look(colour=colour)


class Columns(QWidget):
    """Customer, product and money side by side. Signals: reveal_asked(), others_asked()."""

    reveal_asked = Signal()
    others_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.customer = CustomerColumn(bench)
        self.product = ProductColumn(bench)
        self.money = MoneyColumn(bench)
        self.customer.reveal_asked.connect(self.reveal_asked)
        self.customer.others_asked.connect(self.others_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.customer, SHARES[0])
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.product, SHARES[1])
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.money, SHARES[2])
        for part in (self.customer, self.product, self.money):
            part.setMinimumWidth(0)

    def focus_order(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order."""
        return self.customer.focus_order()

    def show_view(self, view: TicketView, moments: Moments) -> None:
        """Shows the ticket."""
        self.customer.show_customer(view)
        self.product.show_product(view.line.ticket, moments)
        self.money.show_money(view.line.ticket, moments)
