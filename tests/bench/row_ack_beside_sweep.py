"""Whether commands are acknowledged as fast while ten thousand addresses are swept, and the sweep loses nothing."""

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import Any

from tests.bench.figures import Figure, median, percentile
from tests.bench.row_ack import AT_ONCE, BOUND_MS
from tests.bench.row_fleet import WALL_S, addresses
from tests.bench.subject import Subject, subject, switchboard
from tests.bench.switchboard import Envelope, command
from tests.eventually import eventually

TITLE = "ack of a command beside a smoke test of 10,000 addresses"
SIZE, PINGS, BURSTS = 10_000, 10, 8
HOW = f"{AT_ONCE} at once each second while it pings, half /t2 help, half /known; the bot is a process of its own"
_FLEET = '\n[targets.fleet]\ntitle = "The fleet"\nkind = "gateway"\nteam = "t2-0"\naddresses = {listed}\n'


async def measure() -> list[Figure]:
    fleet = _FLEET.format(listed=str(addresses(SIZE)).replace("'", '"'))
    async with switchboard() as slack, subject(slack, targets=AT_ONCE, settings=fleet, pings=PINGS) as bot:
        await slack.send([command(slack.origin, "/t2", "help")])
        alone = await _bursts(bot)
        await slack.send([command(slack.origin, "/probe", "ping fleet")])
        began_s = bot.cpu_s()
        beside = await _bursts(bot)
        used_s = bot.cpu_s() - began_s
        await eventually(lambda: _swept(bot) is not None, within_s=60.0)
        swept = _swept(bot) or {}
    lost = swept["verdict"]["numbers"].get("lost", 0)
    return [
        _acks("p99 alone", alone),
        _acks("p99 beside the sweep", beside),
        Figure("  the same, p50", f"{median([median(burst) for burst in beside]):.1f} ms"),
        Figure("  the bot's CPU meanwhile", f"{used_s:.1f} s in {BURSTS} s"),
        Figure("  the sweep beside it", f"{swept['duration_s']:.1f} s", f"{WALL_S:g} s", swept["duration_s"] <= WALL_S),
        Figure("  lost to ourselves", f"{lost} of {SIZE * PINGS:,}", "0", lost == 0),
    ]


def _acks(what: str, bursts: list[list[float]]) -> Figure:
    worst = [percentile(burst, 0.99) for burst in bursts]
    shown = f"{median(worst):.1f} ms, worst {max(worst):.1f} of {len(worst)} bursts"
    return Figure(what, shown, f"{BOUND_MS:g} ms", median(worst) <= BOUND_MS, HOW)


async def _bursts(bot: Subject) -> list[list[float]]:
    bursts = []
    for _ in range(BURSTS):
        bursts.append(await bot.slack.send(_mixed(bot.slack.origin)))
        await asyncio.sleep(1)
    return bursts


def _mixed(origin: str) -> list[Envelope]:
    """None of them wants a probe: the sweep has the network for itself."""
    texts = [("/t2", "help"), ("/known", "packet loss")]
    return [command(origin, *texts[number % 2]) for number in range(AT_ONCE)]


def _swept(bot: Subject) -> dict[str, Any] | None:
    """The sweep's result; None while it runs."""
    with closing(sqlite3.connect(bot.database)) as connection:
        rows = connection.execute("SELECT result FROM probe_runs WHERE kind = 'ping' AND state = 'done'").fetchall()
    return json.loads(rows[0][0]) if rows else None
