"""The first run: the ways in, the answers, the recovery sheet that must be put away, and joining a head office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from store_desk.domain.errors import DomainError, NotSetUp
from store_desk.services.office import Joined
from store_desk.ui.joining.pane import JoinPane
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.qt_words import QtWords
from store_desk.ui.setup.form import SetUpDone, SetUpForm
from store_desk.ui.setup.restore_pane import RestorePane
from store_desk.ui.setup.sheet_pane import SheetPane
from store_desk.ui.setup.store_pane import StorePane
from store_desk.ui.setup.welcome import Welcome
from store_desk.ui.signin.bottom import BottomLine
from store_desk.ui.tasks import Lane, run

GO_ON = "Ctrl+Return"
MARGIN = 16
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SetUpPage(QWidget):
    """Signal: done(SetUpDone, or None after a restore).

    `create` and `restore` block and run on the lane (an own one unless given); so do `save_sheet(done, path)`, which
    writes PDF or text by the ending, `print_sheet(done)`, and `join(done, address, code, told)` after the sheet for a
    desk that joins a head office. Without them their buttons and ways are absent.
    """

    done = Signal(object)

    def __init__(
        self,
        create: Callable[[SetUpForm], SetUpDone],
        restore: Callable[[Path, str], None],
        language: Language,
        *,
        lane: Lane | None = None,
        save_sheet: Callable[[SetUpDone, Path], None] | None = None,
        print_sheet: Callable[[SetUpDone], None] | None = None,
        join: Callable[[SetUpDone, str, str, Callable[[str, int, int], None]], Joined] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._create, self._restore, self._language = create, restore, language
        self._save_sheet, self._print_sheet = save_sheet, print_sheet
        self._lane = lane or Lane("set-up")
        self._join, self._joins = join, False
        self._founded: SetUpDone | None = None
        self.welcome = Welcome(language, can_join=join is not None)
        self.store = StorePane(language)
        self.sheet = SheetPane(language, can_save=save_sheet is not None, can_print=print_sheet is not None)
        self.restoring = RestorePane(language)
        self.joining = JoinPane(language, self._join_now, self._lane)
        self._panes = (self.welcome, self.store, self.sheet, self.restoring, self.joining)
        self.bottom = BottomLine(language)
        self.stack = QStackedWidget()
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        for pane in self._panes:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, MARGIN, 0, MARGIN)
            column.addWidget(pane, 1, Qt.AlignmentFlag.AlignHCenter)
            self.stack.addWidget(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.bottom)

    def _connect(self) -> None:
        self.welcome.new_asked.connect(self.on_new)
        self.welcome.join_asked.connect(self.on_join)
        self.joining.ended.connect(self.on_join_ended)
        self.welcome.restore_asked.connect(self.on_restore)
        self.store.given.connect(self.on_given)
        self.store.back.connect(self.on_back)
        self.restoring.given.connect(self.on_backup_given)
        self.restoring.back.connect(self.on_back)
        self.sheet.save_asked.connect(self.on_save)
        self.sheet.print_asked.connect(self.on_print)
        self.sheet.acknowledged.connect(self.on_acknowledged)
        self.bottom.language_chosen.connect(self.on_language)
        self.bottom.scheme_chosen.connect(self.on_scheme)
        self._language.changed.connect(self.retranslate)
        QtWords(self._language, self)
        for keys in (GO_ON, "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.on_go_on)

    def pane(self) -> QWidget:
        """What is shown: welcome, store, sheet, restoring or joining."""
        return self._panes[self.stack.currentIndex()]

    def _show(self, pane: QWidget) -> None:
        self.stack.setCurrentIndex([*self._panes].index(pane))
        pane.setFocus()

    def retranslate(self) -> None:
        """Reads all words again."""
        self.bottom.retranslate()
        for pane in self._panes:
            pane.retranslate()

    # --- ways --------------------------------------------------------------------------------------------------

    def on_new(self) -> None:
        """A new store."""
        self._joins = False
        self._show(self.store)

    def on_join(self) -> None:
        """A new store that joins a head office once its recovery sheet is put away."""
        self._joins = True
        self._show(self.store)

    def on_restore(self) -> None:
        """A store from a backup."""
        self._show(self.restoring)

    def on_back(self) -> None:
        """Back to the two ways; what was entered stays."""
        if not self.store.is_busy() and not self.restoring.is_busy():
            self._show(self.welcome)

    def on_go_on(self) -> None:
        """Ctrl+Enter: the main button of what is shown."""
        pane = self.pane()
        if isinstance(pane, (StorePane, SheetPane, RestorePane)):
            pane.go.click()

    # --- a new store -------------------------------------------------------------------------------------------

    def on_given(self, form: SetUpForm) -> None:
        """The answers are there: the store is made off the window's thread."""
        self.stack.setFocus()
        self.store.set_busy(True)
        task = run(self, self._lane, lambda: self._create(form), then=self.on_created, refused=self.on_not_created)
        task.failed.connect(self.on_create_failed)

    def on_created(self, founded: SetUpDone) -> None:
        """The store is there; its sheet is shown this once."""
        self._founded = founded
        self.store.set_busy(False)
        for name in ("pin", "repeat"):
            self.store.fields[name].clear()
        self._show(self.sheet)
        self.sheet.show_done(founded)

    def on_not_created(self, error: DomainError) -> None:
        """Nothing was made; the answer to change is marked."""
        self.store.set_busy(False)
        self.store.show_refused(error)

    def on_create_failed(self, text: str) -> None:
        """A bug."""
        self.store.set_busy(False)
        self.store.show_line(self._language.say("ui_setup.failed"))

    # --- the sheet ---------------------------------------------------------------------------------------------

    def on_save(self) -> None:
        """Asks where the sheet goes."""
        say = self._language.say
        dialog = QFileDialog(self, say("ui_setup.sheet.save"), say("ui_setup.sheet.file"), say("ui_setup.sheet.kinds"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.on_save_to)
        dialog.open()

    def on_save_to(self, path: str) -> None:
        """Writes the sheet there."""
        save, founded = self._save_sheet, self._founded
        if save is None or founded is None:
            return

        def work() -> str:
            save(founded, Path(path))
            return path

        self._keep_sheet(work)

    def on_print(self) -> None:
        """Prints the sheet."""
        prints, founded = self._print_sheet, self._founded
        if prints is None or founded is None:
            return

        def work() -> str:
            prints(founded)
            return ""

        self._keep_sheet(work)

    def _keep_sheet(self, work: Callable[[], str]) -> None:
        self.sheet.kept.setFocus()
        self.sheet.set_busy(True)
        self.sheet.show_line(self._language.say("ui_setup.sheet.working"))
        task = run(self, self._lane, work, then=self.on_sheet_kept, refused=self.on_sheet_not_kept)
        task.failed.connect(self.on_sheet_failed)

    def on_sheet_kept(self, path: str) -> None:
        """Saved or printed."""
        say = self._language.say
        self.sheet.set_busy(False)
        words = say("ui_setup.sheet.saved", file=path) if path else say("ui_setup.sheet.printed")
        self.sheet.show_line(words, colour="ok")

    def on_sheet_not_kept(self, error: DomainError) -> None:
        """Neither saved nor printed; the sheet is still on the screen."""
        self.sheet.set_busy(False)
        self.sheet.show_line(self._language.error(error), colour="bad")

    def on_sheet_failed(self, text: str) -> None:
        """A bug."""
        self.sheet.set_busy(False)
        self.sheet.show_line(self._language.say("ui_setup.failed"), colour="bad")

    def on_acknowledged(self) -> None:
        """The sheet is in a safe place."""
        if self._founded is not None and self.sheet.kept.isChecked():
            self.sheet.forget()
            if self._joins and self._join is not None:
                self._show(self.joining)
            else:
                self._end()

    def _end(self) -> None:
        founded, self._founded = self._founded, None
        self.done.emit(founded)

    # --- a head office -----------------------------------------------------------------------------------------

    def _join_now(self, address: str, code: str, told: Callable[[str, int, int], None]) -> Joined:
        if self._join is None or self._founded is None:
            raise NotSetUp()
        return self._join(self._founded, address, code, told)

    def on_join_ended(self, _joined: object) -> None:
        """Joined, or left for later: the desk can be used."""
        self._end()

    # --- from a backup -----------------------------------------------------------------------------------------

    def on_backup_given(self, path: Path, passphrase: str) -> None:
        """File and passphrase are there."""
        self.stack.setFocus()
        self.restoring.set_busy(True)
        work = self._restore
        task = run(
            self, self._lane, lambda: work(path, passphrase), then=self.on_restored, refused=self.on_not_restored
        )
        task.failed.connect(self.on_restore_failed)

    def on_restored(self, _: object) -> None:
        """The store is there again."""
        self.restoring.set_busy(False)
        self.restoring.passphrase.clear()
        self.done.emit(None)

    def on_not_restored(self, error: DomainError) -> None:
        """Nothing was written."""
        self.restoring.set_busy(False)
        self.restoring.show_refused(error)

    def on_restore_failed(self, text: str) -> None:
        """A bug."""
        self.restoring.set_busy(False)
        self.restoring.show_line(self._language.say("ui_setup.failed"))

    # --- look and Qt -------------------------------------------------------------------------------------------

    def on_language(self, lang: str) -> None:
        """The window's language, at once."""
        self._language.switch("en" if lang == "en" else "zh")

    def on_scheme(self, scheme: str) -> None:
        """Light or dark, at once."""
        THEME.set_scheme("dark" if scheme == "dark" else "light")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pane().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and self.pane() not in (self.sheet, self.joining):
            self.on_back()
        elif event.key() in ENTER and isinstance(focused, QAbstractButton):
            focused.click()
        elif event.key() in ENTER and (isinstance(focused, QLineEdit) or self.pane() is self.store):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), THEME.colour("canvas"))
