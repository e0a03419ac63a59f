"""Everything that Web API methods and people work on, put together once."""

from bot.clock import Clock
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.httpmode import HttpDelivery
from bot.sandbox.slack.interactions import Interactions
from bot.sandbox.slack.marks import Marks
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.ratelimits import RateLimits
from bot.sandbox.slack.respond import Responses
from bot.sandbox.slack.seeds import WorkspaceSeed
from bot.sandbox.slack.socketmode import SocketMode
from bot.sandbox.slack.transport import Transport
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import Workspace


class Site:
    """The parts of one sandbox. `base_url` is where the app reached it last: response_urls start with it."""

    def __init__(self, *, clock: Clock, seed: WorkspaceSeed) -> None:
        self.base_url = ""
        self.faults = Faults()
        self.workspace = Workspace(clock=clock, seed=seed)
        self.messages = Messages(workspace=self.workspace)
        self.messages.seed(seed.messages)
        self.marks = Marks(workspace=self.workspace, messages=self.messages)
        self.rates = RateLimits(clock=clock)
        self.files = Files(workspace=self.workspace, messages=self.messages, timing=seed.timing)
        self.triggers = Triggers(clock=clock)
        self.views = Views(workspace=self.workspace)
        self.socket = SocketMode(
            app_id=seed.app_id,
            enabled=self.workspace.manifest.socket_mode and seed.http is None,
            timing=seed.timing,
            on_change=lambda connected: self.workspace.note({"type": "bot", "connected": connected}),
        )
        self.http = HttpDelivery(clock=clock, mode=seed.http, timing=seed.timing) if seed.http else None
        self.transport: Transport = self.http or self.socket
        self.events = Events(workspace=self.workspace, transport=self.transport, faults=self.faults, timing=seed.timing)
        self.responses = Responses(workspace=self.workspace, messages=self.messages, rates=self.rates)
        payloads = Payloads(
            workspace=self.workspace,
            messages=self.messages,
            views=self.views,
            triggers=self.triggers,
            responses=self.responses,
            base_url=lambda: self.base_url,
        )
        self.interactions = Interactions(
            workspace=self.workspace,
            transport=self.transport,
            payloads=payloads,
            responses=self.responses,
            views=self.views,
            faults=self.faults,
        )

    async def close(self) -> None:
        await self.events.close()
        await self.files.close()
        await self.transport.close()
