"""How long a command, a message or a press waits for its ack when a hundred come at once."""

import sqlite3
from contextlib import closing

from bot.reminders.cards import YES
from tests.bench.figures import Figure, at_most, median, percentile
from tests.bench.subject import Subject, subject, switchboard
from tests.bench.switchboard import Envelope, command, message, press
from tests.eventually import eventually

TITLE = "ack of a command"
AT_ONCE, RUNS = 100, 5
BOUND_MS = 20.0
HOW = (
    "bot as a process of its own on a Slack of the bench's own, timed frame to frame at its WebSockets; "
    "each run a fresh bot, both connections open, one command before"
)


async def measure() -> list[Figure]:
    bursts: list[list[float]] = []
    singles: list[float] = []
    others: dict[str, list[float]] = {"messages of a channel": [], "presses of a button": []}
    cpu_ms: list[float] = []
    async with switchboard() as slack:
        for _ in range(RUNS):
            async with subject(slack, targets=AT_ONCE) as bot:
                await slack.send([command(slack.origin, "/t2", "help")])
                singles += await _one_by_one(bot)
                before = bot.cpu_s()
                bursts.append(await slack.send(_mixed(slack.origin)))
                cpu_ms.append(1000 * (bot.cpu_s() - before))
            async with subject(slack, targets=AT_ONCE) as bot:
                for what, burst in zip(others, (_messages(), _presses()), strict=True):
                    await slack.send([command(slack.origin, "/t2", "help")])
                    await eventually(lambda bot=bot: _idle(bot))  # type: ignore[misc]
                    others[what].append(percentile(await slack.send(burst), 0.99))
    worst = [percentile(burst, 0.99) for burst in bursts]
    return [
        Figure(
            f"{AT_ONCE} at once, half /t2 help, half /investigate, p99",
            f"{median(worst):.1f} ms (runs: {', '.join(f'{each:.1f}' for each in worst)})",
            f"{BOUND_MS:g} ms",
            median(worst) <= BOUND_MS,
            HOW,
        ),
        Figure("  the same, p50", f"{median([median(burst) for burst in bursts]):.1f} ms"),
        Figure("  the bot's CPU until the last ack", f"{median(cpu_ms):.0f} ms"),
        Figure(
            "one at a time, /t2 help, p99",
            f"{percentile(singles, 0.99):.1f} ms (p50 {median(singles):.1f})",
            f"{BOUND_MS:g} ms",
            percentile(singles, 0.99) <= BOUND_MS,
        ),
        *(at_most(f"{AT_ONCE} {what} at once, p99", p99_ms, BOUND_MS, "ms") for what, p99_ms in others.items()),
    ]


async def _one_by_one(bot: Subject) -> list[float]:
    return [ms for _ in range(20) for ms in await bot.slack.send([command(bot.slack.origin, "/t2", "help")])]


def _mixed(origin: str) -> list[Envelope]:
    texts = [("/t2", "help"), ("/investigate", "gw-{} packet loss")]
    return [command(origin, name, text.format(i)) for i in range(AT_ONCE) for name, text in [texts[i % 2]]]


def _idle(bot: Subject) -> bool:
    """Whether all that it acknowledged is done."""
    with closing(sqlite3.connect(bot.database)) as connection:
        (left,) = connection.execute("SELECT COUNT(*) FROM deliveries WHERE done = 0").fetchone()
    return not left


def _messages() -> list[Envelope]:
    """Of people who say nothing to the bot: most of what Slack delivers."""
    return [message("it works again", channel="C0GENERAL", ts=f"1700000000.{i:06d}") for i in range(AT_ONCE)]


def _presses() -> list[Envelope]:
    return [press(YES, "1", channel="C0TEAM0", ts="1700000000.000001") for _ in range(AT_ONCE)]
