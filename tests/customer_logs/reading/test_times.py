"""Times in front of lines, in the ways in which programs write them."""

from datetime import UTC, datetime

import pytest

from bot.customer_logs.reading.times import Clock, month_first, told_zone
from tests.customer_logs.reading.reading import report

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "moment", "zone", "rest"),
    [
        ("2026-11-20 14:02:11 x", "2026-11-20T14:02:11", None, " x"),
        ("2026-11-20T14:02:11.5Z x", "2026-11-20T14:02:11.500000", 0, " x"),
        ("2026-11-20T14:02:11+02:00 x", "2026-11-20T14:02:11", 120, " x"),
        ("2026-11-20 14:02:11,120 -0530 x", "2026-11-20T14:02:11.120000", -330, " x"),
        ("[2026/11/20 14:02:11] x", "2026-11-20T14:02:11", None, "] x"),
        ("Fri Nov 20 14:02:11 2026 x", "2026-11-20T14:02:11", None, " x"),
        ("Fri Nov 20 14:02:11 CET 2026 x", "2026-11-20T14:02:11", 60, " x"),
        ("Nov 20 14:02:11 host x", "2026-11-20T14:02:11", None, " host x"),
        ("Dec 20 14:02:11 host x", "2025-12-20T14:02:11", None, " host x"),
        ("<30>1 2026-11-20T14:02:11Z x", "2026-11-20T14:02:11", 0, " x"),
        ("11-20 14:02:11.120  812  813 I Vpn: x", "2026-11-20T14:02:11.120000", None, "  812  813 I Vpn: x"),
        ("[Nov 20, 2026, 14:02:11] x", "2026-11-20T14:02:11", None, "] x"),
        ("November 20, 2026 2:02:11 PM x", "2026-11-20T14:02:11", None, " x"),
        ("20/Nov/2026:14:02:11 +0100 x", "2026-11-20T14:02:11", 60, " x"),
        ("11/20/2026 2:02:11 PM x", "2026-11-20T14:02:11", None, " x"),
        ("20.11.2026 14:02:11 x", "2026-11-20T14:02:11", None, " x"),
        ("20/11/26 12:02:11 AM x", "2026-11-20T00:02:11", None, " x"),
        ("1795183331.250 x", "2026-11-20T14:02:11.250000", 0, " x"),
        ("1795183331250 x", "2026-11-20T14:02:11.250000", 0, " x"),
        ("14:02:11.120 x", "1970-01-01T14:02:11.120000", None, " x"),
    ],
)
def test_forms(line: str, moment: str, zone: int | None, rest: str) -> None:
    """The time is what the log's own clock showed; the zone is said where the line says it."""
    stamp = Clock(now=NOW).read(line.encode())

    assert stamp
    assert datetime.fromtimestamp(stamp.moment, UTC).replace(tzinfo=None).isoformat() == moment
    assert (stamp.zone, line[stamp.length :]) == (zone, rest)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no time",
        "2026-13-20 14:02:11",
        "2026-11-31 14:02:11",
        "25:00:00 x",
        "14:61:00",
        "12345",
        "0000-00-00 00:00:00",
    ],
)
def test_no_times(line: str) -> None:
    assert Clock(now=NOW).read(line.encode()) is None


def test_days_that_may_be_months() -> None:
    """Another line of the log says which it is."""
    lines = [b"05/11/2026 14:02:11 x", b"20/11/2026 14:02:11 x"]
    assert (month_first(lines), month_first([b"11/20/2026 14:02:11 x"])) == (False, True)
    day = Clock(now=NOW).read(lines[0])
    american = Clock(now=NOW, month_first=True).read(lines[0])
    assert day and american and day.moment > american.moment


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Time zone: UTC+02:00", 120),
        ("timezone=GMT-3", -180),
        ('"tz": "+0530"', 330),
        ("Time zone: UTC", 0),
        ("tz", None),
    ],
)
def test_a_head_names_the_zone(line: str, zone: int | None) -> None:
    assert told_zone(line.encode()) == zone


def test_a_log_past_midnight_goes_on() -> None:
    """A clock without dates knows no days."""
    read = report("23:59:58 a\n23:59:59 error b\n00:00:03 c\n")

    assert (read["first_at"], read["last_at"], read["limits"]) == ("23:59:58", "00:00:03", ())


def test_limits_of_its_clock() -> None:
    """Back, far ahead, and two clocks in one log."""
    lines = [f"2026-11-20 14:{n:02}:00 all is well {n}" for n in range(30)]
    back = report("\n".join([*lines[:20], "2026-11-20 12:20:00 error", *lines[21:]]) + "\n")
    assert ("clock back", 21) in [(limit["kind"], limit["line"]) for limit in back["limits"]]
    ahead = report("\n".join(["2000-01-01 00:00:05 boot", *lines]) + "\n")
    assert [limit["kind"] for limit in ahead["limits"]] == ["clock forward"]
    mixed = report("\n".join(f"{line}\nNov 20 12:00:{n:02} x: y" for n, line in enumerate(lines)) + "\n")
    assert [limit["kind"] for limit in mixed["limits"]] == ["zones"]
    threads = [f"2026-11-20 {14 - n % 2}:10:00 x" for n in range(60)]
    assert report("\n".join(threads) + "\n")["limits"] == ()
