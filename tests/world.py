"""All services on one in-memory database, with hand-written fakes around them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, time
from functools import cache
from zoneinfo import ZoneInfo

from bot.app.hears import build_rooms
from bot.app.parts import Adapters, RoomSettings
from bot.briefings.planning import Defaults
from bot.clock import Clock
from bot.customer_logs.service import LogSettings
from bot.database import Database
from bot.elevations.model import ElevationSettings
from bot.escalations.ladder_model import LadderSettings
from bot.escalations.model import NO_LADDERS, EscalationSettings
from bot.escalations.telling import OwedWay, Way, WayKind, Ways
from bot.escalations.watchdog import Beat
from bot.escalations.ways.slack_way import SlackWay
from bot.handoffs.model import HandoffSettings
from bot.handovers.model import HandoverSettings
from bot.investigations.asking import AskSettings
from bot.investigations.model import Investigation, SourceMessage
from bot.investigations.rechecks import RecheckSettings
from bot.investigations.store import InvestigationStore
from bot.investigations.teams import TeamName
from bot.known_issues.mapping import IssueMapping
from bot.known_issues.search.beside import SearchBeside
from bot.known_issues.search.meaning.likeness import Meaning, NoMeaning
from bot.known_issues.sync import REFRESH_S
from bot.known_issues.tracker import Tracker
from bot.messages.model import Place
from bot.messages.store import MessageStore
from bot.probes.places import PlaceProber
from bot.probes.playbooks import PLAYBOOKS, Playbooks, ProbeSettings
from bot.probes.policy import ProbePolicy
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.reminders.model import ReminderSettings
from bot.replies.drafting import Templates
from bot.status.source import Watched
from bot.targets.model import Catalog, Target
from bot.tasks import Tasks
from bot.tickets.model import TicketSettings
from bot.tickets.stream import TicketStream
from bot.trends.model import TrendSettings
from bot.vendors.model import Vendor, VendorSettings
from bot.working_hours import WorkingHours
from tests.customer_logs.fakes import FakeLogSource, ReadHere
from tests.database import memory_database
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_desk import FakeDesk
from tests.fake_mailer import FakeMailer
from tests.fake_people import FakePeople
from tests.fake_probe import FakeProbe
from tests.fake_tracker import FakeTracker
from tests.trends.fakes import FakeDetector

US_EAST = Target(
    "us-east", "U.S. East", "gateway", team="tech", addresses=("10.1.2.3",), search=("us east",), control="us-west"
)
US_WEST = Target("us-west", "U.S. West", "gateway", team="tech", addresses=("10.2.2.3",), search=("us west",))
APP = Target("app", "The app", "app", team="cs", search=("app",))
CATALOG = Catalog((US_EAST, US_WEST, APP))
NO_BRIEFINGS = Defaults("UTC")
HOURS = WorkingHours(time(8), time(18), frozenset(range(5)), ZoneInfo("UTC"))
OFFICE = WorkingHours(time(8), time(20), frozenset(range(5)), ZoneInfo("UTC"))
NOBODY_IS_REMINDED = ReminderSettings(OFFICE)


@dataclass
class World:
    """What bot.app builds, without Slack. `desk=None` is a bot without Zendesk."""

    clock: FakeClock = field(default_factory=FakeClock)
    database: Database = field(default_factory=memory_database)
    people: FakePeople = field(default_factory=FakePeople)
    desk: FakeDesk | None = field(default_factory=FakeDesk)
    probe_kinds: dict[str, FakeProbe] = field(default_factory=lambda: {k: FakeProbe(k) for k in ("ping", "mtr", "tls")})
    tasks: Tasks = field(default_factory=Tasks)
    prober: PlaceProber | None = None
    mailer: FakeMailer = field(default_factory=FakeMailer)
    catalog: Catalog = CATALOG
    playbooks: Playbooks = field(default_factory=lambda: PLAYBOOKS)
    watched: Sequence[Watched] = ()
    reply_texts: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: Defaults = NO_BRIEFINGS
    tracker: FakeTracker = field(default_factory=FakeTracker)
    with_vendors: Sequence[Vendor] = ()
    vendor_hours: WorkingHours | None = None
    trackers: Sequence[Tracker] = ()
    """In place of the fake one."""
    mapping: IssueMapping = field(default_factory=IssueMapping)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    meaning: Meaning = field(default_factory=NoMeaning)
    search: SearchBeside | None = None
    ladders: LadderSettings = NO_LADDERS
    ways: Mapping[WayKind, Way] = field(default_factory=dict)
    """Those outside Slack."""
    even: Clock | None = None
    heartbeat: Beat | None = None
    leads: dict[str, str] = field(default_factory=dict)
    triage_leads: tuple[str, ...] = ()
    triage_channel: str = ""
    barred: dict[str, str] = field(default_factory=dict)
    """Why the bot can't post in a channel."""
    accounts_s: float = 2.0
    elevations_by: ElevationSettings = field(default_factory=ElevationSettings)
    patience_s: float = 10.0
    given_up_s: float = 90.0
    hours: WorkingHours = HOURS
    reminder_settings: ReminderSettings = NOBODY_IS_REMINDED
    stream: TicketStream | None = None
    detector: FakeDetector = field(default_factory=FakeDetector)
    log_source: FakeLogSource = field(default_factory=FakeLogSource)
    log_program: ReadHere = field(default_factory=ReadHere)
    logs_by: LogSettings = field(default_factory=LogSettings)
    trends_by: TrendSettings = field(default_factory=TrendSettings)

    def __post_init__(self) -> None:
        self.owed = MessageStore(database=self.database, clock=self.clock, wake=lambda: None)
        records = Records(database=self.database, owed=self.owed, people=self.people, clock=self.clock)
        self.rooms = build_rooms(records, self.tasks, self._adapters(), self._settings())
        self.people.personal = self.rooms.personal.of
        self.records, self.store = records, InvestigationStore(database=self.database, clock=self.clock)
        self.tickets, self.status = self.rooms.tickets, self.rooms.status
        self.maintenance, self.sweeps = self.rooms.maintenance.service, self.rooms.maintenance.sweeps
        self.probes, self.runner = self.rooms.probes, self.rooms.probe_runner
        self.known, self.knowledge, self.asks = self.rooms.known, self.rooms.knowledge, self.rooms.asks
        self.investigations, self.evidence = self.rooms.investigations, self.rooms.evidence
        self.updates, self.moves = self.rooms.updates, self.rooms.moves
        self.corrections, self.merges = self.rooms.corrections, self.rooms.merges
        self.relations = self.rooms.relations
        self.rechecks, self.escalations = self.rooms.rechecks, self.rooms.escalations
        self.replies, self.reply_runner = self.rooms.replies, self.rooms.reply_runner
        self.handovers, self.day_ends = self.rooms.handovers, self.rooms.day_ends
        self.handoffs, self.triage, self.errands = self.rooms.handoffs, self.rooms.triage, self.rooms.errands
        self.elevations, self.elevation_runner = self.rooms.elevations, self.rooms.elevation_runner
        self.reminders, self.claims = self.rooms.reminders, self.rooms.claims
        self.trends, self.noticing = self.rooms.trends, self.rooms.trend_room.noticing
        self.logs, self.log_reader = self.rooms.logs, self.rooms.log_reader
        self.vendors, self.courier = self.rooms.vendors, self.rooms.courier
        self.releases, self.briefings = self.rooms.releases, self.rooms.briefings

    def _adapters(self) -> Adapters:
        return Adapters(
            desk=self.desk,
            trackers=self.trackers or [self.tracker],
            watched=self.watched,
            probes=lambda _status: self.probe_kinds,
            policy=ProbePolicy(),
            prober=self.prober,
            mailer=self.mailer,
            team_channel=_team_channel,
            barred=self._barred,
            channel_id=_channel_id,
            told_of_releases=lambda: ("C1", "C2"),
            permalink=_permalink,
            reader=_reader(self.catalog),
            meaning=self.meaning,
            search=self.search,
            spread=lambda: 0.0,
            ways=Ways(self._in_slack(), self.ways),
            even=self.even,
            heartbeat=self.heartbeat,
            stream=self.stream,
            person_by_email=_person_by_email,
            detector=lambda: self.detector,
            logs=self.log_source,
            log_program=self.log_program,
        )

    def _in_slack(self) -> Mapping[WayKind, OwedWay]:
        slack = SlackWay(owed=self.owed)
        return {WayKind.GROUP: SlackWay(owed=self.owed, in_thread=True), WayKind.DM: slack, WayKind.CHANNEL: slack}

    def _settings(self) -> RoomSettings:
        desk = self.desk is not None
        return RoomSettings(
            catalog=self.catalog,
            teams=(TeamName("tech", "T2 Tech"), TeamName("cs", "T2 CS")),
            tickets=TicketSettings(window_h=24, refresh_s=180),
            probes=ProbeSettings(playbooks=self.playbooks),
            quiet_s=900,
            mappings={self.tracker.name: self.mapping},
            refresh_s=defaultdict(lambda: REFRESH_S),
            words=self.words,
            asks=AskSettings(steps=(3, 5), leads=self.leads),
            rechecks=RecheckSettings(patience_s=self.patience_s, given_up_s=self.given_up_s),
            logs=self.logs_by,
            elevations=self.elevations_by,
            escalations=EscalationSettings(handle="ltm", zone=UTC, ladders=self.ladders),
            templates=Templates(texts=self.reply_texts),
            replies_per_minute=60,
            handoffs=HandoffSettings(self.triage_leads, self.triage_channel, self.accounts_s, desk=desk),
            handovers=HandoverSettings(self.hours),
            reminders=self.reminder_settings,
            trends=self.trends_by,
            vendors=VendorSettings({vendor.key: vendor for vendor in self.with_vendors}, self.vendor_hours),
            briefings=self.defaults,
            untouched_h=24,
        )

    async def _barred(self, channel: str) -> str:
        return self.barred.get(channel, "")

    async def opened(
        self,
        target: Target = APP,
        *,
        by: str = "UKIM",
        symptom: str = "login fails",
        source: SourceMessage | None = None,
    ) -> Investigation:
        """A new investigation in the channel C1."""
        opened = await self.investigations.open(target, symptom=symptom, by=by, channel="C1", source=source)
        assert opened.created
        return opened.investigation

    async def desk_settled(self) -> None:
        """Run the loop of the tickets until nothing is due now."""
        self.tasks.forever(self.tickets.run, name="tickets")
        await eventually(self._nothing_due)
        await self.tasks.drain(deadline_s=0)

    async def probed(self) -> None:
        """Run the loop of the probes until no batch is queued or running."""
        self.begin_probing()
        await self.probing_ended()

    def begin_probing(self) -> None:
        self.tasks.forever(self.runner.run, name="probes")

    async def probing_ended(self) -> None:
        await eventually(lambda: not self.database.rows(_UNFINISHED))
        await self.tasks.idle()
        await self.tasks.drain(deadline_s=0)

    def sent(self, key: str, ts: str) -> None:
        """As if the outbox had sent the message."""
        message = next(each for each in self.owed.due(self.clock()) if each.key == key)
        self.owed.sent(message, ts=ts)

    def kinds(self, investigation_id: int) -> list[str]:
        return [str(event.kind) for event in self.evidence.overview(investigation_id).events]

    def owed_keys(self, pattern: str = "%") -> list[str]:
        return [row["key"] for row in self.database.rows("SELECT key FROM messages WHERE key LIKE ?", pattern)]

    def wanted(self, key: str) -> int:
        """How often the record behind a message has changed, its first showing included."""
        return int(self.database.value("SELECT wanted FROM messages WHERE key = ?", key))

    def place(self, key: str) -> Place:
        row = self.database.row("SELECT channel, thread_key, thread_ts FROM messages WHERE key = ?", key)
        assert row
        return Place(**row)

    def _nothing_due(self) -> bool:
        store = self.tickets._store
        now = self.clock()
        return not store.due(now) and not store.tags_due(now) and not store.kept(now)


@cache
def _reader(catalog: Catalog) -> TicketReader:
    """Its tables take longer to make than most tests."""
    return TicketReader(catalog=catalog)


async def _team_channel(team: str) -> str:
    return f"C{team.upper()}"


async def _channel_id(name: str) -> str:
    return {"#t2-tech": "C1", "#t2-cs": "C2"}.get(name, name)


async def _person_by_email(email: str) -> str:
    return f"U{email.partition('@')[0].upper()}"


async def _permalink(channel: str, ts: str) -> str:
    return f"https://slack.test/{channel}/{ts}"


_UNFINISHED = "SELECT 1 FROM probe_batches WHERE state IN ('queued', 'running')"


def contents(world: World) -> dict[str, list[dict[str, object]]]:
    """Everything that is stored, to compare before and after."""
    names = [row["name"] for row in world.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: world.database.rows(f"SELECT * FROM {name}") for name in names}
