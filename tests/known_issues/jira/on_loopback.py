"""The sandbox's Jira on loopback, and a tracker that reads it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.tracker import JiraTracker
from bot.known_issues.model import Priority
from bot.sandbox.jira.records import Issue, Project, User
from bot.sandbox.jira.seed import Limits, Seed, SeedProject
from bot.sandbox.jira.server import JiraSandbox
from tests.fake_clock import FakeClock
from tests.loopback import served

PROJECT, EMAIL, TOKEN = "VPN", "bot@harbor.test", "jira-secret"
BOT = User("acc-bot", "Second Line", EMAIL, "Europe/Berlin", account_type="customer")
"""What it wrote is known by its account alone, not by being one of the company's. Its clock is not on UTC."""
PEOPLE = (
    BOT,
    User("a1", "Lena", "lena@harbor.test"),
    User("a2", "", "nameless@harbor.test"),
)
NO_LIMITS = Limits(reads=10_000, writes=10_000)
"""They are by the second, and the clock stands still."""


@dataclass
class Site:
    """`anew` gives another tracker, which has seen nothing yet."""

    sandbox: JiraSandbox
    clock: FakeClock
    anew: Callable[[], JiraTracker]

    def project(self, key: str = PROJECT) -> Project:
        return self.sandbox.site.projects[key]

    @contextlib.contextmanager
    def at(self, moment: datetime) -> Iterator[JiraSandbox]:
        """What is done meanwhile was done then."""
        now, self.clock.now = self.clock.now, moment
        yield self.sandbox
        self.clock.now = now

    def opened(self, number: int, *, at: datetime | None = None, **more: Any) -> Issue:
        """The issue of this number; `more` is as for `open_issue`."""
        self.project().last_number = number - 1
        with self.at(at or self.clock.now) as sandbox:
            key = sandbox.open_issue(f"Issue {number}", **{"who": "Lena", **more})
        return sandbox.site.issue(key)


@contextlib.asynccontextmanager
async def jira_site(*, search_lag_s: float = 0.0) -> AsyncIterator[tuple[JiraTracker, Site]]:
    clock = FakeClock()
    seed = Seed(
        projects=(SeedProject(PROJECT, "VPN client", components=("Android", "iOS")), SeedProject("CORE", "Core")),
        people=PEOPLE,
        tokens={EMAIL: TOKEN},
        limits=NO_LIMITS,
        search_lag_s=search_lag_s,
    )
    sandbox, app = JiraSandbox(clock=clock, seed=seed), web.Application()
    app.add_subapp("/jira", sandbox.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:

        def tracker() -> JiraTracker:
            return JiraTracker(
                name="vpn",
                project=PROJECT,
                api=JiraApi(session=session, url=f"{url}/jira", email=EMAIL, token=TOKEN, clock=clock, timeout_s=5.0),
                custom_fields=("workaround", "No such field"),
                priority_names={Priority.P1: "High"},
            )

        yield tracker(), Site(sandbox, clock, tracker)
