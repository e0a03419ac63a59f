"""The stage of a story: a Slack, a Zendesk and targets on loopback, people, and the bot as a process of its own."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.globalping.server import GlobalpingSandbox
from bot.sandbox.manifest_file import read_manifest
from bot.sandbox.other_systems import Outside, tracker_environment
from bot.sandbox.slack.seeds import APP_TOKEN, BOT_TOKEN, HttpMode, Timing, harbor_seed
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.stripe.server import TEST_KEY, StripeSandbox
from bot.sandbox.targets.places import TargetAddresses, records
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.targets.settings_file import Pace, settings_text
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.seeds import morning
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.stories.bot_process import Bot, Launch, launch
from tests.stories.chat import WITHIN_S, Person
from tests.stories.own_clock import OwnClock
from tests.stories.waiting import Bell

BRISK = Pace(refresh_s=60, mtr_cycles=2, interval_s=0.1, ping_count=2)
SECRET = "story-signing-secret"
ORIGIN = "http://story.invalid"
"""Stands in the settings for the address of the town, which nobody knows before it listens."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot. `name` is a Web API method, "upload", "respond" or "GET /api/v2/…" of Zendesk."""

    name: str
    body: str


class Watch:
    """Sees each request of the bot before and after it is worked on; True breaks the connection."""

    def before(self, call: Call) -> bool:
        return False

    def after(self, call: Call) -> bool:
        return False


class Town:
    """Everything of one story. People are kim, jo, ana, tom, lena and raj."""

    def __init__(
        self,
        *,
        slack: SlackSandbox,
        zendesk: ZendeskSandbox,
        globalping: GlobalpingSandbox,
        targets: TargetsSandbox,
        folder: Path,
        clock: OwnClock,
        outside: Outside | None = None,
    ) -> None:
        self.slack = slack
        self.zendesk = zendesk
        self.globalping = globalping
        self.stripe = StripeSandbox()
        self.targets = targets
        self.outside = outside
        self.folder = folder
        self.bell = Bell()
        self.watch = Watch()
        self.calls: list[Call] = []
        self.bot = Bot(environment={}, log=folder / "bot.log")
        self.port = 0
        self.clock = clock
        slack.site.workspace.on_note(self.bell.ring)
        self.kim, self.jo, self.ana, self.tom, self.lena, self.raj = (
            Person(user, slack=slack, bell=self.bell) for user in ("U0KIM", "U0JO", "U0ANA", "U0TOM", "U0LENA", "U0RAJ")
        )

    async def serve(self, settings: str) -> web.AppRunner:
        """Listen on a free port, write the settings, know the bot's environment."""
        app = web.Application(middlewares=[self._watched], client_max_size=64 * 1024 * 1024)
        app.add_subapp("/slack", self.slack.routes())
        app.add_subapp("/zendesk", self.zendesk.routes())
        app.add_subapp("/globalping", self.globalping.routes())
        app.add_subapp("/stripe", self.stripe.routes())
        if self.outside:
            self.outside.mount(app)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = int(runner.addresses[0][1])
        written = settings.replace(ORIGIN, f"http://127.0.0.1:{self.port}")
        (self.folder / "secondline.toml").write_text(written, encoding="utf-8")
        self.bot.environment.update(self._environment())
        return runner

    def _environment(self) -> dict[str, str]:
        origin, desk = f"http://127.0.0.1:{self.port}", Seed()
        return {
            "SLACK_API_URL": f"{origin}/slack/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "ZENDESK_URL": f"{origin}/zendesk",
            "ZENDESK_CLIENT_ID": desk.client_id,
            "ZENDESK_CLIENT_SECRET": desk.client_secret,
            "GLOBALPING_URL": f"{origin}/globalping",
            "STRIPE_API_URL": f"{origin}/stripe",
            "STRIPE_TEST_KEY": TEST_KEY,
            "SECONDLINE_CONFIG": str(self.folder / "secondline.toml"),
            "SECONDLINE_DB": str(self.folder / "secondline.db"),
            **self.clock.environment(),
            **(tracker_environment(origin) if self.outside else {}),
        }

    async def bot_starts(self) -> float:
        """Start the bot and wait until it is connected; seconds that it took."""
        began = self.now_s()
        await self.bot.start()
        await self.until(lambda: self.bot_connected, "the bot to connect")
        return self.now_s() - began

    async def let_pass(self, span: timedelta, *, start: bool = True) -> None:
        """The bot is killed, and started when it is so much later for all of the town."""
        await self.bot.kill()
        self.clock.let_pass(span)
        if start:
            await self.bot_starts()

    def now_s(self) -> float:
        """Only differences mean something."""
        return asyncio.get_running_loop().time()

    @property
    def bot_connected(self) -> bool:
        return self.bot.running and self.slack.site.transport.connected

    async def until(self, check: Callable[[], Any], what: str, *, within_s: float = WITHIN_S) -> Any:
        return await self.bell.until(check, within_s=within_s, missed=lambda: what)

    async def moment(self) -> None:
        """A second in which nothing is waited for: whoever asks again and again must not be a storm."""
        await self.moment_of(1.0)

    async def moment_of(self, seconds: float) -> None:
        with contextlib.suppress(AssertionError):
            await self.until(lambda: False, "", within_s=seconds)

    def ticket(self, number: int) -> Any:
        """A ticket as Zendesk has it now."""
        return self.zendesk.desk.ticket(number)

    def tagged(self, tag: str) -> list[int]:
        """The numbers of the tickets that carry a tag."""
        return sorted(each.id for each in self.zendesk.desk if tag in each.tags)

    def bot_wrote(self, where: str) -> list[str]:
        """What the bot said in a channel and its threads, as Slack stores it."""
        channel = self.slack.site.workspace.channel_for(where, "U0KIM")
        return [each.text for each in channel.messages.values() if each.by_app]

    @web.middleware
    async def _watched(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await handler(request)
        call = Call(_name(request), (await request.read()).decode("utf-8", "replace"))
        self.calls.append(call)
        try:
            if self.watch.before(call):
                return _broken(request)
            response = await handler(request)
            return _broken(request) if self.watch.after(call) else response
        finally:
            self.bell.ring()


@contextlib.asynccontextmanager
async def open_town(
    *,
    pace: Pace = BRISK,
    seed: Seed | None = None,
    timing: Timing | None = None,
    http: HttpMode | None = None,
    start: bool = True,
    settings: Mapping[str, str] | None = None,
    launch: Launch = launch,
    outside: bool = False,
    at: datetime | None = None,
    trends: str = "off",
) -> AsyncIterator[Town]:
    """A town with the bot connected, unless `start` is False. A failing story shows the bot's last words.

    `settings` replaces lines of secondline.toml by others. `outside` adds trackers and sources of status. It begins
    `at` a moment, else now; a bot that was forked goes by the town's clock. `trends` is whether the bot
    speaks up by itself about what it reads in the desk, which other stories could not do with.
    """
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="secondline-story-")))
        clock = OwnClock(folder / "clock")
        stack.callback(clock.close)
        if at:
            clock.is_set(at)
        targets = TargetsSandbox(clock=clock)
        addresses = await targets.start()
        stack.push_async_callback(targets.close)
        slack = SlackSandbox(clock=clock, seed=harbor_seed(read_manifest(), http=http, timing=timing))
        zendesk = ZendeskSandbox(clock=clock, seed=seed or morning(index_lag_s=0.0))
        globalping = GlobalpingSandbox(clock=clock, records=records(addresses.gateways), speed=4.0)
        around = Outside(clock=clock) if outside else None
        found = Town(
            slack=slack,
            zendesk=zendesk,
            globalping=globalping,
            targets=targets,
            folder=folder,
            outside=around,
            clock=clock,
        )
        found.bot.launch = launch
        runner = await found.serve(_settings(addresses, pace, settings or {}, ORIGIN if outside else "", trends))
        if addresses.vpn:
            found.bot.environment["WIREGUARD_PRIVATE_KEY"] = addresses.vpn.bot_key
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(found.bot.close)
        try:
            if start:
                await found.bot_starts()
            yield found
        except BaseException as error:
            error.add_note(f"The bot's last words:\n{found.bot.last_words()}")
            raise


OpenTown = Callable[..., contextlib.AbstractAsyncContextManager[Town]]


def _settings(addresses: TargetAddresses, pace: Pace, changes: Mapping[str, str], outside: str, trends: str) -> str:
    text = settings_text(addresses, pace=pace, outside=outside, trends=trends)
    for line, instead in changes.items():
        assert line in text, f"secondline.toml has no {line!r}"
        text = text.replace(line, instead)
    return text


def _name(request: web.Request) -> str:
    path = request.path
    if path.startswith("/slack/api/"):
        return path.removeprefix("/slack/api/")
    if path.startswith("/zendesk"):
        return f"{request.method} {path.removeprefix('/zendesk').removesuffix('.json')}"
    if path.startswith(("/github", "/jira", "/statuspage", "/alertmanager")):
        return f"{request.method} {path}"
    return path.removeprefix("/slack/").split("/")[0]


def _broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
