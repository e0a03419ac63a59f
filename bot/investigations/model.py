"""An investigation, its timeline, and the one table of allowed moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput
from bot.messages.model import Place
from bot.names import names_listed


class State(StrEnum):
    OPEN = "open"
    ESCALATED = "escalated"
    HANDED_OFF = "handed_off"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    MERGED = "merged"
    """It goes on in another one, which looks into the same thing."""


class Move(StrEnum):
    """What changes the state; claiming and joining do not."""

    ESCALATE = "escalate"
    HAND_OFF = "handoff"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    TAKE_BACK = "take_back"
    """The escalation was a mistake, or is needed no more."""
    MERGE = "merge"
    UNMERGE = "unmerge"


LIVE = (State.OPEN, State.ESCALATED, State.HANDED_OFF)

_CLOSING = {Move.RESOLVE: State.RESOLVED, Move.DISMISS: State.DISMISSED}

MOVES: dict[State, dict[Move, State]] = {
    State.OPEN: {
        Move.ESCALATE: State.ESCALATED,
        Move.HAND_OFF: State.HANDED_OFF,
        **_CLOSING,
        Move.MERGE: State.MERGED,
    },
    State.ESCALATED: {
        Move.ESCALATE: State.ESCALATED,
        Move.HAND_OFF: State.HANDED_OFF,
        Move.TAKE_BACK: State.OPEN,
        **_CLOSING,
    },
    State.HANDED_OFF: {Move.ESCALATE: State.ESCALATED, Move.HAND_OFF: State.HANDED_OFF, **_CLOSING},
    State.RESOLVED: {Move.REOPEN: State.OPEN},
    State.DISMISSED: {Move.REOPEN: State.OPEN},
    State.MERGED: {Move.UNMERGE: State.OPEN},
}

STATE_WORDS = {
    State.OPEN: "open",
    State.ESCALATED: "escalated",
    State.HANDED_OFF: "handed off",
    State.RESOLVED: "resolved",
    State.DISMISSED: "dismissed",
    State.MERGED: "merged",
}


MOVE_WORDS = {
    Move.ESCALATE: "escalate it",
    Move.HAND_OFF: "send it to Tier 3 or a vendor",
    Move.RESOLVE: "resolve it",
    Move.DISMISS: "dismiss it",
    Move.REOPEN: "reopen it",
    Move.TAKE_BACK: "take its escalation back",
    Move.MERGE: "merge it into another one",
    Move.UNMERGE: "undo its merge",
}


class IllegalMove(BadInput):
    """The record is in a state that does not allow the move; `possible` is what it does allow."""

    def __init__(self, name: str, state: State, move: Move) -> None:
        self.possible = tuple(MOVES[state])
        able = [MOVE_WORDS[each] for each in self.possible]
        possible = names_listed(able, last="or")
        super().__init__(f"{name} is {STATE_WORDS[state]}, so you can't {MOVE_WORDS[move]}. You can {possible}.")


class EventKind(StrEnum):
    """What the timeline tells."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RELEASED = "released"
    """By its owner; by nobody where its owner had left, or did not answer."""
    STILL_ON_IT = "still_on_it"
    JOINED = "joined"
    HANDOVER = "handover"
    """Somebody was asked to take it over."""
    DECLINED = "declined"
    NOT_HANDED_OVER = "not_handed_over"
    """The handover ended without an answer."""
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    NOTE = "note"
    MESSAGE = "message"
    TICKETS = "tickets"
    PROBE = "probe"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    QUESTION = "question"
    HANDED_BACK = "handed_back"
    """Whoever acknowledged the escalation gave it back."""
    LAPSED = "lapsed"
    """Whoever acknowledged it did not say that they are still on it."""
    TAKEN_BACK = "taken_back"
    """Whoever escalated it needs no answer any more."""
    HANDED_OFF = "handed_off"
    TRIAGED = "triaged"
    ISSUE = "issue"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    KNOWN_ISSUE = "known_issue"
    FIXED = "fixed"
    """Development released the fix."""
    TOLD = "told"
    """Customers were answered."""
    UPDATED = "updated"
    """Management has news, and Tier 1 where it is for them too."""
    INFORMED = "informed"
    """Tier 1 alone has news."""
    SAID = "said"
    """Customers were told something by people."""
    VENDOR = "vendor"
    """A vendor was asked, or said something."""
    MOVED = "moved"
    """It went to another team."""
    ADVISED = "advised"
    """Tier 1 was told what to say."""
    LOG = "log"
    """A customer's log was read."""
    MERGED = "merged"
    """It goes on in another one, or another one goes on in it."""
    UNMERGED = "unmerged"
    RELATED = "related"
    """It has to do with another one, which stays its own."""
    UNRELATED = "unrelated"
    FORGOTTEN = "forgotten"
    """Something about a customer was removed; what it was is nowhere."""


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A Slack message that something came from."""

    channel: str
    ts: str
    author: str = ""
    text: str = ""
    permalink: str = ""
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class Investigation:
    """One trend being looked into. People are Slack user ids."""

    id: int
    target: str
    symptom: str
    """What people see, in the opener's words."""
    state: State
    opened_by: str
    opened_at: datetime
    channel: str
    owner: str | None = None
    claimed_at: datetime | None = None
    source: SourceMessage | None = None
    helpers: tuple[str, ...] = ()
    root_cause: str = ""
    workaround: str = ""
    reason: str = ""
    closed_by: str | None = None
    closed_at: datetime | None = None
    team: str = ""
    """The key of the team that has it; "" for that of its target."""
    merged_into: int | None = None
    """The one in which it goes on."""

    @property
    def name(self) -> str:
        return f"INV-{self.id}"

    @property
    def thread(self) -> Place:
        """The thread under its card, where people talk about it."""
        return Place(self.channel, thread_key=card_key(self.id))

    @property
    def live(self) -> bool:
        return self.state in LIVE

    def after(self, move: Move) -> State:
        """The state that `move` leads to; raises IllegalMove."""
        try:
            return MOVES[self.state][move]
        except KeyError:
            raise IllegalMove(self.name, self.state, move) from None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The one that was resolved last of the same target, and what the time is now."""

    investigation: Investigation
    now: datetime

    @property
    def ago(self) -> timedelta:
        closed_at = self.investigation.closed_at or self.now
        return max(self.now - closed_at, timedelta())


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    kind: EventKind
    actor: str | None
    """A user id, None for the bot itself."""
    about: str | None = None
    """Whom it concerns, or who waited for it."""
    text: str = ""
    """A person's or the bot's words."""
    permalink: str = ""
    id: int = 0
    investigation_id: int = 0
    entered_at: datetime | None = None
    """When it was written down, where that is not when it happened."""
    corrected_at: datetime | None = None
    corrected_by: str | None = None
    withdrawn_at: datetime | None = None
    """Somebody said that it does not belong here: it is no evidence any more, and its words are shown nowhere."""
    withdrawn_by: str | None = None
    withdrawn_why: str = ""

    @property
    def written_at(self) -> datetime:
        return self.entered_at or self.at


@dataclass(frozen=True, slots=True)
class Latest:
    """When somebody (None for the bot itself) last did one kind of thing."""

    kind: EventKind
    actor: str | None
    at: datetime


def standing(events: Sequence[Event]) -> list[Event]:
    """Without those that were withdrawn."""
    return [event for event in events if not event.withdrawn_at]


_ELSEWHERE = (EventKind.TRIAGED, EventKind.DECLINED)
"""What people do who are not in the thread: development decides where it is asked, and whoever declines stays out."""


def in_the_thread(events: Sequence[Event], until: Event) -> tuple[str, ...]:
    """Who took part up to an event, in order, each once, without whoever did that."""
    before = [event for event in events if event.id <= until.id and event.kind not in _ELSEWHERE]
    given = [event.about for event in before if event.kind in (EventKind.HANDED_OVER, EventKind.TAKEN_OVER)]
    users = dict.fromkeys(user for user in (*(event.actor for event in before), *given) if user)
    return tuple(user for user in users if user != until.actor)


def asking(events: Sequence[Event], until: Event) -> tuple[str, ...]:
    """Who of management is on an investigation's last escalation: they asked about it, or acknowledged it."""
    before = [event for event in events if event.id < until.id]
    begins = max(
        (place for place, event in enumerate(before) if event.kind is EventKind.ESCALATED), default=len(before)
    )
    answered = [event.actor for event in before[begins:] if event.kind in (EventKind.QUESTION, EventKind.ACKNOWLEDGED)]
    return tuple(user for user in dict.fromkeys(answered) if user and user != until.actor)


def _asked_last(events: Sequence[Event], until: Event) -> tuple[str, ...]:
    """Who of management asked something last, whom a note answers."""
    asked = [event.actor for event in events if event.kind is EventKind.QUESTION and event.id < until.id]
    return tuple(user for user in asked[-1:] if user and user != until.actor)


PEOPLE_CALLED = 15
"""So many people one message calls."""
_TO_WHOM_IT_CONCERNS = (EventKind.ACKNOWLEDGED, EventKind.TRIAGED, EventKind.HANDED_BACK, EventKind.LAPSED)


def told_people(events: Sequence[Event], event: Event) -> tuple[str, ...]:
    """Whom a message about an event calls: who waits for exactly that, else everybody in the thread."""
    if event.kind is EventKind.UPDATED:
        return asking(events, event)
    if event.kind is EventKind.NOTE:
        return _asked_last(events, event)
    if event.kind in _TO_WHOM_IT_CONCERNS:
        return (event.about,) if event.about and event.about != event.actor else ()
    return in_the_thread(events, event)


@dataclass(frozen=True, slots=True)
class OpenedInvestigation:
    """What opening led to: a new investigation, or the one that somebody has already."""

    investigation: Investigation
    created: bool


def card_key(investigation_id: int) -> str:
    """The key of the investigation's one message, which is also the root of its thread."""
    return f"investigation/{investigation_id}"


def answer_key(investigation_id: int, source: SourceMessage) -> str:
    return f"answer/{investigation_id}/{source.channel}/{source.ts}"


def id_in(key: str) -> int | None:
    """The investigation that a card key names, None for other keys."""
    noun, _, number = key.partition("/")
    return int(number) if noun == "investigation" and number.isdigit() else None


STATE_MARKS = {
    State.OPEN: ":mag:",
    State.ESCALATED: ":rotating_light:",
    State.HANDED_OFF: ":hammer_and_wrench:",
    State.RESOLVED: ":white_check_mark:",
    State.DISMISSED: ":heavy_minus_sign:",
    State.MERGED: ":twisted_rightwards_arrows:",
}
