"""What a slip's PDF shows and carries: the words of its pages, its QR codes as they are drawn, and its attachment."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from store_desk.slips.attached import NAME, SIZE_MAX
from store_desk.slips.read_picture import qr_texts

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# The longest slip takes four pages a copy.
PAGES_MAX: Final = 40
# A roll of two metres; what is larger is no slip and would take the memory of a picture of it.
POINTS_MAX: Final = 6_000
_SCALE: Final = 200 / 72
_PIXELS_MAX: Final = 24_000_000


class PdfUnreadable(ValueError):
    """The file is no PDF that can be read: damaged, locked, or no slip."""


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """The pages' words without white space, the proofs that their QR codes state, and the attached slip if any."""

    texts: tuple[str, ...]
    proofs: tuple[str, ...]
    codes: int
    attachment: bytes | None
    width: float
    height: float


def read_pdf(content: bytes) -> ReadPdf:
    """Reads a slip's PDF; raises PdfUnreadable. Not safe on two threads at once, as PDFium is."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PdfUnreadable("no pdf") from error
    try:
        return _read(document)
    except pypdfium2.PdfiumError as error:
        raise PdfUnreadable("damaged") from error
    finally:
        document.close()


def _read(document: PdfDocument) -> ReadPdf:
    if not 0 < len(document) <= PAGES_MAX:
        raise PdfUnreadable("no slip")
    texts: list[str] = []
    found: list[str] = []
    width = height = 0.0
    for number in range(len(document)):
        page = document[number]
        if max(page.get_size()) > POINTS_MAX:
            raise PdfUnreadable("no slip")
        if not number:
            width, height = page.get_size()
        texts.append(_words(page))
        found += _codes(page)
    return ReadPdf(
        tuple(texts), tuple(dict.fromkeys(found)), len(found), _attachment(document), float(width), float(height)
    )


def _words(page: Any) -> str:
    """The words of the page as they were drawn one after the other, without white space."""
    import pypdfium2.raw as raw

    # Read object by object: PDFium's own order of a page goes by rows, across columns.
    text = page.get_textpage()
    parts = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        size = raw.FPDFTextObj_GetText(thing.raw, text.raw, None, 0)
        buffer = (ctypes.c_ushort * (size // 2 + 1))()
        raw.FPDFTextObj_GetText(thing.raw, text.raw, buffer, size)
        parts.append(bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace"))
    # A hyphen at the end of a line is given as a mark of its own.
    return "".join("".join(parts).replace("\x02", "-").replace("\ufffe", "-").split())


def _codes(page: Any) -> tuple[str, ...]:
    width, height = page.get_size()
    scale = min(_SCALE, (_PIXELS_MAX / max(width * height, 1.0)) ** 0.5)
    return qr_texts(page.render(scale=scale, grayscale=True).to_pil(), mend=False)


def _attachment(document: PdfDocument) -> bytes | None:
    import pypdfium2

    for index in range(min(document.count_attachments(), 8)):
        attachment = document.get_attachment(index)
        try:
            if attachment.get_name() == NAME:
                content = bytes(attachment.get_data())
                return content if len(content) <= SIZE_MAX else None
        except pypdfium2.PdfiumError:
            continue
    return None
