"""Nobody waits unseen: what nobody does is reminded of, whoever doesn't answer loses their claim, once and in time."""

from datetime import timedelta
from typing import Literal

import pytest

from bot.clock import system_clock
from bot.sandbox.zendesk.seed import SeedTicket
from tests.stories.chat import Seen
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, started_again
from tests.stories.steps import opened, settled, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

NO_OTHERS = """not_told = { after_min = 0, again_min = 60, times = 1 }
long_open = { after_min = 0, again_min = 60, times = 1 }
"""
WHEN: tuple[Literal["before"], Literal["after"]] = ("before", "after")
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
POST = "chat.postMessage"


def _at_work(reminders: str = "", *, begins_in: timedelta = -1 * HOUR) -> dict[str, str]:
    """Settings by which everybody is at work for 23 hours."""
    start = system_clock() + begins_in
    end = start - HOUR
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    hours = f'[workspace.working_hours]\nstart = "{start:%H:%M}"\nend = "{end:%H:%M}"\ndays = {days}'
    return {"[teams.t2-tech]": f"{hours}\n\n[reminders]\n{reminders}\n\n[teams.t2-tech]"}


async def test_what_nobody_picks_up_calls_the_team_until_somebody_does(town: OpenTown) -> None:
    """After five minutes, again after a quarter of an hour; snoozed it waits, claimed it is one line."""
    async with town(settings=_at_work()) as there:
        await there.tom.types("#t2-tech", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        await there.let_pass(timedelta(minutes=6))
        first = await there.kim.sees(card, "no one has picked up INV-1 U.S. East")
        assert "<!subteam^S0T2TECH>" in first.text and first.buttons == ["Claim", "Stop"]

        await there.let_pass(QUARTER)
        await there.kim.sees_change(first, lambda now: "Reminded at" in now.text and not now.buttons)
        second = await there.jo.sees(card, "no one has picked up INV-1")
        assert second.ts != first.ts
        await there.jo.chooses(second, "30 minutes")
        await there.kim.sees_change(second, lambda now: "<@U0JO> snoozed this until" in now.text)
        await there.let_pass(QUARTER)
        await settled(there)
        assert keys(there)["reminder/2"] == 1 and "reminder/3" not in keys(there)

        await there.let_pass(QUARTER)
        third = await there.kim.sees(card, "• No one has picked it up")
        assert "There are 31 open tickets" in third.text and third.buttons == ["Claim", "Stop These 2"]
        await there.kim.presses(third, "Claim")
        await there.kim.sees_change(third, lambda now: "No one has picked" not in now.text and "Stop" in now.buttons)
        assert "<@U0KIM>" not in (there.kim.now(third) or third).text
        await there.kim.presses(third, "Stop")
        await there.jo.sees_change(third, lambda now: "<@U0KIM> stopped this reminder" in now.text)
        await there.let_pass(2 * HOUR)
        await settled(there)
        assert "reminder/4" not in keys(there)


async def test_at_night_it_waits_until_work_begins(town: OpenTown) -> None:
    """Over restarts and a sleep, and comes once; what somebody asked for themselves comes at its time."""
    async with town(settings=_at_work(NO_OTHERS, begins_in=HOUR - 2 * timedelta(minutes=1))) as there:
        await there.tom.types("#t2-tech", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        words = await there.kim.types(card, "@secondline remind me in 15 minutes, to look again")
        assert words
        await there.kim.sees_change(words, lambda now: "white_check_mark" in now.reactions)
        await there.let_pass(HOUR / 3)
        mine = await there.kim.sees(card, "<@U0KIM>, you asked to be reminded of INV-1 U.S. East:\n>look again")
        assert mine.buttons == ["Done"]
        await there.kim.presses(mine, "Done")
        await there.kim.sees_change(mine, lambda now: "is done with this reminder" in now.text and not now.buttons)
        await settled(there)
        assert "reminder/2" not in keys(there)
        await there.let_pass(8 * HOUR)
        await there.kim.sees(card, "no one has picked up INV-1 U.S. East")
        await there.let_pass(timedelta())
        await settled(there)
        assert (keys(there)["reminder/2"], keys(there)["reminder/3"]) == (1, 0)


async def test_an_owner_who_does_not_answer_loses_it(town: OpenTown) -> None:
    """Asked alone after hours in which customers wrote; their yes keeps it, their silence offers it to the team."""
    async with town(settings=_at_work(NO_OTHERS)) as there:
        card = await opened(there)
        await _customer_writes(there, card, 33)
        await there.let_pass(4 * HOUR)
        asked = await there.kim.sees("@secondline", "Are you still on INV-1 U.S. East?")
        assert "1 customer has written" in asked.text and asked.buttons == ["Yes, Still On It", "Release It"]
        await there.kim.presses(asked, "Yes, Still On It")
        await there.kim.sees_change(asked, lambda now: "You're still on INV-1" in now.text and not now.buttons)
        assert "is still on it" in await timeline(there, card)

        await _customer_writes(there, card, 34)
        await there.let_pass(4 * HOUR)
        await there.until(lambda: keys(there)["still-on-it/2"], "the second question")
        await there.let_pass(HOUR / 2)
        offered = await there.jo.sees(card, "INV-1 U.S. East has no owner")
        assert (
            "<!subteam^S0T2TECH>, INV-1 U.S. East has no owner. <@U0KIM> didn't say they're still on it" in offered.text
        )
        await there.kim.sees("@secondline", "INV-1 U.S. East was offered to your team")
        await there.jo.presses(offered, "Claim")
        await there.kim.sees_change(card, lambda now: "<@U0JO> owns INV-1" in now.text)
        await settled(there)
        assert (keys(there)["reminder/1"], keys(there)["reminder/2"]) == (1, 0)


async def test_who_has_left_owns_nothing_from_then_on(town: OpenTown) -> None:
    """As soon as Slack says so, and at the start where it said so while the bot was down."""
    async with town(settings=_at_work(NO_OTHERS)) as there:
        await there.jo.types("#t2-tech", "/investigate us-east packet loss")
        card = await there.kim.sees("#t2-tech", "<@U0JO> owns INV-1")
        there.slack.control.person("U0JO", deleted=True)
        offered = await there.kim.sees(card, "INV-1 U.S. East has no owner. <@U0JO> has left")
        await there.kim.presses(offered, "Claim")
        await there.kim.sees_change(card, lambda now: "<@U0KIM> owns INV-1" in now.text)

        await there.bot.kill()
        there.slack.control.person("U0KIM", deleted=True)
        await there.bot_starts()
        await there.ana.sees(card, "INV-1 U.S. East has no owner. <@U0KIM> has left")
        await settled(there)
        assert (keys(there)["reminder/1"], keys(there)["reminder/2"]) == (1, 1)


async def test_killed_between_due_and_sent_it_comes_once(town: OpenTown) -> None:
    """Before and after Slack took it, and the question to the owner too."""
    points = [Point(when, POST, has) for when in WHEN for has in ('"reminder/1"', '"still-on-it/1"')]
    async with town(settings=_at_work(NO_OTHERS)) as there:
        card = await opened(there)
        await _customer_writes(there, card, 33)
        words = await there.kim.types(card, "@secondline remind me in 30 min: call the provider")
        assert words
        await there.kim.sees_change(words, lambda now: "white_check_mark" in now.reactions)
        await there.let_pass(4 * HOUR, start=False)
        killer = there.watch = Killer(there, points)
        await there.bot.start()
        async with started_again(there):
            await there.until(lambda: not killer.left, "every point to be reached")
            await there.kim.sees(card, "you asked to be reminded of INV-1 U.S. East:\n>call the provider")
            await there.kim.sees("@secondline", "Are you still on INV-1 U.S. East?")
            await settled(there)
        assert (keys(there)["reminder/1"], keys(there)["still-on-it/1"]) == (1, 1)
        assert "reminder/2" not in keys(there)


async def _customer_writes(there: Town, card: Seen, number: int) -> None:
    """An hour later; the search finds it."""
    await there.let_pass(HOUR / 4)
    there.zendesk.desk.write_in(SeedTicket(subject="US East is down", description="since this morning", minutes_ago=1))
    await there.let_pass(HOUR / 4)
    await there.kim.sees(card, f"{number} matching tickets")
