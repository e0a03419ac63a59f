"""Requests from other places: which runs there are, what each of them gets, and what the card shows."""

from dataclasses import dataclass, field, replace

import pytest

from bot.errors import BadInput
from bot.messages.model import Place
from bot.probes import cards
from bot.probes.batch import Batch, RunState
from bot.probes.conclusion import conclusion
from bot.probes.details import details
from bot.probes.globalping import results as globalping
from bot.probes.globalping.public_only import NotOpened
from bot.probes.matrix import COUNTED_KINDS, matrix, places_verdict
from bot.probes.model import ProbePlace, QuotaLeft, Shape, Subject
from bot.probes.places import PlaceProgress, PlaceRun
from bot.probes.registry import KINDS
from bot.probes.wording import long
from bot.targets.model import Catalog
from tests.fake_probe import result
from tests.slack_limits import broken_by_message, mrkdwn_texts
from tests.world import APP, US_EAST, US_WEST, World

HERE = Place("C1")
OPEN = Catalog((replace(US_EAST, remote=True), replace(US_WEST, remote=True), APP))


@dataclass
class FakeProber:
    """Implements PlaceProber with `probes` in each place; those in `lossy` lose packets, `failure` is of all."""

    kinds: frozenset[str] = frozenset({"ping", "mtr", "traceroute"})
    probes: int = 10
    lossy: tuple[str, ...] = ()
    failure: str = ""
    too_few: str = ""
    asked: list[tuple[str, str, int, str]] = field(default_factory=list)

    async def spare(self, tests: int) -> str:
        return self.too_few

    async def measure(
        self, kind: str, subject: Subject, *, place: str, limit: int, reuse: str, progress: PlaceProgress
    ) -> PlaceRun:
        self.asked.append((subject.label, place, limit, reuse))
        if self.failure:
            return PlaceRun("", (result(kind, subject.label, barred=self.failure, place=ProbePlace(place)),))
        number = f"{place} {subject.label}"
        progress(PlaceRun(number))
        lost = 4 if place in self.lossy and subject.label == "U.S. East" else 0
        left = QuotaLeft(200 - len(self.asked), 250)
        found = [
            result(
                kind,
                subject.label,
                lost=lost,
                place=ProbePlace(place, "XX", f"AS{nth}"),
                tests_left=left,
                report="HOST: a",
            )
            for nth in range(1, min(limit, self.probes) + 1)
        ]
        return PlaceRun(number, tuple(found))


async def probed(prober: FakeProber, kind: str, *places: str, what: str = "us-east") -> tuple[World, Batch]:
    world = World(prober=prober, catalog=OPEN)
    world.probes.request(kind, what, place=HERE, by="UKIM", places=places)
    await world.probed()
    found = world.probes.get(1)
    assert found
    return world, found


def shown(batch: Batch) -> str:
    return "\n".join(mrkdwn_texts(cards.card(batch)))


async def test_place_with_trouble_is_not_among_those_without() -> None:
    """A check asks several kinds from one place; and of two places in one city one may be fine."""
    _, batch = await probed(FakeProber(lossy=("Brisbane",)), "ping", "Brisbane", "Berlin")
    here, brisbane, berlin, *_ = batch.runs
    assert here.result and brisbane.result and berlin.result
    http = replace(here, kind="http", result=replace(brisbane.result, place=None))
    other = replace(berlin, kind="ping", result=replace(berlin.result, place=ProbePlace("Brisbane", "AU", "AS9")))

    assert places_verdict([here, http, berlin]) == "U.S. East has trouble from our network, not from Berlin"
    assert places_verdict([here, http]) == "U.S. East has trouble from our network"
    assert places_verdict([brisbane, other]).endswith(f"not from {ProbePlace('Brisbane', 'AU', 'AS9').name}")


async def test_each_place_and_the_control_get_a_run() -> None:
    """The local run beside them; the control by the same probes."""
    prober = FakeProber(lossy=("Brisbane",))
    _, batch = await probed(prober, "ping", "Brisbane", "Berlin")

    assert [(run.step, run.place) for run in batch.runs] == [
        ("target", ""),
        ("target", "Brisbane"),
        ("target", "Berlin"),
        ("control", ""),
        ("control", "Brisbane"),
        ("control", "Berlin"),
    ]
    assert sorted(prober.asked) == [
        ("U.S. East", "Berlin", 1, ""),
        ("U.S. East", "Brisbane", 1, ""),
        ("U.S. West", "Berlin", 1, "Berlin U.S. East"),
        ("U.S. West", "Brisbane", 1, "Brisbane U.S. East"),
    ]
    assert batch.title == "ping U.S. East from Brisbane, Berlin"
    assert conclusion(batch) == (
        "U.S. East has trouble from Brisbane, not from our network and Berlin; "
        "the control U.S. West is fine from our network, Brisbane and Berlin"
    )


async def test_card_has_the_matrix_and_the_quota() -> None:
    """A row per place, a column per target: a press away; the message has the headline."""
    _, batch = await probed(FakeProber(lossy=("Brisbane",)), "ping", "Brisbane", "Berlin")
    compared = details(batch)[0]

    assert (compared.label, compared.columns) == ("From all places", ("Lost from", "U.S. East", "U.S. West"))
    assert ("our network", "0 of 10, 9.0 ms", "0 of 10, 9.0 ms") in compared.rows
    assert ("Brisbane", "4 of 10, 9.0 ms", "0 of 10, 9.0 ms") in compared.rows
    assert "from Brisbane" in shown(batch).splitlines()[0] and "40 %" not in shown(batch)
    assert "our network and 2 other places" in shown(batch) and "Globalping: 196 of 250 tests left" in shown(batch)
    assert broken_by_message(cards.card(batch)) == []


async def test_heading_says_what_is_counted_before_anything_is_in() -> None:
    """A card that is posted at once is not headed otherwise once the first results come."""
    world = World(prober=FakeProber(), catalog=OPEN)
    for kind in ("ping", "mtr", "traceroute"):
        world.probes.request(kind, "us-east", place=HERE, by="UKIM", places=("Brisbane",))
    waiting = [batch for number in (1, 2, 3) if (batch := world.probes.get(number))]
    assert [run.result for batch in waiting for run in batch.runs] == [None] * 10

    assert [matrix(batch.runs)[0][0] for batch in waiting] == ["Lost from"] * 3


def test_kinds_that_count_packets_are_known() -> None:
    """Those of other places among them, which have one more."""
    kinds = (*KINDS.values(), *globalping.KINDS.values())
    assert {kind.name for kind in kinds if kind.shape in (Shape.ADDRESSES, Shape.HOPS)} == COUNTED_KINDS


async def test_several_probes_in_one_place_are_rows_of_their_own() -> None:
    """Told apart by their networks; a place that has fewer says so."""
    prober = FakeProber(probes=2)
    _, batch = await probed(prober, "ping", "Germany", "Germany", "Germany")
    target = [run.result for run in batch.runs if run.step == "target" and run.place and run.result]

    assert prober.asked[0] == ("U.S. East", "Germany", 3, "")
    assert batch.title == "ping U.S. East from Germany x3"
    assert [each.measured for each in target] == [True, True, False]
    assert long(target[2].verdict) == "Globalping has only 2 probes in Germany now"
    assert "Germany, XX (AS2)" in [row[0] for row in details(batch)[0].rows]


async def test_a_failure_before_any_measurement_is_that_of_all() -> None:
    """The local run stands all the same."""
    _, batch = await probed(FakeProber(failure="Globalping can't be reached"), "ping", "Berlin", "Berlin")

    assert [run.result.measured for run in batch.runs if run.place and run.result] == [False] * 4
    assert "could not be measured from Berlin (Globalping can't be reached)" in conclusion(batch)
    assert "is fine from our network" in conclusion(batch)


async def test_reports_of_all_places_are_one_file_on_request() -> None:
    """None before, one for everybody after."""
    world, batch = await probed(FakeProber(), "mtr", "Berlin")
    before = world.owed_keys("%files")
    for _ in range(2):
        world.probes.share_files(batch.id, by="UKIM")

    assert before == [] and world.owed_keys("%files") == [f"probes/{batch.id}/files"]
    content = str(world.database.value("SELECT content FROM messages WHERE key LIKE '%files'"))
    assert content.count("mtr U.S. East") >= 2 and "from Berlin" in content


async def test_kind_that_only_others_measure_has_no_local_run() -> None:
    """A traceroute is from elsewhere only."""
    _, batch = await probed(FakeProber(), "traceroute", "Berlin")

    assert {run.place for run in batch.runs} == {"Berlin"}


@pytest.mark.parametrize(
    ("kind", "what", "places", "words"),
    [
        ("tls", "us-east", ["Berlin"], "not measured from other places. There are: mtr, ping, traceroute"),
        ("ping", "us-east", list("abcdef"), "5 places"),
        ("ping", "us-east", ["Berlin"] * 11, "10 probes"),
        ("ping", "app", ["Berlin"], "The app isn't measured from other cities"),
        ("traceroute", "us-east", [], "no probe 'traceroute'"),
    ],
)
async def test_what_can_t_be_asked_for(kind: str, what: str, places: list[str], words: str) -> None:
    """In words, before anything is stored."""
    world = World(prober=FakeProber(), catalog=OPEN)
    with pytest.raises(BadInput, match=words):
        world.probes.request(kind, what, place=HERE, by="UKIM", places=places)

    assert world.probes.get(1) is None


async def test_typed_hosts_are_open_unless_they_are_a_target_s() -> None:
    """However the host of a target is written."""
    closed = replace(US_EAST, hosts=("gw.example.com",))
    world = World(prober=FakeProber(), catalog=Catalog((closed,)))
    world.probes.request("ping", "www.example.com", place=HERE, by="UKIM", places=["Berlin"])

    with pytest.raises(NotOpened):
        world.probes.request("ping", "https://gw.example.com/", place=HERE, by="UKIM", places=["Berlin"])


async def test_nobody_measures_from_elsewhere() -> None:
    """A request says so; a run that waited over a restart gets a result all the same."""
    world = World(prober=FakeProber(), catalog=OPEN)
    world.probes.request("ping", "us-east", place=HERE, by="UKIM", places=["Berlin"])
    later = World(clock=world.clock, database=world.database, catalog=OPEN)
    await later.probed()
    found = later.probes.get(1)

    assert found and found.state is RunState.DONE
    assert "Globalping has no probe in Berlin now" in conclusion(found)
    with pytest.raises(BadInput, match="from other cities are turned off"):
        later.probes.request("ping", "us-east", place=HERE, by="UKIM", places=["Berlin"])
