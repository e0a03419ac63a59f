"""User groups as Slack lists them, and who is in one. Pure."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.answers import SlackError
from bot.slack.inquiry import Inquiry

_GROUP_ID = re.compile(r"S[A-Z0-9]+")

NO_SUCH_GROUP = "no_such_subteam"
"""What usergroups.users.list answers for a group that was deleted."""
MISSING = "does not exist in Slack"
DISABLED = "is disabled in Slack"
EMPTY = "has no members"
LEFT = "has nobody who is still here"


@dataclass(frozen=True, slots=True)
class UserGroup:
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


def read_groups(answer: Mapping[str, Any]) -> tuple[UserGroup, ...]:
    """Reads usergroups.list, disabled groups included; a disabled one has the time of that as `date_delete`."""
    return tuple(
        UserGroup(
            str(row.get("id") or ""),
            str(row.get("handle") or "").lower(),
            disabled=str(row.get("date_delete") or "0") != "0",
        )
        for row in answer.get("usergroups") or []
    )


def group_named(groups: Sequence[UserGroup], name: str) -> UserGroup | None:
    """The group with this handle or id. A handle can be that of a disabled group and of the one that took its place."""
    same = [group for group in groups if group.id == name] or [
        group for group in groups if group.handle and group.handle == name.lower()
    ]
    return min(same, key=lambda group: group.disabled, default=None)


def nearest_handle(groups: Sequence[UserGroup], name: str) -> str:
    """The handle of a group in use that a misspelt one means, "" if none is near."""
    handles = [group.handle for group in groups if group.handle and not group.disabled]
    return next(iter(difflib.get_close_matches(name.lower(), handles, n=1)), "")


def handle_shown(name: str) -> str:
    """A configured group as people know it; an id has no better name."""
    return name if is_group_id(name) else f"@{name}"


def is_group_id(name: str) -> bool:
    return _GROUP_ID.fullmatch(name) is not None


async def list_groups(inquiry: Inquiry) -> tuple[tuple[UserGroup, ...] | None, bool]:
    """All groups, or None with whether they may be readable later."""
    try:
        return read_groups(await inquiry.call("usergroups.list", include_disabled=True)), False
    except SlackError as error:
        inquiry.failed(error, "user groups can't be read; configured ids are used")
        return None, error.retry


async def read_membership(
    inquiry: Inquiry,
    groups: Sequence[UserGroup] | None,
    name: str,
    before: Membership | None = None,
    *,
    passing: bool,
    called: str = "",
) -> Membership:
    """Who is in a group. `groups` is None where they can't be listed, `passing` whether only for now.

    `before` stays where its members can't be read this time. `called` is its name for people, where `name` is an id.
    """
    kept = before if before and before.readable else None
    group = group_named(groups or (), name)
    if groups is not None and (not group or group.disabled):
        return Membership(trouble=DISABLED if group else MISSING)
    group_id = group.id if group else name if is_group_id(name) else ""
    if not group_id:
        return kept or Membership(readable=False, passing=passing)
    try:
        answer = await inquiry.call("usergroups.users.list", usergroup=group_id)
    except SlackError as error:
        if error.code == NO_SUCH_GROUP:
            return Membership(trouble=MISSING)
        inquiry.failed(error, f"members of {called or handle_shown(name)} can't be read; configured people are used")
        return kept or Membership(group_id, readable=False, passing=error.retry)
    users = frozenset(str(user) for user in answer.get("users") or [])
    return Membership(group_id, users, trouble="" if users else EMPTY)
