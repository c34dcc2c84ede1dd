"""What the sign-in screen asks of the services; it may be asked before they are there and then answers later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from store_desk.services.people import SignedIn
    from store_desk.ui.bench import Bench
    from store_desk.ui.signin.person import Recovery


class Gate(QObject):
    """Checks and changes PINs on the database lane, one piece of work at a time.

    Signals: signed_in(services.people.SignedIn), sheet_right(), refused(DomainError), failed(str).
    """

    signed_in = Signal(object)
    sheet_right = Signal()
    refused = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bench: Bench | None = None
        self._recovery: Recovery | None = None
        self._waiting: Callable[[Bench], Any] | None = None

    def attach(self, bench: Bench, recovery: Recovery | None) -> None:
        """The services are there: what waited for them runs now."""
        self._bench, self._recovery = bench, recovery
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._start(waiting)

    @property
    def bench(self) -> Bench | None:
        """The services, once they are there."""
        return self._bench

    @property
    def can_recover(self) -> bool:
        """Whether a recovery sheet can be looked at."""
        return self._recovery is not None

    def is_waiting(self) -> bool:
        """Whether something was asked that waits for the services."""
        return self._waiting is not None

    def drop_waiting(self) -> None:
        """Forgets what waits."""
        self._waiting = None

    def sign_in(self, staff_id: str, pin: str) -> None:
        """Looks at a PIN."""

        def work(bench: Bench) -> SignedIn:
            from store_desk.services import people

            return people.sign_in(bench.desk, staff_id=staff_id, pin=pin)

        self._start(work)

    def change(self, staff_id: str, pin: str, new_pin: str) -> None:
        """Replaces a first PIN and signs in."""

        def work(bench: Bench) -> SignedIn:
            from store_desk.services import people

            return people.SignedIn(
                people.change_own_pin(bench.desk, staff_id=staff_id, pin=pin, new_pin=new_pin), must_change_pin=False
            )

        self._start(work)

    def check_sheet(self, sheet: str) -> None:
        """Looks at a recovery sheet."""
        recovery = self._recovery
        if recovery is None:
            return

        def work(_: Bench) -> None:
            recovery.check(sheet)

        self._start(work)

    def recover(self, sheet: str, staff_id: str, new_pin: str) -> None:
        """Gives the manager a PIN by the sheet, and signs in with it."""
        recovery = self._recovery
        if recovery is None:
            return

        def work(bench: Bench) -> SignedIn:
            from store_desk.services import people

            recovery.reset(sheet, staff_id, new_pin)
            return people.sign_in(bench.desk, staff_id=staff_id, pin=new_pin)

        self._start(work)

    def _start(self, work: Callable[[Bench], Any]) -> None:
        bench = self._bench
        if bench is None:
            self._waiting = work
            return
        from store_desk.ui.tasks import run

        task = run(self, bench.database, lambda: work(bench), then=self.on_answer, refused=self.on_refused)
        task.failed.connect(self.on_failed)

    def on_answer(self, answer: object) -> None:
        """Right."""
        if answer is None:
            self.sheet_right.emit()
        else:
            self.signed_in.emit(answer)

    def on_refused(self, error: object) -> None:
        """Not right."""
        self.refused.emit(error)

    def on_failed(self, text: str) -> None:
        """A bug."""
        self.failed.emit(text)
