"""A shift ends: what is open is handed over, accepted or declined, and nobody has it without knowing."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import system_clock
from bot.sandbox.world.clock import AHEAD
from tests.stories.chat import Person, Seen
from tests.stories.counting import keys
from tests.stories.crowd import records
from tests.stories.killing import Killer, Point, insist, started_again
from tests.stories.steps import opened, presses_if_offered, settled, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

EVERY_DAY = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
HOME = ZoneInfo("Europe/Berlin")
"""Everybody's clock in Slack."""
BUTTONS = ["Accept", "Decline", "Open"]


def _hours(start: str, end: str) -> dict[str, str]:
    """Settings with these working hours."""
    table = f'[workspace.working_hours]\nstart = "{start}"\nend = "{end}"\ndays = {EVERY_DAY}\n'
    return {"[workspace]": f"{table}\n[workspace]"}


AT_WORK, DAY = _hours("00:00", "23:59"), _hours("09:00", "18:00")


def _it_is(there: Town, at: time, *, days: int = 1) -> None:
    """By the bot's clock, from its next start on: a time of day so many days from now."""
    now = system_clock()
    day = now.astimezone(HOME).date() + timedelta(days=days)
    there.bot.environment[AHEAD] = f"{(datetime.combine(day, at, tzinfo=HOME) - now).total_seconds():.0f}"


async def _asked(there: Town, who: Person) -> Seen:
    return await who.sees("@secondline", "asks you to take over INV-1 U.S. East")


async def test_handed_over_and_accepted(town: OpenTown) -> None:
    """Kim says it in the thread; Jo reads note and record; until Jo accepts it is Kim's, and both see that it waits."""
    async with town(settings=AT_WORK) as there:
        card = await opened(there)
        await there.kim.types(card, "@secondline handover @jo the vendor calls at ten")
        asked = await _asked(there, there.jo)
        assert ">the vendor calls at ten" in asked.text and asked.buttons == BUTTONS
        assert "*State:* Open since" in asked.text and "*Next:*" in asked.text
        waits = await there.kim.sees_change(card, lambda now: "Handover to <@U0JO> waits since" in now.text)
        assert "<@U0KIM> owns INV-1" in waits.text
        assert "asks you to take over INV-1 U.S. East" in await there.jo.home("Waiting for you")

        await there.jo.presses(asked, "Accept")
        has_it = await there.kim.sees_change(card, lambda now: "<@U0JO> owns INV-1" in now.text)
        assert "waits since" not in has_it.text
        told = await there.kim.sees(card, "<@U0JO> has INV-1 now")
        assert "<@U0KIM>, " in told.text
        await there.jo.sees_change(asked, lambda now: "You have INV-1" in now.text and now.buttons == ["Open"])
        await settled(there)
        assert keys(there)["handover/1/asked"] == keys(there)["handover/1/outcome"] == 1


async def test_declined_and_somebody_else_is_asked_by_the_form(town: OpenTown) -> None:
    """The form is filled from the record; what Kim writes in it is what Ana reads."""
    async with town(settings=AT_WORK) as there:
        card = await opened(there)
        await there.kim.types(card, "@secondline handover @jo")
        asked = await _asked(there, there.jo)
        await there.jo.presses(asked, "Decline")
        told = await there.kim.sees(card, "<@U0JO> declined INV-1. You still own it.")
        await there.jo.sees_change(asked, lambda now: "You declined INV-1" in now.text and not now.buttons)
        await there.kim.presses(told, "Hand Over…")
        form = await there.kim.form("Hand over INV-1")
        assert "Next: " in form.shows("note") and "<" not in form.shows("note")
        form.filled["person"] = {"input": {"selected_user": "U0ANA"}}
        there.kim.fills(form, note="Only customers of one provider.")
        assert await there.kim.submits(form) == {}
        second = await _asked(there, there.ana)
        assert ">Only customers of one provider." in second.text and "*State:*" not in second.text
        await there.ana.presses(second, "Accept")
        await there.kim.sees_change(card, lambda now: "<@U0ANA> owns INV-1" in now.text)


async def test_the_receiver_is_deactivated(town: OpenTown) -> None:
    """Kim is told at once, and has it still."""
    async with town(settings=AT_WORK) as there:
        card = await opened(there)
        await there.kim.types(card, "@secondline handover @jo")
        await _asked(there, there.jo)
        there.slack.control.person("U0JO", deleted=True)
        await there.kim.sees(card, "has left and can't take INV-1. You still own it.")
        now = await there.kim.sees_change(card, lambda now: "waits since" not in now.text)
        assert "<@U0KIM> owns INV-1" in now.text


async def test_asked_at_the_end_of_the_day_and_asleep_for_a_day(town: OpenTown) -> None:
    """At 17:55 Kim alone is asked who takes it. Jo does not answer: the next morning Kim is told."""
    async with town(settings=DAY, start=False) as there:
        _it_is(there, time(12))
        await there.bot_starts()
        card = await opened(there)
        await there.kim.sees(card, "*Playbook for")
        await there.bot.kill()
        _it_is(there, time(17, 55))
        await there.bot_starts()
        offer = await there.kim.sees("@secondline", "Your day ends at")
        assert "with 1 investigation open" in offer.text and "*INV-1* U.S. East: packet loss" in offer.text
        assert offer.buttons == ["Hand Over", "Keep It"]
        assert not [each for each in there.jo.screen("@secondline") if "Your day ends" in each.text]

        await there.kim.presses(offer, "Hand Over")
        asked = await _asked(there, there.jo)
        done = await there.kim.sees_change(offer, lambda now: "<@U0JO> is asked for INV-1" in now.text)
        assert not done.buttons
        await settled(there)
        await there.bot.kill()
        _it_is(there, time(9, 40), days=2)
        await there.bot_starts()
        await there.kim.sees(card, "<@U0JO> didn't answer about INV-1. You still own it.")
        await there.jo.sees_change(asked, lambda now: "until <!date" in now.text and not now.buttons)
        told = await timeline(there, card)
        await settled(there)

        assert "<@U0KIM> owns INV-1" in (there.kim.now(card) or card).text
        assert "ended the handover to <@U0JO>: no answer in time" in told
        assert keys(there)["day-end/1"] == 1


async def test_a_day_that_is_long_over_is_not_spoken_of(town: OpenTown) -> None:
    """The machine slept from noon to midnight: nobody is asked at night."""
    async with town(settings=DAY, start=False) as there:
        _it_is(there, time(12))
        await there.bot_starts()
        await there.kim.sees(await opened(there), "*Playbook for")
        await there.bot.kill()
        _it_is(there, time(23, 30))
        await there.bot_starts()
        await settled(there)

        assert not [key for key in keys(there) if key.startswith("day-end/")]


async def test_killed_between_asking_and_accepting(town: OpenTown) -> None:
    """At each point: one question, one answer, one owner."""
    points = [
        Point("before", "chat.postMessage", '"handover/1/asked"'),
        Point("after", "chat.postMessage", '"handover/1/asked"'),
        Point("before", "chat.postMessage", '"handover/1/outcome"'),
        Point("after", "chat.postMessage", '"handover/1/outcome"'),
    ]
    async with town(settings=AT_WORK) as there:
        card = await opened(there)
        killer = there.watch = Killer(there, points)
        async with started_again(there):
            await there.kim.types(card, "@secondline handover @jo the vendor calls at ten")
            asked = await _asked(there, there.jo)
            await there.until(lambda: len(killer.left) == 2 and there.bot_connected, "the bot to be there again")
            await insist(
                there,
                "accept",
                lambda: presses_if_offered(there.jo, asked, "Accept"),
                lambda: "<@U0JO> owns INV-1" in (there.kim.now(card) or card).text,
            )
            await there.kim.sees(card, "<@U0JO> has INV-1 now")
            await there.until(lambda: not killer.left, "every point to be reached")
            await settled(there)
            with records(there) as database:
                sql = "SELECT count(*) FROM events WHERE kind IN ('handover', 'handed_over') GROUP BY kind"
                counted = database.execute(sql).fetchall()

        assert counted == [(1,), (1,)]
        handed = {key: count for key, count in keys(there).items() if key.startswith("handover/")}
        assert handed == Counter({"handover/1/asked": 1, "handover/1/outcome": 1})


async def test_pressed_twice_and_taken_at_the_same_moment(town: OpenTown) -> None:
    """Jo presses Accept on two devices while Kim asks Ana: one outcome, and nobody is left waiting."""
    async with town(settings=AT_WORK) as there:
        card = await opened(there)
        await there.kim.types(card, "@secondline handover @jo")
        asked = await _asked(there, there.jo)
        await there.jo.presses(asked, "Accept")
        await there.jo.presses(asked, "Accept")
        await there.kim.types(card, "@secondline handover @ana")
        await there.kim.sees(card, "<@U0JO> has INV-1 now")
        refused = await there.kim.sees(card, "The owner of INV-1 is at work")
        assert refused.only_for_me
        await settled(there)

        assert "<@U0JO> owns INV-1" in (there.kim.now(card) or card).text
        assert keys(there)["handover/1/outcome"] == 1 and "handover/2/asked" not in keys(there)
