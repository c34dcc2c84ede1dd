"""Rules of the protocol broken on purpose, each of which the histories must find: does the net hold?

A mutant is one text in one function of the program replaced by another. Everything that refers to the function sees the
broken one while the mutant lives.
"""

# ruff: noqa: E501 (a mutant is a line, so that the list can be read)

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.simulation.truths import broken
from tests.simulation.world import World


@dataclass(frozen=True)
class Mutant:
    """`old` becomes `new` in `function` of `module`; `rule` names what of the design is broken.

    `also` are others that live with it, where two rules guard one truth.
    """

    rule: str
    module: str
    function: str
    old: str
    new: str
    also: tuple[Mutant, ...] = ()


# A mutant lives in worse weather than the program is shown to stand, so that rare meetings of faults come sooner.
FIERCE = 0.12

_APPLY = "store_desk.hub.apply"
_CHANGES = "store_desk.hub.changes"
_AUTHORITY = "store_desk.domain.authority"
_RECORD = "store_desk.domain.record"
_ANSWERS = "store_desk.services.answers"
_FEED = "store_desk.services.feed"
_OPERATIONS = "store_desk.services.operations"
_CYCLE = "store_desk.sync.cycle"

MUTANTS = (
    Mutant("H2 a known operation is decided again", _APPLY, "apply_operation", "if known is not None:", "if False:"),
    Mutant("H3 a gap is let pass", _APPLY, "apply_operation", "if envelope.n > desk.last_n + 1:", "if False:"),
    Mutant("H3 a fork is let pass", _APPLY, "apply_operation", "if envelope.n <= desk.last_n:", "if False:"),
    Mutant("H4 the second cancellation is confirmed too", _AUTHORITY, "rule_on_cancel", "if first is not None and (", "if False and ("),
    Mutant("H4 versions stand still", _RECORD, "with_case", "version=record.ticket.version + 1", "version=record.ticket.version"),
    Mutant("H5 answers are not numbered", _APPLY, "_number", "unit.save_desk(replace(desk, last_n=answer.n, chain=chain))", "pass"),
    Mutant("H5 a refusal is not kept", _APPLY, "apply_operation", "    unit.add_operation(", "    (ruling.result.value.startswith('ref') or ruling.result.value.startswith('alr')) or unit.add_operation("),
    Mutant("H7 another history is not noticed", _CHANGES, "_reset", "if unit.change_hash(feed.store, feed.seq) != feed.hash:", "if False:",
           (Mutant("C3", _FEED, "_check", "if link != change.hash:", "if False:"),)),
    Mutant("H8 forgotten answers are not noticed", _CHANGES, "_forgotten", "if position.settled > _have(unit, desk, position.inc):", "return False\n    if False:"),
    Mutant("C2 an older change overwrites a newer answer", _FEED, "apply_changes", "if change.version <= shown.get(change.ticket_id, -1):", "if False:"),
    Mutant("C2 changes overwrite what waits", _FEED, "apply_changes", "if change.ticket_id in waiting:", "if False:"),
    Mutant("C2 what is shown passes for head office's", _OPERATIONS, "remember", "uow.mirror.get(ticket_id) is None and not uow.deliveries.unanswered_of(ticket_id)", "uow.mirror.get(ticket_id) is None"),
    Mutant("C2 the first answer ends the waiting", _ANSWERS, "settle", "if uow.deliveries.unanswered_of(ticket_id):", "if False:"),
    Mutant("C2 an older answer replaces a newer one", _ANSWERS, "settle", "(known is None or answer.version > known.version)", "True"),
    Mutant("C5 an outcome has no consequences", _ANSWERS, "absorb", "if was is None or", "if True or"),
    Mutant("C6 forgotten operations are not offered again", _FEED, "begin_anew", "uow.deliveries.save(replace(delivery, state=DeliveryState.RECHECK))", "pass"),
    Mutant("C6 lost tickets are not offered again", _FEED, "finish_copy", "_offer_lost(uow, seen)", "pass"),
    Mutant("C6 facts contain what waits to be decided", _FEED, "bodies_to_offer", "if row is not None:", "if False:"),
    Mutant("C7 what waits stays under the old number", _FEED, "move_to_incarnation", "envelope = replace(delivery.envelope, inc=inc, n=moved)", "envelope = delivery.envelope"),
    Mutant("C7 a copy does not notice an answered number", _CYCLE, "_Cycle._next_batch", "return None\n            if", "continue\n            if"),
    Mutant("I10 the newest goes first", _CYCLE, "_Cycle._next_batch", "for envelope in waiting:", "for envelope in reversed(waiting):"),
    Mutant("I11 every store's tickets come", _CYCLE, "_Cycle._begin_anew", "for store in enrolment.scope]", "for store in ('XH', 'PD')]"),
)


def seeds_until_found(mutant: Mutant, *, seeds: int) -> int | None:
    """How many histories it takes to find the mutant; None when none of so many does. An error counts as found."""
    with living(mutant):
        for seed in range(seeds):
            try:
                if broken(World(seed, fierce=FIERCE).run()):
                    return seed + 1
            except Exception:
                return seed + 1
    return None


@contextmanager
def living(mutant: Mutant) -> Iterator[None]:
    """The mutant, and those that live with it, in the place of the functions, wherever they are referred to."""
    with ExitStack() as stack:
        for one in (mutant, *mutant.also):
            stack.enter_context(_living(one))
        yield


@contextmanager
def _living(mutant: Mutant) -> Iterator[None]:
    module = import_module(mutant.module)
    holder: Any = module
    *path, name = mutant.function.split(".")
    for part in path:
        holder = getattr(holder, part)
    original = getattr(holder, name)
    source = textwrap.dedent(inspect.getsource(original))
    old = mutant.old.replace("\n    ", "\n") if path else mutant.old
    if source.count(old) != 1:
        raise ValueError(f"{mutant.rule}: the text stands {source.count(old)} times in {mutant.function}")
    new = mutant.new.replace("\n    ", "\n") if path else mutant.new
    space: dict[str, Any] = {}
    exec(compile(source.replace(old, new), mutant.module, "exec"), module.__dict__, space)
    changed = space[name]
    places = [
        (other, key)
        for other in [holder, *(m for n, m in list(sys.modules.items()) if n.startswith(("store_desk.", "tests.")))]
        for key, value in list(vars(other).items())
        if value is original
    ]
    for other, key in places:
        setattr(other, key, changed)
    try:
        yield
    finally:
        for other, key in places:
            setattr(other, key, original)
