"""bot/README.md is the map: its rooms are those that are there, and its trips are travelled here, file by file."""

import ast
import re
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.escalations.ladder_model import Ladder, LadderStep
from bot.escalations.model import NO_LADDERS, EscalationDraft
from bot.escalations.telling import WayKind
from tests.briefings.test_briefing_service import TEAM
from tests.fake_clock import FakeClock
from tests.fake_probe import FakeProbe
from tests.in_process import InProcessBot
from tests.probes.icmp.fake_icmp import FakeIcmp, path_of
from tests.probes.icmp.test_mtr import probe_over
from tests.slack import payloads
from tests.tickets.fake_stream import FakeStream
from tests.tickets.stream_rows import BEGAN, row
from tests.trends.fakes import rise
from tests.trips import Trip, travelled
from tests.world import World

ROOT = Path(__file__).parent.parent
MAP = (ROOT / "bot" / "README.md").read_text(encoding="utf-8")

LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
[STACK] = [contract["layers"] for contract in LINTER["contracts"] if contract["name"] == "Rooms are stacked"]
FLOORS = [
    tuple(f"{room.strip()}." for room in re.split("[|:]", layer)) for layer in STACK[: STACK.index("bot.records")]
]

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")


def rooms_told() -> dict[str, str]:
    return dict(re.findall(r"^\| `(\w+)/` \| (.+) \|$", MAP, re.M))


def rooms_there() -> dict[str, str]:
    """Each folder of the bot, with the first line of what it says of itself."""
    packages = sorted((ROOT / "bot").glob("*/__init__.py"))
    sentences = {path.parent.name: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in packages}
    return {name: (sentence or "").splitlines()[0] for name, sentence in sentences.items()}


def stops(title: str) -> list[str]:
    """The files of a trip, in its order."""
    section = MAP.split(f"### {title}")[1].split("\n#")[0]
    return re.findall(r"^\d+\. `([\w/]+\.py)`", section, re.M)


def test_the_rooms_are_those_that_are_there() -> None:
    """One line each, as the room's own file has it."""
    assert rooms_told() == rooms_there()


def floor(file: str) -> int | None:
    """Which layer of rooms a file is in, counted from the top; None for one that is in no room."""
    module = file.removesuffix(".py").replace("/", ".")
    return next((number for number, rooms in enumerate(FLOORS) if f"{module}.".startswith(rooms)), None)


def climbs(caller: str, called: str) -> bool:
    above, below = floor(called), floor(caller)
    return above is not None and below is not None and above < below


async def claim() -> Trip:
    bot = InProcessBot()
    await bot.world.opened(by="UJO")
    await bot.world.investigations.release(1, by="UJO")
    with travelled() as trip:
        await bot.deliver(payloads.press("investigation_claim", "1"))
        await bot.send()
    assert bot.world.investigations.get(1).owner == "UKIM"
    return trip


async def probe_mtr() -> Trip:
    mtr = probe_over(FakeIcmp(path_of("10.0.0.1", "10.0.0.2", to="10.1.2.3")), cycles=2)
    bot = InProcessBot(World(probe_kinds={"ping": FakeProbe("ping"), "mtr": mtr}))  # type: ignore[dict-item]
    with travelled() as trip:
        await bot.deliver(payloads.command("/probe", "mtr us-east"))
        await bot.world.probed()
        await bot.send()
    assert "No loss" in str(bot.slack.messages("C1"))
    return trip


async def acknowledge() -> Trip:
    bot = InProcessBot()
    await bot.world.opened()
    await bot.world.escalations.escalate(1, DRAFT, by="UKIM")
    await bot.send()
    with travelled() as trip:
        await bot.deliver(payloads.press("escalation_acknowledge", "1") | {"user": {"id": "ULENA"}})
        await bot.send()
    assert "ULENA" in str(bot.slack.messages("C1"))
    return trip


async def step() -> Trip:
    lena = LadderStep(WayKind.DM, timedelta(minutes=10), ("ULENA",))
    ladder = Ladder("day", (LadderStep(WayKind.GROUP), lena), asks_outside_hours=True)
    bot = InProcessBot(World(ladders=replace(NO_LADDERS, ladders=(ladder,))))
    await bot.world.opened()
    await bot.world.escalations.escalate(1, DRAFT, by="UKIM")
    await bot.send()
    bot.world.clock.advance(minutes=10)
    with travelled() as trip:
        await bot.world.rooms.walker.turn()
        await bot.send()
    assert "a decision" in str(bot.slack.messages("ULENA"))
    return trip


async def briefing() -> Trip:
    bot = InProcessBot(World(defaults=TEAM))
    await bot.world.opened()
    await bot.send()
    with travelled() as trip:
        await bot.world.briefings.send_due()
        await bot.send()
    assert len(bot.slack.messages("C2")) == 1
    return trip


async def a_rise() -> Trip:
    clock = FakeClock(BEGAN + timedelta(hours=2))
    bot = InProcessBot(World(clock=clock, stream=FakeStream(clock)))
    world = bot.world
    await world.rooms.stream.turn()
    await world.rooms.trend_watch.turn()
    await bot.send()
    clock.advance(minutes=2)
    world.stream.tells(*(row(number, minute=119) for number in range(101, 132)))  # type: ignore[union-attr]
    world.detector.rises = [rise(clock())]
    with travelled() as trip:
        await world.rooms.stream.turn()
        await world.rooms.trend_watch.turn()
        await bot.send()
    assert "31 customers wrote about U.S. East" in str(bot.slack.messages("CTECH"))
    return trip


TRIPS: dict[str, tuple[Callable[[], Awaitable[Trip]], int]] = {
    "A command": (claim, 8),
    "A probe": (probe_mtr, 14),
    "An acknowledgement": (acknowledge, 9),
    "A step of a ladder": (step, 9),
    "A briefing": (briefing, 9),
    "A rise": (a_rise, 11),
}


@pytest.mark.parametrize("title", TRIPS)
async def test_a_trip_is_as_the_map_says(title: str) -> None:
    """Each file of the map is entered, from one before it; and no more files than the design allows."""
    travel, most = TRIPS[title]
    told = stops(title)
    trip = await travel()

    assert trip.leads(told) == []
    assert 0 < len(told) <= most


@pytest.mark.parametrize("title", TRIPS)
async def test_no_trip_goes_back_up(title: str) -> None:
    """A room calls rooms below it; those above hear by signals (bot/app/hears.py), and show by bot/views.py."""
    travel, _ = TRIPS[title]
    trip = await travel()

    assert [f"{caller} calls {called}" for caller, called in trip.calls if climbs(caller, called)] == []
