"""Requests and playbooks: run in the background, shown in one message, never left as running."""

import asyncio
import gc
import json
import sys
from dataclasses import dataclass, field, replace

import pytest

from bot.errors import BadInput
from bot.messages.model import Place
from bot.people import NotTier2
from bot.pictures.model import Picture
from bot.probes.batch import Batch, FleetRunning, QueueFull, RunningAlready, RunState
from bot.probes.conclusion import conclusion
from bot.probes.model import Numbers, ProbeResult, Progress, Subject
from bot.probes.policy import ProbeRefused
from bot.probes.registry import UnknownProbe
from bot.probes.runner import MISTAKE
from bot.targets.model import Catalog
from tests.eventually import eventually
from tests.fake_probe import FakeProbe
from tests.world import CATALOG, US_EAST, US_WEST, World

HERE = Place("C1")
ANSWERS = "10.1.2.3 answers 10 of 10, median 9.0 ms"


@pytest.fixture
async def world() -> World:
    return World()


def batch(world: World, number: int = 1) -> Batch:
    found = world.probes.get(number)
    assert found
    return found


async def test_one_probe_of_a_target(world: World) -> None:
    """Found by any of its names; the result is stored, one message shows it."""
    world.probes.request("ping", "U.S. East", place=HERE, by="UKIM")
    await world.probed()
    found = batch(world)

    assert (found.state, found.title, conclusion(found)) == (RunState.DONE, "ping U.S. East", ANSWERS)
    assert [run.state for run in found.runs] == [RunState.DONE]
    assert world.probe_kinds["ping"].seen[0].trusted
    assert world.owed_keys() == ["probes/1"]


async def test_unknown_kind_names_the_known_ones(world: World) -> None:
    """Nothing is stored."""
    with pytest.raises(UnknownProbe, match="mtr, ping, playbook, smoke, tls"):
        world.probes.request("pign", "us-east", place=HERE, by="UKIM")

    assert world.probes.get(1) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.9.9.9", "[::1]", "http://192.168.0.1/"])
async def test_private_addresses_are_refused_at_once(world: World, host: str) -> None:
    """The person hears why; no message appears in the channel."""
    with pytest.raises(ProbeRefused, match=r"probes\.allow_networks"):
        world.probes.request("ping", host, place=HERE, by="UKIM")

    assert world.owed_keys() == []


async def test_words_are_no_host(world: World) -> None:
    """A sentence is not looked up."""
    with pytest.raises(BadInput):
        world.probes.request("ping", "the thing; rm -rf /", place=HERE, by="UKIM")


async def test_progress_edits_the_one_message(world: World) -> None:
    """Every step is a change of the same card, gathered as a machine's."""
    world.probe_kinds["ping"].steps = 5
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    await world.probed()

    assert world.owed_keys() == ["probes/1"]
    assert world.wanted("probes/1") >= 6


async def test_reports_are_one_file_that_somebody_asks_for(world: World) -> None:
    """One message until then; the file is named by what was measured and when, and comes once."""
    world.probe_kinds["mtr"].report = "HOST: a"
    world.probe_kinds["mtr"].steps = 3
    world.probes.request("mtr", "us-east", place=HERE, by="UKIM")
    await world.probed()
    before = world.owed_keys()
    first, second = (world.probes.share_files(1, by=by) for by in ("UKIM", "UJO"))
    content = json.loads(world.database.value("SELECT content FROM messages WHERE key = 'probes/1/files'"))

    assert (before, first, second) == (["probes/1"], None, "")
    assert world.place("probes/1/files").thread_key == "probes/1"
    assert content == {"name": "us-east-2026-11-20-0912-mtr.txt", "title": "mtr U.S. East", "text": "HOST: a\n"}


async def test_nothing_measured_has_no_file(world: World) -> None:
    """In words, to who asked."""
    world.probes.request("mtr", "us-east", place=HERE, by="UKIM")

    with pytest.raises(BadInput, match="no reports"):
        world.probes.share_files(1, by="UKIM")


async def test_the_same_once_more_says_how_it_was(world: World) -> None:
    """Runs of the target as it is configured now; a new message, which knows the old one."""
    world.probe_kinds["ping"].lost = {"U.S. East": 4}
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    await world.probed()
    world.probe_kinds["ping"].lost = {}
    world.evidence.probe_again(1, by="UJO")
    await world.probed()
    again = batch(world, 2)

    assert (again.repeats, again.requested_by, again.title) == (1, "UJO", "ping U.S. East")
    assert world.probes.before(again) == batch(world, 1)
    assert world.owed_keys() == ["probes/1", "probes/2"]


async def test_in_an_investigation_the_same_is_measured_once_at_a_time(world: World) -> None:
    """Whoever asks meanwhile is told; a later one is a repeat by itself, other places and targets are none."""
    await world.opened()
    world.evidence.probe(1, "mtr", "us-east", by="UKIM")
    with pytest.raises(RunningAlready, match=r"mtr U\.S\. East is being measured already"):
        world.evidence.probe(1, "mtr", "us-east", by="UJO")
    world.evidence.probe(1, "mtr", "us-west", by="UJO")
    await world.probed()
    world.evidence.probe(1, "mtr", "us-east", by="UJO")
    newest = world.probes.of(1)[-1]

    assert newest.repeats == next(each.id for each in world.probes.of(1) if each.title == "mtr U.S. East")


async def test_a_playbook_once_more_waits_for_nothing(world: World) -> None:
    """It stands in the thread, and knows what it repeats."""
    await world.opened(US_EAST)
    await world.probed()
    world.evidence.probe_again(1, by="UJO")
    await world.probed()
    newest = world.probes.of(1)[-1]

    assert (newest.playbook, newest.repeats, newest.title) == ("gateway", 1, "playbook U.S. East")
    assert world.place(f"probes/{newest.id}").thread_key == "investigation/1"


async def test_a_picture_that_a_probe_took_is_shared_and_not_kept_with_the_result(world: World) -> None:
    """It is shown in the message of the request, with words for whoever does not see it."""
    world.probe_kinds["tls"].picture = Picture(b"a png", "The page in a browser")
    world.probe_kinds["tls"].steps = 1
    world.probes.request("tls", "us-east", place=HERE, by="UKIM")
    await world.probed()

    stored = world.database.rows("SELECT content FROM messages WHERE kind = 'image'")
    assert [json.loads(row["content"])["alt"] for row in stored] == ["The page in a browser"]
    assert json.loads(stored[0]["content"])["title"] == "tls U.S. East, drawn"
    assert world.database.column("SELECT shown_in FROM pictures") == ["probes/1"]
    assert batch(world).results[0].picture is None


async def test_a_picture_that_nobody_will_see_is_let_go(world: World) -> None:
    """Part of a smoke sweep, which draws none, or of what is cancelled before its end."""
    taken = Picture(b"a png", "The page in a browser")
    known = sys.getrefcount(taken)
    world.probe_kinds["ping"].picture = taken
    with world.database.transaction():
        assert world.probes.sweep(US_WEST, sweep_id=1, place=HERE)
    await world.probed()
    mtr = world.probe_kinds["mtr"]
    mtr.gate = asyncio.Event()
    mtr.seen.clear()
    world.probes.request("playbook", "us-east", place=HERE, by="UKIM")
    world.begin_probing()
    await eventually(lambda: len(mtr.seen) > 0)
    await world.probes.cancel(2, by="UKIM")
    await world.probing_ended()

    world.probe_kinds["ping"].picture = None
    gc.collect()
    assert sys.getrefcount(taken) == known


async def test_files_of_an_investigation_go_into_its_thread(world: World) -> None:
    """Evidence stays together."""
    await world.opened()
    world.probe_kinds["mtr"].report = "HOST: a"
    world.evidence.probe(1, "mtr", "us-east", by="UKIM")
    await world.probed()
    number = world.probes.of(1)[-1].id
    world.probes.share_files(number, by="UKIM")

    assert world.place(f"probes/{number}/files").thread_key == "investigation/1"
    assert "probe" in world.kinds(1)


async def test_kind_that_does_not_fit_is_a_result(world: World) -> None:
    """A probe with nothing to look at says so; its batch is done, not interrupted."""
    world.probe_kinds["tls"].trouble = BadInput("U.S. East has no TLS endpoint.")
    world.probes.request("tls", "us-east", place=HERE, by="UKIM")
    await world.probed()

    assert (batch(world).state, conclusion(batch(world))) == (RunState.DONE, "U.S. East has no TLS endpoint.")
    assert [result.measured for result in batch(world).results] == [False]


async def test_playbook_sweeps_then_traces_and_compares(world: World) -> None:
    """The target and its control side by side; the verdict names both and stands on the timeline."""
    world.probe_kinds["ping"].lost = {"U.S. East": 4}
    await world.opened(US_EAST)
    await world.probed()
    found = batch(world)

    assert [(run.kind, run.step) for run in found.runs] == [
        ("ping", "target"),
        ("ping", "control"),
        ("mtr", "worst"),
        ("mtr", "control"),
    ]
    assert conclusion(found).startswith("U.S. East: 10.1.2.3 loses 4 of 10")
    assert "control U.S. West is clean" in conclusion(found)
    assert world.evidence.overview(1).events[-1].text.endswith(conclusion(found))


async def test_second_round_waits_for_the_first(world: World) -> None:
    """Which address to trace is known only after the sweep of both."""
    world.probe_kinds["ping"].gate = asyncio.Event()
    await world.opened(US_EAST)
    world.begin_probing()
    await eventually(lambda: len(world.probe_kinds["ping"].seen) == 2)
    assert world.probe_kinds["mtr"].seen == []
    world.probe_kinds["ping"].gate.set()
    await world.probing_ended()

    assert len(world.probe_kinds["mtr"].seen) == 2


async def test_restart_names_what_it_interrupted(world: World) -> None:
    """What was running is marked, what was waiting is run."""
    world.probe_kinds["ping"].gate = asyncio.Event()
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    world.begin_probing()
    await eventually(lambda: batch(world).state is RunState.RUNNING)
    before = world.wanted("probes/1")
    await world.tasks.drain(deadline_s=0)
    later = World(clock=world.clock, database=world.database)
    later.probes.request("mtr", "us-east", place=HERE, by="UKIM")
    await later.probed()

    assert [batch(later, number).state for number in (1, 2)] == [RunState.INTERRUPTED, RunState.DONE]
    assert [run.state for run in batch(later).runs] == [RunState.INTERRUPTED]
    assert later.wanted("probes/1") > before


async def test_playbook_cut_by_a_restart_is_begun_again_once(world: World) -> None:
    """What it had measured stays, the rest is measured anew."""
    world.probe_kinds["mtr"].gate = asyncio.Event()
    await world.opened(US_EAST)
    world.begin_probing()
    await eventually(lambda: len(world.probe_kinds["mtr"].seen) == 2)
    await world.tasks.drain(deadline_s=0)
    later = World(clock=world.clock, database=world.database)
    await later.probed()

    assert batch(later).state is RunState.DONE
    assert [run.state for run in batch(later).runs] == [RunState.DONE] * 4
    assert (len(later.probe_kinds["ping"].seen), len(later.probe_kinds["mtr"].seen)) == (0, 2)


async def test_playbook_cut_twice_is_interrupted(world: World) -> None:
    """It does not begin for ever."""
    await world.opened(US_EAST)
    await cut(world)
    await cut(World(clock=world.clock, database=world.database))
    later = World(clock=world.clock, database=world.database)
    await later.probed()

    assert batch(later).state is RunState.INTERRUPTED
    assert later.probe_kinds["ping"].seen == []


async def cut(world: World) -> None:
    """The program ends while the pings are under way."""
    ping = world.probe_kinds["ping"]
    ping.gate = asyncio.Event()
    world.begin_probing()
    await eventually(lambda: len(ping.seen) == 2)
    await world.tasks.drain(deadline_s=0)


async def test_crashing_probe_is_a_failed_result(world: World) -> None:
    """A mistake of ours is one result with a reason, and the next one runs."""
    world.probe_kinds["ping"].trouble = RuntimeError("a mistake")
    for _ in range(5):
        world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    world.probes.request("mtr", "us-east", place=HERE, by="UKIM")
    await world.probed()

    assert [batch(world, number).state for number in range(1, 7)] == [RunState.DONE] * 6
    assert conclusion(batch(world)) == MISTAKE
    assert [(result.measured, bool(result.remedy)) for result in batch(world).results] == [(False, True)]


async def test_one_crash_in_a_playbook_leaves_the_others_alone(world: World) -> None:
    """The first ping fails by a mistake; all other steps have their results."""
    gate = asyncio.Event()
    gate.set()
    world.probe_kinds["ping"] = FirstCrashes(gate=gate)
    world = World(database=world.database, probe_kinds=world.probe_kinds)
    await world.opened(US_EAST)
    await world.probed()

    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert batch(world).state is RunState.DONE
    assert [bool(run.result and run.result.measured) for run in batch(world).runs] == [False, True, True, True]


async def test_result_that_goes_on_is_refined_after_its_batch(world: World) -> None:
    """The batch ends with the first result; the same run and message get the later ones, and then the file."""
    goes_on = GoesOn("mtr", report="HOST: a")
    world.probe_kinds["mtr"] = goes_on
    world = World(database=world.database, probe_kinds=world.probe_kinds)
    world.probes.request("mtr", "us-east", place=HERE, by="UKIM")
    world.begin_probing()
    await eventually(lambda: batch(world).refining and batch(world).ended)
    first = batch(world)
    goes_on.gate_of_rest.set()
    await world.probing_ended()
    last = batch(world)

    assert (first.state, first.results[0].goes_on_to) == (RunState.DONE, 30)
    assert (last.refining, last.results[0].goes_on_to) == (False, 0)
    assert last.results[0].verdict.numbers.sent == 146


async def test_refinement_that_a_person_stops_keeps_what_it_had(world: World) -> None:
    """The result so far is the last one; a second press is told that it has ended."""
    there = await refining(world)
    await there.probes.cancel(1, by="UKIM")
    await there.probing_ended()

    assert (batch(there).refining, batch(there).results[0].goes_on_to) == (False, 0)
    assert batch(there).state is RunState.DONE


async def test_refinement_that_a_restart_cuts_keeps_what_it_had(world: World) -> None:
    """Nothing is shown as going on that does not."""
    there = await refining(world)
    await there.tasks.drain(deadline_s=0)
    later = World(clock=there.clock, database=there.database)
    await later.probed()

    assert (batch(later).refining, batch(later).results[0].goes_on_to) == (False, 0)


async def refining(world: World) -> World:
    """An MTR whose first result is there goes on."""
    there = World(database=world.database, probe_kinds=world.probe_kinds | {"mtr": GoesOn("mtr", report="HOST: a")})
    there.probes.request("mtr", "us-east", place=HERE, by="UKIM")
    there.begin_probing()
    await eventually(lambda: batch(there).refining and batch(there).ended)
    return there


async def test_person_and_channel_have_caps_and_the_queue_is_shown(world: World) -> None:
    """Three of one person run, somebody else's go past; those that wait say how many are before them."""
    ping = world.probe_kinds["ping"]
    ping.gate = asyncio.Event()
    for by in ("UKIM", "UKIM", "UKIM", "UKIM", "UKIM", "UJO"):
        world.probes.request("ping", "us-east", place=HERE, by=by)
    world.begin_probing()
    await eventually(lambda: len(ping.seen) == 4)
    states = [batch(world, number).state for number in range(1, 7)]
    ahead = [batch(world, number).ahead for number in (4, 5)]
    ping.gate.set()
    await world.probing_ended()

    assert states == [RunState.RUNNING] * 3 + [RunState.QUEUED] * 2 + [RunState.RUNNING]
    assert ahead == [0, 1]
    assert len(ping.seen) == 6


async def test_queue_of_one_person_ends_somewhere(world: World) -> None:
    """The eleventh that would wait is refused in words."""
    for _ in range(10):
        world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    with pytest.raises(QueueFull):
        world.probes.request("ping", "us-east", place=HERE, by="UKIM")

    assert world.probes.request("ping", "us-east", place=HERE, by="UJO").requested_by == "UJO"


async def test_running_probe_can_be_cancelled(world: World) -> None:
    """It stops, says who stopped it, and what waits after it runs."""
    ping = world.probe_kinds["ping"]
    ping.gate = asyncio.Event()
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    world.begin_probing()
    await eventually(lambda: len(ping.seen) == 1)
    await world.probes.cancel(1, by="UKIM")
    await world.probing_ended()

    assert (batch(world).state, batch(world).cancelled_by) == (RunState.CANCELLED, "UKIM")
    assert [run.state for run in batch(world).runs] == [RunState.CANCELLED]


async def test_waiting_probe_can_be_cancelled_once(world: World) -> None:
    """It never runs; a second press is told that it has ended."""
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    await world.probes.cancel(1, by="UKIM")
    with pytest.raises(BadInput, match="ended already"):
        await world.probes.cancel(1, by="UKIM")
    await world.probed()

    assert world.probe_kinds["ping"].seen == []


async def test_strangers_cannot_cancel(world: World) -> None:
    """Its requester may, and Tier 2."""
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    with pytest.raises(NotTier2):
        await world.probes.cancel(1, by="UTOM")

    assert batch(world).state is RunState.QUEUED


@pytest.mark.parametrize("group", ["", "all", "gateways", "Gateway", "us-*", "tech"])
async def test_smoke_test_sweeps_a_group_in_one_run(world: World, group: str) -> None:
    """Every address of every target of it."""
    world.probes.request("smoke", group, place=HERE, by="UKIM")
    await world.probed()
    (subject,) = world.probe_kinds["ping"].seen
    expected = {address for target in CATALOG if target.kind == "gateway" for address in target.addresses}

    assert set(subject.addresses) == expected
    assert [run.kind for run in batch(world).runs] == ["ping"]


async def test_one_sweep_of_several_targets_runs_at_a_time(world: World) -> None:
    """The next one is compared with it."""
    world.probes.request("smoke", "all", place=HERE, by="UKIM")
    with pytest.raises(FleetRunning):
        world.probes.request("smoke", "gateways", place=HERE, by="UJO")
    world.probes.request("smoke", "us-east", place=HERE, by="UJO")
    await world.probed()
    again = world.probes.request("smoke", "all", place=HERE, by="UJO")
    assert again.repeats == 1


async def test_a_group_without_an_address_is_refused(world: World) -> None:
    with pytest.raises(BadInput, match="a group or all"):
        world.probes.request("smoke", "moon-*", place=HERE, by="UKIM")


async def test_database_that_is_full_costs_no_slot(world: World) -> None:
    """After a while without storage all batches still run."""
    world.database.run("CREATE TRIGGER full BEFORE UPDATE ON probe_batches BEGIN SELECT RAISE(ABORT, 'full'); END")
    world.probes.request("ping", "us-east", place=HERE, by="UKIM")
    for _ in range(5):
        with pytest.raises(Exception, match="full"):
            await world.runner.run()
    world.database.run("DROP TRIGGER full")
    await world.probed()

    assert batch(world).state is RunState.DONE


@dataclass
class GoesOn(FakeProbe):
    """An MTR that found loss: its rest comes when `gate_of_rest` is set."""

    gate_of_rest: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        return replace(await super().run(subject, progress=progress), goes_on_to=30)

    async def refine(self, result: ProbeResult, *, progress: Progress) -> ProbeResult:
        await self.gate_of_rest.wait()
        verdict = replace(result.verdict, numbers=Numbers(sent=146, lost=40))
        return replace(result, verdict=verdict, goes_on_to=0)


class FirstCrashes(FakeProbe):
    """The first run fails at once, the others wait for the gate."""

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        self.seen.append(subject)
        if len(self.seen) == 1:
            raise RuntimeError("a mistake")
        assert self.gate
        await self.gate.wait()
        return await FakeProbe().run(subject, progress=progress)


async def test_what_failed_runs_again_as_the_target_is_configured_now() -> None:
    """An address that was taken out of the configuration is nothing that still fails."""
    world = World()
    for probe in world.probe_kinds.values():
        probe.lost["U.S. East"] = 5
    await world.opened(US_EAST)
    await world.probed()
    changed = Catalog((replace(US_EAST, addresses=("10.9.9.9",)), US_WEST))
    world.probes._catalog = changed
    batch = world.probes.smoke_check("us-east", place=Place("C1"), by="UKIM", investigation_id=1)
    again = world.probes.smoke_check("us-east", place=Place("C1"), by="UJO", investigation_id=1)

    assert batch and again and again.id == batch.id
    assert [run.subject.addresses for run in batch.runs] == [("10.9.9.9",)]


async def test_a_target_is_checked_by_its_playbook_without_traces() -> None:
    """Also where nothing failed; one that only people can try has no check."""
    world = World()
    await world.opened(US_EAST)
    await world.probed()
    check = world.probes.smoke_check("us-east", place=Place("C1"), by="UKIM", investigation_id=1)

    assert check and [(run.kind, run.label) for run in check.runs] == [("ping", "U.S. East")]
    assert world.probes.smoke_check("app", place=Place("C1"), by="UKIM", investigation_id=2) is None
