"""Differences between an issue as it was stored and as its tracker tells it now. Pure."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from bot.known_issues.model import Change, ChangeKind, IssueReading, IssueState, KnownIssue, TrackerIssue

_LONGEST = 300
"""Characters of a text that a change quotes; the whole of it stands in the issue."""

_REACHED = {
    IssueState.IN_PROGRESS: ChangeKind.IN_PROGRESS,
    IssueState.DONE: ChangeKind.DONE,
    IssueState.DECLINED: ChangeKind.DECLINED,
}


def worth_telling(reading: IssueReading) -> bool:
    """Whether support hears of an issue by itself; every other one is kept for handoffs only."""
    return reading.known or reading.pending


def is_same(stored: TrackerIssue, issue: TrackerIssue) -> bool:
    """Whether two records with different identities are one issue: its site's own number, or its place, tells."""
    if stored.uid == issue.uid and stored.tracker != issue.tracker:
        return bool(_site(issue)) and _site(stored) == _site(issue)
    return stored.url == issue.url and (stored.created_at == issue.created_at or stored.title == issue.title)


def _site(issue: TrackerIssue) -> str:
    try:
        return urlsplit(issue.url).netloc
    except ValueError:
        return ""


def changes(before: KnownIssue, issue: TrackerIssue, reading: IssueReading, at: datetime) -> list[Change]:
    """Each thing that changed, once."""
    return [Change(before.id, at, kind, _short(old), _short(new)) for kind, old, new in _pairs(before, issue, reading)]


def first(issue_id: int, issue: TrackerIssue, at: datetime) -> Change:
    """An issue that support did not know of yesterday."""
    return Change(issue_id, at, ChangeKind.NEW, after=_short(issue.title))


def _pairs(before: KnownIssue, issue: TrackerIssue, reading: IssueReading) -> Iterator[tuple[ChangeKind, str, str]]:
    was, had = before.issue, before.reading
    if before.gone_at:
        yield ChangeKind.BACK, "", issue.key
    if worth_telling(reading) and not worth_telling(had):
        yield ChangeKind.NEW, "", issue.title
    compared = (
        (ChangeKind.MOVED, was.key, issue.key),
        (ChangeKind.TITLE, was.title, issue.title),
        (ChangeKind.SYMPTOM, had.symptom, reading.symptom),
        (ChangeKind.WORKAROUND, had.workaround, reading.workaround),
        (ChangeKind.ETA, had.eta.isoformat() if had.eta else "", reading.eta.isoformat() if reading.eta else ""),
        (ChangeKind.PRIORITY, str(had.priority or ""), str(reading.priority or "")),
        (ChangeKind.ASSIGNED, ", ".join(was.assignees), ", ".join(issue.assignees)),
        (ChangeKind.FIX_VERSION, was.fix_version, issue.fix_version),
    )
    yield from ((kind, old, new) for kind, old, new in compared if old != new)
    yield from _state(was, issue)


def _state(was: TrackerIssue, issue: TrackerIssue) -> Iterator[tuple[ChangeKind, str, str]]:
    if was.state is not issue.state:
        kind = _REACHED.get(issue.state)
        if was.closed and not issue.closed:
            yield ChangeKind.REOPENED, was.state, issue.state
        elif kind:
            yield kind, was.state, issue.state
    if issue.released and not was.released:
        yield ChangeKind.RELEASED, "", issue.fix_version


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
