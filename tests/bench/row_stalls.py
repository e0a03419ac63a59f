"""How long the event loop stands still at most, whatever comes: the whole bot under a fuzz of hostile inputs."""

from tests.bench.figures import Figure
from tests.fuzzing import FuzzedBot

TITLE = "longest stall"
INPUTS = 20_000
BOUND_MS = 100.0
HOW = (
    "what the loop's thread computes between two of its turns; one process, database in memory, commands, mentions, "
    "messages, buttons, forms, events, issues, releases and tickets, half of them long texts of shapes that keep "
    "careless patterns busy; every message that is owed is rendered"
)


async def measure() -> list[Figure]:
    bot = FuzzedBot()
    stalls = await bot.run(INPUTS)
    busiest_ms, longest_ms = 1000 * stalls.busiest_s, 1000 * stalls.longest_s
    return [
        Figure(
            f"the loop's longest stall in {INPUTS:,} inputs",
            f"{busiest_ms:.0f} ms",
            f"{BOUND_MS:g} ms",
            busiest_ms <= BOUND_MS,
            HOW,
        ),
        Figure("  by the clock, with what else this machine did", f"{longest_ms:.0f} ms"),
        Figure("  inputs that met a mistake of the bot's own", str(bot.refused)),
    ]
