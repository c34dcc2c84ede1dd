"""The paper's QR, photographed and scanned as people do: crooked, folded, badly lit, at an angle, as a poor JPEG."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from store_desk.domain.proof import Outcome
from store_desk.domain.slip import Copy, Paper
from store_desk.slips.qr import DOT, DOTS_MIN, roll_side, sheet_side
from store_desk.slips.render import render_slip
from store_desk.slips.verify import verify_bytes
from tests.slips import proofs, samples

DATA = proofs.sealed(samples.usual())
THIRTY_MM = 30 * 72 / 25.4


def paper(kind: Paper, *, dpi: int = 203) -> Image.Image:
    """A print of the slip."""
    import pypdfium2

    pdf = render_slip(DATA, paper=kind, copies=(Copy.CUSTOMER,))
    return pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_pil()


def is_read(picture: Image.Image, *, quality: int = 60) -> bool:
    """Whether a JPEG of the picture is found genuine."""
    out = io.BytesIO()
    picture.convert("L").save(out, "JPEG", quality=quality)
    return verify_bytes(out.getvalue(), proofs.trust()).outcome is Outcome.GENUINE


@pytest.mark.parametrize("kind", Paper)
def test_a_scan_at_the_resolution_of_a_thermal_head_is_genuine(kind: Paper) -> None:
    assert is_read(paper(kind))


@pytest.mark.parametrize("kind", [Paper.MM58, Paper.MM80])
def test_what_a_thermal_head_burns_in_black_and_white_dots_is_genuine(kind: Paper) -> None:
    assert is_read(paper(kind).point(lambda grey: 255 if grey > 127 else 0))


def test_the_code_is_thirty_millimetres_and_its_modules_three_dots_on_every_paper() -> None:
    for side in (sheet_side(DATA.qr_text, least=THIRTY_MM), roll_side(DATA.qr_text, least=THIRTY_MM)):
        assert side >= THIRTY_MM - 1e-6
        assert side / 65 >= DOTS_MIN * DOT


@pytest.mark.parametrize("degrees", [1, 3, 7, 12, 20, -17, 90, 180])
def test_a_crooked_scan_is_genuine(degrees: int) -> None:
    assert is_read(paper(Paper.A5).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255))


@pytest.mark.parametrize("grey", [0, 150, 255])
@pytest.mark.parametrize("width", [2, 5])
@pytest.mark.parametrize("folds", ["in four", "across", "along"])
def test_folds_through_the_code_do_not_hide_it(grey: int, folds: str, width: int) -> None:
    picture = paper(Paper.A5)
    # The code stands at the lower left of the sheet; five dots are more than half a millimetre.
    x, y = (11 + 15) * 203 / 25.4, picture.height * 0.79
    draw = ImageDraw.Draw(picture)
    if folds != "along":
        draw.line((0, y - 40, picture.width, y + 60), fill=grey, width=width)
    if folds != "across":
        draw.line((x, 0, x + 12, picture.height), fill=grey, width=width)
    assert is_read(picture)


@pytest.mark.parametrize("corner", [0, 1])
def test_light_from_one_side_does_not_hide_it(corner: int) -> None:
    picture = paper(Paper.A5)
    light = Image.linear_gradient("L").resize(picture.size)
    light = light.rotate(90 * corner).resize(picture.size).point(lambda value: 40 + value * 0.8)
    dim = Image.composite(picture.point(lambda grey: 20 + grey * 0.9), Image.new("L", picture.size, 12), light)
    assert is_read(dim)


@pytest.mark.parametrize("slant", [0.06, 0.12, 0.18])
def test_a_photograph_from_an_angle_is_genuine(slant: float) -> None:
    picture = paper(Paper.A5, dpi=260)
    wide, high = picture.size
    into = (-wide * slant, -high * 0.02, wide * 0.03, high * 1.02, wide * 0.98, high, wide * (1 + slant), 0)
    assert is_read(picture.transform(picture.size, Image.Transform.QUAD, into, Image.Resampling.BICUBIC, fillcolor=190))


def test_a_photograph_out_of_focus_with_grain_on_a_dark_table_is_genuine() -> None:
    grain = random.Random(7)
    sheet = paper(Paper.MM80, dpi=260).rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=60)
    table = Image.new("L", (sheet.width + 500, sheet.height + 400), 60)
    table.paste(sheet, (220, 180))
    noise = Image.frombytes("L", table.size, bytes(grain.choices(range(104, 152), k=table.width * table.height)))
    soft = table.filter(ImageFilter.GaussianBlur(1.3))
    assert is_read(Image.blend(soft, noise, 0.25))


def test_a_wiped_or_half_torn_code_is_unreadable_and_not_guessed() -> None:
    picture = paper(Paper.A5)
    ImageDraw.Draw(picture).rectangle((0, picture.height * 0.72, 200, picture.height), fill=255)
    out = io.BytesIO()
    picture.save(out, "PNG")
    verdict = verify_bytes(out.getvalue(), proofs.trust())
    assert (verdict.outcome, verdict.why) == (Outcome.UNREADABLE, "no qr")
