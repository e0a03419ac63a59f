"""Claims: an owner who does nothing is asked alone, and only their own yes counts; one who has left has nothing."""

import asyncio
from datetime import timedelta

import pytest

from bot.investigations import cards
from bot.investigations.model import EventKind, State
from bot.messages.model import Place
from bot.reminders.claim_model import ClaimEnd, Freed
from bot.reminders.claims import NotYourQuestion, TooLate
from bot.reminders.model import NudgeState, ReminderKind, ReminderSettings, Snooze
from tests.reminders.waiting import Waiting, kinds, lines, usual
from tests.world import OFFICE, US_WEST

FREED, UNCLAIMED = ReminderKind.FREED, ReminderKind.UNCLAIMED
ONLY_CLAIMS = ReminderSettings(OFFICE, {}, stale_after=timedelta(hours=4), answer_within=timedelta(minutes=30))


async def asked(settings: ReminderSettings = ONLY_CLAIMS) -> Waiting:
    """Kim did nothing for four hours in which two customers wrote, and was asked."""
    waiting = await Waiting(settings).opened()
    await waiting.customers_write(7, 8)
    await waiting.after(hours=4)
    assert waiting.world.owed_keys("still-on-it/%") == ["still-on-it/1"]
    return waiting


def end_of(waiting: Waiting, number: int = 1) -> ClaimEnd:
    shown = waiting.world.claims.shown(number)
    assert shown
    return shown.question.ended_as


async def test_the_owner_alone_is_asked() -> None:
    """In their direct messages, with how many wrote, once."""
    waiting = await asked()
    await waiting.after(minutes=29)
    shown = waiting.world.claims.shown(1)

    assert waiting.world.place("still-on-it/1") == Place("UKIM")
    assert shown and (shown.question.owner, shown.question.wrote, shown.title) == ("UKIM", 2, "U.S. East")
    assert waiting.world.owed_keys("still-on-it/%") == ["still-on-it/1"]


async def test_nobody_is_asked_while_no_customer_writes() -> None:
    """Nor where customers wrote before the last word, nor at night, nor while somebody works on it."""
    waiting = await Waiting(ONLY_CLAIMS).opened()
    await waiting.after(hours=5)
    await waiting.customers_write(7)
    waiting.world.evidence.note(1, "looking", by="UJO")
    await waiting.after(hours=3)
    await waiting.after(hours=12)

    assert waiting.world.owed_keys("still-on-it/%") == []


async def test_hours_are_those_of_work() -> None:
    """What customers write at night asks nobody at eight in the morning."""
    waiting = await Waiting(ONLY_CLAIMS).opened()
    await waiting.after(hours=9)
    waiting.world.evidence.note(1, "done for today", by="UKIM")
    await waiting.customers_write(7)
    waiting.world.clock.advance(hours=62)
    for hours in (0, 1):
        await waiting.after(hours=hours)
        assert waiting.world.owed_keys("still-on-it/%") == []
    await waiting.after(hours=1)

    assert waiting.world.owed_keys("still-on-it/%") == ["still-on-it/1"]


async def test_their_yes_keeps_it() -> None:
    """It is on the timeline, and asks again after as long a time in which others write."""
    waiting = await asked()
    await waiting.world.claims.keep(1, by="UKIM")
    await waiting.world.claims.keep(1, by="UKIM")
    await waiting.after(hours=3)
    assert end_of(waiting) is ClaimEnd.KEPT
    assert waiting.world.kinds(1).count(EventKind.STILL_ON_IT) == 1
    await waiting.customers_write(9)
    await waiting.after(hours=24 * 3)

    assert waiting.world.owed_keys("still-on-it/%") == ["still-on-it/1", "still-on-it/2"]


async def test_nobody_else_says_yes_for_them() -> None:
    """Whatever others do meanwhile: it isn't the owner's answer."""
    waiting = await asked()
    for act in (waiting.world.claims.keep, waiting.world.claims.release):
        with pytest.raises(NotYourQuestion):
            await act(1, by="UJO")
    waiting.world.evidence.note(1, "helping", by="UJO")
    assert end_of(waiting) is ClaimEnd.OPEN
    await waiting.after(minutes=30)

    assert end_of(waiting) is ClaimEnd.SILENT


async def test_what_the_owner_does_is_their_answer() -> None:
    """A note says more than a button."""
    waiting = await asked()
    waiting.world.clock.advance(minutes=1)
    waiting.world.evidence.note(1, "still looking", by="UKIM")
    await waiting.after(minutes=60)

    assert end_of(waiting) is ClaimEnd.KEPT
    assert waiting.world.investigations.get(1).owner == "UKIM"


async def test_no_answer_releases_it_and_offers_it_to_the_team() -> None:
    """One message, which is the first reminder too; the next comes a quarter of an hour later."""
    waiting = await asked(usual(UNCLAIMED))
    assert await waiting.after(minutes=29) == []
    (offer,) = await waiting.after(minutes=1)
    (line,) = offer.lines
    assert (line.kind, line.whom, line.text, line.count) == (FREED, "UKIM", Freed.SILENT, 2)
    assert (offer.team, waiting.world.investigations.get(1).owner) == ("<!subteam^STECH>", None)
    last = waiting.world.evidence.overview(1).events[-1]
    assert (last.kind, last.actor, last.about) == (EventKind.RELEASED, None, "UKIM")
    timeline = cards.timeline(waiting.world.evidence.overview(1))
    assert "Second Line released it from <@UKIM>: they didn't say that they're still on it" in timeline.text
    with pytest.raises(TooLate):
        await waiting.world.claims.keep(1, by="UKIM")
    assert await waiting.after(minutes=14) == []
    (again,) = await waiting.after(minutes=1)
    assert kinds([again]) == [[UNCLAIMED]]
    await waiting.world.investigations.claim(1, by="UJO")

    assert waiting.states() == [NudgeState.REPLACED, NudgeState.DONE]


async def test_whoever_was_not_asked_yet_is_not_late() -> None:
    """Slack is away for an hour; from then on they have their time."""
    waiting = await Waiting(ONLY_CLAIMS, slack_works=False).opened()
    await waiting.customers_write(7)
    await waiting.after(hours=4)
    for _ in range(3):
        await waiting.after(minutes=30)
    assert end_of(waiting) is ClaimEnd.OPEN
    waiting.delivered()
    await waiting.after(minutes=29)
    assert end_of(waiting) is ClaimEnd.OPEN
    await waiting.after(minutes=1)

    assert end_of(waiting) is ClaimEnd.SILENT


async def test_whoever_cannot_be_asked_is_said_to_be_so() -> None:
    """Slack refuses the direct message for good: it is released, and the words are true."""
    waiting = await Waiting(ONLY_CLAIMS, slack_works=False).opened()
    await waiting.customers_write(7)
    await waiting.after(hours=4)
    waiting.world.database.run("UPDATE messages SET state = 'refused' WHERE key = 'still-on-it/1'")
    (offer,) = await waiting.after(minutes=30)

    assert [line.text for line in offer.lines] == [Freed.UNREACHED]


async def test_the_offer_can_be_put_off_and_is_over_once_somebody_has_it() -> None:
    """Also where nobody is reminded of what is unclaimed."""
    waiting = await asked()
    await waiting.after(minutes=30)
    assert waiting.states() == [NudgeState.OPEN]
    await waiting.world.investigations.claim(1, by="UKIM")
    assert waiting.states() == [NudgeState.DONE]
    waiting = await asked(usual(UNCLAIMED))
    await waiting.after(minutes=30)
    await waiting.world.reminders.snooze(1, Snooze.LONG, by="UJO")

    assert [len(await waiting.after(minutes=minutes)) for minutes in (119, 1)] == [0, 1]


async def test_the_owner_lets_go_of_it() -> None:
    """As by `release`: the thread is told once, and the message says so."""
    waiting = await asked()
    waiting.world.clock.advance(minutes=1)
    await waiting.world.claims.release(1, by="UKIM")
    await waiting.world.claims.release(1, by="UKIM")
    await waiting.after(minutes=60)

    assert end_of(waiting) is ClaimEnd.RELEASED
    assert waiting.world.kinds(1).count(EventKind.RELEASED) == 1
    assert waiting.nudges() == []


async def test_release_pressed_twice_at_once() -> None:
    """And late, when somebody else has it."""
    waiting = await asked()
    waiting.world.clock.advance(minutes=1)
    release = waiting.world.claims.release
    await asyncio.gather(release(1, by="UKIM"), release(1, by="UKIM"))
    assert waiting.world.kinds(1).count(EventKind.RELEASED) == 1
    await waiting.world.investigations.claim(1, by="UJO")
    await release(1, by="UKIM")
    waiting = await asked()
    await waiting.after(minutes=30)
    with pytest.raises(TooLate):
        await waiting.world.claims.release(1, by="UKIM")


async def test_kept_and_let_go_of_all_the_same() -> None:
    """The message of a phone that was asleep still has both buttons."""
    waiting = await asked()
    await waiting.world.claims.keep(1, by="UKIM")
    await waiting.world.claims.release(1, by="UKIM")

    assert waiting.world.investigations.get(1).owner is None


@pytest.mark.parametrize("how", ["resolved", "taken"])
async def test_what_needs_no_answer_any_more(how: str) -> None:
    """It ended, or somebody else has it."""
    waiting = await asked()
    if how == "resolved":
        await waiting.world.investigations.resolve(1, root_cause="a cable", workaround="", by="UJO")
    else:
        with waiting.world.database.transaction():
            waiting.world.investigations.given(1, to="UJO", by="UJO")
    await waiting.after(minutes=60)

    assert end_of(waiting) is ClaimEnd.MOOT
    assert waiting.world.investigations.get(1).owner == ("UKIM" if how == "resolved" else "UJO")


async def test_asked_in_the_evening_they_have_until_the_morning() -> None:
    """Fourteen minutes before work ends, and sixteen after it begins."""
    waiting = await Waiting(ONLY_CLAIMS).opened()
    await waiting.after(hours=6, minutes=33)
    waiting.world.evidence.note(1, "looking", by="UKIM")
    await waiting.customers_write(7)
    await waiting.after(hours=3, minutes=57)
    assert waiting.world.owed_keys("still-on-it/%") == ["still-on-it/1"]
    waiting.world.clock.advance(hours=60)
    await waiting.after(minutes=29)
    assert end_of(waiting) is ClaimEnd.OPEN
    await waiting.after(minutes=1)

    assert end_of(waiting) is ClaimEnd.SILENT


async def test_who_has_left_owns_nothing() -> None:
    """At once, at whatever hour, everything of theirs; nothing of what has ended."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    await waiting.world.opened(US_WEST)
    await waiting.world.opened()
    await waiting.world.investigations.dismiss(3, reason="a test", by="UKIM")
    waiting.world.clock.advance(hours=15)
    waiting.world.people.nobodies = frozenset({"UKIM"})
    await waiting.world.claims.person_changed("UKIM")
    await waiting.world.claims.person_changed("UKIM")

    owners = [waiting.world.investigations.get(number).owner for number in (1, 2, 3)]
    assert owners == [None, None, "UKIM"]
    assert [(line.kind, line.text) for line in lines(waiting.nudges())] == [(FREED, Freed.GONE)] * 2
    assert await waiting.after(minutes=30) == []


async def test_what_slack_did_not_tell_is_found_by_looking() -> None:
    """At the start, and by the loop."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    waiting.world.people.nobodies = frozenset({"UKIM"})
    waiting = waiting.restarted()
    (offer,) = await waiting.after()

    assert kinds([offer]) == [[FREED]]
    assert await waiting.after() == []


async def test_who_is_here_keeps_it() -> None:
    """People change their names and statuses all day."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    waiting.world.people.away["UKIM"] = "on vacation"
    await waiting.world.claims.person_changed("UKIM")

    assert waiting.world.investigations.get(1).owner == "UKIM"


async def test_who_left_while_asked() -> None:
    """The question ends, and the offer says that they have left."""
    waiting = await asked()
    waiting.world.people.nobodies = frozenset({"UKIM"})
    (offer,) = await waiting.after(minutes=30)

    assert (end_of(waiting), offer.lines[0].text) == (ClaimEnd.MOOT, Freed.GONE)


async def test_switched_off() -> None:
    """Nobody is asked; who left loses it all the same."""
    waiting = await Waiting(ReminderSettings(OFFICE)).opened()
    await waiting.customers_write(7)
    await waiting.after(hours=8)
    assert waiting.world.owed_keys("still-on-it/%") == []
    waiting.world.people.nobodies = frozenset({"UKIM"})

    assert len(await waiting.after()) == 1
    assert waiting.world.investigations.get(1).state is State.OPEN
