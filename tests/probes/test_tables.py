"""Readings as tables: what a message shows of them, and the file that has all."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.loss import Tally, share
from bot.probes.icmp.peers import PING, judged, sweep_verdict
from bot.probes.model import ProbeReading, ProbeResult
from bot.probes.results import verdict_of
from bot.probes.tables import ROWS_SHOWN, TABLE_MAX, WIDTH_MAX, in_message, table, with_list
from bot.probes.web.tcp import TCP
from tests.fake_probe import reading, result

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
CELLS = st.text(max_size=8)


def swept(*lost: int, label: str = "U.S. East", kind: str = "ping") -> ProbeResult:
    rtts = (40.0, 41.5, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0, 48.0, 190.0)
    readings = tuple(judged(f"198.51.100.{n}", Tally(10, rtts[count:])) for n, count in enumerate(lost, 1))
    verdict = sweep_verdict(label, readings)
    return ProbeResult(kind, label, verdict, NOW, 2.0, columns=PING.columns, readings=readings)


def test_columns_stand_under_each_other() -> None:
    """The first to the left, numbers to the right, whatever their width."""
    shown = table(("hop", "loss"), [("1  10.0.0.1", "0 %"), ("2", "100 %")])

    assert shown.splitlines() == ["hop          loss", "1 10.0.0.1    0 %", "2           100 %"]


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=9)))
def test_narrow_table_has_a_line_per_row(rows: list[list[str]]) -> None:
    """Line ends and tabs in cells do not break it."""
    lines = table(rows[0], rows[1:]).split("\n")

    assert len(lines) == len(rows)


def test_wide_table_is_told_in_words() -> None:
    """A phone wraps a wide table into nonsense, so each row becomes a paragraph."""
    columns = [f"column {n}" for n in range(9)]
    shown = table(columns, [[f"value\n{n}" * 3 for n in range(9)]])

    assert len(shown.splitlines()) == 2
    assert "column 8 value 8" in shown


def test_bad_rows_come_first_and_the_rest_in_order() -> None:
    """The thirtieth address is the one that everybody looks for."""
    shown, left_out = in_message(swept(*[0] * 29, 4, *[0] * 10, 10))
    names = [line.split()[0] for line in shown.splitlines()[1:]]

    assert names == ["198.51.100.30", "198.51.100.41", *(f"198.51.100.{n}" for n in range(1, ROWS_SHOWN - 1))]
    assert [each.ok for each in left_out] == [True] * 17


def test_hops_of_a_path_stay_in_order() -> None:
    """Sorted hops would be no path."""
    path = replace(result("mtr", "x"), columns=("Hop", "Lost"), readings=(reading("1"), reading("2", 4), reading("3")))

    assert [line.split()[0] for line in in_message(path)[0].splitlines()] == ["Hop", "1", "2", "3"]


def test_a_sweep_is_a_table_on_a_phone() -> None:
    """Long IPv4 addresses with their loss, quartiles and worst delay fit into one line each."""
    shown, _ = in_message(swept(0, 4))

    assert shown.splitlines()[2] == "198.51.100.1  0 of 10  42/44/47 ms  190 ms"
    assert max(map(len, shown.splitlines())) <= WIDTH_MAX


def test_rows_that_are_too_long_for_a_message_are_left_out_whole() -> None:
    """None is cut in its middle without a word, and the file has them."""
    long = swept(*[0] * 20)
    wide = tuple(replace(each, cells=(each.name, *["x" * 200] * 3)) for each in long.readings)
    shown, left_out = in_message(replace(long, kind="http", readings=wide))

    assert len(shown) <= TABLE_MAX
    assert left_out and shown.count("198.51") == 20 - len(left_out)
    assert with_list(replace(long, kind="http", readings=wide)).report.count("198.51") == 20


def test_a_sweep_that_does_not_fit_gets_a_file_of_all_addresses() -> None:
    """Bad ones first, counts beside percentages, all five figures, and what was found out."""
    found = with_list(swept(*[0] * 29, 4, *[0] * 10, 10))
    lines = found.report.splitlines()

    assert found.report_name == "ping-u-s-east-20261120T091200Z.txt"
    assert (lines[0], lines[2]) == ("ping U.S. East from here, 2026-11-20 09:12:00 UTC", "")
    assert lines[3].split() == ["Address", "Lost", "Min", "Q1", "Median", "Q3", "Max", "Finding"]
    assert " ".join(lines[4].split()) == (
        "198.51.100.30 4 of 10 (40 %) 44.0 ms 45.2 ms 46.5 ms 47.8 ms 190 ms 4 of 10 lost"
    )
    assert " ".join(lines[5].split()) == "198.51.100.41 10 of 10 (100 %) - - - - - no answer to 10"
    assert len(lines) == 4 + 41 and lines[6].endswith("well")


def test_a_sweep_that_fits_gets_no_file() -> None:
    """And a report that is there already stays."""
    traced = replace(swept(*[0] * 41), report="HOST: a", report_name="mtr.txt")

    assert with_list(swept(*[0] * ROWS_SHOWN)).report == ""
    assert with_list(traced) == traced


def ports(count: int) -> ProbeResult:
    readings = [ProbeReading(f"a:{n}", True, (f"a:{n}", "open", "1 ms")) for n in range(count)]
    verdict = verdict_of(TCP, "U.S. East", readings)
    return ProbeResult("tcp", "U.S. East", verdict, NOW, 2.0, columns=TCP.columns, readings=tuple(readings))


def test_other_kinds_get_a_file_with_their_own_columns() -> None:
    """Ports of many addresses, for one."""
    found = with_list(ports(30))

    assert found.report.splitlines()[3].split() == [*TCP.columns, "Finding"]


def test_names_from_outside_break_no_file() -> None:
    """Line ends stay inside their cells, and only letters and digits name a file."""
    plain = swept(*[0] * 30)
    hostile = replace(plain, label="../x\ny", verdict=replace(plain.verdict, caveats=("a\nb",)))
    found = with_list(hostile)

    assert len(found.report.splitlines()) == 34
    assert found.report_name == "ping-x-y-20261120T091200Z.txt"


def test_shares_are_counts_with_their_percentage() -> None:
    """A third is said with one digit more; of nothing there is no share."""
    assert [share(4, 10), share(1, 3), share(0, 0)] == ["4 of 10 (40 %)", "1 of 3 (33.3 %)", "0 of 0"]
