"""Socket Mode against servers that behave badly."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult

from bot.slack.client import SlackClient
from bot.slack.login import CannotLogIn, SlackUnreachable, check_app_token, who_am_i
from bot.slack.socket import SdkLog, SocketMode
from bot.tasks import Tasks
from tests.eventually import eventually
from tests.slack import payloads
from tests.slack.socket_server import SocketServer


@dataclass
class Bot:
    """A bot that only acknowledges."""

    server: SocketServer
    url: str
    client: SlackClient
    tasks: Tasks

    def connection(self) -> SocketMode:
        app = AsyncApp(
            name="test", client=self.client.web, authorize=_authorize, signing_secret="", process_before_response=True
        )
        app.command("/investigate")(_acknowledge)
        return SocketMode(app=app, app_token="xapp-1", api_url=self.url, connections=2, tasks=self.tasks)


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    server = SocketServer()
    url = await server.start()
    bot = Bot(server, url, SlackClient(token="xoxb-1", api_url=url), Tasks())
    yield bot
    await bot.tasks.drain(deadline_s=0)
    await bot.client.close()
    await server.stop()


@pytest.fixture
async def connected(bot: Bot) -> AsyncIterator[SocketMode]:
    connection = bot.connection()
    await connection.connect()
    await eventually(lambda: len(bot.server.open) == 2)
    yield connection
    await connection.close()


async def test_envelopes_are_acknowledged(bot: Bot, connected: SocketMode) -> None:
    """Each by its own id."""
    await bot.server.send("e1", payloads.command())
    await eventually(lambda: bot.server.acks == ["e1"])

    assert await connected.connected()


@pytest.mark.parametrize(
    "body",
    [
        payloads.TEAM | {"type": "block_suggestion", "action_id": "a", "value": "x", "user": {"id": "UKIM"}},
        payloads.TEAM | {"type": "brand_new", "user": {"id": "UKIM"}},
        payloads.press() | {"actions": []},
        payloads.TEAM | {"type": "event_callback", "event": ["no", "object"]},
        {},
    ],
    ids=["suggestion", "new kind", "no action", "no object", "nothing"],
)
async def test_what_nobody_understands_is_acknowledged(bot: Bot, connected: SocketMode, body: payloads.Json) -> None:
    """Slack would send it three more times, or show the person that the app did not answer."""
    await bot.server.send("e1", body)
    await eventually(lambda: bot.server.acks == ["e1"])


async def test_dead_ticket_is_replaced(bot: Bot) -> None:
    """The SDK would try the dead address for ever; the watch makes it ask for a new one."""
    bot.server.dead = 1
    connection = bot.connection()
    await connection.connect()
    await eventually(lambda: bot.server.open, within_s=15)

    assert bot.server.tickets >= 2
    assert await connection.connected()
    await connection.close()


async def test_other_connection_bridges_the_gap(bot: Bot, connected: SocketMode) -> None:
    """When Slack asks one connection to come again, what is sent meanwhile goes to the other one.

    Also where it asks before anybody knows whether it takes two.
    """
    asked = bot.server.open[0]
    await bot.server.disconnect()
    await eventually(lambda: asked not in bot.server.open)
    await bot.server.send("gap", payloads.command())
    await eventually(lambda: "gap" in bot.server.acks)
    await eventually(lambda: len(bot.server.open) == 2)
    await bot.tasks.idle()

    assert (bot.server.opened, len(connected._handlers)) == (3, 2)


async def test_server_with_one_connection_at_a_time_is_no_tug_of_war(bot: Bot) -> None:
    """Each new connection closes the older one: the bot goes on with the newer at once, and it works."""
    bot.server.single = True
    connection = bot.connection()
    await connection.connect()
    await eventually(lambda: len(connection._handlers) == 1, within_s=20)
    await bot.tasks.idle()
    await eventually(lambda: len(bot.server.open) == 1)
    await bot.server.send("e1", payloads.command())
    await eventually(lambda: "e1" in bot.server.acks)

    assert bot.server.opened == 2
    assert await connection.connected()
    await connection.close()


async def test_wrong_app_token_is_said_at_once(bot: Bot) -> None:
    """The SDK would try for ever without a word."""
    with pytest.raises(CannotLogIn, match="SLACK_APP_TOKEN") as caught:
        await check_app_token(bot.client, "xapp-wrong")

    assert caught.value.variable == "SLACK_APP_TOKEN"
    await check_app_token(bot.client, "xapp-1")


async def test_slack_that_is_not_there_is_no_wrong_token(bot: Bot) -> None:
    """Starting later may work, and the sentence names the address."""
    await bot.server.stop()
    with pytest.raises(SlackUnreachable, match=r"127\.0\.0\.1"):
        await check_app_token(bot.client, "xapp-1")
    with pytest.raises(SlackUnreachable):
        await who_am_i(bot.client, "xoxb-1")


async def test_an_outage_is_told_without_tracebacks(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """The SDK logs one each time that it tries, which is every few seconds."""
    connection = bot.connection()
    await bot.server.stop()
    asked = asyncio.create_task(connection.connect())

    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "bot.slack.socket"]

    await eventually(told)
    await connection.close()
    await asked

    assert all(line.startswith("Slack is away: Failed to ") for line in told())
    assert not [record for record in caplog.records if record.exc_info]


def test_an_outage_is_a_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """Not one each time; what is no outage stays, with its traceback."""
    log = SdkLog()
    for _ in range(100):
        log.error("Failed to retrieve WSS URL: timed out")
    try:
        raise LookupError
    except LookupError:
        log.exception("Failed to run a request listener")

    first, second = caplog.records
    assert first.getMessage() == "Slack is away: Failed to retrieve WSS URL: timed out"
    assert second.exc_info
