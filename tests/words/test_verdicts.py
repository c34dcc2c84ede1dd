"""Why a slip was not found genuine is said in the language of who asks, whatever the code calls it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final, get_args

import pytest

import store_desk
from store_desk.domain.errors import SlipNotGenuine
from store_desk.domain.proof import Outcome
from store_desk.slips.pdf_check import State
from store_desk.words import say_error
from store_desk.words.verify import PACK, WORDS, why_in_words

ROOT: Final = Path(store_desk.__file__).parent
# Where verdicts come from, and the errors whose text becomes a verdict's detail.
MODULES: Final = (
    "slips/verify.py", "slips/evidence_file.py", "slips/read_pdf.py", "slips/read_picture.py",
    "domain/proof.py", "domain/proof_text.py", "app/trust.py",
)  # fmt: skip
RAISED: Final = ("ValueError", "PdfUnreadable", "PictureUnreadable")
# What is no fixed text: a member's own trouble stands behind the words for packs.
BEGINNINGS: Final = ("file ", f"{PACK}: ")


def constants(node: ast.expr) -> list[str]:
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def said_in(tree: ast.AST) -> set[str]:
    """Every fixed detail that the module's verdicts can have."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "_file_fault":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    found |= set(constants(inner.value)) - {""}
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        if name == "Verdict":
            given = [one.value for one in node.keywords if one.arg == "why"] + node.args[3:4]
        elif name in RAISED:
            given = node.args[:1]
        else:
            continue
        found |= {text for value in given for text in constants(value)}
    return found


def said_in_the_code() -> set[str]:
    found = set().union(*(said_in(ast.parse((ROOT / name).read_text("utf-8"))) for name in MODULES))
    return found | {f"file {state}" for state in get_args(State) if state != "valid"}


def test_every_detail_of_a_verdict_has_words_in_both_languages() -> None:
    said = said_in_the_code()
    assert len(said) > 30
    assert [detail for detail in sorted(said) if f"why.{detail}" not in WORDS] == []


def test_no_detail_is_put_together_in_a_way_that_has_no_words() -> None:
    made = [
        part.values[0].value
        for name in MODULES
        for part in ast.walk(ast.parse((ROOT / name).read_text("utf-8")))
        if isinstance(part, ast.JoinedStr) and part.values and isinstance(part.values[0], ast.Constant)
    ]
    assert {text for text in made if text in BEGINNINGS} == set(BEGINNINGS)


@pytest.mark.parametrize("why", ["'manifest.json'", "Bad magic number for file header", PACK])
def test_what_is_wrong_with_a_pack_is_said_in_the_language(why: str) -> None:
    assert why_in_words(False, f"{PACK}: {why}") == WORDS[f"why.{PACK}"][0]
    assert why_in_words(True, f"{PACK}: {why}") == WORDS[f"why.{PACK}"][1]
    assert why_in_words(False, f"{PACK}: another format") == WORDS["why.another format"][0]


def test_what_nobody_foresaw_is_no_english_in_a_chinese_sentence() -> None:
    assert why_in_words(False, "codec can't decode") == WORDS["why.other"][0]
    assert why_in_words(True, "codec can't decode") == "codec can't decode"


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.GENUINE])
def test_the_refusal_names_the_verdict_in_its_own_language(outcome: Outcome) -> None:
    words = say_error("zh", SlipNotGenuine(verdict=outcome.value, changed=("qr",), why="signature"))
    assert not any(sign.isascii() and sign.isalpha() for sign in words), words
