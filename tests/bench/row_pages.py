"""Two hundred boards open and fifty searches a second beside the bot's work, after a year of it."""

from typing import Any

from tests.bench.figures import Figure, median, percentile
from tests.bench.stage import BOARDS, Stage, stage

TITLE = f"pages: {BOARDS} boards open, 10,000 investigations"
PAGE_MS = 100.0
SECONDS = 5.0


async def measure() -> list[Figure]:
    async with stage() as there:
        return [_seeded(there), *await _alone(there)]


def _seeded(there: Stage) -> Figure:
    seconds = there.seeded_s
    return Figure("seeding the database", f"{seconds:.0f} s" if seconds else "kept from before", "60 s", seconds <= 60)


async def _alone(there: Stage) -> list[Figure]:
    """The board by itself: nobody else looks."""
    load: list[Any] = ["board", "/board", there.secrets.boards[0][1:], 2]
    before = there.bot.cpu_s()
    answer = await there.audience.ask("measure", seconds=SECONDS, loads=[load], searches={})
    taken = answer["ms"]["board"]
    cpu_ms = 1000 * (there.bot.cpu_s() - before) / len(taken)
    p99 = percentile(taken, 0.99)
    return [
        Figure("board alone, p99", f"{p99:.0f} ms (p50 {median(taken):.0f})", f"{PAGE_MS:g} ms", p99 <= PAGE_MS),
        Figure("  the bot's CPU for each", f"{cpu_ms:.0f} ms"),
        Figure("  answers that were none", str(answer["failures"])),
    ]
