"""Slips onto paper or into files: what happened is recorded, and a printer that fails leaves the slip owed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store_desk.app.printing import DeskPrinting, draw_slip, only_chinese, write_whole
from store_desk.app.signing import DeskSigning
from store_desk.domain.consent import Channel, Consent, Grade
from store_desk.domain.errors import DiskFull, FileNotWritten, NoPrinter, PrinterUnavailable
from store_desk.domain.identity import IdentityKind
from store_desk.domain.slip import Copy, Paper
from store_desk.services.rules import change_setting
from store_desk.services.slips import owed_slips, slip_of
from tests.shop import Shop
from tests.slips.paper import sheets
from tests.slips.samples import usual


@pytest.fixture
def printing(shop: Shop) -> DeskPrinting:
    signing = DeskSigning(shop.desk, shop.opened.store.keys)
    return DeskPrinting(shop.desk, shop.folder, lambda: shop.clerk, signing=signing)


@pytest.fixture
def slip(shop: Shop) -> str:
    """The number of a slip that is still owed."""
    return shop.cancel(shop.ticket()).slip.number


def use(shop: Shop, **settings: object) -> None:
    for name, value in settings.items():
        change_setting(shop.desk, shop.manager, name=name.replace("__", "."), value=json.dumps(value))


def row(shop: Shop, number: str):  # type: ignore[no-untyped-def]
    return slip_of(shop.desk, shop.clerk, number=number).row


def printed(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pdf"))


@contextmanager
def full_disk() -> Iterator[None]:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_slip_is_printed_into_the_folder_and_is_owed_no_more(shop: Shop, printing: DeskPrinting, slip: str) -> None:
    use(shop, printer__a5="folder:")
    assert [item.row.number for item in owed_slips(shop.desk, shop.clerk)] == [slip]
    printing.print_slip(slip, paper=Paper.A5, reprint=False)
    (file,) = printed(shop.folder / "printed")
    assert slip in sheets(file.read_bytes())[0].text
    assert owed_slips(shop.desk, shop.clerk) == ()
    assert (row(shop, slip).printed_n, row(shop, slip).reprints) == (1, 0)


@pytest.mark.parametrize(("both", "copies"), [(False, ["顾客联"]), (True, ["顾客联", "门店联"])])
def test_who_called_gets_a_copy_and_the_store_one_if_it_wants_one(
    shop: Shop, printing: DeskPrinting, both: bool, copies: list[str]
) -> None:
    use(shop, printer__a5="folder:", printer__store_copy_phone=both)
    by_phone = Consent(Grade.PHONE, reference="REC-1")
    who = ((IdentityKind.PHONE_LAST4, "6021"), (IdentityKind.ORDER_NUMBER, "SO-88421907"))
    done = shop.cancel(shop.ticket(), channel=Channel.PHONE, identity=who, consent=by_phone)
    printing.print_slip(done.slip.number, paper=Paper.A5, reprint=False)
    (file,) = printed(shop.folder / "printed")
    pages = [sheet.text for sheet in sheets(file.read_bytes())]
    told = [[word for word in ("顾客联", "门店联") if word in page] for page in pages]
    assert told == [[copy] for copy in copies]


def test_without_a_printer_the_slip_stays_owed(shop: Shop, printing: DeskPrinting, slip: str) -> None:
    with pytest.raises(NoPrinter):
        printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert row(shop, slip).owed and row(shop, slip).failure
    assert printing.state(Paper.MM80).code == "none"


def test_a_printer_that_fails_leaves_the_slip_owed_with_the_reason(
    shop: Shop, printing: DeskPrinting, slip: str
) -> None:
    use(shop, printer__a5="ipp://127.0.0.1:1/ipp/print")
    with pytest.raises(PrinterUnavailable) as failed:
        printing.print_slip(slip, paper=Paper.A5, reprint=False)
    kept = row(shop, slip)
    assert kept.owed and kept.printed_n == 0 and kept.failure == str(failed.value)
    assert printing.state(Paper.A5).code == "offline"
    use(shop, printer__a5="folder:")
    printing.print_slip(slip, paper=Paper.A5, reprint=False)
    assert not row(shop, slip).owed


def test_a_reprint_is_counted_and_marked(shop: Shop, printing: DeskPrinting, slip: str) -> None:
    use(shop, printer__a5="folder:")
    for again in (False, True, True):
        printing.print_slip(slip, paper=Paper.A5, reprint=again)
    assert (row(shop, slip).printed_n, row(shop, slip).reprints) == (3, 2)
    texts = [sheets(file.read_bytes())[0].text for file in printed(shop.folder / "printed")]
    assert len(texts) == 3
    assert sorted("REPRINT" in text for text in texts) == [False, True, True]
    assert any("REPRINT2" in text for text in texts)


def test_a_slip_is_saved_whole_and_counts_as_handed_over(shop: Shop, printing: DeskPrinting, slip: str) -> None:
    target = shop.folder.parent / "out" / "slip.pdf"
    with pytest.raises(FileNotWritten):
        printing.save_slip(slip, paper=Paper.A5, path=target)
    assert row(shop, slip).owed
    target.parent.mkdir()
    printing.save_slip(slip, paper=Paper.A5, path=target)
    assert target.read_bytes().startswith(b"%PDF") and not row(shop, slip).owed
    assert [path.name for path in target.parent.iterdir()] == ["slip.pdf"]


def test_a_full_disk_keeps_the_old_file_and_leaves_no_half_one(tmp_path: Path) -> None:
    target = tmp_path / "slip.pdf"
    target.write_bytes(b"old")
    with full_disk(), pytest.raises((DiskFull, FileNotWritten)):
        write_whole(target, b"new" * 1_000)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["slip.pdf"]


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_as_many_copies_as_are_set(shop: Shop, printing: DeskPrinting, slip: str, copies: int) -> None:
    use(shop, printer__a5="folder:", printer__copies=copies)
    printing.print_slip(slip, paper=Paper.A5, reprint=False)
    (file,) = printed(shop.folder / "printed")
    one = len(sheets(draw_slip(slip_of(shop.desk, shop.clerk, number=slip).data, Paper.A5, (Copy.CUSTOMER,), 0, False)))
    assert len(sheets(file.read_bytes())) == one * copies


def test_a_slip_in_chinese_only_keeps_names_and_numbers() -> None:
    data = usual()
    both = sheets(draw_slip(data, Paper.A5, (Copy.CUSTOMER,), 0, False))[0].text
    plain = sheets(draw_slip(only_chinese(data), Paper.A5, (Copy.CUSTOMER,), 0, False))[0].text
    english = data.reason.en.replace(" ", "")
    assert english and english in both and english not in plain
    assert data.reason.zh in plain and data.number in plain and data.ticket_number in plain


def test_a_test_page_needs_no_slip_and_records_nothing(shop: Shop, printing: DeskPrinting) -> None:
    use(shop, printer__a5="folder:")
    printing.test_page(Paper.A5)
    assert len(printed(shop.folder / "printed")) == 1
    assert owed_slips(shop.desk, shop.clerk) == ()


def test_the_folder_is_always_among_the_printers(shop: Shop, printing: DeskPrinting) -> None:
    assert printing.names()[-1] == f"folder:{shop.folder / 'printed'}"
