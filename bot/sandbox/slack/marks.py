"""Reactions and pins."""

import re

from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.model import Channel, Message
from bot.sandbox.slack.workspace import Workspace

MOST_KINDS = 23
MOST_PINS = 100
_NAME = re.compile(r"^[a-z0-9_+'-]+(::skin-tone-[2-6])?$")


class Marks:
    """What people and the app put on messages."""

    def __init__(self, *, workspace: Workspace, messages: Messages) -> None:
        self._workspace = workspace
        self._messages = messages

    def react(self, message: Message, user: str, name: str) -> None:
        name = name.strip(":")
        if not _NAME.match(name):
            raise ApiError("invalid_name")
        users = message.reactions.get(name, [])
        if user in users:
            raise ApiError("already_reacted")
        if name not in message.reactions and len(message.reactions) >= MOST_KINDS:
            raise ApiError("too_many_emoji")
        message.reactions[name] = [*users, user]
        self._announce_reaction("reaction_added", message, user, name)

    def unreact(self, message: Message, user: str, name: str) -> None:
        name = name.strip(":")
        users = message.reactions.get(name, [])
        if user not in users:
            raise ApiError("no_reaction")
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._announce_reaction("reaction_removed", message, user, name)

    def _announce_reaction(self, kind: str, message: Message, user: str, name: str) -> None:
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.user}
        self._workspace.announce(event | {"event_ts": self._workspace.next_ts()})
        self._messages.note(message)

    def pin(self, channel: Channel, message: Message, user: str) -> None:
        if message.pinned:
            raise ApiError("already_pinned")
        if len(self.pinned(channel)) >= MOST_PINS:
            raise ApiError("too_many_pins")
        message.pinned = True
        self._announce_pin("pin_added", channel, message, user)

    def unpin(self, channel: Channel, message: Message, user: str) -> None:
        if not message.pinned:
            raise ApiError("no_pin")
        message.pinned = False
        self._announce_pin("pin_removed", channel, message, user)

    def _announce_pin(self, kind: str, channel: Channel, message: Message, user: str) -> None:
        event: Json = {"type": kind, "user": user, "channel_id": channel.id, "item": self.item(channel, message, user)}
        event |= {"pin_count": len(self.pinned(channel)), "event_ts": self._workspace.next_ts()}
        self._workspace.announce(event)
        self._messages.note(message)

    def item(self, channel: Channel, message: Message, user: str) -> Json:
        created = {"created": self._workspace.now_s, "created_by": user}
        return {"type": "message", "channel": channel.id, "message": self._messages.render(message), **created}

    def pinned(self, channel: Channel) -> list[Message]:
        return [each for each in channel.messages.values() if each.pinned]
