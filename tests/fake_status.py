"""A status source in memory, and what it may say."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.status.matching import Concern, parse_matcher
from bot.status.model import Alert, Component, Level, SourceKind, SourceReading
from bot.status.source import SilenceOrder, SourceError, Watched


def alert(name: str, began_at: datetime, *, region: str = "us-east", number: int = 1, silenced: bool = False) -> Alert:
    labels = (("alertname", name), ("instance", f"gw-{number}"), ("region", region))
    return Alert(f"{name}-{region}-{number}", name, labels, began_at, summary=f"{name} is high", silenced=silenced)


def component(name: str, level: Level, *, word: str = "", changed_at: datetime | None = None) -> Component:
    return Component(name.lower(), name, level, word=word or level, changed_at=changed_at)


def away(reason: str = "unreachable", *, retry: bool = True, retry_after_s: float | None = None) -> SourceError:
    return SourceError("Alertmanager", reason, retry=retry, retry_after_s=retry_after_s)


@dataclass
class FakeSource:
    """Implements the ports `StatusSource` and `Silencer`.

    `down` ends every call; each of `lost_answers` is raised after a silence was made.
    """

    reading: SourceReading = field(default_factory=SourceReading)
    down: SourceError | None = None
    lost_answers: deque[SourceError] = field(default_factory=deque)
    reads: int = 0
    silences: dict[str, SilenceOrder] = field(default_factory=dict)

    async def read(self) -> SourceReading:
        self.reads += 1
        self._answer()
        return self.reading

    async def check(self) -> tuple[str, SourceReading]:
        return "ok", await self.read()

    async def silence(self, order: SilenceOrder) -> str:
        self._answer()
        self.silences.setdefault(order.mark, order)
        if self.lost_answers:
            raise self.lost_answers.popleft()
        return f"s-{list(self.silences).index(order.mark)}"

    async def lift(self, mark: str) -> None:
        self._answer()
        self.silences.pop(mark, None)

    def link(self, silence_id: str) -> str:
        return f"https://slack.test/#/silences/{silence_id}"

    def _answer(self) -> None:
        if self.down:
            raise self.down


def alerts(source: FakeSource, *, write: bool = False, after_s: float = 120, announce: bool = True) -> Watched:
    """An Alertmanager about us-east and us-west."""
    concerns = {key: Concern(matchers=(parse_matcher(f"region={key}"),)) for key in ("us-east", "us-west")}
    return Watched(
        "ops", "Alertmanager", SourceKind.ALERTS, source, concerns, 30, announce, after_s, source if write else None
    )


def page(source: FakeSource, *, announce: bool = True) -> Watched:
    """A status page about us-east."""
    return Watched(
        "public", "status page", SourceKind.PAGE, source, {"us-east": Concern(names=("US East",))}, 60, announce
    )
