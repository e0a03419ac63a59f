"""What is known now: the last reading of every source, and what it means for every target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.status.matching import about_the_page
from bot.status.model import (
    Expected,
    Incident,
    Level,
    PlannedWork,
    SourceKind,
    SourceReading,
    SourceState,
    StatusReport,
    TargetStatus,
    began,
    same_kind,
    told_by,
    told_of_page,
)
from bot.status.source import Watched
from bot.status.store import StatusStore, name_of

STALE_READINGS = 3
STALE_S = 120.0
"""After so many missed readings, and at least so long, what was well is no longer known to be."""


@dataclass(frozen=True, slots=True)
class _KnownSource:
    reading: SourceReading
    concerned: Mapping[str, SourceReading]
    """Reports by target, and a page's by its own name: matching alerts anew for each question is too slow."""
    read_at: datetime | None
    failing_since: datetime | None
    failure: str


class StatusBoard:
    """Kept in the store, and in memory so that a card costs no parsing."""

    def __init__(self, *, store: StatusStore, watched: Sequence[Watched], targets: Sequence[str], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.expected: Mapping[str, Expected] = {}
        """The maintenance that targets are in now, by target."""
        self.known_targets = tuple(targets)
        self.watched: Mapping[str, Watched] = {name_of(source): source for source in watched}
        self.targets = tuple(target for target in targets if any(target in source.concerns for source in watched))
        self.pages = tuple(name for name, source in self.watched.items() if source.kind is SourceKind.PAGE)
        self._known = {name: self._stored(name) for name in self.watched}
        self._shown = self._digests()

    @property
    def subjects(self) -> tuple[str, ...]:
        """Returns every target that a source concerns, and every page as a whole."""
        return (*self.targets, *self.pages)

    @property
    def shown(self) -> tuple[str, ...]:
        """Returns every target of which something is known: a source concerns it, or it is in maintenance."""
        return tuple(target for target in self.known_targets if target in self.targets or target in self.expected)

    def of(self, target: str) -> TargetStatus | None:
        """Returns the status of a target or of a whole page; None where no source says anything about it."""
        if target in self.pages:
            return TargetStatus(target, (self._report(target, target),), page=self.watched[target].title)
        reports = tuple(
            self._report(name, target) for name, source in self.watched.items() if target in source.concerns
        )
        expected = self.expected.get(target)
        return TargetStatus(target, reports, expected=expected) if reports or expected else None

    def planned(self) -> list[PlannedWork]:
        """Every maintenance that pages announce, with the targets that each is about: of a whole page all of them."""
        return [
            PlannedWork(name, incident, self._about(name, incident))
            for name in self.pages
            for incident in self._known[name].reading.incidents
            if incident.planned
        ]

    def is_current(self, page: str) -> bool:
        """Whether a page has answered, and does: what an old reading says of times is not what is planned now."""
        known = self._known.get(page)
        return bool(known and known.read_at and not known.failing_since)

    def states(self) -> list[SourceState]:
        """How the reading of each source goes."""
        return [self._state(name) for name in self.watched]

    def concerned(self, name: str, reading: SourceReading) -> Mapping[str, SourceReading]:
        """Returns by target its part of a reading. May run in a thread: thousands of alerts take a moment."""
        watched = self.watched[name]
        whole = {name: about_the_page(reading)} if watched.kind is SourceKind.PAGE else {}
        return {target: concern.of(reading) for target, concern in watched.concerns.items()} | whole

    def read(self, name: str, reading: SourceReading, concerned: Mapping[str, SourceReading]) -> None:
        """A source has answered, in the caller's transaction."""
        now, watched = self._clock(), self.watched[name]
        self._store.read(name, reading)
        for target, part in concerned.items():
            level, before = _told(name, target, watched, part), self._store.level(name, target)
            if not before or before[0] is not level:
                lasting = before and same_kind(before[0], level)
                since = before[1] if before and lasting else began(watched.kind, part, now)
                self._store.now_at(name, target, level, since)
        self._known[name] = _KnownSource(reading, concerned, now, None, "")

    def failed(self, name: str, reason: str) -> None:
        """A source has not answered, in the caller's transaction."""
        self._store.failed(name, reason)
        known = self._known[name]
        self._known[name] = replace(known, failing_since=known.failing_since or self._clock(), failure=reason)

    def changed(self) -> list[str]:
        """The targets and pages about which something else is shown now than when this was asked last."""
        fresh = self._digests()
        changed = [subject for subject in fresh if fresh[subject] != self._shown[subject]]
        self._shown = fresh
        return changed

    def _stored(self, name: str) -> _KnownSource:
        reading, read_at, failing_since, failure = self._store.source(name)
        return _KnownSource(reading, self.concerned(name, reading), read_at, failing_since, failure)

    def _report(self, name: str, target: str) -> StatusReport:
        watched, known = self.watched[name], self._known[name]
        report = StatusReport(
            source=name,
            title=watched.title,
            kind=watched.kind,
            read_at=known.read_at,
            failing_since=known.failing_since,
            failure=known.failure,
            stale=self._is_stale(watched, known),
        )
        level = self._store.level(name, target)
        if not known.read_at or not level:
            return report
        concerned = known.concerned[target]
        return replace(
            report,
            told=_told(name, target, watched, concerned),
            since=level[1],
            components=concerned.components,
            incidents=concerned.incidents,
            alerts=concerned.alerts,
            page_wide=known.concerned[name].incidents if name in self.pages and name != target else (),
        )

    def _is_stale(self, watched: Watched, known: _KnownSource) -> bool:
        if not known.failing_since or not known.read_at:
            return False
        patience = timedelta(seconds=max(STALE_READINGS * watched.refresh_s, STALE_S))
        return self._clock() - known.read_at > patience

    def _state(self, name: str) -> SourceState:
        watched, known = self.watched[name], self._known[name]
        concerned = {alert.fingerprint for part in known.concerned.values() for alert in part.alerts}
        strays = sum(alert.fingerprint not in concerned for alert in known.reading.alerts)
        return SourceState(name, watched.title, known.read_at, known.failing_since, known.failure, strays)

    def _about(self, page: str, incident: Incident) -> tuple[str, ...]:
        concerns = self.watched[page].concerns
        if not incident.components:
            return tuple(target for target in self.known_targets if target in concerns)
        concerned = self._known[page].concerned
        return tuple(
            target for target in self.known_targets if target in concerns and incident in concerned[target].incidents
        )

    def _digests(self) -> dict[str, tuple[object, ...]]:
        """What is shown of each target and page, without the times and figures that differ in every reading."""
        return {subject: self._digest(subject) for subject in (*self.known_targets, *self.pages)}

    def _digest(self, target: str) -> tuple[object, ...]:
        status = self.of(target)
        return (status.expected, *map(_lasting, status.reports)) if status else ()


def _told(name: str, target: str, watched: Watched, concerned: SourceReading) -> Level:
    return told_of_page(concerned) if target == name else told_by(watched.kind, concerned)


def _lasting(report: StatusReport) -> StatusReport:
    return replace(
        report,
        read_at=report.read_at if report.failing_since else None,
        failure="",
        components=tuple(replace(component, changed_at=None) for component in report.components),
        alerts=tuple(replace(alert, summary="", url="") for alert in report.alerts),
    )
