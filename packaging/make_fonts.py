"""Makes the font files under resources/fonts from the families' full releases.

Usage: python packaging/make_fonts.py NOTO_FOLDER INTER_FOLDER INTER_UI_FOLDER HANAZONO_FOLDER OUT_FOLDER

The folders are unpacked releases: Noto Sans SC (static TrueType, one folder a weight), Inter (the same), Inter UI (for
Inter Display), Hanazono Mincho (A and B). Needs fontTools with brotli.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# Everything GB 2312 holds, plus what a screen and a slip need beside it.
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2040),
    0x20AC,
    0x2030,
    0x2032,
    0x2033,
]
SIGNS = [*range(0x2190, 0x219A), 0x21B5, 0x23CE, 0x2318, 0x232B, 0x25CB, 0x25CF, 0x2713, 0x2717, 0x2026, 0x00B7, 0x30FB]
CJK_SIGNS = [*range(0x3000, 0x3030), *range(0xFF01, 0xFFEF), 0x3013]

CUT_FAMILY, WHOLE_FAMILY = "Noto Sans SC", "Noto Sans SC Whole"
FAMILY_ID, FULL_NAME_ID, TYPOGRAPHIC_FAMILY_ID = 1, 4, 16


def gb2312() -> set[int]:
    """The code points of GB 2312, levels 1 and 2 and its signs."""
    found: set[int] = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def cut(source: Path, target: Path, wanted: set[int], *, features: tuple[str, ...] = ()) -> None:
    """Writes the part of a font that holds the wanted characters; its names stay as they are."""
    options = subset.Options()
    options.layout_features = list(features)
    options.name_IDs = ["*"]
    options.hinting = False
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    font.flavor = None
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(str(target))
    print(f"{target}: {len(font.getBestCmap())} characters, {target.stat().st_size // 1024} KiB")


def whole(source: Path, target: Path) -> None:
    """Writes the whole font under a family name of its own.

    A window falls back by family: were the cut and the whole one family, a character outside GB 2312 would be looked
    for in the cut of that weight only.
    """
    font = TTFont(source)
    for record in font["name"].names:
        if record.nameID in (FAMILY_ID, FULL_NAME_ID, TYPOGRAPHIC_FAMILY_ID):
            record.string = str(record).replace(CUT_FAMILY, WHOLE_FAMILY)
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(str(target))
    print(f"{target}: whole, {target.stat().st_size // 1024} KiB")


def main() -> None:
    """Cuts every file."""
    noto, inter, inter_ui, hanazono, out = map(Path, sys.argv[1:6])
    wanted = gb2312() | set(LATIN) | set(SIGNS) | set(CJK_SIGNS)
    full = {weight: next((noto / weight).glob("*.ttf")) for weight in ("400Regular", "500Medium", "700Bold")}
    for weight, name in (("400Regular", "Regular"), ("700Bold", "Bold")):
        whole(full[weight], out / f"NotoSansSC-{name}.ttf")
        cut(full[weight], out / "slip" / f"NotoSansSC-{name}-GB2312.ttf", wanted)
    # The window takes its regular and bold Chinese from the slip's cuts; only its middle weight is its own.
    cut(full["500Medium"], out / "ui" / "NotoSansSC-Medium.ttf", wanted)
    latin = set(LATIN) | set(SIGNS)
    for weight, name in (("400Regular", "Regular"), ("500Medium", "Medium"), ("600SemiBold", "SemiBold")):
        cut(
            next((inter / weight).glob("*.ttf")),
            out / "ui" / f"Inter-{name}.ttf",
            latin,
            features=("kern", "tnum", "calt"),
        )
    display = inter_ui / "display" / "InterDisplay-SemiBold.woff2"
    cut(display, out / "ui" / "InterDisplay-SemiBold.ttf", latin, features=("kern", "tnum", "calt"))
    covered = set(TTFont(full["400Regular"]).getBestCmap())
    for part in ("A", "B"):
        source = hanazono / f"HanaMin{part}.ttf"
        lacking = {c for c in TTFont(source).getBestCmap() if c >= 0x3400} - covered
        cut(source, out / f"HanaMin-rare-{part}.ttf", lacking)


if __name__ == "__main__":
    main()
