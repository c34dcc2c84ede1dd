"""The running program: sign-in, then the desk behind it, the lanes, and an orderly end."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QStackedWidget

from store_desk.app.far import Far
from store_desk.app.log import LOGGER, catch_bugs, start_log
from store_desk.domain.errors import DomainError, NotSetUp, SecondInstance
from store_desk.domain.staff import Actor
from store_desk.store.first_look import FirstLook, first_look
from store_desk.ui.collecting import GuiCollector
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME, install_theme, load_rare_fonts
from store_desk.ui.signin.page import SignInPage
from store_desk.ui.signin.person import Person
from store_desk.ui.tasks import Lane, run
from store_desk.words import say_error

SIZE = (1440, 900)
# After this much quiet on the database lane its log is folded into the file, off the clerk's clicks.
CHECKPOINT_MS = 2_000


class Frame(QStackedWidget):
    """The one top-level window; the program is told before it closes."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program

    def closeEvent(self, event: QCloseEvent) -> None:
        self._program.end()
        super().closeEvent(event)


class Program(QObject):
    """From the first window to the last write."""

    def __init__(
        self,
        app: QApplication,
        options: Any,
        folder: Path,
        language: Language,
        look: FirstLook | None,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__()
        self.app = app
        self._now = now
        self.options = options
        self.folder = folder
        self.language = language
        self.frame = Frame(self)
        self.database = Lane("database")
        self.printer = Lane("printer")
        self.files = Lane("files")
        self.far = Far(self)
        self.far.joined.connect(self._on_joined)
        self.opened: Any = None
        self.bench: Any = None
        self.window: Any = None
        self.sign_in: SignInPage | None = None
        self._ended = False
        self._collector = GuiCollector(self)
        self._look = look
        self._lock: QLockFile | None = None
        self._checkpoint = QTimer(self)
        self._checkpoint.setInterval(CHECKPOINT_MS)
        self._checkpoint.timeout.connect(self._on_quiet)

    @classmethod
    def make(
        cls, options: Any, folder: Path, system_language: str, *, now: Callable[[], datetime] | None = None
    ) -> Program | None:
        """Qt, theme and first page; None (after a line on standard error) when the folder is in use.

        `now` is another clock than the machine's, for pictures of a known moment.
        """
        app = QApplication.instance() or QApplication(sys.argv[:1])
        if not isinstance(app, QApplication):
            return None
        app.setApplicationName("store-desk")
        app.setDesktopFileName("store-desk")
        lock = cls._single(folder)
        if lock is None:
            sys.stderr.write(say_error("en" if system_language == "en" else "zh", SecondInstance()) + "\n")
            return None
        if options.demo:
            from store_desk.app.demo import make_demo
            from store_desk.store import exists

            if not exists(folder):
                lock.unlock()
                make_demo(folder)
                lock = cls._single(folder)
        look = first_look(folder)
        chosen = options.lang or (look.look.get("language") if look else None)
        language = Language("en" if (chosen if chosen in ("zh", "en") else system_language) == "en" else "zh")
        install_theme(app)
        scheme = options.scheme or (look.look.get("scheme") if look else None) or "light"
        if scheme != "light":
            THEME.set_scheme(scheme if scheme in ("dark", "system") else "light")
        THEME.reduced_motion = bool(look and look.look.get("reduced_motion"))
        program = cls(app, options, folder, language, look, now=now)
        program._lock = lock
        program._first_page()
        return program

    @staticmethod
    def _single(folder: Path) -> QLockFile | None:
        """The lock of the folder's one window; None when another window has it."""
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return QLockFile("")
        # Beside the folder, not in it: a store is founded or restored into an empty folder.
        lock = QLockFile(str(folder.with_name(folder.name + ".lock")))
        lock.setStaleLockTime(0)
        return lock if lock.tryLock(100) or lock.error() != QLockFile.LockError.LockFailedError else None

    # --- the first page ----------------------------------------------------------------------------------------

    def _first_page(self) -> None:
        # A smaller screen must not hide the bottom bar.
        self.frame.resize(QSize(*SIZE).boundedTo(self.app.primaryScreen().availableSize()))
        self.frame.setWindowTitle(self.language.say("ui_shell.title"))
        if self._look is not None:
            self._show_sign_in(self._look)
        else:
            from store_desk.store import exists

            # A store that cannot be looked into is opened all the same, to say what is wrong with it.
            if not exists(self.folder):
                self._show_set_up()

    def _show_sign_in(self, look: FirstLook) -> None:
        identity = look.identity
        pins: dict[str, str] = {}
        if identity.get("demo"):
            from store_desk.app.demo import demo_pins

            pins = demo_pins()
        people = tuple(Person(t.id, t.name, t.name_other, t.role, t.locked_until_ms) for t in look.staff)
        page = SignInPage(
            people,
            store_line=self.language.say(
                "ui_signin.store_line", name=identity.get("store_name", ""), desk=identity.get("desk", "")
            ),
            language=self.language,
            demo_pins=pins,
            mark=str(identity.get("store_name", "S"))[:1],
        )
        page.signed_in.connect(self._on_signed_in)
        page.language_chosen.connect(self._on_language_chosen)
        page.scheme_chosen.connect(self._on_scheme_chosen)
        self.sign_in = page
        self.frame.addWidget(page)
        self.frame.setCurrentWidget(page)

    def _show_set_up(self) -> None:
        from store_desk.app.setting_up import set_up_page

        page = set_up_page(self.folder, self.language, self.files)
        page.done.connect(self._on_set_up)
        self.frame.addWidget(page)
        self.frame.setCurrentWidget(page)

    def _on_set_up(self, _: object) -> None:
        before = {page for page in (self.frame.currentWidget(), self.sign_in) if page is not None}
        look = first_look(self.folder)
        if look is not None:
            self._show_sign_in(look)
        for page in before:
            self.frame.removeWidget(page)
            page.deleteLater()
        start_log(self.folder)
        self._open()

    # --- behind it ---------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Shows the window and runs until it is closed."""
        self.frame.show()
        # Where no window manager gives a new window the keyboard, its keys would do nothing.
        self.frame.activateWindow()
        catch_bugs(self._on_bug)
        self._end_when_asked()
        QTimer.singleShot(0, self._after_first_paint)
        code = self.app.exec()
        self.end()
        return int(code)

    def _end_when_asked(self) -> None:
        """A log-out or Ctrl+C ends the program as closing its window does; heard at the next turn of a timer."""
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Python hears a signal between any two steps, in the midst of a paint too; the window closes after it.
        QTimer.singleShot(0, self._on_asked_to_end)

    def _on_asked_to_end(self) -> None:
        self.frame.close()
        self.app.quit()

    def _after_first_paint(self) -> None:
        start_log(self.folder)
        from store_desk.store import exists

        if exists(self.folder):
            self._open()

    def _open(self) -> None:
        run(self, self.database, self._open_desk, then=self._on_opened, refused=self._on_not_opened)

    def _open_desk(self) -> Any:
        from store_desk.app.starting import begin_desk
        from store_desk.app.wiring import clock

        opened, told = begin_desk(self.folder, now=self._now or clock, tell_lost=not self._told_lost)
        self.far.look(opened)
        return opened, told

    def _on_opened(self, result: Any) -> None:
        from store_desk.app.bench import make_bench
        from store_desk.app.setting_up import recovery_for

        self.opened, self._told = result
        LOGGER.info("opened")
        self.far.begin()
        self.bench = make_bench(self.opened, self)
        if self.sign_in is not None:
            self.sign_in.attach(self.bench, recovery=recovery_for(self.opened))
        self._checkpoint.start()
        # What the last run left undone goes on at once.
        self._on_quiet()
        load_rare_fonts()

    def _on_joined(self, joined: Any) -> None:
        """There is a head office now: the window is made anew, with everything that belongs to one."""
        from store_desk.app.setting_up import recovery_for

        self.bench = self.far.given_to(self.bench)
        if self.sign_in is not None:
            self.sign_in.attach(self.bench, recovery=recovery_for(self.opened))
        old, self.window = self.window, None
        if old is None:
            return
        old.rest()
        actor = self.bench.session.actor
        if actor is not None:
            self._on_signed_in(actor)
            self.window.top.say(self.language.say("ui_joining.done", store=joined.store, desk=joined.desk))
        self.frame.removeWidget(old)
        old.deleteLater()

    def _warm_signer(self) -> None:
        """Opens the key that signs slips, so that the first cancellation does not wait for the library."""
        signer = self.bench.desk.signer if self.bench is not None else None
        if signer is not None:
            signer.sign(signer.public_key)

    _told: list[Callable[[Language], str]] = []
    _told_lost = False

    def _on_not_opened(self, error: DomainError) -> None:
        if isinstance(error, NotSetUp):
            self._show_set_up()
            return
        from store_desk.app.setting_up import way_back_page

        self._told_lost = True
        page = way_back_page(self.folder, self.language, self.files, error)
        page.restored.connect(self._on_set_up)
        page.again_asked.connect(self._on_again)
        page.quit_asked.connect(self.frame.close)
        self.frame.addWidget(page)
        self.frame.setCurrentWidget(page)

    def _on_again(self) -> None:
        page = self.frame.currentWidget()
        if page is not None and page is not self.sign_in:
            self.frame.removeWidget(page)
            page.deleteLater()
        self._open()

    def _on_signed_in(self, actor: Actor) -> None:
        if self.window is None:
            from store_desk.ui.shell.window import MainWindow

            self.window = MainWindow(self.bench)
            self.window.locked.connect(self._on_locked)
            self.window.sheets.changed.connect(self._on_first_sheet)
            self.frame.addWidget(self.window)
        self.frame.setCurrentWidget(self.window)
        self.window.begin(actor)
        self.far.say_lapsed(actor, self.window.top)
        for words in self._told:
            self.window.top.say(words(self.language))
        self._told = []

    def _on_first_sheet(self) -> None:
        """Readies fonts and signature while the clerk fills the first sheet; before, nobody needs their memory."""
        self.window.sheets.changed.disconnect(self._on_first_sheet)
        self.printer.submit(_warm)
        self.printer.submit(self._warm_signer)

    def _on_locked(self, clerk: str) -> None:
        if self.sign_in is None:
            return
        self._locked_by = clerk
        self.frame.setCurrentWidget(self.sign_in)
        look = first_look(self.folder)
        if look is not None:
            people = tuple(Person(t.id, t.name, t.name_other, t.role, t.locked_until_ms) for t in look.staff)
            self.sign_in.set_people(people)
        self.sign_in.show_lock(clerk, "")
        run(self, self.database, self._read_draft, then=self._on_draft)

    _locked_by = ""

    def _read_draft(self) -> str:
        """The number of the ticket on which the clerk who left has a draft, or an empty text."""
        from store_desk.services.drafts import all_drafts

        own = [draft for draft in all_drafts(self.bench.desk) if draft.clerk == self._locked_by]
        if not own:
            return ""
        with self.bench.desk.read() as uow:
            ticket = uow.tickets.get(own[0].ticket_id)
        return ticket.number if ticket else ""

    def _on_draft(self, number: str) -> None:
        if self.sign_in is not None and number:
            self.sign_in.show_lock(self._locked_by, number)

    def _on_language_chosen(self, lang: str) -> None:
        self.language.switch("en" if lang == "en" else "zh")
        self.frame.setWindowTitle(self.language.say("ui_shell.title"))

    def _on_scheme_chosen(self, scheme: str) -> None:
        THEME.set_scheme("dark" if scheme == "dark" else "light")

    def _on_quiet(self) -> None:
        if self.opened is not None and self.database.waiting() == 0:
            self.database.submit(self._keep_house)

    def _keep_house(self) -> None:
        """What a quiet moment is used for, off the clerk's clicks."""
        from store_desk.app.housekeeping import keep_house

        keep_house(self.opened.store, waiting=lambda: self.database.waiting() > 0)

    def _on_bug(self, text: str, bug: str) -> None:
        if self.window is not None:
            self.window.top.say(self.language.say("ui_shell.problem", text=text[:120]) + f" ({bug})")

    def end(self) -> None:
        """Finishes what is queued, folds the log in, closes the store; once."""
        if self._ended:
            return
        self._ended = True
        self._checkpoint.stop()
        if self.window is not None:
            self.window.rest()
        if self.bench is not None:
            self.bench.importing.end()
        self.far.stop(self.language)
        self.files.stop()
        self.printer.stop()
        if self.opened is not None:
            self.bench.importing.forget()
            self.database.submit(self.opened.close)
        self.database.stop()
        self._collector.stop()
        if self._lock is not None:
            self._lock.unlock()


def _warm() -> None:
    """Reads the slip's fonts and what signs it on the printer lane, so that the first slip is quick."""
    import store_desk.slips.pdf_signature  # noqa: F401  # imported for the half second that importing it takes
    from store_desk.slips.render import warm

    warm()
