"""Who somebody is in this workspace, read from Slack's record of a person. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_SLACKBOT = "USLACKBOT"


class Standing(StrEnum):
    """Only a colleague counts: nobody else matches a name, is of a team or owns anything."""

    COLLEAGUE = "colleague"
    GONE = "gone"
    APP = "app"
    GUEST = "guest"
    STRANGER = "stranger"


TROUBLE = {
    Standing.GONE: "has left",
    Standing.APP: "is an app",
    Standing.GUEST: "is a guest",
    Standing.STRANGER: "is from another workspace",
}
"""Why somebody doesn't count, as it follows their name."""


def standing_of(row: Mapping[str, Any], team_id: str) -> Standing:
    """Of an entry of users.list or users.info (https://docs.slack.dev/reference/objects/user-object).

    `team_id` is the bot's own workspace, "" where it is not known. People of one Enterprise organisation have a home
    workspace, and list those that they belong to.
    """
    home = str(row.get("team_id") or "")
    workspaces = {home, *((row.get("enterprise_user") or {}).get("teams") or [])}
    if row.get("deleted"):
        return Standing.GONE
    if row.get("is_bot") or row.get("id") == _SLACKBOT:
        return Standing.APP
    if row.get("is_stranger") or (team_id and home and team_id not in workspaces):
        return Standing.STRANGER
    return Standing.GUEST if row.get("is_restricted") or row.get("is_ultra_restricted") else Standing.COLLEAGUE
