"""One start, measured from inside: `bare` is a Qt window with a table of fifty rows, `desk` is the program itself."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


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
    deadline = time.monotonic() + 30
    while program.bench is None and time.monotonic() < deadline:
        program.app.processEvents()
    idle = time.monotonic() + 1.0
    while time.monotonic() < idle:
        program.app.processEvents()
        time.sleep(0.005)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    page = program.sign_in
    page.show_lock("2047", "")
    began = time.process_time() * 1000
    for digit in "204726":
        QTest.keyClick(program.app.focusWidget() or page, getattr(Qt.Key, f"Key_{digit}"))
    while time.monotonic() < deadline:
        program.app.processEvents()
        if program.window is not None and program.window.desk.current_ticket_id():
            break
    program.frame.grab()
    rows = time.process_time() * 1000 - began
    measured = {"window": window, "rows": rows, "memory": memory_mib()}
    program.end()
    return measured


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bare() if sys.argv[1] == "bare" else desk(Path(sys.argv[2]))) + "\n")
