"""One person's direct messages, on servers that differ in how a person is addressed."""

import logging
import re
from typing import Any

from bot.slack.answers import SlackError
from bot.slack.client import WebApi

logger = logging.getLogger(__name__)

_PERSON = re.compile(r"[UW][A-Z0-9]+")


def is_person(channel: str) -> bool:
    """Whether it is the id of a person."""
    return bool(_PERSON.fullmatch(channel))


async def conversation_of(client: WebApi, channel: str) -> str:
    """The conversation of direct messages where `channel` is a person's id, which Slack takes for posts alone.

    https://docs.slack.dev/reference/methods/conversations.open
    """
    if not is_person(channel):
        return channel
    try:
        opened = await client.call("conversations.open", users=channel)
    except SlackError as error:
        if error.retry:
            raise
        logger.info("the conversation with %s is not opened: %s", channel, error.reason)
        return channel
    return str((opened.get("channel") or {}).get("id") or channel)


async def post_direct(client: WebApi, arguments: dict[str, Any]) -> None:
    """chat.postMessage to a conversation or a person."""
    channel = await conversation_of(client, str(arguments["channel"]))
    await client.call("chat.postMessage", **arguments | {"channel": channel})
