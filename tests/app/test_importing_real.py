"""The real exports, and a generated one of their size, brought into the real store."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from store_desk.app.importing import Brought
from store_desk.domain.errors import DomainError
from store_desk.services.look_up import find_tickets
from tests.app.exports import check, importing, never, numbers, quiet, staged
from tests.benchmarks.importing import ROWS, write_export
from tests.shop import Shop, open_shop

LARGE = 86_196
FOLDERS = ("edge", "malformed", "messytables_horror", "csv_spectrum")


def bring_accepting(shop: Shop, path: Path) -> Brought:
    """Brought in with every proposal for an unknown word accepted, and `approved/unassigned` for what has none."""
    imports = importing(shop)
    _, mapping = imports.look(path)
    try:
        checked = imports.check(path, mapping, progress=quiet, stop=never)
        answers = {
            (field, word): proposal or {"state": "approved/unassigned", "type": "repair"}.get(field, "")
            for field, word, _, proposal in checked.unknown
        }
        answers = {key: value for key, value in answers.items() if value}
        if answers:
            mapping = replace(mapping, values=mapping.values | answers)
            imports.check(path, mapping, progress=quiet, stop=never)
        return imports.bring_in(shop.manager, path, mapping, progress=quiet, stop=never)
    finally:
        imports.forget()


@pytest.mark.shared_data
def test_three_forms_of_one_export_are_one_import(tmp_path: Path, shared_data: Path) -> None:
    shop = open_shop(tmp_path / "desk")
    first = bring_accepting(shop, shared_data / "erp" / "erp_zh_utf8bom.csv")
    assert first.counts.added == 26_046
    for name in ("erp_zh_gb18030_semicolon.csv", "erp_zh.xlsx"):
        again = check(shop, shared_data / "erp" / name).counts
        assert (again.added, again.updated, again.unchanged) == (0, 0, 26_046), name
    shop.close()


@pytest.mark.shared_data
def test_every_row_of_the_large_export_can_be_found_and_cancelled(tmp_path: Path, shared_data: Path) -> None:
    shop = open_shop(tmp_path / "desk")
    path = shared_data / "erp" / "erp_ords_utf8bom.csv"
    brought = bring_accepting(shop, path)
    assert (brought.counts.rows, brought.counts.added, brought.counts.refused) == (LARGE, LARGE, 0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        wanted = [row["售后单号"] for row in csv.DictReader(file)]
    assert sorted(wanted) == numbers(shop)
    for number in wanted[::97]:
        found = find_tickets(shop.desk, shop.clerk, text=number)
        assert found.lines[0].ticket.number == number
    assert len(find_tickets(shop.desk, shop.clerk, text="202402174792119356").lines) == 5
    _cancel_some(shop, step=301)
    shop.close()


def _cancel_some(shop: Shop, *, step: int) -> None:
    """Cancels every so many-th open ticket; nothing but the shop's rules may say no."""
    with shop.opened.store.reading() as unit:
        ids = [
            ticket_id
            for (ticket_id,) in unit.connection.execute("SELECT id FROM ticket WHERE closed_at IS NULL ORDER BY row")
        ]
    done = 0
    for ticket_id in ids[::step]:
        ticket = shop.load(ticket_id)
        cancelled = shop.cancel(ticket, by=shop.supervisor, approver=shop.manager)
        assert cancelled.case.ticket_id == ticket_id
        done += 1
    assert done > 50


def test_a_generated_export_of_the_same_size_is_brought_in_whole(tmp_path: Path) -> None:
    assert ROWS == LARGE
    shop = open_shop(tmp_path / "desk")
    file = tmp_path / "export.csv"
    write_export(file, LARGE)
    imports = importing(shop)
    _, mapping = imports.look(file)
    checked = imports.check(file, mapping, progress=quiet, stop=never)
    assert (checked.counts.added, checked.counts.refused) == (LARGE, 0)
    assert imports.bring_in(shop.manager, file, mapping, progress=quiet, stop=never).counts.added == LARGE
    assert find_tickets(shop.desk, shop.clerk, text=f"AS{20_000_000 + LARGE - 1}").lines
    with shop.opened.store.reading() as unit:
        rows, words, cases, cancelled = unit.connection.execute(
            "SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM ticket_words_docsize),"
            " (SELECT count(*) FROM cancellation_case), (SELECT count(*) FROM ticket WHERE case_id IS NOT NULL)"
        ).fetchone()
    assert (rows, words) == (LARGE, LARGE) and cases == cancelled == LARGE // 8
    shop.close()


def _odd_files(shared: Path) -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((shared / folder).rglob("*"))
        if path.is_file() and path.suffix.lower() not in (".md", ".json") and path.stat().st_size < 2_000_000
    ]


@pytest.mark.shared_data
def test_no_odd_file_breaks_the_desk_and_every_refused_row_has_its_line(tmp_path: Path, shared_data: Path) -> None:
    shop = open_shop(tmp_path / "desk")
    brought = refused = 0
    for path in _odd_files(shared_data):
        try:
            done = bring_accepting(shop, path)
        except DomainError:
            refused += 1
            continue
        brought += 1
        if done.counts.refused:
            with Path(done.refused_file).open(encoding="utf-8-sig", newline="") as file:
                told = list(csv.reader(file))[1:]
            assert len(told) >= done.counts.refused, path.name
            assert all(int(line[0].split()[0]) > 0 and line[-1] for line in told), path.name
    assert brought >= 3 and refused >= 3
    assert staged(shop) == []
    shop.close()
