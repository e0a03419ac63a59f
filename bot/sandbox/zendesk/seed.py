"""What a desk starts with: credentials, limits, people, and the tickets that customers wrote."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.zendesk.tickets import Group, User

BOT_USER = User(4_000_001, "Second Line", "secondline@harbor.example", "admin")
AGENTS = (
    BOT_USER,
    User(4_000_002, "Kim Park", "kim@harbor.example", "agent"),
    User(4_000_003, "Jo Berg", "jo@harbor.example", "agent"),
    User(4_000_004, "Ana Ruiz", "ana@harbor.example", "agent"),
    User(4_000_005, "Tom Hale", "tom@harbor.example", "agent"),
)

TIER1_AGENT = User(4_000_006, "Pat Moss", "pat@harbor.example", "agent")
"""Answers customers first, and has nothing to do with Slack."""
_TIER2 = tuple(agent.id for agent in AGENTS)
TIER1 = Group(360_001, "Tier 1", (*_TIER2, TIER1_AGENT.id))
T2_TECH = Group(360_002, "T2 Tech", _TIER2)
T2_CS = Group(360_003, "T2 CS", _TIER2)


@dataclass(frozen=True, slots=True)
class SeedReply:
    """`author_id` is the agent's where that is not the ticket's assignee."""

    body: str
    minutes_ago: float
    by_agent: bool = True
    public: bool = True
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class SeedTicket:
    """A ticket by what the customer wrote and how long ago.

    Without a `subject` Zendesk says null. `restated_minutes_ago` is when the system changed it last, without an update
    of anybody. What is `deleted` is seen by the incremental export alone.
    """

    subject: str
    description: str
    minutes_ago: float = 0.0
    name: str = "Customer"
    email: str = "customer@example.com"
    status: str = "new"
    priority: str | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    channel: str = "web"
    locale: str = "en-US"
    assignee_id: int | None = None
    group_id: int = TIER1.id
    updated_minutes_ago: float = 1e9
    restated_minutes_ago: float = 1e9
    deleted: bool = False
    replies: tuple[SeedReply, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests that are allowed, as count and window in seconds (Zendesk's Enterprise plan)."""

    general: tuple[int, int] = (700, 60)
    search_index: tuple[int, int] = (100, 60)
    search_export: tuple[int, int] = (100, 60)
    tickets_index: tuple[int, int] = (100, 60)
    tickets_update: tuple[int, int] = (100, 60)
    per_ticket_updates: tuple[int, int] = (30, 600)
    incremental: tuple[int, int] = (10, 60)


@dataclass(frozen=True, slots=True)
class Seed:
    """`index_lag_s` is how long a change takes to be found by search; `job_delay_s` how long a bulk job waits."""

    tickets: tuple[SeedTicket, ...] = ()
    agents: tuple[User, ...] = (*AGENTS, TIER1_AGENT)
    groups: tuple[Group, ...] = (TIER1, T2_TECH, T2_CS)
    """The first one is the account's default."""
    client_id: str = "secondline"
    client_secret: str = "sandbox-secret"
    oauth_token: str = "sandbox-oauth-token"
    api_email: str = BOT_USER.email
    api_token: str = "sandbox-api-token"
    acting_user_id: int = BOT_USER.id
    first_ticket_id: int = 48_201
    index_lag_s: float = 0.0
    job_delay_s: float = 0.2
    limits: Limits = field(default_factory=Limits)


def aged(now: datetime, minutes: float) -> datetime:
    return now - timedelta(minutes=minutes)
