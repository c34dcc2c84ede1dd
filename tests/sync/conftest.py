"""A head office on loopback with a real database, and desks that may join it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hub.conftest import *  # noqa: F403  (fixtures of the embedded database)
from tests.hub.http.conftest import Running, service  # noqa: F401
from tests.sync.scene import Counter, counter


@pytest.fixture
def make_counter(tmp_path: Path) -> Iterator[Callable[[int], Counter]]:
    """Founded desks by number."""
    made: list[Counter] = []

    def make(desk: int = 2) -> Counter:
        made.append(counter(tmp_path / f"desk{desk}", desk=desk))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def here(make_counter: Callable[[int], Counter]) -> Counter:
    """Desk 2 of XH, not yet joined."""
    return make_counter(2)


@pytest.fixture
def there(make_counter: Callable[[int], Counter]) -> Counter:
    """Desk 3 of XH, not yet joined."""
    return make_counter(3)


@pytest.fixture
def joined(here: Counter, service: Running) -> Counter:  # noqa: F811
    """Desk 2 of XH, joined."""
    here.join(service)
    return here
