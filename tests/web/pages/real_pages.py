"""The bot's real pages on a world of a test's own, and one in which everything from outside is hostile."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, timedelta

from bot.app.pages import build_stories, page_routes
from bot.escalations.model import EscalationDraft
from bot.investigations.model import SourceMessage
from bot.investigations.update_model import News, Purpose
from bot.maintenance.model import Maintenance, Phase
from bot.maintenance.store import MaintenanceStore
from bot.messages.model import Place
from bot.replies.model import RoundOpening, WaitingTicket
from bot.web.pages.page import PageRoute
from tests.fake_desk import FakeDesk
from tests.fake_people import FakePeople
from tests.fake_tracker import issue
from tests.web.pages.front import Served, served
from tests.world import US_EAST, World

EVIL = (
    "</script></title></textarea></pre>\"'><script>window.pwned=1;alert(1)</script>"
    '<img src=x onerror="window.pwned=1;alert(1)"><svg onload=alert(1)></svg>'
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>"
    "<style>*{display:none}</style><a href='javascript:alert(1)'>{{7*7}}"
)
LONG = EVIL + "w" * 100_000


@dataclass
class HostilePeople(FakePeople):
    """Whose names are what anybody may call themselves, as soon as they are `hostile`."""

    hostile: bool = True

    async def name_of(self, user: str) -> str:
        return EVIL if self.hostile else await super().name_of(user)

    async def called(self, ids: Iterable[str]) -> Mapping[str, str]:
        return dict.fromkeys(ids, EVIL) if self.hostile else await super().called(ids)


@asynccontextmanager
async def real(world: World) -> AsyncIterator[tuple[Served, list[PageRoute]]]:
    stories = build_stories(world.rooms, zone=UTC, workspace_url="https://harbor.slack.com/")
    routes = page_routes(world.rooms, stories, UTC)
    async with served(routes=routes, own=False, version=lambda: world.database.changes) as there:
        yield there, routes


async def hostile(*, long: str = LONG) -> World:
    """Everything that comes from outside says the same: tickets, issues, names, notes, reasons, replies."""
    world, people = _world(EVIL)
    people.hostile = True
    source = SourceMessage("C0", "1.0", "UTOM", EVIL, "javascript:alert(1)")
    await world.opened(US_EAST, symptom=EVIL, source=source)
    await _turned(world, long)
    return world


class Turning:
    """A world in which each page has something harmless to show, until `hostile` words come in while it is open."""

    def __init__(self) -> None:
        self.world, self._people = _world("Login spins")

    async def open(self) -> None:
        await self.world.opened(US_EAST, symptom="packet loss")

    async def hostile(self, *, long: str = LONG) -> None:
        self._people.hostile = True
        await _turned(self.world, long)


def _world(title: str) -> tuple[World, HostilePeople]:
    people = HostilePeople(hostile=False)
    world = World(desk=FakeDesk(), people=people, reply_texts={"released": {"en": EVIL}})
    world.known.intake.applied("app", world.tracker.put(issue(31, title)), cursor="1")
    return world, people


async def _turned(world: World, long: str) -> None:
    """Everything that happens from here on is hostile; INV-1 and the issue are there already."""
    assert world.desk
    world.desk.put(7, 8, subject=long)
    symptom, workaround = f"{EVIL} on Android", EVIL
    made = issue(31, EVIL, symptom=symptom, workaround=workaround, url="javascript:alert(1)", fix_version=EVIL)
    world.known.intake.applied("app", world.tracker.put(made), cursor="2")
    await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    world.evidence.note(1, EVIL, by="UKIM")
    await world.knowledge.use(1, 1, by="UKIM")
    world.probe_kinds["ping"].report = long
    world.probe_kinds["ping"].lost[US_EAST.title] = 5
    await world.probed()
    await told(world)
    await world.investigations.resolve(1, root_cause=EVIL, workaround=EVIL, by="UKIM")
    await world.opened(US_EAST, symptom=EVIL)
    await world.escalations.escalate(2, EscalationDraft(EVIL, EVIL[36:135], EVIL, EVIL, EVIL), by="UKIM")


async def told(world: World) -> None:
    """Management, customers and Tier 1 hear of INV-1, and maintenance is planned."""
    draft = EscalationDraft(EVIL, EVIL[36:135], EVIL, EVIL, EVIL, priority="P1")
    await world.escalations.escalate(1, draft, by="UKIM")
    await world.escalations.ask(1, EVIL, by="ULENA")
    for purpose in (Purpose.BOTH, Purpose.PHONE):
        await world.updates.write(1, News(EVIL, purpose, EVIL if purpose is Purpose.BOTH else None), by="UKIM")
    waiting = [WaitingTicket(number, 1, EVIL) for number in (7, 8)]
    with world.database.transaction():
        opening = RoundOpening("released", waiting, {"title": EVIL, "version": EVIL}, Place("C1"), "UKIM")
        world.replies.open(EVIL, opening)
    assert world.desk
    await world.reply_runner.step(world.desk)
    now, store = world.clock(), MaintenanceStore(database=world.database, clock=world.clock)
    planned = Maintenance(0, ("us-west",), Phase.GOING, now, now + timedelta(hours=1), "C1", now, why=EVIL, page=EVIL)
    store.add(replace(planned, stage=EVIL, url="javascript:alert(1)"))
