"""Two thousand slips of made-up content, over all variants and papers: nothing leaves the page, nothing overlaps."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from store_desk.domain.slip import Both, Copy, Line, Paper, SlipData, SlipVariant
from store_desk.slips.render import render_slip
from tests.conftest import Apart

from . import samples
from .paper import Glyph, overlaps, sheets

BATCHES = 50
SLIPS_A_BATCH = 40
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/._"
HAN = (
    "的一是在不了有和人这中大为上个国我以要时来用们生到作地于出就分对成会可主发年动同工能下过子说产种面方"
    "后多定行学法所得经进着等部度家电力里水化高自理起小物现实加量体制机当使点从业本去把性好应开合还因由其"
    "前外天日事平形相全表间样关各重新线内数正心明看原利比质气第向道变条只没结解问意建月公无系情者最立代通"
    "并提直题程展果料员位入常文总次品式活设及管特件长求老头基资边流路级少图"
)
RARE = "𠮷㛃䶮𠀀镕喆"
MARKS = "，。、；：（）《》！？“”·—…"


def words(rng: random.Random, longest: int) -> str:
    """A text as people and systems write them: Chinese, Latin, both, or one endless word."""
    length = rng.randint(0, longest)
    kind = rng.random()
    if kind < 0.45:
        return "".join(rng.choice(HAN + MARKS if rng.random() < 0.12 else HAN) for _ in range(length))
    if kind < 0.75:
        text = ""
        while len(text) < length:
            text += "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 11))) + " "
        return text.strip()
    if kind < 0.85:
        return "".join(rng.choice(LETTERS) for _ in range(length))
    return "".join(rng.choice(rng.choice((HAN, LETTERS, " ", RARE))) for _ in range(length))


def both(rng: random.Random, longest: int) -> Both:
    """A text in both languages, or in one."""
    return Both(words(rng, longest) or "无", words(rng, longest) if rng.random() < 0.8 else "")


def line(rng: random.Random) -> Line:
    """A labelled line, sometimes with an amount of any size."""
    amount = rng.choice((None, 0, rng.randint(1, 10**5), rng.randint(1, 10**11)))
    return Line(both(rng, 24), both(rng, 60), amount)


def lines(rng: random.Random, most: int) -> tuple[Line, ...]:
    """A few such lines."""
    return tuple(line(rng) for _ in range(rng.randint(0, most)))


def texts(rng: random.Random, most: int) -> tuple[Both, ...]:
    """A few texts."""
    return tuple(both(rng, 70) for _ in range(rng.randint(0, most)))


def slip(rng: random.Random) -> SlipData:
    """A slip whose every field is made up; the code and its short form stand there as often as not."""
    base = samples.of_variant(samples.usual(), rng.choice(tuple(SlipVariant)))
    money = tuple(replace(item, amount_minor=rng.randint(0, 10**9)) for item in lines(rng, 5))
    sealed = rng.random() < 0.5
    return replace(
        base,
        ticket_number=rng.choice(("XH2-26-004711-K", "AS" + "".join(rng.choice("0123456789") for _ in range(14)))),
        customer=both(rng, 40),
        product=both(rng, 80),
        serial="".join(rng.choice(LETTERS) for _ in range(rng.randint(0, 48))),
        order_number="".join(rng.choice("0123456789") for _ in range(rng.randint(0, 30))),
        state=both(rng, 40),
        reason=both(rng, 24),
        customer_words=words(rng, 200),
        evidence=lines(rng, 4),
        money=money,
        money_total=Line(both(rng, 20), Both(""), sum(item.amount_minor or 0 for item in money)) if money else None,
        agreed=texts(rng, 3),
        obligations=lines(rng, 5),
        rights=texts(rng, 4),
        next_steps=texts(rng, 12),
        read_back=both(rng, 220),
        consent_detail=both(rng, 50),
        signer=both(rng, 40),
        strokes=samples.signature() if rng.random() < 0.6 else (),
        clerk=both(rng, 24),
        approver=both(rng, 24) if rng.random() < 0.5 else None,
        qr_text="SD1:" + "".join(rng.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") for _ in range(380))
        if sealed
        else "",
        short_code="7KQ4-M2XD" if sealed else "",
        demo=rng.random() < 0.1,
    )


def neighbours(one: Glyph, other: Glyph) -> bool:
    """Whether two letters of one line only lean into each other, as f and j do in a made-up word."""
    wide = min(one.right, other.right) - other.left
    narrower = min(one.right - one.left, other.right - other.left)
    high = min(one.top, other.top) - max(one.bottom, other.bottom)
    return wide < 0.5 * narrower and high > 0.5 * min(one.top - one.bottom, other.top - other.bottom)


def check(batch: int) -> None:
    """One batch; fails where a letter leaves the paper or lies over another."""
    rng = random.Random(batch)
    papers = tuple(Paper)
    for number in range(SLIPS_A_BATCH):
        data = slip(rng)
        paper = papers[number % len(papers)]
        pdf = render_slip(data, paper=paper, copies=(Copy.CUSTOMER,), reprint=rng.randint(0, 2))
        for sheet in sheets(pdf):
            for glyph in sheet.glyphs:
                assert glyph.left >= 0 and glyph.right <= sheet.width, (batch, number, paper, glyph)
                assert glyph.bottom >= 0 and glyph.top <= sheet.height, (batch, number, paper, glyph)
            over = [pair for pair in overlaps(sheet) if not neighbours(*pair)]
            assert not over, (batch, number, paper, over[:3])


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.req("REQ-EVD-03")
def test_made_up_slips_stay_on_their_paper_and_nothing_lies_over_anything(batch: int, apart: Apart) -> None:
    apart(check, batch)
