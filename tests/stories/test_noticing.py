"""The bot notices first: what rises in the desk is said before anybody types, once, and nothing is said for nothing."""

from datetime import timedelta

import pytest

from bot.sandbox.faults import Fault
from tests.stories import noticing
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, started_again
from tests.stories.noticing import AT, EXPORT, said
from tests.stories.steps import settled
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story

US_EAST = "wrote about U.S. East"
SINGAPORE = "wrote about AP Southeast"


async def test_the_rise_is_said_before_anybody_types(town: OpenTown) -> None:
    """Weeks are read, the report on them comes first; then U.S. East, with a picture, once, in the team's channel."""
    async with noticing.read(town, noticing.rising()) as there:
        report = await noticing.shadow_report(there)
        noticed = await there.kim.sees("#t2-tech", US_EAST)

        assert report.ts < noticed.ts
        assert noticed.buttons == ["Investigate", "Snooze…", "Not a Trend…"]
        await there.kim.sees_change(noticed, lambda now: "image" in {block["type"] for block in now.raw["blocks"]})
        await settled(there)
        assert len(said(there)) == 1
        assert not [text for text in there.bot_wrote("#t2-cs") if "wrote" in text]


async def test_investigate_carries_its_tickets(town: OpenTown) -> None:
    """One press: the card, with the tickets of the trend as matches and the symptom that they share."""
    async with noticing.read(town, noticing.rising()) as there:
        kim = there.kim
        noticed = await kim.sees("#t2-tech", US_EAST)
        await kim.presses(noticed, "Investigate")
        card = await kim.sees("#t2-tech", "owns INV-1")
        tickets = await kim.sees_reply(card, "matching tickets")

        assert "U.S. East" in card.text
        assert int(tickets.text.split(" matching")[0].split()[-1].strip("*")) >= 30
        await kim.sees_change(noticed, lambda now: "INV-1" in now.text and not now.buttons)
        await settled(there)
        assert len(said(there)) == 1


POINTS = (
    Point("before", "chat.postMessage", '"trend/1"'),
    Point("after", "chat.postMessage", '"trend/1"'),
    Point("before", EXPORT, nth=2),
    Point("after", EXPORT, nth=4),
    Point("before", "chat.update", "trend"),
)


@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_killed_between_noticing_and_saying(town: OpenTown, point: Point) -> None:
    """Said once, and the report once, wherever the bot dies on its way to it."""
    async with town(seed=noticing.rising(), at=AT, trends="on", start=False) as there:
        killer = there.watch = Killer(there, [point])
        await there.bot.start()
        async with started_again(there):
            noticed = await there.kim.sees("#t2-tech", US_EAST)
            if point.call == "chat.update":
                await there.kim.presses(noticed, "Snooze…")
            await there.until(lambda: not killer.left, f"{point} to come")
            await settled(there)
            assert {key: number for key, number in keys(there).items() if number > 1} == {}
            assert len(said(there)) == 1


async def test_after_an_hour_without_zendesk_nothing_is_a_rise(town: OpenTown) -> None:
    """What was written meanwhile is read all at once. A real rise is said afterwards, and it alone."""
    async with noticing.read(town, noticing.quiet()) as there:
        there.zendesk.away_until = there.clock() + timedelta(hours=1)
        for _ in range(2):
            await noticing.passes(there, timedelta(minutes=29))
        await there.kim.types("#t2-tech", "/t2 status")
        await there.kim.sees("#t2-tech", "No new tickets read since")
        for _ in range(2):
            await noticing.passes(there, timedelta(minutes=5))
        assert said(there) == set()
        noticing.write(there, "singapore-down", 14)
        await noticing.passes(there)
        await there.kim.sees("#t2-tech", SINGAPORE)

        assert len(said(there)) == 1


async def test_a_new_ios_version_is_noticed_by_its_words(town: OpenTown) -> None:
    """Nobody configured "iOS 26.2"; customers write it in four languages."""
    async with noticing.read(town, noticing.quiet()) as there:
        noticing.write(there, "ios-26.2", 12)
        await noticing.passes(there)
        noticed = await there.kim.sees("#t2-tech", "iOS 26.2")

        assert "customers wrote about App (iOS 26.2) in the last" in noticed.text
        assert len(said(there)) == 1


async def test_a_rise_of_everything_is_one_message(town: OpenTown) -> None:
    async with noticing.read(town, noticing.quiet()) as there:
        noticing.everything(there, 60)
        await noticing.passes(there)
        await there.kim.sees("#t2-tech", "customers wrote in the last")

        assert len(said(there)) == 1


async def test_dismissed_it_stays_silent_until_it_is_clearly_larger(town: OpenTown) -> None:
    """Not a trend: a few more say nothing, twice as many do."""
    async with noticing.read(town, noticing.quiet()) as there:
        kim = there.kim
        noticing.write(there, "singapore-down", 10)
        await noticing.passes(there)
        noticed = await kim.sees("#t2-tech", SINGAPORE)
        await kim.presses(noticed, "Not a Trend…")
        form = await kim.form("Not a trend")
        kim.fills(form, reason="A newsletter went out")
        assert await kim.submits(form) == {}
        await kim.sees_change(noticed, lambda now: "A newsletter went out" in now.text)

        noticing.write(there, "singapore-down", 3)
        await noticing.passes(there)
        assert len(said(there)) == 1
        noticing.write(there, "singapore-down", 25)
        await noticing.passes(there)
        await there.until(lambda: len(said(there)) == 2, "a message of what is clearly larger")


async def test_a_snooze_ends(town: OpenTown) -> None:
    """Whoever snoozed it is told, in its thread, where it still rises."""
    async with noticing.read(town, noticing.quiet()) as there:
        kim = there.kim
        noticing.write(there, "singapore-down", 12)
        await noticing.passes(there)
        noticed = await kim.sees("#t2-tech", SINGAPORE)
        await kim.presses(noticed, "Snooze…")
        form = await kim.form("Snooze")
        kim.fills(form, hours="1 hour")
        assert await kim.submits(form) == {}
        await kim.sees_change(noticed, lambda now: "Snoozed until" in now.text)
        for _ in range(4):
            await noticing.passes(there, timedelta(minutes=14))
            noticing.write(there, "singapore-down", 4)
        await noticing.passes(there, timedelta(minutes=8))

        await kim.sees(noticed, "still rising")
        await settled(there)
        assert len(said(there)) == 1


async def test_what_is_under_investigation_is_told_by_its_card(town: OpenTown) -> None:
    """Nothing is posted: the card says it."""
    async with noticing.read(town, noticing.quiet()) as there:
        kim = there.kim
        await kim.types("#t2-tech", "/investigate singapore cannot connect")
        card = await kim.sees("#t2-tech", "owns INV-1")
        noticing.write(there, "singapore-down", 14)
        await noticing.passes(there)
        await kim.sees_change(card, lambda now: "customers wrote" in now.text)
        await settled(there)

        assert said(there) == set()


async def test_after_resolve_it_starts_again_and_is_said_once(town: OpenTown) -> None:
    async with noticing.read(town, noticing.quiet(), days=noticing.ALL_WEEKS) as there:
        kim = there.kim
        noticing.write(there, "singapore-down", 14)
        await noticing.passes(there)
        noticed = await kim.sees("#t2-tech", SINGAPORE)
        await kim.presses(noticed, "Investigate")
        card = await kim.sees("#t2-tech", "owns INV-1")
        await kim.presses(card, "Resolve")
        form = await kim.form("Resolve INV-1")
        kim.fills(form, root_cause="A transit link flapped", workaround="Use U.S. West")
        assert await kim.submits(form) == {}
        await kim.sees_change(card, lambda now: "resolved INV-1" in now.text)
        for _ in range(5):
            await noticing.passes(there, timedelta(minutes=20))
        assert len(said(there)) == 1

        for _ in range(3):
            noticing.write(there, "singapore-down", 8)
            await noticing.passes(there, timedelta(minutes=5))
        again = await kim.sees("#t2-tech", "started again")
        await settled(there)

        assert "INV-1" in again.text and len(said(there)) == 2


async def test_shadow_mode_says_once_a_day_what_it_would_have_said(town: OpenTown) -> None:
    async with noticing.read(town, noticing.rising(), mode="shadow") as there:
        before = len(there.bot_wrote("#t2-tech"))
        await noticing.passes(there, timedelta(hours=1))
        assert len(there.bot_wrote("#t2-tech")) == before
        await noticing.passes(there, timedelta(hours=23))
        await noticing.passes(there, timedelta(hours=1))

        daily = [text for text in there.bot_wrote("#t2-tech") if "since yesterday" in text]
        assert len(daily) == 1
        report = await there.kim.sees("#t2-tech", "since yesterday")
        assert "U.S. East" in report.text and said(there) == set()


async def test_a_limit_of_the_export_alone_is_waited_for(town: OpenTown) -> None:
    """Search goes on meanwhile, and the rise is said once the export answers."""
    async with town(seed=noticing.rising(), at=AT, trends="on", start=False) as there:
        there.zendesk.faults.add(Fault("/incremental/", times=2, status=429, retry_after=1))
        await there.bot_starts()
        await there.kim.sees("#t2-tech", US_EAST)

        assert len(said(there)) == 1


async def test_a_login_that_may_not_export_is_read_by_search(town: OpenTown) -> None:
    async with town(seed=noticing.rising(), at=AT, trends="on", start=False) as there:
        there.zendesk.desk.set_role(there.zendesk.access.acting_user_id, "agent")
        await there.bot_starts()
        await there.kim.sees("#t2-tech", US_EAST)

        assert len(said(there)) == 1


async def test_killed_in_the_weeks_it_goes_on_where_it_was(town: OpenTown) -> None:
    """No page is asked for again that was stored."""
    async with town(seed=noticing.rising(), at=AT, trends="on", start=False) as there:
        killer = there.watch = Killer(there, [Point("after", EXPORT, nth=2)])
        await there.bot.start()
        async with started_again(there):
            await there.kim.sees("#t2-tech", US_EAST)
            begun = [call for call in there.zendesk.log if "start_time" in call["query"]]

            assert not killer.left and len(begun) == 1


async def test_slack_away_while_it_notices(town: OpenTown) -> None:
    """Said when Slack is back, once."""
    async with noticing.read(town, noticing.quiet()) as there:
        there.slack.control.fault({"where": "api", "method": "chat.postMessage", "status": 503, "times": 3})
        noticing.write(there, "singapore-down", 14)
        await noticing.passes(there)
        await there.kim.sees("#t2-tech", SINGAPORE)
        await settled(there)

        assert len(said(there)) == 1
