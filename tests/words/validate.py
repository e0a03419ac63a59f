"""Sends every message of the pages to `blocks.validate` of a real workspace, which needs a token and no scope.

https://docs.slack.dev/reference/methods/blocks.validate
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.model import Content
from tests.words.pages import ROOMS, messages_of, name_of
from tests.words.plain import Message

NOT_VALID = ("invalid_blocks", "invalid_message", "invalid_view")
PLACEHOLDER_FILE = "slack_file"
"""Pictures that only our own workspace has: Slack would look for the file."""
TRIES = 5
Wait = Callable[[float], Awaitable[None]]


class CannotValidate(Exception):
    """Slack refused the question itself: the token, most often."""


def payloads() -> Iterator[tuple[str, dict[str, str]]]:
    """Each message with blocks, by room and name, as the method takes it: one of `blocks` and `view`."""
    for room in ROOMS:
        for name, message in messages_of(room).items():
            payload = _payload(message)
            if payload:
                yield f"{name_of(room)}, {name}", payload


async def refused(client: AsyncWebClient, *, wait: Wait = asyncio.sleep) -> AsyncIterator[str]:
    """What Slack would not take: the message, where in it, and why. Raises CannotValidate."""
    for name, payload in payloads():
        for error in await _errors(client, payload, wait):
            yield f"{name}: {error.get('pointer') or '/'} {error.get('message') or error.get('code')}"


async def _errors(client: AsyncWebClient, payload: Mapping[str, str], wait: Wait) -> list[dict[str, Any]]:
    for _ in range(TRIES):
        try:
            await client.api_call("blocks.validate", data=dict(payload))
        except SlackApiError as error:
            answer = error.response
            if answer.status_code == 429:
                await wait(float(answer.headers.get("Retry-After", 1)))
                continue
            if answer.get("error") in NOT_VALID:
                return list(answer.get("errors") or [{"message": answer["error"]}])
            raise CannotValidate(str(answer.get("error"))) from error
        return []
    raise CannotValidate(f"asked to wait {TRIES} times in a row")


def _payload(message: Message) -> dict[str, str]:
    if isinstance(message, Content):
        blocks = [block for block in message.blocks if PLACEHOLDER_FILE not in block]
        return {"blocks": json.dumps(blocks)} if blocks else {}
    if isinstance(message, str):
        return {}
    if isinstance(message, Mapping):
        return {"view": json.dumps(message)} if "blocks" in message else {"blocks": json.dumps([message])}
    blocks = [each for each in message if isinstance(each, Mapping)]
    return {"blocks": json.dumps(blocks)} if blocks else {}
