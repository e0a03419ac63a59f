"""What a GitHub starts with: people, tokens with their permissions, limits and repositories."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.github.records import User

BOT = User(9_001, "secondline-bot", "Bot")
PEOPLE = (BOT, User(9_002, "mira-dev"), User(9_003, "oskar-dev"), User(9_004, "qa-ines"), User(9_005, "nora-pm"))
TOKEN = "github_pat_sandbox"
READ_ONLY_TOKEN = "github_pat_sandbox_read"
OTHER_TOKEN = "github_pat_sandbox_other"
OTHER = User(9_006, "secondline-two")
WEBHOOK_SECRET = "sandbox-github-webhook-secret"


@dataclass(frozen=True, slots=True)
class SeedMilestone:
    """`due_in_days` from now; None is a milestone without a date."""

    title: str
    due_in_days: float | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class SeedIssue:
    """An issue by its text and how long ago it was made and changed; numbers are given in the order of the seed."""

    title: str
    body: str | None = ""
    days_ago: float = 1.0
    updated_days_ago: float = 0.5
    labels: tuple[str, ...] = ()
    milestone: str = ""
    assignee: str = ""
    author: str = "mira-dev"
    state: str = "open"
    comments: tuple[str, ...] = ()
    pull: bool = False


@dataclass(frozen=True, slots=True)
class SeedRelease:
    """`days_ago` None is a draft."""

    tag: str
    name: str
    body: str = ""
    days_ago: float | None = 1.0
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class SeedRepository:
    full_name: str
    issues: tuple[SeedIssue, ...] = ()
    milestones: tuple[SeedMilestone, ...] = ()
    releases: tuple[SeedRelease, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests as count and window in seconds; `points` and `content` are the secondary limits."""

    core: tuple[int, int] = (5_000, 3_600)
    search: tuple[int, int] = (30, 60)
    points: tuple[int, int] = (900, 60)
    content: tuple[int, int] = (80, 60)


_WRITES = {"issues": "write", "contents": "read", "metadata": "read"}


@dataclass(frozen=True, slots=True)
class Seed:
    """`tokens` maps each token to its permissions; `search_lag_s` is how long a change takes to be found by search.

    `address` is what it calls itself in what it answers, where that is another than it was reached under: behind a
    proxy.
    """

    repositories: tuple[SeedRepository, ...] = ()
    people: tuple[User, ...] = PEOPLE
    tokens: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {TOKEN: _WRITES, OTHER_TOKEN: _WRITES, READ_ONLY_TOKEN: {**_WRITES, "issues": "read"}}
    )
    accounts: Mapping[str, User] = field(default_factory=lambda: {OTHER_TOKEN: OTHER})
    """Whose a token is, where it is not the bot's first account."""
    limits: Limits = field(default_factory=Limits)
    search_lag_s: float = 0.0
    address: str = ""
