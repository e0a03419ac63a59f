"""The `secondline` program: run, sandbox, check, backup, restore, retention, tickets, trends."""

import argparse
import asyncio
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bot import __version__
from bot.app.build import build_app
from bot.app.desk import build_desk
from bot.app.ground import open_database
from bot.app.logs import LogCheck
from bot.app.mail import build_mailer
from bot.app.status import build_watched
from bot.app.trackers import build_trackers
from bot.app.ways import build_apprise, build_webhook
from bot.backup_program import add_backups, backup_part
from bot.check import Beside, CheckedPart, Checkup
from bot.check_ladder import LadderCheck
from bot.clock import Clock, system_clock
from bot.errors import SecondLineError
from bot.export_program import acted, add_exports
from bot.lock import hold
from bot.logs import log_to_stderr
from bot.memory import give_back_freed_memory, keep_all
from bot.probes.icmp.engine import IcmpEngine
from bot.retention_program import add_retention, retention_part
from bot.settings import Settings, load_settings
from bot.slack.client import SlackClient
from bot.tasks import ended_by, unless

logger = logging.getLogger(__name__)

FOR_ITS_OWNER = 0o077
"""Whatever this program and those that it starts write (databases, logs, profiles of a browser) nobody else reads."""


def main(argv: Sequence[str] | None = None, clock: Clock = system_clock) -> int:
    """`secondline run`, `check`, `backup FILE`, `restore FILE`, `tickets read FILE`, `trends replay FILE`, `sandbox …`.

    The bot of a sandbox goes by another clock.
    """
    os.umask(FOR_ITS_OWNER)
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["sandbox"]:
        # By name: nothing that is shipped imports the sandbox.
        return int(importlib.import_module("bot.sandbox.program").main(arguments[1:]))
    return acted(_parser(clock).parse_args(arguments))


def _parser(clock: Clock) -> argparse.ArgumentParser:
    """Each command with its words, and under `act` what it does with them."""
    parser = argparse.ArgumentParser(prog="secondline", description="A Slack chat-ops bot for Tier 2 support teams.")
    parser.add_argument("--version", action="version", version=f"secondline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the bot")
    run.set_defaults(act=lambda _: asyncio.run(_run(_settings(running=True), clock)))

    check = commands.add_parser("check", help="check what the bot needs")
    check.add_argument("--ladder", metavar="NAME", help="go up a ladder, tell nobody, say who can't be reached")
    check.set_defaults(act=lambda words: asyncio.run(_checked(_settings(), clock, words.ladder)))

    add_backups(commands, clock)
    add_exports(commands)
    add_retention(commands, clock)
    commands.add_parser("sandbox", help="try the bot without accounts")  # main has it before
    return parser


def _settings(*, running: bool = False) -> Settings:
    settings = load_settings(os.environ)
    log_to_stderr(settings.log_level if running else "ERROR")
    return settings


async def _checked(settings: Settings, clock: Clock, ladder: str | None) -> int:
    return await (_check_ladder(settings, clock, ladder) if ladder else _check(settings))


async def _run(settings: Settings, clock: Clock) -> int:
    """Run the bot until SIGTERM or Ctrl-C."""
    give_back_freed_memory()
    stop = asyncio.Event()
    with ended_by((signal.SIGTERM, signal.SIGINT), stop.set), await hold(settings.database.path):
        # A Slack that is away, or takes no connection, must not keep a signal waiting.
        app = await unless(stop, build_app(settings, clock))
        if not app:
            return 0
        keep_all()  # before anybody waits for an answer
        await unless(stop, app.start())
        await stop.wait()
        logger.info("stopping")
        await app.stop()
    return 0


async def _check(settings: Settings) -> int:
    client = SlackClient(token=settings.slack.bot_token.get_secret_value(), api_url=settings.slack.api_url)
    icmp, desk = IcmpEngine(), build_desk(settings, system_clock)
    await icmp.open()
    http = aiohttp.ClientSession(trust_env=True)
    watched = build_watched(settings, http, system_clock)
    trackers = build_trackers(settings, http, system_clock)
    mailer = build_mailer(settings, system_clock)
    beside = Beside(desk, watched, trackers, mailer, LogCheck(settings))
    checkup = Checkup(settings, client=client, icmp=icmp, beside=beside)
    try:
        kept = [backup_part(settings, system_clock), retention_part(settings, system_clock)]
        parts = [database_part(settings), *kept, *await checkup.parts()]
    finally:
        await http.close()
        await icmp.close()
        await client.close()
        if desk:
            await desk.close()
    for part in parts:
        print(_line(part))
    return 1 if any(part.needed and not part.ok for part in parts) else 0


async def _check_ladder(settings: Settings, clock: Clock, name: str) -> int:
    client = SlackClient(token=settings.slack.bot_token.get_secret_value(), api_url=settings.slack.api_url)
    async with aiohttp.ClientSession(trust_env=True) as http:
        check = LadderCheck(
            settings,
            client=client,
            mailer=build_mailer(settings, clock),
            apprise=build_apprise(),
            webhook=build_webhook(http, clock),
            clock=clock,
        )
        try:
            lines, fine = await check.lines(name)
        finally:
            await client.close()
    print("\n".join(lines))
    return 0 if fine else 1


def database_part(settings: Settings) -> CheckedPart:
    """Whether the database can be opened, and by whom else."""
    try:
        open_database(settings).close()
    except SecondLineError as error:
        return CheckedPart("Database", False, error.sentence, f"Make {settings.database.path} writable.")
    path = Path(settings.database.path)
    # Older versions made it so; a group may also have been let in on purpose.
    others = path.exists() and path.stat().st_mode & FOR_ITS_OWNER
    hint = "; others on this machine can read it (chmod 600)" if others else ""
    return CheckedPart("Database", True, f"ok, {path}{hint}")


def _line(part: CheckedPart) -> str:
    mark = "ok  " if part.ok else "FAIL" if part.needed else "note"
    return f"{mark}  {part.name}: {part.line}" + (f"\n      {part.remedy}" if part.remedy and not part.ok else "")
