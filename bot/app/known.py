"""Known issues and their trackers, wired to investigations."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.app.ground import Ground
from bot.investigations.ask_store import AskStore
from bot.investigations.asking import AskService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.service import InvestigationService
from bot.known_issues.intake import Intake
from bot.known_issues.mapping import READING
from bot.known_issues.search.index import Index
from bot.known_issues.service import KnownIssueService
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.tracker import Accounts, Tracker
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.targets.model import Catalog
from bot.tickets.service import TicketService


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What joins known issues and investigations."""

    knowledge: KnowledgeService
    asks: AskService


def build_known(ground: Ground, catalog: Catalog, trackers: tuple[Tracker, ...]) -> KnownIssueService:
    settings, database, clock = ground.settings, ground.database, ground.clock
    store, progress = KnownIssueStore(database=database, clock=clock), TrackerStore(database=database, clock=clock)
    index = Index(database=database)
    mappings = {name: tracker.mapping() for name, tracker in settings.trackers.items()}
    intake = Intake(
        database=database,
        store=store,
        progress=progress,
        index=index,
        catalog=catalog,
        mappings=mappings,
        clock=clock,
    )
    return KnownIssueService(
        records=ground.records,
        store=store,
        progress=progress,
        index=index,
        intake=intake,
        catalog=catalog,
        trackers=trackers,
        words=settings.known_issues.words,
    )


def build_accounts(ground: Ground) -> Accounts:
    """As whom the bot has written at its trackers."""
    return TrackerStore(database=ground.database, clock=ground.clock)


class PresentLeads(Mapping[str, str]):
    """The leads of the settings by team, without those who left: what is asked of nobody goes to the channel."""

    def __init__(self, leads: Mapping[str, str], directory: Directory) -> None:
        self._leads = leads
        self._directory = directory

    def __getitem__(self, team: str) -> str:
        lead = self._leads[team]
        if self._directory.is_gone(lead):
            raise KeyError(team)
        return lead

    def __iter__(self) -> Iterator[str]:
        return (team for team in self._leads if team in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def build_knowledge(
    ground: Ground,
    catalog: Catalog,
    directory: Directory,
    known: KnownIssueService,
    investigations: InvestigationService,
    tickets: TicketService,
) -> Knowledge:
    asks = AskService(
        records=ground.records,
        store=AskStore(database=ground.database, clock=ground.clock),
        catalog=catalog,
        known=known,
        investigations=investigations,
        tickets=tickets,
        steps=ground.settings.known_issues.ask_at,
        leads=PresentLeads(ground.settings.known_issues.leads, directory),
    )
    knowledge = KnowledgeService(records=ground.records, known=known, investigations=investigations, asks=asks)
    return Knowledge(knowledge, asks)


def mapping_version(settings: Settings, catalog: Catalog) -> str:
    """Another one where issues would be read differently, so that what is stored is read again."""
    kept = {name: tracker.model_dump(mode="json") for name, tracker in settings.trackers.items()}
    names = [(target.key, target.title, target.aliases, target.hosts) for target in catalog]
    return sha256(json.dumps([READING, kept, names], sort_keys=True).encode()).hexdigest()
