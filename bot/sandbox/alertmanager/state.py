"""Alerts and silences, and which alert is suppressed by what, without HTTP."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.alertmanager.matchers import Matcher, all_match

RESOLVE_TIMEOUT = timedelta(minutes=5)
KEPT_SILENCES = timedelta(hours=120)


@dataclass(slots=True)
class Alert:
    """`ends_at` None is one that somebody keeps firing, as Prometheus does by sending it again and again."""

    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: datetime
    updated_at: datetime
    ends_at: datetime | None = None
    generator_url: str = ""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.labels)


@dataclass(slots=True)
class Silence:
    id: str
    matchers: list[Matcher]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str
    updated_at: datetime

    def state(self, now: datetime) -> str:
        if now >= self.ends_at:
            return "expired"
        return "pending" if now < self.starts_at else "active"


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """While an alert of `source` fires, those of `target` with the same values of `equal` are inhibited."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()


@dataclass(slots=True)
class Alerts:
    clock: Clock
    rules: tuple[InhibitRule, ...] = ()
    alerts: dict[str, Alert] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    intervals: dict[str, dict[str, str]] = field(default_factory=dict)
    """The labels of what each time interval mutes now, by its name."""

    def firing(self) -> list[Alert]:
        """By fingerprint, as the API lists them; one that has ended is not listed any more."""
        now = self.clock()
        found = [alert for alert in self.alerts.values() if alert.ends_at is None or alert.ends_at > now]
        return sorted(found, key=lambda alert: alert.fingerprint)

    def put(self, alert: Alert) -> None:
        """A known one keeps its beginning while it still fires."""
        known = next((one for one in self.firing() if one.fingerprint == alert.fingerprint), None)
        if known is not None:
            alert.starts_at = min(alert.starts_at, known.starts_at)
        self.alerts[alert.fingerprint] = alert

    def resolve(self, labels: Mapping[str, str]) -> int:
        """End all that have these labels; gives how many."""
        found = [one for one in self.firing() if labels.items() <= one.labels.items()]
        for alert in found:
            alert.ends_at = alert.updated_at = self.clock()
        return len(found)

    def silenced_by(self, alert: Alert) -> list[str]:
        now = self.clock()
        active = [silence for silence in self.silences.values() if silence.state(now) == "active"]
        return sorted(silence.id for silence in active if all_match(silence.matchers, alert.labels))

    def inhibited_by(self, alert: Alert) -> list[str]:
        found = []
        for rule in self.rules:
            if not all_match(list(rule.target), alert.labels) or all_match(list(rule.source), alert.labels):
                continue
            found += [
                other.fingerprint
                for other in self.firing()
                if all_match(list(rule.source), other.labels)
                and all(other.labels.get(name, "") == alert.labels.get(name, "") for name in rule.equal)
            ]
        return sorted(set(found))

    def muted_by(self, alert: Alert) -> list[str]:
        return sorted(name for name, labels in self.intervals.items() if labels.items() <= alert.labels.items())

    def put_silence(self, silence: Silence, replaces: str = "") -> str:
        """A changed silence ends the old one and has a new id, unless only its end or words are other; gives the id."""
        old = self.silences.get(replaces) if replaces else None
        if old is not None and old.state(self.clock()) != "expired":
            if old.matchers == silence.matchers and old.starts_at <= silence.starts_at:
                old.ends_at, old.comment, old.created_by = silence.ends_at, silence.comment, silence.created_by
                old.updated_at = self.clock()
                return old.id
            self.expire(old)
        self.silences[silence.id] = silence
        return silence.id

    def expire(self, silence: Silence) -> None:
        now = self.clock()
        silence.ends_at = silence.updated_at = now
        silence.starts_at = min(silence.starts_at, now)


def new_id() -> str:
    return str(uuid.uuid4())


def fingerprint(labels: Mapping[str, str]) -> str:
    """FNV-1a of 64 bits over the sorted labels, each name and value followed by a byte 255 (prometheus/common)."""
    found = 14695981039346656037
    for name in sorted(labels):
        for text in (name, labels[name]):
            for byte in (*text.encode(), 255):
                found = ((found ^ byte) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return f"{found:016x}"
