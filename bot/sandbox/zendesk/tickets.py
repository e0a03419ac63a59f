"""Tickets, comments and users as this desk keeps them, and the words that Zendesk allows in them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    email: str
    role: str = "end-user"
    locale: str = "en-US"


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who share tickets; `members` are their ids."""

    id: int
    name: str
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    author_id: int
    body: str
    public: bool
    created_at: datetime
    audit_id: int = 0
    html: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    """What the client wrote into the metadata of this change; only the API shows it."""


@dataclass(slots=True)
class Ticket:
    """One ticket. `updated_at` moves with ticket events, `generated_at` with every change of the system."""

    id: int
    subject: str
    description: str
    requester_id: int
    submitter_id: int
    created_at: datetime
    updated_at: datetime
    generated_at: datetime
    status: str = "new"
    priority: str | None = None
    type: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    organization_id: int | None = None
    external_id: str | None = None
    problem_id: int | None = None
    due_at: str | None = None
    channel: str = "web"
    tags: list[str] = field(default_factory=list)
    custom_fields: dict[int, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    audits: list[dict[str, Any]] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        return self.status in ("solved", "closed")

    @property
    def is_public(self) -> bool:
        return any(comment.public for comment in self.comments)


def iso(moment: datetime) -> str:
    """A time as Zendesk writes it: UTC, whole seconds, "Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed_time(text: str) -> datetime | None:
    """A time that a client sent (ISO 8601, UTC where it names no zone); None for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
