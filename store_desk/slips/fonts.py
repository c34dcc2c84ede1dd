"""The faces of a slip, opened once per process, and for each character the first face that has it.

The order is: the GB2312 cut of Noto (quick to open), the whole of Noto, HanaMin for rare characters. The larger files
are opened only when a character asks for them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from store_desk.resources import resource

# What is printed for a character that no face has; its code point is listed at the end of the slip.
GETA = "〓"
REGULAR = "SlipRegular"
BOLD = "SlipBold"
# A CMap may hold at most this many mappings in one block (Adobe Technical Note 5014, "bfchar").
_CMAP_BLOCK = 100

_opening = threading.RLock()


def _to_unicode(font_name: str, subset: list[int]) -> str:
    """The CMap that says which character each code of a subset stands for, in UTF-16."""
    # WORKAROUND for ReportLab's makeToUnicodeCMap: it writes a character above U+FFFF as five hex digits, so 𠮷 is
    # copied and searched as another character, and it puts all mappings into one block, which the CMap format forbids.
    pairs = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [pairs[start : start + _CMAP_BLOCK] for start in range(0, len(pairs), _CMAP_BLOCK)]
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def\n"
        f"/CMapName /{font_name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n"
    )
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return head + body + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


def _utf16(point: int) -> str:
    return f"{point:04X}" if point <= 0xFFFF else chr(point).encode("utf-16-be").hex().upper()


@dataclass(slots=True)
class Face:
    """One registered font: its name in ReportLab and the advance of each character, in ems."""

    name: str
    widths: dict[int, float]


@dataclass(slots=True)
class Weight:
    """One weight with its fallbacks and what has been looked up in it: character -> (font name, advance in ems)."""

    sources: list[tuple[str, Path]]
    faces: list[Face] = field(default_factory=list)
    known: dict[str, tuple[str, float] | None] = field(default_factory=dict)

    def find(self, char: str) -> tuple[str, float] | None:
        """The font that has the character and its advance in ems, or None when no font has it."""
        try:
            return self.known[char]
        except KeyError:
            with _opening:
                found = self.known[char] = self._search(ord(char))
            return found

    def _search(self, point: int) -> tuple[str, float] | None:
        for index in range(len(self.sources)):
            if index == len(self.faces):
                self.faces.append(_open(*self.sources[index]))
            face = self.faces[index]
            width = face.widths.get(point)
            if width is not None:
                return face.name, width
        return None


@cache
def _open(name: str, path: Path) -> Face:
    if name not in pdfmetrics.getRegisteredFontNames():
        # Without the readable ASCII block only the glyphs that are used get embedded.
        font = ttfonts.TTFont(name, str(path), asciiReadable=False, shapable=False)
        # ReportLab takes two fonts of one inner name for the same font, and the cut and the whole share theirs.
        font.face.name = f"Slip-{path.stem}".encode()
        pdfmetrics.registerFont(font)
    face = pdfmetrics.getFont(name).face
    return Face(name, {point: face.charWidths[point] / 1000 for point in face.charToGlyph if point in face.charWidths})


_weights: dict[bool, Weight] = {}


def weight(*, bold: bool) -> Weight:
    """The regular or the bold weight; opens the small font files at the first call."""
    if not _weights:
        with _opening:
            if not _weights:
                _weights.update(_load())
    return _weights[bold]


def _load() -> dict[bool, Weight]:
    ttfonts.makeToUnicodeCMap = _to_unicode
    # Base-85 would make every stream a quarter longer, and writing it takes a fifth of the time of a slip.
    rl_config.useA85 = 0
    rare = [(path.stem, path) for path in sorted(resource("fonts").glob("HanaMin-rare*.ttf"))]
    loaded = {}
    for bold, name, style in ((False, REGULAR, "Regular"), (True, BOLD, "Bold")):
        sources = [
            (name, resource("fonts", "slip", f"NotoSansSC-{style}-GB2312.ttf")),
            (f"{name}Full", resource("fonts", f"NotoSansSC-{style}.ttf")),
            *rare,
        ]
        loaded[bold] = Weight(sources)
        loaded[bold].find(GETA)
    return loaded
