"""`secondline sandbox`: Slack, Zendesk, the page, things to probe, and the unchanged bot, as one program."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial

from bot.sandbox.lab import built
from bot.sandbox.manifest_file import read_manifest
from bot.sandbox.options import Options, parse_options
from bot.sandbox.slack.seeds import LENA, TIER1, TIER1_AGENT, harbor_seed
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.stage import Stage
from bot.sandbox.world.clock import WorldClock
from bot.sandbox.world.menu import Floor
from bot.sandbox.world.tour import Tour
from bot.tasks import ended_by


def main(argv: Sequence[str]) -> int:
    """Run until Ctrl-C or SIGTERM; the exit status is 0 then."""
    return asyncio.run(run(parse_options(argv)))


async def run(options: Options) -> int:
    """The sandbox with the bot of this installation; it ends in order on the usual signals."""
    clock = WorldClock()
    slack = SlackSandbox(clock=clock, seed=harbor_seed(read_manifest()))
    tour = Tour(tell=lambda: slack.site.workspace.note({"type": "tour"}))
    slack.acts.listeners.append(tour.hear)
    stage = Stage(
        options=options,
        slack=slack.routes(),
        command=[sys.executable, "-m", "bot.sandbox.world.bot", "run"],
        say=_say,
        build_lab=partial(built, os.getpid()),
        clock=clock,
        floor=Floor(tour, partial(slack.acts.say, TIER1_AGENT, TIER1), partial(slack.site.workspace.set_status, LENA)),
    )
    stop = asyncio.Event()
    with ended_by((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), partial(_asked_to_end, stage, stop)):
        return await stage.run(stop)


def _asked_to_end(stage: Stage, stop: asyncio.Event) -> None:
    """In order the first time, at once the second time."""
    if stop.is_set():
        stage.hurry()
    stop.set()


def _say(line: str) -> None:
    print(line, flush=True)
