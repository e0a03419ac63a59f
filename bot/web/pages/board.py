"""The board: what support should know now, on a screen five metres away and on a phone. It shows no customer's data."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.briefings.gather import Gatherer
from bot.briefings.model import CustomersWaiting, Issue, NextStepKind, Ongoing, Situation
from bot.briefings.step_words import step_words
from bot.investigations.model import STATE_WORDS, Investigation, State
from bot.known_issues.wording import in_one_line
from bot.logins.model import EVERYBODY
from bot.probes.service import ProbeService
from bot.records import Records
from bot.targets.model import Catalog
from bot.tasks import Slices, others_first
from bot.tickets.stream_service import StreamService
from bot.trends.model import Trend, plain_name
from bot.trends.wording import usual_number, within
from bot.web.pages.board_model import (
    TROUBLE_STAYS,
    Board,
    IssueOnBoard,
    OpenInvestigation,
    ReadSource,
    RisingCustomers,
    TargetSigns,
    Tone,
    WaitingForNews,
    target_states,
)
from bot.web.pages.page import Page, PageRequest, PageRoute
from bot.web.pages.recent import Recent, RecentSources

RECENT = timedelta(hours=1)
_URGENT = (NextStepKind.CLAIM, NextStepKind.CALL, NextStepKind.ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSources(RecentSources):
    """Whom the board asks. `gatherer` makes no links to Slack: a board must not wait for it."""

    gatherer: Gatherer
    stream: StreamService
    probes: ProbeService


class BoardPage:
    """The same for everybody, so that it is made once however many look at it."""

    def __init__(self, *, sources: BoardSources, records: Records, catalog: Catalog) -> None:
        self._sources = sources
        self._people = records.people
        self._clock = records.clock
        self._catalog = catalog
        self._recent = Recent(sources=sources, people=records.people, catalog=catalog)

    @property
    def route(self) -> PageRoute:
        return PageRoute("/board", self.show, roles=EVERYBODY, live=True, same_for=EVERYBODY, menu="Board")

    async def show(self, asked: PageRequest) -> Page:
        return Page("board.html", "Board", (await self.now())[0])

    async def now(self) -> tuple[Board, dict[str, Investigation], date]:
        """What it shows, with the live investigations by target, and the day."""
        now = self._clock()
        day, before = now.date(), now.replace(second=0, microsecond=0) - RECENT
        situation = await self._sources.gatherer.situation("", now=now, day=day, before=Situation(at=before))
        await others_first()
        live = {investigation.id: investigation for investigation in self._sources.investigations.live()}
        rising = [self._rising(trend) for trend in self._sources.trends.rising_now()]
        ongoing = [(live[each.id].target, each) for each in situation.investigations if each.id in live]
        signs = await self._signs(ongoing, rising, now)
        await others_first()
        told = frozenset(rise.target for rise in rising)
        board = Board(
            targets=target_states(self._catalog, signs, now),
            rising=tuple(rise for rise in rising if not rise.target),
            investigations=tuple([await self._investigation(each, live[each.id], told) for _, each in ongoing]),
            issues=tuple(_issue(issue, day) for issue in situation.issues),
            waiting=tuple(map(_waiting, situation.not_told)),
            changes=await self._recent.since(now - RECENT),
            sources=tuple(self._read()),
        )
        return board, {each.target: each for each in live.values()}, day

    async def _signs(
        self, ongoing: Sequence[tuple[str, Ongoing]], rising: Sequence[RisingCustomers], now: datetime
    ) -> dict[str, TargetSigns]:
        """By target; there may be hundreds, and what was measured of each is read once."""
        status = {said.target: said for said in self._sources.status.all()}
        live, rises = dict(reversed(ongoing)), {rise.target: rise for rise in reversed(rising)}
        over = {each.target: each.closed_at for each in self._sources.investigations.closed_since(now - TROUBLE_STAYS)}
        signs, slices = dict[str, TargetSigns](), Slices()
        for target in self._catalog:
            signs[target.key] = TargetSigns(
                status=status.get(target.key),
                ongoing=live.get(target.key),
                rise=rises.get(target.key),
                probe=self._sources.probes.last_look(target.key),
                over_at=over.get(target.key),
            )
            await slices.pause()
        return signs

    def _rising(self, trend: Trend) -> RisingCustomers:
        target = self._sources.trends.target_of(trend)
        subject = f" about {self._catalog.named(target).title}" if target else _subject(trend)
        usual = usual_number(trend.expected, trend.window_h)
        customers = f"{trend.customers} customer{'' if trend.customers == 1 else 's'}"
        return RisingCustomers(target, f"{customers} wrote{subject} {within(trend.window_h)}; {usual}", trend.began_at)

    async def _investigation(
        self, ongoing: Ongoing, investigation: Investigation, told: AbstractSet[str]
    ) -> OpenInvestigation:
        """`told` are the targets of which their state says already that more customers write than usual."""
        step, owner = ongoing.next_step, investigation.owner
        urgent = step.step in _URGENT or ongoing.state is State.ESCALATED
        return OpenInvestigation(
            number=ongoing.id,
            name=ongoing.name,
            title=ongoing.title,
            tone=Tone.RED if ongoing.state is State.ESCALATED else Tone.YELLOW if urgent else Tone.GREY,
            state=STATE_WORDS[ongoing.state],
            owner=await self._people.name_of(owner) if owner else "",
            opened_at=ongoing.opened_at,
            next=step_words(step, ongoing.state, whom=step.whom),
            next_since=step.since,
            customers=ongoing.tickets,
            growth="" if investigation.target in told else ongoing.growth,
            said=ongoing.said,
            bonds=ongoing.bonds,
        )

    def _read(self) -> Iterator[ReadSource]:
        """Everything that the board believes, with its age: to the minute, or open boards would change all the time."""
        for source in self._sources.status.sources():
            yield ReadSource(source.title, _minute(source.read_at), source.failing_since)
        for age in self._sources.known.ages():
            yield ReadSource(age.title, _minute(age.as_of), age.failing_since)
        standing = self._sources.stream.standing()
        if standing.enabled:
            since = standing.failing_since or (standing.complete_until if standing.behind else None)
            yield ReadSource("Zendesk", _minute(standing.complete_until), since)


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None


def _subject(trend: Trend) -> str:
    return f" about {'everything' if trend.fleet else plain_name(trend.told, title='', words=trend.words)}"


def _issue(issue: Issue, day: date) -> IssueOnBoard:
    return IssueOnBoard(
        number=issue.id,
        name=issue.name,
        title=in_one_line(issue.symptom) or issue.title,
        workaround=in_one_line(issue.workaround),
        eta=issue.eta,
        eta_passed=bool(issue.eta and issue.eta < day),
        stage="" if issue.stage.value == "open" else issue.stage.value,
        priority=issue.priority or "",
        customers=issue.tickets,
    )


def _waiting(fix: CustomersWaiting) -> WaitingForNews:
    return WaitingForNews(f"{fix.about} {fix.title}".strip(), fix.version, fix.count, fix.since)
