"""Who decides priority and lane, and where they are asked."""

from bot.errors import NotAllowed
from bot.people import People


class NotTriage(NotAllowed):
    """Only those who triage may decide. `user` is who tried."""

    def __init__(self, user: str, leads: frozenset[str]) -> None:
        names = " or ".join(f"<@{lead}>" for lead in sorted(leads))
        super().__init__(f"Only {names} can decide priority and lane. Ask in the thread.")
        self.user = user


class Triage:
    """The configured leads and channel. Without leads everybody of Tier 2 may decide, in the thread."""

    def __init__(self, *, people: People, leads: tuple[str, ...], channel: str) -> None:
        self._people = people
        self._leads = leads
        self._channel = channel

    async def require(self, user: str) -> None:
        """Raises NotTriage, NotTier2."""
        leads = await self._people.named(self._leads)
        if not leads:
            await self._people.require_tier2(user)
        elif user not in leads:
            raise NotTriage(user, leads)

    async def places(self) -> tuple[str, ...]:
        """Where a new handoff is shown besides its thread: the channel, else each lead's direct messages."""
        if self._channel:
            return (self._channel,)
        return tuple(sorted(await self._people.named(self._leads)))
