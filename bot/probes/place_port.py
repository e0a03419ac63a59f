"""The port to measurements from elsewhere: the same kinds and the same results, seen from another place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.probes.model import ProbeResult, Subject


@dataclass(frozen=True, slots=True)
class RemoteRun:
    """What the probes in one place found, also on the way.

    `id` names the measurement, so that another one can use the same probes; "" where there is none. `results` has one
    entry per probe, in an order that stays when the probes are used again; it is empty until the first answer.
    """

    id: str = ""
    results: tuple[ProbeResult, ...] = ()


RemoteProgress = Callable[[RemoteRun], None]


class Vantage(Protocol):
    """Somebody who measures for us from other places."""

    kinds: frozenset[str]

    async def spare(self, tests: int) -> str:
        """Why so many tests should be kept for what people ask for themselves; "" where there are enough."""
        ...

    async def measure(
        self, kind: str, subject: Subject, *, place: str, limit: int, reuse: str, progress: RemoteProgress
    ) -> RemoteRun:
        """Measure from up to `limit` probes in `place`, or from those of the measurement `reuse` where it is not "".

        Never raises for what the network or the service does: that is the result, at least one. `progress` is called
        as soon as the measurement has its id, and again with each update; before that, without an id, where the
        service lets it wait.
        """
        ...
