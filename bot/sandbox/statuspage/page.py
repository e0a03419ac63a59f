"""A status page's records and what its keepers do to them, without HTTP."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock

IMPACTS = ("none", "minor", "major", "critical")
INCIDENT_STATES = ("investigating", "identified", "monitoring", "resolved", "postmortem")
MAINTENANCE_STATES = ("scheduled", "in_progress", "verifying", "completed")
OPERATIONAL = "operational"


@dataclass(slots=True)
class Component:
    """`status` is usually one of Statuspage's five words; lookalikes of Statuspage have others."""

    id: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime
    position: int
    group_id: str | None = None
    group: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    id: str
    status: str
    body: str
    at: datetime


@dataclass(slots=True)
class Incident:
    """An incident, or a maintenance where `scheduled_for` is set; `updates` are newest first."""

    id: str
    name: str
    impact: str
    created_at: datetime
    components: list[Component]
    updates: list[Update] = field(default_factory=list)
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None

    @property
    def status(self) -> str:
        return self.updates[0].status

    @property
    def updated_at(self) -> datetime:
        return self.updates[0].at

    @property
    def over(self) -> bool:
        return self.status in ("resolved", "postmortem", "completed")

    def reached(self, status: str) -> datetime | None:
        """When it first had this status."""
        times = [update.at for update in self.updates if update.status == status]
        return min(times) if times else None


class StatusBoard:
    """All components and incidents of one page. ValueError says what there is not."""

    def __init__(self, *, clock: Clock, name: str) -> None:
        self._clock = clock
        self._ids = itertools.count(1)
        self.name = name
        self.updated_at = clock()
        self.components: list[Component] = []
        self.incidents: list[Incident] = []

    def add_component(self, name: str, *, group: str = "", is_group: bool = False) -> Component:
        now = self._clock()
        group_id = self.component(group).id if group else None
        made = Component(self._id(), name, OPERATIONAL, now, now, len(self.components) + 1, group_id, is_group)
        self.components.append(made)
        return made

    def component(self, name: str) -> Component:
        """By name, or by id where several groups have one of the name."""
        for component in self.components:
            if name in (component.name, component.id):
                return component
        raise ValueError(f"no component {name!r}; there are {', '.join(one.name for one in self.components)}")

    def set_status(self, name: str, status: str, *, minutes_ago: float = 0) -> None:
        """A group is as bad as the worst of its components."""
        component = self.component(name)
        component.status, component.updated_at = status, self._clock() - timedelta(minutes=minutes_ago)
        self.updated_at = self._clock()
        for group in self.components:
            if group.id == component.group_id:
                own = [one for one in self.components if one.group_id == group.id]
                group.status = max((one.status for one in own), key=severity)

    def open(
        self, name: str, *, body: str, impact: str, status: str, components: list[str], minutes_ago: float = 0
    ) -> Incident:
        at = self._clock() - timedelta(minutes=minutes_ago)
        incident = Incident(self._id(), name, impact, at, [self.component(one) for one in components])
        incident.updates = [Update(self._id(), status, body, at)]
        self.incidents.insert(0, incident)
        self.updated_at = self._clock()
        return incident

    def update(self, incident_id: str, *, status: str, body: str) -> None:
        incident = self.incident(incident_id)
        incident.updates.insert(0, Update(self._id(), status, body, self._clock()))
        self.updated_at = self._clock()

    def incident(self, incident_id: str) -> Incident:
        for incident in self.incidents:
            if incident.id == incident_id:
                return incident
        raise ValueError(f"no incident {incident_id!r}")

    def unresolved(self) -> list[Incident]:
        return [one for one in self.incidents if one.scheduled_for is None and not one.over]

    def maintenances(self) -> list[Incident]:
        """Those to come and those that run."""
        return [one for one in self.incidents if one.scheduled_for is not None and not one.over]

    def _id(self) -> str:
        """Twelve letters and digits, as Statuspage's are."""
        return f"{next(self._ids):04d}sandboxp"


_ORDER = (OPERATIONAL, "under_maintenance", "degraded_performance", "partial_outage", "major_outage")


def severity(status: str) -> int:
    """Larger is worse; a word that Statuspage does not have counts as fine here."""
    return _ORDER.index(status) if status in _ORDER else 0


def overall(board: StatusBoard) -> tuple[str, str]:
    """The page's indicator and its sentence."""
    worst = max((severity(one.status) for one in board.components), default=0)
    impact = max((IMPACTS.index(one.impact) for one in board.unresolved()), default=0)
    if worst == 1 and not impact:
        return "maintenance", "Service Under Maintenance"
    level = max(impact, (0, 0, 1, 2, 3)[worst])
    texts = ("All Systems Operational", "Partially Degraded Service", "Partial System Outage", "Major Service Outage")
    return IMPACTS[level], texts[level]
