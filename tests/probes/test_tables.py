"""Readings as tables: what a message shows of them, and the file that has all."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.probes.icmp.loss import Tally, percent, share
from bot.probes.icmp.peers import PING, judged, sweep_verdict
from bot.probes.model import ProbeReading, ProbeResult
from bot.probes.results import verdict_of
from bot.probes.tables import report_of, shown_columns, worst_first
from bot.probes.web.tcp import TCP
from tests.fake_probe import reading, result

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def swept(*lost: int, label: str = "U.S. East", kind: str = "ping") -> ProbeResult:
    rtts = (40.0, 41.5, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0, 48.0, 190.0)
    readings = tuple(judged(f"198.51.100.{n}", Tally(10, rtts[count:])) for n, count in enumerate(lost, 1))
    verdict = sweep_verdict(label, readings)
    return ProbeResult(kind, label, verdict, NOW, 2.0, columns=PING.columns, readings=readings)


def test_bad_rows_come_first_and_the_rest_in_order() -> None:
    """The thirtieth address is the one that everybody looks for."""
    names = [reading.name for reading in worst_first(swept(*[0] * 29, 4, *[0] * 10, 10))]

    assert names == ["198.51.100.30", "198.51.100.41", *(f"198.51.100.{n}" for n in range(1, 41) if n != 30)]


def test_hops_of_a_path_stay_in_order() -> None:
    """Sorted hops would be no path."""
    path = replace(result("mtr", "x"), columns=("Hop", "Lost"), readings=(reading("1"), reading("2", 4), reading("3")))

    assert [each.name for each in worst_first(path)] == ["1", "2", "3"]


def test_a_path_shows_the_columns_that_people_read() -> None:
    """Of ten; other kinds show all of theirs."""
    path = replace(result("mtr", "x"), columns=("Hop", "Host", "Sent", "Lost", "Best", "Avg", "Worst"))

    assert shown_columns(path) == (("Hop", "Host", "Lost", "Avg", "Worst"), (0, 1, 3, 5, 6))
    assert shown_columns(swept(0))[0] == PING.columns


def test_the_file_of_a_sweep_has_all_addresses() -> None:
    """Bad ones first, counts beside percentages, all five figures, and what was found out."""
    name, text = report_of(swept(*[0] * 29, 4, *[0] * 10, 10))
    lines = text.splitlines()

    assert name == "ping-u-s-east-20261120T091200Z.txt"
    assert (lines[0], lines[2]) == ("ping U.S. East from our own network, 2026-11-20 09:12:00 UTC", "")
    assert lines[3].split() == ["Address", "Lost", "Min", "Q1", "Median", "Q3", "Max", "Finding"]
    assert " ".join(lines[4].split()) == (
        "198.51.100.30 4 of 10 (40 %) 44.0 ms 45.2 ms 46.5 ms 47.8 ms 190 ms 4 of 10 lost"
    )
    assert " ".join(lines[5].split()) == "198.51.100.41 10 of 10 (100 %) - - - - - no answer to 10"
    assert len(lines) == 4 + 41 and lines[6].endswith("fine")


def test_a_report_that_the_kind_wrote_is_the_file() -> None:
    traced = replace(swept(*[0] * 41), report="HOST: a", report_name="mtr.txt")

    assert report_of(traced) == ("mtr.txt", "HOST: a")


def ports(count: int) -> ProbeResult:
    readings = [ProbeReading(f"a:{n}", True, (f"a:{n}", "open", "1 ms")) for n in range(count)]
    verdict = verdict_of(TCP, "U.S. East", readings)
    return ProbeResult("tcp", "U.S. East", verdict, NOW, 2.0, columns=TCP.columns, readings=tuple(readings))


def test_other_kinds_get_a_file_with_their_own_columns() -> None:
    """Ports of many addresses, for one."""
    text = report_of(ports(30))[1]

    assert text.splitlines()[3].split() == [*TCP.columns, "Finding"]


def test_names_from_outside_break_no_file() -> None:
    """Line ends stay inside their cells, and only letters and digits name a file."""
    plain = swept(*[0] * 30)
    hostile = replace(plain, label="../x\ny", verdict=replace(plain.verdict, caveats=("a\nb",)))
    name, text = report_of(hostile)

    assert len(text.splitlines()) == 34
    assert name == "ping-x-y-20261120T091200Z.txt"


def test_shares_are_counts_with_their_percentage() -> None:
    """A third is said with one digit more; of nothing there is no share."""
    assert [share(4, 10), share(1, 3), share(0, 0)] == ["4 of 10 (40 %)", "1 of 3 (33.3 %)", "0 of 0"]


@pytest.mark.parametrize(
    ("lost", "sent", "said"),
    [
        (0, 500, "0 %"),
        (1, 500, "under 1 %"),
        (2, 500, "under 1 %"),
        (3, 500, "1 %"),
        (499, 500, "over 99 %"),
        (500, 500, "100 %"),
    ],
)
def test_some_is_never_none_and_most_is_never_all(lost: int, sent: int, said: str) -> None:
    """Whoever reads "0 % loss" thinks that nothing was lost."""
    assert percent(lost, sent) == said
    assert share(1, 10_000) == "1 of 10000 (under 0.1 %)"
