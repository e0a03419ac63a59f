"""The sandbox's GitHub on loopback, and a tracker that reads it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.model import Priority
from bot.sandbox.github.records import Issue, Repository, User
from bot.sandbox.github.seed import Seed, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from tests.fake_clock import FakeClock
from tests.loopback import served

OWNER, REPO, TOKEN = "harbor-vpn", "app", "github_pat_secret"
WRITES = {"issues": "write", "contents": "read", "metadata": "read"}
OUTSIDE = "NONE"
BOT = User(1, "secondline-bot", association=OUTSIDE)
"""What it wrote is known by its name alone: it is neither an app nor one of the developers."""
PEOPLE = (
    BOT,
    User(2, "kim"),
    User(3, "lena-dev"),
    User(4, "max-dev"),
    *(User(number, login, association=OUTSIDE) for number, login in ((5, "mallory"), (6, "stranger"))),
)


@dataclass
class Hub:
    """`anew` gives another tracker, which has seen nothing yet."""

    sandbox: GithubSandbox
    clock: FakeClock
    anew: Callable[[], GitHubTracker]

    def place(self, name: str = REPO) -> Repository:
        return self.sandbox.forge.repository(f"{OWNER}/{name}")

    @contextlib.contextmanager
    def at(self, moment: datetime) -> Iterator[GithubSandbox]:
        """What is done meanwhile was done then."""
        now, self.clock.now = self.clock.now, moment
        yield self.sandbox
        self.clock.now = now

    def opened(self, number: int, title: str = "", *, at: datetime | None = None, **more: Any) -> Issue:
        """The issue of this number; `more` is as for `open_issue`."""
        place = self.place()
        place.last_number = number - 1
        with self.at(at or self.clock.now) as sandbox:
            sandbox.open_issue(title or f"Issue {number}", **{"who": "kim", **more})
        return place.issues[number]

    def calls(self, method: str) -> list[str]:
        return [entry["path"] for entry in self.sandbox.log if entry["method"] == method]


@contextlib.asynccontextmanager
async def github_hub(
    *, prefix: str = "", token: str = TOKEN, permissions: Mapping[str, str] = WRITES
) -> AsyncIterator[tuple[GitHubTracker, Hub]]:
    """It calls itself github.test in all that it answers, whatever address it is reached under."""
    clock = FakeClock()
    seed = Seed(
        repositories=tuple(SeedRepository(f"{OWNER}/{name}") for name in (REPO, "core")),
        people=PEOPLE,
        tokens={TOKEN: permissions},
        accounts={TOKEN: BOT},
        address=f"https://github.test{prefix}",
    )
    sandbox, app = GithubSandbox(clock=clock, seed=seed), web.Application()
    app.add_subapp(prefix or "/github", sandbox.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:

        def tracker() -> GitHubTracker:
            base = url + (prefix or "/github")
            return GitHubTracker(
                name="app",
                repository=f"{OWNER}/{REPO}",
                api=GitHubApi(session=session, url=base, token=token, clock=clock, timeout_s=5.0),
                clock=clock,
                priority_labels={Priority.P1: "P1"},
            )

        yield tracker(), Hub(sandbox, clock, tracker)
