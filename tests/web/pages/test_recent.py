"""What changed in the last hour, on the board: every kind that people would miss there."""

from datetime import timedelta

import pytest

from bot.escalations.model import EscalationDraft
from bot.investigations.model import EventKind
from bot.known_issues.model import Change, ChangeKind
from bot.maintenance.model import ChangeKind as MaintenanceChange
from bot.maintenance.model import Maintenance, Phase, PlannedTime
from bot.maintenance.store import MaintenanceStore
from bot.web.pages.recent import KINDS, MAINTENANCES, Recent, RecentSources
from tests.fake_tracker import issue
from tests.world import US_EAST, World

HOUR = timedelta(hours=1)
NOT_TOLD = {
    EventKind.STILL_ON_IT,
    EventKind.JOINED,
    EventKind.HANDOVER,
    EventKind.DECLINED,
    EventKind.NOT_HANDED_OVER,
    EventKind.NOTE,
    EventKind.MESSAGE,
    EventKind.TICKETS,
    EventKind.PROBE,
    EventKind.QUESTION,
    EventKind.TRIAGED,
    EventKind.ISSUE,
    EventKind.KNOWN_ISSUE,
    EventKind.UPDATED,
    EventKind.INFORMED,
    EventKind.LOG,
    EventKind.FORGOTTEN,
    EventKind.RELATED,
    EventKind.UNRELATED,
}
"""Steps of those who work on it; its page has them."""


def recent(world: World) -> Recent:
    rooms = world.rooms
    sources = RecentSources(
        investigations=rooms.investigations,
        known=rooms.known,
        status=rooms.status,
        trends=rooms.trends,
        maintenance=rooms.maintenance.service,
    )
    return Recent(sources=sources, people=world.people, catalog=world.catalog)


async def words(world: World) -> list[str]:
    return [change.words for change in await recent(world).since(world.clock() - HOUR)]


def test_each_kind_of_event_is_told_or_left_to_the_page() -> None:
    assert set(EventKind) == KINDS | NOT_TOLD and not KINDS & NOT_TOLD


async def test_the_life_of_an_investigation() -> None:
    """The newest first, in plain words, and nothing that customers wrote."""
    world = World()
    await world.opened(US_EAST, by="UTOM", symptom="Bob Smith can't log in")
    steps = (
        world.investigations.claim(1, by="UKIM"),
        world.escalations.escalate(1, EscalationDraft("down", "", "", "", "Call Harbor"), by="UKIM"),
        world.escalations.acknowledge(1, by="ULENA"),
        world.investigations.release(1, by="UKIM"),
        world.investigations.claim(1, by="UJO"),
        world.investigations.resolve(1, root_cause="transit", workaround="", by="UJO"),
    )
    for step in steps:
        world.clock.advance(60)
        await step

    assert await words(world) == [
        "Jo resolved INV-1: U.S. East",
        "Jo owns INV-1: U.S. East",
        "INV-1 has no owner: U.S. East",
        "Lena acknowledged INV-1: U.S. East",
        "Kim escalated INV-1: U.S. East",
        "Kim owns INV-1: U.S. East",
        "INV-1 opened: U.S. East",
    ]
    world.clock.advance(3_700)
    assert await words(world) == []


async def test_a_handover_names_both() -> None:
    world = World()
    await world.opened(US_EAST)
    world.investigations.taken_over(1, by="UJO")

    assert (await words(world))[0] == "Jo owns INV-1, from kim: U.S. East"


@pytest.mark.parametrize("phase", Phase)
async def test_maintenance_that_was_planned_began_ended_or_was_called_off(phase: Phase) -> None:
    world = World()
    now = world.clock()
    begins = now - timedelta(minutes=30) if phase in (Phase.GOING, Phase.OVER) else now + HOUR
    ended = now if phase in (Phase.OVER, Phase.CANCELLED) else None
    store = MaintenanceStore(database=world.database, clock=world.clock)
    store.add(
        Maintenance(0, ("us-east",), phase, begins, now + 2 * HOUR, "C1", now - timedelta(minutes=40), ended_at=ended)
    )
    said = {
        Phase.PLANNED: "planned",
        Phase.GOING: "began",
        Phase.OVER: "is over",
        Phase.CANCELLED: "called off",
    }

    assert await words(world) == [f"Maintenance {said[phase]}: U.S. East"]


async def test_maintenance_that_somebody_calls_off_or_gives_another_end() -> None:
    """By what people do, from the first word to the last; after an hour nobody is told any more."""
    world = World()
    service, now = world.rooms.maintenance.service, world.clock()
    planned = PlannedTime(now + 4 * HOUR, now + 5 * HOUR)
    for target in ("us-east", "us-west"):
        await service.plan([target], planned, why="new kernel", by="UKIM", channel="C1")
    world.clock.advance(60)
    await service.extend(1, now + 6 * HOUR, by="UKIM")
    world.clock.advance(60)
    await service.extend(1, now + 5 * HOUR, by="UKIM")
    world.clock.advance(60)
    await service.end(2, by="UKIM")

    assert await words(world) == [
        "Maintenance called off: U.S. West",
        "Maintenance ends earlier: U.S. East",
        "Maintenance takes longer: U.S. East",
        "Maintenance planned: U.S. East",
    ]
    world.clock.advance(3_700)
    assert await words(world) == []


def test_each_change_of_a_maintenance_is_told_or_is_its_end() -> None:
    assert set(MaintenanceChange) == set(MAINTENANCES) | {MaintenanceChange.ENDED, MaintenanceChange.CANCELLED}


async def test_one_bug_in_two_trackers_is_told_once() -> None:
    world = World()
    world.known.intake.applied("app", [issue(9, "Login spins forever")], cursor="1")
    twin = issue(31, "Login spins, forever!", tracker="vpn", uid="j31", key="VPN-31")
    world.known.intake.applied("vpn", [twin], cursor="1")
    for number in (1, 2):
        world.known.log.add(Change(number, world.clock(), ChangeKind.RELEASED))

    assert [word for word in await words(world) if "released" in word] == ["KI-1 is released: Login spins forever"]
