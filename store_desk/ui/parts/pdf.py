"""Shows a PDF as it will print: the very bytes, rendered off the GUI thread, on sheets with a soft shadow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.painting import frame
from store_desk.ui.tasks import on_gui_thread

PAGES_SHOWN_MAX = 6
PAGE_GAP = 14
# What of a second page shows below the first, so that one knows to scroll.
PEEK = 56
# A receipt: longer than this it is shown at a readable width and cut at the bottom, not shrunk to a thread.
LONG_ASPECT = 1.8
LONG_SHARE = 0.62
SHEET_MIN = 80
# While the window is being pulled, the old pictures are stretched; new ones are made when it rests.
REST_MS = 60


@cache
def _renderer() -> ThreadPoolExecutor:
    # One thread for all previews: QtPdf is not safe to use from several at once.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")


_numbers = count(1)


def render_pages(pdf: bytes, width: int, ratio: float, pages_max: int) -> list[QImage]:
    """The first pages as pictures of `width` logical pixels on white; an unreadable file gives none."""
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    pictures: list[QImage] = []
    for page in range(min(document.pageCount(), pages_max)):
        size = document.pagePointSize(page)
        height = round(width * size.height() / max(1.0, size.width()))
        rendered = document.render(page, QSize(round(width * ratio), round(height * ratio)))
        # QtPdf leaves the paper transparent; a slip is on white.
        picture = QImage(rendered.size(), QImage.Format.Format_RGB32)
        picture.fill(QColor("#FFFFFF"))
        painter = QPainter(picture)
        painter.drawImage(0, 0, rendered)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        pictures.append(picture)
    document.close()
    buffer.close()
    return pictures


class PdfView(QWidget):
    """The pages of a PDF, fitted; keeps the last pictures until the next ones are there.

    Signals: shown() when new pictures are on the screen. A file that cannot be read changes nothing.
    """

    shown = Signal()
    accessible_role = QAccessible.Role.Document

    def __init__(self, *, margin: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margin = margin
        self._pdf = b""
        self._asked = 0
        self._asked_width = 0
        self._aspect = 1.414
        self._pages = 1
        # How far the pages are scrolled, and how far they can be.
        self._offset = 0.0
        self._overhang = 0.0
        self._pictures: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._render)
        self._rendered = on_gui_thread(self._on_rendered)

    def sizeHint(self) -> QSize:
        return QSize(320, 440)

    def set_pdf(self, pdf: bytes) -> None:
        """Shows other bytes as soon as they are rendered."""
        self._pdf = pdf
        self._render()

    def pdf(self) -> bytes:
        """The bytes that are shown or about to be."""
        return self._pdf

    def _sheet_width(self) -> int:
        """How wide a sheet is: the first page can be read whole, and of a second one the top shows below it."""
        room_w, room_h = self.width() - 2 * self._margin, self.height() - 2 * self._margin
        if self._aspect >= LONG_ASPECT:
            return max(SHEET_MIN, round(min(room_w, max(room_h / self._aspect, room_w * LONG_SHARE))))
        if self._pages > 1:
            room_h -= PEEK
        return max(SHEET_MIN, round(min(room_w, room_h / max(0.2, self._aspect))))

    def _sheets(self) -> list[QRectF]:
        width = self._sheet_width()
        height = width * self._aspect
        whole = self._pages * height + (self._pages - 1) * PAGE_GAP
        self._overhang = max(0.0, whole + 2 * self._margin - self.height())
        self._offset = min(self._offset, self._overhang)
        left = round((self.width() - width) / 2)
        top = max(float(self._margin), (self.height() - whole) / 2) - self._offset
        return [QRectF(left, round(top + page * (height + PAGE_GAP)), width, height) for page in range(self._pages)]

    def wheelEvent(self, event: QWheelEvent) -> None:
        before = self._offset
        self._offset = min(self._overhang, max(0.0, self._offset - event.angleDelta().y() / 2))
        if self._offset != before:
            self.update()
        event.setAccepted(self._overhang > 0)

    def _render(self) -> None:
        if not self._pdf or self.width() < SHEET_MIN:
            return
        asked = next(_numbers)
        self._asked = asked
        pdf, width, ratio = self._pdf, self._sheet_width(), self.devicePixelRatioF()
        self._asked_width = width
        rendered = self._rendered
        _renderer().submit(lambda: rendered(asked, render_pages(pdf, width, ratio, PAGES_SHOWN_MAX)))

    def _on_rendered(self, asked: int, pictures: list[QImage]) -> None:
        if asked != self._asked or not pictures:
            return
        first = pictures[0]
        self._aspect = first.height() / max(1, first.width())
        self._pages = len(pictures)
        self._pictures = pictures
        self.update()
        if abs(self._sheet_width() - self._asked_width) > 1:
            # The pages turned out of another shape than was thought.
            self._render()
            return
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pictures:
            self._rest.start()
        else:
            self._render()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._pictures:
            return
        for sheet, picture in zip(self._sheets(), self._pictures, strict=False):
            painter.setPen(Qt.PenStyle.NoPen)
            for spread, alpha in ((8, 8), (5, 12), (2, 20)):
                painter.setBrush(QColor(0, 0, 0, alpha))
                painter.drawRoundedRect(sheet.adjusted(-spread, -spread + 3, spread, spread + 3), 4, 4)
            painter.drawImage(sheet, picture)
            if THEME.is_dark:
                frame(painter, sheet, 0, line="line_strong")
