"""Two hundred boards open and fifty searches a second beside the bot's work, after a year of it."""

import asyncio
import itertools
import random
import time
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Figure, at_most, median, percentile
from tests.bench.row_known import typed, words
from tests.bench.seed.cache import TEAMS
from tests.bench.stage import BOARDS, Stage, stage
from tests.bench.switchboard import PEOPLE, Envelope, command, message

TITLE = f"pages: {BOARDS} boards open, 10,000 investigations"
PAGE_MS, SEARCH_MS, SLOWER_MS, SEEN_S, STALL_MS = 100.0, 50.0, 5.0, 2.0, 100.0
ROUNDS, SECONDS = 3, 8.0
SEARCHES_PER_S = 50
LOADS = {"board": 4.0, "known": 1.0, "an issue": 1.0, "investigations": 1.0, "an investigation": 1.0, "numbers": 0.2}
"""Pages that are loaded beside those that are open, each so many times a second."""
FREE = (58, 59, 60, 61, 62, 63)
"""Targets that nobody looks into."""
HOW = (
    "bot, Slack, open boards and readers are programs of their own: all but the bot have the last core, which it and "
    "its search may use too; people are 12 screens, 120 of Tier 1, 31 of Tier 2 and a manager, each on a connection of "
    "their own for each request; what all boards are sent is unpacked once; beside it people write in Slack five times "
    "a second, and ask for probes"
)
TYPED = "what people type letter by letter: each beginning of questions of one to six words, one in five mistyped"


@dataclass(slots=True)
class Taken:
    """What was measured in all rounds: by kind, in ms; and acks of commands without and with all of it beside."""

    ms: defaultdict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    alone: list[list[float]] = field(default_factory=list)
    beside: list[list[float]] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


async def measure() -> list[Figure]:
    async with stage() as there:
        fresh_mb = there.bot.memory_kb() / 1024
        taken = Taken()
        for number in range(ROUNDS):
            await _round(there, taken, number)
        return _figures(there, taken, fresh_mb)


async def _round(there: Stage, taken: Taken, number: int) -> None:
    """Acks alone, then acks beside everybody who looks; the same things happen in Slack meanwhile."""
    alone, answer = await _acked(there, there.readers.ask("measure", seconds=SECONDS, loads=[], searches={}))
    taken.alone.append(alone)
    taken.ms["pulse alone"].append(answer["ms"]["pulse"])
    await there.audience.ask("open", browsers=there.secrets.boards)
    before = there.bot.cpu_s()
    searches = {"per_s": SEARCHES_PER_S, "questions": _questions(number), "secrets": list(there.secrets.tier1)}
    loads = [[kind, path, list(there.secrets.tier2), LOADS[kind]] for kind, path in _paths().items()]
    watching = there.readers.ask("measure", seconds=SECONDS, loads=loads, searches=searches)
    beside, answer = await _acked(there, watching)
    taken.beside.append(beside)
    taken.cpu.append((there.bot.cpu_s() - before) / SECONDS)
    for kind, values in answer["ms"].items():
        taken.ms[kind].append(values)
    taken.failures += answer["failed"]
    taken.seen_s += [await _seen(there, number, turn) for turn in range(2)]
    taken.memory_mb.append(there.bot.memory_kb() / 1024)
    await there.audience.ask("close")


async def _acked(there: Stage, beside: Coroutine[Any, Any, dict[str, Any]]) -> tuple[list[float], dict[str, Any]]:
    """Acks of commands, a few a second, while Slack is busy and `beside` goes on; and what that returns."""
    working = asyncio.create_task(beside)
    acks = list[float]()
    bot, turns = there.bot, itertools.count()
    while not working.done():
        turn = next(turns)
        acks += await bot.slack.send([_asked(bot.slack.origin, turn)])
        await bot.slack.send(_happening(bot.slack.origin, turn))
        await asyncio.wait([working], timeout=0.2)
    return acks, working.result()


def _asked(origin: str, turn: int) -> Envelope:
    """A command of somebody: help, what is open, a search, and opening an investigation."""
    user = PEOPLE[turn % len(PEOPLE)]
    name, text = (("/t2", "help"), ("/investigate", ""), ("/known", "vpn slow"), ("/t2", "status"))[turn % 4]
    return command(origin, name, text, user=user)


def _happening(origin: str, turn: int) -> list[Envelope]:
    """Somebody writes in a channel, and now and then asks for a probe."""
    channel, user = f"C0TEAM{turn % TEAMS}", PEOPLE[turn % len(PEOPLE)]
    said = [message(f"it works again for {turn}", channel=channel, ts=f"{time.time():.6f}")]
    if turn % 5 == 0:
        said.append(command(origin, "/probe", f"ping gw-{turn % 50}", user=user))
    return said


async def _seen(there: Stage, number: int, turn: int) -> float:
    """Seconds from a command in Slack to the last board that shows what it did."""
    target, symptom = FREE[(2 * number + turn) % len(FREE)], f"seen {number} {turn} by everybody"
    waiting = asyncio.create_task(there.audience.ask("until", text=symptom, within_s=20.0))
    await asyncio.wait([waiting], timeout=0.3)
    began = time.monotonic()
    opening = command(there.bot.slack.origin, "/investigate", f"gw-{target} {symptom}", user=PEOPLE[0])
    await there.bot.slack.send([opening])
    answer = await waiting
    return float(answer["last"][0]) - began if answer["shown"] == answer["of"] else float("inf")


def _paths() -> dict[str, str]:
    return {
        "board": "/board",
        "known": "/known",
        "an issue": "/known/99990",
        "investigations": "/investigations",
        "an investigation": "/investigations/9990",
        "numbers": "/numbers",
    }


def _questions(number: int) -> list[str]:
    """As they are typed: from the third letter on, a request for every other letter."""
    vocabulary = words(random.Random(23))
    chance = random.Random(number)
    asked = [typed(vocabulary, chance) for _ in range(60)]
    begun = [[text[:length] for length in range(3, len(text) + 1, 2)] for text in asked]
    return [text for group in itertools.zip_longest(*begun) for text in group if text]


def _figures(there: Stage, taken: Taken, fresh_mb: float) -> list[Figure]:
    pages = {kind: [percentile(values, 0.99) for values in taken.ms[kind]] for kind in ("renewed", *LOADS)}
    searched = [percentile(values, 0.99) for values in taken.ms["search"]]
    halves = median([median(values) for values in taken.ms["search"]])
    slower = [
        percentile(beside, 0.95) - percentile(alone, 0.95)
        for alone, beside in zip(taken.alone, taken.beside, strict=True)
    ]
    slower_half = [median(beside) - median(alone) for alone, beside in zip(taken.alone, taken.beside, strict=True)]
    alone, beside = median([median(each) for each in taken.alone]), median([median(each) for each in taken.beside])
    return [
        _seeded(there),
        *(at_most(f"page p99: {kind}", each, PAGE_MS, "ms", HOW) for kind, each in pages.items() if each),
        at_most(f"search p99, {SEARCHES_PER_S} a second", searched, SEARCH_MS, "ms", TYPED),
        Figure("  p50", f"{halves:.1f} ms"),
        at_most("acks of commands, slower than alone, p50", slower_half, SLOWER_MS, "ms"),
        at_most("acks of commands, slower than alone, p95", slower, SLOWER_MS, "ms"),
        Figure("  p50 alone and beside", f"{alone:.1f} and {beside:.1f} ms"),
        at_most("from Slack to the last of the boards", taken.seen_s, SEEN_S, "s"),
        at_most("longest answer of /healthz", [max(each) for each in taken.ms["pulse"]], STALL_MS, "ms"),
        Figure("  alone", f"{median([max(each) for each in taken.ms['pulse alone']]):.0f} ms"),
        Figure("  the bot's share of a core", f"{median(taken.cpu):.2f}"),
        Figure("  memory: started, and with all of it", f"{fresh_mb:.0f} and {max(taken.memory_mb):.0f} MB"),
        Figure("  answers that were none", f"{len(taken.failures)} {taken.failures[:2] or ''}"),
    ]


def _seeded(there: Stage) -> Figure:
    seconds = there.seeded_s
    return Figure(
        "seeding the database", f"{seconds:.0f} s" if seconds else "kept from before", "120 s", seconds <= 120
    )
