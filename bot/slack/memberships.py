"""Asking Slack who is in the user groups of the settings."""

from collections.abc import Sequence

from bot.slack.answers import SlackError
from bot.slack.inquiry import Inquiry
from bot.slack.usergroups import (
    DISABLED,
    EMPTY,
    MISSING,
    NO_SUCH_GROUP,
    Group,
    Membership,
    group_named,
    is_group_id,
    read_groups,
    shown,
)


async def list_groups(inquiry: Inquiry) -> tuple[tuple[Group, ...] | None, bool]:
    """All groups, or None with whether they may be readable later."""
    try:
        return read_groups(await inquiry.call("usergroups.list", include_disabled=True)), False
    except SlackError as error:
        inquiry.failed(error, "user groups can't be read; configured ids are used")
        return None, error.retry


async def read_membership(
    inquiry: Inquiry,
    groups: Sequence[Group] | None,
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
        inquiry.failed(error, f"members of {called or shown(name)} can't be read; configured people are used")
        return kept or Membership(group_id, readable=False, passing=error.retry)
    users = frozenset(str(user) for user in answer.get("users") or [])
    return Membership(group_id, users, trouble="" if users else EMPTY)
