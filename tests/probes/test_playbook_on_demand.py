"""A playbook that somebody asks for by name, in a channel and in the thread of an investigation."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.messages.model import Place
from bot.probes.batch import Batch, QueueFull, RunState
from bot.probes.checklist import checklist
from bot.probes.conclusion import conclusion
from bot.targets.model import Catalog, Target
from tests.eventually import eventually
from tests.fake_desk import ticket
from tests.probes.test_places import OPEN, FakeProber
from tests.world import APP, US_EAST, US_WEST, World

HERE = Place("C1")
BARE = Target("bare", "Bare", "website")


def batch(world: World, number: int = 1) -> Batch:
    found = world.probes.get(number)
    assert found
    return found


def from_customers(world: World, number: int) -> str:
    """The line of the list about the places of the customers."""
    return next(line for line in checklist(batch(world, number)) if "*mtr* from" in line)


async def test_in_a_channel_it_is_the_same_list_as_on_opening() -> None:
    """Sweep, worst address, control; the tickets are an investigation's, and the list says so."""
    world = World(catalog=OPEN, prober=FakeProber())
    world.probe_kinds["ping"].lost = {"U.S. East": 4}
    world.probes.request("playbook", "US East", place=HERE, by="UKIM")
    await world.probed()

    assert batch(world).title == "playbook U.S. East"
    assert [(run.kind, run.step) for run in batch(world).runs] == [
        ("ping", "target"),
        ("ping", "control"),
        ("mtr", "worst"),
        ("mtr", "control"),
    ]
    assert "control U.S. West is clean" in conclusion(batch(world))
    assert from_customers(world, 1).endswith("left out, without an investigation there are no tickets")
    assert world.owed_keys("probes/%") == ["probes/1"]


@pytest.mark.parametrize(
    ("what", "places", "words"),
    [
        ("www.example.com", (), "for a target: `/probe playbook us-east`"),
        ("bare", (), "nothing to do in the playbook of Bare .http: no urls"),
        ("us-east", ("Berlin",), "'playbook' is not measured from other places"),
    ],
)
async def test_what_has_no_playbook_is_refused_in_words(what: str, places: tuple[str, ...], words: str) -> None:
    """Before anything is stored."""
    world = World(catalog=Catalog((*OPEN.targets, BARE)), prober=FakeProber())
    with pytest.raises(BadInput, match=words):
        world.probes.request("playbook", what, place=HERE, by="UKIM", places=places)

    assert world.probes.get(1) is None


async def test_it_counts_for_the_person_who_asked() -> None:
    """Three of one person run, the fourth waits; the eleventh that would wait is refused."""
    world = World()
    ping = world.probe_kinds["ping"]
    ping.gate = asyncio.Event()
    asked = [world.probes.request("playbook", "us-east", place=HERE, by="UKIM").id for _ in range(4)]
    world.begin_probing()
    await eventually(lambda: len(ping.seen) == 6)
    states = [batch(world, number).state for number in asked]
    for _ in range(9):
        world.probes.request("playbook", "us-east", place=HERE, by="UKIM")
    with pytest.raises(QueueFull):
        world.probes.request("playbook", "us-east", place=HERE, by="UKIM")
    ping.gate.set()
    await world.probing_ended()

    assert states == [RunState.RUNNING] * 3 + [RunState.QUEUED]


async def test_the_playbook_of_an_opening_does_not_count() -> None:
    """Who opens investigations can still ask for as many probes."""
    world = World()
    await world.opened(US_EAST)
    for _ in range(10):
        world.probes.request("ping", "us-east", place=HERE, by="UKIM")

    with pytest.raises(QueueFull):
        world.probes.request("ping", "us-east", place=HERE, by="UKIM")


async def test_it_can_be_cancelled_by_who_asked() -> None:
    """As any other probe."""
    world = World()
    world.probes.request("playbook", "us-east", place=HERE, by="UTOM")
    await world.probes.cancel(1, by="UTOM")
    await world.probed()

    assert batch(world).state is RunState.CANCELLED and world.probe_kinds["ping"].seen == []


async def test_in_an_investigation_it_is_evidence_and_looks_from_the_customers_places_at_once() -> None:
    """In the thread, on the timeline, on the card; the tickets are in, so nothing waits for the next search."""
    world = with_tickets("Brisbane")
    await world.opened(replace(US_EAST, remote=True))
    await world.desk_settled()
    await world.probed()
    world.probe_kinds["ping"].lost = {"U.S. East": 4}
    world.evidence.probe(1, "playbook", "", by="UJO")
    queued = from_customers(world, 3)
    await world.probed()
    seen = world.evidence.overview(1)

    assert world.place("probes/3").thread_key == "investigation/1"
    assert queued == ":hourglass: *mtr* from Brisbane: waiting"
    assert from_customers(world, 3) == ":white_check_mark: *mtr* from Brisbane: no trouble"
    assert batch(world, 3).repeats == 1
    assert "10.1.2.3 loses 4 of 10" in conclusion(batch(world, 3)) and "loses" not in conclusion(batch(world, 1))
    assert any(event.text.startswith("the playbook. U.S. East: 10.1.2.3 loses") for event in seen.events)
    assert seen.batches[-1].parent_id == 3


async def test_before_the_tickets_are_in_both_playbooks_wait_for_them() -> None:
    """One search serves each of them once."""
    world = with_tickets("Brisbane")
    await world.opened(replace(US_EAST, remote=True))
    await world.probed()
    world.evidence.probe(1, "playbook", "", by="UJO")
    waiting = [from_customers(world, number) for number in (1, 3)]
    await world.desk_settled()
    await world.probed()

    assert all(line.endswith("waiting for the tickets") for line in waiting)
    assert [from_customers(world, number)[:18] for number in (1, 3)] == [":white_check_mark:"] * 2


async def test_why_it_does_not_look_from_the_customers_places() -> None:
    """Another target than the tickets are about; no desk; an investigation that ended before they were in."""
    world = with_tickets("Brisbane")
    await world.opened(replace(US_EAST, remote=True))
    await world.probed()
    world.evidence.probe(1, "playbook", "us-west", by="UJO")
    await world.investigations.dismiss(1, by="UKIM", reason="a customer's router")
    world.evidence.probe(1, "playbook", "", by="UJO")
    without = World(catalog=OPEN, prober=FakeProber(), desk=None)
    await without.opened(replace(US_EAST, remote=True))
    await without.probed()
    without.evidence.probe(1, "playbook", "", by="UJO")

    assert from_customers(world, 3).endswith("left out, the tickets are about U.S. East")
    assert from_customers(world, 5).endswith("left out, the investigation ended before the tickets were in")
    assert from_customers(without, 3).endswith("left out, no Zendesk is configured")


async def test_an_app_can_be_tried_without_an_investigation() -> None:
    """Its playbook is what people do by hand."""
    world = World(catalog=Catalog((US_EAST, US_WEST, APP)))
    world.probes.request("playbook", "app", place=HERE, by="UKIM")
    await world.probed()

    assert conclusion(batch(world)) == "reproduce it on a device"


def with_tickets(*places: str) -> World:
    world = World(catalog=OPEN, prober=FakeProber())
    assert world.desk
    world.desk.found = [
        replace(ticket(number, world.clock()), places=(place,)) for number, place in enumerate(places, 1)
    ]
    return world
