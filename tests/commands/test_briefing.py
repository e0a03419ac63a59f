"""`/t2 briefing` and its buttons."""

from dataclasses import replace
from typing import Any

import pytest

from bot.briefings.schedule import NotASchedule
from bot.errors import BadInput
from bot.messages.model import Content
from bot.slack.request import Answer, read
from commands import briefing, t2
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.slack_limits import texts
from tests.world import APP, World


@pytest.fixture
async def thread() -> Thread:
    """INV-1 is about the app."""
    world = World()
    await world.opened(APP)
    return Thread(world)


async def typed(thread: Thread, text: str) -> Answer:
    return await t2.slash(replace(read(payloads.command(text=text)), user="UKIM", channel="C1"), thread.services)


def words(answer: Answer) -> str:
    return "\n".join([answer.text, *texts(list(answer.blocks))]) if isinstance(answer, Content) else str(answer)


async def test_alone_it_shows_what_there_is(thread: Thread) -> None:
    """To whoever asked, and nothing is owed."""
    answer = words(await typed(thread, "briefing"))

    assert "The app: login fails" in answer and "Open investigations" in answer
    assert thread.world.owed_keys("briefing/%") == []


async def test_a_long_one_is_several_answers(thread: Thread) -> None:
    """In order; no more than Slack takes, and the last says what is missing."""
    thread.world.database.run("UPDATE investigations SET symptom = ?", "x" * 200)
    row = "INSERT INTO investigations (target, state, opened_by, opened_at, channel) VALUES (?, 'open', 'U1', ?, 'C1')"
    for number in range(80):
        thread.world.database.run(row, f"gone-{number}", thread.world.clock())
    request = replace(read(payloads.command(text="briefing")), user="UKIM", channel="C1", response_url="")
    last = await t2.slash(request, thread.services)
    texts_shown = [*(call["text"] for call in thread.slack.called("chat.postEphemeral")), words(last)]

    assert [text.partition(",")[0] for text in texts_shown] == ["Briefing of Friday"] * 5
    assert "part 5" in words(last) and "more parts; a briefing in a channel" in words(last)


async def test_set_asked_and_ended(thread: Thread) -> None:
    """The answer says what will happen, and when first."""
    answer = words(await typed(thread, "briefing at 09:00 Europe/Berlin weekdays"))
    assert "`09:00 Europe/Berlin weekdays`. <@UKIM> set it. The next one comes <!date^1795420800^" in answer
    assert "`/t2 briefing off`" in answer
    assert "<@UKIM> set it" in words(await typed(thread, "briefing when"))

    assert "no briefing any more" in words(await typed(thread, "briefing off"))
    assert "has no briefing" in words(await typed(thread, "briefing When?"))


async def test_what_is_not_understood_has_an_example(thread: Thread) -> None:
    """The nearest word, too."""
    with pytest.raises(NotASchedule, match=r"Did you mean Europe/Berlin\?"):
        await typed(thread, "briefing at 09:00 Europe/Berln")
    with pytest.raises(BadInput, match="Did you mean `/t2 briefing`"):
        await typed(thread, "brifing")


async def test_buttons(thread: Thread) -> None:
    """Read once is counted silently, read again is told; join joins."""
    await typed(thread, "briefing at 09:30 UTC daily")
    thread.world.clock.advance(1200)
    await thread.world.briefings.send_due()

    def press(value: str, user: str = "UJO") -> Any:
        return replace(read(payloads.press("briefing_read", value)), user=user)

    assert await briefing.read_button(press("1"), thread.services) is None
    assert await briefing.read_button(press("1"), thread.services) == "Read by <@UJO>."
    assert await briefing.join_button(press("1 1"), thread.services) is None
    await thread.world.investigations.release(1, by="UKIM")
    assert await briefing.claim_button(press("1 1"), thread.services) is None

    investigation = thread.world.investigations.get(1)
    assert (investigation.owner, investigation.helpers) == ("UJO", ("UJO",))
