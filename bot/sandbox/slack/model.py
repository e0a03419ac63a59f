"""The nouns of a workspace: people, channels, messages, files, user groups."""

from dataclasses import dataclass, field

from bot.sandbox.slack.errors import Json

SLACKBOT = "USLACKBOT"


@dataclass(slots=True)
class Person:
    """Somebody whom the workspace knows; `name` is the handle, `team` what the page shows beside it.

    `guest` is "" or "multi" or "single", for how many channels a guest may be in. With Slack Connect people of another
    workspace, `team_id`, are there too.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    team: str = ""
    tz: str = "Europe/Berlin"
    email: str = ""
    is_bot: bool = False
    deleted: bool = False
    guest: str = ""
    team_id: str = ""
    status_text: str = ""
    status_emoji: str = ""
    """":palm_tree:", with its colons."""
    status_expiration: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """One open client of a person: a form opens where it was asked for. `id` is "" for who has only one."""

    user: str
    id: str = ""


@dataclass(slots=True)
class Usergroup:
    """`handle` is what stands after @; `users` are ids. `date_delete` is when it was disabled, 0 while it is in use."""

    id: str
    handle: str
    name: str
    users: list[str]
    updated: int = 0
    date_delete: int = 0


@dataclass(slots=True)
class File:
    """An uploaded file. `content` is None until the bytes arrived; `complete` once it was shared or finished,
    `processed` when blocks can show it.

    `shares` are (channel id, message ts, thread ts or "").
    """

    id: str
    name: str
    size: int
    owner: str
    created: int
    base_url: str
    title: str = ""
    alt_text: str = ""
    snippet_type: str = ""
    content: bytes | None = None
    complete: bool = False
    processed: bool = False
    shares: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message. `visible_to` is set for ephemerals; `tombstone` for a deleted parent of replies.

    `bot_id` is that of another app, which may write for nobody (`user` is "" then), as workflows do.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str = ""
    broadcast: bool = False
    bot_id: str = ""
    visible_to: str = ""
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    pinned: bool = False
    tombstone: bool = False
    subtype: str = ""
    client_msg_id: str = ""

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass(slots=True)
class Channel:
    """A conversation. `messages` and `replies` (by parent ts) are in order of ts; ephemerals are kept apart."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_im: bool = False
    user: str = ""
    is_archived: bool = False
    previous_names: list[str] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[Message]] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What events call it: channel, group or im."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def kinds(self) -> str:
        """The plural that scopes and event subscriptions use: channels, groups or im."""
        return "im" if self.is_im else f"{self.kind}s"


@dataclass(slots=True)
class Token:
    """`kind` is bot or app."""

    kind: str
    scopes: set[str]
    revoked: bool = False
