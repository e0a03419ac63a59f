"""Whose a ticket is, by its words. Pure."""

from bot.elevations.model import Aim
from bot.reading.mentions import TargetNames
from bot.targets.model import Catalog
from bot.tickets.model import Ticket


class AimReader:
    """Reads which target a ticket is about, and so which team gets it."""

    def __init__(self, *, catalog: Catalog, default_team: str) -> None:
        self._catalog = catalog
        self._names = TargetNames(catalog=catalog).names
        self._default_team = default_team

    def read(self, ticket: Ticket) -> Aim:
        """What the subject says is affected, else what the text does; of several the first in the settings.

        Reads a thousand characters of each, so not many of them in the event loop.
        """
        affected = self._names.said(ticket.subject).affected or self._names.said(ticket.text).affected
        target = next((target for target in self._catalog if target.key in affected), None)
        return Aim(target.key, target.team or self._default_team) if target else Aim("", self._default_team)
