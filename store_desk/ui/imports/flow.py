"""The import as it goes along: which file, which columns, what the check found, how far it is; no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from store_desk.domain.errors import DomainError, ImportStopped
from store_desk.domain.imports import REQUIRED, Field, FileShape, Mapping
from store_desk.domain.policy import Policy
from store_desk.services.rules import read_policy
from store_desk.ui.bench import Bench, ImportCheck, ImportDone, Importing
from store_desk.ui.imports.answers import Unknown
from store_desk.ui.imports.errand import Errand
from store_desk.ui.tasks import run

# A clerk who changes several columns in a row starts one check, not several.
CHECK_DELAY_MS: Final = 250


class Step(Enum):
    """Where the import stands."""

    CHOOSE = "choose"
    MATCH = "match"
    CHECK = "check"
    BRING = "bring"


class Doing(Enum):
    """What runs on the file lane for this import."""

    NOTHING = "nothing"
    LOOKING = "looking"
    CHECKING = "checking"
    BRINGING = "bringing"
    STOPPING = "stopping"
    UNDOING = "undoing"


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking the import back did."""

    removed: int
    restored: int
    kept: tuple[str, ...]


class Flow(QObject):
    """One import from choosing to undoing. Signals: changed() after anything that is shown; progressed(Progress)."""

    changed = Signal()
    progressed = Signal(object)

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._turn = 0
        self._paused = False
        self._errand: Errand | None = None
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(CHECK_DELAY_MS)
        self._delay.timeout.connect(self._check)
        self.undo_hours = Policy().import_undo_h
        desk = bench.desk
        run(self, bench.database, lambda: read_policy(desk), then=self._on_policy)
        self.forget()

    def forget(self) -> None:
        """Back to the beginning: no file."""
        self._begin_turn()
        self.step = Step.CHOOSE
        self.doing = Doing.NOTHING
        self.path: Path | None = None
        self.shape: FileShape | None = None
        self.mapping = Mapping({}, {})
        self.remembered: frozenset[Field] = frozenset()
        self.check: ImportCheck | None = None
        self.asked: dict[tuple[str, str], Unknown] = {}
        self.error: DomainError | None = None
        self.done: ImportDone | None = None
        self.undone: Undone | None = None

    @Slot(object)
    def _on_policy(self, policy: Policy) -> None:
        self.undo_hours = policy.import_undo_h

    # --- choosing and matching -----------------------------------------------------------------------------

    def look(self, path: Path) -> None:
        """Opens the file; on success the columns are there to be matched and a first check runs."""
        self.forget()
        self.path, self.doing = path, Doing.LOOKING
        self._run(lambda importing, _errand: importing.look(path))

    def field_of(self, heading: str) -> Field | None:
        """What the column becomes; None when it is left out."""
        return next((field for field, column in self.mapping.columns.items() if column == heading), None)

    def match(self, heading: str, field: Field | None) -> None:
        """Says what a column becomes; another column that had the field loses it."""
        columns = {known: column for known, column in self.mapping.columns.items() if column != heading}
        if field is not None:
            columns[field] = heading
        self._remap(replace(self.mapping, columns=columns))

    def answer(self, unknown: Unknown, value: str) -> None:
        """Says what a word means."""
        values = {**self.mapping.values, unknown.key: value}
        if not value:
            values.pop(unknown.key)
        self._remap(replace(self.mapping, values=values))

    def answer_of(self, unknown: Unknown) -> str:
        """What was said about the word; '' while nothing was."""
        return self.mapping.values.get(unknown.key, "")

    def open_questions(self) -> list[Unknown]:
        """The words whose rows would be refused: neither explained nor guessed."""
        return [item for item in self.asked.values() if item.required and not (self.answer_of(item) or item.guess)]

    def missing_fields(self) -> tuple[Field, ...]:
        """The fields without which a row is no ticket and that no column feeds."""
        return tuple(field for field in REQUIRED if field not in self.mapping.columns)

    # --- going on and back ---------------------------------------------------------------------------------

    def can_go_on(self) -> bool:
        """Whether the next step can be taken now."""
        if self.step is Step.MATCH:
            return self.shape is not None and not self.missing_fields()
        if self.step is Step.CHECK:
            counts = self.check.counts if self.check is not None else None
            settled = self.doing is Doing.NOTHING and not self._delay.isActive() and not self.open_questions()
            return settled and counts is not None and self.rows_to_take() > 0
        return False

    def rows_to_take(self) -> int:
        """How many rows the check let through."""
        return self.check.counts.rows - self.check.counts.refused if self.check is not None else 0

    def go_on(self) -> None:
        """From matching to checking, from checking to bringing in."""
        if not self.can_go_on():
            return
        if self.step is Step.MATCH:
            self.step = Step.CHECK
            self._accept_guesses()
            self.changed.emit()
        elif self.step is Step.CHECK:
            self._bring_in()

    def go_back(self) -> None:
        """One step back, while nothing is being brought in."""
        if self.step is Step.CHECK:
            self.step = Step.MATCH
        elif self.step is Step.MATCH:
            self.forget()
        elif self.step is Step.BRING and self.doing is Doing.NOTHING and self.done is None:
            self.step, self.error = Step.CHECK, None
        self.changed.emit()

    def stop(self) -> None:
        """Ends what runs; an import that is stopped keeps nothing."""
        if self._errand is not None:
            self._errand.stop()
        if self.doing is Doing.BRINGING:
            self.doing = Doing.STOPPING
            self.changed.emit()

    def pause(self) -> None:
        """Ends a check whose result nobody sees now, so that nothing waits for it; what is being brought in goes on."""
        if self.doing is Doing.CHECKING:
            self._begin_turn()
            self.doing, self.check, self._paused = Doing.NOTHING, None, True

    def resume(self) -> None:
        """Starts the check again that pause() ended."""
        if self._paused:
            self._paused = False
            self._remap(self.mapping)

    def undo(self) -> None:
        """Takes the finished import back."""
        actor, done = self._bench.session.actor, self.done
        if actor is None or done is None or self.undone is not None or self.doing is not Doing.NOTHING:
            return
        self.doing, self.error = Doing.UNDOING, None
        self._run(lambda importing, _errand: importing.undo(actor, done.batch))

    # --- what runs on the lane -----------------------------------------------------------------------------

    def _begin_turn(self) -> int:
        # Whatever is under way belongs to an older turn; its answer will be dropped.
        if self._errand is not None:
            self._errand.stop()
        self._delay.stop()
        self._turn += 1
        return self._turn

    def _run(self, work: Callable[[Importing, Errand], object]) -> None:
        errand = Errand(self._begin_turn(), self)
        errand.moved.connect(self._on_moved)
        errand.answered.connect(self._on_answered)
        errand.refused.connect(self._on_refused)
        self._errand = errand
        importing = self._bench.importing
        errand.start(self._bench.files, lambda: work(importing, errand))
        self.changed.emit()

    def _remap(self, mapping: Mapping) -> None:
        if self.shape is None:
            return
        self._begin_turn()
        self.mapping, self.error = mapping, None
        self.doing = Doing.CHECKING
        self._delay.start()
        self.changed.emit()

    @Slot()
    def _check(self) -> None:
        path, mapping = self.path, self.mapping
        if path is None:
            return
        self.doing = Doing.CHECKING
        self._run(
            lambda importing, errand: importing.check(path, mapping, progress=errand.progress, stop=errand.stopped)
        )

    def _accept_guesses(self) -> None:
        values = dict(self.mapping.values)
        for unknown in self.asked.values():
            if unknown.guess:
                values.setdefault(unknown.key, unknown.guess)
        if values != self.mapping.values:
            self._remap(replace(self.mapping, values=values))

    def _bring_in(self) -> None:
        actor, path, mapping = self._bench.session.actor, self.path, self.mapping
        if actor is None or path is None:
            return
        self.step, self.doing, self.error = Step.BRING, Doing.BRINGING, None
        self._run(
            lambda importing, errand: importing.bring_in(
                actor, path, mapping, progress=errand.progress, stop=errand.stopped
            )
        )

    @Slot(int, object)
    def _on_moved(self, turn: int, progress: object) -> None:
        if turn == self._turn:
            self.progressed.emit(progress)

    @Slot(int, object)
    def _on_answered(self, turn: int, answer: Any) -> None:
        if turn != self._turn:
            return
        # What came back is known by what was asked; the turn says that it is the latest question.
        doing, self.doing = self.doing, Doing.NOTHING
        if doing is Doing.LOOKING:
            self.shape, mapping = answer
            self.step = Step.MATCH
            self._remap(mapping)
        elif doing is Doing.CHECKING:
            self._take_check(answer)
        elif doing is Doing.UNDOING:
            self.undone = Undone(*answer)
        else:
            self.done = answer
        self.changed.emit()

    def _take_check(self, check: ImportCheck) -> None:
        self.check = check
        fresh = {(field, word): Unknown(field, word, rows, guess) for field, word, rows, guess in check.unknown}
        # A word that was explained stays in sight, so that the answer can be changed.
        columns = {field.value for field in self.mapping.columns}
        kept = {key: item for key, item in self.asked.items() if key in self.mapping.values and key[0] in columns}
        self.asked = {**kept, **fresh}

    @Slot(int, object)
    def _on_refused(self, turn: int, error: DomainError) -> None:
        if turn != self._turn:
            return
        stopped = isinstance(error, ImportStopped) and self.doing is Doing.CHECKING
        self.doing = Doing.NOTHING
        self.error = None if stopped else error
        self.changed.emit()
