"""What one person's App Home shows: gathered from all rooms below."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.briefings.gather import Gatherer
from bot.briefings.model import NextStep
from bot.escalations.model import Escalation
from bot.escalations.service import EscalationService
from bot.handoffs.triage import TriageService
from bot.handovers.day_ends import DayEnds
from bot.handovers.service import HandoverService
from bot.home.model import (
    LATELY,
    Changed,
    Changes,
    EscalationWaits,
    HandoverWaits,
    HomeView,
    LaneWaits,
    Listed,
    Part,
    Place,
    Reader,
    RoundWaits,
    Waiting,
    looked,
    new_since,
    part_of,
    parted,
    worth_telling,
)
from bot.home.personal import Personal
from bot.home.store import HomeStore
from bot.investigations.asking import AskService
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import EventKind, Investigation, card_key
from bot.investigations.service import InvestigationService
from bot.investigations.teams import TeamName
from bot.known_issues.model import Change, KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.people import DmKind
from bot.records import Records, Service
from bot.releases.service import NEWS, ReleaseService
from bot.reminders.claims import ClaimService
from bot.replies.model import Round
from bot.replies.service import ReplyService, round_key
from bot.targets.model import Catalog

TODAY = timedelta(days=1)
"""What changed of known issues within it is worth telling anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSources:
    """Whom the Home asks. `gatherer` makes no links to Slack: a Home must not wait for it."""

    investigations: InvestigationService
    evidence: EvidenceService
    escalations: EscalationService
    handovers: HandoverService
    day_ends: DayEnds
    claims: ClaimService
    triage: TriageService
    replies: ReplyService
    releases: ReleaseService
    known: KnownIssueService
    asks: AskService
    gatherer: Gatherer


@dataclass(slots=True)
class _Steps:
    """What investigations need next, as long as nothing was written: many people have the same Home open."""

    version: int = -1
    known: dict[int, NextStep] = field(default_factory=dict)


class HomeService(Service):
    """`stale` is set as soon as something happened that a Home may show."""

    def __init__(
        self,
        *,
        records: Records,
        store: HomeStore,
        sources: HomeSources,
        catalog: Catalog,
        teams: Sequence[TeamName],
        personal: Personal,
    ) -> None:
        super().__init__(records=records)
        self._store = store
        self._sources = sources
        self._catalog = catalog
        self._teams = {team.key: team.title for team in teams}
        self._steps = _Steps()
        self.personal = personal
        self.stale = asyncio.Event()

    def looked(self, user: str) -> None:
        """Somebody opens their Home: what they saw in an earlier look is not new to them."""
        with self._database.transaction():
            self._store.save(looked(self._store.look(user), user, self._clock()))

    def lately(self) -> list[str]:
        """Whose Home is kept up to date, who looked last first."""
        return self._store.looked_since(self._clock() - LATELY)

    # ---- what makes a Home old

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """A line of a timeline."""
        self.stale.set()

    def something(self, *_what: object) -> None:
        """Anything else that a Home shows."""
        self.stale.set()

    # ---- what it shows

    async def view(self, user: str) -> HomeView:
        """Everything on it, as it is now."""
        reader = await self._reader(user)
        if not reader.colleague:
            return HomeView(reader)
        rows = [self._listed(investigation, user) for investigation in self._sources.investigations.live()]
        mine, free, others = parted(rows)
        issues = () if reader.tier2 else self._sources.gatherer.issues_that_matter(self._clock() - TODAY)
        return HomeView(
            reader=reader,
            waiting=await self._waiting(reader),
            mine=tuple(self._with_next(mine, reader)),
            free=free,
            others=others,
            changes=self._changes(user),
            issues=issues,
            settings=self.personal.of(user),
            kinds=await self.kinds(user),
        )

    async def kinds(self, user: str) -> tuple[DmKind, ...]:
        """Of direct messages that can reach somebody, for what they are."""
        kinds = [DmKind.HANDOVER, DmKind.DAY_END, DmKind.STILL_ON_IT] if await self._people.is_tier2(user) else []
        kinds += [DmKind.LANE] if await self._sources.triage.is_asked(user) else []
        kinds += [DmKind.ASK] if self._sources.asks.is_lead(user) else []
        return (*kinds, DmKind.NEWS, DmKind.TREND)

    async def by_hours(self, user: str) -> bool:
        """Whether somebody's working hours decide on anything: on what they own, or on when a ladder asks them."""
        return await self._people.is_tier2(user) or await self._sources.escalations.asks_by_hours(user)

    async def _reader(self, user: str) -> Reader:
        gone = (await self._people.availability(user, self._clock())).gone
        return Reader(
            user=user,
            team=self._teams.get(await self._people.team_of(user), ""),
            tier2=await self._people.is_tier2(user),
            manages=user in await self._people.managers(),
            colleague=not gone,
            by_hours=await self.by_hours(user),
        )

    def _listed(self, investigation: Investigation, user: str) -> Listed:
        part = part_of(investigation, user)
        said = self._sources.evidence.overview(investigation.id).words.tier1_text if part is Part.REPORTER else None
        title, place = self._title(investigation), self._card(investigation.id)
        return Listed(investigation, title, part, place=place, say=said.text if said else "")

    def _with_next(self, rows: Iterable[Listed], reader: Reader) -> Iterable[Listed]:
        """What Tier 2 does next is nothing that others could do."""
        listed = list(rows)
        steps = self._next_steps([row.investigation for row in listed]) if reader.tier2 else {}
        return [replace(row, next=steps.get(row.investigation.id)) for row in listed]

    def _next_steps(self, investigations: Iterable[Investigation]) -> dict[int, NextStep]:
        steps = self._steps
        if steps.version != self._database.changes:
            steps.version, steps.known = self._database.changes, {}
        missing = [each for each in investigations if each.id not in steps.known]
        steps.known |= self._sources.gatherer.next_steps(missing) if missing else {}
        return steps.known

    async def _waiting(self, reader: Reader) -> Waiting:
        user, sources = reader.user, self._sources
        asked = [(each, False) for each in await sources.escalations.waiting_for(user)]
        asked += [(each, True) for each in sources.escalations.asked_again(user)]
        day_end = sources.day_ends.open_for(user)
        return Waiting(
            escalations=tuple(self._escalation(each, again=again) for each, again in asked),
            claims=tuple(sources.claims.open_for(user)),
            handovers=tuple(
                HandoverWaits(each, self._title_of(each.investigation_id))
                for each in sources.handovers.waiting_for(user)
            ),
            lanes=tuple(
                LaneWaits(each, self._title_of(each.investigation_id), self._card(each.investigation_id))
                for each in await sources.triage.waiting_for(user)
            ),
            rounds=tuple(self._rounds(user)) if reader.tier2 else (),
            day_end=(day_end[0], tuple(day_end[1])) if day_end else None,
        )

    def _escalation(self, escalation: Escalation, *, again: bool) -> EscalationWaits:
        number = escalation.investigation_id
        return EscalationWaits(escalation, self._title_of(number), self._card(number), again)

    def _rounds(self, user: str) -> Iterable[RoundWaits]:
        """Those of the reader's investigations, those made for them, and those that nobody else looks after."""
        for reply_round in self._sources.replies.ready():
            if reply_round.for_user == user or self._concerns(reply_round, user):
                yield RoundWaits(reply_round, self._owed.place_of(round_key(reply_round.id)))

    def _concerns(self, reply_round: Round, user: str) -> bool:
        numbers = {reply.investigation_id for reply in reply_round.replies if reply.investigation_id}
        about = [self._sources.investigations.get(number) for number in numbers]
        owners = {investigation.owner for investigation in about if investigation.owner}
        return user in owners or not owners

    def _changes(self, user: str) -> Changes | None:
        """None for who looks for the first time."""
        since = new_since(self._store.look(user), self._clock())
        if not since:
            return None
        investigations = self._sources.investigations
        about = [*investigations.live(), *investigations.closed_since(since)]
        changed = [self._changed(each, user, since) for each in about if part_of(each, user) is not Part.NONE]
        return Changes(since, tuple(each for each in changed if each.events), tuple(self._issues(user, since)))

    def _changed(self, investigation: Investigation, user: str, since: datetime) -> Changed:
        events = worth_telling(self._sources.investigations.events_since(investigation.id, since), user)
        return Changed(investigation, self._title(investigation), events, self._card(investigation.id))

    def _issues(self, user: str, since: datetime) -> Iterable[tuple[KnownIssue, Change]]:
        followed = {issue.id for _, issue in self._sources.releases.follows(user) if issue}
        if followed:
            for issue, change in self._sources.known.log.since(since):
                if issue.id in followed and change.kind in NEWS:
                    yield issue, change

    def _title(self, investigation: Investigation) -> str:
        return self._catalog.named(investigation.target).title

    def _title_of(self, investigation_id: int) -> str:
        return self._title(self._sources.investigations.get(investigation_id))

    def _card(self, investigation_id: int) -> Place | None:
        return self._owed.place_of(card_key(investigation_id))
