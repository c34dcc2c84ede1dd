"""Every kind of entry that the program writes into its journal has words where a person reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from store_desk.resources import resource
from store_desk.ui.desk.events import KINDS, OUTCOMES
from store_desk.words import catalogue

ROOT = Path(__file__).resolve().parents[2]
# Subjects that are no ticket.
OTHER_SUBJECTS = {"setting_changed"}

Found = dict[str, bool]


class Unread(AssertionError):
    """A kind that is put together in a way which this test cannot follow."""


class Source:
    """One module, read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def writes(self) -> Iterator[tuple[ast.Call, ast.FunctionDef]]:
        """Every call that writes an entry, with the innermost function around it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("journal.write"):
                around = [one for one in self.functions if one.lineno <= node.lineno <= (one.end_lineno or 0)]
                yield node, max(around, key=lambda one: one.lineno)

    def constant(self, name: str) -> ast.expr | None:
        """What a name of the module stands for, also one that comes from another module."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets):
                return node.value
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
                return node.value
            if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
                path = ROOT / ((node.module or "").replace(".", "/") + ".py")
                return Source(path).constant(name) if path.is_file() else None
        return None

    def kinds(self, value: ast.expr, function: ast.FunctionDef) -> set[str]:
        """The kinds that an expression can be."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return {value.value}
        if isinstance(value, ast.IfExp):
            return self.kinds(value.body, function) | self.kinds(value.orelse, function)
        if isinstance(value, ast.Dict):
            return set().union(*(self.kinds(one, function) for one in value.values))
        if isinstance(value, ast.Subscript):
            return self.kinds(value.value, function)
        if isinstance(value, ast.Name):
            return self._named(value.id, function)
        raise Unread(f"{self.path}:{value.lineno}: {ast.unparse(value)}")

    def _named(self, name: str, function: ast.FunctionDef) -> set[str]:
        places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        if name in places or name in [one.arg for one in function.args.kwonlyargs]:
            return self._handed(name, function, places)
        local = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        values = [node.value for node in local if any(ast.unparse(target) == name for target in node.targets)]
        if not values and (found := self.constant(name)) is not None:
            values = [found]
        if not values:
            raise Unread(f"{self.path}: {name}")
        return set().union(*(self.kinds(one, function) for one in values))

    def _handed(self, name: str, function: ast.FunctionDef, places: list[str]) -> set[str]:
        """What the callers of a function hand it under this name."""
        found: set[str] = set()
        for caller in self.functions:
            for node in ast.walk(caller):
                if not (isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == function.name):
                    continue
                given = {one.arg: one.value for one in node.keywords}
                at = places.index(name) - (places[0] == "self") if name in places else -1
                value = given.get(name) or (node.args[at] if 0 <= at < len(node.args) else None)
                if value is None:
                    raise Unread(f"{self.path}:{node.lineno}: {ast.unparse(node)}")
                found |= self.kinds(value, caller)
        if not found:
            raise Unread(f"{self.path}: nobody calls {function.name}")
        return found


def written() -> Found:
    """Every kind that is written anywhere, and whether it is ever about a ticket."""
    found: Found = {}
    for path in sorted((ROOT / "store_desk").rglob("*.py")):
        if "journal.write" not in path.read_text(encoding="utf-8"):
            continue
        source = Source(path)
        for call, function in source.writes():
            named = {one.arg: one.value for one in call.keywords}
            if "what" not in named:
                raise Unread(f"{path}:{call.lineno}: what is written stands nowhere")
            for kind in source.kinds(named["what"], function):
                found[kind] = found.get(kind, False) or "subject" in named
    return found


def test_every_kind_that_is_written_has_words_and_no_words_are_left_over() -> None:
    kinds = set(written())
    assert {"pin_wrong", "slip_reprinted", "cancellation_requested", "staff_role", "outcome_told"} <= kinds
    assert kinds == set(catalogue("journal"))


def test_every_kind_that_is_about_a_ticket_is_among_its_events() -> None:
    about = {kind for kind, subject in written().items() if subject} - OTHER_SUBJECTS - {"event"}
    assert about == set(KINDS)


@pytest.mark.parametrize("what", KINDS)
def test_every_event_has_words_and_a_picture(what: str) -> None:
    key, icon = KINDS[what]
    keys = {
        "outcome_told": [f"{key}.{told}" for told in OUTCOMES],
        "outcome_overruled": [f"{key}.confirmed", f"{key}.refused"],
    }.get(what, [key])
    for one in keys:
        assert one in catalogue("ui_desk"), one
    for name in (icon, *OUTCOMES.values()):
        assert not name or resource("icons", f"{name}.svg").is_file(), name


def test_a_kind_that_cannot_be_followed_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text("def f(uow, made):\n    uow.journal.write(what=made() + 'x')\n", encoding="utf-8")
    source = Source(path)
    ((call, function),) = source.writes()
    with pytest.raises(Unread):
        source.kinds(call.keywords[0].value, function)
