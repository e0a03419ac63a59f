"""A release with what it closes, and who follows what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import BadInput
from bot.known_issues.model import Age, ChangeKind, KnownIssue, Release, name_in
from bot.replies.model import UntoldTicket

_LINE_MARK = re.compile(r"^#+\s*|^[-*+]\s+")
_MARKS = re.compile(r"!?\[([^\[\]]*+)\]\([^()]*+(?>(?:\([^()]*+\)[^()]*+)*)\)|<!--.*?(?:-->|\Z)|[*_`]{1,3}")

ISSUE_NEWS = {
    ChangeKind.DONE: "is fixed",
    ChangeKind.DECLINED: "is closed without a fix",
    ChangeKind.RELEASED: "is released",
    ChangeKind.REGRESSED: "has regressed: customers write again",
    ChangeKind.REOPENED: "is open again",
    ChangeKind.GONE: "is gone from its tracker",
}
"""What a change of an issue is called; other changes have a value."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Who follows what."""

    who: str
    """A channel that hears of releases, or a person who hears of one known issue."""
    tracker: str = ""
    """Its name, "" for all of them."""
    issue_id: int | None = None
    """Set where a known issue is followed."""


@dataclass(frozen=True, slots=True)
class AnnouncedRelease:
    """A release as its message shows it."""

    id: int
    release: Release
    tracker_title: str
    issues: tuple[KnownIssue, ...]
    tickets: dict[int, int]
    """How many customers' tickets wait for it, by known issue."""
    age: Age


@dataclass(frozen=True, slots=True)
class FollowedIssue:
    """A known issue for the person who follows it."""

    issue: KnownIssue
    tickets: int
    since: datetime
    age: Age
    active: bool = True


@dataclass(frozen=True, slots=True)
class UntoldFix:
    """Customers who wait to be told of one fix that is out."""

    about: str
    """Its known issue."""
    title: str
    version: str
    count: int
    since: datetime
    round_id: int
    """The newest round of it."""


def untold_fixes(untold: Sequence[UntoldTicket]) -> tuple[UntoldFix, ...]:
    """By fix, those first who wait longest."""
    by_fix: dict[tuple[str, str], list[UntoldTicket]] = {}
    for ticket in untold:
        by_fix.setdefault((ticket.about, ticket.values.get("version", "")), []).append(ticket)
    waiting = (
        UntoldFix(
            about,
            listed[-1].values.get("title", ""),
            version,
            len({ticket.ticket_id for ticket in listed}),
            min(ticket.since for ticket in listed),
            max(ticket.round_id for ticket in listed),
        )
        for (about, version), listed in by_fix.items()
    )
    return tuple(sorted(waiting, key=lambda fix: (fix.since, fix.about)))


def read_follow(text: str, who: str, channel: str, trackers: Sequence[str]) -> Follow:
    """What follows `/t2 follow`: nothing or a tracker is for the channel, a known issue for the person.

    Raises BadInput.
    """
    word = text.strip().strip(".,!").lower()
    number = name_in(word)
    if number is not None:
        return Follow(who, issue_id=number)
    if word in ("", "releases", "all"):
        return Follow(channel)
    if tracker := next((name for name in trackers if name.lower() == word), ""):
        return Follow(channel, tracker=tracker)
    listed = ", ".join(f"`/t2 follow {name}`" for name in trackers)
    raise BadInput(
        f"I can't follow {text.strip()[:40]!r}. `/t2 follow` announces every release in this channel"
        + (f", {listed} of one tracker's" if listed else "")
        + ", and `/t2 follow KI-31` messages you about one known issue."
    )


def news_key(release: Release) -> str:
    return f"{release.tracker}/{release.uid}"


def headline(notes: str, limit: int = 600) -> str:
    """The first paragraphs of release notes as plain words, without Markdown's marks, headings and lists of commits."""
    lines = [line.strip() for line in notes.replace("\r", "").split("\n")]
    kept = [_LINE_MARK.sub("• " if line[:1] in "-*+" else "", line) for line in lines if line]
    plain = [_MARKS.sub(lambda hit: hit[1] or "", line) for line in kept]
    text = "\n".join(line for line in plain if line)
    return text if len(text) <= limit else text[: limit - 1] + "…"
