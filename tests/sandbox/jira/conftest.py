"""A Jira on loopback whose clock stands still."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox.jira.seed import EMAIL, TOKEN, Seed, SeedIssue, SeedProject, SeedVersion
from bot.sandbox.jira.server import JiraSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.rest_client import Answered, RestClient, rest_client

SEED = Seed(
    projects=(
        SeedProject(
            "VPN",
            "Harbor VPN",
            issues=(
                SeedIssue(
                    "US East loses packets", "## Symptoms\n\n- **Loss**", 9, 3, fix_version="8.4.1", labels=("gw",)
                ),
                SeedIssue("Crash", "", 8, 1, status="Done", workaround="Clear the *cache*", customer_facing=True),
                SeedIssue("Slow", "text", 7, 2, components=("Android",), due_in_days=5, priority="High"),
            ),
            versions=(SeedVersion("8.4.0", -12, released=True), SeedVersion("8.4.1", 3), SeedVersion("Later")),
            components=("Android",),
        ),
        SeedProject("OPS", "Operations"),
    ),
    search_lag_s=5,
)


def basic(email: str, token: str) -> str:
    return "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()


@dataclass
class Hub:
    """The sandbox, its clock and a client with the bot's token, whose zone is an hour ahead of UTC."""

    sandbox: JiraSandbox
    clock: FakeClock
    client: RestClient

    async def search(self, jql: str, **more: object) -> Answered:
        return await self.client.post("/rest/api/3/search/jql", {"jql": jql, **more})

    async def keys(self, jql: str) -> list[str]:
        answer = await self.search(jql, fields=["summary"])
        assert answer.status == 200, answer.body
        return [row["key"] for row in answer.body["issues"]]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    clock = FakeClock()
    sandbox = JiraSandbox(clock=clock, seed=SEED)
    async with rest_client(sandbox.routes(), {"Authorization": basic(EMAIL, TOKEN)}) as client:
        yield Hub(sandbox, clock, client)
