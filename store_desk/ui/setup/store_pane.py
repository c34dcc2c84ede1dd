"""The answers about store, region and first manager, all on one surface."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError, PinNotAcceptable, SetUpInvalid
from store_desk.ui.language import Language
from store_desk.ui.parts.buttons import Button
from store_desk.ui.parts.parts import Hairline
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.setup.field import Field
from store_desk.ui.setup.form import COUNTRY, CURRENCY, TIMEZONE, SetUpForm

WIDTH = 1000
GAP = 12
COLUMN_GAP = 64
ORDER = (
    "store_code",
    "desk",
    "store_name",
    "store_name_other",
    "address",
    "phone",
    "manager_id",
    "manager_name",
    "pin",
    "repeat",
    "currency",
    "country",
    "timezone",
)


class StorePane(QWidget):
    """Signals: given(SetUpForm), back()."""

    given = Signal(object)
    back = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._busy = False
        self._title = TextLabel(style="title")
        self._caption = TextLabel(colour="text2")
        self._heads = {name: TextLabel(style="heading") for name in ("store", "manager", "region")}
        self._line = TextLabel(style="small", colour="bad", wrap=True)
        self.leave = Button("", key="Esc", kind="ghost", size="large")
        self.go = Button("", key="Ctrl ↵", kind="primary", size="large")
        first = {"desk": "1", "currency": CURRENCY, "country": COUNTRY, "timezone": TIMEZONE}
        self.fields = {
            name: Field(
                name,
                language,
                text=first.get(name, ""),
                pin=name in ("pin", "repeat"),
                capitals=name in ("store_code", "currency", "country"),
            )
            for name in ORDER
        }
        self.setFixedWidth(WIDTH)
        self._build()
        self.go.clicked.connect(self.on_create)
        self.leave.clicked.connect(self.back)
        self.setFocusProxy(self.fields["store_code"])
        self.retranslate()

    def _build(self) -> None:
        store = self._grid(
            "store", (("store_code", 0, 1), ("desk", 1, 1)), ("store_name", "store_name_other", "address", "phone")
        )
        manager = self._grid("manager", (("manager_id", 0, 1), ("manager_name", 1, 1)), ())
        manager.addWidget(self.fields["pin"], 2, 0)
        manager.addWidget(self.fields["repeat"], 2, 1)
        region = self._grid("region", (("currency", 0, 1), ("country", 1, 1)), ("timezone",))
        right = QVBoxLayout()
        right.setSpacing(GAP + 8)
        right.addLayout(manager)
        right.addLayout(region)
        right.addStretch(1)
        left = QVBoxLayout()
        left.addLayout(store)
        left.addStretch(1)
        halves = QHBoxLayout()
        halves.setSpacing(COLUMN_GAP // 2)
        halves.addLayout(left, 1)
        halves.addWidget(Hairline(vertical=True))
        halves.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.leave)
        foot.addWidget(self._line, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addSpacing(2)
        column.addWidget(self._caption)
        column.addSpacing(20)
        column.addLayout(halves)
        column.addSpacing(16)
        column.addLayout(foot)
        column.addStretch(1)
        previous: QWidget | None = None
        for part in (*(self.fields[name].entry for name in ORDER), self.go, self.leave):
            if previous is not None:
                QWidget.setTabOrder(previous, part)
            previous = part

    def _grid(self, head: str, pair: tuple[tuple[str, int, int], ...], wide: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._heads[head], 0, 0, 1, 2)
        for name, column, span in pair:
            grid.addWidget(self.fields[name], 1, column, 1, span)
        for row, name in enumerate(wide):
            grid.addWidget(self.fields[name], 2 + row, 0, 1, 2)
        return grid

    def retranslate(self) -> None:
        """Reads all words again."""
        say = self._language.say
        self._title.set_text(say("ui_setup.new"))
        self._caption.set_text(say("ui_setup.new.caption"))
        for name, head in self._heads.items():
            head.set_text(say(f"ui_setup.part.{name}"))
        for field in self.fields.values():
            field.retranslate()
        self.leave.set_text(say("ui_setup.back"))
        self.go.set_text(say("ui_setup.create"))

    def line(self) -> str:
        """What is said beside the button."""
        return self._line.text()

    def is_busy(self) -> bool:
        """Whether the store is being made."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """Takes no entry while the store is made."""
        self._busy = busy
        for part in (*self.fields.values(), self.go, self.leave):
            part.setEnabled(not busy)
        self._line.set_look(colour="text2")
        self._line.set_text(self._language.say("ui_setup.creating") if busy else "")

    def on_create(self) -> None:
        """Looks at what only the window can see, then hands the answers on."""
        if self._busy:
            return
        text = {name: field.text() for name, field in self.fields.items()}
        for field in self.fields.values():
            field.show_wrong("")
        self._line.set_text("")
        if not (text["desk"].isascii() and text["desk"].isdigit()):
            self.show_wrong("desk")
        elif text["pin"] != text["repeat"]:
            self.fields["repeat"].clear()
            self.show_wrong("repeat")
        else:
            desk = int(text.pop("desk")[:9])
            text.pop("repeat")
            self.given.emit(SetUpForm(desk=desk, **text))

    def show_wrong(self, name: str) -> None:
        """Says in place which answer cannot be used, and goes there."""
        field = self.fields[name]
        field.show_wrong(self._language.say(f"ui_setup.{name}.wrong"))
        field.setFocus()

    def show_refused(self, error: DomainError) -> None:
        """Says what could not be done: at its field, or beside the button."""
        name = str(error.facts.get("field", ""))
        if isinstance(error, PinNotAcceptable):
            self.fields["pin"].clear()
            self.fields["repeat"].clear()
            self.show_wrong("pin")
        elif isinstance(error, SetUpInvalid) and name in self.fields:
            self.show_wrong(name)
        else:
            self.show_line(self._language.error(error))

    def show_line(self, text: str) -> None:
        """Says something beside the button."""
        self._line.set_look(colour="bad")
        self._line.set_text(text)
        self.go.setFocus()
