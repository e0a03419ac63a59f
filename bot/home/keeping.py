"""Keeps the Homes of those who looked lately up to date: paced, and only where they would show something else."""

import asyncio
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from attrs import define

from bot.errors import SecondLineError
from bot.home.service import HomeService
from bot.messages.model import Block
from bot.tasks import turned, woken

logger = logging.getLogger(__name__)

GATHER_S = 2.0
"""What happens within it is shown together."""
PACE_S = 1.0
"""The pause after a Home that was shown: Slack takes 100 a minute, and those who open theirs come first."""
IDLE_S = 60.0
"""What only the clock changes is seen within this time."""

Render = Callable[[str], Awaitable[Block]]
"""The Home of a person as it is now."""
Publish = Callable[[str, Block], Awaitable[None]]


@define(kw_only=True, eq=False, repr=False, slots=False)
class HomeKeeper:
    """The only one who publishes Homes: for each person one after the other, so that the newest state stays."""

    _homes: HomeService
    _render: Render
    _publish: Publish
    _gather_s: float = GATHER_S
    _pace_s: float = PACE_S

    def __attrs_post_init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def opened(self, user: str) -> None:
        """Somebody looks now."""
        self._homes.looked(user)
        await self.show(user)

    async def show(self, user: str) -> bool:
        """Publish it where it shows something else than before; whether Slack was asked to."""
        async with self._turns[user]:
            view = await self._render(user)
            digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
            if self._shown.get(user) == digest:
                return False
            try:
                await self._publish(user, view)
            except SecondLineError as error:
                logger.info("the Home of %s is not shown: %s", user, error.sentence)
                self._shown.pop(user, None)
            else:
                self._shown[user] = digest
            return True

    async def run(self) -> None:
        """Without end."""
        while True:
            self._homes.stale.clear()
            await self.refresh()
            turned()
            await woken(self._homes.stale, within_s=IDLE_S)
            await asyncio.sleep(self._gather_s)

    async def refresh(self) -> None:
        """Each who looked lately sees what is so now."""
        lately = self._homes.lately()
        for gone in self._shown.keys() - set(lately):
            del self._shown[gone]
        for user in lately:
            asked = await self.show(user)
            await asyncio.sleep(self._pace_s if asked else 0)
