"""A round of replies: which customers, in which words, and how far it got."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BadInput
from bot.messages.model import Place
from bot.tickets.answering import Difference, RefusalKind, Snapshot


class Then(StrEnum):
    """What becomes of a ticket that is answered."""

    SOLVED = "solved"
    UNCHANGED = "unchanged"
    OPENED = "opened"

    @property
    def status(self) -> str:
        """The desk's name of the status that it gets, "" for the one that it has."""
        return {Then.SOLVED: "solved", Then.OPENED: "open"}.get(self, "")


class RoundState(StrEnum):
    """`reading`: tickets and texts are fetched from the desk. `ready`: a person decides. `ended` may be run again."""

    READING = "reading"
    READY = "ready"
    PUT_OFF = "put_off"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class ReplyState(StrEnum):
    """`unsure` is an answer whose outcome is unknown: the ticket is looked at before anything is sent again.

    `changed` is one that was not sent, since others changed its ticket after the approval.
    """

    LISTED = "listed"
    LEFT_OUT = "left_out"
    WAITING = "waiting"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    FAILED = "failed"
    CHANGED = "changed"


class ProblemState(StrEnum):
    """`none`: there is no problem ticket to solve, or not in this round."""

    NONE = "none"
    WAITING = "waiting"
    SOLVED = "solved"
    LEFT_OPEN = "left_open"


OPEN_REPLIES = (ReplyState.WAITING, ReplyState.SENDING, ReplyState.UNSURE)
APPROVABLE = (RoundState.READY, RoundState.PUT_OFF)
CORRECTED = "corrected"
"""The purpose of a round that puts right what an earlier one said."""
WAS_CORRECTED = "It was corrected"
"""Why what a round says is not true any more, where people found out themselves."""
NOT_MENDED = ("planned", "noted", CORRECTED)
"""Purposes of rounds that do not tell customers that their trouble is over."""
UNAPPROVED = (RoundState.READING, *APPROVABLE)


@dataclass(frozen=True, slots=True)
class WaitingTicket:
    """A ticket that waits for an answer, as whoever opens a round knows it."""

    ticket_id: int
    investigation_id: int | None = None
    about: str = ""
    """Its known issue ("KI-31")."""
    language: str = ""
    """Of what its customer was told before, where that is corrected."""


@dataclass(frozen=True, slots=True)
class RoundOpening:
    """Whom a round tells what, and where it asks for a review."""

    purpose: str
    """The name of the configured texts ("released")."""
    tickets: Sequence[WaitingTicket]
    values: Mapping[str, str]
    """Fill in the texts (see bot.replies.wording.PLACEHOLDERS)."""
    place: Place
    for_user: str
    problem_id: int | None = None
    """The problem ticket that is solved after its incidents, if the round solves tickets."""
    corrects: int | None = None
    """The round whose words were wrong."""


@dataclass(frozen=True, slots=True)
class UntoldTicket:
    """A ticket that waits for an answer."""

    ticket_id: int
    about: str
    """Its known issue."""
    round_id: int
    values: dict[str, str]
    since: datetime
    """When its round was opened."""


@dataclass(frozen=True, slots=True)
class Text:
    """What customers of one language are told: words, or a macro whose words the desk fills in for each ticket."""

    language: str
    text: str
    """Of a macro what the first of its customers would read, as a preview."""
    macro_id: int | None = None
    macro: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One ticket of a round."""

    ticket_id: int
    state: ReplyState
    subject: str = ""
    url: str = ""
    status: str = ""
    wants: str = ""
    """Its customer's own language."""
    language: str = ""
    """That of the text which they get."""
    investigation_id: int | None = None
    about: str = ""
    kind: RefusalKind | None = None
    """Why it failed."""
    reason: str = ""
    attempts: int = 0
    sent_at: datetime | None = None
    snapshot: Snapshot | None = None
    """The ticket as whoever approves knows it."""
    differences: tuple[Difference, ...] = ()
    """What others did since."""

    @property
    def again_possible(self) -> bool:
        """What is closed, merged or gone stays so; what Zendesk refused may be mended there."""
        return self.state is ReplyState.FAILED and self.kind is RefusalKind.REFUSED


@dataclass(frozen=True, slots=True)
class Round:
    """Tickets that get the same news, and everything about the way there."""

    id: int
    key: str
    purpose: str
    stamp: str
    """Marks its answers in the desk."""
    state: RoundState
    then: Then
    place: Place
    for_user: str
    opened_at: datetime
    values: dict[str, str]
    problem_id: int | None = None
    problem_state: ProblemState = ProblemState.NONE
    problem_note: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None
    stopped_by: str | None = None
    ended_at: datetime | None = None
    run: int = 0
    """How often it was set going."""
    reading: int = 0
    """How often what is read of its tickets became another."""
    failing_since: datetime | None = None
    """Set while the desk does not answer."""
    failure: str = ""
    note: str = ""
    """Why what it tells is no longer true."""
    corrects: int | None = None
    """The round whose words were wrong."""
    texts: tuple[Text, ...] = ()
    replies: tuple[Reply, ...] = ()

    def having(self, *states: ReplyState) -> tuple[Reply, ...]:
        return tuple(reply for reply in self.replies if reply.state in states)

    @property
    def over(self) -> bool:
        return self.state is RoundState.ENDED

    @property
    def told(self) -> tuple[int, ...]:
        """Tickets whose customers read what it says, once nobody is being answered any more."""
        settled = self.state in (RoundState.ENDED, RoundState.STOPPED)
        return tuple(reply.ticket_id for reply in self.having(ReplyState.SENT)) if settled else ()

    @property
    def chosen(self) -> tuple[Reply, ...]:
        """Those that a person approved."""
        return self.having(*OPEN_REPLIES, ReplyState.SENT, ReplyState.FAILED, ReplyState.CHANGED)

    @property
    def changed(self) -> tuple[Reply, ...]:
        """Those that were left out, since others changed the ticket."""
        return self.having(ReplyState.CHANGED)

    @property
    def undecided(self) -> tuple[Reply, ...]:
        """Those that wait for a person to say whether they are answered."""
        return tuple(reply for reply in self.replies if reply.state is ReplyState.CHANGED or reply.again_possible)

    @property
    def said_to_be_mended(self) -> tuple[int, ...]:
        """Investigations whose trouble the customers are told is over, the one with the most tickets first."""
        if self.purpose in NOT_MENDED:
            return ()
        listed = [reply.investigation_id for reply in self.having(ReplyState.LISTED) if reply.investigation_id]
        return tuple(number for number, _ in Counter(listed).most_common())

    @property
    def failed(self) -> Counter[RefusalKind]:
        return Counter(reply.kind or RefusalKind.REFUSED for reply in self.having(ReplyState.FAILED))

    @property
    def again_possible(self) -> bool:
        """Whether trying again can change anything."""
        mendable = any(reply.again_possible for reply in self.replies)
        return mendable or self.problem_state is ProblemState.LEFT_OPEN

    def text_for(self, reply: Reply) -> Text | None:
        return next((text for text in self.texts if text.language == reply.language), None)


WHERE_IT_IS = {
    RoundState.READING: "The tickets are still being read. The button comes when that is done.",
    RoundState.RUNNING: "It was approved already, and the answers are on their way.",
    RoundState.STOPPED: "It was approved and then stopped. Press Go On to continue.",
    RoundState.ENDED: "It was approved already, and is done.",
    RoundState.READY: "It waits for somebody to review it.",
    RoundState.PUT_OFF: "It was put off. Press Review and Send when it is time.",
}


class CannotAnswer(BadInput):
    """The round is not where that is possible; the sentence says where it is."""


def primary(locale: str) -> str:
    """The language of a locale: "de" of "de-AT" and "de_AT"; "" of none."""
    return locale.replace("_", "-").partition("-")[0].strip().lower()


def spoken(locale: str, offered: tuple[str, ...], fallback: str) -> str:
    """Which of the offered languages a customer is answered in: the exact one, the same without its region, or the
    fallback, or the first that there is. "" where nothing is offered."""
    exact = locale.replace("_", "-").strip().lower()
    by_name = {language.lower(): language for language in offered}
    language = by_name.get(exact) or by_name.get(primary(locale)) or by_name.get(fallback.lower())
    return language or next(iter(offered), "")
