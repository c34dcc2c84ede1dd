"""`plan`, `cancel`, `withdraw`, `reopen` and `slip`, each through the same rules as the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AUDITOR, CLERK, MANAGER, NEW, PINS, SUPERVISOR, Call, Ran

VERBAL = ("--consent", "verbal")


def mistake(call: Call, number: str = "T-1", *more: str, **options: Any) -> Ran:
    return call("cancel", number, "--reason", "mistake", *(more or VERBAL), **options)


def approved(call: Call, number: str, *more: str, who: str = SUPERVISOR, **options: Any) -> Ran:
    words = ("cancel", number, *more, "--approve-as", who)
    return call(*words, STORE_DESK_APPROVER_PIN=PINS.get(who, ""), **options)


def test_a_plan_has_the_agreed_shape(call: Call) -> None:
    ran = call("plan", "T-4", "--reason", "self_resolved")
    assert ran.status == 0
    plan = ran.json
    assert plan["level"] == 4
    assert {"kind", "text", "amount_minor", "automatic"} <= plan["steps"][0].keys()
    assert [step["kind"] for step in plan["steps"]][:2] == ["stop_visit", "stop_work"]
    assert plan["approval"]["needed"] is True
    assert plan["approval"]["because"] == ["role_level", "collect_amount"]
    assert plan["money"] == {"customer_pays_minor": 12000, "store_pays_minor": 0, "currency": "CNY"}
    assert plan["evidence"] == ["how"]
    assert "paper" in plan["consent"]
    assert all(right["text"] for right in plan["rights_at_stake"])


def test_a_plan_changes_nothing(call: Call) -> None:
    before = call("show", "T-4").json
    call("plan", "T-4", "--reason", "self_resolved")
    assert call("show", "T-4").json == before


def test_a_plan_in_words_names_steps_money_and_approval(call: Call) -> None:
    ran = call("plan", "T-4", "--reason", "self_resolved", "--lang", "en", as_json=False)
    assert "1. " in ran.out
    assert "¥120.00" in ran.out
    assert "supervisor" in ran.out


def test_a_plan_by_phone_accepts_other_consent(call: Call) -> None:
    ran = call("plan", "T-1", "--reason", "mistake", "--channel", "phone")
    assert "phone" in ran.json["consent"] and "paper" not in ran.json["consent"]


@pytest.mark.req("REQ-STA-01")
def test_a_level_one_ticket_is_cancelled_in_one_go(call: Call) -> None:
    ran = mistake(call)
    assert ran.status == 0
    assert {"id", "state", "reason", "level"} <= ran.json["case"].keys()
    assert (ran.json["case"]["state"], ran.json["case"]["reason"], ran.json["case"]["level"]) == (
        "confirmed",
        "mistake",
        1,
    )
    assert ran.json["ticket"]["status"] == "cancelled"
    assert ran.json["obligations"] == []
    assert ran.json["slip"]["status"] == "FINAL"
    assert ran.json["slip"]["file"] == ""
    assert all(ran.json["checks"].values())
    shown = call("show", "T-1").json
    assert shown["ticket"]["status"] == "cancelled"
    assert shown["cases"][0]["id"] == ran.json["case"]["id"]
    assert "ticket_cancelled" in [entry["what"] for entry in shown["journal"]]


@pytest.mark.req("REQ-RSN-06")
def test_without_a_reason_nothing_is_cancelled(call: Call) -> None:
    for verb in ("plan", "cancel"):
        ran = call(verb, "T-1")
        assert (ran.status, ran.code) == (1, "reason_missing")
    assert call("show", "T-1").json["ticket"]["status"] == "open"


def test_an_unknown_reason_is_refused_with_those_that_exist(call: Call) -> None:
    ran = call("cancel", "T-1", "--reason", "no_idea", *VERBAL)
    assert (ran.status, ran.code) == (1, "reason_unknown")
    assert "self_resolved" in ran.json["error"]["facts"]["known"]


def test_without_consent_nothing_is_cancelled_and_the_accepted_grades_are_named(call: Call) -> None:
    ran = call("cancel", "T-1", "--reason", "mistake")
    assert (ran.status, ran.code) == (1, "consent_missing")
    assert ran.json["error"]["facts"]["accepted"] == ["counter", "paper", "refused", "proxy", "verbal"]
    assert call("show", "T-1").json["cases"] == []


def test_evidence_that_the_reason_asks_for_is_named(call: Call) -> None:
    ran = call("cancel", "T-1", "--reason", "self_resolved", *VERBAL)
    assert (ran.status, ran.code) == (1, "evidence_missing")
    assert ran.json["error"]["facts"] == {"reason": "self_resolved", "fields": ["how"]}
    done = call("cancel", "T-1", "--reason", "self_resolved", "--evidence", "how=清理=滤网", *VERBAL)
    assert done.json["case"]["evidence"] == {"how": "清理=滤网"}


def test_a_note_may_stand_for_the_evidence(call: Call) -> None:
    ran = call("cancel", "T-1", "--reason", "self_resolved", "--note", "清理了滤网", *VERBAL)
    assert ran.json["case"]["evidence"] == {"how": "清理了滤网"}


def test_a_second_cancellation_is_refused(call: Call) -> None:
    mistake(call)
    ran = mistake(call)
    assert (ran.status, ran.code) == (1, "ticket_already_cancelled")


@pytest.mark.parametrize(("number", "code"), [("T-DONE", "ticket_done"), ("T-REJECTED", "ticket_rejected")])
def test_a_ticket_past_cancelling_is_refused(call: Call, number: str, code: str) -> None:
    ran = mistake(call, number)
    assert (ran.status, ran.code) == (1, code)


def test_an_auditor_may_look_but_not_cancel(call: Call) -> None:
    assert call("show", "T-1", clerk=AUDITOR).status == 0
    ran = mistake(call, clerk=AUDITOR)
    assert (ran.status, ran.code) == (1, "right_missing")


def test_above_the_level_of_the_role_a_supervisor_must_approve(call: Call) -> None:
    words = ("T-4", "--reason", "self_resolved", "--evidence", "how=自行修好", "--consent", "paper")
    refused = call("cancel", *words)
    assert (refused.status, refused.code) == (1, "approval_needed")
    assert refused.json["error"]["facts"]["because"] == ["role_level", "collect_amount"]
    assert "--approve-as" in refused.json["error"]["hint"]
    done = approved(call, *words)
    assert done.status == 0
    assert done.json["case"]["approver"] == SUPERVISOR
    assert {item["kind"] for item in done.json["obligations"]} == {"stop_visit", "stop_work", "return_compensation"}
    assert done.json["ticket"]["settled"] is False


def test_money_in_hand_closes_its_obligation(call: Call) -> None:
    words = ("T-4", "--reason", "self_resolved", "--evidence", "how=自行修好", "--consent", "paper", "--settle", "cash")
    done = approved(call, *words)
    states = {item["kind"]: item["state"] for item in done.json["obligations"]}
    assert states["return_compensation"] == "done"


def test_nobody_approves_their_own_request(call: Call) -> None:
    words = ("T-3", "--reason", "need_changed", "--evidence", "text=不需要了", "--consent", "paper")
    ran = approved(call, *words, who=CLERK)
    assert (ran.status, ran.code) == (1, "approver_is_requester")


def test_a_clerk_cannot_approve_and_a_wrong_pin_does_not_either(call: Call) -> None:
    words = ("T-3", "--reason", "need_changed", "--evidence", "text=不需要了", "--consent", "paper")
    assert approved(call, *words, who=AUDITOR).code == "approver_right_missing"
    wrong = call("cancel", *words, "--approve-as", SUPERVISOR, STORE_DESK_APPROVER_PIN="000000")
    assert (wrong.status, wrong.code) == (1, "wrong_pin")
    assert call("show", "T-3").json["cases"] == []


def test_what_needs_a_manager_is_not_approved_by_a_supervisor(call: Call) -> None:
    words = ("T-1", "--reason", "past_deadline", "--evidence", "deadline=2026-01-31", "--consent", "paper")
    assert approved(call, *words, who=SUPERVISOR).code == "approver_right_missing"
    assert approved(call, *words, who=MANAGER).status == 0


def test_by_phone_two_identity_answers_and_the_recording_are_asked_for(call: Call) -> None:
    words = ("T-1", "--reason", "mistake", "--channel", "phone", "--consent", "phone:R-7")
    one = call("cancel", *words, "--identity", "phone_last4=6021")
    assert (one.status, one.code) == (1, "identity_missing")
    wrong = call("cancel", *words, "--identity", "phone_last4=0000")
    assert (wrong.status, wrong.code) == (1, "identity_mismatch")
    done = call("cancel", *words, "--identity", "phone_last4=6021", "--identity", "order_number=SO-88421907")
    assert done.status == 0
    assert done.json["case"]["consent"] == "phone"


def test_a_proxy_and_a_witness_are_recorded(call: Call) -> None:
    assert mistake(call, "T-1", "--consent", "proxy:李明,儿子,委托书").json["case"]["consent"] == "proxy"
    assert mistake(call, "T-2", "--consent", f"refused:{CLERK}").code == "witness_invalid"
    assert mistake(call, "T-2", "--consent", f"refused:{SUPERVISOR}").json["case"]["consent"] == "refused"


def test_a_proxy_without_authority_is_no_consent(call: Call) -> None:
    assert mistake(call, "T-1", "--consent", "proxy:李明,儿子").code == "consent_missing"


@pytest.mark.parametrize("consent", ["counter", "nonsense", "", "paper:x", "phone", "refused"])
def test_consent_that_is_none_is_never_taken(call: Call, consent: str) -> None:
    ran = mistake(call, "T-1", f"--consent={consent}")
    assert ran.code in ("wrong_use", "consent_missing")
    assert call("show", "T-1").json["cases"] == []


def test_the_slip_is_written_and_counts_as_handed_over(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "slip.pdf"
    ran = mistake(call, "T-1", *VERBAL, "--slip", str(out))
    assert ran.json["slip"]["file"] == str(out)
    assert out.read_bytes().startswith(b"%PDF")
    assert ran.json["slip"]["owed"] is False
    assert "slip_printed" in [entry["what"] for entry in call("show", "T-1").json["journal"]]


def test_a_slip_that_cannot_be_written_leaves_the_cancellation_standing(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "slip.pdf"
    ran = mistake(call, "T-1", *VERBAL, "--slip", str(out))
    assert ran.status == 0
    assert ran.json["ticket"]["status"] == "cancelled"
    assert ran.json["slip"]["file"] == ""
    assert ran.json["slip"]["error"] == "file_not_written"
    assert ran.json["slip"]["owed"] is True
    assert ran.json["slip"]["number"] in ran.err


def test_a_slip_again_is_a_reprint_and_says_so(call: Call, tmp_path: Path) -> None:
    mistake(call, "T-1", *VERBAL, "--slip", str(tmp_path / "first.pdf"))
    ran = call("slip", "T-1", "--paper", "80mm", "--out", str(tmp_path / "again.pdf"))
    assert ran.status == 0
    assert ran.json["slip"]["reprint"] == 1
    assert ran.json["slip"]["paper"] == "80mm"
    assert (tmp_path / "again.pdf").read_bytes().startswith(b"%PDF")
    by_number = call("slip", ran.json["slip"]["number"], "--out", str(tmp_path / "third.pdf"))
    assert by_number.json["slip"]["reprint"] == 2


def test_a_slip_that_was_never_handed_over_is_no_reprint(call: Call, tmp_path: Path) -> None:
    mistake(call)
    assert call("slip", "T-1", "--out", str(tmp_path / "slip.pdf")).json["slip"]["reprint"] == 0


def test_a_slip_cannot_be_written_over_a_folder_or_a_device(call: Call, tmp_path: Path) -> None:
    mistake(call)
    for out in (tmp_path, Path("/dev/null")):
        ran = call("slip", "T-1", "--out", str(out))
        assert (ran.status, ran.code) == (3, "file_not_written")
    assert not Path("/dev/null").is_file()


def test_a_ticket_without_a_slip_has_none_to_print(call: Call, tmp_path: Path) -> None:
    ran = call("slip", "T-2", "--out", str(tmp_path / "slip.pdf"))
    assert (ran.status, ran.code) == (1, "slip_not_found")


def test_withdrawing_gives_the_ticket_back_as_it_was(call: Call) -> None:
    before = call("show", "T-1").json["ticket"]
    mistake(call)
    ran = call("withdraw", "T-1")
    assert ran.status == 0
    assert ran.json["case"]["state"] == "withdrawn"
    assert ran.json["ticket"] == before
    assert ran.json["slip"]["variant"] == "void"
    assert call("withdraw", "T-1").code == "no_case_to_withdraw"


def test_after_the_undo_window_only_reopening_is_left(call: Call, folder: Path) -> None:
    from store_desk.app.wiring import open_desk

    opened = open_desk(folder)
    with opened.desk.work() as uow:
        uow.settings.put("policy.undo_window_s", "0")
    opened.close()
    mistake(call)
    ran = call("withdraw", "T-1")
    assert (ran.status, ran.code) == (1, "undo_window_over")


def test_reopening_makes_a_linked_ticket(call: Call) -> None:
    mistake(call)
    ran = call("reopen", "T-1", "--note", "又漏水了")
    assert ran.status == 0
    assert ran.json["ticket"]["reopens"] == "T-1"
    assert ran.json["ticket"]["status"] == "open"
    assert ran.json["case"]["reason"] == "mistake"
    assert call("show", ran.json["ticket"]["number"]).json["ticket"]["review"] == "pending_review"


def test_reopening_twice_or_without_a_word_is_refused(call: Call) -> None:
    mistake(call)
    assert call("reopen", "T-1", "--note", " ").code == "note_missing"
    made = call("reopen", "T-1", "--note", "又漏水了").json["ticket"]["number"]
    ran = call("reopen", "T-1", "--note", "又漏水了")
    assert (ran.status, ran.code) == (1, "already_reopened")
    assert ran.json["error"]["facts"]["reopened"] == made


def test_a_correction_of_nothing_that_a_ticket_has_is_refused(call: Call) -> None:
    for given, field in ((("鞋码", "42", "43"), "field"), (("电话", "1", "没有"), "right")):
        words = [
            part
            for name, value in zip(("field", "wrong", "right"), given, strict=True)
            for part in ("--evidence", f"{name}={value}")
        ]
        ran = call("cancel", "T-1", "--reason", "wrong_information", *words, *VERBAL)
        assert (ran.status, ran.code) == (1, "evidence_invalid")
        assert ran.json["error"]["facts"]["field"] == field


def test_an_open_ticket_is_not_reopened(call: Call) -> None:
    ran = call("reopen", "T-1", "--note", "x")
    assert (ran.status, ran.code) == (1, "ticket_not_cancelled")


def test_a_corrected_ticket_is_named_in_the_answer(call: Call) -> None:
    words = ("--evidence", "field=电话", "--evidence", "wrong=1", "--evidence", "right=13900001111")
    ran = call("cancel", "T-1", "--reason", "wrong_information", *words, *VERBAL)
    assert ran.status == 0
    made = call("show", ran.json["linked_ticket"]).json["ticket"]
    assert made["recreated_from"] == "T-1"


def test_in_words_the_whole_way_reads_like_sentences(call: Call, tmp_path: Path) -> None:
    done = mistake(call, "T-1", *VERBAL, "--slip", str(tmp_path / "s.pdf"), as_json=False)
    assert done.out.startswith("工单 T-1 已撤销。")
    assert str(tmp_path / "s.pdf") in done.out
    assert "补打 1" in call("slip", "T-1", "--out", str(tmp_path / "t.pdf"), as_json=False).out
    assert call("withdraw", "T-1", as_json=False).out.startswith("工单 T-1 的撤销已撤回")
    refused = call("cancel", "T-1", as_json=False)
    assert refused.out == ""
    assert "--reason" in refused.err


def test_a_person_with_a_first_pin_can_choose_another_and_then_act(call: Call) -> None:
    old, new = "135790", "908172"
    first = call("staff", "set-pin", clerk=NEW, STORE_DESK_PIN=old, STORE_DESK_NEW_PIN=new)
    assert first.json["staff"]["must_change_pin"] is False
    assert mistake(call, clerk=NEW, STORE_DESK_PIN=new).status == 0


def test_without_the_approvers_pin_the_variable_is_named(call: Call) -> None:
    words = ("T-3", "--reason", "need_changed", "--evidence", "text=不需要了", "--consent", "paper")
    ran = call("cancel", *words, "--approve-as", SUPERVISOR)
    assert (ran.status, ran.code) == (2, "wrong_use")
    assert "STORE_DESK_APPROVER_PIN" in ran.json["error"]["message"]


def test_a_dissatisfied_customer_needs_a_supervisor_at_every_level(call: Call) -> None:
    words = ("T-1", "--reason", "dissatisfied", "--evidence", "aspect=speed", "--consent", "paper")
    text = ("--evidence", "text=等了三个星期没有任何消息")
    assert call("cancel", *words, *text).json["error"]["facts"]["because"] == ["reason_always"]
    wrong = call(
        "cancel", "T-1", "--reason", "dissatisfied", "--evidence", "aspect=colour", *text, "--consent", "paper"
    )
    assert wrong.code == "evidence_invalid"
    done = approved(call, *words, *text)
    assert [item["kind"] for item in done.json["obligations"]] == ["improve"]


def test_a_duplicate_names_the_ticket_that_survives(call: Call) -> None:
    words = ("T-1", "--reason", "duplicate", "--consent", "verbal", "--evidence")
    assert call("cancel", *words, "survivor=T-404").code == "evidence_invalid"
    assert call("cancel", *words, "survivor=T-1").code == "evidence_invalid"
    done = call("cancel", *words, "survivor=T-2")
    assert done.json["linked_ticket"] == "T-2"
    assert done.json["ticket"]["survivor"] == "T-2"


def test_an_agreement_becomes_what_the_store_owes(call: Call) -> None:
    evidence = ("--evidence", "remedy=换新滤网", "--evidence", "amount=50", "--evidence", "due=2030-01-31")
    plan = call("plan", "T-1", "--reason", "agreement", *evidence)
    assert plan.json["money"]["store_pays_minor"] == 5000
    done = call("cancel", "T-1", "--reason", "agreement", *evidence, "--consent", "paper")
    (owed,) = done.json["obligations"]
    assert (owed["kind"], owed["amount_minor"], owed["due_at"][:10]) == ("remedy", 5000, "2030-01-31")
