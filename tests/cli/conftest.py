"""A founded store with staff and tickets of every level, copied for each test, and the program to run on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store_desk.app.wiring import OpenDesk, SetUpAnswers, found_store, open_desk
from store_desk.cli import main
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.domain.ticket import Review, Ticket, TicketFacts, TicketType, Visit, Work
from store_desk.services import people

MANAGER, SUPERVISOR, CLERK, AUDITOR, NEW = "1001", "1003", "2047", "3001", "2099"
FIRST = "135790"
PINS = {MANAGER: "246801", SUPERVISOR: "864209", CLERK: "975318", AUDITOR: "531864"}
# number -> (review, work)
RUNGS = {
    "T-1": (Review.PENDING_REVIEW, Work.UNASSIGNED),
    "T-2": (Review.UNDER_REVIEW, Work.UNASSIGNED),
    "T-3": (Review.APPROVED, Work.UNASSIGNED),
    "T-4": (Review.IN_PROCESS, Work.IN_PROCESS),
    "T-5": (Review.IN_PROCESS, Work.AWAITING_CONFIRMATION),
    "T-DONE": (Review.APPROVED, Work.DONE),
    "T-REJECTED": (Review.REJECTED, Work.UNASSIGNED),
}


@dataclass
class Ran:
    """What a call gave."""

    status: int
    out: str
    err: str
    json: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The error's code; empty when there is none."""
        return str(self.json.get("error", {}).get("code", ""))


def _add_people(opened: OpenDesk) -> None:
    manager = Actor(MANAGER, "赵文", Role.MANAGER)
    staff = ((SUPERVISOR, "陈国栋", Role.SUPERVISOR), (CLERK, "林晓雨", Role.CLERK), (AUDITOR, "吴审", Role.AUDITOR))
    for who, name, role in staff:
        people.add_staff(opened.desk, manager, staff_id=who, name=name, role=role, pin=FIRST)
        people.change_own_pin(opened.desk, staff_id=who, pin=FIRST, new_pin=PINS[who])
    people.add_staff(opened.desk, manager, staff_id=NEW, name="新人", role=Role.CLERK, pin=FIRST)


def _add_tickets(opened: OpenDesk) -> None:
    now = opened.desk.clock()
    with opened.desk.work() as uow:
        for place, (number, (review, work)) in enumerate(RUNGS.items()):
            at = now - timedelta(days=1, minutes=place)
            uow.tickets.add(
                Ticket(
                    id=opened.desk.new_id(),
                    number=number,
                    store="徐汇店",
                    customer="王秀兰",
                    type=TicketType.REPAIR,
                    review=review,
                    work=work,
                    created_at=at,
                    updated_at=at,
                    source="erp",
                    source_key=f"K-{number}",
                    order_number="SO-88421907",
                    phone="13801386021",
                    serial="NK7-25A-0091874",
                    product="北岸 K7 滚筒洗衣机",
                    description="漏水",
                    amount_minor=249900,
                    compensation_minor=12000 if number == "T-4" else 0,
                    assignee="周师傅" if work is not Work.UNASSIGNED else "",
                    review_since=now - timedelta(hours=1),
                    facts=TicketFacts(
                        compensation_kind="travel" if number == "T-4" else "",
                        visit=Visit(technician_name="周师傅", at=now + timedelta(days=2)) if number == "T-4" else None,
                    ),
                )
            )


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that every test copies; founding it costs a second of hashing."""
    folder = tmp_path_factory.mktemp("founded") / "data"
    found_store(
        folder,
        SetUpAnswers(
            store_code="XH", store_name="徐汇店", desk=1, manager_id=MANAGER, manager_name="赵文", pin=PINS[MANAGER]
        ),
    )
    opened = open_desk(folder)
    try:
        _add_people(opened)
        _add_tickets(opened)
    finally:
        opened.close()
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """A store of this test's own."""
    target = tmp_path / "data"
    shutil.copytree(founded, target)
    return target


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests leaks in."""
    for name in list(os.environ):
        if name.startswith("STORE_DESK_"):
            monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


Call = Callable[..., Ran]


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs the program on the store: `call("find", "x", clerk=CLERK)`; with JSON unless told otherwise."""

    def run(*words: str, clerk: str = CLERK, as_json: bool = True, data: Path | None = None, **variables: str) -> Ran:
        argv = ["--data", str(data or folder), *(["--json"] if as_json else [])]
        argv += [*(["--clerk", clerk] if clerk else []), *words]
        given = {"STORE_DESK_PIN": PINS.get(clerk, "")} | variables
        with monkeypatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            capsys.readouterr()
            status = main(argv)
        out, err = capsys.readouterr()
        ran = Ran(status, out, err)
        if as_json:
            ran.json = json.loads(out)
            assert out.count("\n") == 1, "one JSON object and nothing else"
            assert isinstance(ran.json, dict)
        return ran

    return run


def start(*argv: str, variables: dict[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own, without a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STORE_DESK_")}
    environment |= variables or {}
    return subprocess.run(
        [sys.executable, "-m", "store_desk", *argv],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output="stdout" not in options,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
        **options,
    )
