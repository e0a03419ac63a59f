"""When what happened first, from the first sign of trouble to the end. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.investigations.model import EventKind
from bot.investigations.onset import OnsetSource
from bot.investigations.overview import Overview
from bot.investigations.pictures import milestones

_ALSO = {EventKind.CLAIMED: "Claimed", EventKind.PROBE: "First evidence"}
"""Beside the milestones."""


@dataclass(frozen=True, slots=True)
class Happened:
    """`words` begin with a capital letter: "Escalated"."""

    at: datetime
    words: str


def times_of(overview: Overview) -> tuple[Happened, ...]:
    """In their order."""
    events, onset = overview.events, overview.onset
    happened = [Happened(events[0].at + one.after, one.words) for one in milestones(events)] if events else []
    for kind, words in _ALSO.items():
        first = next((event for event in events if event.kind is kind), None)
        happened += [Happened(first.at, words)] if first else []
    if onset.source is not OnsetSource.OPENING:
        happened.append(Happened(onset.at, f"First sign: {onset.words}"))
    return tuple(sorted(happened, key=lambda one: one.at))
