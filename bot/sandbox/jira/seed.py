"""What a Jira starts with: people, the bot's token, and projects with versions and issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.jira.records import User

EMAIL, TOKEN = "secondline@harbor.example", "sandbox-jira-token"
WEBHOOK_SECRET = "sandbox-jira-webhook-secret"
BOT_ZONE = "Europe/Berlin"
"""JQL reads times in the zone of the user that asks."""
BOT = User("5b10a2844c20165700ede21g", "Second Line", EMAIL, BOT_ZONE)
PEOPLE = (
    BOT,
    User("5b10ac8d82e05b22cc7d4ef5", "Mira Novak", "mira@harbor.example"),
    User("5b109f2e9729b51b54dc274d", "Oskar Lind", "oskar@harbor.example"),
    User("5b10a0effa615349cb016cd8", "Ines Costa", "ines@harbor.example"),
)


@dataclass(frozen=True, slots=True)
class SeedVersion:
    """`release_in_days` from now; None is a version without a date."""

    name: str
    release_in_days: int | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class SeedIssue:
    """An issue by its texts (simple Markdown, see `adf.document`); numbers are given in the order of the seed."""

    summary: str
    description: str = ""
    days_ago: float = 1.0
    updated_days_ago: float = 0.5
    type: str = "Bug"
    status: str = "To Do"
    priority: str = "Medium"
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    fix_version: str = ""
    due_in_days: int | None = None
    assignee: str = ""
    symptoms: str = ""
    workaround: str = ""
    customer_facing: bool | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedProject:
    key: str
    name: str
    issues: tuple[SeedIssue, ...] = ()
    versions: tuple[SeedVersion, ...] = ()
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests in a second, by reading and by writing."""

    reads: int = 100
    writes: int = 50


@dataclass(frozen=True, slots=True)
class Seed:
    """`tokens` maps each user's address to the token; `search_lag_s` is how long a change takes to be found by JQL.

    `locked` are addresses that may read but not write.
    """

    projects: tuple[SeedProject, ...] = ()
    people: tuple[User, ...] = PEOPLE
    tokens: Mapping[str, str] = field(default_factory=lambda: {EMAIL: TOKEN})
    locked: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    search_lag_s: float = 0.0
