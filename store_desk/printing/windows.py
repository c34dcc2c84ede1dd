"""Windows printers: listed from the registry, printed through Qt at the printer's own resolution.

Windows gives no job number back through Qt, so the receipt means that the spooler took every page.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from store_desk.domain.slip import Paper
from store_desk.printing.model import PrinterInfo, PrinterStatus, PrintReceipt, unavailable

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_DEVICES = r"Software\Microsoft\Windows NT\CurrentVersion\Devices"
_DEFAULT = r"Software\Microsoft\Windows NT\CurrentVersion\Windows"
# Enough for a barcode of two dots a module on any office printer; more only makes the job large.
_DPI = 300
_MM_PER_POINT = 25.4 / 72


def list_windows_printers() -> list[PrinterInfo]:
    """The user's printers, the default one first, read without Qt; empty on other systems."""
    if sys.platform != "win32":
        return []
    import winreg

    names = []
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _DEVICES) as key:
            names = [winreg.EnumValue(key, place)[0] for place in range(winreg.QueryInfoKey(key)[1])]
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _DEFAULT) as key:
            default = str(winreg.QueryValueEx(key, "Device")[0]).split(",")[0]
    except OSError:
        default = ""
    found = [PrinterInfo(f"system:{name}", name, is_default=name == default) for name in names]
    return sorted(found, key=lambda printer: (not printer.is_default, printer.name))


def windows_status(name: str) -> PrinterStatus:
    """Whether Windows knows the printer and has not stopped it."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        return PrinterStatus(False, ("unreachable",))
    if info.state() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
        return PrinterStatus(False, ("stopped",))
    return PrinterStatus(True)


def print_on_windows(pdf: bytes, *, printer: str, title: str, paper: Paper, copies: int) -> PrintReceipt:
    """Draws every page on the printer; raises PrinterUnavailable where it is gone, lacks the paper or fails."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info = QPrinterInfo.printerInfo(printer)
    if info.isNull():
        raise unavailable(printer, "unreachable")
    wanted = {Paper.A5: "A5", Paper.A4: "A4"}.get(paper)
    names = {size.key() for size in info.supportedPageSizes()}
    # setPageSize() says yes to sizes that the printer lacks, so the list is asked.
    if wanted is not None and names and wanted not in names:
        raise unavailable(printer, "media_unsupported", said=wanted)
    device = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    device.setDocName(title)
    device.setCopyCount(copies)
    device.setDuplex(QPrinter.DuplexMode.DuplexNone)
    paint_pages(pdf, device)
    if device.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
        raise unavailable(printer, "aborted")
    return PrintReceipt("system:" + printer)


def paint_pages(pdf: bytes, device: QPrinter) -> None:
    """Draws each page of the PDF on a page of its own size; raises PrinterUnavailable where the device refuses."""
    import pypdfium2
    from PySide6.QtCore import QMarginsF, QRectF, QSizeF
    from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

    device.setResolution(_DPI)
    device.setFullPage(True)
    document = pypdfium2.PdfDocument(pdf)
    painter = QPainter()
    try:
        for number in range(len(document)):
            page: Any = document[number]
            width, height = page.get_size()
            size = QPageSize(QSizeF(width * _MM_PER_POINT, height * _MM_PER_POINT), QPageSize.Unit.Millimeter)
            layout = QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
            device.setPageLayout(layout)
            if not (painter.begin(device) if number == 0 else device.newPage()):
                raise unavailable(device.printerName(), "refused")
            # Grey on a white ground: transparent pages would come out black on some drivers.
            picture = page.render(scale=_DPI / 72, grayscale=True, fill_color=(255, 255, 255, 255))
            image = QImage(
                bytes(picture.buffer), picture.width, picture.height, picture.stride, QImage.Format.Format_Grayscale8
            )
            painter.drawImage(QRectF(0, 0, width / 72 * _DPI, height / 72 * _DPI), image)
    finally:
        painter.end()
        document.close()
