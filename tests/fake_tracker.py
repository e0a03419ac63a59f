"""A tracker without a server, and issues to put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.known_issues.model import IssueDraft, IssueState, Release, TrackerIssue
from bot.known_issues.tracker import Account, NoSuchIssue, TrackerChanges, TrackerError

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def issue(
    number: int, title: str = "It fails", *, symptom: str = "", workaround: str = "", **more: Any
) -> TrackerIssue:
    """A known issue of the tracker "app", unless `more` says otherwise."""
    parts = {"Symptoms": symptom, "Workaround": workaround}
    body = "\n\n".join(f"## {name}\n\n{text}" for name, text in parts.items() if text)
    known: dict[str, Any] = {"labels": ("known-issue",), "state": IssueState.OPEN, "body": body}
    known |= {"created_at": NOW, "updated_at": NOW, "url": f"https://tracker.test/{number}"}
    return TrackerIssue(**{"tracker": "app", "uid": str(number), "key": f"app#{number}", "title": title} | known | more)


def down(reason: str = "timed out", *, retry: bool = True) -> TrackerError:
    return TrackerError("GitHub", reason, retry=retry)


@dataclass
class FakeTracker:
    """Implements Tracker; `failure` is raised by every method while it is set."""

    issues: dict[str, TrackerIssue] = field(default_factory=dict)
    failure: TrackerError | None = None
    comments: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By stamp: the issue's key and the text."""
    made: dict[str, TrackerIssue] = field(default_factory=dict)
    assigned: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    hurried: int = 0
    name: str = "app"
    title: str = "GitHub acme/app"

    def put(self, *issues: TrackerIssue) -> Sequence[TrackerIssue]:
        self.issues |= {each.uid: each for each in issues}
        return issues

    def named(self, text: str) -> str:
        number = text.strip().rpartition("/")[2].rpartition("#")[2]
        return f"app#{number}" if number.isdigit() else ""

    async def changes(self, cursor: str) -> TrackerChanges:
        self._answer()
        return TrackerChanges(tuple(self.issues.values()), "end")

    async def read(self, key: str) -> TrackerIssue:
        self._answer()
        for each in self.issues.values():
            if key in (each.key, each.url, each.uid):
                return each
        raise NoSuchIssue(self.title, key)

    async def recheck(self, issues: Sequence[TrackerIssue]) -> Mapping[str, TrackerIssue | None]:
        self._answer()
        return {each.uid: self.issues.get(each.uid) for each in issues}

    async def create(self, draft: IssueDraft, *, stamp: str) -> TrackerIssue:
        self._answer()
        number = 900 + len(self.made)
        self.made.setdefault(stamp, replace(issue(number, draft.title), body=draft.body, labels=draft.labels))
        return self.made[stamp]

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        self.tries += 1
        self._answer()
        self.comments.setdefault(stamp, (issue.key, text))
        return f"{issue.url}#comment"

    async def assignable(self) -> tuple[Account, ...]:
        self._answer()
        return (Account("lena-dev", "Lena"), Account("max-dev", "Max"))

    async def assign(self, issue: TrackerIssue, account: str) -> None:
        self._answer()
        self.assigned[issue.key] = account

    async def releases(self) -> tuple[Release, ...]:
        self._answer()
        return ()

    def hurry(self) -> None:
        self.hurried += 1

    async def check(self) -> str:
        self._answer()
        return "ok, as bot"

    def _answer(self) -> None:
        if self.failure:
            raise self.failure
