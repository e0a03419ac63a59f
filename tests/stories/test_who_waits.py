"""Who waits for whom, over the wire: floods, limits of single methods, kills, and a bot that was down for too long."""

import contextlib
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.stories import waits
from tests.stories.counting import keys
from tests.stories.crowd import Crowd, owed, under_way
from tests.stories.killing import SOON, Killer, Point, started_again
from tests.stories.reckoning import reckoned
from tests.stories.steps import opened, playbook_done, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

AHEAD = 10
"""So many messages of others at most are sent before what somebody waits for. By the order in which they came it would
be more under each of these loads; seconds are measured by the bench, which no other story runs beside."""
LOADS = [pytest.param(load, id=load.__name__) for load in waits.LOADS if load is not waits.nothing]


@pytest.mark.parametrize("load", LOADS)
async def test_nobody_waits_for_somebody_elses_trouble(town: OpenTown, load: waits.Load) -> None:
    """An escalation, a colleague's card, an answer and an acknowledgement come; what Slack limits stays so."""
    async with town() as there:
        card = await opened(there)
        await playbook_done(there, card)
        async with load(there):
            for waited_for in (
                partial(waits.card_s, there, there.jo, "eu-central"),
                partial(waits.escalation_s, there, card, "Call the transit provider"),
                partial(waits.answer_s, there, there.jo),
            ):
                await _soon(there, waited_for)
            if load is not waits.edits_limited:
                post = await there.lena.sees("#t2-tech", "Call the transit provider")
                await _soon(there, partial(waits.acknowledgement_s, there, post))


async def _soon(there: Town, waited_for: Callable[[], Awaitable[float]]) -> None:
    before = waits.posted(there)
    await waited_for()
    assert waits.posted(there) - before <= AHEAD


async def test_a_guests_flood_is_answered_once_and_starts_nothing(town: OpenTown) -> None:
    async with town() as there:
        there.slack.control.person("U0TOM", guest="multi")
        for number in range(40):
            await there.tom.types("#t2-tech", f"/probe ping {waits.TARGETS[number % 4]}")
        await there.tom.sees("#t2-tech", "You're a guest here")
        await settled(there)

        assert not [key for key in keys(there) if key.startswith("probes/")]
        assert len([each for each in there.tom.screen("#t2-tech") if each.only_for_me]) == 1


async def test_a_flood_is_answered_once_and_calmly(town: OpenTown) -> None:
    """A hundred and fifty commands: twenty messages, and one that only who sent them sees."""
    async with town() as there:
        for number in range(150):
            await there.tom.types("#t2-tech", f"/probe ping {waits.TARGETS[number % 4]}")
            if number < 35:
                await there.moment_of(0.3)
        await there.tom.sees("#t2-tech", "try it in")
        await settled(there)
        private = [each.text for each in there.tom.screen("#t2-tech") if each.only_for_me]

        assert sum(key.startswith("probes/") for key in keys(there)) <= 20
        assert len([each for each in private if "You've started 20 messages within a minute" in each]) == 1
        assert len(private) <= 2, "one more where so many were waiting already"


async def test_refused_signs_are_no_storm_and_are_let_go(town: OpenTown) -> None:
    """One call for each Retry-After, however many are owed; after a minute they are dropped."""
    async with town() as there:
        card = await opened(there)
        there.slack.control.limit(600, method="reactions.add")
        for number in range(20):
            await there.kim.types(card, f"@secondline note number {number}")
        await there.until(lambda: len(_signs(there)) >= 20, "twenty signs")
        await there.moment_of(3.0)
        assert len([each for each in there.slack.api.log if each.method == "reactions.add"]) == 1
        await there.bot.kill()
        _age(there, "messages", "created_at", minutes=1)
        await there.bot_starts()
        await there.until(lambda: not _signs(there), "no signs to be owed")


async def test_a_private_answer_survives_limits(town: OpenTown) -> None:
    """Every way to the person is refused for two seconds; the answer comes, once."""
    async with town() as there:
        for where, method in (("respond", "*"), ("api", "chat.postEphemeral"), ("api", "chat.postMessage")):
            there.slack.control.fault({"where": where, "method": method, "status": 429, "retry_after": 2})
        await there.jo.types("#t2-tech", "/t2 help")
        await there.until(lambda: _private(there), "the answer")
        await there.moment()

        assert len(_private(there)) == 1


async def test_what_was_lost_while_the_bot_was_down_is_told(town: OpenTown) -> None:
    """Acknowledged, never done, and too old after the start: Jo is told in her direct messages, once."""
    async with town() as there:
        there.watch = Killer(there, [Point("before", "respond")])
        with contextlib.suppress(Exception):
            await there.jo.types("#t2-tech", "/t2 status")
        await there.bot.ended()
        _age(there, "deliveries", "received_at", minutes=11)
        await there.bot_starts()
        told = await there.jo.sees("@secondline", "Second Line was down")
        assert "“/t2 status”" in told.text and "C0T2TECH" in told.text
        await there.bot.kill()
        await there.bot_starts()
        await settled(there)

        assert Counter(key.split("/")[0] for key in keys(there))["lost"] == 1


async def test_killed_again_and_again_while_five_people_work(town: OpenTown) -> None:
    """Nothing comes twice, and a minute after the last act nothing is owed."""
    async with town(timing=SOON) as there:
        chance = random.Random(9)

        def sometimes() -> None:
            if chance.random() < 0.2:
                there.bot.signal(signal.SIGKILL)

        async with started_again(there):
            await opened(there)
            crowd, end_s = Crowd(there, seed=9), there.now_s() + 20
            await crowd.works(acts_per_s=1.5, until=lambda: there.now_s() > end_s, between=sometimes)
            await there.until(lambda: there.bot_connected, "the bot")
            await there.until(lambda: not owed(there), f"nothing to be owed but {owed(there)}")
            await there.until(lambda: not there.slack.site.events.delivering, "every event")
            await settled(there)
            await there.until(lambda: not under_way(there), "everything to be worked on")

        found = reckoned(there, crowd.acts)
        assert (found.lost, found.doubled) == ([], [])


def _signs(there: Town) -> list[str]:
    return [key for key in owed(there) if key.startswith("done/")]


def _age(there: Town, table: str, column: str, *, minutes: int) -> None:
    """What is written down happened so much earlier; the bot is down."""
    with contextlib.closing(sqlite3.connect(there.folder / "secondline.db")) as records, records:
        aged = f"strftime('%Y-%m-%dT%H:%M:%f', {column}, '-{minutes} minutes') || '000+00:00'"
        records.execute(f"UPDATE {table} SET {column} = {aged}")


def _private(there: Town) -> list[str]:
    listed = [*there.jo.screen("#t2-tech"), *there.jo.screen("@secondline")]
    return [each.text for each in listed if each.by_bot and "/investigate" in each.text]
