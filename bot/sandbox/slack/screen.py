"""What one person sees: the workspace, channels, threads."""

from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.manifest import Entry
from bot.sandbox.slack.model import Channel, Message, Window
from bot.sandbox.slack.site import Site


class Screen:
    """Reading marks an open channel as read by that person."""

    def __init__(self, *, site: Site) -> None:
        self._site = site
        self._read: dict[tuple[str, str], str] = {}

    def state(self, user: str) -> Json:
        """What `user` sees around the messages; the first person where nobody is named."""
        workspace = self._site.workspace
        user = user or next(each.id for each in workspace.people.values() if each.id != workspace.seed.bot_user)
        workspace.person(user)
        seed, manifest = workspace.seed, workspace.manifest
        bot = {"user_id": seed.bot_user, "name": workspace.name_of(seed.bot_user)}
        return {
            "me": user,
            "team": {"id": seed.team_id, "name": seed.team_name},
            "people": [self._person(each.id) for each in workspace.people.values()],
            "channels": self._channels(user),
            "commands": [_entry(each, "command", "usage_hint", "description") for each in manifest.commands.values()],
            "shortcuts": [
                _entry(each, "type", "callback_id", "name", "description") for each in manifest.shortcuts.values()
            ],
            "usergroups": [
                {"id": each.id, "handle": each.handle, "name": each.name, "users": list(each.users)}
                for each in workspace.groups.values()
            ],
            "bot": bot | {"connected": self._site.transport.connected},
        }

    def _person(self, user_id: str) -> Json:
        person = self._site.workspace.people[user_id]
        shown: Json = {"id": person.id, "name": person.name, "real_name": person.real_name, "title": person.title}
        over = 0 < person.status_expiration <= self._site.workspace.now_s
        status = (
            {"text": person.status_text, "emoji": person.status_emoji} if person.status_emoji and not over else None
        )
        return shown | {"team": person.team, "is_bot": person.is_bot, "avatar": None, "status": status}

    def _channels(self, user: str) -> list[Json]:
        channels = self._site.workspace.channels.values()
        return [self._channel(each, user) for each in channels if not each.is_private or user in each.members]

    def _channel(self, channel: Channel, user: str) -> Json:
        return {
            "id": channel.id,
            "name": channel.name,
            "is_im": channel.is_im,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": user in channel.members,
            "topic": channel.topic,
            "user": self._site.workspace.bot_user if channel.is_im else None,
            "unread": self._unread(channel, user),
        }

    def _unread(self, channel: Channel, user: str) -> int:
        """What others wrote since the person looked; what was there at the start counts as read."""
        mark = self._read.get((user, channel.id)) or f"{self._site.workspace.started_at.timestamp():.6f}"
        return sum(each.ts > mark and each.user != user for each in self._site.messages.top_level(channel))

    def messages(self, user: str, channel_id: str, thread_ts: str = "") -> list[Json]:
        channel = self._site.workspace.channel_for(channel_id, user)
        shown = self._thread(channel, thread_ts) if thread_ts else self._site.messages.top_level(channel)
        mine = [each for each in channel.ephemerals.values() if each.visible_to == user]
        if thread_ts:
            mine = [each for each in mine if each.thread_ts == thread_ts]
        else:
            mine = [each for each in mine if not each.thread_ts]
            if channel.messages:
                self._read[user, channel.id] = max(channel.messages)
        ordered = sorted([*shown, *mine], key=lambda each: each.ts)
        return [self._message(each) for each in ordered]

    def _thread(self, channel: Channel, thread_ts: str) -> list[Message]:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise ApiError("thread_not_found")
        return [parent, *channel.replies.get(thread_ts, [])]

    def _message(self, message: Message) -> Json:
        return self._site.messages.render(message) | ({"ephemeral": True} if message.visible_to else {})

    def top_view(self, user: str, window_id: str = "") -> Json | None:
        view = self._site.views.top(Window(user, window_id))
        return self._site.views.render(view) if view else None


def _entry(entry: Entry, *keys: str) -> Json:
    return {key: entry.get(key) or "" for key in keys}
