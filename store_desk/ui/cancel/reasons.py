"""Section 2: the reason as ten tiles, the evidence that it asks for, the note, and the offer that goes first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from store_desk.domain.plan import Plan
from store_desk.domain.reasons import TILES, Reason
from store_desk.ui.bench import Bench
from store_desk.ui.cancel.entries import NOTE_LENGTH_MAX
from store_desk.ui.cancel.evidence_fields import EvidenceFields
from store_desk.ui.cancel.missing import note_needed, offer_must_be_declined, own_fields
from store_desk.ui.cancel.reason_tile import ReasonTile
from store_desk.ui.cancel.tab_round import stops_of
from store_desk.ui.cancel.work import CancelWork
from store_desk.ui.parts.inputs import CheckBox, LineEdit
from store_desk.ui.parts.parts import Panel, SectionHead
from store_desk.ui.parts.text import Run, Runs, TextLabel
from store_desk.words import catalogue

TILE_HEIGHT = 48
TILE_HEIGHT_COMPACT = 44
TILE_HEIGHT_TIGHT = 40
# What the reason asks for, as a picture: a note, a record, another ticket.
NEED_ICONS = {
    Reason.DUPLICATE: "link",
    Reason.AGREEMENT: "file-text",
    Reason.SOLVED_BY_STORE: "file-text",
    Reason.RETURNED_REFUNDED: "receipt-text",
    Reason.NOT_GENUINE: "image",
    Reason.PAST_DEADLINE: "calendar-clock",
    Reason.FORCE_MAJEURE: "calendar-clock",
}


class ReasonSection(QWidget):
    """Signals: entered(dict of entries), chosen(Reason) when a person has chosen one."""

    entered = Signal(dict)
    chosen = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._work: CancelWork | None = None
        self._others_shown = False
        self._tile_height = TILE_HEIGHT
        self._layout_key: object = None
        self.head = SectionHead(2, "")
        self.tiles: list[ReasonTile] = []
        self._codes: list[Reason | None] = []
        self._grid = QGridLayout()
        self.evidence = EvidenceFields(bench)
        self.note = LineEdit()
        self._note_label = TextLabel(style="label")
        self._note_caption = TextLabel(style="caption", colour="text3")
        self._note_count = TextLabel(style="caption", colour="text3")
        self.offer = Panel("sunken")
        self.declined = CheckBox()
        self._offer_line = Runs(height=20)
        self._offer_words = TextLabel(style="small", wrap=True)
        self._build()
        self.note.textEdited.connect(self.on_note)
        self.declined.clicked.connect(self.on_declined)
        self.evidence.entered.connect(self.entered)

    def _build(self) -> None:
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        labels = QHBoxLayout()
        labels.setSpacing(8)
        labels.addWidget(self._note_label)
        labels.addWidget(self._note_caption)
        labels.addStretch(1)
        labels.addWidget(self._note_count)
        box = QVBoxLayout(self.offer)
        box.setContentsMargins(14, 8, 14, 4)
        box.setSpacing(2)
        box.addWidget(self._offer_line)
        box.addWidget(self._offer_words)
        box.addWidget(self.declined)
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(self.head)
        rows.addLayout(self._grid)
        rows.addSpacing(4)
        rows.addWidget(self.evidence)
        rows.addLayout(labels)
        rows.addWidget(self.note)
        rows.addSpacing(2)
        rows.addWidget(self.offer)
        self.offer.hide()

    # --- showing -----------------------------------------------------------------------------------------

    def fit(self, compact: bool) -> bool:
        """Lower tiles where the window is low, or where the reason asks for fields that need the room.

        Answers whether both hold, so that everything else in the column has to stand closer, too.
        """
        asks = not self.evidence.isHidden() or not self.offer.isHidden()
        low, tight = compact or asks, compact and asks
        self._tile_height = TILE_HEIGHT_TIGHT if tight else TILE_HEIGHT_COMPACT if low else TILE_HEIGHT
        self._grid.setVerticalSpacing(4 if tight else 6 if low else 8)
        self._rows.setSpacing(4 if tight else 6)
        for tile in self.tiles:
            tile.setFixedHeight(self._tile_height)
        self._fold_note(compact and not self.evidence.isHidden())
        return tight

    def _fold_note(self, folded: bool) -> None:
        """Where room is short, an optional note says in its field what it is for, instead of above it."""
        work = self._work
        needed = note_needed(work.plan) if work is not None and work.plan is not None else 0
        folded = folded and not needed
        for label in (self._note_label, self._note_caption, self._note_count):
            label.setHidden(folded)
        words = f"{self._note_label.text()} · {self._note_caption.text()}"
        self.note.setPlaceholderText(words if folded else "")

    def retranslate(self) -> None:
        """Reads all words again."""
        self._layout_key = None
        if self._work is not None:
            self.show_work(self._work)

    def show_work(self, work: CancelWork) -> None:
        """Shows the chosen reason with what it asks for."""
        self._work = work
        if work.opening is None:
            return
        say, entries, plan = self._bench.language.say, work.entries, work.plan
        self.head.set_head(2, say("ui_cancel.reason"), right=say("ui_cancel.reason.keys"))
        self._show_tiles(work.opening.tiles, entries.reason)
        self.evidence.show_fields(own_fields(plan) if plan is not None else (), work)
        self._show_note(work, plan)
        self._show_offer(work, plan)

    def _show_tiles(self, tiles: tuple[Reason, ...], reason: Reason | None) -> None:
        others = [item for item in Reason if item not in tiles]
        key = (tiles, self._others_shown, self._bench.language.now, reason if reason in others else None)
        if key != self._layout_key:
            self._layout_key = key
            self._lay_tiles(tiles, others, reason)
        for tile, code in zip(self.tiles, self._codes, strict=True):
            tile.set_selected(code is not None and code is reason)

    def _lay_tiles(self, tiles: tuple[Reason, ...], others: list[Reason], reason: Reason | None) -> None:
        """Builds the ten tiles of this page; the order is the manager's and never moves by itself."""
        say = self._bench.language.say
        had_focus = any(tile.hasFocus() for tile in self.tiles)
        gone = self.tiles
        for old in gone:
            self._grid.removeWidget(old)
        shown: list[Reason] = list(others if self._others_shown else tiles)[:TILES]
        self._codes = [*shown, reason if reason in others and not self._others_shown else None]
        self.tiles = []
        for index, code in enumerate(self._codes):
            digit = str((index + 1) % 10) if index < len(shown) else "0"
            tile = self._tile(digit, code, len(others))
            tile.setFixedHeight(self._tile_height)
            tile.clicked.connect(partial(self.on_tile, index))
            row, column = (index % 5, index // 5) if index < len(shown) else (4, 1)
            self._grid.addWidget(tile, row, column)
            self.tiles.append(tile)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.evidence.setAccessibleName(say("ui_cancel.reason"))
        if had_focus and self.tiles:
            # A tile takes the focus only once it is seen; without it the sheet's keys would be deaf.
            self.tiles[0].show()
            self.tiles[0].setFocus()
        for old in gone:
            old.hide()
            old.deleteLater()

    def tab_stops(self) -> list[QWidget]:
        """Where the Tab key stops: the tiles by their digits, then what the chosen one asks for."""
        return [*self.tiles, *stops_of(self.evidence), self.note, self.declined]

    def _tile(self, digit: str, code: Reason | None, others: int) -> ReasonTile:
        say = self._bench.language.say
        if code is not None:
            needs = f"needs.{code.value}"
            words = say(f"trade.{needs}") if needs in catalogue("trade") else ""
            return ReasonTile(
                digit, say(f"trade.reason.{code.value}"), need=words, need_icon=NEED_ICONS.get(code, "message-square")
            )
        if self._others_shown:
            return ReasonTile(digit, say("ui_cancel.reason.back"))
        return ReasonTile(
            digit,
            say("ui_cancel.reason.others"),
            need=say("ui_cancel.reason.others_more", n=others),
            need_icon="ellipsis",
        )

    def _show_note(self, work: CancelWork, plan: Plan | None) -> None:
        say = self._bench.language.say
        least = note_needed(plan) if plan is not None else 0
        self._note_label.set_text(say("ui_cancel.note"))
        text = work.entries.note
        if least > 1:
            caption = say("ui_cancel.note.at_least", n=least)
        elif least and plan is not None:
            names = {item.name for item in plan.evidence}
            caption = say("ui_cancel.note.how" if "how" in names else "ui_cancel.note.text")
        else:
            caption = say("ui_cancel.note.optional")
        self._note_caption.set_text(caption)
        self._note_count.set_text(say("ui_cancel.note.count", n=len(text), most=NOTE_LENGTH_MAX) if least > 1 else "")
        self.note.setAccessibleName(f"{say('ui_cancel.note')}, {caption}")
        if self.note.text() != text and not self.note.hasFocus():
            self.note.setText(text)
            self.note.setCursorPosition(0)

    def _show_offer(self, work: CancelWork, plan: Plan | None) -> None:
        say = self._bench.language.say
        offers = plan.offers if plan is not None else ()
        self.offer.setVisible(bool(offers))
        if plan is None or not offers:
            return
        must = offer_must_be_declined(work.entries, plan)
        runs = [Run(icon="gift", px=16, colour="text2"), Run(say("ui_cancel.offer"), "label", gap=8)]
        if must:
            runs += [Run(say("ui_cancel.offer.required"), "caption", "text3"), Run(key="Alt"), Run(key="R", gap=4)]
        self._offer_line.set_runs(tuple(runs))
        self._offer_words.set_text("\n".join(say(f"plan.offer.{offer}") for offer in offers))
        self.declined.setVisible(must)
        self.declined.set_text(say("ui_cancel.offer.declined"))
        self.declined.setChecked(work.entries.offer_declined)

    # --- keys and slots ----------------------------------------------------------------------------------

    def press_digit(self, digit: str) -> bool:
        """Chooses the tile of this digit; answers whether there is one."""
        digits = [str((index + 1) % 10) for index in range(len(self._codes))]
        if self._codes:
            digits[-1] = "0"
        if digit not in digits:
            return False
        self.on_tile(digits.index(digit))
        return True

    def show_others(self, shown: bool) -> None:
        """Turns to the other reasons, or back."""
        self._others_shown = shown
        if self._work is not None:
            self.show_work(self._work)

    def on_tile(self, index: int) -> None:
        """A tile was pressed: a reason is chosen, or the page turned."""
        code = self._codes[index]
        last = index == len(self._codes) - 1
        if last:
            self.show_others(not self._others_shown)
            return
        if code is None:
            return
        self._others_shown = False
        self.entered.emit({"reason": code, "offer_declined": False})
        self.chosen.emit(code)

    def focus_tiles(self) -> None:
        """Puts the focus on the chosen tile, or the first one; digits choose from there."""
        chosen = [tile for tile in self.tiles if tile.is_selected()]
        for tile in (chosen or self.tiles)[:1]:
            tile.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_missing(self, code: str) -> None:
        """Puts the cursor where the missing thing is entered."""
        if code == "note":
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif code == "offer":
            self.declined.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif code.startswith("evidence."):
            self.evidence.focus_field(code.removeprefix("evidence."))
        else:
            self.focus_tiles()

    def on_note(self, text: str) -> None:
        """The note is typed."""
        self.entered.emit({"note": text})

    def on_declined(self) -> None:
        """The customer did not take the offer."""
        self.entered.emit({"offer_declined": self.declined.isChecked()})

    def take_scan(self, text: str) -> bool:
        """Puts a scan into the evidence field or note that has the cursor; answers whether there is one."""
        if self.evidence.take_scan(text):
            return True
        if self.note.hasFocus():
            self.note.insert(text)
            self.on_note(self.note.text())
            return True
        return False
