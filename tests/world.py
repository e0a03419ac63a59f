"""All services on one in-memory database, with hand-written fakes around them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from bot.app.hears import join
from bot.app.room_list import Rooms
from bot.briefings import cards as briefing_cards
from bot.briefings.gather import Gatherer, Sources
from bot.briefings.planning import Defaults, Schedules
from bot.briefings.service import BriefingService
from bot.briefings.store import BriefingStore
from bot.database import Database
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.handoffs.errands import Errands
from bot.handoffs.lanes import Lanes
from bot.handoffs.model import HandoffSettings
from bot.handoffs.service import HandoffService
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import TriageService
from bot.investigations.ask_store import AskStore
from bot.investigations.asking import AskService
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import Investigation, Source
from bot.investigations.rechecks import GIVEN_UP_S, PATIENCE_S, RecheckService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.known_issues.intake import Intake
from bot.known_issues.mapping import IssueMapping
from bot.known_issues.search.index import Index
from bot.known_issues.service import KnownIssueService
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.sync import Syncs
from bot.known_issues.tracker import Tracker
from bot.messages.model import Place
from bot.messages.store import MessageStore
from bot.probes.place_port import Vantage
from bot.probes.places import Elsewhere
from bot.probes.playbooks import PLAYBOOKS, Playbooks
from bot.probes.policy import Policy
from bot.probes.queue import Caps
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.probes.store import ProbeStore
from bot.records import Records
from bot.releases.service import ReleaseService
from bot.releases.store import ReleaseStore
from bot.replies.drafting import Templates
from bot.replies.runner import Pace, ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.store import ReplyStore
from bot.replies.timelines import Timelines
from bot.status.announcements import Announcements
from bot.status.board import Board
from bot.status.service import StatusService
from bot.status.silences import SilenceStore
from bot.status.source import Watched
from bot.status.store import StatusStore
from bot.targets.model import Catalog, Target
from bot.tasks import Tasks
from bot.tickets.service import TicketService
from bot.tickets.store import TicketStore
from tests.database import memory_database
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_desk import FakeDesk
from tests.fake_people import FakePeople
from tests.fake_probe import FakeProbe
from tests.fake_tracker import FakeTracker

US_EAST = Target(
    "us-east", "U.S. East", "gateway", team="tech", addresses=("10.1.2.3",), search=("us east",), control="us-west"
)
US_WEST = Target("us-west", "U.S. West", "gateway", team="tech", addresses=("10.2.2.3",), search=("us west",))
APP = Target("app", "The app", "app", team="cs", search=("app",))
CATALOG = Catalog((US_EAST, US_WEST, APP))
NO_BRIEFINGS = Defaults("UTC")


@dataclass
class World:
    """What bot.app builds, without Slack. `desk=None` is a bot without Zendesk."""

    clock: FakeClock = field(default_factory=FakeClock)
    database: Database = field(default_factory=memory_database)
    people: FakePeople = field(default_factory=FakePeople)
    desk: FakeDesk | None = field(default_factory=FakeDesk)
    probe_kinds: dict[str, FakeProbe] = field(default_factory=lambda: {k: FakeProbe(k) for k in ("ping", "mtr", "tls")})
    tasks: Tasks = field(default_factory=Tasks)
    vantage: Vantage | None = None
    catalog: Catalog = CATALOG
    playbooks: Playbooks = field(default_factory=lambda: PLAYBOOKS)
    watched: Sequence[Watched] = ()
    reply_texts: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: Defaults = NO_BRIEFINGS
    tracker: FakeTracker = field(default_factory=FakeTracker)
    trackers: Sequence[Tracker] = ()
    """In place of the fake one."""
    mapping: IssueMapping = field(default_factory=IssueMapping)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    triage_leads: tuple[str, ...] = ()
    triage_channel: str = ""
    accounts_s: float = 2.0
    patience_s: float = PATIENCE_S
    given_up_s: float = GIVEN_UP_S

    def __post_init__(self) -> None:
        ground: dict[str, Any] = {"database": self.database, "clock": self.clock}
        wake = asyncio.Event()
        elsewhere = Elsewhere(vantage=self.vantage, clock=self.clock)
        self.owed = MessageStore(**ground, wake=lambda: None)
        self.records = Records(database=self.database, owed=self.owed, people=self.people, clock=self.clock)
        self.tickets = TicketService(
            records=self.records,
            store=TicketStore(**ground),
            desk=self.desk,
            window_h=24,
            refresh_s=180,
            catalog=self.catalog,
        )
        self.probes = ProbeService(
            records=self.records,
            store=ProbeStore(**ground),
            kinds=self.probe_kinds,
            policy=Policy(),
            catalog=self.catalog,
            caps=Caps(),
            elsewhere=elsewhere,
            playbooks=self.playbooks,
            wake=wake,
        )
        self.runner = ProbeRunner(
            records=self.records,
            store=ProbeStore(**ground),
            probes=self.probe_kinds,
            catalog=self.catalog,
            caps=Caps(),
            elsewhere=elsewhere,
            playbooks=self.playbooks,
            tasks=self.tasks,
            wake=wake,
        )
        self.status = self._status()
        self.store = InvestigationStore(**ground)
        room: dict[str, Any] = {"records": self.records, "store": self.store, "status": self.status}
        room |= {"tickets": self.tickets, "probes": self.probes}
        self.investigations = InvestigationService(**room)
        self.known = self._known(ground)
        known: dict[str, Any] = {"known": self.known, "investigations": self.investigations}
        self.evidence = EvidenceService(**room, **known, catalog=self.catalog)
        self.rechecks = RecheckService(
            investigations=self.investigations,
            probes=self.probes,
            status=self.status,
            catalog=self.catalog,
            tasks=self.tasks,
            patience_s=self.patience_s,
            given_up_s=self.given_up_s,
        )
        self.asks = AskService(
            **known,
            records=self.records,
            store=AskStore(**ground),
            catalog=self.catalog,
            tickets=self.tickets,
            steps=(3, 5),
            leads=self.leads,
        )
        self.knowledge = KnowledgeService(**known, records=self.records, asks=self.asks)
        self.escalations = EscalationService(
            records=self.records,
            store=EscalationStore(**ground),
            handle="ltm",
            zone=UTC,
            investigations=self.investigations,
            evidence=self.evidence,
        )
        self._build_replies()

    def _status(self) -> StatusService:
        ground: dict[str, Any] = {"database": self.database, "clock": self.clock}
        store, targets = StatusStore(**ground), [target.key for target in self.catalog]
        board = Board(store=store, watched=self.watched, targets=targets, clock=self.clock)
        announcements = Announcements(
            records=self.records,
            store=store,
            silences=SilenceStore(**ground),
            board=board,
            quiet_s=900,
        )
        return StatusService(
            records=self.records,
            board=board,
            announcements=announcements,
            channel_for=_channel_for,
            spread=lambda: 0.0,
        )

    def _build_replies(self) -> None:
        ground: dict[str, Any] = {"database": self.database, "clock": self.clock}
        shared: dict[str, Any] = {"database": self.database, "owed": self.owed}
        self.replies = ReplyService(
            **shared,
            store=ReplyStore(**ground),
            people=self.people,
            clock=self.clock,
            wake=asyncio.Event(),
            desk=self.desk,
        )
        self.reply_runner = ReplyRunner(
            **shared,
            store=ReplyStore(**ground),
            desk=self.desk,
            templates=Templates(texts=self.reply_texts),
            pace=Pace(per_minute=60),
            clock=self.clock,
            wake=asyncio.Event(),
        )

        self._build_handoffs(shared, ground)
        self.rooms = Rooms(
            tickets=self.tickets,
            probes=self.probes,
            probe_runner=self.runner,
            status=self.status,
            known=self.known,
            syncs=Syncs([]),
            investigations=self.investigations,
            evidence=self.evidence,
            rechecks=self.rechecks,
            asks=self.asks,
            knowledge=self.knowledge,
            escalations=self.escalations,
            replies=self.replies,
            reply_runner=self.reply_runner,
            timelines=Timelines(investigations=self.investigations, tickets=self.tickets),
            handoffs=self.handoffs,
            errands=self.errands,
            triage=self.triage,
            releases=self.releases,
        )
        join(self.rooms)
        self.briefings = self._briefings(ground)

    def _build_handoffs(self, shared: dict[str, Any], ground: dict[str, Any]) -> None:
        store = HandoffStore(**ground)
        lanes = Lanes(store=store, known=self.known, replies=self.replies, tickets=self.tickets)
        settings = HandoffSettings(self.triage_leads, self.triage_channel, self.accounts_s, desk=self.desk is not None)
        room: dict[str, Any] = {"investigations": self.investigations, "known": self.known, "knowledge": self.knowledge}
        self.handoffs = HandoffService(
            **shared,
            **room,
            store=store,
            people=self.people,
            evidence=self.evidence,
            lanes=lanes,
            settings=settings,
        )
        self.triage = TriageService(
            **ground,
            people=self.people,
            store=store,
            handoffs=self.handoffs,
            investigations=self.investigations,
            known=self.known,
            lanes=lanes,
            settings=settings,
        )
        self.errands = Errands(
            **ground, **room, store=store, handoffs=self.handoffs, evidence=self.evidence, desk=self.desk
        )
        self.releases = ReleaseService(
            **shared,
            **room,
            store=ReleaseStore(**ground),
            people=self.people,
            handoffs=self.handoffs,
            replies=self.replies,
            tickets=self.tickets,
            usual=lambda: ("C1", "C2"),
        )

    def _briefings(self, ground: dict[str, Any]) -> BriefingService:
        store = BriefingStore(**ground)
        schedules = Schedules(
            records=self.records,
            store=store,
            defaults=self.defaults,
            channel_id=_channel_id,
        )
        self.gatherer = Gatherer(
            sources=Sources(
                self.investigations,
                self.evidence,
                self.escalations,
                self.known,
                self.asks,
                self.status,
                self.handoffs,
                self.releases,
            ),
            catalog=self.catalog,
            owed=self.owed,
            permalink=_permalink,
            untouched_h=24,
        )
        return BriefingService(
            records=self.records,
            store=store,
            schedules=schedules,
            gatherer=self.gatherer,
            investigations=self.investigations,
            pages=briefing_cards.pages,
        )

    def _known(self, ground: dict[str, Any]) -> KnownIssueService:
        store, progress, index = KnownIssueStore(**ground), TrackerStore(**ground), Index(database=self.database)
        mappings = {self.tracker.name: self.mapping}
        inside: dict[str, Any] = {"store": store, "index": index, "catalog": self.catalog}
        intake = Intake(**ground, **inside, progress=progress, mappings=mappings)
        return KnownIssueService(
            records=self.records,
            **inside,
            progress=progress,
            intake=intake,
            trackers=self.trackers or [self.tracker],
            words=self.words,
        )

    async def opened(
        self, target: Target = APP, *, by: str = "UKIM", symptom: str = "login fails", source: Source | None = None
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


async def _channel_for(target: str) -> str:
    return f"C{CATALOG.named(target).team.upper()}"


async def _channel_id(name: str) -> str:
    return {"#t2-tech": "C1", "#t2-cs": "C2"}.get(name, name)


async def _permalink(channel: str, ts: str) -> str:
    return f"https://slack.test/{channel}/{ts}"


_UNFINISHED = "SELECT 1 FROM probe_batches WHERE state IN ('queued', 'running')"


def contents(world: World) -> dict[str, list[dict[str, object]]]:
    """Everything that is stored, to compare before and after."""
    names = [row["name"] for row in world.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: world.database.rows(f"SELECT * FROM {name}") for name in names}
