"""The walks of what proves something: files of a ticket, the customer's screen, checking a slip, trying devices."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from store_desk.domain.slip import Paper
from store_desk.domain.slip_text import slip_from_json
from store_desk.services.attachments import attach
from store_desk.services.look_up import find_tickets, open_ticket
from tests.pictures.hands import Hands
from tests.slips import proofs, samples

FILES: Final = ("01-desk-attachments", "01-desk-attachments-cancelled", "01-desk-attachment-shown")
CUSTOMER: Final = ("02-customer-screen", "02-customer-screen-done")
VERIFY: Final = (
    "14-verify",
    "14-verify-genuine",
    "14-verify-changed",
    "14-verify-unknown-desk",
    "14-verify-unreadable",
)
DEVICES: Final = ("10-settings-devices-tried",)
# A cancelled ticket of the scene, with a slip.
CANCELLED: Final = "哈登 3.1"
# An open one without any file.
PLAIN: Final = "SO-88421555"


def photo() -> bytes:
    """A photo of a wet floor before a machine, as far as a few strokes can show it."""
    image = QImage(1200, 900, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    floor = QLinearGradient(0, 0, 0, 900)
    floor.setColorAt(0, QColor("#cfd6da"))
    floor.setColorAt(1, QColor("#8c9aa3"))
    painter.fillRect(image.rect(), floor)
    painter.setPen(QPen(QColor("#5b6770"), 6))
    painter.setBrush(QColor("#f4f6f7"))
    painter.drawRoundedRect(QRectF(330, 90, 540, 600), 24, 24)
    painter.setBrush(QColor("#3d4a53"))
    painter.drawEllipse(QPointF(600, 420), 190, 190)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(70, 130, 180, 150))
    painter.drawEllipse(QRectF(180, 690, 840, 150))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 85)  # type: ignore[call-overload]  # PySide takes text only
    return bytes(buffer.data().data())


def files(hands: Hands, pins: dict[str, str]) -> None:
    """Files on an open and on a cancelled ticket, and a photo shown over the desk."""
    if not any(hands.wants(name) for name in FILES):
        return
    bench = hands.program.bench
    actor = bench.session.actor
    for text in (PLAIN, CANCELLED):
        ticket = find_tickets(bench.desk, actor, text=text).lines[0].ticket
        for name, content in (
            ("漏水照片 2026-05-12.jpg", photo()),
            ("fault report.pdf", b"%PDF-1.7\n" + b"x" * 183_000),
            ("顾客来电.mp3", b"ID3\x04" + bytes(1_400_000)),
        ):
            attach(bench.desk, actor, ticket_id=ticket.id, name=name, content=content)
    for text, name in ((PLAIN, FILES[0]), (CANCELLED, FILES[1])):
        hands.find(text)
        story = hands.window.desk.detail.story
        story.focus_file(story.file_rows()[0].id())
        hands.snap(name)
    hands.press(Qt.Key.Key_Return)
    hands.wait(hands.window.desk.papers.viewing.preview.isVisible, "the photo")
    hands.snap(FILES[2])
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F2)
    hands.window.top.search.clear()
    hands.settle()


def customer(hands: Hands, pins: dict[str, str], *, number: str) -> None:
    """The screen turned to the customer, signed, and after it."""
    if not any(hands.wants(name) for name in CUSTOMER):
        return
    hands.open_sheet(number)
    hands.write("6021")
    hands.settle()
    hands.press(Qt.Key.Key_F3)
    hands.write("1")
    hands.settle()
    hands.write(
        "清理门封圈异物后不再漏水" if hands.look.lang == "zh" else "Took a coin out of the door seal, no leak since"
    )
    hands.settle()
    screen = hands.turn_to_customer()
    hands.snap(CUSTOMER[0], of=screen)
    screen.turned = False
    screen.done.click()
    hands.snap(CUSTOMER[1], of=screen)
    screen.close()
    hands.settle()
    hands.leave_sheet()


def verify(hands: Hands, pins: dict[str, str]) -> None:
    """Checking a slip: nothing yet, genuine, a fact changed, of another desk, and no slip at all."""
    if not any(hands.wants(name) for name in VERIFY):
        return
    bench = hands.program.bench
    actor = bench.session.actor
    line = find_tickets(bench.desk, actor, text=CANCELLED).lines[0]
    row = open_ticket(bench.desk, actor, ticket_id=line.ticket.id).slips[0]
    # Nothing is saved within the program's own folder.
    saved = Path(f"{bench.data_folder}-saved")
    saved.mkdir()
    file = saved / f"{row.number}.pdf"
    bench.printer.submit(lambda: bench.printing.save_slip(row.number, paper=Paper.A5, path=file)).result()
    hands.window.go_verify()
    page = hands.window._verify
    hands.settle()
    hands.snap(VERIFY[0])
    page.check_file(file)
    hands.wait(lambda: page.shown() is not None, "the verdict")
    hands.snap(VERIFY[1])
    changed = saved / "changed.pdf"
    content = file.read_bytes()
    place = len(content) // 2
    changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    qr = slip_from_json(row.body).qr_text
    for name, what in ((VERIFY[2], changed), (VERIFY[3], proofs.sealed(samples.usual()).qr_text), (VERIFY[4], qr[:40])):
        page._shown = None
        if isinstance(what, Path):
            page.check_file(what)
        else:
            page.text.setPlainText(what)
            page.check_text()
        hands.wait(lambda: page.shown() is not None, "the verdict")
        hands.snap(name)
    hands.press(Qt.Key.Key_Escape)
    hands.settle()


def devices(hands: Hands, pins: dict[str, str]) -> None:
    """The devices after a scan and a signature were tried."""
    if not any(hands.wants(name) for name in DEVICES):
        return
    hands.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    hands.settle()
    page = hands.window._settings
    page.show_section("devices")
    hands.settle()
    page.section.scanner.field.setFocus()
    hands.write("XH226000005Q")
    hands.press(Qt.Key.Key_Return)
    page.section.pad.button.setFocus()
    hands.press(Qt.Key.Key_Space)
    # A key is held back for as long as it may be the beginning of a scan.
    hands.wait(page.section.pad.pad.isVisible, "the pad to try")
    hands.settle()
    hands.sign_on(page.section.pad.pad)
    hands.snap(DEVICES[0])
    hands.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    hands.settle()
