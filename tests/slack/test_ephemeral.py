"""Answers that only one person sees: they survive limits, and one person's flood costs nobody else's."""

import asyncio
from typing import Any

import pytest

from bot.messages.model import Content
from bot.slack.answers import SlackBusy, SlackError
from bot.slack.ephemeral import PER_MIN, EphemeralMessages, Reader
from tests.fake_web_api import FakeWebApi

URL = "https://hooks.slack.com/x"


async def _turn_of_the_loop() -> None:
    passed = asyncio.Event()
    asyncio.get_running_loop().call_soon(passed.set)
    await passed.wait()


class Slow:
    """Time that passes only while somebody pauses; `waited` are the pauses."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.waited: list[float] = []

    def seconds(self) -> float:
        return self.now_s

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        until_s = self.now_s + seconds
        await _turn_of_the_loop()
        self.now_s = max(self.now_s, until_s)


class Wire(FakeWebApi):
    """Answers a moment later, as over a wire."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        await _turn_of_the_loop()
        return await super().call(method, **arguments)


@pytest.fixture
def slack() -> FakeWebApi:
    return Wire()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def whispers(slack: FakeWebApi, slow: Slow) -> EphemeralMessages:
    trusted = ("https://hooks.slack.com/",)
    return EphemeralMessages(client=slack, trusted_urls=trusted, seconds=slow.seconds, pause=slow.pause)


def _busy(method: str, seconds: float | None) -> SlackBusy:
    return SlackBusy("ratelimited", method=method, retry=True, retry_after_s=seconds)


async def test_another_way_is_taken_at_once(whispers: EphemeralMessages, slack: FakeWebApi, slow: Slow) -> None:
    """A limit of one is none of another."""
    slack.fail("chat.postEphemeral", _busy("chat.postEphemeral", 40))
    await whispers.tell(Reader("UKIM", "C1"), Content("hello"))

    assert (slack.texts("UKIM"), slow.waited) == (["hello"], [])


async def test_the_shortest_limit_is_waited_for(whispers: EphemeralMessages, slack: FakeWebApi, slow: Slow) -> None:
    """As long as Slack says, and told once."""
    slack.fail("chat.postEphemeral", _busy("chat.postEphemeral", 40))
    slack.fail("chat.postMessage", _busy("chat.postMessage", 15))
    await whispers.tell(Reader("UKIM", "C1"), Content("hello"))

    assert slow.waited == [15]
    assert slack.texts("UKIM") == ["hello"] and len(slack.called("chat.postEphemeral")) == 1


async def test_what_is_refused_for_good_is_not_waited_for(
    whispers: EphemeralMessages, slack: FakeWebApi, slow: Slow
) -> None:
    """Nothing reaches this person, now or later."""
    for method in ("chat.postEphemeral", "chat.postMessage"):
        slack.fail(method, SlackError("channel_not_found", method=method))
    await whispers.tell(Reader("UKIM", "C1"), Content("hello"))

    assert slow.waited == []


@pytest.mark.parametrize("retry_after", [0.0, None, 1.0])
async def test_a_limit_without_a_time_is_no_storm(
    whispers: EphemeralMessages, slack: FakeWebApi, slow: Slow, retry_after: float | None
) -> None:
    """A second between tries, and the end after three minutes."""
    for _ in range(1000):
        slack.fail("chat.postMessage", _busy("chat.postMessage", retry_after))
    await whispers.tell(Reader("UKIM", "D1"), Content("hello"))

    assert 100 <= len(slack.called("chat.postMessage")) <= 181


async def test_a_flood_waits_by_itself(whispers: EphemeralMessages, slack: FakeWebApi, slow: Slow) -> None:
    """A guest's hundred and fifty answers; a colleague's goes between them."""
    guest = [asyncio.create_task(whispers.tell(Reader("UGUEST", "C1"), Content("no"))) for _ in range(150)]
    await _turn_of_the_loop()
    await whispers.tell(Reader("UKIM", "C1"), Content("hello"))
    before = len(slack.called("chat.postEphemeral"))
    await asyncio.gather(*guest)

    assert before <= 3 and slack.called("chat.postEphemeral")[before - 1]["user"] == "UKIM"
    assert len(slack.called("chat.postEphemeral")) <= 1 + 4 * PER_MIN
    assert slow.now_s >= 60


async def test_nothing_is_kept_of_whoever_is_answered(whispers: EphemeralMessages) -> None:
    """A year of people is no memory leak."""
    for number in range(50):
        await whispers.tell(Reader(f"U{number}", "C1"), Content("hello"))

    assert len(whispers._turns) == 0
