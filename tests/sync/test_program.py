"""A real desk tells head office the version of its program."""

from __future__ import annotations

from store_desk import __version__
from store_desk.hub.postgres.unit import PgUnit
from tests.hub.http.conftest import Running
from tests.sync.scene import Counter


def test_head_office_learns_which_program_this_desk_runs(joined: Counter, service: Running) -> None:
    joined.round()

    def told(unit: PgUnit) -> object:
        statement = "select program_version, last_contact_at is not null from desk where desk_id = %s"
        return unit.connection.execute(statement, (joined.shop.desk.identity.desk_id,)).fetchone()

    assert service.do(told) == (__version__, True)
