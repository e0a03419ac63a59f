"""The MTR report as text."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_facts import PathHop, Rejects
from bot.probes.icmp.trace_result import report_text
from tests.needs import missing, needs_mtr

START = datetime(2026, 11, 22, 1, 53, 26, tzinfo=UTC)


def path(*hops: Hop, names: tuple[tuple[str, str], ...] = ()) -> Path:
    return Path("10.1.2.3", "vm", START, 10, hops, reached=True, names=names)


def test_the_text_is_mtrs() -> None:
    """The same numbers as in a report of mtr 0.95, character for character."""
    text = report_text(
        path(
            Hop(1, ("10.231.0.2",), Tally(10, (0.1, 0.5))),
            Hop(2, (), Tally(10, ())),
            Hop(3, ("10.231.2.2", "10.231.2.9", "10.231.2.10"), Tally(10, (12.34, 100.0, 7.0, 8.0, 9.0))),
        )
    )

    assert text.splitlines() == [
        "Start: 2026-11-22T01:53:26+0000",
        "HOST: vm         Loss%   Snt   Last   Avg  Best  Wrst StDev",
        "  1.|-- 10.231.0.2 80.0%    10    0.5   0.3   0.1   0.5   0.3",
        "  2.|-- ???        100.0    10    0.0   0.0   0.0   0.0   0.0",
        "  3.|-- 10.231.2.2 50.0%    10    9.0  27.3   7.0 100.0  40.7",
        "    |  `|-- 10.231.2.9",
        "    |   |-- 10.231.2.10",
    ]


def test_a_reverse_name_stands_before_its_address() -> None:
    """Names widen the column for all."""
    text = report_text(path(Hop(1, ("10.0.0.1",), Tally(1, (1.0,))), names=(("10.0.0.1", "gw.example"),)))

    assert "  1.|-- gw.example (10.0.0.1)  0.0%     1" in text


def test_mtr_itself_prints_the_same_lines() -> None:
    """On loopback, all but the times and the machine's name is equal."""
    done = subprocess.run(
        [needs_mtr(), "-n", "--report-wide", "-c", "1", "-G", "1", "127.0.0.9"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        missing(f"mtr does not run here: {done.stderr.strip()}")
    theirs = done.stdout.splitlines()
    host = theirs[1].split()[1]
    ours = report_text(Path("127.0.0.9", host, START, 1, (Hop(1, ("127.0.0.9",), Tally(1, (0.1,))),), reached=True))

    assert theirs[1] == ours.splitlines()[1]
    assert re.sub(r"\d\.\d(?!\d*%)", "x", theirs[2]) == re.sub(r"\d\.\d(?!\d*%)", "x", ours.splitlines()[2])


def test_who_rejected_packets_stands_below_the_hops() -> None:
    """Mtr shows such packets as lost, and no more."""
    rejecting = Rejects(PathHop(2, "10.0.0.2"), "packet filtered", 12, 46)
    found = replace(
        path(Hop(1, ("10.0.0.1",), Tally(1, (1.0,)))), rejects=(rejecting,), names=(("10.0.0.2", "gw.example"),)
    )

    assert report_text(found).splitlines()[3:] == [
        "gw.example (10.0.0.2) at hop 2 said packet filtered to 12 of 46 packets"
    ]


addresses = st.ip_addresses().map(str)
tallies = st.tuples(st.integers(0, 100), st.lists(st.floats(0, 30_000), max_size=100)).map(
    lambda drawn: Tally(max(drawn[0], len(drawn[1])), tuple(drawn[1]))
)


@given(st.lists(st.tuples(st.lists(addresses, max_size=3, unique=True), tallies), max_size=30))
def test_any_path_gives_a_line_for_each_host(drawn: list[tuple[list[str], Tally]]) -> None:
    """Rows count from 1 and begin their columns at the same place, whatever the numbers are."""
    hops = [Hop(ttl, tuple(hosts), tally) for ttl, (hosts, tally) in enumerate(drawn, start=1)]
    lines = report_text(path(*hops)).splitlines()[2:]
    rows = [line for line in lines if re.match(r" [ \d]\d\.\|-- ", line)]

    assert [int(row[:3]) for row in rows] == [hop.ttl for hop in hops]
    assert len(lines) == sum(max(1, len(hop.hosts)) for hop in hops)
