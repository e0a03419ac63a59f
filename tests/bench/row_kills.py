"""Whether anything is lost or comes twice where the bot is killed again and again while five people work.

KILLS and KILLS_SEED in the environment say how often, and by which numbers. Three hundred take fifteen minutes.
"""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from functools import partial

from tests.bench.figures import CannotRun, Figure
from tests.stories.crowd import Crowd, owed, records
from tests.stories.forked_bots import nested, opened
from tests.stories.killing import SOON, started_again
from tests.stories.reckoning import Reckoning, mistakes, reckoned
from tests.stories.town import Town, open_town

TITLE = "killed at random moments while five people work"
KILLS = 300
ACTS_PER_S = 1.5
LIVES_S = 2.0
"""How long the bot is connected before it is killed, at the mean."""
BOUND_S, PATIENCE_S = 60.0, 300.0
HOW = (
    "SIGKILL at random moments after the bot connected, started again at once; notes, claims, handovers, probes, "
    "tickets, escalations, answers and ends, each held against the records, Slack and Zendesk"
)


async def measure() -> list[Figure]:
    kills, seed = int(os.environ.get("KILLS", KILLS)), int(os.environ.get("KILLS_SEED", 9))
    try:
        with nested() as nest:
            async with opened(nest) as cradle, open_town(launch=cradle.launch, timing=SOON) as there:
                return await _measured(there, kills, seed)
    except AssertionError as error:
        raise CannotRun(f"the bot did not do it: {error}") from error


async def _measured(there: Town, kills: int, seed: int) -> list[Figure]:
    crowd = Crowd(there, seed=seed)
    async with started_again(there):
        began_s = there.now_s()
        killing = asyncio.create_task(_kill(there, kills, random.Random(seed)))
        await crowd.works(acts_per_s=ACTS_PER_S, until=killing.done)
        ended_s = await killing
        most = len(owed(there))
        sent_s = await _until(there, lambda: not owed(there)) - ended_s
        await _until(there, partial(_quiet, there))
        found = reckoned(there, crowd.acts)
    works_s = ended_s - began_s
    return _figures(found, kills=kills, seed=seed, works_s=works_s, owed_then=most, sent_s=sent_s, there=there)


async def _kill(there: Town, kills: int, chance: random.Random) -> float:
    """When it was over."""
    for _ in range(kills):
        await there.until(lambda: there.bot_connected, "the bot", within_s=BOUND_S)
        await there.moment_of(chance.uniform(0, 2 * LIVES_S))
        killed = there.bot.pid
        there.bot.signal(signal.SIGKILL)
        await there.until(partial(_is_another, there, killed), "another bot", within_s=BOUND_S)
    return there.now_s()


async def _until(there: Town, check: Callable[[], bool]) -> float:
    """When it was true. What changes in the bot's database rings no bell, so it is looked at five times a second."""
    give_up_s = there.now_s() + PATIENCE_S
    while not check():
        await there.moment_of(0.2)
        assert there.now_s() < give_up_s, f"still owed: {owed(there)}"
    return there.now_s()


def _is_another(there: Town, killed: int) -> bool:
    return there.bot.pid != killed


def _quiet(there: Town) -> bool:
    """Nothing is on its way to the bot, in it, or from it to Slack and Zendesk."""
    if there.slack.site.events.delivering or owed(there):
        return False
    with records(there) as database:
        sql = """SELECT (SELECT count(*) FROM deliveries WHERE done = 0)
                      + (SELECT count(*) FROM ticket_links WHERE tagged <> tag_wanted)"""
        return not database.execute(sql).fetchone()[0]


def _figures(
    found: Reckoning, *, kills: int, seed: int, works_s: float, owed_then: int, sent_s: float, there: Town
) -> list[Figure]:
    wrong = mistakes(there)
    for each in [*found.lost, *found.doubled, *wrong]:
        print(each)
    did = f"{found.acts} ({found.acts / works_s:.2f} a second), {found.acknowledged} acknowledged"
    return [
        Figure("kills", f"{kills} in {works_s:.0f} s, seed {seed}", note=HOW),
        Figure("acts of five people", f"{did}: {found.effects} on record, {found.told} told that it was not done"),
        Figure("  lost", str(len(found.lost)), "0", not found.lost),
        Figure("  doubled", str(len(found.doubled)), "0", not found.doubled),
        Figure("  mistakes of the bot's own in its log", str(len(wrong)), "0", not wrong),
        Figure(
            f"the {owed_then} messages then owed", f"sent after {sent_s:.1f} s", f"{BOUND_S:g} s", sent_s <= BOUND_S
        ),
    ]
