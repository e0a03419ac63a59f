"""Everything of one run of the sandbox, put together, announced, and taken down again."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from bot.sandbox.child import BotProcess, child_environment
from bot.sandbox.free_port import free_port
from bot.sandbox.globalping.server import GlobalpingSandbox
from bot.sandbox.lab import Lab, LabFailed
from bot.sandbox.mail.box import Box
from bot.sandbox.mail.page import routes as mail_routes
from bot.sandbox.mail.server import MailServer
from bot.sandbox.options import PORT, Options
from bot.sandbox.other_systems import Outside, tracker_environment
from bot.sandbox.page import PAGE
from bot.sandbox.phone import PATH as PHONE_PATH
from bot.sandbox.phone import SECRET as PHONE_SECRET
from bot.sandbox.phone import Phone
from bot.sandbox.site import Site
from bot.sandbox.slack.seeds import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET
from bot.sandbox.stripe.server import TEST_KEY, StripeSandbox
from bot.sandbox.targets.places import TargetAddresses, records
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.targets.settings_file import FAST, PHONE_VARIABLE, settings_text
from bot.sandbox.world.clock import WorldClock
from bot.sandbox.world.customers import Customers
from bot.sandbox.world.development import Development
from bot.sandbox.world.gateways import Gateways
from bot.sandbox.world.menu import Floor, World
from bot.sandbox.world.routes import routes as world_routes
from bot.sandbox.zendesk.replay import keep_writing
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.seeds import RISE_TICKETS, coming, morning
from bot.sandbox.zendesk.server import ZendeskSandbox

FAST_SPEED = 10.0
FAST_START = 8
"""So many tickets of the rise are there when the fast morning begins: people see it grow."""
CONNECT_S = 15.0
SIGNING_SECRET = "sandbox-signing-secret"
LINK_SECRET = "sandbox-links-secret-sandbox-links-secret"


class PortTaken(Exception):
    """No port could be had; the text says which and why."""


class Stage:
    """One run. `slack` is the Slack sandbox's application, `command` starts the bot, `say` prints a line for people.

    `build_lab` makes a gateway behind real routers where it may; see bot.sandbox.lab.
    """

    def __init__(
        self,
        *,
        options: Options,
        slack: web.Application,
        command: Sequence[str],
        say: Callable[[str], None],
        build_lab: Callable[[], Lab | None],
        clock: WorldClock,
        floor: Floor,
    ) -> None:
        self._options = options
        self._clock = clock
        self._floor = floor
        self._gateways: Gateways | None = None
        self._build_lab = build_lab
        self._slack = slack
        self._command = command
        self._say = say
        self._stack = contextlib.AsyncExitStack()
        self._bot: BotProcess | None = None
        self._globalping: GlobalpingSandbox | None = None
        self._started_with: Mapping[str, str] = {}
        self._hooks_port = free_port()
        self._mail_port = 0

    def hurry(self) -> None:
        """End now, even if the bot has not finished."""
        if self._bot is not None:
            self._bot.kill()

    async def run(self, stop: asyncio.Event) -> int:
        """Serve until `stop` is set, or until the bot turns out to be of no use; gives the exit status."""
        async with self._stack:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="secondline-sandbox-")))
            try:
                addresses, site, port = await self._serve()
            except PortTaken as taken:
                self._say(str(taken))
                return 1
            environment = self._environment(port, folder, addresses, await self._lossy())
            if not self._options.with_bot:
                return await self._without_bot(environment, port, stop)
            log_file = None if self._options.show_log else folder / "bot.log"
            self._started_with = child_environment(os.environ, environment)
            bot = self._bot = BotProcess(
                command=self._command,
                environment=self._started_with,
                log_file=log_file,
                connected=site.bot_connected,
                say=self._say,
            )
            greeting = [*_missing(addresses), _url_line(port), *_hints(log_file)]
            return await self._with_bot(bot, site, greeting, stop)

    async def _follow(self) -> bool:
        """Start the bot again at the world's time; whether it is back."""
        if self._bot is None:
            return False
        return await self._bot.start_again({**self._started_with, **self._clock.environment()})

    async def _serve(self) -> tuple[TargetAddresses, Site, int]:
        """Start targets, desk and web server; raises PortTaken."""
        targets = TargetsSandbox(clock=self._clock)
        addresses = await targets.start()
        self._stack.push_async_callback(targets.close)
        fast = self._options.fast
        rise = FAST_START if fast else RISE_TICKETS
        seed = morning(rise_so_far=rise, index_lag_s=3.0 if fast else 60.0, now=self._clock())
        zendesk = ZendeskSandbox(clock=self._clock, seed=seed)
        globalping = self._globalping = GlobalpingSandbox(clock=self._clock, records=records(addresses.gateways))
        site = Site(
            page=PAGE,
            slack=self._slack,
            zendesk=zendesk.routes(),
            globalping=globalping.routes(),
            targets=targets.routes(),
        )
        site.app.add_subapp("/stripe", StripeSandbox().routes())
        site.app.add_subapp(PHONE_PATH, Phone(now=self._clock).routes())
        box = Box(clock=self._clock)
        site.app.add_subapp("/mail", mail_routes(box))
        mail = MailServer(box=box)
        self._mail_port = await mail.start()
        self._stack.push_async_callback(mail.close)
        outside = Outside(clock=self._clock)
        outside.mount(site.app)
        gateways = self._gateways = Gateways(
            targets=targets,
            landscape=globalping.landscape,
            alertmanager=outside.alertmanager,
            statuspage=outside.statuspage,
        )
        world = World(
            clock=self._clock,
            development=Development(github=outside.github, jira=outside.jira),
            gateways=gateways,
            customers=Customers(zendesk=zendesk, clock=self._clock),
            box=box,
            floor=self._floor,
            follow=self._follow if self._options.with_bot else None,
        )
        site.app.add_subapp("/world", world_routes(world))
        port = await self._listen(site.app)
        outside.send_webhooks_to(f"http://127.0.0.1:{self._hooks_port}")
        speed = FAST_SPEED if fast else 1.0
        writing = asyncio.create_task(keep_writing(zendesk.desk, coming(rise_so_far=rise), speed=speed))
        self._stack.callback(writing.cancel)
        return addresses, site, port

    async def _listen(self, app: web.Application) -> int:
        """Listen on the port that was asked for, else on the usual one, else on any; gives the port."""
        # A page that stays open holds a WebSocket; nobody wants to wait for it after Ctrl-C.
        runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        asked = self._options.port
        for port in (PORT, 0) if asked is None else (asked,):
            try:
                await web.TCPSite(runner, self._options.host, port).start()
            except OSError as error:
                reason = os.strerror(error.errno) if error.errno else str(error)
                failure = f"Port {port} of {self._options.host} can't be used: {reason}."
                if asked is None and port:
                    self._say(f"{failure} Another one is taken.")
            else:
                return int(runner.addresses[0][1])
        raise PortTaken(f"{failure} Choose another with --port, or leave it out.")

    async def _lossy(self) -> str:
        """The address of a gateway behind routers that lose packets; "" where there can't be one."""
        if not self._options.with_routers:
            return ""
        try:
            lab = await asyncio.to_thread(self._build_lab)
        except LabFailed as failure:
            self._say(f"No routers that lose packets here: {failure}. Everything else is as it should be.")
            return ""
        if lab is None:
            return ""
        self._stack.push_async_callback(asyncio.to_thread, lab.close)
        if self._globalping is not None:
            self._globalping.landscape.add_losing("us-east", lab.address)
        if self._gateways is not None:
            self._gateways.lab = lab
        return lab.address

    def _environment(self, port: int, folder: Path, addresses: TargetAddresses, lossy: str) -> Mapping[str, str]:
        """What makes a bot use this sandbox; writes its secondline.toml into `folder`."""
        config = folder / "secondline.toml"
        pace = FAST if self._options.fast else None
        origin, desk = f"http://127.0.0.1:{port}", Seed()
        text = settings_text(
            addresses,
            pace=pace,
            lossy=lossy,
            outside=origin,
            hooks_port=self._hooks_port,
            phone=True,
            mail_port=self._mail_port,
            trends="on",
        )
        config.write_text(text, encoding="utf-8")
        return {
            "SLACK_API_URL": f"{origin}/slack/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "ZENDESK_URL": f"{origin}/zendesk",
            "ZENDESK_CLIENT_ID": desk.client_id,
            "ZENDESK_CLIENT_SECRET": desk.client_secret,
            "GLOBALPING_URL": f"{origin}/globalping",
            **({"WIREGUARD_PRIVATE_KEY": addresses.vpn.bot_key} if addresses.vpn else {}),
            "STRIPE_API_URL": f"{origin}/stripe",
            "STRIPE_TEST_KEY": TEST_KEY,
            **tracker_environment(origin),
            PHONE_VARIABLE: f"{origin}{PHONE_PATH}",
            f"{PHONE_VARIABLE}_SECRET": PHONE_SECRET,
            "SECONDLINE_LINK_SECRET": LINK_SECRET,
            "SLACK_LOGIN_CLIENT_ID": CLIENT_ID,
            "SLACK_LOGIN_CLIENT_SECRET": CLIENT_SECRET,
            "SECONDLINE_CONFIG": str(config),
            "SECONDLINE_DB": self._options.database or str(folder / "secondline.db"),
        }

    async def _with_bot(self, bot: BotProcess, site: Site, greeting: Sequence[str], stop: asyncio.Event) -> int:
        running = asyncio.create_task(bot.keep_running())
        stopped = asyncio.create_task(stop.wait())
        try:
            await self._until_connected(site, running, stopped)
            if not (running.done() or stopped.done()):
                for line in greeting:
                    self._say(line)
            await asyncio.wait([running, stopped], return_when=asyncio.FIRST_COMPLETED)
            return running.result() if running.done() else 0
        finally:
            bot.stop()
            stopped.cancel()
            await running

    async def _until_connected(self, site: Site, running: asyncio.Task[int], stopped: asyncio.Task[bool]) -> None:
        loop = asyncio.get_running_loop()
        patience_ends = loop.time() + CONNECT_S
        while not (site.bot_connected() or running.done() or stopped.done()):
            if loop.time() > patience_ends:
                self._say(f"The bot has not connected within {CONNECT_S:g} s. The page works, and it may still come.")
                return
            await asyncio.wait([running, stopped], timeout=0.05, return_when=asyncio.FIRST_COMPLETED)

    async def _without_bot(self, environment: Mapping[str, str], port: int, stop: asyncio.Event) -> int:
        self._say("Start a bot in another terminal with this environment:")
        for name, value in environment.items():
            self._say(f"  export {name}={value}")
        self._say(f"  {sys.executable} -m bot run")
        self._say(_url_line(port))
        await stop.wait()
        return 0


def _url_line(port: int) -> str:
    return f"Open http://127.0.0.1:{port}/"


def _hints(log_file: Path | None) -> list[str]:
    return [
        "  You are Kim of T2 Tech. In #t2-tech press Investigate on what it says by itself, or type:  "
        "/investigate us-east packet loss",
        "  Then press the buttons on the card, or say in its thread:  @secondline probe mtr from Brisbane, New York",
        "  The bot's Home, under Apps, says what waits for you. It leads to the pages: board, known issues, numbers.",
        f"  Ctrl-C ends everything.{f' What the bot logs is in {log_file}' if log_file else ''}",
    ]


def _missing(addresses: TargetAddresses) -> list[str]:
    missing = [gateway.address for gateway in addresses.gateways if not gateway.present]
    if not missing:
        return []
    return [f"This machine has no {missing[0]}, so pings of gateways stay unanswered (Linux has all of 127.0.0.0/8)."]
