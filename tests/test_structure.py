"""What the source must look like: import contracts, sizes, docstrings, no caught bugs, nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import report
from tests.requirements_rows import CLAIMED, ROWS

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "store_desk").rglob("*.py"))
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
# Longer on purpose: a list of refusals of three lines each.
LONG_MODULES = {"store_desk/domain/errors.py": 700}
# Where anything may arrive: a verb of the command line, a task's end, the program's start, a
# request to the service.
EDGES = (
    "store_desk/cli/run.py",
    "store_desk/app/",
    "store_desk/ui/tasks.py",
    "store_desk/hub/edge.py",
    "store_desk/hub/waiting.py",
)
# Only domain and the words may be read by anybody; a frozen migration is run by its runner.
TEXT = {".py", ".toml", ".md", ".json", ".yml", ".yaml", ".sh", ".txt", ".cfg", ".c", ".ts", ".qml", ".spec", ".lock"}
HOSTS = r"(?:nexus|artifactory|pkgs|registry|mirror|mirrors|pypi)\.[a-z0-9-]+\.(?:internal|corp|local|lan|net|cn)"
MACHINE = re.compile(rf"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/|[A-Z]:\\Users\\|{HOSTS}")


def name_of(path: Path) -> str:
    """The path as it is named in the tables above."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_imports_go_one_way() -> None:
    """The contracts of pyproject.toml, asked of the tool itself."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert not text.strip() or ast.get_docstring(tree)
    assert len(text.splitlines()) <= LONG_MODULES.get(name_of(path), MODULE_LINES_MAX)
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_mistakes_of_the_program_are_caught_at_the_edges_only(path: Path) -> None:
    """A handler for everything is allowed where it raises again (tidying up), else at an edge alone."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"all"}
        raises = any(isinstance(part, ast.Raise) for part in ast.walk(node))
        if caught & {"Exception", "BaseException", "all"} and not raises:
            assert name_of(path).startswith(EDGES), f"line {node.lineno}"


@pytest.mark.parametrize("path", sorted((ROOT / "store_desk" / "domain").glob("*.py")), ids=name_of)
def test_the_domain_reads_no_clock_and_makes_no_ids(path: Path) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    assert not {name for name in called if name.endswith((".now", ".today", ".utcnow", "uuid4", "urandom"))} | (
        called & {"open", "print", "input"}
    )


def test_nothing_of_one_machine_is_in_the_source() -> None:
    """No path of somebody's computer, no package registry's private host."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix not in TEXT or not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {match.group()}" for match in MACHINE.finditer(text)]
    assert not found


def test_every_row_of_the_list_has_a_title_and_only_rows_are_claimed() -> None:
    assert len(ROWS) == 146
    assert all(re.fullmatch(r"REQ-[A-Z]{3}-\d{2}", row) and title for row, title in ROWS.items())
    assert set(ROWS) >= CLAIMED
    assert "REQ-OFF-06" not in CLAIMED


def test_a_claimed_row_without_a_test_is_reported() -> None:
    one, *others = sorted(CLAIMED)
    made = report({row: ["tests/x.py::test_y"] for row in others} | {"REQ-XXX-01": ["tests/x.py::test_z"]})
    assert made["claimed_without"] == [one]
    assert made["unknown"] == ["REQ-XXX-01"]
