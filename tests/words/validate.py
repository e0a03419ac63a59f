"""Sends every message of the pages to `blocks.validate` of a real workspace, which needs a token and no scope.

https://docs.slack.dev/reference/methods/blocks.validate
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.model import Content
from tests.words.pages import ROOMS, messages_of, name_of
from tests.words.plain import Message

NOT_VALID = ("invalid_blocks", "invalid_message", "invalid_view")
PLACEHOLDER_FILE = "slack_file"
"""Pictures that only our own workspace has: Slack would look for the file."""
TRIES = 5
"""How often a message is asked about again where Slack asks to wait."""


class CannotValidate(Exception):
    """Slack refused the question itself: the token, most often."""


def payloads() -> Iterator[tuple[str, dict[str, str]]]:
    """Each message with blocks, by room and name, as the method takes it: one of `blocks` and `view`."""
    for room in ROOMS:
        for name, message in messages_of(room).items():
            payload = _payload(message)
            if payload:
                yield f"{name_of(room)}, {name}", payload


def validator(token: str, address: str) -> AsyncWebClient:
    """A client that waits for as long as Slack asks."""
    patient = AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES)
    return AsyncWebClient(token, base_url=address, retry_handlers=[patient])


async def refused(client: AsyncWebClient) -> AsyncIterator[str]:
    """What Slack would not take: the message, where in it, and why. Raises CannotValidate."""
    for name, payload in payloads():
        for error in await _errors(client, payload):
            yield f"{name}: {error.get('pointer') or '/'} {error.get('message') or error.get('code')}"


async def _errors(client: AsyncWebClient, payload: Mapping[str, str]) -> list[dict[str, Any]]:
    try:
        await client.api_call("blocks.validate", data=dict(payload))
    except SlackApiError as error:
        answer = error.response
        if answer.get("error") in NOT_VALID:
            return list(answer.get("errors") or [{"message": answer["error"]}])
        raise CannotValidate(str(answer.get("error"))) from error
    return []


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
