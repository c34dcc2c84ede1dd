"""Slips on every paper: nothing cut, nothing over another, everything said, the same bytes each time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.domain.slip import Both, Copy, Paper, SlipData, SlipStatus, SlipVariant, title_of
from store_desk.slips.render import render_slip

from . import samples
from .paper import Sheet, overlaps, sheets

BOTH_COPIES = (Copy.CUSTOMER, Copy.STORE)
LENGTHS = {
    "shortest": samples.shortest(),
    "usual": samples.usual(),
    "phone": samples.by_phone(),
    "longest": samples.longest(),
}
SMALLEST = {Paper.A5: 5.8, Paper.A4: 5.8, Paper.MM80: 6.2, Paper.MM58: 6.2}


def draw(data: SlipData, paper: Paper = Paper.A5, **how: object) -> bytes:
    return render_slip(data, paper=paper, **{"copies": (Copy.CUSTOMER,), **how})  # type: ignore[arg-type]


def said_on(data: SlipData, paper: Paper = Paper.A5, **how: object) -> str:
    return "".join(sheet.text for sheet in sheets(draw(data, paper, **how)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def texts_of(data: SlipData) -> list[str]:
    """Every wording and fact that the slip carries."""
    pairs = [data.store.name, data.ticket_type, data.customer, data.product, data.state, data.review, data.work]
    pairs += [data.asked, data.identity, data.reason, data.promise, data.how_to_reopen, data.how_to_object]
    pairs += [data.read_back, data.consent, data.consent_detail, data.signer, data.clerk, data.legal, data.time_source]
    pairs += [*data.agreed, *data.rights, *data.next_steps, title_of(data.variant)]
    pairs += [data.approver] if data.approver else []
    for line in (*data.evidence, *data.money, *data.obligations):
        pairs += [line.label, line.value]
    words = [part for pair in pairs for part in (pair.zh, pair.en)]
    words += [data.number, data.ticket_number, data.serial, data.order_number, data.customer_phone, data.confirms]
    words += [data.withdraws, data.store.address, data.store.phone, data.customer_words]
    return [squeezed(word) for word in words if word]


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("variant", SlipVariant)
@pytest.mark.req("REQ-EVD-03")
def test_nothing_leaves_the_page_nothing_overlaps_and_everything_is_said(
    variant: SlipVariant, length: str, paper: Paper
) -> None:
    data = samples.of_variant(LENGTHS[length], variant)
    pages = sheets(draw(data, paper))
    for sheet in pages:
        for glyph in sheet.glyphs:
            assert glyph.left >= 0, glyph
            assert glyph.right <= sheet.width, glyph
            assert glyph.bottom >= 0, glyph
            assert glyph.top <= sheet.height, glyph
        assert overlaps(sheet) == []
    found = Counter("".join(sheet.text for sheet in pages))
    wanted = Counter("".join(texts_of(data)))
    assert wanted - found == Counter()


@pytest.mark.parametrize("paper", [Paper.MM80, Paper.MM58])
def test_every_text_stands_whole_on_a_roll_however_long_it_is(paper: Paper) -> None:
    (sheet,) = sheets(draw(samples.longest(), paper))
    data = samples.longest()
    running = [data.read_back, data.promise, data.product, data.legal, *data.agreed, *data.rights, *data.next_steps]
    for text in (squeezed(part) for both in running for part in (both.zh, both.en)):
        assert text in sheet.text
    assert squeezed(data.customer_words) in sheet.text


@pytest.mark.parametrize("paper", Paper)
def test_the_same_input_gives_the_same_bytes(paper: Paper) -> None:
    first = draw(samples.longest(), paper, copies=BOTH_COPIES, reprint=1)
    assert draw(samples.usual(), paper) != first
    assert draw(samples.longest(), paper, copies=BOTH_COPIES, reprint=1) == first


@pytest.mark.parametrize("paper", Paper)
def test_only_embedded_subset_fonts_are_in_the_file(paper: Paper) -> None:
    pdf = draw(samples.longest(), paper)
    names = set(re.findall(rb"/BaseFont /([^\s/]+)", pdf))
    assert names
    assert all(re.match(rb"[A-Z]{6}\+Slip-", name) for name in names), names
    assert pdf.count(b"/FontFile2") >= len(names)


@pytest.mark.parametrize("paper", Paper)
def test_no_text_is_smaller_than_a_person_can_read(paper: Paper) -> None:
    import pypdfium2
    import pypdfium2.raw as raw

    page = pypdfium2.PdfDocument(draw(samples.longest(), paper))[0]
    text = page.get_textpage()
    sizes = {round(raw.FPDFText_GetFontSize(text.raw, at), 2) for at in range(text.count_chars())}
    assert min(size for size in sizes if size > 1) >= SMALLEST[paper] - 0.01


@pytest.mark.parametrize("paper", Paper)
def test_rare_characters_are_printed_and_can_be_copied(paper: Paper) -> None:
    data = replace(samples.usual(), customer=Both("欧阳㛃䶮𠮷"))
    said = said_on(data, paper)
    assert "欧阳㛃䶮𠮷" in said
    assert "〓" not in said


def test_a_character_no_font_has_is_shown_as_a_mark_and_listed_by_its_code_point() -> None:
    said = said_on(replace(samples.usual(), customer=Both("王\U0001fae0兰")))
    assert "王〓兰" in said
    assert "U+1FAE0" in said


def test_direction_marks_and_controls_from_a_customer_do_not_reach_the_paper() -> None:
    tricky = "退款\u202e00.021¥\u202c\u2066x\u2069\u200b\x1b\x07\x9b\ufeff好"
    said = said_on(replace(samples.usual(), customer_words=tricky))
    assert "退款00.021¥x好" in said


def test_line_ends_in_a_note_are_kept_but_nobody_feeds_paper_with_them() -> None:
    (short,) = sheets(draw(replace(samples.usual(), customer_words="甲\n乙"), Paper.MM80))
    (long,) = sheets(draw(replace(samples.usual(), customer_words="甲" + "\r\n" * 400 + "乙"), Paper.MM80))
    assert long.height == short.height


def test_the_ticket_barcode_is_read_back_on_every_paper() -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    for paper in Paper:
        found = [code.text for code in zxingcpp.read_barcodes(_picture(draw(samples.usual(), paper), dpi=203))]
        assert found == ["XH2-26-004711-K"], paper


def test_a_foreign_number_too_long_for_the_roll_has_its_barcode_along_the_roll() -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    data = replace(samples.usual(), ticket_number="AS-FOREIGN-2026-0514-00387")
    found = [code.text for code in zxingcpp.read_barcodes(_picture(draw(data, Paper.MM58), dpi=203))]
    assert found == ["AS-FOREIGN-2026-0514-00387"]


@pytest.mark.parametrize("paper", Paper)
def test_a_draft_has_a_watermark_and_neither_number_nor_code(paper: Paper) -> None:
    data = replace(samples.usual(), short_code="7KQ4-M2XD", qr_text="SD1:TEST")
    said = said_on(data, paper, draft=True)
    assert "草稿DRAFT" in said
    assert data.number not in said
    assert "7KQ4-M2XD" not in said
    assert "7KQ4-M2XD" in said_on(data, paper)
    assert "草稿" not in said_on(data, paper)


@pytest.mark.parametrize("paper", Paper)
def test_a_reprint_says_so_with_its_count(paper: Paper) -> None:
    assert "补打REPRINT3" in said_on(samples.usual(), paper, reprint=3)
    assert "REPRINT" not in said_on(samples.usual(), paper)


@pytest.mark.parametrize("paper", Paper)
def test_a_demonstration_says_so_on_every_page(paper: Paper) -> None:
    pages = sheets(draw(replace(samples.longest(), demo=True), paper))
    assert all("演示DEMO" in sheet.text for sheet in pages)
    assert "DEMO" not in said_on(samples.usual(), paper)


@pytest.mark.parametrize("paper", Paper)
def test_the_status_is_one_clear_word(paper: Paper) -> None:
    assert "最终FINAL" in said_on(samples.usual(), paper)
    provisional = said_on(replace(samples.usual(), status=SlipStatus.PROVISIONAL), paper)
    assert "暂定PROVISIONAL" in provisional
    assert "FINAL" not in provisional


def test_a_void_slip_names_what_it_withdraws_and_a_final_one_what_it_confirms() -> None:
    assert "XH2-26-S000455-P" in said_on(samples.of_variant(samples.usual(), SlipVariant.VOID))
    assert "XH2-26-S000456-M" in said_on(samples.of_variant(samples.usual(), SlipVariant.CANCELLATION))


def test_the_usual_slip_takes_one_a5_page_and_the_longest_counts_its_pages() -> None:
    assert len(sheets(draw(samples.usual()))) == 1
    assert len(sheets(draw(replace(samples.usual(), demo=True), reprint=1))) == 1
    pages = sheets(draw(samples.longest()))
    assert len(pages) > 1
    for number, sheet in enumerate(pages, start=1):
        assert sheet.text.endswith(f"{number}/{len(pages)}")
        assert samples.longest().number in sheet.text


def test_on_a4_two_short_copies_share_a_sheet_and_long_ones_do_not() -> None:
    (sheet,) = sheets(draw(replace(samples.shortest(), demo=True), Paper.A4, copies=BOTH_COPIES, reprint=1))
    assert "顾客联" in sheet.text
    assert "门店联" in sheet.text
    assert overlaps(sheet) == []
    pages = sheets(draw(samples.longest(), Paper.A4, copies=BOTH_COPIES))
    assert all(("顾客联" in page.text) != ("门店联" in page.text) for page in pages)


def test_the_legal_text_is_the_same_on_all_papers() -> None:
    for paper in Paper:
        assert squeezed(samples.LEGAL.zh + samples.LEGAL.en) in said_on(samples.usual(), paper)


def test_strokes_are_drawn_as_lines_and_without_them_the_consent_stands_in_words() -> None:
    assert _ink(draw(samples.usual())) > _ink(draw(replace(samples.usual(), strokes=())))
    said = said_on(samples.by_phone())
    assert said.count("电话确认，无签名") == 2


@pytest.mark.parametrize(
    "strokes",
    [
        (((0.5, 0.5, 0.0, 0),),),
        (((0.5, 0.5, 0.4, 0), (0.5, 0.5, 0.4, 9)),),
        (((0.0, 0.1, 0.2, 0), (1.0, 0.1, 0.9, 9)), ()),
        (((0.2, 0.0, 0.2, 0), (0.2, 0.9, 7.0, 9), (0.2, 0.2, -1.0, 12)),),
    ],
)
def test_odd_strokes_such_as_a_single_dot_do_not_stop_a_slip(strokes: object) -> None:
    assert sheets(draw(replace(samples.usual(), strokes=strokes)))  # type: ignore[arg-type]


def test_an_enormous_note_goes_on_over_as_many_pages_as_it_takes() -> None:
    data = replace(samples.usual(), customer=Both("名" * 6000), customer_words="话" * 9000)
    pages = sheets(draw(data))
    counted = Counter("".join(sheet.text for sheet in pages))
    assert counted["名"] >= 6000
    assert counted["话"] >= 9000
    for sheet in pages:
        assert all(glyph.bottom >= 0 and glyph.top <= sheet.height for glyph in sheet.glyphs)
        assert overlaps(sheet) == []


def test_the_title_of_the_file_names_paper_and_number() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(draw(samples.usual()))
    assert document.get_metadata_value("Title") == "售后工单撤销单 XH2-26-S000457-K"
    assert b"/Lang (zh-CN)" in draw(samples.usual())


def _picture(pdf: bytes, *, dpi: int) -> object:
    import pypdfium2

    return pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_pil()


def _ink(pdf: bytes) -> int:
    """How many lines and curves the page draws."""
    import pypdfium2
    import pypdfium2.raw as raw

    page = pypdfium2.PdfDocument(pdf)[0]
    return sum(1 for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]))


def test_a_text_over_another_would_be_noticed() -> None:
    glyph = sheets(draw(samples.usual()))[0].glyphs[0]
    beside = replace(glyph, left=glyph.right, right=2 * glyph.right - glyph.left)
    over = replace(glyph, left=glyph.left + 1, right=glyph.right + 1)
    assert overlaps(Sheet(400, 600, (glyph, beside))) == []
    assert overlaps(Sheet(400, 600, (glyph, over)))


def test_sheets_can_be_read_back_at_all() -> None:
    (sheet,) = sheets(draw(samples.usual()))
    assert isinstance(sheet, Sheet)
    assert "王秀兰" in sheet.text


def test_the_main_ticket_of_the_scene_takes_one_a5_page(tmp_path: Path) -> None:
    """At level 4, with money both ways, three obligations, three rights, a signature and an approver."""
    from tests.pictures.slips import take_slips

    taken = take_slips(tmp_path / "out", tmp_path / "work", only="13-slip-a5-customer")
    assert taken == ["13-slip-a5-customer.png"]
