"""Asks of development: offered to a lead when many are affected, sent to the tracker until it has taken them."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import define

from bot.errors import BadInput, existing
from bot.investigations.ask_store import AskStore
from bot.investigations.service import InvestigationService
from bot.known_issues.asking_development import (
    OPEN,
    Affected,
    AskedIssue,
    AskState,
    Counted,
    DevelopmentAsk,
    comment,
    step_passed,
    within_a_day,
)
from bot.known_issues.model import Link, LinkVerdict
from bot.known_issues.naming import NoTracker
from bot.known_issues.service import KnownIssueService
from bot.known_issues.tracker import TrackerError
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Loop
from bot.targets.model import Catalog
from bot.tickets.service import TicketService

logger = logging.getLogger(__name__)

NOBODY = "No confirmed ticket is about it any more."
RETRY_S = 15.0
RETRY_MAX_S = 900.0


def ask_key(ask_id: int) -> str:
    return f"known-ask/{ask_id}"


@dataclass(frozen=True, slots=True)
class AskSettings:
    """`steps` are numbers of tickets; `leads` user ids by team, "" for every other team."""

    steps: tuple[int, ...]
    leads: Mapping[str, str]


@define(kw_only=True, eq=False, repr=False, slots=False)
class AskService(Loop):
    """Asks the lead of a team to bring a known issue to development, each time that enough more tickets have it."""

    _store: AskStore
    _catalog: Catalog
    _known: KnownIssueService
    _investigations: InvestigationService
    _tickets: TicketService
    _settings: AskSettings

    def affected(self, issue_id: int) -> list[Affected]:
        """Confirmed tickets of investigations that are about it, each once, however many have it."""
        about = [link.investigation_id for link in self._links(issue_id)]
        linked = self._tickets.confirmed_of(about) if about else []
        return [Affected(ticket.ticket_id, ticket.url, ticket.created_at, ticket.found_at) for ticket in linked]

    def counts(self, issue_ids: Collection[int], since: datetime) -> dict[int, Counted]:
        """The same for many issues at once, as numbers: each ticket once, however many investigations have it."""
        groups = self._known.groups(issue_ids)
        about: dict[int, set[int]] = {}
        for issue_id, investigation_id in self._known.links.about({one for group in groups.values() for one in group}):
            about.setdefault(issue_id, set()).add(investigation_id)
        named = self._tickets.confirmed_numbers({number for those in about.values() for number in those}, since)
        return {
            issue_id: _counted(frozenset().union(*(about.get(one, ()) for one in group)), named)
            for issue_id, group in groups.items()
        }

    def tickets(self, issue_id: int) -> list[tuple[int, int]]:
        """(ticket, investigation) of the same, by the first investigation that has it."""
        tickets: dict[int, int] = {}
        for link in self._links(issue_id):
            for ticket in self._tickets.confirmed_of([link.investigation_id]):
                tickets.setdefault(ticket.ticket_id, link.investigation_id)
        return list(tickets.items())

    def counted(self, issue_id: int) -> None:
        """The number may have grown: offer the step that it passed, in the caller's transaction; once for one bug."""
        issue_id = self._known.same(issue_id)[0]
        known, (step, count) = self._known.get(issue_id), self._passed(issue_id)
        if step and not known.issue.closed and not known.gone_at:
            place = self._place(issue_id)
            number = self._store.offer(issue_id, step, channel=place.channel, tickets=count)
            self._owed.card(ask_key(number), view="known_ask", record_id=number, place=place, human=False)
        self.changed(issue_id)

    def handed_off(self, issue_id: int) -> None:
        """A handoff brings its tickets to development: no lead is asked about those, in the caller's transaction."""
        self._store.answered(issue_id)
        step, count = self._passed(issue_id)
        if step:
            self._store.passed(issue_id, step, tickets=count)
        self.changed(issue_id)

    def is_lead(self, user: str) -> bool:
        """Whether somebody is asked for a team whether development shall be told."""
        return user in self._settings.leads.values()

    def get(self, ask_id: int) -> DevelopmentAsk:
        """Raises NotFound."""
        return existing(self._store.get(ask_id), "That question to development does not exist any more.")

    def asked(self, ask_id: int) -> AskedIssue:
        """An ask with everything that its card shows."""
        ask = self.get(ask_id)
        known, affected = self._known.get(ask.issue_id), self.affected(ask.issue_id)
        age = self._known.age(known.issue.tracker)
        day = within_a_day(affected, self._clock())
        return AskedIssue(ask, known, len(affected), day, age if ask.state in OPEN else age.at_rest())

    def changed(self, issue_id: int) -> None:
        """What is asked about an issue shows it, in the caller's transaction."""
        for ask in self._store.of(issue_id):
            self._owed.changed(ask_key(ask.id), human=False)

    def aged(self, tracker: str) -> None:
        """A tracker does not answer any more, or again: what is still asked about its issues says so."""
        for ask in self._store.open():
            if self._known.get(ask.issue_id).issue.tracker == tracker:
                self._owed.changed(ask_key(ask.id), human=False)

    def answered(self, tracker: str, again: bool) -> None:
        """A tracker answers: asks that wait for it go on, in the caller's transaction."""
        waiting = [ask for ask in self._store.open() if ask.state is AskState.WANTED]
        mine = [ask for ask in waiting if self._known.get(ask.issue_id).issue.tracker == tracker]
        if any([self._store.hurry(ask.id) for ask in mine]):
            self._wake.set()

    async def ask(self, ask_id: int, *, by: str) -> DevelopmentAsk:
        """Tell development; once more, while that waits for its time, tries it at once. Raises NotTier2."""
        ask = await self._decide(ask_id, AskState.WANTED, by)
        if ask.failure and self._store.hurry(ask_id):
            self._known.hurry(self._known.get(ask.issue_id).issue.tracker)
            self._wake.set()
        return ask

    async def decline(self, ask_id: int, *, by: str) -> DevelopmentAsk:
        """Do not ask development now. Raises NotTier2, BadInput where it was sent already."""
        return await self._decide(ask_id, AskState.DECLINED, by)

    async def turn(self) -> datetime | None:
        """Send what a lead wants to be sent."""
        for ask in self._store.due(self._clock()):
            await self._send(ask)
        return self._store.next_due_at()

    async def _decide(self, ask_id: int, state: AskState, by: str) -> DevelopmentAsk:
        await self._people.require_tier2(by)
        with self._database.transaction():
            before = self.get(ask_id)
            if state is AskState.WANTED and not self.affected(before.issue_id):
                raise BadInput(NOBODY)
            if self._store.decide(ask_id, state, by):
                self._owed.changed(ask_key(ask_id), human=True)
            elif state is AskState.DECLINED:
                raise BadInput("Development has been asked already.")
            if state is AskState.WANTED and before.state is not AskState.WANTED:
                self._wake.set()
        return self.get(ask_id)

    async def _send(self, ask: DevelopmentAsk) -> None:
        affected = self.affected(ask.issue_id)
        if not affected:
            self._failed(ask, NOBODY, None)
            return
        names = [f"INV-{link.investigation_id}" for link in self._links(ask.issue_id)]
        text = comment(affected, names, self._clock())
        try:
            url = await self._known.comment(ask.issue_id, text, stamp=ask.stamp)
        except TrackerError as error:
            logger.warning("asking about KI-%d: %s", ask.issue_id, error.sentence)
            self._failed(ask, error.reason, self._later(ask, error) if error.retry else None)
        except NoTracker as error:
            self._failed(ask, error.sentence, None)
        else:
            with self._database.transaction():
                self._store.sent(ask.id, url)
                self._owed.changed(ask_key(ask.id), human=False)

    def _failed(self, ask: DevelopmentAsk, reason: str, next_at: datetime | None) -> None:
        with self._database.transaction():
            self._store.failed(ask.id, reason, next_at=next_at)
            self._owed.changed(ask_key(ask.id), human=False)

    def _later(self, ask: DevelopmentAsk, error: TrackerError) -> datetime:
        backoff_s = min(RETRY_S * (1 << min(ask.attempts, 10)), RETRY_MAX_S)
        return self._clock() + timedelta(seconds=max(backoff_s, error.retry_after_s or 0.0))

    def _passed(self, issue_id: int) -> tuple[int | None, int]:
        """The step that was not offered yet, and how many are affected."""
        count = len(self.affected(issue_id))
        asked = [ask.step for number in self._known.same(issue_id) for ask in self._store.of(number)]
        return step_passed(count, self._settings.steps, asked), count

    def _links(self, issue_id: int) -> list[Link]:
        """The links of a bug in all trackers, each investigation once."""
        links = self._known.links.to(*self._known.same(issue_id))
        it_is = (link for link in links if link.verdict is LinkVerdict.IT_IS)
        return list({link.investigation_id: link for link in it_is}.values())

    def _place(self, issue_id: int) -> Place:
        """The lead of the team whose target it is about, who is written to alone, else the newest thread's channel."""
        newest = self._investigations.get(max(link.investigation_id for link in self._links(issue_id)))
        team = self._catalog.named(newest.target).team
        lead = self._settings.leads.get(team) or self._settings.leads.get("") or ""
        return Place(lead if lead and self._people.takes(lead, DmKind.ASK) else newest.channel)


def _counted(investigations: frozenset[int], named: Mapping[int, tuple[Sequence[int], Sequence[int]]]) -> Counted:
    tickets = [named[number] for number in investigations if number in named]
    earlier = {ticket for _, before in tickets for ticket in before}
    every = earlier.union(*(since for since, _ in tickets))
    return Counted(len(every), len(every) - len(earlier), investigations)
