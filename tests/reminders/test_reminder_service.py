"""Reminders: once, in time, true when they come, and never after the end."""

from datetime import timedelta

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.model import EventKind, Move
from bot.investigations.update_model import News, Purpose
from bot.people import NotTier2
from bot.reminders.model import NudgeState, Pace, ReminderKind, ReminderSettings, Snooze
from bot.tickets.collection import LinkState
from tests.releases.test_after_a_release import work
from tests.releases.test_release_service import fixed, opened
from tests.reminders.waiting import Waiting, kinds, lines, usual
from tests.world import OFFICE

UNCLAIMED, NO_UPDATE, NOT_TOLD = ReminderKind.UNCLAIMED, ReminderKind.NO_UPDATE, ReminderKind.NOT_TOLD
LONG_OPEN, ASKED = ReminderKind.LONG_OPEN, ReminderKind.ASKED
HALF_HOUR = timedelta(minutes=30)


async def unclaimed(*only: ReminderKind) -> Waiting:
    """Tier 1 opened it, and nobody picks it up."""
    return await Waiting(usual(*(only or (UNCLAIMED,)))).opened(by="UTOM")


def escalate(waiting: Waiting) -> None:
    with waiting.world.database.transaction():
        waiting.world.investigations.gone_to(1, Move.ESCALATE, EventKind.ESCALATED, by="UKIM", text="it is down")


async def test_what_nobody_picks_up_calls_the_team() -> None:
    """After five minutes; then every quarter of an hour, four times in all, each in place of the last."""
    waiting = await unclaimed()
    sent = [len(await waiting.after(minutes=minutes)) for minutes in (4, 1, 14, 1, 15, 15, 15, 60, 600)]

    assert sent == [0, 1, 0, 1, 1, 1, 0, 0, 0]
    assert {(nudge.team, nudge.owner) for nudge in waiting.nudges()} == {("<!subteam^STECH>", "")}
    assert waiting.states() == [NudgeState.REPLACED] * 3 + [NudgeState.OPEN]
    assert waiting.world.owed_keys("reminder/%") == [f"reminder/{number}" for number in (1, 2, 3, 4)]


async def test_the_team_that_has_it_now_is_called() -> None:
    """From when it came to them."""
    waiting = await unclaimed()
    await waiting.after(minutes=4)
    with waiting.world.database.transaction():
        waiting.world.investigations.moved(1, "cs", "C2", by="UKIM", text="", left=None)

    assert await waiting.after(minutes=4) == []
    assert [nudge.team for nudge in await waiting.after(minutes=1)] == ["<!subteam^SCS>"]


async def test_whoever_claims_it_ends_that() -> None:
    """The message says so, and there is no other."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    await waiting.world.investigations.claim(1, by="UKIM")

    assert waiting.states() == [NudgeState.DONE]
    assert waiting.next_at(UNCLAIMED) is None
    assert await waiting.after(minutes=60) == []


async def test_escalated_and_no_news() -> None:
    """Of its owner, from the escalation on; any word of a person begins it anew."""
    waiting = await Waiting(usual(NO_UPDATE)).opened()
    assert await waiting.after(minutes=40) == []
    escalate(waiting)
    assert await waiting.after(minutes=29) == []
    waiting.world.evidence.note(1, "the provider looks at it", by="UKIM")
    assert waiting.states() == []
    assert await waiting.after(minutes=29) == []
    (nudge,) = await waiting.after(minutes=1)
    assert (nudge.owner, nudge.team) == ("UKIM", "")
    await waiting.world.updates.write(1, News("an hour more", Purpose.BOTH), by="UKIM")

    assert waiting.states() == [NudgeState.DONE]
    assert waiting.next_at(NO_UPDATE) == waiting.world.clock() + HALF_HOUR


async def test_who_has_it_is_no_news() -> None:
    """A machine's finding is none either."""
    waiting = await Waiting(usual(NO_UPDATE)).opened()
    escalate(waiting)
    due = waiting.next_at(NO_UPDATE)
    waiting.world.clock.advance(minutes=20)
    await waiting.world.investigations.join(1, by="UJO")
    with waiting.world.database.transaction():
        waiting.world.investigations.record_event(1, EventKind.PROBE, by=None, text="measured")

    assert waiting.next_at(NO_UPDATE) == due


async def test_customers_have_heard_nothing() -> None:
    """From when they wrote, as long as somebody waits; what they are told begins it anew."""
    waiting = await Waiting(usual(NOT_TOLD)).opened()
    assert await waiting.after(minutes=90) == []
    await waiting.customers_write(7, 8)
    assert await waiting.after(minutes=55) == []
    (nudge,) = await waiting.after(minutes=5)
    assert [line.count for line in nudge.lines] == [2]
    await waiting.world.updates.write(1, News("we know, and look at it", Purpose.PHONE), by="UKIM")
    assert waiting.states() == [NudgeState.DONE]
    assert await waiting.after(minutes=59) == []
    assert len(await waiting.after(minutes=1)) == 1
    await waiting.world.evidence.decide(1, [7, 8], LinkState.REJECTED, by="UKIM")

    assert await waiting.after(minutes=60) == []


async def test_open_over_a_day() -> None:
    """A day after Friday morning is a Saturday: it comes when work begins."""
    waiting = await Waiting(usual(LONG_OPEN)).opened()
    assert await waiting.after(hours=24) == []
    assert await waiting.after(hours=46) == []
    (nudge,) = await waiting.after(hours=1)

    assert nudge.at.strftime("%a %H:%M") == "Mon 08:12"


async def test_due_at_night_comes_in_the_morning_where_it_is_still_so() -> None:
    """And not where it isn't."""
    for claimed in (False, True):
        waiting = await Waiting(usual(UNCLAIMED)).opened()
        waiting.world.clock.advance(hours=10, minutes=46)
        await waiting.world.investigations.release(1, by="UKIM")
        assert await waiting.after(minutes=10) == []
        assert await waiting.after(hours=24) == []
        if claimed:
            await waiting.world.investigations.claim(1, by="UJO")
        assert len(await waiting.after(hours=36)) == (0 if claimed else 1)


async def test_after_a_sleep_it_comes_once() -> None:
    """However long: what was missed is not made up for."""
    waiting = await Waiting(usual(UNCLAIMED, LONG_OPEN, NOT_TOLD)).opened(by="UTOM")
    await waiting.customers_write(7)
    (nudge,) = await waiting.after(hours=24 * 3 + 2)

    assert kinds([nudge]) == [[UNCLAIMED, NOT_TOLD, LONG_OPEN]]
    assert await waiting.after() == []
    assert await waiting.after(minutes=14) == []


async def test_a_clock_that_is_set_back_reminds_of_nothing_twice() -> None:
    """Nor does one that is set on and back."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    waiting.world.clock.advance(hours=-1)

    assert await waiting.after(minutes=4) == []
    assert await waiting.after(minutes=4) == []


async def test_what_is_due_in_the_same_quarter_hour_is_one_message() -> None:
    """What comes after ten minutes more is said now; what comes a moment later waits for its turn."""
    paces = {UNCLAIMED: Pace(timedelta(minutes=5), HALF_HOUR, 4), LONG_OPEN: Pace(timedelta(minutes=15), HALF_HOUR, 4)}
    waiting = await Waiting(ReminderSettings(OFFICE, paces)).opened(by="UTOM")
    (both,) = await waiting.after(minutes=5)
    assert kinds([both]) == [[UNCLAIMED, LONG_OPEN]]
    assert await waiting.after(minutes=29) == []
    await waiting.world.investigations.claim(1, by="UKIM")
    (alone,) = await waiting.after(minutes=1)
    assert kinds([alone]) == [[LONG_OPEN]] and alone.owner == "UKIM"
    await waiting.world.investigations.release(1, by="UKIM")

    assert await waiting.after(minutes=5) == []
    assert await waiting.after(minutes=9) == []
    (later,) = await waiting.after(minutes=1)
    assert kinds([later]) == [[UNCLAIMED, LONG_OPEN]]


async def test_a_new_message_says_what_the_one_before_said() -> None:
    """As it is now; and that counts for nothing: what comes every hour comes no sooner beside what comes more often."""
    often = {UNCLAIMED: Pace(timedelta(minutes=5), timedelta(minutes=15), 20), NOT_TOLD: usual().paces[NOT_TOLD]}
    waiting = await Waiting(ReminderSettings(OFFICE, often)).opened(by="UTOM")
    await waiting.customers_write(7)
    sent = [kinds(await waiting.after(minutes=minutes)) for minutes in (1, 15, 15, 15, 15, 15)]
    assert sent == [[[UNCLAIMED]]] * 3 + [[[UNCLAIMED, NOT_TOLD]]] * 3
    assert {row.kind: row.sent for row in waiting.world.reminders._store.of(1)} == {UNCLAIMED: 6, NOT_TOLD: 1}
    await waiting.customers_write(8)
    (nudge,) = await waiting.after(minutes=11)

    assert [line.count for line in nudge.lines] == [0, 2]


async def test_snoozed_it_comes_back_and_goes_on_as_before() -> None:
    """Half an hour later instead of a quarter; the next a quarter after that."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    await waiting.world.reminders.snooze(1, Snooze.SHORT, by="UJO")
    sent = [len(await waiting.after(minutes=minutes)) for minutes in (15, 14, 1, 14, 1)]

    assert sent == [0, 0, 1, 0, 1]
    first = waiting.nudges()[0]
    assert (first.state, first.by, first.until) == (NudgeState.SNOOZED, "UJO", first.at + HALF_HOUR)


@pytest.mark.parametrize(
    ("hours", "until"), [(0, "Mon 08:00"), (11, "Mon 08:00"), (72 + 1, "Tue 08:00"), (72 + 16, "Tue 08:00")]
)
async def test_snoozed_until_tomorrow(hours: int, until: str) -> None:
    """Tomorrow is when work begins again after today; from Friday on that is Monday."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    waiting.world.clock.advance(hours=hours)
    await waiting.world.reminders.snooze(1, Snooze.TOMORROW, by="UKIM")

    snoozed = waiting.nudges()[0].until
    assert snoozed and snoozed.strftime("%a %H:%M") == until


async def test_snooze_of_the_last_one_brings_it_once_more() -> None:
    """Whoever puts it off wants it later; then it is over."""
    pace = {UNCLAIMED: Pace(timedelta(minutes=5), timedelta(minutes=15), 1)}
    waiting = await Waiting(ReminderSettings(OFFICE, pace)).opened(by="UTOM")
    await waiting.after(minutes=5)
    await waiting.world.reminders.snooze(1, Snooze.LONG, by="UKIM")

    assert [len(await waiting.after(minutes=minutes)) for minutes in (119, 1, 300)] == [0, 1, 0]


async def test_stop_ends_that_kind_for_that_investigation() -> None:
    """Also where it begins anew; other kinds go on, and so do other investigations."""
    waiting = await unclaimed(UNCLAIMED, LONG_OPEN)
    await waiting.world.opened(by="UTOM")
    await waiting.after(minutes=5)
    await waiting.world.reminders.stop(1, by="UJO")
    await waiting.world.investigations.claim(1, by="UKIM")
    await waiting.world.investigations.release(1, by="UKIM")
    sent = await waiting.after(hours=24 * 3)

    assert waiting.states()[0] is NudgeState.STOPPED
    assert sorted((nudge.investigation_id, *kinds([nudge])) for nudge in sent) == [
        (1, [LONG_OPEN]),
        (2, [UNCLAIMED, LONG_OPEN]),
    ]


async def test_opened_again_it_begins_anew() -> None:
    """Whatever was stopped the last time."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    await waiting.world.reminders.stop(1, by="UJO")
    await waiting.world.investigations.dismiss(1, reason="a test", by="UKIM")
    await waiting.world.investigations.reopen(1, by="UKIM")
    waiting.world.clock.advance(minutes=10)

    assert len(await waiting.after(minutes=5)) == 1


@pytest.mark.parametrize("how", ["resolve", "dismiss"])
async def test_nothing_comes_after_the_end(how: str) -> None:
    """Nor what somebody asked for; what stands there says how it ended."""
    waiting = await unclaimed(UNCLAIMED, LONG_OPEN)
    await waiting.world.reminders.ask(1, whom="UKIM", text="", span=timedelta(hours=1), by="UKIM")
    await waiting.after(minutes=5)
    if how == "resolve":
        await waiting.world.investigations.resolve(1, root_cause="a cable", workaround="", by="UKIM")
    else:
        await waiting.world.investigations.dismiss(1, reason="a test", by="UKIM")

    assert waiting.states() == [NudgeState.DONE]
    assert await waiting.after(hours=24 * 5) == []


async def test_two_press_at_once() -> None:
    """The first counts, and the second is no error."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    await waiting.world.reminders.snooze(1, Snooze.LONG, by="UJO")
    await waiting.world.reminders.stop(1, by="UKIM")

    assert (waiting.states(), waiting.nudges()[0].by) == ([NudgeState.SNOOZED], "UJO")


async def test_strangers_put_nothing_off() -> None:
    """Only Tier 2, and whoever is reminded."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    for act in (waiting.world.reminders.stop(1, by="UTOM"), waiting.world.reminders.snooze(1, Snooze.LONG, by="UTOM")):
        with pytest.raises(NotTier2):
            await act
    with pytest.raises(NotFound):
        await waiting.world.reminders.stop(99, by="UKIM")

    assert waiting.states() == [NudgeState.OPEN]


async def test_after_a_restart_nothing_is_lost_and_nothing_comes_twice() -> None:
    """Rows that an event did not make are made by looking."""
    waiting = await unclaimed()
    waiting.world.database.run("DELETE FROM reminders")
    waiting = waiting.restarted()
    assert len(await waiting.after(minutes=5)) == 1
    waiting = waiting.restarted()

    assert await waiting.after() == []
    assert len(await waiting.after(minutes=15)) == 1


async def test_switched_off() -> None:
    """What the settings give no time never comes, and goes where it was on before."""
    waiting = await unclaimed()
    waiting.settings = ReminderSettings(OFFICE, {UNCLAIMED: Pace(timedelta(), HALF_HOUR, 4)})

    assert await waiting.restarted().after(hours=5) == []


async def test_over_before_it_was_sent() -> None:
    """Slack was away: what isn't so any more is never posted."""
    waiting = await unclaimed()
    await waiting.after(minutes=5)
    assert waiting.world.reminders.shown(1)
    await waiting.world.investigations.claim(1, by="UKIM")
    assert waiting.world.reminders.shown(1) is None
    waiting = await unclaimed()
    waiting.world.sent("investigation/1", "1.1")
    await waiting.after(minutes=5)
    waiting.world.sent("reminder/1", "2.2")
    await waiting.world.investigations.claim(1, by="UKIM")

    assert waiting.world.reminders.shown(1)


async def test_asked_for_it_comes_at_its_time() -> None:
    """Also at night, where it is one's own; with what was typed; once."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    waiting.world.clock.advance(hours=11)
    when = await waiting.world.reminders.ask(1, whom="UKIM", text=" call them ", span=timedelta(hours=2), by="UKIM")
    assert when == waiting.world.clock() + timedelta(hours=2)
    assert await waiting.after(minutes=119) == []
    (line,) = lines(await waiting.after(minutes=1))
    assert (line.kind, line.whom, line.asked_by, line.text) == (ASKED, "UKIM", "UKIM", "call them")
    assert await waiting.after(hours=48) == []
    await waiting.world.reminders.stop(1, by="UKIM")

    assert waiting.states() == [NudgeState.STOPPED]


async def test_asked_for_somebody_else_it_waits_until_they_work() -> None:
    """And only Tier 2 may, for colleagues."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    waiting.world.clock.advance(hours=10)
    when = await waiting.world.reminders.ask(1, whom="UJO", text="", span=timedelta(hours=2), by="UKIM")
    assert when.strftime("%a %H:%M") == "Mon 08:00"
    with pytest.raises(NotTier2):
        await waiting.world.reminders.ask(1, whom="UJO", text="", span=timedelta(hours=2), by="UTOM")
    waiting.world.people.nobodies = frozenset({"UJO"})
    with pytest.raises(BadInput, match="Only colleagues"):
        await waiting.world.reminders.ask(1, whom="UJO", text="", span=timedelta(hours=2), by="UKIM")
    waiting.world.people.nobodies = frozenset()

    assert await waiting.after(hours=2) == []
    assert len(await waiting.after(hours=59)) == 1


async def test_who_is_nobody_is_reminded_of_nothing() -> None:
    """Guests ask for nothing, and whoever leaves meanwhile is not called."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    reminders = waiting.world.reminders
    await reminders.ask(1, whom="UJO", text="", span=HALF_HOUR, by="UKIM")
    await reminders.ask(1, whom="UKIM", text="", span=HALF_HOUR, by="UKIM")
    waiting.world.people.nobodies = frozenset({"UGUEST", "UJO"})
    with pytest.raises(BadInput, match="Only colleagues"):
        await reminders.ask(1, whom="UGUEST", text="", span=HALF_HOUR, by="UGUEST")

    assert [line.whom for line in lines(await waiting.after(minutes=30))] == ["UKIM"]


async def test_an_owner_who_is_away_is_not_called_alone() -> None:
    """Their team is called too; what somebody asked for is for that person."""
    waiting = await Waiting(usual(NO_UPDATE)).opened()
    escalate(waiting)
    waiting.world.people.away["UKIM"] = "on vacation"
    (nudge,) = await waiting.after(minutes=30)
    assert (nudge.owner, nudge.team) == ("UKIM", "<!subteam^STECH>")
    await waiting.world.reminders.stop(1, by="UJO")
    await waiting.world.reminders.ask(1, whom="UJO", text="", span=HALF_HOUR, by="UJO")
    (nudge,) = await waiting.after(minutes=30)

    assert (nudge.owner, nudge.team) == ("UKIM", "")


async def test_whom_it_reminds_may_put_it_off() -> None:
    """Somebody of Tier 1 who asked for it."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    await waiting.world.reminders.ask(1, whom="UTOM", text="", span=HALF_HOUR, by="UTOM")
    await waiting.after(minutes=30)
    await waiting.world.reminders.snooze(1, Snooze.SHORT, by="UTOM")

    assert [len(await waiting.after(minutes=minutes)) for minutes in (29, 1)] == [0, 1]


async def test_what_the_team_is_reminded_of_is_not_theirs_to_stop() -> None:
    """Somebody of Tier 1 has asked for a reminder, and both came in one message."""
    waiting = await unclaimed()
    await waiting.world.reminders.ask(1, whom="UTOM", text="", span=timedelta(minutes=5), by="UTOM")
    (nudge,) = await waiting.after(minutes=5)
    assert kinds([nudge]) == [[ASKED, UNCLAIMED]]
    with pytest.raises(NotTier2):
        await waiting.world.reminders.stop(1, by="UTOM")

    assert waiting.states() == [NudgeState.OPEN]


async def test_how_much_can_be_asked_for() -> None:
    """Ten at a time, within a month, of what is open."""
    waiting = await Waiting(usual(UNCLAIMED)).opened()
    reminders = waiting.world.reminders
    for span in (timedelta(seconds=59), timedelta(days=31)):
        with pytest.raises(BadInput, match="30 days"):
            await reminders.ask(1, whom="UKIM", text="", span=span, by="UKIM")
    for _ in range(10):
        await reminders.ask(1, whom="UKIM", text="x", span=HALF_HOUR, by="UKIM")
    with pytest.raises(BadInput, match="10 reminders"):
        await reminders.ask(1, whom="UKIM", text="x", span=HALF_HOUR, by="UKIM")
    (nudge,) = await waiting.after(minutes=30)
    assert len(nudge.lines) == 10
    await waiting.world.investigations.dismiss(1, reason="a test", by="UKIM")
    with pytest.raises(BadInput, match="is over"):
        await reminders.ask(1, whom="UKIM", text="x", span=HALF_HOUR, by="UKIM")


async def test_a_fix_is_out_and_its_customers_wait() -> None:
    """As long as the answer waits for somebody; whoever puts it off has decided."""
    world = await opened()
    world.known.intake.applied("app", [fixed()], cursor="2")
    await work(world)
    facts = world.reminders._facts.of(1)
    assert facts.to_tell == 2 and facts.released_at
    await world.replies.put_off(1, by="UKIM")

    assert world.reminders._facts.of(1).to_tell == 0


async def test_other_team_that_has_it_now_is_called_after_its_own_five_minutes() -> None:
    """Whoever moves it says no news of the trouble."""
    waiting = await Waiting(usual(UNCLAIMED)).opened(by="UKIM")
    waiting.world.people.also = {}
    await waiting.after(minutes=40)
    await waiting.world.moves.move(1, "cs", note="", by="UKIM")
    sent = [len(await waiting.after(minutes=minutes)) for minutes in (4, 1)]

    assert sent == [0, 1]
    assert waiting.nudges()[-1].team == "<!subteam^SCS>"
