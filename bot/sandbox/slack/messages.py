"""Messages: posting, editing, deleting, and reading them as Slack shows them."""

import uuid
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.file_wire import file_json
from bot.sandbox.slack.limits import POST_TEXT
from bot.sandbox.slack.model import SLACKBOT, Channel, File, Message
from bot.sandbox.slack.seeds import SeedMessage
from bot.sandbox.slack.text import mentions, rich_text
from bot.sandbox.slack.workspace import Workspace

FILE_SHARE = "file_share"
"""The subtype of a message with which a person shares files."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is not posted yet; `user` wrote it, for the app when `by_app`, for another one with `bot_id`."""

    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    by_app: bool = False
    thread_ts: str = ""
    broadcast: bool = False
    metadata: Json | None = None
    files: tuple[File, ...] = ()
    subtype: str = ""
    bot_id: str = ""


class Messages:
    """Every change ends in one event for the app and one note for the screens."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    def post(self, channel: Channel, draft: Draft) -> Message:
        self.check_thread(channel, draft.thread_ts)
        message = self._add(channel, draft, self._workspace.next_ts())
        self._announce_new(channel, message)
        return message

    def seed(self, messages: tuple[SeedMessage, ...]) -> None:
        """What was written before the start, oldest first; no events."""
        keys: dict[str, str] = {}
        for each in sorted(messages, key=lambda each: -each.age_s):
            channel = self._workspace.channel(each.channel)
            draft = Draft(each.user, each.text, thread_ts=keys.get(each.reply_to, ""))
            message = self._add(channel, draft, self._workspace.past_ts(each.age_s))
            message.reactions = {name: list(users) for name, users in each.reactions.items()}
            keys |= {each.key: message.ts} if each.key else {}

    def post_ephemeral(self, channel: Channel, draft: Draft, *, visible_to: str) -> Message:
        self.check_thread(channel, draft.thread_ts)
        message = self._new(channel, draft, self._workspace.next_ts())
        message.visible_to = visible_to
        channel.ephemerals[message.ts] = message
        self.note(message)
        return message

    def check_thread(self, channel: Channel, thread_ts: str) -> None:
        if not thread_ts:
            return
        parent = channel.messages.get(thread_ts)
        if parent is None or parent.tombstone:
            raise ApiError("thread_not_found")
        if parent.is_reply:
            raise ApiError("cannot_reply_to_message")

    def _new(self, channel: Channel, draft: Draft, ts: str) -> Message:
        by_person = not draft.by_app and not draft.bot_id and draft.user != SLACKBOT
        person_wrote = by_person and draft.subtype in ("", FILE_SHARE)
        blocks = list(draft.blocks)
        if person_wrote and draft.text and not blocks:
            blocks = [rich_text(draft.text, self._workspace.new_id("b")[:5])]
        return Message(
            channel=channel.id,
            ts=ts,
            user=draft.user,
            text=draft.text[:POST_TEXT],
            blocks=blocks,
            attachments=list(draft.attachments),
            by_app=draft.by_app,
            bot_id=draft.bot_id,
            thread_ts=draft.thread_ts,
            broadcast=draft.broadcast and bool(draft.thread_ts),
            metadata=draft.metadata,
            files=list(draft.files),
            subtype=draft.subtype,
            client_msg_id=str(uuid.uuid4()) if person_wrote else "",
        )

    def _add(self, channel: Channel, draft: Draft, ts: str) -> Message:
        message = self._new(channel, draft, ts)
        channel.messages[ts] = message
        if message.is_reply:
            channel.messages[message.thread_ts].thread_ts = message.thread_ts
            channel.replies.setdefault(message.thread_ts, []).append(message)
        return message

    def _announce_new(self, channel: Channel, message: Message) -> None:
        workspace = self._workspace
        event = self.render(message) | {"channel": channel.id, "event_ts": message.ts}
        workspace.announce(event | {"channel_type": channel.kind})
        self._announce_mention(channel, message, event)
        self.note(message)

    def _announce_mention(self, channel: Channel, message: Message, event: Json) -> None:
        """Of the app, by anybody but itself: people, workflows and other apps."""
        bot = self._workspace.bot_user
        if not channel.is_im and message.user != bot and mentions(message.text, bot):
            self._workspace.announce({key: event[key] for key in event if key != "subtype"} | {"type": "app_mention"})

    def edit(self, message: Message, editor: str, *, stamped: bool = True, **changes: Any) -> None:
        """Change the fields in `changes`; `stamped` adds the "edited" mark."""
        before = self.render(message)
        for name, value in changes.items():
            setattr(message, name, value)
        if stamped:
            message.edited = {"user": editor, "ts": self._workspace.next_ts()}
        if message.visible_to:
            self.note(message)
        else:
            self._announce_change(message, before)

    def _announce_change(self, message: Message, before: Json) -> None:
        """A mention that was edited comes again, with the ts of the message and an event_id of its own."""
        body = {"message": self.render(message), "previous_message": before}
        self._announce_hidden(message, "message_changed", body)
        if message.edited:
            channel, ts = self._workspace.channel(message.channel), self._workspace.next_ts()
            self._announce_mention(channel, message, body["message"] | {"channel": channel.id, "event_ts": ts})

    def _announce_hidden(self, message: Message, subtype: str, body: Json) -> None:
        channel, ts = self._workspace.channel(message.channel), self._workspace.next_ts()
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, **body}
        self._workspace.announce(event | {"channel_type": channel.kind, "ts": ts, "event_ts": ts})
        self.note(message)

    def delete(self, message: Message) -> None:
        """A parent of replies stays as a tombstone, as in Slack."""
        channel, before = self._workspace.channel(message.channel), self.render(message)
        if message.visible_to:
            channel.ephemerals.pop(message.ts, None)
            self.note(message)
            return
        if channel.replies.get(message.ts):
            message.tombstone, message.user, message.by_app = True, SLACKBOT, False
            message.text, message.blocks, message.files = "This message was deleted.", [], []
            message.pinned, message.reactions, message.metadata = False, {}, None
            self._announce_change(message, before)
            return
        self._forget(channel, message)
        self._announce_hidden(message, "message_deleted", {"deleted_ts": message.ts, "previous_message": before})

    def _forget(self, channel: Channel, message: Message) -> None:
        channel.messages.pop(message.ts, None)
        if not message.is_reply:
            return
        siblings = channel.replies[message.thread_ts]
        siblings.remove(message)
        parent = channel.messages[message.thread_ts]
        if not siblings:
            parent.thread_ts = ""
            if parent.tombstone:
                channel.messages.pop(parent.ts)

    def note(self, message: Message) -> None:
        note = {"type": "message", "channel": message.channel, "thread_ts": message.thread_ts or None, "ts": message.ts}
        self._workspace.note(note | ({"for": message.visible_to} if message.visible_to else {}))

    def find(self, channel: Channel, ts: str) -> Message:
        message = channel.messages.get(ts)
        if message is None or message.tombstone:
            raise ApiError("message_not_found")
        return message

    def top_level(self, channel: Channel) -> list[Message]:
        """What the channel shows, oldest first: no replies but broadcasts."""
        return [each for each in channel.messages.values() if not each.is_reply or each.broadcast]

    def render(self, message: Message, *, metadata: bool = False) -> Json:
        """The message's JSON. `metadata` only goes to those who asked for it."""
        shown: Json = {"type": "message", "ts": message.ts, "text": message.text, "team": self._workspace.seed.team_id}
        shown |= {"user": message.user} if message.user else {}
        shown |= self._from_elsewhere(message) | self._origin(message) | self._thread(message)
        optional = {
            "blocks": message.blocks,
            "attachments": message.attachments,
            "edited": message.edited,
            "files": [file_json(each) for each in message.files],
            "reactions": [{"name": n, "users": list(u), "count": len(u)} for n, u in message.reactions.items()],
            "pinned_to": [message.channel] if message.pinned else [],
            "metadata": message.metadata if metadata else None,
        }
        return shown | {key: value for key, value in optional.items() if value}

    def _from_elsewhere(self, message: Message) -> Json:
        """What a stranger of Slack Connect writes says where they are at home."""
        person = self._workspace.people.get(message.user)
        return {"user_team": person.team_id, "source_team": person.team_id} if person and person.team_id else {}

    def _origin(self, message: Message) -> Json:
        if message.tombstone:
            return {"subtype": "tombstone", "hidden": True}
        subtype = "thread_broadcast" if message.broadcast else message.subtype
        origin: Json = {"subtype": subtype} if subtype else {}
        origin |= {"upload": False, "display_as_bot": False} if message.subtype == FILE_SHARE else {}
        if message.by_app:
            seed = self._workspace.seed
            name = self._workspace.people[seed.bot_user].real_name
            profile = {
                "id": seed.bot_id,
                "app_id": seed.app_id,
                "name": name,
                "team_id": seed.team_id,
                "deleted": False,
            }
            return origin | {"bot_id": seed.bot_id, "app_id": seed.app_id, "bot_profile": profile}
        if message.bot_id:
            return origin | {"bot_id": message.bot_id, "app_id": f"A{message.bot_id[1:]}"}
        return origin | ({"client_msg_id": message.client_msg_id} if message.client_msg_id else {})

    def _thread(self, message: Message) -> Json:
        if not message.thread_ts:
            return {}
        thread: Json = {"thread_ts": message.thread_ts}
        if message.is_reply:
            parent = self._workspace.channel(message.channel).messages.get(message.thread_ts)
            return thread | ({"parent_user_id": parent.user} if parent else {})
        replies = self._workspace.channel(message.channel).replies.get(message.ts, [])
        users = list(dict.fromkeys(each.user for each in replies))
        thread |= {"reply_count": len(replies), "reply_users_count": len(users), "reply_users": users[:5]}
        latest = {"latest_reply": replies[-1].ts} if replies else {}
        return thread | latest | {"is_locked": False, "subscribed": False}
