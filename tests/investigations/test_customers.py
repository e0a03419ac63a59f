"""From where the reporting customers are: once, when the tickets are in, and on demand."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.investigations.overview import attachable
from bot.probes import cards
from bot.probes.batch import Batch, RunState
from bot.probes.checklist import checklist
from bot.probes.conclusion import conclusion
from bot.probes.details import details
from bot.probes.model import Subject
from bot.probes.places import CUSTOMERS, PlaceProgress, PlaceRun
from bot.targets.model import Catalog, Target
from bot.tickets.collection import LinkState
from tests.eventually import eventually
from tests.fake_desk import ticket, unreachable
from tests.fake_probe import result
from tests.probes.test_places import FakeProber
from tests.slack_limits import broken_by_message
from tests.world import APP, US_EAST, US_WEST, World

EAST = replace(US_EAST, remote=True)
OPEN = Catalog((EAST, replace(US_WEST, remote=True), APP))


def world(*places: str, **more: object) -> World:
    """Each of these places is named by one ticket more than the next."""
    made = World(catalog=OPEN, **({"prober": FakeProber(lossy=("Brisbane", "Perth"))} | more))  # type: ignore[arg-type]
    if made.desk:
        count = 0
        for more_of, place in enumerate(reversed(places), 1):
            for _ in range(more_of):
                count += 1
                made.desk.found.append(replace(ticket(count, made.clock()), places=(place,)))
    return made


def playbook(there: World) -> Batch:
    batch = there.probes.get(1)
    assert batch
    return batch


def part(there: World) -> Batch:
    batch = playbook(there).customers
    assert batch
    return batch


def line(there: World) -> str:
    return next(line for line in checklist(playbook(there)) if "*mtr* from" in line)


async def test_playbook_looks_from_there_when_the_tickets_are_in() -> None:
    """The three most frequent, target and control, by the same probes; the verdict names them beside here."""
    there = world("Brisbane", "Perth", "Berlin", "Oslo")
    await there.opened(EAST)
    waiting = line(there)
    await there.desk_settled()
    queued = line(there)
    await there.probed()
    prober = there.prober
    assert isinstance(prober, FakeProber)
    compared = details(playbook(there))[0]

    assert waiting == ":hourglass: *mtr* from the customers' places: waiting for the tickets"
    assert queued == ":hourglass: *mtr* from Brisbane, Perth and Berlin: waiting"
    assert sorted((label, place) for label, place, *_ in prober.asked) == [
        (label, place) for label in ("U.S. East", "U.S. West") for place in ("Berlin", "Brisbane", "Perth")
    ]
    assert {limit for *_, limit, _ in prober.asked} == {1}
    verdict = (
        "U.S. East has trouble from Brisbane and Perth, not from our network and Berlin; "
        "the control U.S. West is fine from our network, Brisbane, Perth and Berlin"
    )
    told_text = "trouble from Brisbane and Perth"
    assert line(there) == f":red_circle: *mtr* from Brisbane, Perth and Berlin: {told_text}"
    assert conclusion(playbook(there)).endswith(f"By mtr {verdict}")
    assert compared.columns == ("Lost from", "U.S. East", "U.S. West")
    assert [row[0] for row in compared.rows] == ["our network", "Brisbane", "Perth", "Berlin"]
    assert broken_by_message(cards.card(playbook(there))) == []


async def test_it_has_no_message_of_its_own_and_is_evidence() -> None:
    """One card; a line on the timeline; its reports wait for an escalation instead of filling the thread."""
    there = world("Brisbane", "Berlin")
    await there.opened(EAST)
    await there.desk_settled()
    await there.probed()
    texts = [event.text for event in there.evidence.overview(1).events]

    assert there.owed_keys("probes/%") == ["probes/1"]
    assert any(text.startswith("mtr U.S. East from Brisbane, Berlin. U.S. East has trouble") for text in texts)
    assert there.owed_keys("run/%/report") == []
    offered = attachable(there.evidence.overview(1))
    assert sorted(run.place for run in offered if run.place) == ["Berlin", "Berlin", "Brisbane", "Brisbane"]
    assert len(there.probes.of(1)) == 2


async def test_nothing_waits_for_it() -> None:
    """The playbook ends without the tickets; the rest comes when they are in, also after a restart."""
    there = world("Brisbane")
    await there.opened(EAST)
    await there.probed()
    assert playbook(there).state is RunState.DONE and part(there).state is RunState.PENDING
    assert [batch.id for batch in there.probes.of(1)] == [1]
    later = World(database=there.database, clock=there.clock, catalog=OPEN, desk=there.desk, prober=FakeProber())
    await later.desk_settled()
    await later.probed()

    assert part(later).state is RunState.DONE and "is fine from our network and Brisbane" in conclusion(playbook(later))


async def test_a_desk_that_is_down_only_delays_it() -> None:
    """It begins with the first search that is answered."""
    there = world("Brisbane")
    assert there.desk
    there.desk.failures.append(unreachable())
    await there.opened(EAST)
    await there.desk_settled()
    assert part(there).state is RunState.PENDING
    there.clock.advance(20)
    await there.desk_settled()

    assert part(there).state is RunState.QUEUED


async def test_it_runs_once() -> None:
    """Later searches with other places start nothing."""
    there = world("Brisbane")
    await there.opened(EAST)
    await there.desk_settled()
    await there.probed()
    assert there.desk
    there.desk.found.append(replace(ticket(99, there.clock()), places=("Perth",)))
    there.clock.advance(200)
    await there.desk_settled()
    await there.probed()

    assert [run.place for run in part(there).runs] == ["Brisbane", "Brisbane"]


async def test_confirmed_count_and_rejected_do_not() -> None:
    """On demand, with what people decided since."""
    there = world("Brisbane", "Berlin")
    await there.opened(EAST)
    await there.desk_settled()
    await there.evidence.decide(1, [1], LinkState.CONFIRMED, by="UKIM")
    assert there.evidence.customers(1) == ("Berlin", "Brisbane")
    await there.evidence.decide(1, [2, 3], LinkState.REJECTED, by="UKIM")

    assert there.evidence.customers(1) == ("Berlin",)


@pytest.mark.parametrize(
    ("more", "places", "target", "why"),
    [
        ({"prober": None}, ("Brisbane",), EAST, "Globalping is off"),
        ({}, ("Brisbane",), replace(EAST, remote=False), "U.S. East is not remote"),
        ({"desk": None}, (), EAST, "no Zendesk is configured"),
        ({}, (), EAST, "no ticket names a place"),
        ({"prober": FakeProber(too_few="Globalping has only 3 of 250 tests left this hour")}, ("Perth",), EAST,
         "Globalping has only 3 of 250 tests left this hour"),
    ],
)  # fmt: skip
async def test_why_it_is_left_out_stands_in_the_list(
    more: dict[str, object], places: tuple[str, ...], target: Target, why: str
) -> None:
    """And nothing is asked of anybody."""
    there = world(*places, **more)
    await there.opened(target)
    if there.desk:
        await there.desk_settled()
    await there.probed()

    assert line(there).endswith(f"left out, {why}")
    assert not isinstance(there.prober, FakeProber) or there.prober.asked == []
    assert playbook(there).state is RunState.DONE and len(there.probes.of(1)) == 1


async def test_it_does_not_begin_after_the_end() -> None:
    """Whoever dismissed it wants no more of it."""
    there = world("Brisbane")
    await there.opened(EAST)
    await there.investigations.dismiss(1, reason="one customer", by="UKIM")

    assert "left out, the investigation ended" in line(there)


async def test_cancel_stops_it_too() -> None:
    """One button for all that the card shows."""
    there = world("Brisbane")
    await there.opened(EAST)
    await there.desk_settled()
    await there.probes.cancel(1, by="UKIM")
    await there.probed()

    assert part(there).state is RunState.CANCELLED and line(there).endswith(": cancelled")


async def test_waiting_for_globalping_is_shown() -> None:
    """What it says while it lets us wait."""
    gate = asyncio.Event()
    there = world("Brisbane", prober=Slow(gate))
    await there.opened(EAST)
    await there.desk_settled()
    there.begin_probing()
    await eventually(lambda: "waiting 3 s… Globalping asks to slow down" in line(there))
    gate.set()
    await there.probing_ended()

    assert part(there).state is RunState.DONE


async def test_from_customers_on_demand() -> None:
    """The word stands for the places of the tickets, beside others that are named."""
    there = world("Brisbane", "Berlin")
    await there.opened(EAST)
    await there.desk_settled()
    await there.probed()
    there.evidence.probe(1, "mtr", "", by="UKIM", places=[CUSTOMERS, "Oslo", "Berlin"])

    assert there.probes.of(1)[-1].title == "mtr U.S. East from Brisbane, Oslo, Berlin"


async def test_from_customers_needs_tickets_with_places_and_an_investigation() -> None:
    """Each in words that say what to do."""
    there = world()
    await there.opened(EAST)
    await there.desk_settled()
    with pytest.raises(BadInput, match="No ticket of this investigation names a place"):
        there.evidence.probe(1, "mtr", "", by="UKIM", places=[CUSTOMERS])
    with pytest.raises(BadInput, match="thread of an investigation"):
        there.probes.request("mtr", "us-east", place=there.place("probes/1"), by="UKIM", places=[CUSTOMERS])


class Slow(FakeProber):
    """Lets everybody wait first, until the gate opens."""

    def __init__(self, gate: asyncio.Event) -> None:
        super().__init__()
        self.gate = gate

    async def measure(
        self, kind: str, subject: Subject, *, place: str, limit: int, reuse: str, progress: PlaceProgress
    ) -> PlaceRun:
        details = replace(result(kind, subject.label, readings=()), waiting="waiting 3 s… Globalping asks to slow down")
        progress(PlaceRun("", (details,)))
        await self.gate.wait()
        return await super().measure(kind, subject, place=place, limit=limit, reuse=reuse, progress=progress)
