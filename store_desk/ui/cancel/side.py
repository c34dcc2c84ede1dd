"""The right column: the slip as it will print, or the call script while the customer is on the telephone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from store_desk.domain.slip import Paper
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.opening import other_paper
from store_desk.ui.cancel.script import CallScript
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.inputs import Segmented
from store_desk.ui.parts.pdf import PdfView
from store_desk.ui.parts.text import TextLabel

HEAD = 60


class SlipSide(QWidget):
    """Title, paper switch and the PDF. Signal: paper_changed(Paper)."""

    paper_changed = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._title_key = "ui_cancel.slip"
        self._has_slip = False
        self.paper = Paper.A5
        self.title = TextLabel(style="subhead")
        self.papers = Segmented((), height=36)
        self.tabs = Segmented((), height=36)
        self.view = PdfView(margin=18)
        self.empty = TextLabel(style="small", colour="text3", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(20, 0, 20, 0)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.head.addWidget(self.tabs)
        self.head.addWidget(self.papers)
        self.pages = QStackedLayout()
        empty = QWidget()
        rows = QVBoxLayout(empty)
        rows.setContentsMargins(40, 80, 40, 0)
        rows.addWidget(self.empty)
        rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        holder = QWidget()
        holder.setFixedHeight(HEAD)
        holder.setLayout(self.head)
        column.addWidget(holder)
        column.addLayout(self.pages, 1)
        # Only now: a page of a stack without a parent would show itself as a window.
        self.pages.addWidget(empty)
        self.pages.addWidget(self.view)
        self.tabs.hide()
        self.papers.chosen.connect(self.on_paper)

    def show_title(self, key: str) -> None:
        """Sets which words stand above the slip."""
        self._title_key = key
        self.retranslate()

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._bench.language.say
        self.title.set_text(say(self._title_key))
        # A desk that prints on A4 or 58 mm switches between that and the other kind of paper.
        pair = (self.paper, other_paper(self.paper))
        sheet, roll = sorted(pair, key=lambda paper: paper in (Paper.MM80, Paper.MM58))
        self.papers.set_options(
            tuple((paper.value, say(f"trade.paper.{paper.value}"), "", "") for paper in (sheet, roll))
        )
        self.papers.set_value(self.paper.value)
        self.papers.setToolTip("Alt 8")
        self.empty.set_text(say("ui_cancel.slip.wait"))

    def show_paper(self, paper: Paper) -> None:
        """Chooses the paper without a signal."""
        self.paper = paper
        self.retranslate()

    def show_pdf(self, pdf: bytes) -> None:
        """Shows the slip."""
        self._has_slip = True
        self.view.set_pdf(pdf)
        self.pages.setCurrentWidget(self.view)

    def show_nothing(self) -> None:
        """There is no slip to show yet."""
        self._has_slip = False
        self.pages.setCurrentIndex(0)

    def on_paper(self, value: str) -> None:
        """The other paper was chosen."""
        self.paper = Paper(value)
        self.paper_changed.emit(self.paper)

    def turn_paper(self) -> None:
        """Switches to the other paper (Alt 8)."""
        self.show_paper(other_paper(self.paper))
        self.paper_changed.emit(self.paper)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), THEME.colour("paper_desk"))


class CancelSide(SlipSide):
    """The right column of the cancel sheet. Signal: entered(dict)."""

    entered = Signal(dict)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(bench, parent)
        self._by_phone = False
        self._script_shown = True
        self.script = CallScript(bench)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.script)
        self.pages.addWidget(scroll)
        self._scroll = scroll
        self.script.entered.connect(self.entered)
        self.tabs.chosen.connect(self.on_tab)

    def show_work(self, work: CancelWork) -> None:
        """Script or slip, whichever belongs to the channel."""
        if work.entries.by_phone != self._by_phone:
            self._by_phone = work.entries.by_phone
            self._script_shown = True
        self.script.show_work(work)
        self._show_page()

    @property
    def shows_script(self) -> bool:
        """Whether the script is what one sees."""
        return self._by_phone and self._script_shown

    def _show_page(self) -> None:
        say = self._bench.language.say
        self.tabs.setVisible(self._by_phone)
        self.papers.setVisible(not self.shows_script)
        self.tabs.set_options(
            (("script", say("ui_cancel.script.tab"), "", ""), ("slip", say("ui_cancel.script.slip_tab"), "", ""))
        )
        self.tabs.set_value("script" if self._script_shown else "slip")
        self.title.set_text(say("ui_cancel.script" if self.shows_script else "ui_cancel.slip"))
        self.title.setVisible(self.shows_script or not self._by_phone)
        if self.shows_script:
            self.pages.setCurrentWidget(self._scroll)
        else:
            self.pages.setCurrentIndex(1 if self._has_slip else 0)
        self.update()

    def show_pdf(self, pdf: bytes) -> None:
        """Shows the slip, behind the script while that is open."""
        super().show_pdf(pdf)
        self._show_page()

    def show_nothing(self) -> None:
        """There is no slip to show yet."""
        super().show_nothing()
        self._show_page()

    def on_tab(self, value: str) -> None:
        """Script or slip was chosen."""
        self._script_shown = value == "script"
        self._show_page()

    def go_to_part(self, index: int) -> None:
        """Makes a part of the script current, showing the script."""
        if self._by_phone:
            self._script_shown = True
            self._show_page()
            self.script.go_to(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), THEME.colour("subtle" if self.shows_script else "paper_desk"))
