"""The trackers that are configured."""

import aiohttp

from bot.clock import Clock
from bot.known_issues.tracker import Tracker
from bot.settings import Settings


def build_trackers(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> tuple[Tracker, ...]:
    """Every configured project, in the order of the file."""
    return ()
