"""Investigations, and the rooms that they stand on, built from the ground up."""

import asyncio
from abc import ABC, abstractmethod

from bot.app.maintenance import MaintenanceRoom
from bot.app.parts import Adapters, RoomSettings
from bot.app.status import build_status
from bot.investigations.above import Above
from bot.investigations.ask_store import AskStore
from bot.investigations.asking import AskService
from bot.investigations.corrections import CorrectionService
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.merging import MergeService
from bot.investigations.moving import MoveService
from bot.investigations.picturing import PictureService
from bot.investigations.rechecks import RecheckService
from bot.investigations.relating import RelationService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.updates import UpdateService
from bot.known_issues.intake import Intake
from bot.known_issues.search.index import Index
from bot.known_issues.search.matcher import IssueMatcher
from bot.known_issues.service import KnownIssueService
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.sync import Sync, Syncs
from bot.probes.places import Places
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.probes.store import ProbeStore
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.tasks import Tasks
from bot.tickets.service import TicketService
from bot.tickets.store import TicketStore
from bot.tickets.stream_service import StreamService
from bot.tickets.stream_store import StreamStore


class LowerRooms(ABC):
    """Their services, and the loops that work beside them. Each is given those that were built before it."""

    def __init__(self, records: Records, tasks: Tasks, adapters: Adapters, settings: RoomSettings) -> None:
        self.records = records
        self.tasks = tasks
        self.adapters = adapters
        self.settings = settings
        self.catalog = settings.catalog
        self.teams = settings.teams
        self.reader = adapters.reader or TicketReader(catalog=settings.catalog)
        self._build_tickets()
        self.status = build_status(records, adapters, settings)
        self._build_probes()
        self.maintenance = MaintenanceRoom(records, adapters, settings, status=self.status, probes=self.probes)
        self._build_known_issues()
        self._build_investigations()
        self._build_what_follows_investigations()

    @abstractmethod
    def above(self, investigation_id: int) -> Above:
        """What the rooms above investigations know of one: they are built later."""

    def _build_tickets(self) -> None:
        self.tickets = TicketService(
            records=self.records,
            store=TicketStore(database=self.records.database, clock=self.records.clock),
            desk=self.adapters.desk,
            catalog=self.catalog,
            settings=self.settings.tickets,
            read=self.reader.read,
            stream=StreamStore(database=self.records.database),
        )
        self.stream = StreamService(
            records=self.records,
            store=StreamStore(database=self.records.database),
            stream=self.adapters.stream,
            settings=self.settings.stream,
        )

    def _build_probes(self) -> None:
        store, wake = ProbeStore(database=self.records.database, clock=self.records.clock), asyncio.Event()
        places = Places(prober=self.adapters.prober, clock=self.records.clock)
        kinds = self.adapters.probes(self.status)
        self.probes = ProbeService(
            records=self.records,
            store=store,
            kinds=kinds,
            policy=self.adapters.policy,
            catalog=self.catalog,
            places=places,
            wake=wake,
            settings=self.settings.probes,
        )
        self.probe_runner = ProbeRunner(
            records=self.records,
            store=store,
            probes=kinds,
            catalog=self.catalog,
            places=places,
            tasks=self.tasks,
            wake=wake,
            settings=self.settings.probes,
        )

    def _build_known_issues(self) -> None:
        database, clock = self.records.database, self.records.clock
        store, progress = KnownIssueStore(database=database, clock=clock), TrackerStore(database=database, clock=clock)
        index, trackers, refresh_s = Index(database=database), self.adapters.trackers, self.settings.refresh_s
        intake = Intake(
            records=self.records,
            store=store,
            progress=progress,
            index=index,
            catalog=self.catalog,
            mappings=self.settings.mappings,
        )
        self.known = KnownIssueService(
            records=self.records,
            store=store,
            progress=progress,
            index=index,
            intake=intake,
            catalog=self.catalog,
            trackers=trackers,
            matcher=IssueMatcher(
                store=store,
                index=index,
                catalog=self.catalog,
                words=self.settings.words,
                reader=self.reader,
                clock=clock,
                meaning=self.adapters.meaning,
            ),
        )
        self.syncs = Syncs(
            [
                Sync(tracker=tracker, intake=intake, clock=clock, refresh_s=refresh_s[tracker.name])
                for tracker in trackers
            ]
        )

    def _build_investigations(self) -> None:
        records, catalog = self.records, self.catalog
        store = InvestigationStore(database=records.database, clock=records.clock)
        service = self.investigations = InvestigationService(
            records=records, store=store, tickets=self.tickets, probes=self.probes, status=self.status
        )
        self.evidence = EvidenceService(
            records=records,
            store=store,
            catalog=catalog,
            investigations=service,
            tickets=self.tickets,
            probes=self.probes,
            status=self.status,
            known=self.known,
        )
        self.updates = UpdateService(records=records, store=store, investigations=service)
        self.moves = MoveService(
            records=records,
            store=store,
            investigations=service,
            catalog=catalog,
            teams=self.teams,
            team_channel=self.adapters.team_channel,
            barred=self.adapters.barred,
        )
        self.corrections = CorrectionService(records=records, store=store, investigations=service)
        self.merges = MergeService(
            records=records,
            store=store,
            investigations=service,
            evidence=self.evidence,
            tickets=self.tickets,
            catalog=catalog,
            above=self.above,
        )
        self.relations = RelationService(records=records, store=store, investigations=service, catalog=catalog)

    def _build_what_follows_investigations(self) -> None:
        records, service = self.records, self.investigations
        self.pictures = PictureService(
            records=records, investigations=service, evidence=self.evidence, tickets=self.tickets
        )
        self.rechecks = RecheckService(
            investigations=service,
            probes=self.probes,
            sweeps=self.maintenance.sweeps,
            status=self.status,
            catalog=self.catalog,
            tasks=self.tasks,
            settings=self.settings.rechecks,
        )
        self.asks = AskService(
            records=records,
            store=AskStore(database=records.database, clock=records.clock),
            catalog=self.catalog,
            known=self.known,
            investigations=service,
            tickets=self.tickets,
            settings=self.settings.asks,
        )
        self.knowledge = KnowledgeService(
            records=records, known=self.known, investigations=service, asks=self.asks, beside=self.adapters.search
        )
