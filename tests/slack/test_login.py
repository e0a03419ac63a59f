"""Who the tokens are, asked at start: a wrong one is named, and a Slack that is away is waited for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.slack.client import SlackClient
from bot.slack.login import APP_TOKEN_WORDS, BotIdentity, CannotLogIn, SlackUnreachable, logged_in

WELL = {"auth.test": {"ok": True, "user": "watchdog", "user_id": "UBOT"}, "apps.connections.open": {"ok": True}}


@dataclass
class Door:
    """A Web API that fails as it is told to before it answers."""

    client: SlackClient
    answers: dict[str, Any] = field(default_factory=lambda: dict(WELL))
    failures: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.asked.append(method)
        if self.failures:
            return web.Response(status=self.failures.pop(0), headers={"Retry-After": "0"})
        return web.json_response(self.answers[method])

    async def enter(self, app_token: str = "xapp-1", **more: float) -> BotIdentity:
        return await logged_in(self.client, bot_token="xoxb-1", app_token=app_token, pause_s=0.001, **more)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    app = web.Application()
    runner = web.AppRunner(app)
    door: list[Door] = []

    async def answer(request: web.Request) -> web.Response:
        return await door[0].answer(request)

    app.router.add_route("*", "/api/{method}", answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = SlackClient(token="xoxb-1", api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
    door.append(Door(client))
    yield door[0]
    await client.close()
    await runner.cleanup()


async def test_the_bot_s_own_name(door: Door) -> None:
    """As the workspace calls it."""
    assert (await door.enter()).name == "watchdog"


@pytest.mark.parametrize("code", APP_TOKEN_WORDS)
async def test_wrong_app_token_is_named(door: Door, code: str) -> None:
    """And the bot token, which is right, is not."""
    door.answers["apps.connections.open"] = {"ok": False, "error": code}
    with pytest.raises(CannotLogIn) as caught:
        await door.enter()

    assert caught.value.variable == "SLACK_APP_TOKEN"
    assert "SLACK_APP_TOKEN" in caught.value.sentence and "bot token" not in caught.value.sentence
    assert "SLACK_BOT_TOKEN" not in caught.value.sentence


async def test_wrong_bot_token_is_named(door: Door) -> None:
    """Before the other one is looked at."""
    door.answers["auth.test"] = {"ok": False, "error": "invalid_auth"}
    with pytest.raises(CannotLogIn, match="SLACK_BOT_TOKEN"):
        await door.enter()

    assert door.asked == ["auth.test"]


async def test_slack_that_is_away_is_waited_for(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Errors of the server and rate limits, at both questions; each wait is a line in the log."""
    door.failures = [503, 500, 429]
    assert (await door.enter()).user == "UBOT"
    door.failures = [502]
    assert (await door.enter("")).user == "UBOT"

    assert sum("Trying again in" in line for line in caplog.text.splitlines()) == 4


async def test_a_limit_is_no_trouble_of_the_network(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody should look for a broken cable where the bot was started too often."""
    door.failures = [429]
    await door.enter()

    assert "Slack limits how often the bot may start" in caplog.text
    assert "network" not in caplog.text


async def test_patience_ends(door: Door) -> None:
    """Whoever starts the bot decides then."""
    door.failures = [503] * 100
    with pytest.raises(SlackUnreachable, match="does not answer at"):
        await door.enter(patience_s=0.05)


async def test_wrong_token_is_no_reason_to_wait(door: Door) -> None:
    """It will be wrong in a minute too."""
    door.failures = [503]
    door.answers["auth.test"] = {"ok": False, "error": "account_inactive"}
    with pytest.raises(CannotLogIn):
        await door.enter()

    assert len(door.asked) == 2
