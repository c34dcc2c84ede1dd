"""Imports on the real store as the window does them: checked, brought in, brought in again, taken back, stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.app.importing import DeskImporting
from store_desk.domain.errors import (
    BatchNotFound,
    ImportStopped,
    MappingIncomplete,
    NotATicketExport,
    RightMissing,
    ValuesUnknown,
)
from store_desk.domain.imports import Field
from store_desk.domain.ticket import Ticket
from store_desk.services.look_up import find_tickets
from store_desk.services.rules import change_setting
from store_desk.store.undo import take_back_unfinished
from store_desk.words import LANGS, say_error
from tests.app.exports import HEAD, THREE, bring, check, importing, look, many, never, numbers, quiet, staged, write
from tests.shop import Shop

LATER = "2026-05-02 10:00:00"


def ticket(shop: Shop, number: str) -> Ticket:
    with shop.opened.store.reading() as unit:
        (ticket_id,) = unit.connection.execute("SELECT id FROM ticket WHERE number = ?", (number,)).fetchone()
        found = unit.tickets.get(ticket_id)
    assert found is not None
    return found


def test_a_check_counts_and_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    checked = check(shop, write(tmp_path / "export.csv"))
    assert (checked.counts.rows, checked.counts.added, checked.shape.rows) == (3, 3, 3)
    assert checked.filled["客户姓名"] == 3
    assert numbers(shop) == [] and staged(shop) == []


def test_the_same_file_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    file = write(tmp_path / "export.csv")
    assert bring(shop, file).counts.added == 3
    versions = [ticket(shop, number).version for number in numbers(shop)]
    again = bring(shop, file)
    assert (again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 3)
    assert [ticket(shop, number).version for number in numbers(shop)] == versions
    assert staged(shop) == []


def test_a_newer_file_changes_what_is_newer_and_an_older_one_nothing(shop: Shop, tmp_path: Path) -> None:
    bring(shop, write(tmp_path / "export.csv"))
    newer = (*THREE[0][:5], "已通过", LATER)
    older = (*THREE[1][:5], "已完成", "2026-04-01 10:00:00")
    counts = bring(shop, write(tmp_path / "newer.csv", (newer, older))).counts
    assert (counts.updated, counts.unchanged) == (1, 1)
    assert ticket(shop, "A-1").review.value == "approved"
    assert ticket(shop, "A-2").work.value == "in_process"


def test_a_ticket_with_a_case_here_keeps_its_state_and_is_named(shop: Shop, tmp_path: Path) -> None:
    bring(shop, write(tmp_path / "export.csv"))
    shop.cancel(ticket(shop, "A-1"))
    before = ticket(shop, "A-1")
    file = write(tmp_path / "newer.csv", ((*THREE[0][:5], "已完成", LATER),))
    assert [row.code for row in check(shop, file).refused] == ["conflict_case"]
    brought = bring(shop, file)
    assert brought.counts.conflicts == 1
    assert ticket(shop, "A-1") == before
    assert "A-1" in Path(brought.refused_file).read_text("utf-8-sig")


def test_unknown_words_are_asked_and_the_answer_comes_back_by_itself(shop: Shop, tmp_path: Path) -> None:
    file = write(tmp_path / "odd.csv", ((*THREE[0][:5], "飘在空中", LATER),))
    checked = check(shop, file)
    assert checked.required_unknown == (("state", "飘在空中"),)
    with pytest.raises(ValuesUnknown) as asked:
        bring(shop, file)
    assert asked.value.facts["values"] == ("飘在空中",)
    assert numbers(shop) == [] and staged(shop) == []
    answered = replace(look(shop, file), values={("state", "飘在空中"): "approved/assigned"})
    assert bring(shop, file, answered).counts.added == 1
    other = write(tmp_path / "next.csv", ((*THREE[1][:5], "飘在空中", LATER),))
    assert bring(shop, other).counts.added == 1
    assert ticket(shop, "A-2").work.value == "assigned"


def test_a_corrected_column_comes_back_with_the_next_file_of_the_same_headings(shop: Shop, tmp_path: Path) -> None:
    head = ("zzz", "qqq", "客户姓名")
    file = write(tmp_path / "strange.csv", (("S-1", "x", "张伟"),), head)
    corrected = replace(look(shop, file), columns={Field.NUMBER: "zzz", Field.CUSTOMER: "客户姓名"})
    bring(shop, file, corrected)
    assert look(shop, write(tmp_path / "b.csv", (("S-2", "y", "李娜"),), head)).columns[Field.NUMBER] == "zzz"


def test_a_file_of_garbage_is_given_up_and_its_first_rows_are_kept_with_their_reasons(
    shop: Shop, tmp_path: Path
) -> None:
    change_setting(shop.desk, shop.manager, name="policy.import_refused_max", value="1000")
    file = write(tmp_path / "garbage.csv")
    with file.open("a", encoding="utf-8") as text:
        text.writelines(f"garbage {at}\n" for at in range(50_000))
    with pytest.raises(NotATicketExport) as given_up:
        bring(shop, file)
    facts = given_up.value.facts
    assert (facts["file"], facts["refused"], facts["rows"], facts["line"]) == ("garbage.csv", 1_001, 3, 5)
    kept = Path(str(facts["kept"])).read_text("utf-8-sig").splitlines()
    assert kept[1].startswith("5,") and "garbage 0" in kept[1] and 500 < len(kept) <= 1_001
    for lang in LANGS:
        assert "garbage.csv" in (words := say_error(lang, given_up.value)) and str(facts["kept"]) in words
    assert numbers(shop) == [] and staged(shop) == []
    assert bring(shop, write(tmp_path / "export.csv")).counts.added == 3


def test_without_a_column_for_the_number_nothing_is_read(shop: Shop, tmp_path: Path) -> None:
    file = write(tmp_path / "export.csv")
    mapping = replace(look(shop, file), columns={Field.CUSTOMER: "客户姓名"})
    with pytest.raises(MappingIncomplete):
        check(shop, file, mapping)


def test_only_who_may_import_imports_and_takes_back(shop: Shop, tmp_path: Path) -> None:
    file = write(tmp_path / "export.csv")
    with pytest.raises(RightMissing):
        importing(shop).bring_in(shop.clerk, file, look(shop, file), progress=quiet, stop=never)
    batch = bring(shop, file).batch
    with pytest.raises(RightMissing):
        importing(shop).undo(shop.clerk, batch)
    assert len(numbers(shop)) == 3


def test_an_import_is_taken_back_but_for_what_was_touched(shop: Shop, tmp_path: Path) -> None:
    own = shop.ticket()
    brought = bring(shop, write(tmp_path / "export.csv"))
    shop.cancel(ticket(shop, "A-1"))
    removed, restored, kept = importing(shop).undo(shop.manager, brought.batch)
    assert (removed, restored, kept) == (2, 0, ("A-1",))
    assert numbers(shop) == ["A-1", own.number]
    with pytest.raises(BatchNotFound):
        importing(shop).undo(shop.manager, brought.batch)


def test_an_update_that_is_taken_back_restores_the_tickets(shop: Shop, tmp_path: Path) -> None:
    bring(shop, write(tmp_path / "export.csv"))
    before = ticket(shop, "A-1")
    brought = bring(shop, write(tmp_path / "newer.csv", ((*THREE[0][:2], "章伟", *THREE[0][3:5], "已通过", LATER),)))
    assert find_tickets(shop.desk, shop.clerk, text="章伟").lines
    assert importing(shop).undo(shop.manager, brought.batch)[:2] == (0, 1)
    assert replace(ticket(shop, "A-1"), version=before.version) == before
    assert not [hit for hit in find_tickets(shop.desk, shop.clerk, text="章伟").lines if hit.ticket.customer == "章伟"]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_stopping_while_publishing_keeps_nothing(shop: Shop, tmp_path: Path, after: int) -> None:
    own = shop.ticket()
    file = many(tmp_path / "many.csv", 5_000)
    shares: list[int] = []

    def told(done: int, total: int) -> None:
        shares.append(done)

    with pytest.raises(ImportStopped):
        importing(shop).bring_in(
            shop.manager, file, look(shop, file), progress=told, stop=lambda: sum(at > 500 for at in shares) > after
        )
    assert numbers(shop) == [own.number] and staged(shop) == []
    assert not take_back_unfinished(shop.opened.store, now=shop.clock())
    assert bring(shop, file).counts.added == 5_000


def test_an_import_that_was_cut_off_is_taken_back_at_the_next_start(shop: Shop, tmp_path: Path) -> None:
    file = many(tmp_path / "many.csv", 3_000)

    class PowerCut(BaseException):
        pass

    class Lane:
        """Goes out after some steps, together with everything that would clear up."""

        left = 4

        def waiting(self) -> int:
            return 0

        def submit(self, work):  # type: ignore[no-untyped-def]
            from concurrent.futures import Future

            self.left -= 1
            if self.left < 0:
                raise PowerCut
            future = Future()
            future.set_result(work())
            return future

    with pytest.raises(PowerCut):
        DeskImporting(shop.desk, shop.opened.store, lane=Lane()).bring_in(
            shop.manager, file, look(shop, file), progress=quiet, stop=never
        )
    assert numbers(shop)
    shop.opened.store.close()
    from store_desk.app.wiring import open_desk

    opened = open_desk(shop.folder, now=shop.clock)
    assert [batch.file for batch in take_back_unfinished(opened.store, now=shop.clock())] == ["many.csv"]
    with opened.store.reading() as unit:
        assert unit.connection.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    shop.opened = opened


def test_progress_goes_on_through_every_phase_to_the_end(shop: Shop, tmp_path: Path) -> None:
    file = many(tmp_path / "many.csv", 5_000)
    bring(shop, write(tmp_path / "export.csv"))
    shares: list[float] = []
    importing(shop).bring_in(
        shop.manager,
        file,
        look(shop, file),
        progress=lambda done, total: shares.append(done / total),
        stop=never,
    )
    assert shares[0] < 0.5 and shares[-1] == 1.0
    assert len({round(share, 3) for share in shares if share > 0.5}) > 3


def test_a_large_import_looks_up_and_counts_the_same_for_rows_without_telephone(shop: Shop, tmp_path: Path) -> None:
    rows = tuple((f"N-{at}", "", "陈晨", "" if at % 2 else f"139{at:08d}", "冰箱", "待审核", LATER) for at in range(10))
    brought = bring(shop, write(tmp_path / "export.csv", (*rows, rows[0], ("", *rows[1][1:])), HEAD))
    assert (brought.counts.added, brought.counts.without_phone, brought.counts.refused) == (10, 5, 1)
    assert len(find_tickets(shop.desk, shop.clerk, text="陈晨").lines) == 10
