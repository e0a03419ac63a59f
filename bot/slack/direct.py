"""Posting to a channel or to one person, on servers that differ in how a person is addressed."""

import re
from typing import Any

from bot.slack.answers import SlackError
from bot.slack.client import WebApi


async def post_message(client: WebApi, arguments: dict[str, Any]) -> dict[str, Any]:
    """chat.postMessage; where a user id is no channel, the conversation with that person is opened first.

    https://docs.slack.dev/reference/methods/conversations.open
    """
    try:
        return await client.call("chat.postMessage", **arguments)
    except SlackError as error:
        user = str(arguments["channel"])
        if error.code != "channel_not_found" or not re.fullmatch(r"[UW][A-Z0-9]+", user):
            raise
    opened = await client.call("conversations.open", users=user)
    channel = str((opened.get("channel") or {}).get("id") or user)
    return await client.call("chat.postMessage", **arguments | {"channel": channel})
