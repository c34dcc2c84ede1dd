"""A desk with a real database and everything around it that the settings and the import are handed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from store_desk.domain.errors import DomainError, ImportStopped, PrinterUnavailable
from store_desk.domain.imports import Field, FileShape, ImportCounts, Mapping, RefusedRow
from store_desk.domain.roles import Role
from store_desk.domain.slip import Copy, Paper, SlipData
from store_desk.domain.staff import actor_of
from store_desk.services import people
from store_desk.services.desk import Desk, DeskIdentity
from store_desk.services.ids import IdMaker
from store_desk.services.ports import PrinterState
from store_desk.store import create_store
from store_desk.store.opening import Store
from store_desk.ui.bench import Bench, ImportCheck, ImportDone, Session
from store_desk.ui.language import Language
from store_desk.ui.tasks import Lane
from store_desk.words import Lang

IDENTITY = DeskIdentity(
    "XH",
    "明禾家居电器 · 徐汇店",
    2,
    "desk-2",
    store_name_other="Minghe Home · Xuhui store",
    address="上海市徐汇区漕溪北路 398 号",
    phone="021-5550 0198",
)
MANAGER_PIN = "482915"
CLERK_PIN = "739152"
SHAPE = FileShape(
    "旧系统导出 2026-05.xlsx",
    "xlsx",
    "",
    "",
    "Sheet1",
    ("单号", "客户名称", "联系电话", "状态", "机身号", "赔付", "备用1"),
    (("AS-2604-0188", "钱宇", "13912344410", "处理中", "NK7-24B-0031027", "120", ""),),
    1248,
)
MAPPING = Mapping(
    {
        Field.NUMBER: "单号",
        Field.CUSTOMER: "客户名称",
        Field.PHONE: "联系电话",
        Field.STATE: "状态",
        Field.SERIAL: "机身号",
        Field.COMPENSATION: "赔付",
    },
    {},
)
FILLED = {"单号": 1248, "客户名称": 1248, "联系电话": 1246, "状态": 1248, "机身号": 1190, "赔付": 86, "备用1": 0}
REFUSED = (
    RefusedRow(17, "number", "AS-2604-0201", "number_twice"),
    RefusedRow(212, "created_at", "2026-13-40", "time_unreadable"),
)


@dataclass
class Printers:
    """Two office devices whose state a test sets; everything sent to them is kept in `printed`."""

    states: dict[Paper, PrinterState] = field(
        default_factory=lambda: {
            Paper.A5: PrinterState("Office laser M132", "ready"),
            Paper.MM80: PrinterState("Counter T82", "paper_out"),
        }
    )
    printed: list[tuple[str, Paper]] = field(default_factory=list)
    broken: bool = False
    kicks: int = 0

    def names(self) -> list[str]:
        return ["Office laser M132", "Counter T82"]

    def state(self, paper: Paper) -> PrinterState:
        return self.states[paper]

    def print_slip(self, number: str, *, paper: Paper, reprint: bool) -> int:
        self.printed.append((number, paper))
        return 2

    def save_slip(self, number: str, *, paper: Paper, path: Path) -> None:
        path.write_bytes(b"%PDF-")

    def test_page(self, paper: Paper) -> None:
        if self.broken:
            raise PrinterUnavailable(detail="the cover is open", reason="cover_open")
        self.printed.append(("test", paper))

    def open_drawer(self) -> None:
        if self.broken:
            raise PrinterUnavailable(detail="the cover is open", reason="cover_open")
        self.kicks += 1

    def receipt_ports(self) -> list[tuple[str, str]]:
        return [("escpos+serial:///dev/ttyUSB0?baud=9600", "CP2102"), ("escpos+usb://04b8:0202/X1", "TM-T88V")]


@dataclass
class Imports:
    """An import whose file, findings and pace a test decides; it obeys `stop` between two steps of `gate`."""

    shape: FileShape = SHAPE
    mapping: Mapping = MAPPING
    unknown: tuple[tuple[str, str, int, str], ...] = (("state", "返修中", 3, "in_process/in_process"),)
    refused: tuple[RefusedRow, ...] = REFUSED
    error: DomainError | None = None
    gate: Event = field(default_factory=Event)
    chunks: int = 4
    asked: list[Mapping] = field(default_factory=list)
    brought: list[Mapping] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def look(self, path: Path) -> tuple[FileShape, Mapping]:
        if self.error is not None:
            raise self.error
        return self.shape, self.mapping

    def check(
        self, path: Path, mapping: Mapping, *, progress: Callable[[int, int], None], stop: Callable[[], bool]
    ) -> ImportCheck:
        self.asked.append(mapping)
        progress(self.shape.rows, self.shape.rows)
        if stop():
            raise ImportStopped
        open_words = tuple(
            row for row in self.unknown if (row[0], row[1]) not in mapping.values and Field(row[0]) in mapping.columns
        )
        counts = ImportCounts(self.shape.rows, 1102, 141, 3, len(self.refused), 0, 2)
        return ImportCheck(self.shape, mapping, counts, self.refused, open_words, FILLED)

    def bring_in(
        self,
        actor: object,
        path: Path,
        mapping: Mapping,
        *,
        progress: Callable[[int, int], None],
        stop: Callable[[], bool],
    ) -> ImportDone:
        for chunk in range(self.chunks):
            progress(self.shape.rows * chunk // self.chunks, self.shape.rows)
            while not self.gate.wait(timeout=0.02):
                if stop():
                    raise ImportStopped
            if stop():
                raise ImportStopped
        self.brought.append(mapping)
        counts = ImportCounts(self.shape.rows, 1102, 141, 3, len(self.refused), 0, 2)
        return ImportDone(7, counts, "refused-7.csv" if self.refused else "")

    def save_refused(self, rows: tuple[RefusedRow, ...], path: Path) -> int:
        from store_desk.exchange.export import write_refused

        return write_refused(path, rows)

    def undo(self, actor: object, batch: int) -> tuple[int, int, tuple[str, ...]]:
        self.undone.append(batch)
        return 1101, 141, ("AS-2604-0190",)


@dataclass
class Backups:
    """Where backups went."""

    written: list[tuple[Path, str]] = field(default_factory=list)

    def __call__(self, path: Path, passphrase: str) -> None:
        path.write_bytes(b"backup")
        self.written.append((path, passphrase))


def draw_slip(data: SlipData, paper: Paper, copies: tuple[Copy, ...], reprint: int, draft: bool) -> bytes:
    """The slip as the program draws it."""
    from store_desk.slips.render import render_slip

    return render_slip(data, paper=paper, copies=copies, reprint=reprint, draft=draft)


def _open(folder: Path) -> tuple[Store, Desk]:
    store = create_store(folder, identity=IDENTITY)
    desk = Desk(
        identity=store.identity,
        work=store.work,
        read=store.read,
        clock=lambda: datetime.now(UTC).replace(microsecond=0),
        new_id=IdMaker(),
        pins=store.pins,
    )
    return store, desk


@contextmanager
def bench_in(folder: Path, *, lang: Lang = "zh", role: Role = Role.MANAGER, staff: bool = True) -> Iterator[Bench]:
    """A bench with a manager (and the clerk 2047 when `staff`), signed in as `role`; lanes end with the block."""
    store, desk = _open(folder)
    actor = actor_of(people.first_manager(desk, staff_id="1001", name="赵文", pin=MANAGER_PIN, name_other="Zhao Wen"))
    if staff:
        clerk = people.add_staff(
            desk, actor, staff_id="2047", name="林晓雨", role=Role.CLERK, pin=CLERK_PIN, name_other="Lin Xiaoyu"
        )
        actor = actor if role is Role.MANAGER else actor_of(clerk)
    lanes = [Lane(name) for name in ("database", "printer", "files")]
    imports = Imports()
    bench = Bench(
        desk=desk,
        database=lanes[0],
        printer=lanes[1],
        files=lanes[2],
        language=Language(lang),
        session=Session(actor, desk.clock()),
        draw_slip=draw_slip,
        printing=Printers(),
        importing=imports,
        backup=Backups(),
        data_folder=folder,
    )
    try:
        yield bench
    finally:
        imports.gate.set()
        for lane in lanes:
            lane.stop()
        store.close()
