"""A ticket's files at the desk: listed, opened here or in the computer's viewer, by keyboard; the evidence pack."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from store_desk.app.proving import save_evidence
from store_desk.domain.attachments import HEAD_BYTES, Attachment, kind_of
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.domain.staff import Actor
from store_desk.services.attachments import attach
from store_desk.services.cancel import CancelTicket, cancel_ticket
from store_desk.ui.bench import Bench
from store_desk.ui.desk.copies import FOLDER, ending_of
from store_desk.ui.desk.files import size_words
from tests.ui.desk.scene import CLERK, SIZE_1366, SUPERVISOR, TECHNICIAN, Scene

FRESH = "SO-88421555"
TOM = "SO-88380120"
PDF = b"%PDF-1.7\n" + b"x" * 4000
RECORDING = b"ID3\x04" + b"\x00" * 900


def picture(width: int = 640, height: int = 480) -> bytes:
    """A photo as a telephone makes one, all of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#2f7d5b"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes text only
    return bytes(buffer.data().data())


class Viewer(QObject):
    """The computer's viewer: keeps what it was asked to open, and what was in it at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[Path, bytes]] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Opens the file."""
        path = Path(url.toLocalFile())
        self.files.append((path, path.read_bytes()))


@pytest.fixture
def viewer(qapp: QApplication) -> Iterator[Viewer]:
    """The viewer, in the place of the system's."""
    made = Viewer()
    QDesktopServices.setUrlHandler("file", made, "open")  # type: ignore[arg-type]  # PySide takes text only
    yield made
    QDesktopServices.unsetUrlHandler("file")


def add(desk: Scene, order: str, name: str, content: bytes) -> Attachment:
    return attach(desk.bench.desk, CLERK, ticket_id=desk.id_of(order), name=name, content=content)


def open_with(desk: Scene, *files: tuple[str, bytes]) -> list[Attachment]:
    """The ticket with these files, open on the desk."""
    added = [add(desk, FRESH, name, content) for name, content in files]
    desk.start()
    desk.open(FRESH)
    return added


def press(desk: Scene, attachment: Attachment, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Opens the file as a person does without a mouse."""
    desk.page.detail.story.focus_file(attachment.id)
    QTest.keyClick(QApplication.focusWidget() or desk.page, key)


def test_a_ticket_without_files_says_nothing_of_them(desk: Scene) -> None:
    desk.start()
    desk.open(FRESH)
    assert desk.page.detail.story.file_rows() == []
    assert "附件" not in desk.words()


@pytest.mark.req("REQ-EVD-01")
def test_each_file_stands_with_its_kind_size_time_and_who_added_it(desk_en: Scene) -> None:
    open_with(desk_en, ("leak.png", picture()), ("fault report.pdf", PDF), ("call.mp3", RECORDING))
    rows = [row.accessibleName() for row in desk_en.page.detail.story.file_rows()]
    assert rows[1] == "Open fault report.pdf, PDF document · 4 KB · 14 May 14:21 · Lin Xiaoyu 2047"
    assert rows[0].startswith("View leak.png, Photo · ") and rows[2].startswith("Open call.mp3, Recording · 1 KB")
    assert "3 files" in desk_en.words()
    assert "File attached: leak.png" in desk_en.page.detail.story.event_titles()


def test_all_words_of_the_files_change_with_the_language(desk: Scene) -> None:
    open_with(desk, ("漏水.png", picture()))
    (row,) = desk.page.detail.story.file_rows()
    assert row.accessibleName().startswith("查看 漏水.png，照片 · ") and "林晓雨 2047" in row.accessibleName()
    desk.bench.language.switch("en")
    (row,) = desk.page.detail.story.file_rows()
    assert row.accessibleName().startswith("View 漏水.png, Photo · ")


def test_tab_reaches_every_file_and_the_focus_survives_a_refresh(desk: Scene) -> None:
    first, second = open_with(desk, ("a.pdf", PDF), ("b.pdf", PDF + b"2"))
    story = desk.page.detail.story
    story.setFocus()
    seen = []
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget() or story, Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == story.file_rows()
    with desk.qtbot.waitSignal(desk.page.ticket_opened):
        desk.page.refresh()
    focused = QApplication.focusWidget()
    assert focused in story.file_rows() and focused is story.file_rows()[1]
    assert (first.id, second.id) == tuple(row.id() for row in story.file_rows())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_document_opens_in_the_computers_viewer_from_a_private_copy(desk: Scene, viewer: Viewer, key: Qt.Key) -> None:
    (one,) = open_with(desk, ("故障 报告.pdf", PDF))
    press(desk, one, key)
    desk.qtbot.waitUntil(lambda: bool(viewer.files))
    path, content = viewer.files[0]
    assert (path.name, content) == ("故障 报告.pdf", PDF)
    assert path.is_relative_to(desk.bench.data_folder / FOLDER)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "已在电脑的查看程序中打开" in desk.page.detail.head.said()


def test_a_file_that_calls_itself_a_program_is_handed_out_as_what_it_is(desk: Scene, viewer: Viewer) -> None:
    (one,) = open_with(desk, ("invoice.bat", PDF))
    press(desk, one)
    desk.qtbot.waitUntil(lambda: bool(viewer.files))
    assert viewer.files[0][0].name == "invoice.pdf"


def test_the_copies_go_when_the_desk_is_locked(desk: Scene, viewer: Viewer) -> None:
    (one,) = open_with(desk, ("a.pdf", PDF))
    press(desk, one)
    desk.qtbot.waitUntil(lambda: bool(viewer.files))
    desk.bench.session.actor = None
    desk.page.hide()
    desk.qtbot.waitUntil(lambda: not viewer.files[0][0].exists())


def test_a_photo_is_shown_over_the_desk_and_esc_goes_back_to_its_row(desk: Scene, viewer: Viewer) -> None:
    _, photo = open_with(desk, ("a.pdf", PDF), ("leak.png", picture()))
    press(desk, photo)
    preview = desk.page.papers.viewing.preview
    desk.qtbot.waitUntil(preview.isVisible)
    assert not preview.isWindow() and viewer.files == []
    assert desk.page.hints() == [(("Esc",), "关闭")]
    assert "林晓雨 2047" in preview._facts.text()
    assert preview.grab().toImage().pixelColor(preview.rect().center()) == QColor("#2f7d5b")
    QTest.keyClick(QApplication.focusWidget() or preview, Qt.Key.Key_Tab)
    assert preview.outside.hasFocus()
    QTest.keyClick(preview.outside, Qt.Key.Key_Escape)
    assert preview.isHidden()
    assert QApplication.focusWidget() is desk.page.detail.story.file_rows()[1]


def test_a_shown_photo_can_still_go_to_the_computers_viewer(desk: Scene, viewer: Viewer) -> None:
    (photo,) = open_with(desk, ("leak.jpeg", picture()))
    press(desk, photo)
    preview = desk.page.papers.viewing.preview
    desk.qtbot.waitUntil(preview.isVisible)
    preview.outside.click()
    desk.qtbot.waitUntil(lambda: bool(viewer.files))
    assert viewer.files[0][0].name == "leak.png"


def test_a_photo_that_cannot_be_shown_here_goes_to_the_computers_viewer(desk: Scene, viewer: Viewer) -> None:
    (photo,) = open_with(desk, ("IMG_1.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60))
    press(desk, photo)
    desk.qtbot.waitUntil(lambda: bool(viewer.files))
    assert viewer.files[0][0].name == "IMG_1.heic"
    assert desk.page.papers.viewing.preview.isHidden()


@pytest.mark.parametrize("how", ["search", "other", "lock"])
def test_a_photo_never_stays_over_another_ticket(desk: Scene, how: str) -> None:
    (photo,) = open_with(desk, ("leak.png", picture()))
    press(desk, photo)
    preview = desk.page.papers.viewing.preview
    desk.qtbot.waitUntil(preview.isVisible)
    if how == "search":
        desk.search(TOM)
    elif how == "other":
        desk.open(TOM)
    else:
        desk.bench.session.actor = None
        desk.page.hide()
    assert preview.isHidden()


def test_a_file_that_is_not_there_whole_is_said_and_the_desk_goes_on(desk: Scene) -> None:
    desk.start()
    desk.open(FRESH)
    desk.page.papers.viewing.open("no-such-file")
    desk.qtbot.waitUntil(lambda: "no-such-file" in desk.page.detail.head.said())
    desk.open(TOM)
    assert desk.page.detail.head.said() == ""


def test_a_phone_recording_is_named_by_its_number(desk_en: Scene) -> None:
    desk_en.start()
    ticket_id = desk_en.id_of(FRESH)
    ticket = desk_en.ticket(ticket_id)
    command = CancelTicket(
        ticket_id=ticket_id,
        reason=Reason.MISTAKE,
        channel=Channel.PHONE,
        identity=((IdentityKind.PHONE_LAST4, ticket.phone[-4:]), (IdentityKind.ORDER_NUMBER, ticket.order_number)),
        consent=Consent(Grade.PHONE, reference="REC-20260514-0031"),
    )
    cancel_ticket(desk_en.bench.desk, CLERK, command)
    desk_en.open(FRESH)
    assert "Phone recording REC-20260514-0031" in desk_en.words()
    assert "kept by the telephone system" in desk_en.words()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (b"\xff\xd8\xff\xe0abc", "jpg"),
        (b"GIF89a0000", "gif"),
        (b"RIFF0000WEBPVP8 ", "webp"),
        (b"RIFF0000WAVEfmt ", "wav"),
        (b"\x00\x00\x00\x18ftypM4A 0000", "m4a"),
        (b"OggS00", "ogg"),
        (b"\xff\xf1\x50", "aac"),
        (b"\xff\xfb\x90", "mp3"),
    ],
)
def test_whatever_is_taken_in_has_an_ending_of_its_kind(content: bytes, ending: str) -> None:
    assert kind_of(content[:HEAD_BYTES]) is not None
    assert ending_of(content) == ending


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size_words(size) for size in (1, 4096, 900_000, 3_500_000)] == ["1 KB", "4 KB", "879 KB", "3.3 MB"]


# --- the evidence pack -----------------------------------------------------------------------------------------


def with_export(desk: Scene, actor: Actor) -> Bench:
    """The bench of the program: it writes packs."""

    def save(who: Actor, number: str, path: Path) -> object:
        return save_evidence(desk.opened, who, number=number, path=path)

    desk.bench.session.actor = actor
    bench = replace(desk.bench, save_evidence=save)
    for part in (desk.page, desk.page.detail, desk.page.papers.proving):
        part._bench = bench
    return bench


def test_a_cancelled_ticket_offers_its_evidence_pack_and_writes_it(desk: Scene, tmp_path: Path) -> None:
    with_export(desk, SUPERVISOR)
    desk.start()
    desk.open(TOM)
    head = desk.page.detail.head
    assert head._evidence.isVisible()
    out = tmp_path / "证据.zip"
    desk.page.papers.proving._number = desk.ticket(desk.id_of(TOM)).number
    desk.page.papers.proving.save_to(str(out))
    desk.qtbot.waitUntil(lambda: "证据包已存为 证据.zip" in head.said(), timeout=20_000)
    with zipfile.ZipFile(out) as pack:
        assert {"manifest.json", "manifest.sig", "ticket.json"} <= set(pack.namelist())
    desk.qtbot.waitUntil(lambda: "导出了证据包" in desk.page.detail.story.event_titles())
    assert "证据.zip" in head.said()


def test_the_button_asks_where_without_stopping_the_window(desk: Scene) -> None:
    with_export(desk, SUPERVISOR)
    desk.start()
    desk.open(TOM)
    desk.page.detail.head._evidence.click()
    dialog = desk.page.papers.proving._dialog
    assert dialog is not None and dialog.isVisible()
    assert dialog.selectedFiles()[0].endswith(".zip")
    dialog.reject()


def test_a_clerk_whose_customer_goes_elsewhere_may_export_the_own_case(desk: Scene) -> None:
    with_export(desk, CLERK)
    desk.start()
    desk.open(TOM)
    assert not desk.page.detail.head._evidence.isVisible()
    command = CancelTicket(
        ticket_id=desk.id_of(FRESH),
        reason=Reason.OTHER_CHANNEL,
        consent=Consent(Grade.VERBAL),
        evidence=(("which", "12315"),),
    )
    cancel_ticket(desk.bench.desk, CLERK, command)
    desk.open(FRESH)
    assert desk.page.detail.head._evidence.isVisible()


@pytest.mark.parametrize(("actor", "order"), [(SUPERVISOR, FRESH), (TECHNICIAN, TOM)])
def test_there_is_no_pack_of_an_open_ticket_nor_for_who_has_no_right(desk: Scene, actor: Actor, order: str) -> None:
    with_export(desk, actor)
    desk.start()
    desk.open(order)
    assert not desk.page.detail.head._evidence.isVisible()


def test_a_pack_that_cannot_be_written_is_said_in_place(desk: Scene, tmp_path: Path) -> None:
    with_export(desk, SUPERVISOR)
    desk.start()
    desk.open(TOM)
    desk.page.papers.proving._number = desk.ticket(desk.id_of(TOM)).number
    desk.page.papers.proving.save_to(str(tmp_path / "gone" / "x.zip"))
    desk.qtbot.waitUntil(lambda: "无法写入" in desk.page.detail.head.said(), timeout=20_000)


def test_nothing_is_cut_off_in_the_smallest_window(desk_en: Scene) -> None:
    with_export(desk_en, SUPERVISOR)
    add(desk_en, TOM, "leak.png", picture())
    desk_en.page.resize(*SIZE_1366)
    desk_en.start()
    desk_en.open(TOM)
    head = desk_en.page.detail.head
    assert head._number.width() >= head._number.sizeHint().width()
