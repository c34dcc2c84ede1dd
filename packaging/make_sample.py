"""Cuts the sample that ships out of a full Open Repair export: a fixed choice of rows, changed in nothing.

Usage: python packaging/make_sample.py EXPORT.csv resources/sample/open_repair.csv [ROWS]
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

ROWS = 480
# A sample for the eye: rows whose words say something, from every state.
WORDS_MIN = 15


def main() -> None:
    """Reads the export, ranks rows by a hash of their key, and writes the first of each state."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else ROWS
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headings = reader.fieldnames or []
        rows = [row for row in reader if len(row["问题描述"]) >= WORDS_MIN and row["品牌"] and row["订单号"]]
    rows.sort(key=lambda row: hashlib.sha256(row["来源编号"].encode()).digest())
    states = sorted({row["状态"] for row in rows})
    chosen = [row for state in states for row in [r for r in rows if r["状态"] == state][: wanted // len(states)]]
    chosen.sort(key=lambda row: row["创建时间"])
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(chosen)
    print(f"{len(chosen)} rows of {len(rows)} in {target}")


if __name__ == "__main__":
    main()
