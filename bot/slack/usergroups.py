"""User groups as Slack lists them, and who is in one. Pure."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_GROUP_ID = re.compile(r"S[A-Z0-9]+")

NO_SUCH_GROUP = "no_such_subteam"
"""What usergroups.users.list answers for a group that was deleted."""
MISSING = "does not exist in Slack"
DISABLED = "is disabled in Slack"
EMPTY = "has no members"
LEFT = "has nobody who is still here"


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    handle: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a configured group. `trouble` says why nobody is; it follows the group's name.

    `readable` is false where Slack does not say who is in it, `passing` where it may say so later.
    """

    group_id: str = ""
    users: frozenset[str] = frozenset()
    trouble: str = ""
    readable: bool = True
    passing: bool = False


def read_groups(answer: Mapping[str, Any]) -> tuple[Group, ...]:
    """Of usergroups.list, disabled groups included; a disabled one has the time of that as `date_delete`."""
    return tuple(
        Group(str(row.get("id") or ""), str(row.get("handle") or "").lower(), _disabled(row.get("date_delete")))
        for row in answer.get("usergroups") or []
    )


def group_named(groups: Sequence[Group], name: str) -> Group | None:
    """By handle or id. A handle can be that of a disabled group and of the one that took its place."""
    found = [group for group in groups if group.id == name] or [
        group for group in groups if group.handle and group.handle == name.lower()
    ]
    return min(found, key=lambda group: group.disabled, default=None)


def nearest_handle(groups: Sequence[Group], name: str) -> str:
    """The handle of a group in use that a misspelt one means, "" if none is near."""
    handles = [group.handle for group in groups if group.handle and not group.disabled]
    return next(iter(difflib.get_close_matches(name.lower(), handles, n=1)), "")


def shown(name: str) -> str:
    """A configured group as people know it; an id has no better name."""
    return name if is_group_id(name) else f"@{name}"


def is_group_id(name: str) -> bool:
    return _GROUP_ID.fullmatch(name) is not None


def _disabled(date_delete: object) -> bool:
    return str(date_delete or "0") != "0"
