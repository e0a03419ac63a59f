"""The morning briefing: there once whatever happens to the bot, amended in place, read by people."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.clock import system_clock
from tests.stories.chat import Seen
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, started_again
from tests.stories.steps import opened, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

POST, EDIT = "chat.postMessage", "chat.update"
POINTS = (
    Point("before", POST, '"briefing/1"'),
    Point("after", POST, '"briefing/1"'),
    Point("before", POST, '"briefing/2"'),
    Point("after", POST, '"briefing/2"'),
)


def _just_missed() -> dict[str, str]:
    """Settings by which every team had its briefing a minute ago, in a zone where it is about noon."""
    now = system_clock()
    ahead_h = 12 - now.hour
    at: datetime = now + timedelta(hours=ahead_h, minutes=-1)
    zone = f"Etc/GMT{-ahead_h:+d}" if ahead_h else "UTC"
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    return {"[workspace]": f'[briefing]\nat = "{at:%H:%M}"\nzone = "{zone}"\ndays = {days}\n\n[workspace]'}


def _says(words: str, message: Seen) -> bool:
    return words in message.text


async def _briefing(there: Town, where: str = "#t2-tech") -> Seen:
    return await there.kim.sees(where, "Briefing of")


async def test_missed_while_the_bot_was_down(town: OpenTown) -> None:
    """It comes late and says so, once in each team's channel, also after the bot was started again."""
    async with town(settings=_just_missed()) as there:
        quiet = await _briefing(there)
        await _briefing(there, "#t2-cs")
        assert "Nothing is open" in quiet.text and not quiet.buttons
        await there.bot.kill()
        await there.bot_starts()
        await settled(there)

        assert keys(there) == {"briefing/1": 1, "briefing/2": 1}


async def test_killed_around_it(town: OpenTown) -> None:
    """Before and after each post was taken by Slack: every channel has it once."""
    async with town(settings=_just_missed(), start=False) as there:
        killer = there.watch = Killer(there, list(POINTS))
        await there.bot.start()
        async with started_again(there):
            for where in ("#t2-tech", "#t2-cs"):
                await _briefing(there, where)
            await there.until(lambda: not killer.left, "every point to be reached")
            await settled(there)

        assert keys(there) == Counter({"briefing/1": 1, "briefing/2": 1})


async def test_people_with_their_briefing(town: OpenTown) -> None:
    """Opened the day before, missed at night: Jo joins from the briefing, three people have read it."""
    async with town() as there:
        card = await opened(there)
        await there.kim.sees(card, "*Playbook for")
        await there.bot.kill()
        settings = there.folder / "secondline.toml"
        text = settings.read_text("utf-8")
        for line, instead in _just_missed().items():
            text = text.replace(line, instead)
        settings.write_text(text, "utf-8")
        await there.bot_starts()
        briefing = await _briefing(there)
        assert "U.S. East: packet loss" in briefing.text and "<@U0KIM> owns it" in briefing.text

        await there.jo.presses(briefing, "Join", beside="U.S. East")
        await there.kim.sees_change(card, lambda now: "with <@U0JO>" in now.text)
        await there.kim.sees_change(briefing, lambda now: "_Joined:_ <@U0JO>" in now.text)
        for reader, count in ((there.jo, 1), (there.kim, 2), (there.lena, 3)):
            await reader.presses(briefing, "Mark as Read")
            await there.kim.sees_change(briefing, partial(_says, f"Read by {count}"))
        await there.jo.presses(briefing, "Mark as Read")
        names = await there.jo.sees("#t2-tech", "Read by <@U0JO>, <@U0KIM>, <@U0LENA>.")
        assert names.only_for_me


async def test_asked_for_it_is_shown_to_one_person(town: OpenTown) -> None:
    """The channel sees nothing of it; what is set for the channel is answered with the next moment."""
    async with town() as there:
        await opened(there)
        await there.jo.types("#t2-tech", "/t2 briefing")
        shown = await there.jo.sees("#t2-tech", "Briefing of")
        assert shown.only_for_me and "Join" in shown.buttons and "Mark as Read" not in shown.buttons
        assert not any("Briefing of" in each.text for each in there.kim.screen("#t2-tech"))

        await there.kim.types("#t2-tech", "/t2 briefing at 09:00 Europe/Berlin weekdays")
        answer = await there.kim.sees("#t2-tech", "`09:00 Europe/Berlin weekdays`. <@U0KIM> set it")
        assert answer.only_for_me and "The next one comes <!date^" in answer.text
        await there.tom.types("#t2-tech", "/t2 briefing off")
        await there.tom.sees("#t2-tech", "Only T2 Tech and T2 CS can do this")
        assert not [key for key in keys(there) if key.startswith("briefing/")]
