"""`secondline run`: the bot, until it is asked to end."""

import argparse
import asyncio
import logging
import os
import signal

from bot.app.build import build_app
from bot.clock import Clock
from bot.lock import hold
from bot.logs import log_to_stderr
from bot.memory import give_back_freed_memory, keep_all
from bot.settings import Settings, load_settings
from bot.tasks import ended_by, unless

logger = logging.getLogger(__name__)


def run(words: argparse.Namespace, clock: Clock) -> int:
    """Run the bot until SIGTERM or Ctrl-C."""
    settings = load_settings(os.environ)
    log_to_stderr(settings.log_level)
    return asyncio.run(_run(settings, clock))


async def _run(settings: Settings, clock: Clock) -> int:
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
