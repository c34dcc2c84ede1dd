"""What is wrong with a file is said in the language of the window, whatever the reader of that file calls it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import store_desk
from store_desk.domain.errors import FileUnreadable
from store_desk.words import say_error
from store_desk.words.errors import WORDS


def said_in_the_code() -> set[str]:
    """Every fixed detail that the program gives for a file that it cannot read."""
    found: set[str] = set()
    for path in Path(store_desk.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == FileUnreadable.__name__:
                for given in node.keywords:
                    if given.arg == "detail":
                        parts = [given.value]
                        if isinstance(given.value, ast.IfExp):
                            parts = [given.value.body, given.value.orelse]
                        found |= {part.value for part in parts if isinstance(part, ast.Constant)}
    return found


def test_every_detail_has_words_in_both_languages() -> None:
    said = said_in_the_code()
    assert len(said) > 8
    assert [detail for detail in sorted(said) if f"file_unreadable.{detail}" not in WORDS] == []


@pytest.mark.parametrize("detail", ["it is not a table", "Permission denied", "too large"])
def test_the_chinese_sentence_about_a_file_has_no_english_in_it(detail: str) -> None:
    words = say_error("zh", FileUnreadable(file="导出", detail=detail))
    assert not any(sign.isascii() and sign.isalpha() for sign in words), words


def test_what_nobody_foresaw_is_told_as_it_is() -> None:
    assert "Bad address" in say_error("zh", FileUnreadable(file="导出", detail="Bad address"))
