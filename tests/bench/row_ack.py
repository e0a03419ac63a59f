"""How long a command waits for its ack when a hundred come at once."""

from tests.bench.figures import Figure, median, percentile
from tests.bench.subject import Subject, subject, switchboard
from tests.bench.switchboard import Envelope, command

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
    cpu_ms: list[float] = []
    async with switchboard() as slack:
        for _ in range(RUNS):
            async with subject(slack, targets=AT_ONCE) as bot:
                await slack.send([command(slack.origin, "/t2", "help")])
                singles += await _one_by_one(bot)
                before = bot.cpu_s()
                bursts.append(await slack.send(_mixed(slack.origin)))
                cpu_ms.append(1000 * (bot.cpu_s() - before))
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
    ]


async def _one_by_one(bot: Subject) -> list[float]:
    return [ms for _ in range(20) for ms in await bot.slack.send([command(bot.slack.origin, "/t2", "help")])]


def _mixed(origin: str) -> list[Envelope]:
    texts = [("/t2", "help"), ("/investigate", "gw-{} packet loss")]
    return [command(origin, name, text.format(i)) for i in range(AT_ONCE) for name, text in [texts[i % 2]]]
