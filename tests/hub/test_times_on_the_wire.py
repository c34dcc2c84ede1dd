"""Times as hostile or broken clocks may send them: an operation is always answered, by head office's own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from store_desk.domain.authority import Result
from store_desk.services.codec import to_ms
from tests.hub.given import NOON
from tests.hub.test_apply import Hall, asked_with_consent


@pytest.mark.parametrize("offset", [2**62, -(2**62), 10**14, -(10**14)])
def test_an_offset_that_no_calendar_has_is_no_offset(offset: int) -> None:
    hall = Hall()
    envelope = replace(hall.xh2.cancel(hall.ticket_id), at_ms=to_ms(NOON), offset_ms=offset)
    assert hall.take(hall.xh2, envelope).result is Result.ACCEPTED


def test_a_desk_cannot_claim_that_it_will_have_been_cancelled_in_years() -> None:
    hall = Hall()
    cancel = replace(asked_with_consent(hall, at=datetime(2099, 1, 1, tzinfo=UTC)), at_ms=to_ms(NOON), offset_ms=0)
    hall.take(hall.xh2, cancel)
    hall.now = NOON + timedelta(days=30)
    back = replace(hall.xh2.withdraw(hall.ticket_id, cancel.case_id), at_ms=to_ms(hall.now), offset_ms=0)
    assert hall.take(hall.xh2, back).result is Result.REFUSED_LATE


def test_a_clock_never_compared_is_not_believed_at_either_end() -> None:
    hall = Hall()
    cancel = replace(asked_with_consent(hall, at=NOON - timedelta(days=3)), at_ms=to_ms(NOON - timedelta(days=3)))
    hall.take(hall.xh2, cancel)
    hall.now = NOON + timedelta(minutes=9)
    assert hall.take(hall.xh2, hall.xh2.withdraw(hall.ticket_id, cancel.case_id)).result is Result.ACCEPTED
