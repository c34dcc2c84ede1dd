"""Backup, the desk's identity and journal, and what the program is."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from store_desk import __version__
from store_desk.domain.errors import DomainError
from store_desk.domain.roles import Right, has_right
from store_desk.services.rules import change_setting
from store_desk.ui.parts.buttons import Button, Chip
from store_desk.ui.parts.parts import Banner
from store_desk.ui.parts.text import TextLabel
from store_desk.ui.settings.history import (
    BACKUP_OLD_DAYS,
    BACKUP_SETTING,
    JournalCheck,
    backup_text,
    check_journal,
    last_backup,
)
from store_desk.ui.settings.section import CONTROL_HEIGHT, CONTROL_WIDTH, Room, Secret, Section, value_label
from store_desk.ui.settings.times import moment
from store_desk.ui.tasks import run

# A passphrase shorter than this is refused by the backup itself; the row says it beforehand.
PASSPHRASE_MIN: Final = 8
# Written whenever the certificate changes, because a window does not read certificates.
CERTIFICATE_SETTING: Final = "certificate.shown"
PARTS: Final = (
    ("Qt, PySide6", "LGPL-3.0"),
    ("Python", "PSF-2.0"),
    ("SQLCipher, SQLite", "BSD-3-Clause, public domain"),
    ("peewee", "MIT"),
    ("ReportLab", "BSD-3-Clause"),
    ("cryptography", "Apache-2.0, BSD-3-Clause"),
    ("argon2-cffi", "MIT"),
    ("pypinyin, XlsxWriter", "MIT, BSD-2-Clause"),
    ("python-calamine, RapidFuzz", "MIT"),
    ("phonenumbers", "Apache-2.0"),
    ("pypdfium2", "BSD-3-Clause, Apache-2.0"),
    ("Inter, Noto Sans SC, HanaMin", "OFL-1.1"),
    ("Lucide", "ISC"),
)


class BackupSection(Section):
    """When the last backup was made, and a form that writes the next one. Signals: written(path)."""

    written = Signal(str)

    def build(self) -> None:
        room = self.room
        actor = room.bench.session.actor
        self._may = actor is not None and has_right(actor.role, Right.BACKUP)
        if not self._may:
            self.column.addSpacing(8)
            self.column.addWidget(Banner("sunken", "lock", room.say("manager_only")))
        self._chip = Chip()
        self._last = self.add_row("backup.last", room.say("backup.last"), " ", self._chip)
        self.passphrase, self.again = Secret(), Secret()
        for secret, name in ((self.passphrase, "backup.passphrase"), (self.again, "backup.again")):
            secret.setFixedSize(CONTROL_WIDTH, CONTROL_HEIGHT)
            secret.setEnabled(self._may)
            secret.textChanged.connect(self._on_typed)
            self.add_row(name, room.say(name), room.say(f"{name}.caption", n=PASSPHRASE_MIN), secret)
        self.again.returnPressed.connect(self.choose_file)
        self.add_row("backup.sheet", room.say("backup.sheet"), room.say("backup.sheet.caption"), value_label(""))
        self.add_row("backup.restore", room.say("backup.restore"), room.say("backup.restore.caption"), value_label(""))
        self._write = Button(room.say("backup.write"), icon="database-backup", kind="primary")
        self._write.clicked.connect(self.choose_file)
        self._show_last()
        self._on_typed("")

    def footer(self) -> tuple[QWidget, ...]:
        return (self._write,)

    def choose_file(self) -> None:
        """Asks where the backup goes."""
        if not self._write.isEnabled():
            return
        if self.passphrase.text() != self.again.text():
            self.again.set_tone("bad")
            self.noted.emit(self.room.say("backup.differ"), "bad")
            self.again.setFocus()
            return
        identity = self.room.bench.desk.identity
        day = self.room.bench.desk.clock().astimezone(self.room.bench.desk.zone)
        dialog = QFileDialog(self, self.room.say("backup.file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("backup")
        dialog.selectFile(f"store-desk-{identity.store_code}{identity.desk}-{day:%Y-%m-%d}.backup")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def write(self, file: str) -> None:
        """Writes the backup to the file, on the file lane."""
        bench = self.room.bench
        path, passphrase, at = Path(file), self.passphrase.text(), bench.desk.clock()
        self._write.setEnabled(False)
        self.noted.emit(self.room.say("backup.running"), "")

        def work() -> tuple[Path, datetime]:
            bench.backup(path, passphrase)
            return path, at

        run(self, bench.files, work, then=self._on_backed_up, refused=self._on_refused)

    def _on_typed(self, _text: str) -> None:
        self.again.set_tone("")
        self._write.setEnabled(self._may and len(self.passphrase.text()) >= PASSPHRASE_MIN and bool(self.again.text()))

    def _on_backed_up(self, answer: tuple[Path, datetime]) -> None:
        actor, desk = self.room.bench.session.actor, self.room.bench.desk
        if actor is None:
            return
        path, at = answer

        def work() -> str:
            change_setting(desk, actor, name=BACKUP_SETTING, value=backup_text(at=at, file=path))
            return str(path)

        run(self, self.room.bench.database, work, then=self._on_written, refused=self._on_refused)

    def _on_written(self, file: str) -> None:
        self.passphrase.clear()
        self.again.clear()
        self.noted.emit(self.room.say("backup.done", file=file), "ok")
        self.room.stored.load()
        self.written.emit(file)

    def _on_refused(self, error: DomainError) -> None:
        self.refuse(error)
        self._on_typed("")

    def _show_last(self) -> None:
        room = self.room
        backup = last_backup(room.stored.text(BACKUP_SETTING))
        if backup is None:
            self._last.set_words(room.say("backup.last"), room.say("backup.never"))
            self._chip.set_chip(room.say("backup.missing"), icon="triangle-alert", tone="warn")
            return
        days = (room.bench.desk.clock() - backup.at).days
        self._last.set_words(
            room.say("backup.last"), room.say("backup.at", when=moment(room.bench, backup.at), file=backup.file)
        )
        if days > BACKUP_OLD_DAYS:
            self._chip.set_chip(room.say("backup.old", n=days), icon="triangle-alert", tone="warn")
        else:
            self._chip.set_chip(room.say("backup.fresh"), icon="circle-check", tone="ok")

    def refresh(self) -> None:
        """Shows the last backup again, after the settings were read."""
        self._show_last()


class DeskSection(Section):
    """Identity, fingerprint, and the journal's check."""

    def build(self) -> None:
        room, identity = self.room, self.room.bench.desk.identity
        name = identity.store_name_other if room.bench.language.now == "en" else ""
        place = " · ".join(part for part in (identity.address, identity.phone) if part)
        fixed = room.say("desk.fixed")
        store = f"{identity.store_code} · {name or identity.store_name}"
        self.add_row("desk.store", room.say("desk.store"), fixed, value_label(store))
        self.add_row(
            "desk.number", room.say("desk.number"), fixed, value_label(room.say("desk.number.value", n=identity.desk))
        )
        self.add_row("desk.place", room.say("desk.place"), place or room.say("desk.place.none"), value_label(""))
        self.add_row(
            "desk.money", room.say("desk.money"), fixed, value_label(f"{identity.currency} · {identity.timezone}")
        )
        copy = Button(room.say("desk.copy"), icon="copy")
        copy.clicked.connect(self._on_copy)
        self._fingerprint = self.add_row("desk.fingerprint", room.say("desk.fingerprint"), identity.fingerprint, copy)
        issued, until = certificate_words(room)
        self.add_row("desk.certificate", room.say("desk.certificate"), issued, value_label(until))
        self.verify = Button(room.say("desk.journal.verify"), icon="shield-check")
        self.verify.clicked.connect(self._on_verify)
        self._chip = Chip()
        self._chip.hide()
        self.add_row(
            "desk.journal", room.say("desk.journal"), room.say("desk.journal.caption"), self.verify, extra=self._chip
        )

    def result(self) -> str:
        """What the last check of the journal said; '' before one."""
        return self._chip.accessibleName() if not self._chip.isHidden() else ""

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.room.bench.desk.identity.fingerprint)
        self.noted.emit(self.room.say("desk.copied"), "ok")

    def _on_verify(self) -> None:
        desk = self.room.bench.desk
        self.verify.setEnabled(False)
        self.noted.emit(self.room.say("desk.journal.running"), "")
        run(self, self.room.bench.database, lambda: check_journal(desk), then=self._on_checked, refused=self._on_failed)

    def _on_checked(self, check: JournalCheck) -> None:
        self.verify.setEnabled(True)
        self._chip.show()
        if check.broken is None:
            words = self.room.say("desk.journal.holds", n=check.entries)
            self._chip.set_chip(words, icon="shield-check", tone="ok")
            self.noted.emit(words, "ok")
        else:
            words = self.room.say("desk.journal.broken", entry=check.broken)
            self._chip.set_chip(words, icon="triangle-alert", tone="bad")
            self.noted.emit(words, "bad")

    def _on_failed(self, error: DomainError) -> None:
        self.verify.setEnabled(True)
        self.refuse(error)


def certificate_words(room: Room) -> tuple[str, str]:
    """Who issued the certificate that signs slip files, with its fingerprint, and until when it is valid."""
    try:
        shown = json.loads(room.stored.text(CERTIFICATE_SETTING) or "{}")
        issuer, until, fingerprint = (str(shown[name]) for name in ("issuer", "until", "fingerprint"))
    except (ValueError, KeyError, TypeError):
        return room.say("desk.certificate.none"), ""
    issued = room.say("desk.certificate.of", issuer=issuer, fingerprint=fingerprint)
    return issued, room.say("desk.certificate.until", until=until)


class AboutSection(Section):
    """Version, licences, data folder, and a text for support without customers' data."""

    def build(self) -> None:
        room = self.room
        self.add_row("about.version", room.say("about.version"), "Store Desk", value_label(__version__))
        self.add_row("about.licence", room.say("about.licence"), room.say("about.licence.caption"), value_label("MIT"))
        folder = Button(room.say("about.open"), icon="folder-open")
        folder.clicked.connect(self._on_folder)
        self.add_row("about.folder", room.say("about.folder"), str(room.bench.data_folder), folder)
        copy = Button(room.say("about.copy"), icon="copy")
        copy.clicked.connect(self._on_copy)
        self.add_row("about.support", room.say("about.support"), room.say("about.support.caption"), copy)
        self.add_group(room.say("about.parts"))
        self.column.addSpacing(6)
        for part, licence in PARTS:
            self.column.addWidget(TextLabel(f"{part} · {licence}", "small", "text2"))
            self.column.addSpacing(4)

    def support_text(self) -> str:
        """What support asks first; nothing of it is about a customer."""
        identity = self.room.bench.desk.identity
        return "\n".join(
            (
                f"Store Desk {__version__}",
                f"Python {sys.version.split()[0]}, Qt {qVersion()}, {sys.platform}",
                f"{identity.store_code}{identity.desk}, {identity.currency}, {identity.timezone}, {identity.country}",
                f"{identity.fingerprint}",
                f"{self.room.bench.data_folder}",
            )
        )

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.room.bench.data_folder)))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.support_text())
        self.noted.emit(self.room.say("desk.copied"), "ok")
