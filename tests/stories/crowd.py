"""Five people at work at the same time, at random but the same each time."""

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import Awaitable, Callable, Sequence

from bot.sandbox.slack.errors import ApiError
from tests.stories.chat import Person, Seen
from tests.stories.town import Town

TARGETS = ("us-east", "us-west", "eu-central", "ap-southeast")
OFFERED = ("Claim", "Join", "Reopen", "Escalate")


class Crowd:
    """What they do where the bot just died fails for them, as in their client; they go on with something else."""

    def __init__(self, there: Town, *, seed: int) -> None:
        self._there = there
        self._chance = random.Random(seed)
        self._people = (there.kim, there.jo, there.ana, there.tom, there.lena)
        self.acts = 0

    async def works(self, *, for_s: float, acts_per_s: float, between: Callable[[], None]) -> None:
        """`between` is called after each act."""
        until_s, doing = self._there.now_s() + for_s, list[asyncio.Task[None]]()
        while self._there.now_s() < until_s:
            doing.append(asyncio.create_task(self._act()))
            self.acts += 1
            between()
            pause_s = min(3.0, self._chance.expovariate(acts_per_s))
            await self._there.moment_of(pause_s)
        await asyncio.gather(*doing)

    async def _act(self) -> None:
        person = self._chance.choice(self._people)
        acts: Sequence[Callable[[Person], Awaitable[object]]] = (
            self._probes,
            self._opens,
            self._notes,
            self._notes,
            self._presses,
            self._presses,
        )
        with contextlib.suppress(ApiError, AssertionError):
            await self._chance.choice(acts)(person)

    async def _probes(self, person: Person) -> None:
        await person.types("#t2-tech", f"/probe ping {self._chance.choice(TARGETS)}")

    async def _opens(self, person: Person) -> None:
        await person.types("#t2-tech", f"/investigate {self._chance.choice(TARGETS)} packet loss")

    async def _notes(self, person: Person) -> None:
        if card := self._card(person):
            await person.types(card, f"@secondline note {self._chance.random()}")

    async def _presses(self, person: Person) -> None:
        card = self._card(person)
        offered = [each for each in card.buttons if each in OFFERED] if card else []
        if card and offered:
            await person.presses(card, self._chance.choice(offered))

    def _card(self, person: Person) -> Seen | None:
        cards = [each for each in person.screen("#t2-tech") if "INV-" in each.text and each.by_bot and each.buttons]
        return self._chance.choice(cards) if cards else None


def owed(there: Town) -> list[str]:
    """The keys of what the bot owes to Slack now."""
    with contextlib.closing(sqlite3.connect(f"file:{there.folder / 'secondline.db'}?mode=ro", uri=True)) as records:
        return [row[0] for row in records.execute("SELECT key FROM messages WHERE state NOT IN ('sent', 'refused')")]
