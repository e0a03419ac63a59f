"""What a Jira keeps, as plain records."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Adf = dict[str, Any]
"""A text as Atlassian Document Format."""


@dataclass(frozen=True, slots=True)
class User:
    account_id: str
    name: str
    email: str
    zone: str = "UTC"
    account_type: str = "atlassian"


@dataclass(frozen=True, slots=True)
class Status:
    """`category` is new, indeterminate or done."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Named:
    """A component, priority, issue type or resolution."""

    id: str
    name: str


@dataclass(slots=True)
class Version:
    id: str
    name: str
    released: bool = False
    archived: bool = False
    release_date: date | None = None
    description: str = ""


@dataclass(slots=True)
class Project:
    id: str
    key: str
    name: str
    components: dict[str, Named] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    last_number: int = 0


@dataclass(slots=True)
class Comment:
    id: str
    body: Adf
    author: User
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Issue:
    """`status_changed` is when its status came into another category.

    `fields` holds custom fields by their id, as JSON.
    """

    id: str
    key: str
    project: Project
    type: Named
    summary: str
    status: Status
    priority: Named
    reporter: User
    created: datetime
    updated: datetime
    description: Adf | None = None
    labels: list[str] = field(default_factory=list)
    components: list[Named] = field(default_factory=list)
    fix_versions: list[Version] = field(default_factory=list)
    due_date: date | None = None
    assignee: User | None = None
    resolution: Named | None = None
    resolved: datetime | None = None
    status_changed: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
