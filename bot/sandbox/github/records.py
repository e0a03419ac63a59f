"""What a GitHub keeps of a repository, as plain records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class User:
    """`association` is what they are to the repositories: MEMBER, NONE for somebody from outside."""

    id: int
    login: str
    type: str = "User"
    association: str = "MEMBER"

    @property
    def inside(self) -> bool:
        return self.association != "NONE"


@dataclass(slots=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str = ""


@dataclass(slots=True)
class Milestone:
    id: int
    number: int
    title: str
    created_at: datetime
    updated_at: datetime
    due_on: datetime | None = None
    description: str = ""
    state: str = "open"
    closed_at: datetime | None = None


@dataclass(slots=True)
class Comment:
    id: int
    body: str
    author: User
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class Event:
    """One line of an issue's timeline; `more` are the keys that only its kind has."""

    id: int
    event: str
    actor: User
    created_at: datetime
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Issue:
    """`pull` is True for a pull request, which the API lists among the issues; `type` "" is none."""

    id: int
    number: int
    title: str
    body: str | None
    author: User
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    milestone: Milestone | None = None
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pull: bool = False
    type: str = ""


@dataclass(slots=True)
class Release:
    id: int
    tag: str
    name: str
    body: str
    author: User
    created_at: datetime
    published_at: datetime | None
    prerelease: bool = False

    @property
    def draft(self) -> bool:
        return self.published_at is None


@dataclass(slots=True)
class Repository:
    """`moved` says where an issue that was transferred is now (repository id and number), `deleted` which are gone."""

    id: int
    owner: str
    name: str
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    moved: dict[int, tuple[int, int]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    last_number: int = 0

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"
