"""What rises: a series of customers' tickets, and what is unusual about it now."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.reading.versions import spelled
from bot.tickets.rise import CHANCE, UNUSUAL, at_least
from bot.tickets.stream_model import ReadTicket
from bot.working_hours import WorkingHours


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What is counted together. All empty is the whole desk."""

    target: str = ""
    symptom: str = ""
    version: str = ""
    """Platform or app with its version ("ios 26.2")."""
    term: int = 0
    """A term of bot.tickets.stream_model.ReadTicket; 0 for none."""
    code: str = ""
    """An error code ("809")."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A series that is higher than chance and habit explain, as it stands at `at`."""

    series: SeriesKey
    at: datetime
    since: datetime
    """The first ticket of it: from there on more came than usual."""
    window_h: float
    """The window that judged it: 0.5, 1 or 3 hours before `at`."""
    customers: int
    """Distinct requesters in the window."""
    expected: float
    """How many are usual in it."""
    score: float
    """How unlikely that is, or that so many of them have the same symptom: minus the decimal logarithm of the tail,
    without what the whole desk shares."""
    ticket_ids: tuple[int, ...]
    """The newest first."""
    fleet: bool = False
    """The whole desk rises, and not this series alone."""
    also: tuple[SeriesKey, ...] = ()
    """What rises with it, of the same customers: the symptom that they share, their version, their words."""


class TrendMode(StrEnum):
    """Whether the bot says what it notices."""

    OFF = "off"
    SHADOW = "shadow"
    """It tells once a day what it would have said."""
    ON = "on"


class TrendState(StrEnum):
    """Where a trend stands."""

    RISING = "rising"
    INVESTIGATED = "investigated"
    """An investigation looks into it; its card tells how it goes on."""
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"
    """Somebody said that it is no trend: it comes back only where it is clearly larger."""
    OVER = "over"


LIVE = (TrendState.RISING, TrendState.INVESTIGATED, TrendState.SNOOZED, TrendState.DISMISSED)


@dataclass(frozen=True, slots=True)
class TrendSettings:
    """`zone` is that of the weekday and hour that messages name."""

    mode: TrendMode = TrendMode.ON
    zone: tzinfo = UTC
    hours: WorkingHours | None = None
    """When a daily report may come: as work begins."""
    holidays: frozenset[date] = frozenset()
    false_per_week: float = 1.0
    """So many messages a week may be chance."""
    tell_agents: bool = False
    """Whether agents are told of trends that their own tickets belong to."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One rise from its first ticket to its end: at most one message tells of it. People are Slack user ids."""

    id: int
    series: SeriesKey
    state: TrendState
    team: str
    channel: str
    began_at: datetime
    noticed_at: datetime
    last_at: datetime
    """When it was seen rising last."""
    window_h: float
    customers: int
    expected: float
    most: int
    """Customers of the look that found the most an hour."""
    most_window_h: float = 1.0
    fleet: bool = False
    words: str = ""
    """What its term is in words, as customers write it: text from outside."""
    about: str = ""
    """The target that most of its tickets are about, "" for none."""
    symptom: str = ""
    """The symptom that most of its tickets share, by key."""
    sharing: int = 0
    """How many of its tickets say so."""
    version: str = ""
    """The version of a system or an app that most of its tickets name."""
    ticket_ids: tuple[int, ...] = ()
    """The newest first."""
    shadow: bool = False
    """It was noticed while the bot did not speak."""
    said_at: datetime | None = None
    """When its message was owed; None where nothing is said of it."""
    investigation_id: int | None = None
    again_of: int | None = None
    """The resolved investigation that it is the same trouble as."""
    settled_at: datetime | None = None
    """When that trouble was over, None where it never was."""
    larger_than: int | None = None
    """The dismissed trend that it is clearly larger than."""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    dismissed_at: datetime | None = None
    dismissed_by: str = ""
    reason: str = ""
    dismissed_customers: int = 0
    dismissed_window_h: float = 1.0
    over_at: datetime | None = None
    maintenance_id: int | None = None
    """The maintenance that explained it when it was noticed."""

    @property
    def name(self) -> str:
        return f"trend/{self.id}"

    @property
    def told(self) -> SeriesKey:
        """The series as people are told of it: a target with the version that most of its tickets name."""
        if self.fleet or self.series.version or not self.series.target:
            return self.series
        return replace(self.series, version=self.version)

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def is_planned(self) -> bool:
        """Whether a maintenance explains it, so that nothing was said of it."""
        return self.maintenance_id is not None and self.said_at is None and self.state is TrendState.RISING

    @property
    def calms(self) -> bool:
        """Whether no more customers than usual wrote last: it is over once that lasts."""
        return not beyond_chance(self.customers, self.expected, UNUSUAL)

    def rises(self, now: datetime) -> bool:
        """Whether it goes on, as far as anybody can tell."""
        return self.state is not TrendState.OVER and now < self.last_at + OVER_AFTER


SYMPTOMS = {
    "connect": "can't connect",
    "drops": "connection drops",
    "slow": "it's slow",
    "speed": "low speed",
    "dns": "names don't resolve",
    "leak": "address leaks",
    "streaming": "streaming doesn't work",
    "login": "can't log in",
    "payment": "payment fails",
    "crash": "the app crashes",
}
"""What people call the usual classes of symptoms; a class of somebody's own is called by its key."""


def symptom_words(key: str) -> str:
    return SYMPTOMS.get(key, key.replace("-", " "))


def plain_name(series: SeriesKey, *, title: str, words: str) -> str:
    """What rises: `title` is what people call its target, `words` are those of its term, text from outside."""
    if series.target:
        version = spelled(series.version).removeprefix("app ")
        return f"{title or series.target} ({version})" if version else title or series.target
    if series.symptom:
        return f"“{symptom_words(series.symptom)}”"
    if series.version:
        return spelled(series.version)
    if series.code:
        return f"error {series.code}"
    return f"“{' '.join(words.split())[:50] or 'a new word'}”" if series.term else "Everything"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tickets of a rise have in common; each is a field of its trend."""

    about: str = ""
    symptom: str = ""
    sharing: int = 0
    version: str = ""


OVER_AFTER = timedelta(minutes=10)
"""So long after the detector saw it last it is over. The detector itself waits for an hour of calm."""
RESUMED_WITHIN = timedelta(hours=3)
"""What rises again so soon is the same trend: the longest window still holds its first tickets."""
DISMISSED_FOR = timedelta(days=7)
"""So long after it was seen last a dismissed trend keeps others of its size quiet: the hours of a week repeat."""
LARGER = 1.5
"""Times as many customers an hour, and beyond chance, make a dismissed trend clearly larger."""
SHARED = 0.5
"""Two rises that share so many of the smaller one's tickets are one."""
KEPT_TICKETS = 300
"""Tickets of a trend that are kept by number, the newest ones."""
MOST_SHARE = 0.5
"""What more than this share of the tickets say is said of the trend."""


def facts_of(tickets: Iterable[ReadTicket]) -> Facts:
    """The target, the symptom and the version that more than half of them are about."""
    listed = list(tickets)
    about = Counter(target for ticket in listed for target in ticket.affected)
    symptoms = Counter(ticket.symptom for ticket in listed if ticket.symptom)
    target, named = about.most_common(1)[0] if about else ("", 0)
    symptom, sharing = symptoms.most_common(1)[0] if symptoms else ("", 0)
    versions = Counter(version for ticket in listed for version in ticket.versions)
    version, naming = versions.most_common(1)[0] if versions else ("", 0)
    most = MOST_SHARE * len(listed)
    return Facts(
        about=target if named > most else "",
        symptom=symptom if sharing > most else "",
        sharing=sharing if sharing > most else 0,
        version=version if naming > most else "",
    )


def clearly_larger(rise: Rise, trend: Trend) -> bool:
    """Whether a rise is more than what was dismissed: half as many again an hour, and not by chance alone."""
    before, now = trend.dismissed_customers, rise.customers
    if now / rise.window_h < LARGER * before / trend.dismissed_window_h:
        return False
    share = rise.window_h / (rise.window_h + trend.dismissed_window_h)
    return at_least(now, now + before, share) < CHANCE


def beyond_chance(customers: int, expected: float, chance: float) -> bool:
    """Whether three or more are so many that the usual number makes them more rarely than `chance` (Poisson)."""
    below = term = math.exp(-expected)
    for count in range(1, customers):
        term *= expected / count
        below += term
    return customers >= 3 and 1 - below < chance
