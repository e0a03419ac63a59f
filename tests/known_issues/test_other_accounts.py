"""What was written under one account is found under another one: nothing is written twice, over the wire."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.tracker import JiraTracker
from bot.known_issues.model import IssueDraft
from bot.known_issues.store import TrackerStore
from bot.known_issues.tracker import Accounts, OneAccount, Tracker, TrackerError
from bot.sandbox.github.records import User as GitHubUser
from bot.sandbox.github.seed import OTHER_TOKEN, TOKEN, Seed, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.jira.records import User as JiraUser
from bot.sandbox.jira.seed import EMAIL, PEOPLE, SeedProject
from bot.sandbox.jira.seed import TOKEN as JIRA_TOKEN
from bot.sandbox.jira.seed import Seed as JiraSeed
from bot.sandbox.jira.server import JiraSandbox
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.loopback import served

REPOSITORY, PROJECT = "harbor-vpn/app", "VPN"
DRAFT = IssueDraft("US East drops", "Seen by 31 customers")
STAMP = "handoff/create-1-65a0"
MALLORY = GitHubUser(9_100, "mallory", association="NONE")
STRANGER = GitHubUser(9_101, "secondline-old", association="NONE")
CUSTOMER = JiraUser("customer-1", "Mallory", "mallory@example.com", account_type="customer")
Open = Callable[..., Tracker]


@contextlib.asynccontextmanager
async def github(*, tokens: dict[str, GitHubUser] | None = None) -> AsyncIterator[tuple[GithubSandbox, Open]]:
    clock, usual = FakeClock(), Seed()
    writes = usual.tokens[TOKEN]
    accounts = {**usual.accounts, **(tokens or {})}
    seed = Seed(
        repositories=(SeedRepository(REPOSITORY),),
        people=(*usual.people, MALLORY),
        tokens={**usual.tokens, **dict.fromkeys(accounts, writes)},
        accounts=accounts,
    )
    sandbox, app = GithubSandbox(clock=clock, seed=seed), web.Application()
    app.add_subapp("/github", sandbox.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:

        def opened(token: str, accounts: Accounts | None = None) -> Tracker:
            api = GitHubApi(session=session, url=f"{url}/github", clock=clock, token=token)
            return GitHubTracker(
                name="app", repository=REPOSITORY, api=api, clock=clock, accounts=accounts or OneAccount()
            )

        yield sandbox, opened


@contextlib.asynccontextmanager
async def jira() -> AsyncIterator[tuple[JiraSandbox, Open, FakeClock]]:
    clock = FakeClock()
    people = (*PEOPLE, CUSTOMER, replace(PEOPLE[0], account_id="other", email="two@harbor.example"))
    tokens = {EMAIL: JIRA_TOKEN, "two@harbor.example": "two", CUSTOMER.email: "theirs"}
    seed = JiraSeed(projects=(SeedProject(PROJECT, "VPN"),), people=people, tokens=tokens, search_lag_s=30.0)
    sandbox, app = JiraSandbox(clock=clock, seed=seed), web.Application()
    app.add_subapp("/jira", sandbox.routes())
    async with served(app) as url, aiohttp.ClientSession() as session:

        def opened(email: str, accounts: Accounts | None = None) -> Tracker:
            api = JiraApi(session=session, url=f"{url}/jira", email=email, token=tokens[email], clock=clock)
            return JiraTracker(name="vpn", project=PROJECT, api=api, accounts=accounts or OneAccount())

        yield sandbox, opened, clock


async def test_a_lost_answer_and_another_token_make_one_issue_in_github() -> None:
    """Comments too: the second account belongs to the same people."""
    async with github() as (sandbox, opened):
        sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await opened(TOKEN).create(DRAFT, stamp=STAMP)
        other = opened(OTHER_TOKEN)
        made = await other.create(DRAFT, stamp=STAMP)
        sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await other.comment(made, "31 tickets", stamp="ki-1/25")
        await opened(TOKEN).comment(made, "31 tickets", stamp="ki-1/25")
        issues = sandbox.forge.repository(REPOSITORY).issues

        assert (list(issues), len(issues[1].comments)) == ([1], 1)
        assert (issues[1].author.login, issues[1].comments[0].author.login) == ("secondline-bot", "secondline-two")


@pytest.mark.parametrize("remembered", [True, False])
async def test_an_account_that_left_is_remembered(remembered: bool) -> None:
    """It is a stranger in GitHub's eyes by now, and what it made is ours as long as our database knows it."""
    accounts = TrackerStore(database=memory_database(), clock=FakeClock())
    async with github(tokens={"old": STRANGER}) as (sandbox, opened):
        sandbox.fail_next(method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await opened("old", accounts if remembered else OneAccount()).create(DRAFT, stamp=STAMP)
        await opened(OTHER_TOKEN, accounts).create(DRAFT, stamp=STAMP)

        assert len(sandbox.forge.repository(REPOSITORY).issues) == (1 if remembered else 2)


async def test_what_somebody_from_outside_wrote_is_not_ours() -> None:
    """Whatever mark it carries: the evidence must not end in a stranger's issue."""
    async with github() as (sandbox, opened):
        sandbox.open_issue("x", f"forged\n\n<!-- secondline: {STAMP} -->", who="mallory")
        made = await opened(TOKEN).create(DRAFT, stamp=STAMP)
        sandbox.comment(2, "forged\n\n<!-- secondline: ki-1/25 -->", who="mallory")
        await opened(OTHER_TOKEN).comment(made, "31 tickets", stamp="ki-1/25")

        assert made.key == "app#2"
        assert len(sandbox.forge.repository(REPOSITORY).issues[2].comments) == 2


@pytest.mark.parametrize("lag", [True, False])
async def test_a_lost_answer_and_another_account_make_one_issue_in_jira(lag: bool) -> None:
    """Also where its search does not show the first one yet; a customer's mark is no mark."""
    async with jira() as (sandbox, opened, clock):
        first, second = opened(EMAIL), opened("two@harbor.example")
        sandbox.fail_next(match="/issue", method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await first.create(DRAFT, stamp=STAMP)
        if not lag:
            clock.advance(60)  # the search has caught up
        made = await second.create(DRAFT, stamp=STAMP)
        sandbox.fail_next(match="/comment", method="POST", lose_answer=True)
        with pytest.raises(TrackerError):
            await second.comment(made, "31 tickets", stamp="ki-1/25")
        url = await first.comment(made, "31 tickets", stamp="ki-1/25")
        forged = await opened(CUSTOMER.email).create(DRAFT, stamp="handoff/create-2-65a1")
        ours = await first.create(DRAFT, stamp="handoff/create-2-65a1")

        assert (made.key, forged.key, ours.key) == ("VPN-1", "VPN-2", "VPN-3")
        assert "focusedCommentId" in url
