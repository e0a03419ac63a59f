"""The bot in this process: Bolt, the listener, the services of a World and the outbox, on a Slack in memory."""

import asyncio
import logging
from dataclasses import dataclass, field, replace

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.deliveries import Deliveries
from bot.slack.listener import Listener
from bot.slack.outbox import Outbox
from bot.slack.request import Conversation
from bot.slack.sender import Sender
from bot.views import views
from commands import register
from commands.services import Services
from tests.commands.test_mention import Thread
from tests.slack.payloads import Json
from tests.world import World


def bolt_app() -> AsyncApp:
    """Bolt as the bot uses it, without a Slack behind it."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")

    return AsyncApp(
        name="test",  # else Bolt reads the sources of all that is on the stack
        client=AsyncWebClient(token="xoxb-1"),
        authorize=authorize,
        signing_secret="",
        process_before_response=True,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )


def listening(world: World, services: Services, bolt: AsyncApp) -> Listener[Services]:
    """The listener with all that the bot hears, on the tables and tasks of `world`."""
    listener: Listener[Services] = Listener(
        app=bolt,
        services=services,
        deliveries=Deliveries(database=world.database, clock=world.clock),
        tasks=world.tasks,
        conversation=services.conversation,
    )
    register(listener)
    return listener


@dataclass
class InProcessBot:
    """`deliver` takes what Slack sends; `send` lets the outbox send what is owed. Messages are in `slack`."""

    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        thread = Thread(self.world)
        self.slack = thread.slack
        conversation = Conversation(client=self.slack, trusted_urls=(), told=self.world.owed.told)
        self.services = replace(thread.services, conversation=conversation)
        self._bolt = bolt_app()
        self.listener = listening(self.world, self.services, self._bolt)
        self.outbox = Outbox(
            store=self.world.owed,
            sender=Sender(client=self.slack, channel_id=_channel_id, bot_user="UBOT", bot_id="B1"),
            views=views(self.services, 5),
            tasks=self.world.tasks,
            clock=self.world.clock,
            wake=asyncio.Event(),
        )

    async def deliver(self, body: Json) -> int:
        """As Socket Mode does; what it begins runs to its end. Bolt's status."""
        return (await self._answered(body)).status

    async def answer(self, body: Json) -> str:
        """What Slack is answered at once, such as what is wrong with a form."""
        return str((await self._answered(body)).body)

    async def _answered(self, body: Json) -> BoltResponse:
        response = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        await self.world.tasks.idle()
        return response

    async def send(self) -> None:
        """The clock goes on until nothing more is owed."""
        for _ in range(20):
            self.world.clock.advance(3)
            self.outbox.send_due()
            await self.world.tasks.idle()


async def _channel_id(name: str) -> str:
    return name
