"""What status sources say: levels, components, incidents, alerts, and what follows for a target. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How a service does. A word that nobody taught us is `UNKNOWN`, never green."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"
    DEGRADED = "degraded"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


class SourceKind(StrEnum):
    PAGE = "page"
    ALERTS = "alerts"


_ORDER = tuple(Level)
"""From well to worst. What is not known is worse than well, and better than what is known to be bad."""
BAD = (Level.DEGRADED, Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE)

BROKEN = (Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE)
LEVEL_WORDS = {
    Level.OPERATIONAL: "operational",
    Level.MAINTENANCE: "under maintenance",
    Level.UNKNOWN: "unknown",
    Level.DEGRADED: "degraded",
    Level.PARTIAL_OUTAGE: "partial outage",
    Level.MAJOR_OUTAGE: "major outage",
}


def worst(levels: Iterable[Level]) -> Level:
    """The worst of them; of nothing, unknown."""
    return max(levels, key=_ORDER.index, default=Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a status page. `word` is the page's own word for how it does; `changed_at` what the page tells."""

    id: str
    name: str
    level: Level
    word: str = ""
    group: str = ""
    changed_at: datetime | None = None
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident, or maintenance that is `planned`. `components` are ids and names of those it is about; one
    without any is about all of the page.

    `stage` is the page's word (investigating, monitoring, scheduled); `update` the newest text for customers.
    """

    id: str
    title: str
    stage: str
    level: Level
    began_at: datetime | None = None
    ends_at: datetime | None = None
    planned: bool = False
    components: tuple[str, ...] = ()
    update: str = ""
    url: str = ""


Labels = tuple[tuple[str, str], ...]
"""Sorted by name."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A firing alert. `silenced` is true where Alertmanager tells nobody about it: by a silence, or at this hour."""

    fingerprint: str
    name: str
    labels: Labels
    began_at: datetime
    summary: str = ""
    url: str = ""
    silenced: bool = False


@dataclass(frozen=True, slots=True)
class SourceReading:
    """All that one source said at one time."""

    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What one source says about one target.

    `read_at` is the age of it all, None before the first answer. `failing_since` is set while the source does not
    answer; `stale` where that has lasted so long that "all is well" is no longer known. `since` is since when it is
    as bad, or as unknown, as it is. `page_wide` are the incidents of a page that name no component.
    """

    source: str
    title: str
    kind: SourceKind
    told: Level = Level.UNKNOWN
    since: datetime | None = None
    read_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    stale: bool = False
    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    alerts: tuple[Alert, ...] = ()
    page_wide: tuple[Incident, ...] = ()

    @property
    def level(self) -> Level:
        """The level, where a failing source's last good level is unknown, and its last bad one stays bad."""
        return self.told if not self.stale or self.told in BAD else Level.UNKNOWN

    @property
    def firing(self) -> tuple[Alert, ...]:
        """The alerts that are not silenced."""
        return tuple(alert for alert in self.alerts if not alert.silenced)

    @property
    def trouble(self) -> tuple[Incident, ...]:
        """The incidents that nobody planned."""
        return tuple(incident for incident in self.incidents if not incident.planned)


@dataclass(frozen=True, slots=True)
class Expected:
    """A maintenance that a target is in now: trouble is expected from `since` until `until`.

    `name` is what people call it ("M-3"). `late` is true where its time is over and its page says that it goes on.
    """

    since: datetime
    until: datetime
    name: str
    why: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """What all sources say about one target, in the order of the configuration.

    `page` is the title of a status page where this is about all of it, and not about one of our targets. `expected` is
    the maintenance that it is in; only then no source may say anything about it.
    """

    target: str
    reports: tuple[StatusReport, ...]
    page: str = ""
    expected: Expected | None = None

    @property
    def level(self) -> Level:
        return Level.MAINTENANCE if self.as_planned else worst(report.level for report in self.reports)

    @property
    def as_planned(self) -> bool:
        """Whether a maintenance explains how it does: an incident says that there is more."""
        incidents = [incident for report in self.reports for incident in report.trouble]
        return bool(self.expected) and not any(_said_of(incident) in BAD for incident in incidents)


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """A maintenance as a page (by its name) announces it, with the targets that it is about."""

    page: str
    incident: Incident
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the reading of one source goes; `strays` counts its alerts that concern no target."""

    source: str
    title: str
    read_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    strays: int = 0


def told_by(kind: SourceKind, concerned: SourceReading) -> Level:
    """The level of what concerns one target: components as the page has them, incidents and alerts as trouble."""
    if kind is SourceKind.ALERTS:
        return Level.DEGRADED if any(not alert.silenced for alert in concerned.alerts) else Level.OPERATIONAL
    components = worst(component.level for component in concerned.components)
    return worst([components, *map(_said_of, concerned.incidents)])


def told_of_page(concerned: SourceReading) -> Level:
    """The level of a page by the incidents that name no component."""
    return worst([Level.OPERATIONAL, *map(_said_of, concerned.incidents)])


def began(kind: SourceKind, concerned: SourceReading, now: datetime) -> datetime:
    """Since when a target is as it is now seen to be for the first time: as the source says, else from now."""
    if kind is SourceKind.ALERTS:
        times = [alert.began_at for alert in concerned.alerts if not alert.silenced]
    else:
        level = worst(component.level for component in concerned.components)
        times = [
            component.changed_at
            for component in concerned.components
            if component.level is level and component.changed_at
        ]
        if level is Level.OPERATIONAL or not concerned.components:
            times = [
                incident.began_at for incident in concerned.incidents if incident.began_at and not incident.planned
            ]
    return min([*(moment for moment in times if moment <= now), now])


def same_kind(before: Level, now: Level) -> bool:
    """Whether a change between them leaves the time since when it is so as it is: bad to worse does."""
    return before is now or (before in BAD and now in BAD)


def page_title(title: str) -> str:
    """ "Status page", as it begins a line."""
    return title[:1].upper() + title[1:]


_OVER_BUT_FOR_THE_NAME = ("monitoring", "resolved", "postmortem", "completed")


def _said_of(incident: Incident) -> Level:
    """An open incident means trouble even where its component is still called well; how much, the component says."""
    if incident.planned:
        return Level.MAINTENANCE if incident.stage in ("in_progress", "verifying") else Level.OPERATIONAL
    if incident.stage in _OVER_BUT_FOR_THE_NAME or incident.level is Level.OPERATIONAL:
        return Level.OPERATIONAL
    return Level.DEGRADED if incident.level in BAD else incident.level
