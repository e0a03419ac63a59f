"""Moments that have passed, as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.moments import Dated, dated

NOW = datetime(2026, 11, 30, 15, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str, now: datetime = NOW, zone: ZoneInfo | None = None) -> Dated:
    return dated(text, zone=zone or UTC, now=now)


@pytest.mark.parametrize(
    ("text", "day", "clock", "rest"),
    [
        ("at 14:05 provider confirmed", 30, "14:05", "provider confirmed"),
        ("At 14.05: provider confirmed", 30, "14:05", "provider confirmed"),
        ("at 2:05 pm, provider confirmed", 30, "14:05", "provider confirmed"),
        ("at 9am provider confirmed", 30, "09:00", "provider confirmed"),
        ("at 12:30 am it began", 30, "00:30", "it began"),
        ("today at 14:05 it began", 30, "14:05", "it began"),
        ("yesterday at 23:50 it began", 29, "23:50", "it began"),
        ("at 23:50 yesterday it began", 29, "23:50", "it began"),
        ("at 08:00 on 2026-11-27 it began", 27, "08:00", "it began"),
        ("on 2026-11-27 at 08:00 it began\nand went on", 27, "08:00", "it began\nand went on"),
        ("at 14:05", 30, "14:05", ""),
        ("yesterday 23:50: it began", 29, "23:50", "it began"),
        ("at 10:00 on Friday it began", 27, "10:00", "it began"),
        ("on Monday at 10:00 it began", 30, "10:00", "it began"),
        ("at 15:30 on monday it began", 23, "15:30", "it began"),
        ("at 10:00 on 27 Nov it began", 27, "10:00", "it began"),
        ("at 10:00 on 27.11. it began", 27, "10:00", "it began"),
        ("at 14:05-14:20 all failed", 30, "14:05", "14:05-14:20 all failed"),
    ],
)
def test_a_time_stands_first(text: str, day: int, clock: str, rest: str) -> None:
    found = read(text)

    assert found.at and (found.at.day, f"{found.at:%H:%M}", found.text) == (day, clock, rest)


@pytest.mark.parametrize(
    "text",
    [
        "at 3 customers of one provider",
        "only at 14:05",
        "at the provider 14:05",
        "at 14:05:30 exactly",
        "at 10.20 % loss we stop",
        "at 10.20 percent of loss",
        "at 19.99 € they buy",
        "at 10:00 tomorrow we look again",
        "",
        "at",
        "at 10.1.2.3",
    ],
)
def test_what_begins_with_no_time_is_words(text: str) -> None:
    """Numbers, addresses and times in the middle belong to the words."""
    assert read(text) == Dated(None, text)


def test_it_is_the_clock_of_whoever_writes() -> None:
    found = read("at 16:05 it began", zone=BERLIN)

    assert found.at == NOW - timedelta(minutes=5)


@pytest.mark.parametrize("text", ["at 14:05 UTC it began", "at 9:05 EST it began", "at 15:05 CET, it began"])
def test_a_zone_that_is_named_counts(text: str) -> None:
    found = read(text, zone=BERLIN)

    assert (found.at, found.text) == (NOW - timedelta(minutes=65), "it began")


def test_a_zone_that_several_countries_use_is_asked_for() -> None:
    with pytest.raises(BadInput, match="I don't know the zone IST"):
        read("at 14:05 IST it began")


def test_the_evening_before_counts_shortly_after_midnight_only() -> None:
    """Later it is more likely a slip, so it is asked for."""
    night = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)

    assert read("at 23:50 it began", night).at == night - timedelta(minutes=40)
    with pytest.raises(BadInput, match="`note yesterday at 23:50 …`"):
        read("at 23:50 it began")


@pytest.mark.parametrize(
    "text", ["at 25:00 x", "at 13:05 pm x", "at 14:75 x", "at 14:05 on 2026-13-41 x", "today at 15:11 x"]
)
def test_a_time_that_is_none_or_has_not_come_is_said(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


@given(st.text("at yesrdon0123456789:.pm- \n", max_size=40), st.datetimes(timezones=st.just(UTC)))
def test_any_text_is_read(text: str, now: datetime) -> None:
    """A moment has passed, or nothing is lost of the words."""
    try:
        found = dated(text, zone=UTC, now=now)
    except (BadInput, OverflowError):
        return
    assert found.at <= now if found.at else found.text == text
