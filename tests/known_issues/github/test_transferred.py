"""An issue that was moved is the same known issue, by whatever name it is asked for, over the wire."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.errors import NotFound
from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.model import LinkVerdict
from bot.known_issues.sync import Sync
from bot.releases.model import Follow
from bot.sandbox.github.seed import TOKEN, Seed, SeedIssue, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from tests.fake_clock import FakeClock
from tests.loopback import served
from tests.world import World

OWNER = "harbor-vpn"
ISSUES = (SeedIssue("Tunnel fails after the update", "", labels=("known-issue",)), SeedIssue("Menu is slow"))
SEED = Seed(repositories=(SeedRepository(f"{OWNER}/app", issues=ISSUES), SeedRepository(f"{OWNER}/core")))


@dataclass
class Stand:
    """A bot that reads a GitHub's repositories, each as a tracker of its name."""

    github: GithubSandbox
    url: str
    clock: FakeClock
    world: World
    syncs: dict[str, Sync] = field(default_factory=dict)

    async def turn(self, *names: str) -> None:
        """Each reads what is new."""
        self.clock.advance(3_600 * 7)  # issues are looked at by themselves every six hours
        for name in names or self.syncs:
            await self.syncs[name].turn()

    async def asked(self, text: str) -> str:
        return (await self.world.known.naming.read(text)).name

    def rows(self) -> int:
        found = self.world.database.value("SELECT count(*) FROM known_issues WHERE issue LIKE '%Tunnel%'")
        return int(found or 0)


@contextlib.asynccontextmanager
async def stand(*repositories: str) -> AsyncIterator[Stand]:
    clock = FakeClock()
    github, app = GithubSandbox(clock=clock, seed=SEED), web.Application()
    app.add_subapp("/github", github.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:
        trackers = [
            GitHubTracker(
                name=name,
                repository=f"{OWNER}/{name}",
                api=GitHubApi(session=session, url=f"{url}/github", token=TOKEN, clock=clock),
                clock=clock,
            )
            for name in repositories
        ]
        world = World(clock=clock, trackers=trackers)
        found = Stand(github, f"{url}/github", clock, world)
        found.syncs = {each.name: Sync(tracker=each, intake=world.known.intake, clock=clock) for each in trackers}
        yield found


def names(there: Stand) -> list[str]:
    """What people may ask by before and after the move."""
    page = f"{there.url}/{OWNER}/app/issues/1"
    return [
        "app#1",
        "APP#1",
        f"{OWNER}/app#1",
        "#1",
        "1",
        page,
        f"{page}/",
        f"{page}#issuecomment-7",
        f"<{page}>",
        "KI-1",
    ]


@pytest.mark.parametrize("noticed", [True, False])
async def test_a_transferred_issue_is_asked_for_by_its_old_names(noticed: bool) -> None:
    """Before the bot noticed that it is elsewhere, and after."""
    async with stand("app") as there:
        await there.turn()
        there.github.transfer(1, f"{OWNER}/core")
        if noticed:
            await there.turn()
        asked = {await there.asked(name) for name in names(there)}
        await there.turn()
        asked |= {await there.asked(name) for name in (*names(there), "core#1", f"{there.url}/{OWNER}/core/issues/1")}

        assert asked == {"KI-1"}
        assert (there.world.known.get(1).issue.key, there.rows()) == ("core#1", 1)


async def test_an_issue_that_nobody_knew_is_stored_once() -> None:
    """Under its new name, and found by the old one ever after."""
    async with stand("app") as there:
        there.github.transfer(1, f"{OWNER}/core")
        first = [await there.asked(name) for name in ("app#1", "core#1", f"{there.url}/{OWNER}/app/issues/1")]
        await there.turn()
        second = [await there.asked(name) for name in ("app#1", "core#1")]

        assert (set(first + second), there.rows()) == ({"KI-1"}, 1)


@pytest.mark.parametrize("order", [("app", "core"), ("core", "app")])
async def test_a_transfer_between_two_that_are_read(order: tuple[str, str]) -> None:
    """Whoever tells of it first; number, decisions and history stay."""
    async with stand("app", "core") as there:
        await there.turn()
        await there.world.opened(symptom="tunnel fails")
        there.world.known.links.decide(1, 1, LinkVerdict.IT_IS, by="UKIM")
        there.github.transfer(1, f"{OWNER}/core")
        await there.turn(*order)
        number = there.world.known.naming.named("core#1").id
        await there.turn()
        there.github.edit_issue(1, title="Tunnel fails on iOS", repository=f"{OWNER}/core")
        await there.turn()
        asked = {await there.asked(name) for name in (*names(there), "core#1", f"KI-{number}")}

        assert (asked, there.rows()) == ({"KI-1"}, 1)
        found = there.world.known.get(1)
        assert (found.issue.tracker, found.issue.title) == ("core", "Tunnel fails on iOS")
        assert [link.investigation_id for link in there.world.known.links.to(1)] == [1]
        assert not there.world.known.get(1).gone_at


async def test_a_transfer_that_is_asked_for_in_between() -> None:
    """Its new name is asked for before anybody noticed that it is the old issue: what was two is one afterwards."""
    async with stand("app", "core") as there:
        await there.turn()
        there.github.transfer(1, f"{OWNER}/core")
        second = await there.world.known.naming.read("core#1")
        await there.world.opened(symptom="tunnel fails")
        there.world.known.links.decide(1, second.id, LinkVerdict.IT_IS, by="UKIM")
        await there.turn()

        assert await there.asked(second.name) == await there.asked("core#1") == "KI-1"
        seen = there.world.knowledge.page(second.id)
        assert (seen.issue.name, seen.investigations) == ("KI-1", ("INV-1",))
        await there.world.knowledge.use(1, second.id, by="UKIM")
        await there.world.releases.follow(Follow("UKIM", issue_id=second.id), by="UKIM")
        assert [each.issue_id for each, _ in there.world.releases.follows("UKIM")] == [1]
        assert ([link.investigation_id for link in there.world.known.links.to(1)], there.rows()) == ([1], 1)


async def test_another_issue_of_the_same_number_is_another() -> None:
    """Numbers are given once in a repository, and every repository has its own."""
    async with stand("app", "core") as there:
        await there.turn()
        number = there.github.open_issue("Something else", repository=f"{OWNER}/core")
        await there.turn()

        assert number == 1
        assert await there.asked("core#1") != await there.asked("app#1")
        with pytest.raises(NotFound):
            await there.asked("core#9")


async def test_a_comment_goes_where_the_issue_is_now() -> None:
    """Though the bot has not noticed yet that it was moved."""
    async with stand("app") as there:
        await there.turn()
        there.github.transfer(1, f"{OWNER}/core")
        url = await there.world.known.comment(1, "31 tickets by now", stamp="ki-1/25")
        again = await there.world.known.comment(1, "31 tickets by now", stamp="ki-1/25")
        await there.world.known.assign(1, "mira-dev")
        place = there.github.forge.repository(f"{OWNER}/core")

        assert url == again
        assert [comment.body.partition("\n")[0] for comment in place.issues[1].comments] == ["31 tickets by now"]
        assert [user.login for user in place.issues[1].assignees] == ["mira-dev"]
