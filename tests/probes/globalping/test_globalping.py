"""Measurements from other places, over the wire with a Globalping on loopback."""

import asyncio

import pytest

from bot.probes.model import ProbePlace, QuotaLeft, Subject
from bot.probes.places import PlaceRun
from bot.probes.wording import long
from tests.probes.globalping.globalping_on_loopback import (
    EAST,
    EAST_2,
    US_WEST,
    WEST,
    on_loopback,
)

WEBSITE = Subject(
    "Website", urls=("http://127.0.0.1:8080/health?full=1",), names=("www.harbor.example",), trusted=True, remote=True
)


async def test_mtr_is_the_same_record_as_a_local_one() -> None:
    """Table, verdict and report; the place is the probe's place and network."""
    async with on_loopback() as there:
        (found,) = (await there.measure("mtr")).results

    assert found.place and found.place.name == "Berlin, DE (AS3320)"
    assert (found.kind, found.label, found.ok) == ("mtr", "U.S. East", False)
    assert "4 of 10 packets" in long(found.verdict) and "starts at hop 4" in long(found.verdict)
    assert found.columns[:3] == ("Hop", "Host", "Lost")
    assert found.readings[-1].cells[:3] == ("6", EAST, "4 of 10")
    assert found.report.splitlines()[1].startswith("HOST: Berlin, DE (AS3320)")
    assert found.report_name.startswith(f"mtr-berlin-{EAST}-")
    assert found.verdict.about.address == EAST
    assert found.verdict.numbers.loss_pct == 40.0


async def test_ping_asks_for_each_address_from_the_same_probe() -> None:
    """One measurement per address; the second names the first instead of a place."""
    both = Subject("U.S. East", addresses=(EAST, EAST_2), trusted=True, remote=True)
    async with on_loopback() as there:
        run = await there.measure("ping", both, place="New York")
        asked = there.sandbox.requests

    (found,) = run.results
    assert [reading.name for reading in found.readings] == [EAST, EAST_2]
    assert found.ok and "All 2 addresses answer without loss" in long(found.verdict)
    assert asked[0]["locations"] == [{"magic": "New York", "limit": 1}]
    assert asked[1]["locations"] == run.id


async def test_control_is_measured_by_the_same_probes() -> None:
    """With the id of the first measurement, in the same order."""
    async with on_loopback() as there:
        target = await there.measure("mtr", place="Brisbane", limit=2)
        control = await there.measure("mtr", US_WEST, reuse=target.id, limit=2)

    assert [each.place and each.place.name for each in target.results] == [
        "Brisbane, AU (AS1221)",
        "Brisbane, AU (AS4764)",
    ]
    assert [each.place for each in control.results] == [each.place for each in target.results]
    assert [each.ok for each in target.results + control.results] == [False, False, True, True]


async def test_traceroute_is_a_table_of_hops() -> None:
    """Two packets per hop; what it leaves out counts as lost."""
    async with on_loopback() as there:
        (found,) = (await there.measure("traceroute", US_WEST)).results

    assert found.ok and found.kind == "traceroute"
    assert [reading.cells[2] for reading in found.readings] == ["0 of 2"] * 6
    assert found.report_name.startswith(f"traceroute-berlin-{WEST}-")


async def test_dns_answers_are_compared_as_local_ones() -> None:
    """A and AAAA are one answer."""
    async with on_loopback() as there:
        (found,) = (await there.measure("dns", WEBSITE)).results

    assert found.ok and long(found.verdict) == "www.harbor.example resolves at 1 resolver"
    assert found.readings[0].cells[2] == "127.0.0.1"
    assert [each["measurementOptions"]["query"]["type"] for each in there.sandbox.requests] == ["A", "AAAA"]


async def test_http_has_the_phases_of_a_local_run() -> None:
    """The URL is split as the API wants it; nothing of ours is in the headers."""
    async with on_loopback() as there:
        (found,) = (await there.measure("http", WEBSITE)).results
        (asked,) = there.sandbox.requests

    assert found.ok and "answers 200" in long(found.verdict)
    assert [cell != "-" for cell in found.readings[0].cells[2:7]] == [True, True, False, True, True]
    assert asked["target"] == "127.0.0.1"
    assert asked["measurementOptions"] == {
        "request": {"method": "GET", "path": "/health", "query": "full=1"},
        "protocol": "HTTP",
        "port": 8080,
    }


async def test_progress_shows_hops_while_it_runs() -> None:
    """First the id alone, then a table that grows."""
    seen: list[PlaceRun] = []
    async with on_loopback(speed=4.0) as there:
        run = await there.measure("mtr", progress=seen.append)

    assert seen[0] == PlaceRun(run.id)
    counts = [each.results[0].readings[0].numbers.sent for each in seen[1:]]
    assert counts == sorted(counts) and counts[0] < counts[-1] == 10


async def test_quota_is_kept_and_shown() -> None:
    """Read before the first request, counted with each, told with each result."""
    async with on_loopback() as there:
        there.sandbox.used = 240
        (found,) = (await there.measure("mtr")).results

    assert found.tests_left == QuotaLeft(9, 250)


async def test_used_up_quota_is_refused_before_asking() -> None:
    """In words, with the time when there are tests again, and how to get more."""
    async with on_loopback() as there:
        there.sandbox.used = 250
        (found,) = (await there.measure("mtr")).results
        asked = there.sandbox.requests

    assert asked == []
    assert not found.measured and long(found.verdict).startswith("Globalping: 250 tests an hour used up, again at ")
    assert "GLOBALPING_TOKEN" in found.remedy


async def test_token_is_sent_and_doubles_the_quota() -> None:
    """500 tests an hour."""
    async with on_loopback(token="sandbox-globalping-token") as there:
        (found,) = (await there.measure("ping")).results

    assert found.tests_left and found.tests_left.an_hour == 500


async def test_wrong_token_is_named() -> None:
    """With what to do."""
    async with on_loopback(token="old") as there:
        (found,) = (await there.measure("ping")).results

    assert not found.measured and "GLOBALPING_TOKEN (401)" in long(found.verdict)
    assert "Make a new token" in found.remedy


async def test_place_without_probes_says_what_to_name() -> None:
    """A larger place."""
    async with on_loopback() as there:
        (found,) = (await there.measure("ping", place="Atlantis")).results

    assert not found.measured and found.place == ProbePlace("Atlantis")
    assert long(found.verdict) == "Globalping has no probe there now" and "continent" in found.remedy


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (Subject("App", addresses=("8.8.8.8",), trusted=True), "isn't measured from other cities"),
        (Subject("x", addresses=("8.8.8.8", "10.0.0.7"), remote=True), "10.0.0.7 is a private address"),
        (Subject("x", hosts=("us-east.harbor.example",), remote=True), "has no public address"),
        (Subject("x", hosts=("unknown.example",), remote=True), "unknown.example"),
        (Subject("x", remote=True), "no host or address"),
    ],
)
async def test_what_is_not_public_is_never_named(subject: Subject, words: str) -> None:
    """One private address is enough; nothing is asked."""
    async with on_loopback(allow=()) as there:
        (found,) = (await there.measure("mtr", subject)).results

    assert words in long(found.verdict) and not found.measured
    assert there.sandbox.requests == []


@pytest.mark.parametrize("name", ["db", "db.corp", "wiki.home.arpa", "printer.local"])
async def test_internal_names_stay_inside(name: str) -> None:
    """Whatever they resolve to."""
    subject = Subject("x", names=(name,), urls=(f"https://{name}/",), trusted=True, remote=True)
    async with on_loopback() as there:
        found = [(await there.measure(kind, subject)).results[0] for kind in ("dns", "http")]

    assert all("internal name" in long(each.verdict) for each in found)
    assert there.sandbox.requests == []


async def test_name_without_address_here_is_looked_up_there() -> None:
    """That is what the question is about; a typed one has to be public first."""
    configured = Subject("x", names=("gone.harbor.example",), trusted=True, remote=True)
    typed = Subject("x", names=("gone.harbor.example",), remote=True)
    async with on_loopback() as there:
        (ours,), (theirs,) = [(await there.measure("dns", each)).results for each in (configured, typed)]

    assert "NXDOMAIN" in long(ours.verdict) and ours.measured
    assert not theirs.measured


async def test_places_are_measured_side_by_side() -> None:
    """Each by its own measurement, all in the time of one."""
    async with on_loopback() as there:
        places = ("Brisbane", "Berlin", "New York", "São Paulo", "Singapore")
        runs = await asyncio.gather(*(there.measure("ping", place=place) for place in places))

    assert [run.results[0].place and run.results[0].place.city for run in runs] == list(places)
    assert len({run.id for run in runs}) == 5
