"""The signed slip inside its own PDF, so that a check can say which fact of the page was changed.

It is an attachment with the slip's canonical JSON. Strokes are personal and stay out; their hash stands for them, as in
the hash that the QR states.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from store_desk.domain.slip import SlipData
from store_desk.domain.slip_text import bare_hash, slip_from_json, slip_to_json, strokes_hash

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

NAME: Final = "slip.json"
# The name application/json, as a PDF has to write its slash; given ready, because ReportLab does not.
_KIND: Final = "/application#2Fjson"
# The longest slip that can be typed is a tenth of this.
SIZE_MAX: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AttachedSlip:
    """A slip without its strokes, and their hash."""

    data: SlipData
    strokes_digest: str

    @property
    def bare_hash(self) -> str:
        """What the slip's QR must state."""
        return bare_hash(self.data, strokes_digest=self.strokes_digest)


def attach(canvas: Canvas, data: SlipData) -> None:
    """Puts the slip into the PDF that is being drawn."""
    from reportlab.pdfbase import pdfdoc

    document = canvas._doc
    content = json.dumps(
        {"slip": slip_to_json(replace(data, strokes=())), "strokes_hash": strokes_hash(data.strokes)}, sort_keys=True
    )
    stream = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("EmbeddedFile"), "Subtype": _KIND}),
        content.encode("ascii"),
        filters=[pdfdoc.PDFZCompress],
    )
    specification = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(NAME),
            "UF": pdfdoc.PDFString(NAME),
            "AFRelationship": pdfdoc.PDFName("Source"),
            "EF": pdfdoc.PDFDictionary({"F": document.Reference(stream)}),
        }
    )
    files = pdfdoc.PDFArray([pdfdoc.PDFString(NAME), document.Reference(specification)])
    names = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": files})})
    document.Catalog.Names = names


def slip_in(content: bytes) -> AttachedSlip:
    """The slip of an attachment; raises ValueError when it is none."""
    if len(content) > SIZE_MAX:
        raise ValueError("too large")
    try:
        raw = json.loads(content)
        return AttachedSlip(slip_from_json(raw["slip"]), str(raw["strokes_hash"]))
    except (KeyError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError("not a slip") from error
