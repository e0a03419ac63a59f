"""The ports to status sources, and what is watched of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import OutsideError
from bot.status.matching import Concern
from bot.status.model import Labels, SourceKind, SourceReading


class SourceError(OutsideError):
    """The source did not say how things are: `reason` says why (unreachable, 401, 429, …)."""


class StatusSource(Protocol):
    """One status page or Alertmanager. Every method raises SourceError where it does not answer as it should."""

    async def read(self) -> SourceReading:
        """All that it says now."""

    async def check(self) -> tuple[str, SourceReading]:
        """Returns a line for people saying that it answers, and as what; and all that it says now."""


@dataclass(frozen=True, slots=True)
class SilenceOrder:
    """A silence of exactly one alert. `mark` is in its comment for ever, and no other silence has it."""

    mark: str
    labels: Labels
    began_at: datetime
    until: datetime
    created_by: str
    comment: str


class Silencer(Protocol):
    """Keeps a source from telling others. Every method raises SourceError."""

    async def silence(self, order: SilenceOrder) -> str:
        """The id of the silence; the same order again finds the silence that it made before."""

    async def lift(self, mark: str) -> None:
        """End the silence with this mark now; one that has ended, or was never made, is no error."""

    def link(self, silence_id: str) -> str:
        """Returns the address where people see the silence."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as configured. `concerns` says by target's key what is about it; `silencer` is None where the bot may
    not write there. `announce_after_s` is how long an alert must fire before it is announced.
    """

    key: str
    title: str
    kind: SourceKind
    source: StatusSource
    concerns: Mapping[str, Concern]
    refresh_s: float
    announce: bool = False
    announce_after_s: float = 0.0
    silencer: Silencer | None = None
