"""A desk with a receipt printer: what is recorded when it fails, the narrow roll, and the cash drawer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from store_desk.app.printing import DeskPrinting
from store_desk.app.signing import DeskSigning
from store_desk.domain.errors import NoPrinter, PrinterUnavailable
from store_desk.domain.obligations import Obligation, ObligationKind, ObligationState
from store_desk.domain.slip import Paper
from store_desk.services.rules import change_setting
from store_desk.services.slips import slip_of
from tests.printing.escpos_paper import PAPER_LOW, PAPER_OUT, Device, NetworkPrinter, pictures
from tests.shop import Shop


@pytest.fixture
def printing(shop: Shop) -> DeskPrinting:
    signing = DeskSigning(shop.desk, shop.opened.store.keys)
    return DeskPrinting(shop.desk, shop.folder, lambda: shop.clerk, signing=signing)


@pytest.fixture
def printer(shop: Shop) -> Iterator[NetworkPrinter]:
    """A receipt printer that the desk uses."""
    made = NetworkPrinter(Device())
    use(shop, "printer.80mm", made.start())
    yield made
    made.stop()


def use(shop: Shop, name: str, value: object) -> None:
    change_setting(shop.desk, shop.manager, name=name, value=json.dumps(value))


def kicks(printer: NetworkPrinter) -> int:
    return [name for name, _ in printer.device.commands].count("ESC p")


def owe_money(shop: Shop, number: str, state: ObligationState = ObligationState.OPEN) -> None:
    case_id = slip_of(shop.desk, shop.clerk, number=number).row.case_id
    owed = Obligation(shop.desk.new_id(), case_id, ObligationKind.REFUND_TO_CUSTOMER, "store", state, amount_minor=5000)
    with shop.desk.work() as uow:
        uow.obligations.add_all([owed])


@pytest.fixture
def slip(shop: Shop) -> str:
    """The number of a slip that is still owed."""
    return shop.cancel(shop.ticket()).slip.number


def test_a_receipt_comes_out_and_is_owed_no_more(
    shop: Shop, printing: DeskPrinting, printer: NetworkPrinter, slip: str
) -> None:
    printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert len(pictures(printer.device.commands)) == 2
    assert not slip_of(shop.desk, shop.clerk, number=slip).row.owed


def test_paper_that_runs_out_leaves_the_slip_owed_and_the_next_try_is_no_reprint(
    shop: Shop, printing: DeskPrinting, printer: NetworkPrinter, slip: str
) -> None:
    printer.device.later, printer.device.turns_after = PAPER_OUT, 50_000
    with pytest.raises(PrinterUnavailable) as refused:
        printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert refused.value.facts["may_still_print"] is True
    assert printer.calls == 1
    found = slip_of(shop.desk, shop.clerk, number=slip)
    assert (found.row.owed, found.reprint) == (True, 0)
    assert "the paper is out" in found.row.failure


def test_the_narrow_roll_gets_the_narrow_slip(
    shop: Shop, printing: DeskPrinting, printer: NetworkPrinter, slip: str
) -> None:
    use(shop, "printer.roll", "58mm")
    printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert {page.width for page in pictures(printer.device.commands)} == {384}


def test_states_of_the_printer_reach_the_desk(shop: Shop, printing: DeskPrinting, printer: NetworkPrinter) -> None:
    assert printing.state(Paper.MM80).code == "ready"
    printer.device.states = PAPER_LOW
    assert (printing.state(Paper.MM80).code, printing.state(Paper.MM80).reason) == ("ready", "paper_low")
    printer.device.states = PAPER_OUT
    assert (printing.state(Paper.MM80).code, printing.state(Paper.MM80).reason) == ("paper_out", "media_empty")
    use(shop, "printer.80mm", "escpos+tcp://127.0.0.1:99999")
    assert (printing.state(Paper.MM80).code, printing.state(Paper.MM80).reason) == ("offline", "address_wrong")


def test_the_drawer_opens_once_for_money_that_goes_back(
    shop: Shop, printing: DeskPrinting, printer: NetworkPrinter, slip: str
) -> None:
    use(shop, "printer.drawer", True)
    owe_money(shop, slip)
    printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert kicks(printer) == 1
    printing.print_slip(slip, paper=Paper.MM80, reprint=True)
    assert kicks(printer) == 1


@pytest.mark.parametrize("case", ["switched off", "nothing owed", "paid already"])
def test_the_drawer_stays_shut_otherwise(
    shop: Shop, printing: DeskPrinting, printer: NetworkPrinter, slip: str, case: str
) -> None:
    use(shop, "printer.drawer", case != "switched off")
    if case != "nothing owed":
        owe_money(shop, slip, ObligationState.DONE if case == "paid already" else ObligationState.OPEN)
    printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert kicks(printer) == 0


def test_trying_the_drawer_prints_nothing(shop: Shop, printing: DeskPrinting, printer: NetworkPrinter) -> None:
    printing.open_drawer()
    assert kicks(printer) == 1
    assert pictures(printer.device.commands) == []


def test_only_a_receipt_printer_has_a_drawer(shop: Shop, printing: DeskPrinting) -> None:
    with pytest.raises(NoPrinter):
        printing.open_drawer()
    use(shop, "printer.80mm", "folder:")
    with pytest.raises(PrinterUnavailable) as refused:
        printing.open_drawer()
    assert refused.value.facts["reason"] == "no_drawer"


def test_a_test_page_is_a_draft_on_the_roll(shop: Shop, printing: DeskPrinting, printer: NetworkPrinter) -> None:
    printing.test_page(Paper.MM80)
    (page,) = pictures(printer.device.commands)
    assert page.width == 576


def test_a_folder_that_an_older_window_wrote_is_still_found(
    shop: Shop, printing: DeskPrinting, slip: str, tmp_path: object
) -> None:
    use(shop, "printer.80mm", f"file:{tmp_path}")
    printing.print_slip(slip, paper=Paper.MM80, reprint=False)
    assert not slip_of(shop.desk, shop.clerk, number=slip).row.owed
