"""What of each investigation belongs into a briefing, and what it needs next. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.briefings.model import Due, Elevated, Ended, FollowUp, NextStep, NextStepKind, Ongoing, excerpt
from bot.escalations.model import Escalation, EscalationQuestion
from bot.handoffs.model import Handoff
from bot.investigations.above import FOR_US, WithVendor
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.investigations.relation_model import Bond, bonds_listed
from bot.tickets.collection import Collected, growth

ANSWER_WITHIN = timedelta(hours=1)
"""An escalation that nobody acknowledged for so long is followed up."""
RISING_LEAST = 5
"""So many tickets in the last hour, more than chance makes of the hours before, are a reason to escalate."""
SAID_MAX = 100
"""Of what customers were told."""
_DONE = ("solved", "closed")


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation with what the rooms around it know."""

    overview: Overview
    link: str = ""
    """The address of its card, "" if unknown."""
    escalation: Escalation | None = None
    """The last one."""
    unanswered_since: datetime | None = None
    """When everybody had been asked about it and nobody had answered."""
    handoff: Handoff | None = None
    """What development has of it; None where it has nothing, or is done with it."""
    vendors: tuple[WithVendor, ...] = ()
    """Who have it, and whose turn it is."""
    eta: date | None = None
    """Development's, of the issue that the handoff is about."""

    @property
    def investigation(self) -> Investigation:
        return self.overview.investigation

    @property
    def title(self) -> str:
        return excerpt(": ".join(part for part in (self.overview.target.title, self.investigation.symptom) if part))

    @property
    def unanswered(self) -> Escalation | None:
        """The escalation that waits for an acknowledgement."""
        latest = self.escalation if self.overview.waits_for_management else None
        return latest if latest and not latest.acknowledged_at and not latest.withdrawn_at else None


def ongoing(case: Case, before: Ongoing | None) -> Ongoing:
    """A live investigation as it is told; `before` is how the last briefing told it."""
    investigation, collected = case.investigation, case.overview.collected
    total = collected.total if collected else None
    earlier, said = before.tickets if before else None, case.overview.said_so_far
    return Ongoing(
        id=investigation.id,
        title=case.title,
        state=investigation.state,
        channel=investigation.channel,
        opened_at=investigation.opened_at,
        next_step=next_step(case),
        owner=investigation.owner,
        helpers=investigation.helpers,
        link=case.link,
        tickets=total,
        about=collected.about if collected else False,
        confirmed=len(collected.confirmed) if collected else 0,
        more=total - earlier if total is not None and earlier is not None else None,
        growth=growth(collected) if collected else "",
        new=before is None,
        said=excerpt(said[-1].text, SAID_MAX) if said else "",
        said_at=said[-1].at if said else None,
        bonds=tuple(bonds_listed(case.overview.neighbours)),
        escalated_at=case.escalation.escalated_at if case.escalation else None,
    )


def next_step(case: Case) -> NextStep:
    """What helps most now: somebody who has it, then answers that are waited for, then evidence, then a decision."""
    investigation, collected = case.investigation, case.overview.collected
    if not investigation.owner:
        return NextStep(NextStepKind.CLAIM)
    if investigation.state is State.HANDED_OFF:
        if with_vendor := _with_vendor(case):
            return with_vendor
        if not case.handoff:
            return NextStep(NextStepKind.GIVEN_BACK)
        kind = NextStepKind.DEVELOPMENT if case.handoff.decision else NextStepKind.TRIAGE
        return NextStep(kind, case.handoff.handed_at)
    if case.unanswered:
        question = _open_question(case.unanswered, case.overview.events)
        if question:
            return NextStep(NextStepKind.ANSWER, question.asked_at)
        if case.unanswered_since:
            return NextStep(NextStepKind.CALL, case.unanswered_since)
        return NextStep(NextStepKind.MANAGEMENT, case.unanswered.escalated_at)
    if collected and collected.suggested and not collected.confirmed:
        return NextStep(NextStepKind.TICKETS, count=len(collected.suggested))
    if not case.overview.own_batches:
        return NextStep(NextStepKind.PROBE)
    if _to_try(case.overview):
        return NextStep(NextStepKind.TRY)
    rises = investigation.state is State.OPEN and not case.escalation and _rising(collected)
    return NextStep(NextStepKind.ESCALATE if rises else NextStepKind.DECIDE)


def _with_vendor(case: Case) -> NextStep | None:
    """What a vendor needs of us first, then the vendor that is waited for longest."""
    ours = [standing for standing in case.vendors if standing.turn in FOR_US]
    for kind, waiting in ((NextStepKind.FOR_VENDOR, ours), (NextStepKind.VENDOR, [] if case.handoff else case.vendors)):
        if first := min(waiting, key=lambda standing: standing.since, default=None):
            return NextStep(kind, first.since, whom=first.title)
    return None


def ended(case: Case) -> Ended:
    """An investigation that was closed: what the next one should know of it is the workaround, else the cause."""
    investigation = case.investigation
    words = investigation.workaround or investigation.root_cause or investigation.reason
    closed_by = investigation.closed_by or ""
    return Ended(investigation.id, case.title, investigation.state, closed_by, excerpt(words), case.link)


def elevated(case: Case) -> Iterator[Elevated]:
    """The tickets of an investigation that were given to management, and to development."""
    collected = case.overview.collected
    addresses = {ticket.ticket_id: ticket.url for ticket in collected.tickets} if collected else {}
    confirmed = tuple((ticket.ticket_id, ticket.url) for ticket in collected.confirmed) if collected else ()
    latest = case.escalation
    if latest and not latest.withdrawn_at and latest.draft.tickets:
        numbers = tuple((number, addresses.get(number, "")) for number in latest.draft.tickets)
        yield Elevated(case.investigation.id, "management", latest.escalated_at, numbers)
    if case.handoff and confirmed:
        yield Elevated(case.investigation.id, "development", case.handoff.handed_at, confirmed)


def follow_ups(case: Case, *, now: datetime, day: date, untouched: timedelta) -> Iterator[FollowUp]:
    """What of a live investigation is due; `day` is today where the briefing is read."""
    investigation, escalation, eta = case.investigation, case.unanswered, case.eta
    common = (investigation.id, case.title, case.link, investigation.owner)
    touched = max((event.written_at for event in case.overview.events if event.actor), default=investigation.opened_at)
    if investigation.state is not State.HANDED_OFF and now - touched >= untouched:
        yield FollowUp(Due.UNTOUCHED, *common, touched)
    if escalation and now - escalation.escalated_at >= ANSWER_WITHIN:
        yield FollowUp(Due.UNANSWERED, *common, escalation.escalated_at)
    causes = [each for each in case.overview.neighbours if each.bond is Bond.CAUSE]
    if causes and all(each.state is State.RESOLVED for each in causes):
        yield FollowUp(Due.CAUSE_OVER, *common, cause=f"{causes[0].name} {causes[0].title}")
    if eta and eta < day:
        yield FollowUp(Due.OVERDUE, *common, eta)


def left_open(case: Case) -> Iterator[FollowUp]:
    """The customers of a resolved investigation who were not answered."""
    investigation, collected = case.investigation, case.overview.collected
    confirmed = collected.confirmed if collected else ()
    tickets = tuple((ticket.ticket_id, ticket.url) for ticket in confirmed if ticket.status not in _DONE)
    if investigation.state is State.RESOLVED and tickets:
        who = investigation.closed_by
        yield FollowUp(Due.OPEN_TICKETS, investigation.id, case.title, case.link, who, tickets=tickets)


def _rising(collected: Collected | None) -> bool:
    counts = collected.counts if collected else None
    return counts is not None and counts.last_hour >= RISING_LEAST and counts.rises


def _open_question(escalation: Escalation, events: Sequence[Event]) -> EscalationQuestion | None:
    """The last one that management asked, as long as nobody put anything on the record after it."""
    last = escalation.questions[-1] if escalation.questions else None
    since = list(takewhile(lambda event: event.kind is not EventKind.QUESTION, reversed(events)))
    answers = (EventKind.NOTE, EventKind.MESSAGE, EventKind.TICKETS, EventKind.TOLD, EventKind.PROBE, EventKind.UPDATED)
    answered = last and any(event.kind in answers and event.actor and event.actor != last.asked_by for event in since)
    return None if answered else last


def _to_try(overview: Overview) -> bool:
    """Whether all that there is to measure is a step by hand, which nobody took."""
    by_hand = any(batch.by_hand for batch in overview.own_batches)
    measured = overview.findings.own or any(batch.trials for batch in overview.own_batches)
    return by_hand and not measured
