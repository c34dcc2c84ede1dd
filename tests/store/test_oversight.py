"""What supervisors watch is found along indexes, however many tickets and cases there are."""

from __future__ import annotations

import pytest

from store_desk.store.repositories import oversight
from tests.shop import Shop

STATEMENTS = {
    "waiting": (oversight._WAITING, (5,)),
    "count": (oversight._COUNT_WAITING, ()),
    "unsigned": (oversight._UNSIGNED, (0, 1, 5)),
    "money_short": (oversight._MONEY_SHORT, (0, 5)),
    "often": (oversight._OFTEN, (0, "[]", 3, 5)),
    "with_visit": (oversight._WITH_VISIT, (0, 5)),
    "reprinted": (oversight._REPRINTED, (0, 3, 5)),
    "handled": (oversight._HANDLED, (0, 5)),
    "disputed": (oversight._DISPUTED, (10, 5)),
    "confirmed": (oversight._CONFIRMED, (5,)),
    "of_slip": (oversight._OF_SLIP, ("XH2-26-S000457-K", 10, "XH2-26-S000457-K", 5)),
}
# What a query may walk through as a whole: its own short intermediate results.
OWN = ("json_each", "(subquery", "SCAN c", "SCAN recent")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_query_walks_through_a_whole_table(shop: Shop, name: str) -> None:
    statement, values = STATEMENTS[name]
    with shop.desk.read() as uow:
        rows = uow.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()  # type: ignore[attr-defined]
    steps = [str(row[3]) for row in rows]
    own = OWN if name == "often" else ("json_each",)
    walked = [step for step in steps if step.startswith("SCAN") and not any(part in step for part in own)]
    assert walked == []
    assert any("USING" in step for step in steps)
