"""Who decides priority and lane, and where they are asked."""

from bot.errors import NotAllowed
from bot.people import People


class NotTriage(NotAllowed):
    """Only those who triage may decide. `user` is who tried, `leads` who may."""

    def __init__(self, user: str, leads: frozenset[str]) -> None:
        nobody = "Slack knows none of the [handoffs] leads in secondline.toml, so nobody can triage. Ask an admin."
        super().__init__("Only the triage leads can do this. Ask them in the thread." if leads else nobody)
        self.user = user
        self.leads = leads


class Triage:
    """The configured leads and channel. Without leads everybody of Tier 2 may decide, in the thread."""

    def __init__(self, *, people: People, leads: tuple[str, ...], channel: str) -> None:
        self._people = people
        self._leads = leads
        self._channel = channel

    async def require(self, user: str) -> None:
        """Raises NotTriage, NotTier2."""
        if not self._leads:
            await self._people.require_tier2(user)
            return
        leads = await self._people.named(self._leads)
        if user not in leads:
            raise NotTriage(user, leads)

    async def require_part(self, user: str) -> None:
        """Who may mend what is in the way: a lead, or anybody of Tier 2. Raises NotTier2."""
        if user not in await self._people.named(self._leads):
            await self._people.require_tier2(user)

    async def places(self) -> tuple[str, ...]:
        """Where a new handoff is shown besides its thread: the channel, else each lead's direct messages."""
        if self._channel:
            return (self._channel,)
        return tuple(sorted(await self._people.named(self._leads)))
