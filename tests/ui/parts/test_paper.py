"""The signature pad, the PDF preview, the sliding sheet and the gallery of all parts."""

from __future__ import annotations

import io
import time

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from pytestqt.qtbot import QtBot
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from store_desk.ui.parts.pdf import PdfView
from store_desk.ui.parts.signature import SignaturePad
from tests.ui.parts.gallery import boards

LEFT = Qt.MouseButton.LeftButton
MANY = 5_000


def _pad(qtbot: QtBot) -> SignaturePad:
    pad = SignaturePad(hint="Customer signs here")
    qtbot.addWidget(pad)
    pad.resize(400, 136)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def _stroke(qtbot: QtBot, pad: SignaturePad, *places: tuple[int, int]) -> None:
    qtbot.mousePress(pad, LEFT, pos=QPoint(*places[0]))
    for place in places[1:]:
        qtbot.mouseMove(pad, QPoint(*place))
    qtbot.mouseRelease(pad, LEFT, pos=QPoint(*places[-1]))


def _ink(pad: SignaturePad) -> int:
    image = pad.grab().toImage()
    return sum(
        image.pixelColor(x, y).blue() > image.pixelColor(x, y).red() + 50
        for x in range(20, image.width() - 20, 2)
        for y in range(10, image.height() - 10)
    )


def test_strokes_by_mouse_are_kept_as_points_and_painted(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    told: list[None] = []
    pad.changed.connect(lambda: told.append(None))
    _stroke(qtbot, pad, (50, 40), (120, 80), (200, 30))
    _stroke(qtbot, pad, (220, 40), (260, 80))
    assert [len(stroke) for stroke in pad.strokes()] == [3, 2]
    assert len(told) == 2
    x, y, pressure, since = pad.strokes()[0][0]
    assert (round(x * 400), round(y * 400)) == (50, 40)
    assert 0 < pressure <= 1
    assert since >= 0
    assert _ink(pad) > 50


def test_delete_clears_the_pad(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    _stroke(qtbot, pad, (50, 40), (120, 80), (200, 30))
    with qtbot.waitSignal(pad.changed):
        qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty()
    assert _ink(pad) == 0


def test_a_dot_or_a_hasty_dash_is_too_short_for_a_signature(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    assert pad.is_too_short()
    _stroke(qtbot, pad, (50, 40), (200, 40))
    assert pad.is_too_short()  # long enough, but done in no time
    pad.set_strokes((((0.1, 0.1, 0.5, 0), (0.12, 0.1, 0.5, 2_000)),))
    assert pad.is_too_short()  # long in time, eight pixels in length
    pad.set_strokes((((0.1, 0.1, 0.5, 0), (0.5, 0.2, 0.5, 900)),))
    assert not pad.is_too_short()


def test_kept_strokes_come_back_as_they_were_and_without_a_signal(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    kept = (((0.1, 0.1, 0.5, 0), (0.5, 0.2, 0.5, 900), (0.6, 0.1, 0.7, 1_200)),)
    with qtbot.assertNotEmitted(pad.changed):
        pad.set_strokes(kept)
    assert pad.strokes() == kept
    before = _ink(pad)
    pad.resize(500, 136)
    assert _ink(pad) > before


def test_points_outside_the_pad_are_kept_at_its_edge(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    _stroke(qtbot, pad, (50, 40), (900, -50))
    assert pad.strokes()[0][-1][:2] == (1.0, 0.0)


def test_a_signature_of_five_thousand_points_is_still_quick(qtbot: QtBot) -> None:
    pad = _pad(qtbot)
    pad.set_strokes((tuple((0.1 + 0.8 * i / MANY, 0.1 + (i % 40) / 300, 0.5, i) for i in range(MANY)),))
    pad.grab()
    began = time.perf_counter()
    _stroke(qtbot, pad, *[(50 + i, 40 + i % 30) for i in range(100)])
    pad.grab()
    assert time.perf_counter() - began < 0.5
    assert pad.strokes()[-1]


def _pdf(*, pages: int = 1, size: tuple[float, float] = A5) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, 0, *size, fill=1, stroke=0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _red_columns(view: PdfView, y: int) -> list[int]:
    image = view.grab().toImage()
    return [x for x in range(image.width()) if image.pixelColor(x, y) == QColor(255, 0, 0)]


def _view(qtbot: QtBot, width: int = 420, height: int = 600) -> PdfView:
    view = PdfView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_a_real_pdf_is_shown_fitted_in_its_middle(qtbot: QtBot) -> None:
    view = _view(qtbot)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf())
    red = _red_columns(view, 300)
    assert 370 <= len(red) <= 380
    assert abs((red[0] + red[-1]) / 2 - 210) <= 1


def test_a_broken_pdf_leaves_the_last_picture_standing(qtbot: QtBot) -> None:
    view = _view(qtbot)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf())
    for broken in (b"%PDF-1.7 nothing", b"", b"\x00" * 2_000, _pdf()[:400]):
        with qtbot.assertNotEmitted(view.shown, wait=150):
            view.set_pdf(broken)
        assert _red_columns(view, 300)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf(pages=1))


def test_a_preview_of_nothing_is_blank_and_does_not_fall(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.set_pdf(b"not a pdf")
    view.grab()
    assert view.pdf() == b"not a pdf"
    assert not _red_columns(view, 300)


def test_the_first_of_several_pages_can_be_read_and_the_next_is_scrolled_to(qtbot: QtBot) -> None:
    view = _view(qtbot, 700, 500)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf(pages=2))
    first, second = view._sheets()
    assert first.top() >= 0
    assert first.bottom() <= 500
    assert second.top() < 500 < second.bottom()
    for _ in range(20):
        turn = QWheelEvent(
            QPointF(350, 250), QPointF(350, 250), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QCoreApplication.sendEvent(view, turn)
    assert view._sheets()[1].bottom() <= 500


def test_a_receipt_is_shown_wide_enough_to_read(qtbot: QtBot) -> None:
    view = _view(qtbot, 300, 400)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf(size=(204, 1_200)))
    assert len(_red_columns(view, 200)) >= 150


def test_while_the_window_is_pulled_the_old_picture_stays(qtbot: QtBot) -> None:
    view = _view(qtbot)
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.set_pdf(_pdf())
    with qtbot.waitSignal(view.shown, timeout=10_000):
        view.resize(300, 600)
        assert 255 <= len(_red_columns(view, 300)) <= 262
    assert 255 <= len(_red_columns(view, 300)) <= 262


def test_a_view_may_go_away_while_its_picture_is_being_made(qtbot: QtBot) -> None:
    keeper = _view(qtbot)
    for _ in range(5):
        view = PdfView()
        view.resize(400, 600)
        view.set_pdf(_pdf())
        view.deleteLater()
        del view
    with qtbot.waitSignal(keeper.shown, timeout=10_000):
        keeper.set_pdf(_pdf())


def test_every_part_paints_in_both_schemes_and_languages(qtbot: QtBot) -> None:
    seen = 0
    for name, board in boards():
        qtbot.addWidget(board)
        image = board.grab().toImage()
        colours = {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}
        assert len(colours) > 5, name
        seen += 1
    assert seen == 20
