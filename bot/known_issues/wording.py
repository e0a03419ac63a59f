"""Words for people about a known issue; what it does not say is called missing. Pure."""

import re
from collections.abc import Sequence
from datetime import date

from bot.known_issues.model import (
    PRIORITY_WORDS,
    Age,
    Change,
    ChangeKind,
    EtaSource,
    IssueState,
    KnownIssue,
    Priority,
    version_name,
)
from bot.slack.text import as_of, at, clock_time, foreign, link

NO_WORKAROUND = "no workaround known"
NO_ETA = "no ETA"
_FROM = {
    EtaSource.MILESTONE: "milestone",
    EtaSource.FIX_VERSION: "fix version",
    EtaSource.DUE_DATE: "due date",
    EtaSource.BODY: "in the issue",
}
_STATES = {
    IssueState.OPEN: "open",
    IssueState.IN_PROGRESS: "in progress",
    IssueState.DONE: "fixed",
    IssueState.DECLINED: "won't be fixed",
}
_CHANGED = {
    ChangeKind.NEW: "added",
    ChangeKind.TITLE: "title",
    ChangeKind.SYMPTOM: "symptom",
    ChangeKind.WORKAROUND: "workaround",
    ChangeKind.ETA: "ETA",
    ChangeKind.PRIORITY: "priority",
    ChangeKind.ASSIGNED: "assigned",
    ChangeKind.IN_PROGRESS: "in progress",
    ChangeKind.FIX_VERSION: "version",
    ChangeKind.DONE: "fixed",
    ChangeKind.DECLINED: "won't be fixed",
    ChangeKind.RELEASED: "released",
    ChangeKind.REGRESSED: "regressed",
    ChangeKind.REOPENED: "reopened",
    ChangeKind.MOVED: "moved",
    ChangeKind.GONE: "gone from the tracker",
    ChangeKind.BACK: "back in the tracker",
}
_WITHOUT_WORDS = (ChangeKind.NEW, ChangeKind.IN_PROGRESS, ChangeKind.DONE, ChangeKind.DECLINED, ChangeKind.REOPENED)


_MARKUP = re.compile(
    r"\\([!-/:-@\[-`{-~])|\[([^\[\]\n]*+)\]\((?>(?:[^()\s]|\([^()\s]*+\))*)\)"
    r"|\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=[^\s*])\*(?!\w)"
)
_POINT = re.compile(r"(?:(\S)|(?<!\s))(?:\A|(?>(?:[^\S\n]*+\n)+))[ \t]*+[-*+][ \t]++(?=\S)")
"""A list's point, with the character before it; a gap is looked at from its beginning only."""
READ_MAX = 8_000
"""How many characters of a text are made plain for a single line."""


def plain(markdown: str) -> str:
    """Text as a tracker shows it: without Markdown's marks and escapes, links by what they are called."""
    return _MARKUP.sub(lambda hit: hit[1] or hit[2] or "", markdown)


def in_one_line(markdown: str) -> str:
    """Returns the workaround in one line, with semicolons between the points of a list."""
    return plain(_POINT.sub(_parted, markdown[:READ_MAX]))


def _parted(point: re.Match[str]) -> str:
    before = point[1] or ""
    return before and before + (" " if before in ".:;!?" else "; ")


def name(known: KnownIssue) -> str:
    """ "KI-31", which leads to the tracker, with the same bug in another one: "KI-31 (also VPN-31)"."""
    own = link(known.issue.url, known.name) if known.issue.url else known.name
    also = [link(twin.url, twin.key) if twin.url else foreign(twin.key, 60) for twin in known.also[:3]]
    return f"{own} (also {', '.join(also)})" if also else own


def day(moment: date) -> str:
    """ "12 Dec", with the year where a reader could take it for another."""
    return f"{moment.day} {moment:%b %Y}"


def eta(known: KnownIssue) -> str:
    """ "ETA 12 Dec 2026 (milestone 2.15)", "no ETA"; a closed issue has none."""
    reading = known.reading
    if not reading.eta:
        return NO_ETA
    source = _FROM[reading.eta_source] if reading.eta_source else ""
    versioned = reading.eta_source in (EtaSource.MILESTONE, EtaSource.FIX_VERSION) and known.issue.fix_version
    why = f"{source} {foreign(known.issue.fix_version, 40)}" if versioned else source
    return f"ETA {day(reading.eta)}" + (f" ({why})" if why else "")


def state(known: KnownIssue) -> str:
    issue = known.issue
    if known.gone_at:
        return f"gone from the tracker since {at(known.gone_at)}"
    if issue.state is IssueState.DONE and issue.fix_version:
        how = "released in" if issue.released else "fixed, comes with"
        return f"{how} {foreign(version_name(issue.fix_version) or issue.fix_version, 40)}"
    return _STATES[issue.state]


def fate(known: KnownIssue) -> str:
    """Returns the ETA while the issue is open, else how it ended."""
    return state(known) if known.issue.closed or known.gone_at else eta(known)


def workaround(known: KnownIssue, limit: int = 300) -> str:
    text = known.reading.workaround
    return f"workaround: {foreign(in_one_line(text), limit).removesuffix('.')}" if text else NO_WORKAROUND


def priority(known: KnownIssue) -> str:
    level = known.reading.priority
    return f"{level} {PRIORITY_WORDS[level]}" if level else "no priority"


def age(tracker: Age) -> str:
    """ "as of 09:14; unreachable since 09:20 (timeout)"."""
    when = as_of(tracker.as_of) if tracker.as_of else "not read yet"
    trouble = f"; unreachable since {clock_time(tracker.failing_since)}" if tracker.failing_since else ""
    why = f" ({foreign(tracker.reason, 100)})" if trouble and tracker.reason else ""
    return f"{foreign(tracker.title, 60)} {when}{trouble}{why}"


def seen_age(tracker: Age) -> str:
    """Returns the age with a warning sign in trouble, for a message that is edited in place.

    Always there, as of the last edit: a tracker that answers well causes none.
    """
    return f":warning: {age(tracker)}" if tracker.failing_since else age(tracker)


def ages(trackers: Sequence[Age]) -> str:
    return " · ".join(map(age, trackers)) or "no tracker set up"


def change(entry: Change) -> str:
    """ "20 Nov 09:12 ETA: 5 Dec 2026 → 12 Dec 2026"."""
    said = _CHANGED[entry.kind]
    if entry.kind in _WITHOUT_WORDS:
        return f"{at(entry.at)} {said}"
    before, after = value(entry.kind, entry.before), value(entry.kind, entry.after)
    if entry.kind is ChangeKind.GONE:
        return f"{at(entry.at)} {said} (it was {before})"
    if entry.kind is ChangeKind.REGRESSED:
        return f"{at(entry.at)} {said}: customers write again" + (f" after {after}" if entry.after else "")
    if entry.kind in (ChangeKind.BACK, ChangeKind.RELEASED):
        return f"{at(entry.at)} {said}" + (f": {after}" if entry.after else "")
    return f"{at(entry.at)} {said}: {before} → {after}"


def value(kind: ChangeKind, text: str, limit: int = 120) -> str:
    """A value before or after a change; dates and priorities as they are said elsewhere."""
    if not text:
        return "none"
    if kind is ChangeKind.ETA:
        return day(date.fromisoformat(text))
    if kind is ChangeKind.PRIORITY:
        return f"{text} {PRIORITY_WORDS[Priority(text)]}"
    return foreign(in_one_line(text), limit)
