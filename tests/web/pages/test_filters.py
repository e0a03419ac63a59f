"""Times as pages have them where no script writes them anew."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.web.pages.filters import filters

SINGAPORE = ZoneInfo("Asia/Singapore")
NEW_YEAR = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
"""In Singapore it is 2027 already."""


@pytest.mark.parametrize(
    ("name", "moment", "words"),
    [
        ("day", datetime(2026, 12, 12, 9, tzinfo=UTC), "Sat 12 Dec 2026"),
        ("day", datetime(2026, 12, 31, 16, tzinfo=UTC), "Fri 1 Jan"),
        ("moment", datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "Thu 31 Dec 2026, 23:59"),
        ("moment", datetime(2026, 12, 31, 16, tzinfo=UTC), "Fri 1 Jan, 00:00"),
        ("ago", datetime(2025, 12, 12, 9, tzinfo=UTC), "Fri 12 Dec 2025, 17:00"),
        ("old", datetime(2025, 12, 12, 9, tzinfo=UTC), "since Fri 12 Dec 2025, 17:00"),
        ("clock", datetime(2025, 12, 12, 9, tzinfo=UTC), "17:00"),
    ],
)
def test_another_year_is_said(name: str, moment: datetime, words: str) -> None:
    """What ended a year ago would look as if it were to come."""
    assert f">{words}</time>" in filters(SINGAPORE, lambda: NEW_YEAR)[name](moment)


def test_it_is_said_from_new_year_on() -> None:
    """Also of what was written before."""
    now = [datetime(2026, 12, 31, 23, 59, tzinfo=UTC)]
    day, moment = filters(UTC, lambda: now[0])["day"], datetime(2026, 12, 12, 9, tzinfo=UTC)
    assert ">Sat 12 Dec</time>" in day(moment)
    now[0] = datetime(2027, 1, 1, tzinfo=UTC)

    assert ">Sat 12 Dec 2026</time>" in day(moment)


def test_a_day_of_the_calendar_has_its_year() -> None:
    assert filters(UTC, lambda: NEW_YEAR)["date"](date(2026, 12, 12)) == "12 Dec 2026"
