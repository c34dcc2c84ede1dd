"""The import as it goes along, without its widgets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from store_desk.domain.errors import FileEncrypted, ImportStopped
from store_desk.domain.imports import Field
from store_desk.ui.bench import Bench
from store_desk.ui.imports.answers import Unknown, choices_of, near_choices
from store_desk.ui.imports.errand import Progress
from store_desk.ui.imports.flow import Doing, Flow, Step
from tests.ui.settings.benches import Imports

FILE = Path("old.xlsx")


@pytest.fixture
def imports(bench: Bench) -> Imports:
    """What the bench brings files in with."""
    assert isinstance(bench.importing, Imports)
    return bench.importing


@pytest.fixture
def flow(bench: Bench, imports: Imports) -> Iterator[Flow]:
    """An import that has not begun; nothing of it is left behind."""
    made = Flow(bench)
    yield made
    made.forget()


def checked(qtbot: QtBot, flow: Flow) -> None:
    """Waits until the check has answered."""
    qtbot.waitUntil(lambda: flow.check is not None and flow.doing is Doing.NOTHING)


def at_check(qtbot: QtBot, flow: Flow) -> None:
    """Goes to the third step and waits for its check."""
    flow.look(FILE)
    checked(qtbot, flow)
    flow.go_on()
    checked(qtbot, flow)


def test_a_file_that_was_looked_at_is_checked_by_itself(qtbot: QtBot, flow: Flow) -> None:
    flow.look(FILE)
    checked(qtbot, flow)
    assert flow.step is Step.MATCH
    assert flow.field_of("机身号") is Field.SERIAL
    assert flow.field_of("备用1") is None
    assert flow.check is not None and flow.check.counts.added == 1102


def test_a_file_with_a_password_stays_at_the_first_step_and_says_why(
    qtbot: QtBot, flow: Flow, imports: Imports
) -> None:
    imports.error = FileEncrypted(file="old.xlsx")
    flow.look(FILE)
    qtbot.waitUntil(lambda: flow.error is not None)
    assert flow.step is Step.CHOOSE
    assert flow.doing is Doing.NOTHING


def test_a_field_given_to_another_column_leaves_the_first(qtbot: QtBot, flow: Flow) -> None:
    flow.look(FILE)
    checked(qtbot, flow)
    flow.match("备用1", Field.SERIAL)
    assert flow.field_of("备用1") is Field.SERIAL
    assert flow.field_of("机身号") is None


def test_several_changes_in_a_row_start_one_check(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    flow.look(FILE)
    checked(qtbot, flow)
    before = len(imports.asked)
    flow.match("备用1", Field.BRAND)
    flow.match("备用1", Field.ASSIGNEE)
    flow.match("备用1", Field.CARRIER)
    checked(qtbot, flow)
    assert len(imports.asked) == before + 1
    assert imports.asked[-1].columns[Field.CARRIER] == "备用1"


def test_without_a_column_for_the_number_there_is_no_going_on(qtbot: QtBot, flow: Flow) -> None:
    flow.look(FILE)
    checked(qtbot, flow)
    flow.match("单号", None)
    assert flow.missing_fields() == (Field.NUMBER,)
    assert not flow.can_go_on()


def test_going_on_takes_the_proposal_for_an_unknown_word(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    at_check(qtbot, flow)
    assert imports.asked[-1].values == {("state", "返修中"): "in_process/in_process"}
    # The word stays in sight with its answer, so that it can still be changed.
    assert [item.word for item in flow.asked.values()] == ["返修中"]
    assert flow.can_go_on()


def test_a_word_without_proposal_must_be_explained_before_the_import(
    qtbot: QtBot, flow: Flow, imports: Imports
) -> None:
    imports.unknown = (("state", "挂起", 5, ""),)
    at_check(qtbot, flow)
    assert not flow.can_go_on()
    flow.answer(flow.open_questions()[0], "cancelled")
    checked(qtbot, flow)
    assert flow.can_go_on()
    assert flow.open_questions() == []


def test_a_reason_nobody_explains_does_not_hold_the_import_up(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    imports.mapping.columns[Field.CANCEL_REASON] = "备用1"
    imports.unknown = (("cancel_reason", "不想要了", 5, ""),)
    try:
        at_check(qtbot, flow)
        assert flow.can_go_on()
    finally:
        del imports.mapping.columns[Field.CANCEL_REASON]


def test_the_import_ends_with_its_counts_and_can_be_taken_back(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    at_check(qtbot, flow)
    flow.go_on()
    qtbot.waitUntil(lambda: flow.done is not None)
    assert imports.brought[0].values[("state", "返修中")] == "in_process/in_process"
    flow.undo()
    qtbot.waitUntil(lambda: flow.undone is not None)
    assert imports.undone == [7]
    assert flow.undone is not None and flow.undone.kept == ("AS-2604-0190",)


def test_stopping_keeps_nothing_and_says_so(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    at_check(qtbot, flow)
    imports.gate.clear()
    with qtbot.waitSignal(flow.progressed):
        flow.go_on()
    flow.stop()
    qtbot.waitUntil(lambda: isinstance(flow.error, ImportStopped))
    assert imports.brought == []
    assert flow.done is None
    flow.go_back()
    assert flow.step is Step.CHECK


def test_an_answer_for_another_file_is_dropped(qtbot: QtBot, flow: Flow, imports: Imports) -> None:
    flow.look(FILE)
    flow.forget()
    flow.look(Path("other.csv"))
    checked(qtbot, flow)
    assert flow.path == Path("other.csv")


def test_time_left_is_not_guessed_in_the_first_half_second() -> None:
    assert Progress(500, 1000, 0.2).seconds_left is None
    assert Progress(500, 1000, 2.0).seconds_left == 2
    assert Progress(1000, 1000, 2.0).seconds_left is None


@pytest.mark.parametrize(
    ("guess", "expected"),
    [
        ("in_process/in_process", ("approved/assigned", "in_process/in_process", "in_process/awaiting_confirmation")),
        ("cancelled", ("approved/done", "rejected/unassigned", "cancelled")),
        ("pending_review/unassigned", ("pending_review/unassigned", "under_review/unassigned", "approved/unassigned")),
        ("", ()),
    ],
)
def test_a_proposed_state_stands_beside_its_neighbours(guess: str, expected: tuple[str, ...]) -> None:
    near = near_choices(Unknown("state", "返修中", 3, guess))
    assert tuple(value for value, _ in near) == expected


def test_every_state_of_the_list_is_a_choice() -> None:
    assert len(choices_of("state")) == 9
