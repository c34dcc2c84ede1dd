"""One start, measured from inside: `bare` is a Qt window with a table of fifty rows, `desk` is the program itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TICK_MS = 2
IDLE_S = 1.5


def memory_mib() -> float:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def bare() -> dict[str, float]:
    """The raw limit: QApplication, a table, one paint."""
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

    app = QApplication([])
    window = QMainWindow()
    table = QTableWidget(50, 6)
    for row in range(50):
        for column in range(6):
            table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
    window.setCentralWidget(table)
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    window.grab()
    return {"window": time.process_time() * 1000, "rows": 0.0, "memory": memory_mib()}


def desk(folder: Path) -> dict[str, float]:
    """The program to its first page, then a PIN, then the desk with its rows painted."""
    from store_desk.app.main import parse
    from store_desk.app.qt_start import work_around

    work_around()
    from store_desk.app.main import make_program

    program = make_program(parse(["--data", str(folder), "--lang", "zh"]))
    if program is None or program.sign_in is None:
        raise SystemExit("no window")
    program.frame.show()
    program.app.processEvents()
    program.frame.grab()
    window = time.process_time() * 1000
    program._after_first_paint()
    opened = _runs_until(lambda: program.bench is not None)
    if not opened:
        raise SystemExit("the store does not open")
    _runs_until(lambda: False, seconds=IDLE_S)
    hashing = _cost_of_hashing(program)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    page = program.sign_in
    page.show_lock("2047", "")
    began = time.process_time() * 1000
    for digit in "204726":
        QTest.keyClick(program.app.focusWidget() or page, getattr(Qt.Key, f"Key_{digit}"))
    if not _runs_until(lambda: program.window is not None and program.window.desk.current_ticket_id()):
        raise SystemExit("no rows")
    program.frame.grab()
    rows = time.process_time() * 1000 - began - hashing
    measured = {"window": window, "rows": rows, "hashing": hashing, "memory": memory_mib()}
    program.end()
    return measured


def _runs_until(done: Callable[[], object], *, seconds: float = 30.0) -> bool:
    """Runs the event loop, asleep when there is nothing to do, until something is so; false when the time is over."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(TICK_MS)
    until = time.monotonic() + seconds

    def look() -> None:
        if done() or time.monotonic() > until:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    return bool(done())


def _cost_of_hashing(program: Any) -> float:
    """Processor time of one PIN's check, which is slow on purpose and no part of the start."""
    pins = program.bench.desk.pins
    hashed = pins.hash("204726")
    began = time.process_time() * 1000
    pins.verify(hashed, "204726")
    return time.process_time() * 1000 - began


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bare() if sys.argv[1] == "bare" else desk(Path(sys.argv[2]))) + "\n")
