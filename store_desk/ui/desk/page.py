"""The desk's page: the list at the left, the open ticket at the right, and what passes between them."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QWidget

from store_desk.domain.errors import DomainError, RevealQuotaUsed
from store_desk.services.look_up import DeskLists
from store_desk.ui.bench import Bench
from store_desk.ui.desk.asking import Answer, Asking, Opened
from store_desk.ui.desk.detail import Detail
from store_desk.ui.desk.hints import Hints, Mode, hints_of
from store_desk.ui.desk.list_pane import ListPane
from store_desk.ui.desk.nothing import NothingFound
from store_desk.ui.desk.papers import Papers
from store_desk.ui.desk.rows import Row, found_rows, group_rows, others_rows
from store_desk.ui.look.tokens import COMPACT_BELOW, HINT_BAR, LIST_NARROW, LIST_WIDE, RAIL, TOP_BAR, WIDE_FROM
from store_desk.ui.parts.parts import Hairline, Pane


class DeskPage(Pane):
    """Lists, search and one ticket; focus stays in the window's search field while keys come in through methods.

    Signals: cancel_asked(ticket id), reopened(id of the new ticket), hints_changed(), print_asked(slip number),
    ticket_opened(ticket id), search_asked() to focus the search field, clear_asked() to clear it.
    """

    cancel_asked = Signal(str)
    reopened = Signal(str)
    hints_changed = Signal()
    print_asked = Signal(str)
    ticket_opened = Signal(str)
    search_asked = Signal()
    clear_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._bench = bench
        self._asking = Asking(bench, self)
        self._mode: Mode = "groups"
        self._query = ""
        self._wanted = ""
        self._lists: DeskLists | None = None
        self._answer: Answer | None = None
        # What a key asked for while the answer was still on its way.
        self._waits: Literal["", "open", "cancel"] = ""
        # For whom the page was last read.
        self._clerk = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.list = ListPane(self._bench)
        self.detail = Detail(self._bench)
        row.addWidget(self.list)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.detail, 1)
        self.nothing = NothingFound(self._bench)
        self.papers = Papers(self._bench, self, self.detail)
        self._stack.addWidget(both)
        self._stack.addWidget(self.nothing)
        self.list.setFixedWidth(LIST_NARROW - 1)
        self._show_head()
        order = (*self.list.focus_order(), *self.detail.focus_order())
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def _connect(self) -> None:
        self._asking.lists.connect(self.on_lists)
        self._asking.found.connect(self.on_found)
        self._asking.opened.connect(self.on_opened)
        self._asking.revealed.connect(self.detail.show_phone)
        self._asking.reopened.connect(self.on_reopened)
        self._asking.withdrawn.connect(self.on_withdrawn)
        self._asking.owed.connect(self.print_asked)
        self._asking.refused.connect(self.on_refused)
        self.list.chosen.connect(self.on_chosen)
        self.list.back_asked.connect(self.on_back)
        self.list.owed_asked.connect(self._asking.ask_owed)
        self.detail.cancel_asked.connect(self.cancel_current)
        self.detail.reopen_given.connect(self.on_reopen_given)
        self.detail.undo_given.connect(self.on_undo_given)
        self.detail.print_asked.connect(self.print_current)
        self.detail.reveal_asked.connect(self.reveal_phone)
        self.detail.others_asked.connect(self.on_others)
        self.detail.changed.connect(self.hints_changed)
        self.papers.exported.connect(self.refresh)
        self.papers.changed.connect(self.hints_changed)
        self.nothing.again_asked.connect(self.search_asked)
        self.nothing.clear_asked.connect(self.clear_asked)
        self._bench.language.changed.connect(self.on_language)

    # What the window calls

    def refresh(self) -> None:
        """Reads list and ticket again; the selection follows the ticket. Another clerk finds no half-filled form."""
        actor = self._bench.session.actor
        clerk = actor.id if actor is not None else ""
        if clerk != self._clerk:
            self._clerk = clerk
            self.detail.panel.close_form()
            self.detail.columns.customer.hide_phone()
        if self._mode == "search":
            self._asking.ask_search(self._query)
        else:
            self._asking.ask_lists()
        self.list.loading()
        if self._wanted:
            self._asking.ask_ticket(self._wanted)

    def search(self, text: str) -> None:
        """Looks up what stands in the search field; an empty text shows the groups again."""
        text = text.strip()
        if text == self._query and self._mode != "others":
            return
        self._query = text
        self._waits = ""
        self.papers.shut()
        self.detail.panel.close_form()
        self.list.show_refusal("")
        if text:
            self._mode = "search"
            self._asking.ask_search(text)
            self.list.loading()
        else:
            self._show_groups()

    def scanned(self, text: str) -> None:
        """Looks up what was scanned and opens the best exact hit."""
        if text.strip() == self._query:
            # The same label again is looked up again: something else may have been opened since.
            self._query = ""
        self.search(text)
        self._waits = "open"

    def enter_pressed(self) -> None:
        """Enter in the search field: opens the first row, or goes to the open ticket's button."""
        if self._asking.is_searching():
            self._waits = "open"
        elif self._stack.currentIndex() == 0:
            if self.list.current_place() < 0:
                self.move(1)
            else:
                self.detail.focus_action()

    def escape_pressed(self) -> bool:
        """Esc: leaves a form or the list of one customer; answers whether there was anything to leave."""
        if self.detail.panel.form():
            self.detail.panel.close_form()
            return True
        if self._mode == "others":
            self.on_back()
            return True
        return False

    def move(self, step: int) -> None:  # type: ignore[override]  # a page is placed by its layout, never by hand
        """The next or previous ticket of the list."""
        place = self.list.current_place()
        target = self.list.model.step_from(place if place >= 0 or step > 0 else 0, step)
        ticket_id = self.list.model.ticket_id(target)
        if ticket_id and target != place:
            self.open_ticket_id(ticket_id)

    def open_ticket_id(self, ticket_id: str) -> None:
        """Opens a ticket, whether or not it is in the list."""
        self.papers.shut()
        self._waits = ""
        self._wanted = ticket_id
        self.list.show_refusal("")
        self.list.select(ticket_id)
        self._stack.setCurrentIndex(0)
        self._asking.ask_ticket(ticket_id)

    def current_ticket_id(self) -> str:
        """The ticket that is open (or about to be), '' for none."""
        return self._wanted

    def cancel_current(self) -> None:
        """F8: asks for the cancel sheet, or shows in place why there is nothing to cancel."""
        if self._asking.is_searching() or self._wanted != self.detail.ticket_id():
            self._waits = "cancel"
        elif self._wanted and self._stack.currentIndex() == 0:
            self.papers.shut()
            if self.detail.panel.can_cancel():
                self.cancel_asked.emit(self._wanted)
            else:
                self.detail.panel.emphasise()
                event = QAccessibleAnnouncementEvent(self.detail.panel, self.detail.panel.why())
                QAccessible.updateAccessibility(event)

    def print_current(self) -> None:
        """F9: asks for the ticket's latest slip on paper, or says that there is none."""
        opened = self.detail.opened()
        if opened is None or self._stack.currentIndex() != 0:
            return
        if opened.view.slips:
            self.print_asked.emit(opened.view.slips[0].number)
        else:
            self.list.show_refusal(self._bench.language.say("ui_desk.print.none"))

    def reveal_phone(self) -> None:
        """Alt+V: the full number for some seconds, on record."""
        opened = self.detail.opened()
        if opened is not None and opened.view.line.ticket.phone and self._stack.currentIndex() == 0:
            self._asking.ask_phone(opened.view.line.ticket.id)

    def hints(self) -> Hints:
        """The keys that work now."""
        return hints_of(
            self._bench.language,
            mode=self._mode,
            form=self.detail.panel.form(),
            picture=self.papers.picture_is_open(),
            nothing=self._stack.currentIndex() == 1,
            view=opened.view if (opened := self.detail.opened()) is not None else None,
            can_cancel=self.detail.panel.can_cancel(),
        )

    # What comes back

    def on_lists(self, lists: DeskLists) -> None:
        """The groups are there; at the very first the most urgent ticket is opened."""
        self._lists = lists
        self.list.show_owed(lists.owed_slips)
        if self._mode != "groups":
            self.list.loaded()
            return
        self._show_rows(group_rows(lists))
        if not self._wanted:
            self.detail.show_none(empty=not self.list.model.rows())
            self.move(1)

    def on_found(self, answer: Answer) -> None:
        """The search answered: the one exact hit is opened, an empty answer says what to do."""
        self._answer = answer
        waits, self._waits = self._waits, ""
        self._show_answer(answer)
        if not answer.found.lines:
            self._forget_ticket()
            return
        if answer.opened is not None:
            self._wanted = answer.opened.view.line.ticket.id
            self._asking.drop_ticket()
            self.list.select(self._wanted)
            self.on_opened(answer.opened)
        elif not self.list.select(self._wanted):
            self._forget_ticket()
            if waits == "open":
                self.move(1)
        if waits == "cancel" and answer.opened is not None:
            self.cancel_current()

    def _forget_ticket(self) -> None:
        # A ticket that the list does not show must not stay under the F8 key.
        self._wanted = ""
        self._asking.drop_ticket()
        focused = QApplication.focusWidget()
        if focused is not None and self.detail.isAncestorOf(focused):
            # Else Qt would hand the focus to the list, which opens whatever stands first.
            self.search_asked.emit()
        self.detail.show_none(empty=False)
        self.hints_changed.emit()

    def on_opened(self, opened: Opened) -> None:
        """The ticket is there."""
        self.detail.show_ticket(opened)
        self.ticket_opened.emit(opened.view.line.ticket.id)
        self.hints_changed.emit()
        if self._waits == "cancel":
            self._waits = ""
            self.cancel_current()

    def on_chosen(self, ticket_id: str) -> None:
        self.open_ticket_id(ticket_id)

    def on_others(self) -> None:
        """The list of one customer's tickets."""
        self._mode = "others"
        self._show_others()
        self.hints_changed.emit()

    def on_back(self) -> None:
        """From one customer's tickets back to what was listed before."""
        if self._query and self._answer is not None:
            self._mode = "search"
            self._show_answer(self._answer)
            self.list.select(self._wanted)
        else:
            self._show_groups()
        self.hints_changed.emit()

    def on_reopen_given(self, note: str) -> None:
        self._asking.reopen(self.detail.ticket_id(), note)

    def on_undo_given(self) -> None:
        self._asking.withdraw(self.detail.ticket_id())

    def on_reopened(self, ticket_id: str) -> None:
        """The linked ticket is made: it is opened, and the list read again."""
        self.detail.panel.close_form()
        self._wanted = ticket_id
        self.refresh()
        self.reopened.emit(ticket_id)

    def on_withdrawn(self, ticket_id: str) -> None:
        """The ticket is as it was before."""
        self.detail.panel.close_form()
        self._wanted = ticket_id
        self.refresh()

    def on_refused(self, error: DomainError) -> None:
        """What did not work, where it was asked for."""
        self.list.loaded()
        words = self._bench.language.error(error)
        if self.detail.panel.form():
            self.detail.panel.show_refusal(words)
        elif isinstance(error, RevealQuotaUsed):
            self.detail.columns.customer.show_trouble(words)
        else:
            self.list.show_refusal(words)

    def on_language(self) -> None:
        """Every word again."""
        self.list.show_refusal("")
        self.list.reread()
        self.detail.reread()
        self.nothing.reread()
        self._show_head()
        self.hints_changed.emit()

    # What is shown

    def _show_groups(self) -> None:
        self._mode = "groups"
        self._answer = None
        self._query = ""
        if self._lists is not None:
            self._show_rows(group_rows(self._lists))
        self._stack.setCurrentIndex(0)
        self._asking.ask_lists()
        self.hints_changed.emit()

    def _show_answer(self, answer: Answer) -> None:
        others = answer.opened.view.others if answer.opened is not None else ()
        rows = found_rows(answer.found, others=others)
        self.list.loaded()
        if answer.found.lines:
            self._show_rows(rows)
            self._stack.setCurrentIndex(0)
        else:
            self.nothing.show_query(answer.found.text)
            self._stack.setCurrentIndex(1)
        self.hints_changed.emit()

    def _show_others(self) -> None:
        opened = self.detail.opened()
        if opened is not None:
            view = opened.view
            self._show_rows(others_rows(view.line, view.others, view.others_count))

    def _show_rows(self, rows: list[Row]) -> None:
        self._show_head(sum(row.line is not None for row in rows))
        self.list.show_rows(rows, selected=self._wanted)

    def _show_head(self, count: int | None = None) -> None:
        say = self._bench.language.say
        if self._mode == "search":
            shown = sum(row.line is not None for row in self.list.model.rows()) if count is None else count
            more = self._answer is not None and self._answer.found.more
            self.list.show_head(say("ui_desk.list.results", n=f"{shown}+" if more else shown), self._query)
        elif self._mode == "others":
            self.list.show_head(say("ui_desk.list.others"), "", back=True)
        else:
            self.list.show_head(say("ui_desk.list.title"), self._store_name())

    def _store_name(self) -> str:
        """The branch without the chain before it: `徐汇店`, `Xuhui store`."""
        identity = self._bench.desk.identity
        english = self._bench.language.now == "en" and identity.store_name_other
        name = identity.store_name_other if english else identity.store_name
        return name.rsplit("·", 1)[-1].strip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() + RAIL >= WIDE_FROM
        low = self.height() + TOP_BAR + HINT_BAR < COMPACT_BELOW
        self.list.setFixedWidth((LIST_WIDE if wide else LIST_NARROW) - 1)
        self.detail.set_room(wide=wide, compact=low)
