"""A ladder climbs: everybody is told once and in order, over kills, sleeps, clocks and refusals, until one answers."""

import re
import signal
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from tests.eventually import eventually
from tests.stories.bug import hands_off
from tests.stories.chat import WITHIN_S
from tests.stories.counting import keys, order
from tests.stories.killing import Killer, Point, started_again
from tests.stories.management import (
    GROUP,
    SOON,
    Outside,
    asked,
    bridge,
    channel,
    dm,
    escalates,
    ladder,
    mail,
    outside,
    pager,
    told,
    visited,
)
from tests.stories.steps import resolved, settled
from tests.stories.town import Call, OpenTown, Town, Watch

pytestmark = pytest.mark.story

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LENA, RAJ, INCIDENTS, C0INC = "U0LENA", "U0RAJ", "#incidents", "C0INC"
POST = "chat.postMessage"
WHEN: tuple[Literal["before"], Literal["after"]] = ("before", "after")
EVERY_DAY = 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
WAY_UP = ladder(
    GROUP,
    dm("lena", "raj", wait=SOON),
    channel(INCIDENTS, wait=SOON),
    mail("lena@harbor.example", wait=SOON),
    bridge(wait=SOON),
    pager(wait=SOON),
    dm("jo", wait=60),
)


async def test_a_whole_ladder_climbs(town: OpenTown) -> None:
    """Each way tells once, in order; Raj answers in the end, by the direct message, and nobody else is asked."""
    async with town(settings=WAY_UP, start=False) as there, outside(there) as beyond:
        await there.bot_starts()
        _, post = await escalates(there)
        assert "No answer → DM @lena" in post.text
        await there.until(lambda: beyond.at("/pager"), "the last of them to be told")
        assert told(there) == [LENA, RAJ, C0INC]
        [letter] = beyond.mailbox.mails
        assert letter["To"] == "lena@harbor.example" and "Call the transit provider" in letter.get_content()
        [call], [page] = beyond.at("/bridge"), beyond.at("/pager")
        assert call["investigation"] == "INV-1" and call["request"] == "Call the transit provider"
        assert "Call the transit provider" in page["message"]
        here = await there.jo.sees(INCIDENTS, "Call the transit provider")
        assert here.text.startswith("<!here> ") and "Acknowledge" in here.buttons
        await there.jo.sees_change(post, lambda now: re.search(r"pager .*, whether it arrived isn't known", now.text))

        raj, lena = await asked(there.raj), await asked(there.lena)
        await there.raj.presses(raj, "Acknowledge")
        for person, message in ((there.jo, post), (there.raj, raj), (there.lena, lena), (there.jo, here)):
            now = await person.sees_change(message, lambda now: "Acknowledged by <@U0RAJ>" in now.text)
            assert "Acknowledge" not in now.buttons and "DM @jo" not in now.text and "No answer →" not in now.text
        await there.kim.sees(post, "<@U0RAJ> acknowledged")

        await there.let_pass(50 * MINUTE)
        await settled(there)
        assert told(there) == [LENA, RAJ, C0INC]
        assert (len(beyond.mailbox.mails), len(beyond.heard)) == (1, 2)


async def test_by_the_link_in_the_mail(town: OpenTown) -> None:
    """Looking at it changes nothing; the button on its page acknowledges, once, and says so everywhere."""
    steps = ladder(GROUP, mail("lena@harbor.example", wait=SOON), dm("raj", wait=60))
    async with town(settings=steps, start=False) as there, outside(there, links=True) as beyond:
        await there.bot_starts()
        card, post = await escalates(there)
        await there.until(lambda: beyond.mailbox.mails, "the mail")
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", beyond.mailbox.mails[0].get_content())
        assert found
        for method in ("GET", "HEAD"):
            assert (await visited(found[0], method=method))[0] == 200
        assert (await visited(found[0][:-3] + "abc"))[0] == 404
        await settled(there)
        assert "Acknowledge" in (there.jo.now(post) or post).buttons

        status, page = await visited(found[0], method="POST")
        assert status == 200 and "cknowledged" in page
        await there.jo.sees_change(post, lambda now: "through lena@harbor.example" in now.text)
        await there.kim.sees(card, "acknowledged")
        await visited(found[0], method="POST")
        await there.let_pass(50 * MINUTE)
        await settled(there)
        assert told(there) == [] and len(beyond.mailbox.mails) == 1


class RefusesLena(Watch):
    """Slack takes no message of the ladder for her: she was deactivated a moment ago."""

    def __init__(self, there: Town) -> None:
        self._there = there

    def before(self, call: Call) -> bool:
        if call.name == POST and "ladder/" in call.body and f"/{LENA}" in call.body:
            self._there.slack.control.fault({"where": "api", "method": POST, "error": "user_disabled"})
        return False


async def test_who_cannot_be_told_is_passed_over_at_once(town: OpenTown) -> None:
    """Jo has left; Slack refuses the message to Lena in that very moment; the mailbox is gone. Raj is asked now."""
    steps = ladder(GROUP, dm("jo", "lena"), mail("gone@harbor.example"), dm("raj"), dm("ana", wait=60))
    async with town(settings=steps, start=False) as there, outside(there) as beyond:
        beyond.mailbox.refusing["gone@harbor.example"] = "550 no such mailbox"
        await there.bot_starts()
        _, post = await escalates(there)
        there.slack.control.person("U0JO", deleted=True)
        there.watch = RefusesLena(there)
        await there.let_pass(10 * MINUTE)
        await asked(there.raj)
        post = await there.kim.sees_change(post, lambda now: "DM @raj" in now.text and "on its way" not in now.text)
        assert re.search(r"DM @jo .*: not told, they aren't in Slack any more", post.text)
        assert re.search(r"DM @lena .*: not told, they aren't in Slack any more", post.text)
        assert re.search(r"mail to .*: not told, the mailbox refused it \(550 no such mailbox\)", post.text)
        await settled(there)
        assert told(there) == [RAJ]


async def test_lena_is_on_vacation(town: OpenTown) -> None:
    """Her status says so: Raj is asked in her place, the post says why, and she comes after him."""
    async with town(settings=ladder(GROUP, dm("lena", "raj", wait=SOON))) as there:
        there.slack.control.status(LENA, text="On vacation", emoji=":palm_tree:")
        _, post = await escalates(there)
        assert "@lena is away, so others are asked first" in post.text
        await asked(there.lena)
        assert told(there) == [RAJ, LENA]


def _dies_at(there: Town, beyond: Outside) -> Killer:
    """Before and after Slack takes the post and each step, and once while each system outside is told."""
    keys_of = ("escalation/1", f"ladder/2/{LENA}", f"ladder/3/{RAJ}", f"ladder/4/{C0INC}")
    killer = Killer(there, [Point(when, POST, f'"{key}"') for key in keys_of for when in WHEN])
    outside_left = ["mail", "/bridge", "/pager"]

    def told_outside(what: str) -> None:
        if what in outside_left:
            outside_left.remove(what)
            there.bot.signal(signal.SIGKILL)

    beyond.before_answer = told_outside
    there.watch = killer
    return killer


async def test_killed_between_any_two_steps_and_while_it_tells(town: OpenTown) -> None:
    """Slack has each once, and so has whoever knows the key of a call or the number of a mail."""
    async with town(settings=WAY_UP, start=False) as there, outside(there) as beyond:
        killer = _dies_at(there, beyond)
        await there.bot.start()
        async with started_again(there):
            await there.until(lambda: there.bot_connected, "the bot to connect")
            _, post = await escalates(there)
            await there.until(lambda: not killer.left, "every point to be reached")
            await there.jo.sees_change(post, lambda now: re.search(r"pager .*, whether", now.text))
            await settled(there)
        assert told(there) == [LENA, RAJ, C0INC]
        assert keys(there)["escalation/1"] == 1
        numbers = {letter["Message-ID"] for letter in beyond.mailbox.mails}
        assert len(numbers) == len(set(beyond.keys("/bridge"))) == 1
        deaths = len(killer.reached) + 3
        for times in map(len, (beyond.mailbox.mails, beyond.at("/bridge"), beyond.at("/pager"))):
            assert 2 <= times <= 1 + deaths, "again only where the bot died before it knew"


async def test_asleep_for_a_day_and_the_clock_set_back(town: OpenTown) -> None:
    """What was missed comes once, in order and marked late; the next one has its wait, whatever the clock says."""
    async with town(settings=ladder(GROUP, dm("lena", "raj", "jo"), channel(INCIDENTS))) as there:
        _, post = await escalates(there)
        await settled(there)
        there.clock.let_pass(DAY)
        late = await asked(there.lena)
        assert "This is late" in late.text
        post = await there.kim.sees_change(post, lambda now: re.search(r"DM @lena .*, late", now.text))
        assert "No answer → DM @raj" in post.text
        await settled(there)
        assert told(there) == [LENA] and "overdue/2" not in keys(there)

        there.clock.let_pass(-DAY)
        await eventually(lambda: "the clock was set back" in there.bot.output, within_s=WITHIN_S)
        there.clock.let_pass(10 * MINUTE)
        in_time = await asked(there.raj)
        assert "This is late" not in in_time.text
        await settled(there)
        assert told(there) == [LENA, RAJ]


async def test_a_night_on_which_the_clocks_change(town: OpenTown) -> None:
    """In Berlin there is no half past two: half past three comes an hour sooner, also for a bot that was down."""
    hours = '[workspace.working_hours]\nstart = "03:30"\nend = "17:00"\n' + EVERY_DAY
    steps = ladder(GROUP, dm("lena", more="in_working_hours = true"), dm("raj", wait=60), workspace=hours)
    steps['[workspace]\nzone = "UTC"'] = '[workspace]\nzone = "Europe/Berlin"'
    begins = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    async with town(settings=steps, at=begins - 80 * MINUTE) as there:
        _, post = await escalates(there)
        assert f"DM @lena <!date^{begins.timestamp():.0f}^" in post.text
        await there.let_pass(70 * MINUTE)
        await settled(there)
        assert told(there) == []

        await there.let_pass(10 * MINUTE)
        await asked(there.lena)
        await there.kim.sees_change(
            post, lambda now: re.search(r":bell: DM @lena .*No answer → DM @raj", now.text, re.S)
        )


async def test_slack_takes_nothing_more_for_a_while(town: OpenTown) -> None:
    """People measure things while every post is refused: when posts are taken again, the step does not wait."""
    async with town(settings=ladder(GROUP, channel("#t2-tech"))) as there:
        await escalates(there)
        await settled(there)
        before = len(order(there))
        there.slack.control.fault({"where": "api", "method": POST, "status": 429, "retry_after": 1, "times": 1_000_000})
        for number, target in enumerate(("us-west", "eu-central", "ap-southeast", "website")):
            person = (there.kim, there.jo, there.kim, there.jo)[number]
            await person.types("#t2-tech", f"/probe http {target}" if target == "website" else f"/probe ping {target}")
        there.clock.let_pass(10 * MINUTE)
        await there.until(lambda: any("ladder/2/" in each.body for each in there.calls), "the step to be tried")
        there.slack.control.clear()
        await there.until(lambda: len(order(there)) >= before + 5, "all of them")
        first_two = order(there)[before : before + 2]
        assert any(key.startswith("ladder/2/") for key in first_two), "beside the one that was on its way already"
        await settled(there)
        assert max(keys(there).values()) == 1


async def test_whoever_acknowledged_is_asked_again_and_then_the_others(town: OpenTown) -> None:
    """An hour without news, ten minutes without an answer: the ladder begins again. A yes keeps it, an end ends it."""
    async with town(settings=ladder(GROUP, dm("lena", "raj"), head="asks_outside_hours = true\nrepeats = 1")) as there:
        card, post = await escalates(there)
        await there.raj.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by <@U0RAJ>" in now.text)
        await there.let_pass(61 * MINUTE)
        question = await there.raj.sees("@secondline", "are you still on INV-1?")
        assert question.buttons == ["Yes", "Hand It Back"]
        await there.let_pass(11 * MINUTE)
        await there.raj.sees_change(question, lambda now: not now.buttons)
        again = await there.lena.sees(card, "Nobody has answered yet")
        assert "<!subteam^S0LTM>" in again.text
        await there.kim.sees(card, "<@U0RAJ>")
        await there.let_pass(10 * MINUTE)
        await there.lena.presses(await asked(there.lena), "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by <@U0LENA>" in now.text)

        await there.let_pass(61 * MINUTE)
        question = await there.lena.sees("@secondline", "are you still on INV-1?")
        await there.lena.presses(question, "Yes")
        await there.lena.sees_change(question, lambda now: "You are on INV-1" in now.text)
        await there.let_pass(30 * MINUTE)
        await resolved(there, card)
        before = told(there)
        for _ in range(3):
            await there.let_pass(61 * MINUTE)
            await settled(there)
        assert told(there) == before
        assert sum(key.startswith("still/") for key in keys(there)) == 2


async def test_resolved_before_anybody_answered(town: OpenTown) -> None:
    """Nobody is asked for what is over; what Lena was asked says so."""
    async with town(settings=ladder(GROUP, dm("lena", "raj"))) as there:
        card, post = await escalates(there)
        await settled(there)
        await there.let_pass(10 * MINUTE)
        lena = await asked(there.lena)
        await resolved(there, card)
        for person, message in ((there.lena, lena), (there.kim, post)):
            now = await person.sees_change(message, lambda now: "No answer needed" in now.text)
            assert "Acknowledge" not in now.buttons
        await there.let_pass(60 * MINUTE)
        await settled(there)
        assert told(there) == [LENA]


async def test_sent_to_tier_3_before_anybody_answered(town: OpenTown) -> None:
    """Nobody is asked any more, what Lena was asked says so, and management can be asked again."""
    async with town(outside=True, settings=ladder(GROUP, dm("lena", "raj"))) as there:
        card, post = await escalates(there)
        await settled(there)
        await there.let_pass(10 * MINUTE)
        lena = await asked(there.lena)
        await there.kim.presses(card, "Send to Tier 3")
        await hands_off(there, card)
        for person, message in ((there.lena, lena), (there.kim, post)):
            now = await person.sees_change(
                message, lambda now: "No answer needed: INV-1 was sent to Tier 3" in now.text
            )
            assert "No answer needed" in now.text and "Acknowledge" not in now.buttons
        await there.let_pass(60 * MINUTE)
        await settled(there)
        assert told(there) == [LENA]

        changed = await there.kim.sees_change(card, lambda now: "not acknowledged" in now.text)
        await there.kim.presses(changed, "Escalate Again")
        form = await there.kim.form("Escalate INV-1")
        there.kim.fills(form, needed="Ask for a crew at night")
        assert await there.kim.submits(form) == {}
        again = await there.lena.sees("#t2-tech", "Ask for a crew at night")
        assert "Acknowledge" in again.buttons
