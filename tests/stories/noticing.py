"""What stories about noticing share: a desk whose weeks are read, customers who write, and time that passes."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.sandbox.world.customers import Customers
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.seeds import anything, more, morning
from tests.eventually import eventually
from tests.stories.chat import WITHIN_S, Seen
from tests.stories.counting import keys
from tests.stories.steps import settled
from tests.stories.town import OpenTown, Town

AT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
"""A Monday."""
_LOOKED = "trends: up to date"
"""In the log, after the first look of each start at what the desk has told since."""
_ASKED_IN_VAIN = "stream: Zendesk: "
EXPORT = "GET /api/v2/incremental/tickets/cursor"
READS = timedelta(minutes=2)
"""So long after somebody wrote the desk has told it, and the bot has asked."""
_TEN_DAYS = {"window_h = 24\n": "window_h = 24\nhistory_days = 10\n"}
"""Three more than the bot learns before it speaks; those who read all four weeks take seconds longer."""
ALL_WEEKS: Mapping[str, str] = {}
_NUMBERS = count(10_000)


def rising() -> Seed:
    """The sandbox's morning: weeks of a desk, and U.S. East since 40 minutes."""
    return morning(now=AT, index_lag_s=0.0)


def quiet() -> Seed:
    """The same weeks, and nobody has written about U.S. East."""
    return morning(now=AT, rise_so_far=0, index_lag_s=0.0)


@contextlib.asynccontextmanager
async def read(
    town: OpenTown, seed: Seed, *, mode: str = "on", days: Mapping[str, str] | None = None, **more: object
) -> AsyncIterator[Town]:
    """A town on that Monday whose bot has read the days before and said so: ten, or ALL_WEEKS."""
    settings = _TEN_DAYS if days is None else days
    async with town(seed=seed, at=AT, trends=mode, settings=settings, **more) as there:
        await shadow_report(there)
        yield there


async def shadow_report(there: Town) -> Seen:
    return await there.kim.sees("#t2-tech", "would have spoken")


def write(there: Town, about: str, number: int) -> None:
    """So many customers, in the last ten minutes."""
    for written in more(about, number, next(_NUMBERS)):
        there.zendesk.desk.write_in(written)


def everything(there: Town, number: int) -> None:
    """So many customers, about all sorts of things, in the last half hour."""
    for written in anything(number, next(_NUMBERS)):
        there.zendesk.desk.write_in(written)


async def passes(there: Town, span: timedelta = READS) -> None:
    """Time in which as many customers write as usual; then the bot is back, has asked the desk and has looked."""
    await there.let_pass(span, start=False)
    Customers(zendesk=there.zendesk, clock=there.clock).have_written(span)
    away = there.zendesk.away_until
    awaited = _ASKED_IN_VAIN if away and away > there.clock() else _LOOKED
    before = there.bot.output.count(awaited)
    await there.bot_starts()
    await eventually(lambda: there.bot.output.count(awaited) > before, within_s=WITHIN_S)
    await settled(there)


def said(there: Town) -> set[str]:
    """The keys of the trends that were said."""
    return {key for key in keys(there) if key.startswith("trend/")}
