"""What is announced: trouble of a target that makes customers write, and who asked for silence about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.status.model import BAD, Alert, Expected, Incident, Level, StatusReport, TargetStatus

SEEN_MAX = 200
"""How many alerts of one announcement are remembered."""


@dataclass(frozen=True, slots=True)
class TargetTrouble:
    """The trouble of a target now, as far as it is announced.

    `silenced` are alerts that Alertmanager holds back; `failing` reports are of sources that do not answer now.
    """

    alerts: tuple[Alert, ...] = ()
    silenced: tuple[Alert, ...] = ()
    incidents: tuple[Incident, ...] = ()
    due_at: datetime | None = None
    failing: tuple[StatusReport, ...] = ()

    @property
    def on(self) -> bool:
        """Something that nobody silenced."""
        return bool(self.alerts or self.incidents)

    @property
    def going(self) -> bool:
        """Not over, silenced or not."""
        return self.on or bool(self.silenced)

    @property
    def seen(self) -> tuple["ToldTrouble", ...]:
        alerts = [(each.fingerprint, each.name, each.began_at, False) for each in (*self.alerts, *self.silenced)]
        incidents = [(each.id, each.title, each.began_at, True) for each in self.incidents]
        return tuple(ToldTrouble(*each) for each in (*alerts, *incidents))


@dataclass(frozen=True, slots=True)
class ToldTrouble:
    """An alert or an incident that an announcement has told of."""

    key: str
    name: str
    began_at: datetime | None
    incident: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """The one message about one time of trouble. While `over_at` is set it may still come back."""

    id: int
    target: str
    channel: str
    began_at: datetime
    announced_at: datetime
    over_at: datetime | None = None
    returns: int = 0
    seen: tuple[ToldTrouble, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class SilenceWish:
    """A silence of one alert that is wanted in Alertmanager, or made there. `link` is where people see it."""

    silence_id: int
    source: str
    alert: Alert
    wanted: bool = True
    remote_id: str = ""
    failure: str = ""
    done: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Who wants to hear nothing about a target, until when."""

    id: int
    target: str
    by: str
    at: datetime
    until: datetime
    orders: tuple[SilenceWish, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownAnnouncement:
    """An announcement with what its card shows beside it: the trouble now, the silence that holds now."""

    announcement: Announcement
    trouble: TargetTrouble
    silence: Silence | None = None


def trouble_of(status: TargetStatus, told_after_s: Mapping[str, float]) -> TargetTrouble:
    """The trouble that the announcing sources tell of, by how long an alert of each must fire; `due_at` is when it may
    be announced."""
    reports = [report for report in status.reports if report.source in told_after_s]
    told = [(report, incident) for report in reports for incident in report.trouble if _tells(incident)]
    due = [
        alert.began_at + timedelta(seconds=told_after_s[report.source]) for report in reports for alert in report.firing
    ]
    times = [incident.began_at or report.read_at for report, incident in told]
    return TargetTrouble(
        alerts=tuple(alert for report in reports for alert in report.firing),
        silenced=tuple(alert for report in reports for alert in report.alerts if alert.silenced),
        incidents=tuple(incident for _, incident in told),
        due_at=min([*due, *(moment for moment in times if moment)], default=None),
        failing=tuple(report for report in reports if report.failing_since),
    )


BEFORE_IT = timedelta(minutes=10)
"""Alerts that fired so long before a maintenance began are not of it: work often begins a little early."""


def explained(trouble: TargetTrouble, expected: Expected | None) -> bool:
    """Whether a maintenance explains all of it: alerts that began with it or in it.

    An incident never is: somebody wrote on the status page that there is more.
    """
    if not expected or trouble.incidents:
        return False
    return all(alert.began_at >= expected.since - BEFORE_IT for alert in trouble.alerts)


def began_at(trouble: TargetTrouble, now: datetime) -> datetime:
    return min([*(cause.began_at for cause in trouble.seen if cause.began_at), now])


def gathered(before: Sequence[ToldTrouble], trouble: TargetTrouble) -> tuple[ToldTrouble, ...]:
    """Returns what was announced before with what is new, each once."""
    known = {(cause.key, cause.began_at) for cause in before}
    return (*before, *(cause for cause in trouble.seen if (cause.key, cause.began_at) not in known))[:SEEN_MAX]


def _tells(incident: Incident) -> bool:
    """Whether customers notice it, by the page's own words; unknown words may mean that they do."""
    return incident.level in (*BAD, Level.UNKNOWN) and incident.stage not in ("resolved", "postmortem")
