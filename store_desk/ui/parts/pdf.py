"""Shows a PDF as it will print: the very bytes, rendered off the GUI thread, on a sheet with a soft shadow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from store_desk.ui.look.theme import THEME
from store_desk.ui.parts.painting import frame

PAGES_SHOWN_MAX = 6


@cache
def _renderer() -> ThreadPoolExecutor:
    # One thread for all previews: QtPdf is not safe to use from several at once.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")


def render_pages(pdf: bytes, width: int, ratio: float, pages_max: int) -> list[QImage]:
    """The first pages as pictures of `width` logical pixels on white; an unreadable file gives none."""
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument(None)
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
    return pictures


class PdfView(QWidget):
    """The first page (or pages) of a PDF, fitted; keeps the last picture until the next one is there.

    Signals: shown() when a new picture is on the screen.
    """

    shown = Signal()
    _ready = Signal(int, object)

    def __init__(self, *, margin: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margin = margin
        self._pdf = b""
        self._asked = 0
        self._aspect = 1.414
        self._pictures: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)

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
        room_w, room_h = self.width() - 2 * self._margin, self.height() - 2 * self._margin
        # A receipt is long: it is shown at a readable width and cut at the bottom rather than shrunk to a thread.
        fitted = room_h / max(0.2, self._aspect)
        return max(80, round(min(room_w, fitted if self._aspect < 1.8 else max(fitted, room_w * 0.62))))

    def _render(self) -> None:
        if not self._pdf or self.width() < 60:
            return
        self._asked += 1
        asked, pdf, width, ratio = self._asked, self._pdf, self._sheet_width(), self.devicePixelRatioF()

        def work() -> None:
            pictures = render_pages(pdf, width, ratio, 1)
            try:
                self._ready.emit(asked, pictures)
            except RuntimeError:
                return

        _renderer().submit(work)

    @Slot(int, object)
    def _on_ready(self, asked: int, pictures: list[QImage]) -> None:
        if asked != self._asked or not pictures:
            return
        first = pictures[0]
        aspect = first.height() / max(1, first.width())
        changed = abs(aspect - self._aspect) > 0.01
        self._aspect = aspect
        self._pictures = pictures
        self.update()
        if changed and abs(self._sheet_width() - first.width() / first.devicePixelRatio()) > 1:
            self._render()
            return
        self.shown.emit()

    def resizeEvent(self, event: object) -> None:
        self._render()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._pictures:
            return
        picture = self._pictures[0]
        width = picture.width() / picture.devicePixelRatio()
        height = picture.height() / picture.devicePixelRatio()
        x = (self.width() - width) / 2
        y = max(float(self._margin), (self.height() - height) / 2)
        sheet = QRectF(x, y, width, height)
        for spread, alpha in ((8, 8), (5, 12), (2, 20)):
            shadow = QColor(0, 0, 0, alpha)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shadow)
            painter.drawRoundedRect(sheet.adjusted(-spread, -spread + 3, spread, spread + 3), 4, 4)
        painter.drawImage(sheet, picture)
        if THEME.is_dark:
            frame(painter, sheet, 0, line="line_strong")
