"""QR codes read from pictures: scans and photographs of the paper, crooked, folded and badly lit as they come."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from store_desk.domain.proof import PREFIX

if TYPE_CHECKING:
    from PIL.Image import Image
    from zxingcpp import Binarizer

FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
# An A4 sheet scanned at 600 dpi has 35 million; a telephone's largest photograph 200, which is shrunk while it is read.
PIXELS_MAX: Final = 64_000_000
# Above this only the picture as it is and a smaller one are looked at: mending all of it takes too long.
_MENDED_PIXELS_MAX: Final = 24_000_000
# A QR of 77 modules still has eight pixels a module when it fills a third of this.
_LONG_SIDE: Final = 2_400


class PictureUnreadable(ValueError):
    """The picture is damaged, of another kind or too large."""


def qr_texts_of_picture(content: bytes) -> tuple[str, ...]:
    """The texts of all proofs in a picture file; raises PictureUnreadable."""
    return tuple(dict.fromkeys(qr_texts(open_picture(content))))


def open_picture(content: bytes) -> Image:
    """The picture in grey, turned as its camera says; raises PictureUnreadable."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            picture.draft("L", (_LONG_SIDE * 2, _LONG_SIDE * 2))
            if picture.width * picture.height > PIXELS_MAX:
                raise PictureUnreadable("too many pixels")
            turned = ImageOps.exif_transpose(picture)
            if turned.mode in ("RGBA", "LA", "PA", "P"):
                clear = turned.convert("RGBA")
                turned = Image.new("L", clear.size, 255)
                turned.paste(clear.convert("L"), mask=clear.getchannel("A"))
            return turned.convert("L")
    except UnidentifiedImageError as error:
        raise PictureUnreadable("no picture") from error
    except PictureUnreadable:
        raise
    # Pillow's readers raise these, and struct.error and zlib's (both no subclass of theirs), for damaged files.
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError, MemoryError) as error:
        raise PictureUnreadable("damaged") from error
    except Image.DecompressionBombError as error:
        raise PictureUnreadable("too many pixels") from error


def qr_texts(picture: Image, *, mend: bool = True) -> tuple[str, ...]:
    """The texts of all proofs in a grey picture, one for each code; the plain looks first, then mended ones."""
    import zxingcpp

    only = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    for look, binarizer in _looks(picture, mend=mend):
        codes = zxingcpp.read_barcodes(look, formats=only, binarizer=binarizer)
        found = tuple(code.text for code in codes if code.text.startswith(PREFIX))
        if found:
            return found
    return ()


def _looks(picture: Image, *, mend: bool) -> Iterator[tuple[Image, Binarizer]]:
    """The picture as it is, evenly lit, softened against a screen's or printer's grain, and smaller."""
    import zxingcpp
    from PIL import Image, ImageChops, ImageFilter, ImageOps

    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield picture, local
    yield picture, whole
    if not mend:
        return
    long = max(picture.size)
    sizes = [picture] if picture.width * picture.height <= _MENDED_PIXELS_MAX else []
    if long > _LONG_SIDE:
        sizes.append(ImageOps.contain(picture, (_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS))
    if long < _LONG_SIDE:
        sizes.append(picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS))
    for one in sizes:
        # Light falls off slowly, modules change fast: what is left beside a strong blur is evenly lit.
        light = one.filter(ImageFilter.BoxBlur(max(one.size) / 24))
        even = ImageOps.autocontrast(ImageChops.subtract(one, light, scale=1.0, offset=128), cutoff=1)
        yield one, local
        yield one, whole
        yield even, whole
        # Where a fold has broken the ink or dirtied the paper, its neighbours grow over it.
        for grown in (one.filter(ImageFilter.MinFilter(3)), one.filter(ImageFilter.MaxFilter(3))):
            yield grown, local
            yield grown, whole
        yield even.filter(ImageFilter.GaussianBlur(1.2)), whole
        yield one.filter(ImageFilter.MedianFilter(3)), local
        yield one.filter(ImageFilter.UnsharpMask(3, 180, 2)), local
