"""A head office on loopback with a real database, and desks that may join it."""

from __future__ import annotations

import io
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store_desk.hub.config import HubConfig
from tests.hub.conftest import *  # noqa: F403  (fixtures of the embedded database)
from tests.hub.http.conftest import Running, _found, running
from tests.sync.scene import Counter, counter


@pytest.fixture
def service(conninfo: str) -> Iterator[Running]:
    """The service, with stores HQ, XH and PD; open questions are let go at its end as a signal would do it."""
    config = HubConfig(database=conninfo, rate=1000.0, burst=100_000, pool=4, drain_s=2)
    for made in running(config, log_to=io.StringIO()):
        made.do(_found)
        yield made
        made.server.handle_exit(signal.SIGTERM, None)


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
def joined(here: Counter, service: Running) -> Counter:
    """Desk 2 of XH, joined."""
    here.join(service)
    return here
