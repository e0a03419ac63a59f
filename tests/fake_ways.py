"""A way of telling somebody outside, without anything outside."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.escalations.telling import Telling, TellingOutcome


@dataclass
class FakeWay:
    """Answers what a test wants, when it wants."""

    outcome: TellingOutcome | None = None
    """None reaches all recipients."""
    told: list[tuple[tuple[str, ...], Telling]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """Where there is one, an answer waits for it."""

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        self.told.append((tuple(recipients), telling))
        if self.gate:
            await self.gate.wait()
        return self.outcome or TellingOutcome(tuple(recipients))
