"""Section 3: what will happen, what it costs in both directions, and what the customer stands to lose."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from store_desk.domain.money import format_minor
from store_desk.domain.plan import Plan, PlanStep
from store_desk.domain.slip import Both
from store_desk.services.wording import day_words, right_words, step_words
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import CASH, LATER
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.names import with_other_name
from store_desk.ui.parts.inputs import CheckBox, Segmented
from store_desk.ui.parts.parts import Panel, PlanRow, SectionHead
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.ui.step_icons import step_icon
from store_desk.words import catalogue

ROW = 47
ROW_COMPACT = 42
ROW_TIGHT = 40
ROW_CROWDED = 36
# What always follows is one quiet line, so that the rows tell what is particular to this ticket.
ALWAYS = frozenset({"tell_customer", "check_status"})


class StepList(QScrollArea):
    """The rows of the plan; they scroll when the window is too low for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.rows: list[PlanRow] = []
        self._height = 0
        self.show_rows([])

    def show_rows(self, rows: list[PlanRow]) -> None:
        """Shows other rows."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        column.addStretch(1)
        self.rows = rows
        self._height = sum(row.height() for row in rows)
        self.setWidget(body)
        self.setFixedHeight(self._height)

    def hidden_height(self) -> int:
        """How many pixels of the rows have to be scrolled to."""
        return self._height - self.height()

    def take_height(self, over: int) -> None:
        """Gives up as many pixels as the column lacks and scrolls instead; three rows stay in any case."""
        least = min(self._height, 3 * ROW_TIGHT)
        wanted = max(least, self._height - max(0, over + self.hidden_height()))
        if wanted != self.height():
            self.setFixedHeight(wanted)


class PlanSection(QWidget):
    """Signal: entered(dict of entries)."""

    entered = Signal(dict)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._row_height = ROW
        self._key: object = None
        self.head = SectionHead(3, "")
        self.question = QWidget()
        self.result = Segmented((), height=36)
        self._question_label = TextLabel(style="label", wrap=True)
        self.steps = StepList()
        self._empty = TextLabel(style="small", colour="text3", wrap=True)
        self.pay = Panel("sunken")
        self._pay_words = TextLabel(style="label", elide=True)
        self._pay_amount = Runs(height=24)
        self.cash = CheckBox()
        self.later = CheckBox()
        self.rights = CheckBox(wrap=True)
        self._build()
        self.result.chosen.connect(self.on_result)
        self.cash.clicked.connect(self.on_cash)
        self.later.clicked.connect(self.on_later)
        self.rights.clicked.connect(self.on_rights)

    def _build(self) -> None:
        asked = QHBoxLayout(self.question)
        asked.setContentsMargins(0, 0, 0, 2)
        asked.setSpacing(8)
        asked.addWidget(self._question_label, 1)
        asked.addWidget(self.result)
        self._pay_row = pay = QHBoxLayout(self.pay)
        pay.setContentsMargins(14, 7, 14, 7)
        pay.setSpacing(10)
        pay.addWidget(self._pay_words, 1)
        pay.addWidget(self._pay_amount)
        pay.addWidget(self.cash)
        pay.addWidget(self.later)
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        for widget in (self.head, self.question, self._empty, self.steps, self.pay, self.rights):
            rows.addWidget(widget)
        self.question.hide()
        self.pay.hide()
        self.rights.hide()

    def set_row_size(self, compact: bool, *, tight: bool, over: int) -> None:
        """Lower rows where the window is low, lower by telephone or with many steps, and lowest before any scrolls.

        `over` is how many pixels the column lacks with the rows as they are.
        """
        self._rows.setSpacing(4 if compact else 6)
        air = 5 if compact else 7
        self._pay_row.setContentsMargins(14, air, 14, air)
        height = ROW_TIGHT if compact and tight else ROW_COMPACT if compact else ROW
        if compact and over + self.steps.hidden_height() + len(self.steps.rows) * (height - self._row_height) > 0:
            height = ROW_CROWDED
        if height != self._row_height:
            self._row_height = height
            if self._work is not None:
                self.show_work(self._work)

    def retranslate(self) -> None:
        """Reads all words again."""
        self._key = None
        if self._work is not None:
            self.show_work(self._work)

    def show_work(self, work: CancelWork) -> None:
        """Shows the plan with what has been settled and said."""
        self._work = work
        say, view = self._bench.language.say, work.view
        plan = view.plan if view is not None else None
        key = (id(view), self._row_height, work.entries.by_phone, self._bench.language.now)
        if key != self._key:
            self._key = key
            self._show_steps(plan)
        right = say("ui_cancel.plan.steps", n=len(self.steps.rows)) if self.steps.rows else ""
        self.head.set_head(3, say("ui_cancel.plan"), right=right)
        self._show_question(work, plan)
        self._show_pay(work, plan)
        self._show_rights(work, work.plan)

    def _show_steps(self, plan: Plan | None) -> None:
        say = self._bench.language.say
        steps = [step for step in plan.steps if step.kind not in ALWAYS] if plan is not None else []
        rows = [self._row(step, plan, last=step is steps[-1]) for step in steps] if plan is not None else []
        self.steps.show_rows(rows)
        self._empty.set_text(say("ui_cancel.plan.empty" if plan is None else "ui_cancel.plan.after"))
        self._empty.setVisible(not rows)
        self.steps.setVisible(bool(rows))

    def _row(self, step: PlanStep, plan: Plan, *, last: bool) -> PlanRow:
        language = self._bench.language
        desk = self._bench.desk
        opening = self._work.opening if self._work is not None else None
        named = with_other_name(step, opening.people if opening is not None else ())
        title, sub = step_words(named, zone=desk.zone, currency=plan.currency, now=desk.clock())
        icon = step_icon(step.kind)
        words = language.of(title), language.of(sub)
        money = step.kind in ("return_compensation", "pay_fee") or step.amount_minor
        if money:
            amount = format_minor(abs(step.amount_minor), plan.currency)
            return PlanRow(
                icon,
                *words,
                right=amount,
                tone="warn" if step.amount_minor > 0 else "plain",
                bold_right=True,
                height=self._row_height,
                line=not last,
            )
        key, right_icon = ("ui_cancel.plan.auto", "zap") if step.automatic else ("ui_cancel.plan.by_hand", "clock")
        if step.needs_network:
            key, right_icon = "ui_cancel.plan.online", "cloud-upload"
        return PlanRow(
            icon, *words, right=language.say(key), right_icon=right_icon, height=self._row_height, line=not last
        )

    def _show_question(self, work: CancelWork, plan: Plan | None) -> None:
        say = self._bench.language.say
        self.question.setVisible(plan is not None and plan.level == 5)
        self._question_label.set_text(say("ui_cancel.result"))
        self.result.setAccessibleName(say("ui_cancel.result"))
        self.result.set_options(
            (("yes", say("ui_cancel.result.yes"), "", ""), ("no", say("ui_cancel.result.no"), "", ""))
        )
        answer = work.entries.because_of_result
        self.result.set_value(None if answer is None else "yes" if answer else "no")

    def _show_pay(self, work: CancelWork, plan: Plan | None) -> None:
        say, entries = self._bench.language.say, work.entries
        pays = plan.customer_pays_minor if plan is not None else 0
        store = plan.store_pays_minor if plan is not None else 0
        self.pay.setVisible(bool(pays or store))
        if plan is None or not (pays or store):
            return
        due = self._day(work)
        # Money both ways has to stand beside both boxes: smaller, but never cut.
        amount_style = "label" if pays and store else "heading"
        amounts = []
        if pays:
            amounts.append(Run(format_minor(pays, plan.currency), amount_style))
        if store:
            gift = Run(icon="gift", px=16, colour="text2")
            amounts += [gift, Run(format_minor(store, plan.currency), amount_style)]
        self._pay_amount.set_runs(tuple(amounts))
        if not pays:
            words = say("ui_cancel.pay.store")
        elif entries.by_phone:
            words = say("ui_cancel.pay.phone", date=due)
        elif entries.settlement == LATER:
            words = say("ui_cancel.pay.until", date=due)
        else:
            # With both boxes to choose from there is room for two words only.
            words = say("ui_cancel.pay.now" if entries.settlement else "ui_cancel.pay.open")
        self._pay_words.set_text(words)
        # Beside two amounts and the boxes no word has room; what each amount is stands in the rows above.
        crowded = bool(pays and store) and not entries.by_phone
        self._pay_words.setHidden(crowded)
        each = {"pays": format_minor(pays, plan.currency), "store": format_minor(store, plan.currency)}
        self._pay_amount.setToolTip(say("ui_cancel.pay.both", **each) if pays and store else "")
        at_counter = bool(pays) and not entries.by_phone
        self.cash.setVisible(at_counter)
        self.later.setVisible(at_counter and entries.settlement != CASH)
        self.cash.set_text(say("ui_cancel.pay.cash"))
        self.later.set_text(say("ui_cancel.pay.later"))
        self.later.setToolTip(say("ui_cancel.pay.later_until", date=due))
        self.cash.setChecked(entries.settlement == CASH)
        self.later.setChecked(entries.settlement == LATER)

    def _day(self, work: CancelWork) -> Both:
        days = work.opening.policy.settle_days if work.opening is not None else 0
        desk = self._bench.desk
        day = (desk.clock() + timedelta(days=days)).astimezone(desk.zone).date()
        return day_words(day, this_year=desk.clock().year)

    def _show_rights(self, work: CancelWork, plan: Plan | None) -> None:
        """What is at stake in a few words beside the tick; the whole sentences are the tooltip and on the slip."""
        language = self._bench.language
        rights = plan.rights if plan is not None else ()
        self.rights.setVisible(bool(rights))
        if plan is None or not rights:
            return
        year = self._bench.desk.clock().year
        whole = [language.of(right_words(right, currency=plan.currency, this_year=year)) for right in rights]
        short: list[str] = []
        for right, sentence in zip(rights, whole, strict=True):
            key = f"rights.{right.code}"
            short.append(
                language.say(f"ui_cancel.{key}", **self._facts(right.facts, plan))
                if key in catalogue("ui_cancel")
                else sentence
            )
        text = language.say("ui_cancel.rights") + ("：" if language.now == "zh" else ": ")
        self.rights.set_text(text + language.say("ui_cancel.rights.open").join(short))
        self.rights.setToolTip("\n".join(whole))
        self.rights.setAccessibleDescription(" ".join(whole))
        self.rights.setChecked(work.entries.rights_told)

    def _facts(self, facts: tuple[tuple[str, str | int | None], ...], plan: Plan) -> dict[str, object]:
        shown: dict[str, object] = dict(facts)
        if shown.get("until"):
            shown["until"] = day_words(date.fromisoformat(str(shown["until"])), this_year=self._bench.desk.clock().year)
        if isinstance(shown.get("amount"), int):
            shown["amount"] = format_minor(int(str(shown["amount"])), plan.currency)
        return shown

    def focus_missing(self, code: str) -> None:
        """Puts the focus where the missing thing is settled."""
        target = {"result": self.result, "settlement": self.cash, "rights": self.rights}.get(code)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def on_result(self, value: str) -> None:
        """The question of level 5 was answered."""
        self.entered.emit({"because_of_result": value == "yes"})

    def on_cash(self) -> None:
        """The cash is in the till, or it is not after all."""
        self.entered.emit({"settlement": CASH if self.cash.isChecked() else ""})

    def on_later(self) -> None:
        """The customer pays within the shop's days."""
        self.entered.emit({"settlement": LATER if self.later.isChecked() else ""})

    def on_rights(self) -> None:
        """The customer was told what is at stake."""
        self.entered.emit({"rights_told": self.rights.isChecked()})
