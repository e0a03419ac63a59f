"""How long the bot takes from being started to being connected."""

import asyncio

from tests.bench.figures import Figure, at_most, median
from tests.bench.subject import subject, switchboard

TITLE = "start to connected"
RUNS = 5
BOUND_S = 2.0


async def measure() -> list[Figure]:
    """From the spawn of `python -m bot run` to the hello of its first socket."""
    walls: list[float] = []
    used: list[float] = []
    clock = asyncio.get_running_loop().time
    async with switchboard() as slack:
        for _ in range(RUNS):
            began = clock()
            async with subject(slack, targets=12, sockets=1) as bot:
                walls.append(clock() - began)
                used.append(bot.cpu_s())
    return [
        at_most("spawn to hello", walls, BOUND_S, "s"),
        Figure(
            "  CPU until then", f"{median(used):.2f} s", note="what an idle machine of this speed would take at least"
        ),
    ]
