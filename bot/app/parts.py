"""What the rooms are built of: the systems outside, and what the configuration says to each room."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.briefings.gather import Permalink
from bot.briefings.planning import Defaults
from bot.clock import Clock
from bot.customer_logs.runner import Reading
from bot.customer_logs.service import LogSettings
from bot.customer_logs.source import LogSource
from bot.elevations.model import ElevationSettings
from bot.escalations.model import EscalationSettings
from bot.escalations.telling import Ways
from bot.escalations.watchdog import Beat
from bot.forgetting.model import ForgettingSettings
from bot.handoffs.model import HandoffSettings
from bot.handovers.model import HandoverSettings
from bot.investigations.asking import AskSettings
from bot.investigations.rechecks import RecheckSettings
from bot.investigations.teams import TeamName
from bot.known_issues.mapping import IssueMapping
from bot.known_issues.search.beside import SearchBeside
from bot.known_issues.search.meaning.likeness import Meaning, NoMeaning
from bot.known_issues.tracker import Tracker
from bot.mail.mailer import Mailer
from bot.probes.model import Probe
from bot.probes.places import PlaceProber
from bot.probes.playbooks import ProbeSettings
from bot.probes.policy import ProbePolicy
from bot.reading.reader import TicketReader
from bot.reminders.model import ReminderSettings
from bot.replies.drafting import Templates
from bot.retention.model import KeptKind
from bot.status.service import StatusService
from bot.status.source import Watched
from bot.targets.model import Catalog
from bot.tickets.desk import HelpDesk
from bot.tickets.model import TicketSettings
from bot.tickets.stream import TicketStream
from bot.tickets.stream_model import StreamSettings
from bot.trends.agents import PersonByEmail
from bot.trends.model import TrendSettings
from bot.trends.ports import RiseDetector
from bot.vendors.model import VendorSettings


async def no_one(_email: str) -> str:
    """Where nobody can be found by an address."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """The systems outside, as the rooms know them."""

    desk: HelpDesk | None
    trackers: Sequence[Tracker]
    watched: Sequence[Watched]
    probes: Callable[[StatusService], Mapping[str, Probe]]
    """The kinds of probes by name; one of them tells what status pages say."""
    policy: ProbePolicy
    prober: PlaceProber | None
    mailer: Mailer
    team_channel: Callable[[str], Awaitable[str]]
    """The channel of a team, by its key."""
    barred: Callable[[str], Awaitable[str]]
    """What to do before the bot can post in a channel, "" where it can."""
    channel_id: Callable[[str], Awaitable[str]]
    """The id of a channel by its name, or the name where it has none."""
    told_of_releases: Callable[[], Sequence[str]]
    """The ids of the channels that hear of every release unless they said no."""
    permalink: Permalink
    person_by_email: PersonByEmail = no_one
    """The user id of a colleague, by an address of theirs."""
    stream: TicketStream | None = None
    """Every ticket of the desk, read as it comes; None where there is no desk."""
    reader: TicketReader | None = None
    """Reads tickets as the configuration wants it; None for a reader that knows the targets only."""
    meaning: Meaning = field(default_factory=NoMeaning)
    """Compares known issues by what they mean, where that is installed."""
    search: SearchBeside | None = None
    """Finds known issues beside the bot; None where the bot does that itself."""
    ways: Ways = field(default_factory=Ways)
    """How the steps of a ladder tell somebody."""
    heartbeat: Beat | None = None
    """Tells an outside dead man's switch that the ladders are walked; None where there is none."""
    detector: Callable[[], RiseDetector] | None = None
    """Makes what says which series rise; None is the detector of the room."""
    even: Clock | None = None
    """A clock that runs evenly, for who watches the others; None is one made of the machine's."""
    logs: LogSource
    """Where logs of customers come from."""
    log_program: Reading
    """Reads one, away from this process."""
    spread: Callable[[], float] = random.random
    """Numbers from 0 to 1: not everything is asked at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """What the configuration says to each room."""

    catalog: Catalog
    teams: Sequence[TeamName] = ()
    tickets: TicketSettings
    stream: StreamSettings = field(default_factory=StreamSettings)
    probes: ProbeSettings
    quiet_s: float
    """Trouble that is back within this time is the same trouble."""
    mappings: Mapping[str, IssueMapping]
    """How the issues of each tracker are read."""
    refresh_s: Mapping[str, float]
    """How often each tracker is asked."""
    words: Mapping[str, Sequence[str]]
    """What customers say, and what known issues say for it."""
    asks: AskSettings
    rechecks: RecheckSettings = field(default_factory=RecheckSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    escalations: EscalationSettings
    forgetting: ForgettingSettings = field(default_factory=ForgettingSettings)
    elevations: ElevationSettings = field(default_factory=ElevationSettings)
    retention: Mapping[KeptKind, int] = field(default_factory=dict)
    """For how many days each kind is kept, 0 for ever."""
    templates: Templates
    replies_per_minute: float
    handoffs: HandoffSettings
    handovers: HandoverSettings
    reminders: ReminderSettings
    trends: TrendSettings = field(default_factory=TrendSettings)
    vendors: VendorSettings
    briefings: Defaults
    untouched_h: float
    """After how long a briefing says that nobody has touched an investigation."""
