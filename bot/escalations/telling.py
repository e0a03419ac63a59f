"""How a step of a ladder tells somebody: what is said, whom it reached, why it failed. The contract of every way. Pure.

Two kinds of ways, since only Slack's messages are rows of ours. `OwedWay` owes a message in the transaction that makes
the step due; what became of it the outbox says later (`Owed.settled`). `Way` speaks to a system outside, between two
transactions: the first says that the step is being told, the second what came of it. Where the bot dies in between, the
step is told again with the same `Telling.key`: whoever receives it and knows the key has it once, everybody else may be
told twice, and never not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.errors import SecondLineError
from bot.messages.model import Place

STEP_VIEW = "ladder_step"
"""The view of what a step says in Slack; its record is the step's row."""


class WayKind(StrEnum):
    """As the settings name them. What `recipients` are of each stands beside it."""

    GROUP = "thread-group"
    """The handle of a user group, mentioned in the investigation's thread."""
    DM = "dm"
    """User ids, each in a direct message."""
    CHANNEL = "channel"
    """The name or id of one channel; whom it mentions is `Asked.mention`."""
    MAIL = "mail"
    """Addresses, all in one mail."""
    APPRISE = "apprise"
    """Names of environment variables, each with one address of Apprise's."""
    WEBHOOK = "webhook"
    """Names of environment variables, each with one address of http or https."""


class FailureKind(StrEnum):
    """Why somebody was not told."""

    RATE_LIMITED = "rate_limited"
    ARCHIVED = "archived"
    NOT_IN_CHANNEL = "not_in_channel"
    PERSON_GONE = "person_gone"
    """They have left, or are a guest, an app, unknown."""
    PERSON_AWAY = "person_away"
    MAILBOX_REFUSED = "mailbox_refused"
    UNREACHABLE = "unreachable"
    """No answer, or an answer that says "later"."""
    REFUSED = "refused"
    """An answer that says "no"."""
    NOT_CONFIGURED = "not_configured"
    """Its address, its token or its scope is missing."""
    NOBODY = "nobody"
    """A group that is missing, disabled or empty, or one that Slack doesn't show."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """`detail` is a few words for people ("550 no such mailbox"), text from outside, cut to 200 characters."""

    kind: FailureKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TellingOutcome:
    """Whom a telling reached: user ids, addresses, or names of variables; never an address with a secret in it.

    Where some were reached and some not, both are said. `sure` is false where the way can't tell whether anybody was
    reached, such as most of Apprise's.
    """

    reached: tuple[str, ...] = ()
    failure: Failure | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said. `key` is the same on every retry of a step, and of no other step."""

    key: str
    escalation_id: int
    name: str
    """ "INV-12"."""
    title: str
    """The target and what people see, in a line."""
    request: str
    """What management is asked to do."""
    body: str
    """All of it as plain text, without markup and without the addresses below."""
    priority: str
    """ "P0" to "P3", "" where nobody said one."""
    post_url: str
    """The post in Slack, "" while Slack doesn't say where it is."""
    acknowledge_url: str
    """Signed; "" where the bot can't be reached from outside."""
    wrong: str = ""
    """What the form says is wrong, "" where it says nothing."""
    impact: str = ""
    """Who is affected, as the form says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that is told in Slack, as its way owes it and as its message shows it.

    `answer` is what became of the escalation, in Slack's own marks ("Acknowledged by <@U1> 10:24"), "" while an answer
    is awaited: only then it has buttons.
    """

    step_id: int
    way: WayKind
    recipients: tuple[str, ...]
    mention: str
    """What notifies: "<!subteam^S1>", "<!here>", "" where the place does by itself."""
    thread: Place
    """The investigation's thread."""
    telling: Telling
    escalated_by: str
    escalated_at: datetime
    answer: str = ""
    waits: str = "nobody has answered yet"
    """What stands there while an answer is awaited, in Slack's own marks."""
    late: bool = False


class NotTellable(SecondLineError):
    """Somebody of a ladder can't be reached as it is set up now; `sentence` says why, without a full stop."""


class Way(Protocol):
    """A system outside Slack. One object a kind, for all ladders."""

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        """Tell all of them. Trouble outside is an outcome, never raised; it ends within a minute by itself."""


class OwedWay(Protocol):
    """Slack: messages with the view `STEP_VIEW`, the record `step_id` and the rank `URGENT`.

    Each recipient's has the key `message_key(step_id, recipient)`.
    """

    def owe(self, asked: Asked) -> None:
        """Owe its messages; the caller's transaction is open."""


class Links(Protocol):
    """Signed addresses that acknowledge without Slack."""

    def acknowledge_url(self, step_id: int) -> str:
        """ "" where the bot can't be reached from outside."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way that this bot has. A step whose way is missing here fails as not configured."""

    owed: Mapping[WayKind, OwedWay] = field(default_factory=dict)
    outside: Mapping[WayKind, Way] = field(default_factory=dict)
    links: Links | None = None


def message_key(step_id: int, recipient: str) -> str:
    """The key of what one recipient of a step gets in Slack."""
    return f"ladder/{step_id}/{recipient}"


def step_of(key: str) -> tuple[int, str] | None:
    """The step and the recipient of a message's key, None where it is no step's."""
    noun, _, rest = key.partition("/")
    number, _, recipient = rest.partition("/")
    return (int(number), recipient) if noun == "ladder" and number.isdigit() else None


_OF_SLACK = {
    "ratelimited": FailureKind.RATE_LIMITED,
    "rate_limited": FailureKind.RATE_LIMITED,
    "is_archived": FailureKind.ARCHIVED,
    "not_in_channel": FailureKind.NOT_IN_CHANNEL,
    "channel_not_found": FailureKind.NOT_IN_CHANNEL,
    "user_not_found": FailureKind.PERSON_GONE,
    "user_disabled": FailureKind.PERSON_GONE,
    "users_not_found": FailureKind.PERSON_GONE,
    "user_not_visible": FailureKind.PERSON_GONE,
    "cannot_dm_bot": FailureKind.PERSON_GONE,
    "missing_scope": FailureKind.NOT_CONFIGURED,
    "token_revoked": FailureKind.NOT_CONFIGURED,
    "token_expired": FailureKind.NOT_CONFIGURED,
    "account_inactive": FailureKind.NOT_CONFIGURED,
    "not_authed": FailureKind.NOT_CONFIGURED,
    "no_permission": FailureKind.NOT_CONFIGURED,
    "team_access_not_granted": FailureKind.NOT_CONFIGURED,
    "messages_tab_disabled": FailureKind.NOT_CONFIGURED,
    "invalid_auth": FailureKind.NOT_CONFIGURED,
    "restricted_action": FailureKind.REFUSED,
}


def slack_failure(code: str, detail: str = "", *, person: bool = False) -> Failure:
    """What Slack's own word for a refusal means. A person who has no channel to be written to is gone."""
    kind = _OF_SLACK.get(code, FailureKind.REFUSED if code else FailureKind.UNKNOWN)
    gone = person and kind is FailureKind.NOT_IN_CHANNEL
    return Failure(FailureKind.PERSON_GONE if gone else kind, detail[:200])
