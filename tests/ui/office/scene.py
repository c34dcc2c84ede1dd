"""A head office that answers from memory, and the administration page over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from store_desk.domain.errors import DomainError
from store_desk.domain.office_errors import PublishedMeanwhile
from store_desk.domain.roles import Role
from store_desk.domain.staff import Actor
from store_desk.services.office import NewCode, Sheet
from store_desk.ui.bench import Bench
from store_desk.ui.office.page import OfficePage
from store_desk.words import Lang
from tests.shop import NOON, Shop, open_shop
from tests.ui.approvals.scene import bench_of

OFFICER = Actor("8001", "沈岚", Role.HEAD_OFFICE, "Shen Lan")
DESK = "a" * 32


def _stores() -> list[dict[str, Any]]:
    common = {"zone": "Asia/Shanghai", "currency": "CNY", "country": "CN", "closed": False, "version": 1}
    return [
        {"code": "XH", "name": "徐汇店", "name_other": "Xuhui store", **common},
        {"code": "PD", "name": "浦东店", "name_other": "Pudong store", **common},
    ]


def _people() -> list[dict[str, Any]]:
    common = {"store": "XH", "enabled": True}
    return [
        {"id": "1003", "name": "陈国栋", "name_other": "Chen Guodong", "role": "supervisor", "version": 2, **common},
        {"id": "2047", "name": "林晓雨", "name_other": "Lin Xiaoyu", "role": "clerk", "version": 1, **common},
    ]


def _desks() -> list[dict[str, Any]]:
    seen = int((NOON - timedelta(minutes=3)).timestamp() * 1000)
    old = int((NOON - timedelta(days=4)).timestamp() * 1000)
    common = {"role": "desk", "revoked": False, "inc": 1}
    return [
        {"desk_id": DESK, "store": "XH", "desk": 1, "name": "门口", "seen_at_ms": seen, "program": "0.9.0", **common},
        {"desk_id": "b" * 32, "store": "PD", "desk": 1, "name": "", "seen_at_ms": old, "program": "0.8.2", **common},
    ]


@dataclass
class Head:
    """Head office: what it has, what was done, and (`error`) what it answers instead."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    codes: list[dict[str, Any]] = field(default_factory=list)
    error: DomainError | None = None

    def __post_init__(self) -> None:
        self.sheets = {
            "conditions": Sheet("conditions", 0),
            "policy": Sheet("policy", 2, {"undo_window_s": 600}, NOON - timedelta(days=1), "8001"),
            "force_majeure": Sheet("force_majeure", 1, [
                {"code": "typhoon-9", "zh": "台风“海燕”", "en": "Typhoon Haiyan", "begins": "2026-05-10", "ends": None},
            ], NOON - timedelta(days=3), "8001"),
            "stores": Sheet("stores", 0, _stores()),
            "people": Sheet("people", 0, _people()),
            "desks": Sheet("desks", 0, _desks()),
        }  # fmt: skip

    def fetch(self, actor: Actor, name: str) -> Sheet:
        if self.error is not None:
            raise self.error
        return self.sheets[name]

    def publish(self, actor: Actor, name: str, body: Any, *, expected_version: int) -> Sheet:
        if self.error is not None:
            raise self.error
        present = self.sheets[name]
        if present.version != expected_version:
            raise PublishedMeanwhile(version=present.version)
        self.sheets[name] = Sheet(name, present.version + 1, body, NOON, actor.id)
        return self.sheets[name]

    def put(self, actor: Actor, name: str, item: dict[str, Any], *, expected_version: int) -> Sheet:
        keys = ("code",) if name == "stores" else ("store", "id")
        items = list(self.sheets[name].body)
        old = next((one for one in items if all(one[key] == item[key] for key in keys)), None)
        if (old["version"] if old else 0) != expected_version:
            raise PublishedMeanwhile(version=old["version"] if old else 0)
        new = {**item, "version": expected_version + 1}
        items = [new if one is old else one for one in items] if old else [*items, new]
        self.sheets[name] = Sheet(name, 0, items)
        return self.sheets[name]

    def new_code(self, actor: Actor, *, store: str, desk: int, role: str, name: str) -> NewCode:
        self.codes.append({"store": store, "desk": desk, "role": role, "name": name})
        return NewCode("7KQ2-M4XD", NOON + timedelta(minutes=10))

    def revoke_desk(self, actor: Actor, desk_id: str, why: str) -> Sheet:
        items = [{**one, "revoked": one["revoked"] or one["desk_id"] == desk_id} for one in self.sheets["desks"].body]
        self.sheets["desks"] = Sheet("desks", 0, items)
        return self.sheets["desks"]


@dataclass
class Scene:
    """The page, the head office behind it, and the store it stands in."""

    shop: Shop
    bench: Bench
    head: Head
    page: OfficePage
    qtbot: QtBot

    def show(self, key: str) -> Any:
        """Brings a section to the front and waits for it."""
        self.page.show_section(key)
        section: Any = self.page.section()
        if section.source:
            self.qtbot.waitUntil(lambda: section.sheet is not None)
        return section

    def words(self) -> str:
        """Everything that is shown."""
        shown = [widget for widget in self.page.findChildren(QWidget) if widget.isVisible()]
        return "\n".join(text for widget in shown for text in (widget.accessibleName(), widget.toolTip()) if text)

    def banner(self) -> str:
        """What the line over the section says."""
        return self.page.notice.words()


@contextmanager
def office(folder: Path, qtbot: QtBot, *, lang: Lang = "zh", who: Actor = OFFICER) -> Iterator[Scene]:
    """The page in a shown window, with one of head office's staff at the desk."""
    shop, head = open_shop(folder), Head()
    bench = bench_of(shop, who, lang, office=head)
    page = OfficePage(bench)
    qtbot.addWidget(page)
    page.resize(1360, 804)
    page.show()
    page.activateWindow()
    try:
        yield Scene(shop, bench, head, page, qtbot)
    finally:
        for lane in (bench.database, bench.printer, bench.files):
            lane.stop()
        shop.close()
