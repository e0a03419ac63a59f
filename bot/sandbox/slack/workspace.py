"""The workspace's people, channels, user groups and ids, and who is told when something changes."""

import secrets
from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.model import SLACKBOT, Channel, File, Person, Token, Usergroup
from bot.sandbox.slack.people_wire import user_json
from bot.sandbox.slack.seeds import APP_TOKEN, BOT_TOKEN, SeedChannel, WorkspaceSeed

Listener = Callable[[Json], None]

PICTURES = (".png", ".jpg", ".jpeg", ".gif")
"""Of files that blocks can show, by their names."""


def ts_of(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


class Workspace:
    """State without behaviour of its own; `announce` is for Slack's events, `note` for what only screens need."""

    def __init__(self, *, clock: Clock, seed: WorkspaceSeed) -> None:
        self.clock = clock
        self.seed = seed
        self.manifest = Manifest(seed.manifest)
        self.started_at = clock()
        self.people = {person.id: person for person in seed.people}
        self.groups = {each.id: Usergroup(each.id, each.handle, each.name, list(each.users)) for each in seed.groups}
        self.channels = {each.id: self._channel_from(each) for each in seed.channels}
        self.tokens = dict(seed.tokens) or self._tokens()
        self.files: dict[str, File] = {}
        self.unknown_blocks: frozenset[str] = frozenset()
        """Kinds of blocks that this workspace has not learned yet."""
        self._event_listeners: list[Listener] = []
        self._note_listeners: list[Listener] = []
        self._last_micros = 0
        for person in seed.people:
            if not person.is_bot:
                self._add_direct_channel(person)

    def _tokens(self) -> dict[str, Token]:
        return {BOT_TOKEN: Token("bot", self.manifest.scopes), APP_TOKEN: Token("app", {"connections:write"})}

    def _channel_from(self, each: SeedChannel) -> Channel:
        members = set(each.members) if each.members is not None else {p.id for p in self.seed.people if not p.is_bot}
        members |= {self.seed.bot_user} if each.bot_member else set()
        created = int(self.started_at.timestamp()) - 86_400 * 400
        return Channel(
            each.id,
            each.name,
            each.topic,
            each.is_private,
            is_archived=each.is_archived,
            members=members,
            created=created,
        )

    def _add_direct_channel(self, person: Person) -> None:
        channel_id = "D" + person.id[1:]
        members = {person.id, self.seed.bot_user}
        created = int(self.started_at.timestamp())
        self.channels[channel_id] = Channel(
            channel_id, "directmessage", is_private=True, is_im=True, user=person.id, members=members, created=created
        )

    @property
    def bot_user(self) -> str:
        return self.seed.bot_user

    @property
    def now_s(self) -> int:
        return int(self.clock().timestamp())

    def next_ts(self) -> str:
        """Unique and growing over the whole workspace."""
        self._last_micros = max(self._last_micros + 1, _micros(self.clock()))
        return ts_of(self._last_micros)

    def past_ts(self, age_s: float) -> str:
        """The next ts of the time before the start, for what the workspace starts with."""
        self._last_micros = max(self._last_micros + 1, _micros(self.started_at) - round(age_s * 1_000_000))
        return ts_of(self._last_micros)

    def can_show(self, named: Json) -> bool:
        """Whether blocks can show a file: a picture that is worked through, and that the app may see."""
        file = self.files.get(str(named.get("id"))) or self._file_at(str(named.get("url") or ""))
        if not file or not file.processed or not file.name.lower().endswith(PICTURES):
            return False
        return file.owner == self.bot_user or bool(file.shares)

    def _file_at(self, url: str) -> File | None:
        return next((file for file in self.files.values() if url and f"/files/{file.id}/" in url), None)

    def new_id(self, letter: str) -> str:
        return letter + "0" + secrets.token_hex(5).upper()

    def on_event(self, listener: Listener) -> None:
        self._event_listeners.append(listener)

    def on_note(self, listener: Listener) -> None:
        self._note_listeners.append(listener)

    def announce(self, event: Json) -> None:
        """Something happened that Slack has an event for."""
        for listener in self._event_listeners:
            listener(event)

    def note(self, note: Json) -> None:
        """Something on people's screens changed; the key "for" limits it to one person."""
        for listener in self._note_listeners:
            listener(note)

    def person(self, user_id: str, *, error: str = "user_not_found") -> Person:
        try:
            return self.people[user_id]
        except KeyError:
            raise ApiError(error) from None

    def name_of(self, user_id: str) -> str:
        if user_id == SLACKBOT:
            return "slackbot"
        return self.people[user_id].name if user_id in self.people else user_id

    def channel(self, channel_id: str) -> Channel:
        """By id, for people who may see everything."""
        try:
            return self.channels[channel_id]
        except KeyError:
            raise ApiError("channel_not_found") from None

    def visible(self, channel_id: str, viewer: str) -> Channel:
        """By id, as most methods want it."""
        if channel_id not in self.channels:
            raise ApiError("channel_not_found")
        return self.channel_for(channel_id, viewer)

    def channel_for(self, name: str, viewer: str) -> Channel:
        """The channel that `viewer` can name by id, by #name, or by a person's id, as for posts."""
        if name.startswith("U") and name in self.people:
            name = "D" + name[1:]
        plain = name.removeprefix("#")
        found = self.channels.get(name) or next(
            (each for each in self.channels.values() if not each.is_im and each.name == plain), None
        )
        if found is None or (found.is_private and viewer not in found.members):
            raise ApiError("channel_not_found")
        return found

    def reference(self, sign: str, name: str) -> str | None:
        """What "@" or "#" and a typed name stand for in message text."""
        lower = name.lower()
        if sign == "#":
            found = next((each for each in self.channels.values() if not each.is_im and each.name == lower), None)
            return f"<#{found.id}|{found.name}>" if found else None
        if lower in ("here", "channel", "everyone"):
            return f"<!{lower}>"
        person = next((each for each in self.people.values() if each.name == lower), None)
        if person:
            return f"<@{person.id}>"
        group = next((each for each in self.groups.values() if each.handle == lower), None)
        return f"<!subteam^{group.id}|@{group.handle}>" if group else None

    def shown_name(self, any_id: str) -> str:
        """How people see a person, channel or user group: "@kim", "#tier1", "@ltm"."""
        if any_id in self.channels:
            return f"#{self.channels[any_id].name}"
        return "@" + (self.groups[any_id].handle if any_id in self.groups else self.name_of(any_id))

    def rename(self, channel: Channel, name: str) -> None:
        """The name that it had stays with it."""
        channel.previous_names.insert(0, channel.name)
        channel.name = name
        renamed = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
        kind = "group_rename" if channel.is_private else "channel_rename"
        self.announce({"type": kind, "channel": renamed, "event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def revoke_bot_tokens(self) -> None:
        """As if the app were removed: the event is the last thing that it gets."""
        for token in self.tokens.values():
            token.revoked = token.revoked or token.kind == "bot"
        tokens = {"oauth": [], "bot": [self.bot_user]}
        self.announce({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.next_ts()})

    def set_archived(self, channel: Channel, archived: bool) -> None:
        channel.is_archived = archived
        sort, did = "group" if channel.is_private else "channel", "archive" if archived else "unarchive"
        self.announce(
            {
                "type": f"{sort}_{did}",
                "channel": channel.id,
                "user": next(iter(self.people)),
                "event_ts": self.next_ts(),
            }
        )
        self.note({"type": "channels"})

    def set_member(self, channel: Channel, user_id: str, member: bool) -> None:
        if (user_id in channel.members) == member:
            return
        (channel.members.add if member else channel.members.discard)(user_id)
        kind = "member_joined_channel" if member else "member_left_channel"
        letter = "G" if channel.is_private else "C"
        event = {
            "type": kind,
            "user": user_id,
            "channel": channel.id,
            "channel_type": letter,
            "team": self.seed.team_id,
        }
        self.announce(event | {"event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def described(self, person: Person, *, with_email: bool = False) -> Json:
        return user_json(person, self.seed, started_at=self.started_at, now=self.clock(), with_email=with_email)

    def join_person(self, person: Person) -> None:
        """Somebody new, of this workspace or with Slack Connect of another; team_join tells of the former."""
        self.people[person.id] = person
        self._add_direct_channel(person)
        if not person.team_id:
            self.announce({"type": "team_join", "user": self.described(person), "event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def change_person(self, user_id: str, *, deleted: bool | None = None, guest: str | None = None) -> None:
        """Somebody leaves, comes back, or becomes a guest; groups that list them are not told."""
        person = self.person(user_id)
        person.deleted = person.deleted if deleted is None else deleted
        person.guest = person.guest if guest is None else guest
        self.announce({"type": "user_change", "user": self.described(person), "event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def set_status(self, user_id: str, text: str, emoji: str, *, until: int = 0) -> None:
        """What somebody says of themselves beside their name; `until` in Unix seconds, 0 for no end."""
        person = self.person(user_id)
        person.status_text, person.status_emoji, person.status_expiration = text, emoji, until
        self.announce({"type": "user_change", "user": self.described(person), "event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def set_group_disabled(self, group_id: str, disabled: bool) -> None:
        group = self._group(group_id)
        group.date_delete, group.updated = (self.now_s if disabled else 0), self.now_s
        changed = {"id": group.id, "handle": group.handle, "date_delete": group.date_delete, "users": list(group.users)}
        self.announce({"type": "subteam_updated", "subteam": changed, "event_ts": self.next_ts()})
        self.note({"type": "channels"})

    def delete_group(self, group_id: str) -> None:
        """Its id means nothing any more. Slack has no event for that: people see it at the next reading."""
        del self.groups[self._group(group_id).id]
        self.note({"type": "channels"})

    def _group(self, group_id: str) -> Usergroup:
        if group_id not in self.groups:
            raise ApiError("no_such_subteam")
        return self.groups[group_id]

    def set_group_users(self, group_id: str, users: list[str]) -> None:
        group = self._group(group_id)
        added, removed = set(users) - set(group.users), set(group.users) - set(users)
        group.users, group.updated = list(users), self.now_s
        event: Json = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": self.seed.team_id}
        event |= {"date_update": self.now_s, "added_users": sorted(added), "removed_users": sorted(removed)}
        event |= {"added_users_count": str(len(added)), "removed_users_count": str(len(removed))}
        self.announce(event | {"event_ts": self.next_ts()})
        self.note({"type": "channels"})
