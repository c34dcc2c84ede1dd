"""Rights that head office gives lapse after 72 hours without it, and come back with contact."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from store_desk.domain.errors import ApproverRightMissing
from store_desk.domain.roles import Role
from store_desk.services import people
from store_desk.services.enrolment import Contact, Enrolment, put_contact, put_enrolment
from tests.shop import PINS, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A desk that spoke with its head office just now."""
    made = open_shop(tmp_path / "desk")
    with made.desk.work() as uow:
        put_enrolment(uow, Enrolment("https://hq.example.com", "a" * 32, 1, "XH", ("XH",)))
        put_contact(uow, Contact(at=made.clock()))
    return made


def test_a_manager_is_a_supervisor_after_three_days_of_silence(shop: Shop) -> None:
    def role() -> Role:
        return people.sign_in(shop.desk, staff_id="1001", pin=PINS["1001"]).actor.role

    shop.clock.forward(hours=72)
    assert role() is Role.MANAGER
    shop.clock.forward(seconds=1)
    signed = people.sign_in(shop.desk, staff_id="1001", pin=PINS["1001"])
    assert (signed.actor.role, signed.lapsed) == (Role.SUPERVISOR, Role.MANAGER)
    assert people.lapsed_role(shop.desk, signed.actor) is Role.MANAGER
    with pytest.raises(ApproverRightMissing):
        people.approver_by_pin(shop.desk, requester=shop.clerk, staff_id="1001", pin=PINS["1001"], manager_only=True)
    with shop.desk.work() as uow:
        put_contact(uow, Contact(at=shop.clock()))
    assert role() is Role.MANAGER
    shop.close()


def test_people_of_head_office_have_a_clerks_rights_then_and_clerks_keep_theirs(shop: Shop) -> None:
    with shop.desk.work() as uow:
        person = uow.people.get("9001")
        assert person is not None
        uow.people.save(replace(person, role=Role.HEAD_OFFICE))
    shop.clock.forward(hours=100)
    assert people.sign_in(shop.desk, staff_id="9001", pin=PINS["9001"]).actor.role is Role.CLERK
    assert people.sign_in(shop.desk, staff_id="2047", pin=PINS["2047"]).lapsed is None
    shop.close()


def test_a_desk_that_stands_alone_keeps_its_managers(tmp_path: Path) -> None:
    shop = open_shop(tmp_path / "alone")
    shop.clock.now += timedelta(days=400)
    assert people.sign_in(shop.desk, staff_id="1001", pin=PINS["1001"]).actor.role is Role.MANAGER
    shop.close()
