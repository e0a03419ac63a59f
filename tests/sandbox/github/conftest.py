"""A GitHub on loopback whose clock stands still."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox.github.seed import TOKEN, Seed, SeedIssue, SeedMilestone, SeedRelease, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.rest_client import RestClient, rest_client

SEED = Seed(
    repositories=(
        SeedRepository(
            "harbor-vpn/app",
            issues=(
                SeedIssue("US East loses packets", "## Symptoms", 9, 3, ("bug", "P1"), "8.4.1", "oskar-dev"),
                SeedIssue("Crash on start", None, 8, 1, ("bug",)),
                SeedIssue("Slow", "text", 7, 2, state="closed"),
                SeedIssue("Raise the table", "For #1", 6, 4, pull=True),
            ),
            milestones=(SeedMilestone("8.4.1", 3), SeedMilestone("Later"), SeedMilestone("8.5.0", 1)),
            releases=(SeedRelease("v8.4.0", "8.4.0", "Fixes #3", 5), SeedRelease("v8.4.1", "8.4.1", "", None)),
        ),
        SeedRepository("harbor-vpn/infrastructure", labels={"bug": ""}),
    ),
    search_lag_s=30,
)


@dataclass
class Hub:
    """The sandbox, its clock and a client with the bot's token."""

    sandbox: GithubSandbox
    clock: FakeClock
    client: RestClient


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    clock = FakeClock()
    sandbox = GithubSandbox(clock=clock, seed=SEED)
    async with rest_client(sandbox.routes(), {"Authorization": f"Bearer {TOKEN}"}) as client:
        yield Hub(sandbox, clock, client)
