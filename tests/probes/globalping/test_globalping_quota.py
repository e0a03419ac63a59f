"""How many tests are left: read, counted, and told in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.probes.globalping.quota import Quota
from tests.fake_clock import FakeClock
from tests.probes.globalping.globalping_on_loopback import on_loopback


def quota(clock: FakeClock, **headers: str) -> Quota:
    found = Quota(clock=clock, zone=ZoneInfo("Europe/Berlin"))
    found.read_headers({f"X-RateLimit-{name.capitalize()}": value for name, value in headers.items()})
    return found


def test_unknown_quota_stands_in_nobody_s_way() -> None:
    """The first answer tells."""
    found = Quota(clock=FakeClock(), zone=ZoneInfo("UTC"))

    assert not found.known and found.left is None and found.take(50)


def test_tests_are_counted_before_the_answer_is_there() -> None:
    """Several places at once do not spend the same tests."""
    found = quota(FakeClock(), limit="250", remaining="3", reset="600")

    assert [found.take(2), found.take(2), found.take(1)] == [True, False, True]
    assert found.left == 0


def test_refusal_names_the_time_in_the_team_s_zone() -> None:
    """And is over when that time has come."""
    clock = FakeClock()
    found = quota(clock, limit="250", remaining="0", reset="600")
    again = (clock() + timedelta(minutes=10)).astimezone(ZoneInfo("Europe/Berlin"))

    assert not found.take(1)
    assert found.used_up() == f"Globalping: 250 tests an hour used up, again at {again:%H:%M}"
    clock.advance(601)
    assert found.take(1) and not found.known and found.left == 250


def test_bought_tests_count_too() -> None:
    """Credits are used once the hour's tests are gone."""
    found = Quota(clock=FakeClock(), zone=ZoneInfo("UTC"))
    create = {"type": "user", "limit": 500, "remaining": 0, "reset": 60}
    found.read_limits({"rateLimit": {"measurements": {"create": create}}, "credits": {"remaining": 1000}})

    assert found.left == 1000 and found.take(10)


@given(st.dictionaries(st.sampled_from(["limit", "remaining", "reset"]), st.text(max_size=12)))
def test_odd_headers_are_no_quota(headers: dict[str, str]) -> None:
    """A number or nothing."""
    found = quota(FakeClock(), **headers)

    assert found.take(1) in (True, False) and found.used_up()


async def test_the_last_tests_of_the_hour_are_kept_for_people() -> None:
    """What nobody asked for is left out before they are used up; the quota is read where nobody knows it."""
    async with on_loopback() as there:
        there.sandbox.used = 190
        enough = await there.globalping.spare(6)
        there.sandbox.used = 198
        await there.measure("ping")
        scarce = await there.globalping.spare(6)

    assert enough == ""
    assert scarce == "Globalping has only 51 of 250 tests left this hour"
