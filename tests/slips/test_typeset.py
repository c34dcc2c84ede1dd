"""Lines of Chinese and Latin: broken where readers expect it, never wider than their room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.slips.typeset import NO_END, NO_START, Typesetter, clean

SIZE = 10.0


@pytest.fixture(scope="module")
def setter() -> Typesetter:
    return Typesetter()


def lines(setter: Typesetter, text: str, ems: float) -> list[str]:
    return setter.lines(text, width=ems * SIZE, size=SIZE, bold=False)


def test_chinese_breaks_between_any_two_characters(setter: Typesetter) -> None:
    assert lines(setter, "一二三四五六七", 3) == ["一二三", "四五六", "七"]


def test_a_closing_sign_never_begins_a_line(setter: Typesetter) -> None:
    assert lines(setter, "一二三，四五。", 3) == ["一二", "三，四", "五。"]


def test_an_opening_sign_never_ends_a_line(setter: Typesetter) -> None:
    assert lines(setter, "一二（三四）", 3) == ["一二", "（三", "四）"]


def test_latin_words_stay_whole_and_the_space_at_the_end_is_dropped(setter: Typesetter) -> None:
    made = lines(setter, "the customer returns it", 6)
    assert " ".join(made) == "the customer returns it"
    assert all(line == line.strip() for line in made)


def test_an_endless_word_is_broken_where_the_line_ends(setter: Typesetter) -> None:
    made = lines(setter, "w" * 100, 5)
    assert "".join(made) == "w" * 100
    assert len(made) > 10


def test_numbers_and_codes_are_not_torn_between_chinese(setter: Typesetter) -> None:
    made = lines(setter, "工单XH2-26-004711-K已撤销", 9)
    assert any("XH2-26-004711-K" in line for line in made)


@given(text=st.text(alphabet="一二三，。（）￥ab W-1 \n𠮷é", max_size=80), ems=st.floats(2, 12))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, ems: float) -> None:
    setter = Typesetter()
    cleaned = clean(text)
    made = lines(setter, cleaned, ems)
    assert "".join("".join(made).split()) == "".join(cleaned.split())
    for line in made:
        assert setter.width(line, size=SIZE, bold=False) <= ems * SIZE + 1e-3


def test_the_forbidden_sets_are_told_apart() -> None:
    assert not NO_START & NO_END


def test_cleaning_takes_controls_and_keeps_letters() -> None:
    assert clean("a\u202eb\u2069c\u200bd\x00e\ufefff\u00adg") == "abcdefg"
    assert clean("一\r\n\r\n二\u2028三\t四\u00a0五") == "一\n二\n三 四 五"
    assert clean("half \ud83d pair") == "half \ufffd pair"
