"""What was found of a target when it was last measured. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from bot.probes.batch import Batch
from bot.probes.conclusion import Light, headline

TOGETHER = timedelta(hours=1)
"""What was measured so long before the last of it is told with it: a single probe says little of the rest."""


@dataclass(frozen=True, slots=True)
class LastLook:
    """`words` is a sentence without markup, `at` when the last of it ended."""

    at: datetime
    words: str
    light: Light


def last_look(batches: Iterable[Batch], target: str) -> LastLook | None:
    """None where nothing of it was measured. What could not be measured never stands for what was."""
    ended = [(batch.finished_at, batch) for batch in batches if batch.finished_at and _measured(batch, target)]
    if not ended:
        return None
    at = max(moment for moment, _ in ended)
    together = sorted((batch for moment, batch in ended if moment >= at - TOGETHER), key=attrgetter("id"))
    conclusion = headline(together, target)
    return LastLook(at, conclusion.text, conclusion.light)


def _measured(batch: Batch, target: str) -> bool:
    return headline([batch], target).measured
