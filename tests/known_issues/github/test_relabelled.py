"""Labels that get another name change what is known within one turn, over the wire."""

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.tracker import JiraTracker
from bot.known_issues.mapping import IssueMapping
from bot.known_issues.sync import Sync
from bot.sandbox.github.seed import TOKEN, Seed, SeedIssue, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.jira.seed import EMAIL, SeedProject
from bot.sandbox.jira.seed import TOKEN as JIRA_TOKEN
from bot.sandbox.jira.seed import Seed as JiraSeed
from bot.sandbox.jira.seed import SeedIssue as JiraIssue
from bot.sandbox.jira.server import JiraSandbox
from tests.fake_clock import FakeClock
from tests.loopback import served
from tests.world import World

MANY = tuple(SeedIssue(f"Other {number}", labels=("chatter",)) for number in range(130))
SEED = Seed(
    repositories=(
        SeedRepository(
            "harbor-vpn/app",
            issues=(
                SeedIssue("Tunnel fails", labels=("known-issue", "android")),
                SeedIssue("Spinner for ever", labels=("to look at",)),
                SeedIssue("Fixed long ago", labels=("known-issue",), state="closed"),
                *MANY,
            ),
            labels={"known-issue": "", "priority: low": ""},
        ),
    )
)


class Stand:
    def __init__(self, github: GithubSandbox, tracker: GitHubTracker, clock: FakeClock) -> None:
        self.github = github
        self.world = World(clock=clock, trackers=[tracker], mapping=IssueMapping())
        self.sync = Sync(tracker=tracker, intake=self.world.known.intake, clock=clock)

    async def turn(self) -> int:
        """How many requests it took that cost quota."""
        self.github.log.clear()
        await self.sync.turn()
        return sum(entry["status"] != 304 for entry in self.github.log)

    def known(self) -> set[str]:
        return {found.issue.title for found in self.world.known.recent(500)}


@contextlib.asynccontextmanager
async def stand() -> AsyncIterator[tuple[Stand, GitHubTracker]]:
    clock = FakeClock()
    github, app = GithubSandbox(clock=clock, seed=SEED), web.Application()
    app.add_subapp("/github", github.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:
        api = GitHubApi(session=session, url=f"{url}/github", token=TOKEN, clock=clock)
        tracker = GitHubTracker(name="app", repository="harbor-vpn/app", api=api, clock=clock)
        yield Stand(github, tracker, clock), tracker


async def test_a_renamed_label_changes_what_is_known_within_a_turn() -> None:
    """Into a word that means something, and out of it; GitHub counts neither as a change of an issue."""
    async with stand() as (there, _):
        await there.turn()
        assert there.known() == {"Tunnel fails", "Fixed long ago"}
        there.github.rename_label("to look at", "Known issue")
        await there.turn()
        assert there.known() == {"Tunnel fails", "Fixed long ago", "Spinner for ever"}
        there.github.rename_label("known-issue", "was known")
        await there.turn()
        assert there.known() == {"Spinner for ever"}
        there.github.rename_label("android", "area: ios")
        await there.turn()

        assert there.world.known.naming.named("app#1").issue.labels == ("was known", "area: ios")


async def test_a_deleted_label_is_off_within_a_turn() -> None:
    """Nobody can be asked which issues had it, but for what is stored."""
    async with stand() as (there, _):
        await there.turn()
        there.github.delete_label("known-issue")
        await there.turn()

        assert there.known() == set()


async def test_what_was_renamed_while_the_bot_was_away_is_read_at_the_start() -> None:
    """The names that are stored tell it."""
    async with stand() as (there, tracker):
        await there.turn()
        there.github.rename_label("known-issue", "was known")
        there.sync = Sync(tracker=tracker, intake=there.world.known.intake, clock=there.world.clock)
        tracker._labels._names_by_id.clear()
        await there.turn()

        assert there.known() == set()


async def test_labels_that_stay_cost_nothing() -> None:
    """They are asked for with their ETag, and what is stored is not read again."""
    async with stand() as (there, _):
        await there.turn()
        await there.turn()

        assert await there.turn() <= 1


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_labels_that_can_not_be_listed_stop_nothing(status: int) -> None:
    """Then a label counts as it is on each issue."""
    async with stand() as (there, _):
        there.github.fail_next(3, match="/labels", status=status)
        await there.turn()

        assert there.known() == {"Tunnel fails", "Fixed long ago"}
        assert not there.world.known.age("app").failing_since


async def test_a_renamed_component_changes_targets_within_a_turn() -> None:
    """Jira counts it as a change of no issue."""
    clock = FakeClock()
    issues = (JiraIssue("Tunnel fails", components=("Edge",)), JiraIssue("Menu is slow", components=("Desktop",)))
    seed = JiraSeed(projects=(SeedProject("VPN", "VPN", issues=issues, components=("Edge", "Desktop")),))
    jira, app = JiraSandbox(clock=clock, seed=seed), web.Application()
    app.add_subapp("/jira", jira.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:
        api = JiraApi(session=session, url=f"{url}/jira", clock=clock, email=EMAIL, token=JIRA_TOKEN)
        tracker = JiraTracker(name="vpn", project="VPN", api=api)
        world = World(clock=clock, trackers=[tracker])
        sync = Sync(tracker=tracker, intake=world.known.intake, clock=clock)
        await sync.turn()
        before = world.known.naming.named("VPN-1").reading.targets
        jira.rename_component("Edge", "U.S. East", project="VPN")
        await sync.turn()

        assert (before, world.known.naming.named("VPN-1").reading.targets) == ((), ("us-east",))
        assert world.known.naming.named("VPN-2").issue.fields["components"] == "Desktop"
        assert not world.known.age("vpn").failing_since
