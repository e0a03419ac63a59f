"""One message to Slack: post, edit, share, react, and look whether it is already there."""

import hashlib
import json
import logging
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.messages.model import Content, Message, MessageKind, MessageState, SendWay
from bot.paging import Trail
from bot.slack.answers import BlocksRefused, MessageGone, MethodMissing, SlackError
from bot.slack.client import UPLOAD, WebApi, conversation_of
from bot.slack.text import cut, escape, is_user_id, preformatted, undated

logger = logging.getLogger(__name__)

EVENT_TYPE = "secondline_message"
UPDATE_TEXT_MAX = 3900
"""chat.update refuses a text over 4,000 characters, which chat.postMessage would take."""
LOOK_BACK = 500
"""Messages in one answer; Slack gives up to 999."""
HALF = 32
SKEW_S = 60
LOOK_BACK_S = 2 * 3600 + SKEW_S
"""Slack's clock counts, and this machine's may have been wrong by an hour or two when it sent."""


FILE_METHODS = ("files.getUploadURLExternal", UPLOAD, "files.completeUploadExternal")


def methods_of(message: Message) -> tuple[str, ...]:
    """The methods that its next step may need, beside chat.postMessage, whose limit is the channel's."""
    if message.way is SendWay.REACT:
        return ("reactions.add",)
    if message.way is SendWay.REMOVE:
        return ("files.delete",)
    if message.way is SendWay.EDIT:
        return ("chat.update",)
    opened = ("conversations.open",) if is_user_id(message.place.channel) else ()
    looked = ("conversations.replies" if message.place.thread_ts else "conversations.history",)
    if message.kind is MessageKind.IMAGE:
        return ("files.info",) if message.file_id else FILE_METHODS
    if message.way is SendWay.FILE:
        return (*FILE_METHODS, *(looked if message.file_id or message.state is MessageState.UNSURE else ()))
    return looked if message.way is SendWay.LOOK else opened


class Sender:
    """Speaks chat.*, files.* and reactions.* for the outbox, and nothing else does."""

    def __init__(
        self, *, client: WebApi, channel_id: Callable[[str], Awaitable[str]], bot_user: str, bot_id: str = ""
    ) -> None:
        """Messages of the bot are known by `bot_user`, or by `bot_id` where a server names no user in them.

        `channel_id` knows the ids of channels that are configured by name.
        """
        self._client = client
        self._channel_id = channel_id
        self._bot_user = bot_user
        self._bot_id = bot_id

    async def address(self, channel: str) -> str:
        """The id of a conversation: names and people are understood by chat.postMessage alone."""
        named = await self._channel_id(channel) if channel.startswith("#") else channel
        return await conversation_of(self._client, named)

    async def post(self, message: Message, content: Content) -> tuple[str, str]:
        """Post; channel id and ts."""
        place = message.place
        arguments: dict[str, Any] = {
            "channel": place.channel,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": message.key_in_slack}},
            "unfurl_links": False,
            "unfurl_media": False,
            **_shown_body(content),
        }
        if place.thread_ts:
            arguments |= {"thread_ts": place.thread_ts}
            arguments |= {"reply_broadcast": True} if message.broadcast else {}
        answer = await self._shown("chat.postMessage", message, arguments)
        return str(answer.get("channel") or place.channel), str(answer["ts"])

    async def edit(self, message: Message, content: Content) -> None:
        """Edit; `parse="none"` because chat.update would otherwise make links and mentions of plain text."""
        arguments = {"channel": message.place.channel, "ts": message.ts, "parse": "none", **_shown_body(content)}
        await self._shown("chat.update", message, arguments)

    async def _shown(self, method: str, message: Message, arguments: dict[str, Any]) -> dict[str, Any]:
        """Blocks that this server does not know are sent as text."""
        try:
            return await self._client.call(method, **arguments)
        except BlocksRefused as error:
            logger.warning("%s: %s; sending it as text", message.key, error.sentence)
            return await self._client.call(method, **arguments | {"blocks": []})

    async def reserve(self, message: Message) -> tuple[str, str]:
        """The id that a file will have, and where its bytes go."""
        file = json.loads(message.content)
        described = {"alt_txt": file["alt"]} if file.get("alt") else {}
        length = len(_bytes(file))
        answer = await self._client.call(
            "files.getUploadURLExternal", filename=file["name"], length=length, **described
        )
        return str(answer["file_id"]), str(answer["upload_url"])

    async def share(self, message: Message, file_id: str, upload_url: str) -> str:
        """Upload the bytes and share the file, an image nowhere; the id must be stored before this is called.

        Its address for people, where the answer tells it: the documented one does not.
        """
        file = json.loads(message.content)
        await self._client.upload(upload_url, _bytes(file))
        place = message.place
        shared = {"channel_id": place.channel} if place.channel else {}
        shared |= {"thread_ts": place.thread_ts} if place.thread_ts else {}
        listed = [{"id": file_id, "title": file["title"]}]
        answer = await self._client.call("files.completeUploadExternal", files=listed, **shared)
        return next((str(file.get("permalink") or "") for file in answer.get("files") or []), "")

    async def file_link(self, file_id: str) -> str:
        """The address of a shared file for people; "" where the server does not tell it: that keeps nothing waiting."""
        try:
            answer = await self._client.call("files.info", file=file_id)
        except SlackError as error:
            logger.info("no address of file %s: %s", file_id, error.sentence)
            return ""
        return str((answer.get("file") or {}).get("permalink") or "")

    async def can_show(self, file_id: str) -> bool | None:
        """Whether Slack has worked an uploaded image through, which it does after it took it; None where it has none.

        A server that does not tell is believed to have.
        """
        try:
            answer = await self._client.call("files.info", file=file_id)
        except MessageGone:
            return None
        except SlackError as error:
            if error.retry:
                raise
            logger.info("whether image %s can be shown is not known: %s", file_id, error.sentence)
            return True
        return bool((answer.get("file") or {}).get("mimetype"))

    def as_text(self, message: Message, reason: str) -> Content:
        """A file as a message, with the reason why this server takes no files."""
        file = json.loads(message.content)
        title = f"*{escape(file['title'])}* (not as a file: {escape(reason)})"
        words = file["alt"] if "png" in file else file["text"]
        return Content(f"{title}\n{preformatted(words, UPDATE_TEXT_MAX - len(title) - 1)}")

    async def react(self, message: Message) -> None:
        content = json.loads(message.content)
        try:
            await self._client.call(
                "reactions.add", channel=message.place.channel, timestamp=content["ts"], name=content["name"]
            )
        except SlackError as error:
            if error.code != "already_reacted":
                raise

    async def remove(self, message: Message) -> None:
        """Delete a shared file; one that is gone is deleted."""
        try:
            await self._client.call("files.delete", file=json.loads(message.content)["file"])
        except MessageGone:
            logger.info("%s: it is gone already", message.key)
        except SlackError as error:
            if error.code != "file_deleted":
                raise

    async def find(self, message: Message, text: str) -> list[str]:
        """The ts under which a message may be whose sending was never answered, best first; [] if it is not there.

        A server without metadata leaves only the bot's own words since the attempt to go by; one without history
        leaves nothing, and the message is then sent again.
        """
        try:
            listed = await self._recent(message, text)
        except MethodMissing:
            return []
        except SlackError as error:
            if error.retry:
                raise
            logger.warning("%s: cannot look whether it arrived: %s", message.key, error.sentence)
            return []
        return [str(row["ts"]) for row in listed]

    async def _recent(self, message: Message, text: str) -> list[dict[str, Any]]:
        """What may be it, of one page: the newest come first, and the first page that has any is the one."""
        place = replace(message.place, channel=await self.address(message.place.channel))
        oldest = (message.attempt_at.timestamp() - LOOK_BACK_S) if message.attempt_at else 0
        arguments: dict[str, Any] = {"channel": place.channel, "include_all_metadata": True, "limit": LOOK_BACK}
        method = "conversations.history"
        if place.thread_ts:
            method, arguments = "conversations.replies", arguments | {"ts": place.thread_ts}
        trail = Trail()
        while True:
            page = await self._client.call(method, **arguments, oldest=str(oldest))
            same = [row for row in page.get("messages") or [] if self._is(message, row, text)]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if same or not cursor or trail.circles(cursor):
                return same
            arguments["cursor"] = cursor

    def _is(self, message: Message, listed: dict[str, Any], text: str) -> bool:
        if message.file_id and any(file.get("id") == message.file_id for file in listed.get("files") or []):
            return True
        metadata = listed.get("metadata")
        if metadata:
            return bool((metadata.get("event_payload") or {}).get("key") == message.key_in_slack)
        since = message.attempt_at.timestamp() - SKEW_S if message.attempt_at else 0.0
        return self._own(listed) and float(listed["ts"]) >= since and _says(listed, message, text)

    def _own(self, listed: dict[str, Any]) -> bool:
        return listed.get("user") == self._bot_user or bool(self._bot_id and listed.get("bot_id") == self._bot_id)


def _bytes(file: dict[str, str]) -> bytes:
    return b64decode(file["png"]) if "png" in file else file["text"].encode()


def digest_of(content: Content) -> str:
    """What a message shows, as 64 characters; the first half is of its text alone.

    That it is known to be so until later changes nothing: else whatever marks a message, such as each search for
    tickets, would edit it.
    """
    body = _shown_body(content)
    return _half(body["text"]) + _half(undated(json.dumps(body["blocks"])))


def _says(listed: dict[str, Any], message: Message, text: str) -> bool:
    """Whether a message in Slack has the words of the attempt, or those of now."""
    said = str(listed.get("text") or "")
    return bool(said) and (said == cut(text, UPDATE_TEXT_MAX) or _half(said) == (message.digest or "")[:HALF])


def _half(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HALF]


def _shown_body(content: Content) -> dict[str, Any]:
    return {"text": cut(content.text, UPDATE_TEXT_MAX), "blocks": list(content.blocks)}
