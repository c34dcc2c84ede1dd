"""Every code has its words in both languages, with the same facts, and neither language strays into the other."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from itertools import product

import pytest

import store_desk.hub.errors
import store_desk.words
from store_desk.domain.case import CaseState
from store_desk.domain.consent import Channel, Grade
from store_desk.domain.errors import ApprovalNeeded, DomainError, MoveNotAllowed, all_errors
from store_desk.domain.identity import IdentityKind
from store_desk.domain.level import Rung
from store_desk.domain.obligations import ObligationKind, ObligationState
from store_desk.domain.policy import Policy
from store_desk.domain.reasons import CATALOGUE, Reason, all_evidence_fields
from store_desk.domain.roles import Right, Role
from store_desk.domain.slip import Paper
from store_desk.domain.ticket import Parcel, Review, Status, TicketType, Visit, Work
from store_desk.services.wording import right_words, step_words
from store_desk.words import LANGS, Lang, catalogue, say, say_error
from tests.domain.tickets import AT_LEVEL, NOON, SHANGHAI, at_level, plan_of

MODULES = sorted(module.name for module in pkgutil.iter_modules(store_desk.words.__path__))
# The others put words together and hold none.
ROOMS = [name for name in MODULES if hasattr(importlib.import_module(f"store_desk.words.{name}"), "WORDS")]
ALL = [(room, key) for room in ROOMS for key in catalogue(room)]
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Characters, and the full-width marks that only Chinese sets.
HAS_CHINESE = re.compile(r"[\u3400-\u9fff，。；：？！（）、《》]")
# Names, codes and units that stand in a Chinese sentence as they are.
LATIN_NAMES = {
    "Store", "Desk", "PIN", "PDF", "CSV", "XLSX", "XLS", "Excel", "JSON", "QR", "App", "IPP", "MiB", "MB", "Enter",
    "Tab", "Esc", "Ctrl", "Alt", "Shift", "Space", "DEMO", "REPRINT", "REVIEW", "WORK", "FIELD", "HEADING", "VALUE",
    "UTF",
    "GB", "GBK", "GB18030", "BOM", "ID", "mm", "ms", "GiB", "SQLite", "TSV", "USB", "Windows", "Linux", "macOS", "CUPS",
}  # fmt: skip
WORDS_IN_A_ROW = re.compile(r"[A-Za-z]{2,}(?:['’]?[a-z]*)?(?: [A-Za-z][a-z]{1,}){3,}")


def fields_of(text: str) -> set[str]:
    """The facts that a sentence takes."""
    return {name for part in text.split("|") for _, name, _, _ in string.Formatter().parse(part) if name is not None}


# Sentences of which one language says a fact by a word of its own.
SAID_OTHERWISE = {"ui_cancel.approval.on_duty", "ui_settings.unit.money"}
# Pieces that end or begin with a space because others follow them; prompts, after which people type.
PIECES = re.compile(
    r"slip\.read_back|cli\.(prompt\.|doctor\.ok)|ui_cancel\.(say\.|rights\.open)|ui_desk\.(channel\.app|now\.approval)"
)
# What stands in both languages everywhere: the name of the language itself, the mark of practice, a file's heading.
IN_BOTH = {
    "ui_settings.look.language.zh", "ui_signin.zh", "ui_signin.demo", "ui_shell.demo", "imports.heading.reason_zh",
}  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_take_the_same_facts(room: str) -> None:
    """The count that chooses an English singular need not be said in words."""
    wrong = {f"{room}.{key}": (fields_of(zh) ^ fields_of(en)) - {"n"} for key, (zh, en) in catalogue(room).items()}
    assert {key: facts for key, facts in wrong.items() if facts and key not in SAID_OTHERWISE} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_empty_or_has_stray_space(room: str) -> None:
    bad = [
        key
        for key, pair in catalogue(room).items()
        for text in pair
        if not text.strip() or ((text != text.strip() or "  " in text) and not PIECES.match(f"{room}.{key}"))
    ]
    assert bad == []


@pytest.mark.parametrize("room", ROOMS)
def test_english_holds_no_chinese(room: str) -> None:
    strays = {f"{room}.{key}": en for key, (_, en) in catalogue(room).items() if HAS_CHINESE.search(en)}
    assert {key: en for key, en in strays.items() if key not in IN_BOTH} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_chinese_holds_no_latin_sentence(room: str) -> None:
    strays = {}
    for key, (zh, _) in catalogue(room).items():
        plain = re.sub(r"\{[^}]*\}", "", zh)
        found = WORDS_IN_A_ROW.search(plain)
        if found and not set(re.findall(r"[A-Za-z]{2,}", found.group())) <= LATIN_NAMES:
            strays[key] = zh
    assert strays == {}


def test_every_refusal_has_its_own_code() -> None:
    codes = [kind.code for kind in all_errors()]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


SPECIFIED = {
    "ticket_not_found", "ticket_already_cancelled", "ticket_done", "case_already_open", "reason_missing",
    "evidence_missing", "identity_missing", "consent_missing", "approval_needed", "approver_is_requester",
    "right_missing", "wrong_pin", "locked_out", "file_unreadable", "database_newer", "disk_full",
    "printer_unavailable",
}  # fmt: skip


def test_the_specified_codes_are_there() -> None:
    """hub_unreachable comes with the hub."""
    assert {kind.code for kind in all_errors()} >= SPECIFIED


@pytest.mark.parametrize(("kind", "lang"), list(product(all_errors(), LANGS)))
def test_every_refusal_is_a_sentence_in_both_languages(kind: type[DomainError], lang: Lang) -> None:
    text = catalogue("errors")[kind.code][lang == "en"]
    facts = {name: f"<{name}>" for name in fields_of(text) | fields_of(kind.sentence)}
    if "until" in facts:
        facts["until"] = "2026-05-14T06:21:00+00:00"
    said = say_error(lang, kind(**facts))
    assert "{" not in said
    assert bool(CHINESE.search(said)) == (lang == "zh") or kind.code == "wrong_use"
    # The facts of the class's own sentence are those that its words take.
    assert fields_of(text) <= fields_of(kind.sentence) | {"because"}


def test_no_words_are_kept_for_refusals_that_do_not_exist() -> None:
    codes = {kind.code for kind in all_errors()} | {"refused"}
    assert {key.split(".")[0] for key in catalogue("errors")} <= codes


TRADE = {
    "review": [item.value for item in Review],
    "work": [item.value for item in Work],
    "rung": [item.value for item in Rung],
    "status": [item.value for item in Status],
    "type": [item.value for item in TicketType],
    "reason": [item.value for item in Reason],
    "needs": [reason.value for reason, rule in CATALOGUE.items() if rule.evidence],
    "evidence": sorted(all_evidence_fields()),
    "channel": [item.value for item in Channel],
    "identity": [item.value for item in IdentityKind],
    "grade": [item.value for item in Grade],
    "role": [item.value for item in Role],
    "right": [item.value for item in Right],
    "obligation": [item.value for item in ObligationKind],
    "obligation_state": [item.value for item in ObligationState],
    "case": [item.value for item in CaseState],
    "paper": [item.value for item in Paper],
    "aspect": [choice for rule in CATALOGUE.values() for item in rule.evidence for choice in item.choices],
    "approval": [
        "role_level", "reason_level", "reason_always", "collect_amount", "visit_today", "parts_used",
        "awaiting_confirmation", "review_overdue",
    ],
    "matched": ["number", "order_number", "phone", "serial", "name", "product", "description", "source_key"],
}  # fmt: skip


@pytest.mark.parametrize(("prefix", "code"), [(prefix, code) for prefix, codes in TRADE.items() for code in codes])
def test_every_code_of_the_trade_has_words(prefix: str, code: str) -> None:
    zh, en = say("zh", f"trade.{prefix}.{code}"), say("en", f"trade.{prefix}.{code}")
    assert CHINESE.search(zh) or prefix == "paper"
    assert not CHINESE.search(en)


@pytest.mark.parametrize("prefix", ["reason", "evidence", "grade", "role", "right", "channel", "type", "case"])
def test_no_two_codes_of_a_kind_are_called_the_same(prefix: str) -> None:
    for lang in (0, 1):
        said = [pair[lang] for key, pair in catalogue("trade").items() if key.startswith(prefix + ".")]
        assert len(said) == len(set(said))


FACTS = {
    "visit": Visit("3012", "周启明", "139", NOON, "WO-1", NOON.replace(hour=1), 5_000),
    "parcel": Parcel("滚筒", "drum", "SF", "SF1"),
    "parts_reserved": "pump",
    "reviewer": "1003",
    "work_percent": 30,
    "compensation_kind": "travel",
}


@pytest.mark.parametrize(("level", "reason"), list(product(AT_LEVEL, Reason)))
def test_every_step_and_every_right_can_be_said(level: int, reason: Reason) -> None:
    for facts in ({}, FACTS, FACTS | {"compensation_kind": "coupon"}):
        ticket = at_level(level, facts=facts, compensation_minor=5_000, assignee="3012")
        plan = plan_of(ticket, reason, policy=Policy(tariff_minor=dict.fromkeys(range(1, 6), 100)))
        for step in plan.steps:
            title, second = step_words(step, zone=SHANGHAI, currency="CNY", now=NOON)
            assert CHINESE.search(title.zh) and title.en and not CHINESE.search(title.en), step
            for text in (title.zh, title.en, second.zh, second.en):
                assert "{" not in text and "None" not in text, step
        for right in plan.rights:
            said = right_words(right, currency="CNY", this_year=2026)
            assert CHINESE.search(said.zh) and said.en


def test_refusals_put_codes_into_words() -> None:
    refusal = ApprovalNeeded(because=("role_level", "parts_used"), manager_only=True)
    assert say_error("zh", refusal) == "需要店长批准：级别高于您的权限、已使用备件。"
    assert say_error("en", refusal) == "A manager must approve this: the level is above your role, parts were used."
    moved = MoveNotAllowed(before="done", after="assigned")
    assert say_error("zh", moved) == "工单不能从“已完成”变为“已分配未处理”。"


def test_a_missing_word_is_an_error_and_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        say("zh", "trade.reason.nothing")


def test_the_singular_is_chosen_by_the_count() -> None:
    for room, key in ALL:
        en = catalogue(room)[key][1]
        if "|" in en:
            assert len(en.split("|")) == 2, key
            assert "n" in fields_of(en), key


def test_cancelling_is_called_by_one_word_throughout() -> None:
    """取消 is no word for the business action; leaving a screen is 返回."""
    found = {
        f"{room}.{key}": zh
        for room, key in ALL
        for zh in [catalogue(room)[key][0]]
        if "取消" in zh and "已取消" not in zh
    }
    assert found == {}


def test_every_room_of_words_can_be_loaded() -> None:
    for room in ROOMS:
        assert importlib.import_module(f"store_desk.words.{room}").WORDS is catalogue(room)
