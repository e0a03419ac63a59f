"""Whose a ticket is, by its words. Pure."""

from bot.elevations.model import Aim
from bot.reading.judgement import keys
from bot.targets.model import Catalog, Target
from bot.tickets.fitting import Read, text_of
from bot.tickets.model import Ticket


class AimReader:
    """Reads which target a ticket is about, and so which team gets it."""

    def __init__(self, *, catalog: Catalog, read: Read, default_team: str) -> None:
        self._catalog = catalog
        self._read = read
        self._default_team = default_team

    def target(self, key: str) -> Target | None:
        """One of those that are configured."""
        return self._catalog.get(key)

    def read(self, ticket: Ticket) -> Aim:
        """What it says is affected; of several the first in the settings.

        Reads a thousand characters of each, so not many of them in the event loop.
        """
        affected = keys(self._read(text_of(ticket)).affected)
        target = next((target for target in self._catalog if target.key in affected), None)
        return Aim(target.key, target.team or self._default_team) if target else Aim("", self._default_team)
