"""What the detector is told beforehand, and what it says of a usual hour."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

OF_TARGETS, OF_SYMPTOMS, OF_TERMS, OF_FLEET = 0.8, 0.06, 0.1, 0.02
"""How the messages that may be false are shared out among what is watched."""


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """What kind of desk it watches, and how often it may be wrong."""

    targets: tuple[str, ...] = ()
    """Keys of those whose tickets are counted; other keys are not."""
    zone: tzinfo = UTC
    """In which hours of a week and holidays are meant."""
    holidays: frozenset[date] = field(default_factory=frozenset)
    """Days that are like Sundays."""
    false_per_week: float = 1.0
    """So many messages a week may be chance, of all targets, symptoms, versions and words together."""
    windows_h: tuple[float, ...] = (0.5, 1.0, 3.0)
    learn_days: int = 7
    """It says nothing before it has seen so many days."""


@dataclass(frozen=True, slots=True)
class UsualHour:
    """What is expected of a series in the hour that begins at `at`: nine hours of ten are between `low` and `high`."""

    at: datetime
    expected: float
    low: int
    high: int
