"""What of all records belongs into a briefing, and what each of them needs next. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.briefings.model import Due, Elevated, Ended, FollowUp, Issue, News, NextStep, Ongoing, Step, excerpt
from bot.briefings.sources import Affected, Waiting
from bot.briefings.telling import told
from bot.escalations.model import Escalation, EscalationQuestion
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.known_issues.model import Change, KnownIssue, Priority
from bot.known_issues.twins import once
from bot.tickets.collection import Collected, growth

ANSWER_WITHIN = timedelta(hours=1)
"""An escalation that nobody acknowledged for so long is followed up."""
RISING_LEAST = 5
"""So many tickets in the last hour, more than chance makes of the hours before, are a reason to escalate."""
_DONE = ("solved", "closed")


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation with what the rooms around it know. `link` is the address of its card, "" if unknown.

    `given_back` is whether development is done with it.
    """

    seen: Overview
    link: str = ""
    escalation: Escalation | None = None
    waiting: Waiting | None = None
    given_back: bool = False

    @property
    def found(self) -> Investigation:
        return self.seen.investigation

    @property
    def title(self) -> str:
        return excerpt(": ".join(part for part in (self.seen.target.title, self.found.symptom) if part))

    @property
    def unanswered(self) -> Escalation | None:
        """The escalation that waits for an acknowledgement."""
        latest = self.escalation
        return latest if latest and not latest.acknowledged_at and not latest.withdrawn_at else None


def ongoing(case: Case, before: Ongoing | None) -> Ongoing:
    """A live investigation as it is told; `before` is how the last briefing told it."""
    found, collected = case.found, case.seen.collected
    total = collected.total if collected else None
    earlier = before.tickets if before else None
    return Ongoing(
        id=found.id,
        title=case.title,
        state=found.state,
        channel=found.channel,
        opened_at=found.opened_at,
        next_step=next_step(case),
        owner=found.owner,
        helpers=found.helpers,
        link=case.link,
        tickets=total,
        confirmed=len(collected.confirmed) if collected else 0,
        more=total - earlier if total is not None and earlier is not None else None,
        growth=growth(collected) if collected else "",
        new=before is None,
    )


def next_step(case: Case) -> NextStep:
    """What helps most now: somebody who has it, then answers that are waited for, then evidence, then a decision."""
    found, collected = case.found, case.seen.collected
    if not found.owner:
        return NextStep(Step.CLAIM)
    if found.state is State.HANDED_OFF and case.given_back:
        return NextStep(Step.GIVEN_BACK)
    if found.state is State.HANDED_OFF:
        waiting = case.waiting
        step = Step.TRIAGE if waiting and not waiting.accepted else Step.DEVELOPMENT
        return NextStep(step, waiting.handed_at if waiting else None)
    if case.unanswered and found.state is State.ESCALATED:
        question = _open_question(case.unanswered, case.seen.events)
        if question:
            return NextStep(Step.ANSWER, question.asked_at)
        return NextStep(Step.MANAGEMENT, case.unanswered.escalated_at)
    if collected and collected.suggested and not collected.confirmed:
        return NextStep(Step.TICKETS, count=len(collected.suggested))
    if not case.seen.own_batches:
        return NextStep(Step.PROBE)
    if _to_try(case.seen):
        return NextStep(Step.TRY)
    rises = found.state is State.OPEN and not case.escalation and _rising(collected)
    return NextStep(Step.ESCALATE if rises else Step.DECIDE)


def ended(case: Case) -> Ended:
    """An investigation that was closed: what the next one should know of it is the workaround, else the cause."""
    found = case.found
    words = found.workaround or found.root_cause or found.reason
    return Ended(found.id, case.title, found.state, found.closed_by or "", excerpt(words), case.link)


def elevated(case: Case) -> Iterator[Elevated]:
    """The tickets of an investigation that were given to management, and to development."""
    addresses = {each.ticket_id: each.url for each in case.seen.collected.tickets} if case.seen.collected else {}
    latest = case.escalation
    if latest and not latest.withdrawn_at and latest.draft.tickets:
        numbers = tuple((number, addresses.get(number, "")) for number in latest.draft.tickets)
        yield Elevated(case.found.id, "management", latest.escalated_at, numbers)
    if case.waiting and case.waiting.tickets:
        yield Elevated(case.found.id, "development", case.waiting.handed_at, case.waiting.tickets)


def follow_ups(case: Case, *, now: datetime, day: date, untouched: timedelta) -> Iterator[FollowUp]:
    """What of a live investigation is due; `day` is today where the briefing is read."""
    found, escalation, waiting = case.found, case.unanswered, case.waiting
    touched = max((event.at for event in case.seen.events if event.actor), default=found.opened_at)
    if found.state is not State.HANDED_OFF and now - touched >= untouched:
        yield FollowUp(Due.UNTOUCHED, found.id, case.title, case.link, found.owner, touched)
    if escalation and now - escalation.escalated_at >= ANSWER_WITHIN:
        yield FollowUp(Due.UNANSWERED, found.id, case.title, case.link, found.owner, escalation.escalated_at)
    if waiting and waiting.eta and waiting.eta < day:
        yield FollowUp(Due.OVERDUE, found.id, case.title, case.link, found.owner, waiting.eta)


def left_open(case: Case) -> Iterator[FollowUp]:
    """Of an investigation that was resolved: its customers who were not answered."""
    confirmed = case.seen.collected.confirmed if case.seen.collected else ()
    tickets = tuple((each.ticket_id, each.url) for each in confirmed if each.status not in _DONE)
    if case.found.state is State.RESOLVED and tickets:
        yield FollowUp(Due.OPEN_TICKETS, case.found.id, case.title, case.link, case.found.closed_by, tickets=tickets)


def that_matter(
    candidates: Iterable[KnownIssue], affected: Mapping[int, Affected], changed: Iterable[int]
) -> tuple[Issue, ...]:
    """Issues that support meets today: linked to a live investigation, growing, urgent, or changed. Worst first."""
    wanted, news = {}, frozenset(changed)
    for found in candidates:
        hurts = affected.get(found.id, Affected(0))
        urgent = found.reading.priority in (Priority.P0, Priority.P1)
        ended = found.issue.closed or found.gone_at
        if hurts.investigations or (not ended and (hurts.more > 0 or urgent or found.id in news)):
            wanted[found.id] = _told(found, hurts)
    return tuple(sorted(wanted.values(), key=_worst_first))


def marked(
    candidates: Iterable[KnownIssue], affected: Mapping[int, Affected], told_already: Iterable[Issue]
) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """Those that are pending, and those that QA found and customers can meet, each issue in one list only."""
    listed = {issue.id for issue in told_already}
    rest = [found for found in candidates if found.id not in listed and not found.issue.closed and not found.gone_at]
    pending = [found for found in rest if found.reading.pending]
    by_qa = [
        found
        for found in rest
        if found.reading.found_by_qa and found.reading.customer_facing is not False and not found.reading.pending
    ]
    first, second = (
        [_told(each, affected.get(each.id, Affected(0))) for each in listed] for listed in (pending, by_qa)
    )
    return tuple(sorted(first, key=_worst_first)), tuple(sorted(second, key=_worst_first))


def news_of(changes: Sequence[Change], issues: Mapping[int, KnownIssue]) -> tuple[News, ...]:
    """Changes with the titles and addresses of their issues; of what support need not know nothing is told."""
    return tuple(
        News(
            change.issue_id,
            excerpt(found.issue.title),
            found.issue.url,
            change.kind,
            excerpt(change.before),
            excerpt(change.after),
        )
        for change in changes
        if (found := issues.get(change.issue_id)) and (found.reading.known or found.reading.pending)
    )


def told_once(news: Sequence[News], issues: Mapping[int, KnownIssue]) -> tuple[News, ...]:
    """Of one bug in two trackers the same kind of news is told once, by the issue that stands for both."""
    same = {(each.issue_id, each.kind) for each in news}
    kept = {found.id for found in once(issues.values())}

    def told_by_twin(each: News) -> bool:
        return any((twin.id, each.kind) in same and twin.id in kept for twin in issues[each.issue_id].also)

    return tuple(each for each in news if each.issue_id in kept or not told_by_twin(each))


def _told(found: KnownIssue, hurts: Affected) -> Issue:
    return told(found, tickets=hurts.tickets, more=hurts.more, investigations=hurts.investigations)


def _worst_first(issue: Issue) -> tuple[str, int, int]:
    return issue.priority or "P9", -issue.tickets, issue.id


def _rising(collected: Collected | None) -> bool:
    counts = collected.counts if collected else None
    return counts is not None and counts.last_hour >= RISING_LEAST and counts.rises


def _open_question(found: Escalation, events: Sequence[Event]) -> EscalationQuestion | None:
    """The last one that management asked, as long as nobody put anything on the record after it."""
    last = found.questions[-1] if found.questions else None
    since = list(takewhile(lambda event: event.kind is not EventKind.QUESTION, reversed(events)))
    answers = (EventKind.NOTE, EventKind.MESSAGE, EventKind.TICKETS, EventKind.PROBE)
    answered = last and any(event.kind in answers and event.actor and event.actor != last.asked_by for event in since)
    return None if answered else last


def _to_try(seen: Overview) -> bool:
    """Whether all that there is to measure is a step by hand, which nobody took."""
    by_hand = any(batch.by_hand for batch in seen.own_batches)
    measured = seen.findings.own or any(batch.trials for batch in seen.own_batches)
    return by_hand and not measured
