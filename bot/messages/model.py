"""Messages that the bot owes: what a use case leaves behind and the outbox sends."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Rank(IntEnum):
    """The lower goes first. Within a rank people take turns."""

    URGENT = 1
    """Escalations, and what their answers say."""
    ANSWER = 2
    """What somebody of Tier 2 has just asked for."""
    CARD = 3
    """What an investigation shows by itself, and what everybody else opened."""
    REST = 4


_URGENT = frozenset({"escalation", "question"})
"""By the first word of a message's key: so the reports that follow a post of these go as soon as it does."""
_OF_INVESTIGATIONS = frozenset({"investigation", "tickets", "handover", "told", "reminder", "still-on-it"})


def rank_of(key: str, *, after: str = "", view: str = "", human: bool = True, tier2: bool = False) -> Rank:
    """The rank of an owed message, decided when it is owed.

    `human` is true where a person waits for it, `tier2` where that is somebody of Tier 2; `after` is the key of the
    message that it follows.
    """
    if _URGENT & {_noun(key), _noun(after)}:
        return Rank.URGENT
    if human and tier2:
        return Rank.ANSWER
    of_playbook = view == "probes" and not human
    return Rank.CARD if of_playbook or _noun(key) in _OF_INVESTIGATIONS else Rank.REST


def _noun(key: str) -> str:
    return key.partition("/")[0]


Block = dict[str, Any]


class MessageKind(StrEnum):
    """How a message behaves.

    A card is a projection: edited in place, posted again if somebody deletes it. A post is sent exactly once and
    may be edited later. A file and a reaction are sent exactly once. An image is a picture that blocks of other
    messages show: it is uploaded once, and shared nowhere. A removal takes a file away that was shared.
    """

    CARD = "card"
    POST = "post"
    FILE = "file"
    IMAGE = "image"
    REACTION = "reaction"
    REMOVAL = "removal"


class MessageState(StrEnum):
    """`unsure` is a send whose outcome is unknown: the outbox looks for its key before it sends again."""

    OWED = "owed"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows. `text` is what notifications and screen readers use, already escaped."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a channel, or a thread in it."""

    channel: str
    thread_key: str | None = None
    """The owed message whose thread it is."""
    thread_ts: str | None = None
    """Any other message's thread, by its ts."""

    @property
    def private(self) -> bool:
        """Whether only one person sees it: their direct messages, by the id of these or of the person."""
        return self.channel[:1] in "DUW"


class SendWay(StrEnum):
    """What has to be done for a message next; each way has limits of its own.

    `look` is for a post whose outcome is unknown: whether it is there already.
    """

    POST = "post"
    EDIT = "edit"
    FILE = "file"
    REACT = "react"
    REMOVE = "remove"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Message:
    """One owed message as it is stored."""

    id: int
    key: str
    kind: MessageKind
    view: str
    """The name of its renderer."""
    record_id: int
    """The record that is rendered."""
    place: Place
    state: MessageState
    due_at: datetime
    broadcast: bool = False
    content: str = ""
    """JSON for files and reactions."""
    for_user: str = ""
    human: bool = True
    rank: Rank = Rank.REST
    wanted: int = 1
    """How often the record has changed, its first showing included."""
    sent: int = 0
    """The change that Slack shows."""
    ts: str | None = None
    """Slack's, once it is sent."""
    file_id: str | None = None
    digest: str | None = None
    attempts: int = 0
    attempt_at: datetime | None = None
    reason: str = ""
    sent_as: str = ""
    """The key that its message has in Slack, where it is no longer that of the row."""
    moved: int = 0
    """How often it got another place before it was sent."""

    @property
    def key_in_slack(self) -> str:
        """What its metadata says, and its place."""
        return self.sent_as or self.key

    @property
    def way(self) -> SendWay:
        """What has to be done for it next; the store sorts by it too, see `due`."""
        if self.kind in (MessageKind.FILE, MessageKind.IMAGE, MessageKind.REACTION):
            return SendWay.REACT if self.kind is MessageKind.REACTION else SendWay.FILE
        if self.kind is MessageKind.REMOVAL:
            return SendWay.REMOVE
        if self.ts:
            return SendWay.EDIT
        return SendWay.LOOK if self.state is MessageState.UNSURE else SendWay.POST


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture that Slack has, for a block."""

    file_id: str
    alt: str


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that Slack will never take, for people to see."""

    key: str
    channel: str
    reason: str
    for_user: str = field(default="")
