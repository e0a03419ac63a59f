"""Customers who wait for news, as a briefing tells of them. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NotTold:
    """Customers who wait to be told of a fix that is out. `about` is its known issue ("KI-31"), `link` the card's."""

    about: str
    title: str
    version: str
    count: int
    since: datetime
    link: str = ""

    @property
    def key(self) -> str:
        return f"{self.about} {self.version}"
