"""Customers who go on writing while the sandbox runs."""

import asyncio
from collections.abc import Iterator

from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.seed import SeedTicket


async def keep_writing(desk: Desk, coming: Iterator[tuple[float, SeedTicket]], *, speed: float = 1.0) -> None:
    """Write the tickets in, each after its seconds divided by `speed`; ends with the last one."""
    for gap_s, written in coming:
        await asyncio.sleep(gap_s / speed)
        desk.write_in(written)
