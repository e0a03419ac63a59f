"""`secondline check`: what the bot needs, and whether a ladder reaches people, before it runs."""

import argparse
import asyncio
import os
from pathlib import Path

import aiohttp

from bot.app.database import open_database
from bot.app.desk import build_desk
from bot.app.logs import LogCheck
from bot.app.mail import build_mailer
from bot.app.status import build_watched
from bot.app.trackers import build_trackers
from bot.app.ways import build_apprise, build_webhook
from bot.backup_program import backup_part
from bot.check import Beside, Checkup
from bot.check_ladder import LadderCheck
from bot.checked import CheckedPart
from bot.clock import Clock, system_clock
from bot.errors import SecondLineError
from bot.known_issues.tracker import OneAccount
from bot.logs import log_to_stderr
from bot.probes.icmp.engine import IcmpEngine
from bot.program import FOR_ITS_OWNER
from bot.retention_program import retention_part
from bot.settings import Settings, load_settings
from bot.slack.client import SlackClient


def check(words: argparse.Namespace, clock: Clock) -> int:
    """All that is needed, or with `words.ladder` who of that ladder can't be reached."""
    settings = load_settings(os.environ)
    log_to_stderr("ERROR")
    return asyncio.run(_check_ladder(settings, clock, words.ladder) if words.ladder else _check(settings))


async def _check(settings: Settings) -> int:
    client = SlackClient(token=settings.slack.bot_token.get_secret_value(), api_url=settings.slack.api_url)
    icmp, desk = IcmpEngine(), build_desk(settings, system_clock)
    await icmp.open()
    http = aiohttp.ClientSession(trust_env=True)
    watched = build_watched(settings, http, system_clock)
    trackers = build_trackers(settings, http, system_clock, OneAccount())
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
