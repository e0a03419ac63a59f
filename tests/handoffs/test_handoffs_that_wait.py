"""Handoffs whose tracker wants to be left alone for an hour: told, hurried, going on by themselves, over the wire."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from bot.handoffs import cards
from bot.handoffs.model import HandoffDraft, Lane
from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.model import Priority
from bot.known_issues.sync import Sync
from bot.sandbox.github.seed import OTHER_TOKEN, READ_ONLY_TOKEN, TOKEN, Seed, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.loopback import served
from tests.slack_limits import texts
from tests.world import US_EAST, World

REPOSITORY = "harbor-vpn/app"
DRAFT = HandoffDraft("app", "Calls stutter", "loses 4 of 10", "call twice", Priority.P1, Lane.HOTFIX)


@dataclass
class Stand:
    """A bot with one handoff to make; `begin` starts it, again on the same database, with a token."""

    github: GithubSandbox
    clock: FakeClock
    tracker: Callable[[str], GitHubTracker]
    world: World
    sync: Sync

    def begin(self, token: str) -> None:
        tracker = self.tracker(token)
        database = self.world.database
        self.world = World(clock=self.clock, database=database, trackers=[tracker], desk=None)
        self.sync = Sync(tracker=tracker, intake=self.world.known.intake, clock=self.clock)
        self.world.known.events.hurried.heard_by(lambda _: self.sync.hurry())

    async def worked(self) -> None:
        """Errands until none is due."""
        self.world.tasks.forever(self.world.errands.run, name="errands")
        await eventually(lambda: not self.world.handoffs._store.due(self.clock()))
        await self.world.tasks.drain(deadline_s=0)

    def shown(self) -> str:
        return "\n".join(texts(list(cards.card(self.world.handoffs.overview(1)).blocks)))

    @property
    def made(self) -> int:
        return len(self.github.forge.repository(REPOSITORY).issues)


@contextlib.asynccontextmanager
async def stand(token: str = TOKEN) -> AsyncIterator[Stand]:
    clock = FakeClock()
    github, app = GithubSandbox(clock=clock, seed=Seed(repositories=(SeedRepository(REPOSITORY),))), web.Application()
    app.add_subapp("/github", github.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:

        def tracker(token: str) -> GitHubTracker:
            api = GitHubApi(session=session, url=f"{url}/github", token=token, clock=clock)
            return GitHubTracker(name="app", repository=REPOSITORY, api=api, clock=clock)

        world = World(clock=clock, desk=None)
        there = Stand(github, clock, tracker, world, None)  # type: ignore[arg-type]
        there.begin(token)
        await there.world.opened(US_EAST, symptom="calls stutter")
        yield there


@pytest.mark.parametrize("limit", ["core", "points", "content"])
async def test_a_quota_is_told_with_its_end_and_waited_for(limit: str) -> None:
    """The hourly one, and the two against bursts; then it is done by itself."""
    async with stand() as there:
        await there.sync.turn()
        there.github.use_up(limit)
        await there.world.handoffs.hand_off(1, DRAFT, by="UKIM")
        await there.worked()
        (errand,) = there.world.handoffs.overview(1).waiting

        assert errand.waits_until and 55 <= (errand.waits_until - there.clock()).total_seconds() <= 3_600
        assert "making the issue waits until <!date^" in there.shown()
        assert "*Try Again* asks at once" in there.shown()
        assert "Try Again" in str(cards.card(there.world.handoffs.overview(1)).blocks[-1])
        there.clock.now = errand.waits_until
        await there.worked()

        assert (there.made, "waits until" in there.shown()) == (1, False)


async def test_a_quota_can_be_hurried() -> None:
    """A press asks at once, and once: still refused it waits again, else it is done, and the list is read too."""
    async with stand() as there:
        await there.sync.turn()
        there.github.use_up("core")
        await there.world.handoffs.hand_off(1, DRAFT, by="UKIM")
        await there.worked()
        before = len(there.github.log)
        await there.worked()
        assert len(there.github.log) == before
        await there.world.triage.retry(1, by="UKIM")
        await there.worked()
        assert (len(there.github.log) - before, there.made) == (1, 0)
        assert "waits until" in there.shown()
        there.github.access.restore(TOKEN, "core")
        await there.world.triage.retry(1, by="UKIM")
        await there.worked()

        assert (there.made, "waits until" in there.shown()) == (1, False)


async def test_a_restart_with_a_working_token_goes_on_at_once() -> None:
    """The other token has its own quota: nobody waits for that of the first one."""
    async with stand() as there:
        await there.sync.turn()
        there.github.use_up("core")
        await there.world.handoffs.hand_off(1, DRAFT, by="UKIM")
        await there.worked()
        there.begin(OTHER_TOKEN)
        await there.worked()
        assert there.made == 0
        await there.sync.turn()
        await there.worked()

        assert (there.made, "waits until" in there.shown()) == (1, False)


@pytest.mark.parametrize("wrong", [READ_ONLY_TOKEN, "github_pat_wrong"])
async def test_a_mended_token_goes_on_without_a_press(wrong: str) -> None:
    """What was given up because of the token is tried once more after it was replaced."""
    async with stand(wrong) as there:
        await there.sync.turn()
        await there.world.handoffs.hand_off(1, DRAFT, by="UKIM")
        await there.worked()
        assert "Fix that" in there.shown()
        there.begin(TOKEN)
        await there.sync.turn()
        await there.worked()

        assert there.made == 1


async def test_a_sync_that_keeps_silent_can_be_hurried() -> None:
    """Else the age on every card would stay old for an hour after the tracker answers."""
    async with stand() as there:
        there.github.use_up("core")
        there.world.tasks.forever(there.sync.run, name="sync")
        await eventually(lambda: there.world.known.age("app").failing_since is not None)
        there.github.access.restore(TOKEN, "core")
        there.world.known.hurry("app")
        await eventually(lambda: there.world.known.age("app").failing_since is None)
        await there.world.tasks.drain(deadline_s=0)
