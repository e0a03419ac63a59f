"""A start at which Slack has no time: what it said a moment ago counts, until it says more."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.slack.answer_cache import KEPT, AnswerCache
from bot.slack.answers import SlackBusy, SlackError, SlackUnclear
from bot.slack.directory import Directory, Management, Team
from bot.tasks import Tasks
from tests.database import memory_database
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_web_api import Arguments, FakeWebApi

TEAMS = (Team("tech", "T2 Tech", "#t2-tech", usergroup="t2-tech"),)
ASKED = ("usergroups.list", "usergroups.users.list", "users.info", "conversations.list")
WAIT_S = 40.0


class Workspace(FakeWebApi):
    """One team and management."""

    def __init__(self) -> None:
        super().__init__()
        self.members = {"STECH": ["UKIM"], "SLTM": ["ULENA"]}
        self.gone: set[str] = set()

    def _usergroups_list(self, arguments: Arguments) -> Arguments:
        return {"usergroups": [{"id": "STECH", "handle": "t2-tech"}, {"id": "SLTM", "handle": "ltm"}]}

    def _usergroups_users_list(self, arguments: Arguments) -> Arguments:
        return {"users": list(self.members[arguments["usergroup"]])}

    def _users_info(self, arguments: Arguments) -> Arguments:
        user = arguments["user"]
        person: dict[str, Any] = {"id": user, "name": user[1:].lower(), "deleted": user in self.gone}
        return {"user": person | {"profile": {"email": "kim@example.com", "phone": "+1 555"}}}

    def _conversations_list(self, arguments: Arguments) -> Arguments:
        return {"channels": [{"id": "C1", "name": "t2-tech"}]}

    def has_no_time(self, error: SlackError | None = None) -> None:
        for method in ASKED:
            busy = SlackBusy("ratelimited", method=method, retry=True, retry_after_s=WAIT_S)
            for _ in range(4):
                self.fail(method, error or busy)


class Started:
    """Bots that come one after the other and have the same database."""

    def __init__(self) -> None:
        self.slack, self.clock, self.database = Workspace(), FakeClock(), memory_database()

    def again(self) -> Directory:
        recall = AnswerCache(database=self.database, clock=self.clock)
        return Directory(client=self.slack, teams=TEAMS, management=Management("ltm"), settle_s=0.0, cache=recall)


@pytest.fixture
async def started() -> Started:
    """One bot has read everything, and has died."""
    start = Started()
    assert await start.again().is_tier2("UKIM")
    return start


async def test_who_people_are_is_known_at_once(started: Started) -> None:
    """Nobody waits for Slack's limit, which would be longer than the bot lives."""
    started.slack.has_no_time()
    known = started.again()
    async with asyncio.timeout(10):
        assert await known.is_tier2("UKIM")
        assert not await known.is_tier2("ULENA")
        assert await known.managers() == {"ULENA"}
        assert await known.channel_id("#t2-tech") == "C1"
        assert await known.management_mention() == ("<!subteam^SLTM>", "")


async def test_what_slack_says_now_counts_more(started: Started) -> None:
    """Where it answers, nothing old is believed."""
    started.slack.members["STECH"] = ["UJO"]
    known = started.again()
    assert not await known.is_tier2("UKIM")
    assert await known.is_tier2("UJO")


async def test_it_is_read_again_soon(started: Started) -> None:
    """Whoever left meanwhile counts until Slack answers, and no longer; people are asked about again, too."""
    started.slack.has_no_time()
    started.slack.gone.add("UKIM")
    known, tasks = started.again(), Tasks()
    assert await known.is_tier2("UKIM")
    started.slack.recovers()
    tasks.forever(known.keep_fresh, name="directory")
    known.changed()
    await eventually(lambda: known.is_gone("UKIM"))
    await tasks.drain(deadline_s=0)
    assert not await known.is_tier2("UKIM")


async def test_what_is_old_is_not_believed(started: Started) -> None:
    """Ten minutes are the most, and it goes with the next answer."""
    started.clock.advance(KEPT.total_seconds() + 1)
    recall = AnswerCache(database=started.database, clock=started.clock)
    asked = {"usergroup": "STECH"}
    assert recall.answer("usergroups.users.list", asked) is None
    recall.keep("usergroups.users.list", asked, {"users": ["UJO"]})
    assert started.database.value("SELECT count(*) FROM slack_answers") == 1


async def test_a_clock_that_was_set_back_makes_nothing_young(started: Started) -> None:
    started.clock.advance(-timedelta(days=1).total_seconds())
    recall = AnswerCache(database=started.database, clock=started.clock)
    assert recall.answer("usergroups.users.list", {"usergroup": "STECH"}) is None


async def test_other_trouble_is_no_reason(started: Started) -> None:
    """A token without the scope, or an outage, is said as ever."""
    for error in (
        SlackError("missing_scope", method="usergroups.list"),
        SlackUnclear("no_answer", method="usergroups.list", retry=True),
    ):
        started.slack.has_no_time(error)
        known = started.again()
        await known.managers()
        assert known.problems
        started.slack.recovers()


async def test_profiles_are_not_kept(started: Started) -> None:
    kept = " ".join(started.database.column("SELECT answer FROM slack_answers"))
    assert '"UKIM"' in kept
    assert "example.com" not in kept
    assert "555" not in kept
