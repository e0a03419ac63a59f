"""What is left of an account's requests is for people first."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.tickets.zendesk.spare import SpareRequests

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def headers(total: str, left: str, reset: str = "40") -> dict[str, str]:
    return {"x-rate-limit": total, "x-rate-limit-remaining": left, "ratelimit-reset": reset}


@pytest.mark.parametrize(
    ("total", "left", "reset", "wait_s"),
    [
        ("700", "650", "40", 0.0),
        ("700", "210", "40", 0.0),
        ("700", "209", "40", 40.0),
        ("700", "0", "", 60.0),
        ("700", "0", "86400", 60.0),
        ("700", "0", "soon", 60.0),
        ("", "0", "40", 0.0),
        ("700", "-1", "40", 0.0),
        ("700", "9" * 30, "40", 0.0),
    ],
)
def test_it_waits_for_the_next_minute_where_little_is_left(total: str, left: str, reset: str, wait_s: float) -> None:
    spare = SpareRequests()
    spare.noted(headers(total, left, reset), NOW)

    assert spare.wait_s(NOW) == wait_s
    assert spare.wait_s(NOW + timedelta(seconds=wait_s)) == 0.0


def test_a_later_answer_says_what_is_left_now() -> None:
    spare = SpareRequests()
    assert spare.wait_s(NOW) == 0.0
    spare.noted(headers("700", "3"), NOW)
    spare.noted({}, NOW)
    assert spare.wait_s(NOW) == 40.0
    assert spare.wait_s(NOW - timedelta(days=1)) == 60.0

    spare.noted(headers("700", "699"), NOW)
    assert spare.wait_s(NOW) == 0.0
