"""Everything that is known about an investigation, gathered for the cards and the forms of the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.investigations.model import Earlier, Event, EventKind, Investigation, State
from bot.investigations.onset import Onset, onset
from bot.investigations.relation_model import Neighbour
from bot.investigations.update_model import NOTHING_TOLD, Said, Words
from bot.known_issues.model import Age, KnownIssue, Suggestion
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.conclusion import Headline, findings_listed, headline
from bot.probes.findings import OWN_STEPS, Findings, findings
from bot.probes.manual import trials_words
from bot.status.model import TargetStatus
from bot.targets.model import Target
from bot.tickets.collection import Collected

_ANSWERED = (EventKind.ACKNOWLEDGED, EventKind.TAKEN_BACK)
_WAITING = (EventKind.ESCALATED, EventKind.HANDED_BACK, EventKind.LAPSED)
NEED_NOBODY = (EventKind.RESOLVED, EventKind.DISMISSED, EventKind.HANDED_OFF)
"""What makes management's answer needless. A vendor who is asked does not."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One investigation with its evidence; `events` and `batches` are oldest first, `known` what people say it is.

    `events` are in the order in which they were written down, without those that were withdrawn.
    """

    investigation: Investigation
    target: Target
    events: tuple[Event, ...]
    collected: Collected | None
    batches: tuple[Batch, ...]
    status: TargetStatus | None = None
    known: tuple[KnownIssue, ...] = ()
    ages: tuple[Age, ...] = ()
    """Of the trackers of what is known."""
    earlier: Earlier | None = None
    """The last one of the same target that was resolved; None once this one has ended too."""
    suggested: Suggestion | None = None
    """What it may be, as long as nobody has said whether it is."""
    words: Words = NOTHING_TOLD
    """Updates for those who wait, and what customers were told."""
    withdrawn: tuple[Event, ...] = ()
    """What was on the timeline and does not belong there: only that it was withdrawn is shown."""

    merged: tuple[str, ...] = ()
    """What goes on in this one, with their targets: "INV-5 The app"."""
    came: tuple[Event, ...] = ()
    """What happened in those, withdrawn or not."""
    neighbours: tuple[Neighbour, ...] = ()
    """What it has to do with, the causes first."""

    @property
    def record(self) -> tuple[Event, ...]:
        """What a timeline shows, in the order in which it happened."""
        every = (*self.events, *self.withdrawn, *self.came)
        return tuple(sorted(every, key=lambda event: (event.at, event.id)))

    @property
    def notes(self) -> tuple[Event, ...]:
        """What people noted, also in those that were merged into it, in the order in which it happened."""
        return tuple(event for event in self.record if event.kind is EventKind.NOTE and not event.withdrawn_at)

    def came_with(self, event: Event) -> str:
        """ "INV-5: " where it happened in one that was merged, "" where it happened here."""
        elsewhere = event.investigation_id not in (0, self.investigation.id)
        return f"INV-{event.investigation_id}: " if elsewhere else ""

    @property
    def last_update_at(self) -> datetime | None:
        """When management or Tier 1 was last told how it goes on."""
        return self.words.last_update_at

    @property
    def said_so_far(self) -> tuple[Said, ...]:
        """What customers were told, oldest first."""
        return self.words.said

    def last(self, kind: EventKind) -> Event | None:
        return next((event for event in reversed(self.events) if event.kind is kind), None)

    @property
    def to_management(self) -> Event | None:
        """What happened last between Tier 2 and management: escalated, acknowledged, given or taken back."""
        return next((event for event in reversed(self.events) if event.kind in (*_ANSWERED, *_WAITING)), None)

    @property
    def is_escalated(self) -> bool:
        """Whether it was escalated, and neither closed nor sent to Tier 3 since."""
        kinds = (EventKind.ESCALATED, *NEED_NOBODY)
        last = next((event.kind for event in reversed(self.events) if event.kind in kinds), None)
        return last is EventKind.ESCALATED and self.investigation.state in (State.ESCALATED, State.HANDED_OFF)

    @property
    def waits_for_management(self) -> bool:
        """Whether its escalation counts, and nobody has acknowledged it."""
        last = self.to_management
        return bool(last and last.kind in _WAITING) and self.is_escalated

    @property
    def own_batches(self) -> tuple[Batch, ...]:
        """The batches that look at the investigation's own target."""
        return tuple(batch for batch in self.batches if batch.target == self.target.key)

    @property
    def findings(self) -> Findings:
        return findings(self.batches, self.target.key)

    @property
    def headline(self) -> Headline:
        """What is wrong with the target by its own probes, or why nothing is known yet."""
        return headline(self.batches, self.target.key)

    @property
    def onset(self) -> Onset:
        """The earliest evidence of the trouble."""
        return onset(self.investigation, status=self.status, collected=self.collected)

    @property
    def began_at(self) -> datetime:
        return self.onset.at


def evidence(overview: Overview) -> list[str]:
    """What was measured of the target, the worst first, and what people tried by hand: a line each."""
    trials = [trial for batch in overview.own_batches for trial in batch.trials]
    by_hand = [f"By hand: {trials_words('', trials)}"] if trials else []
    return [*findings_listed(overview.findings), *by_hand]


def attachable(overview: Overview) -> tuple[ProbeRun, ...]:
    """The runs that a report is worth: those that failed or have one, the newest of each kind and place of a target.

    Those of the investigation's own target come first, then the newest. What could not be measured is none of them.
    """
    newest: dict[tuple[object, ...], tuple[bool, ProbeRun]] = {}
    for batch in overview.batches:
        for run in batch.runs:
            result = run.result if run.state is RunState.DONE else None
            if result and result.measured and (result.report or not result.ok):
                own = batch.target == overview.target.key and run.step in OWN_STEPS
                newest[own or (batch.target, run.label, run.step), run.kind, run.place] = (own, run)
    ranked = sorted(newest.values(), key=lambda newest_run: (not newest_run[0], -newest_run[1].id))
    return tuple(run for _, run in ranked)


def worth_attaching(overview: Overview, *, at_most: int) -> tuple[int, ...]:
    """Which of them tell most: what fails now, the worst first, what that is compared with, then the rest."""
    findings, offered = overview.findings, attachable(overview)
    failing = [run.id for run in findings.failing]
    kinds = {run.kind for run in findings.failing}
    control = [run.id for run in findings.control if run.kind in kinds]
    rest = [run.id for run in (*findings.own, *findings.control)]
    possible = {run.id for run in offered}
    # One place is kept for what the failing ones are compared with.
    compared = [number for number in control if number in possible][:1]
    ordered = [*failing[: at_most - len(compared)], *compared, *failing, *control, *rest]
    return tuple([number for number in dict.fromkeys(ordered) if number in possible][:at_most])


def still_linked(overview: Overview, ticket_ids: Sequence[int]) -> tuple[int, ...]:
    """Tickets that somebody chose earlier, each once, without those that people took off since."""
    gone = {ticket.ticket_id for ticket in overview.collected.rejected} if overview.collected else set[int]()
    return tuple(number for number in dict.fromkeys(ticket_ids) if number not in gone)


def kept_up_to_date(overview: Overview, run_ids: Sequence[int]) -> tuple[int, ...]:
    """Runs that somebody chose earlier: the newest of the same kind, place and target instead of each."""
    runs = {run.id: (batch, run) for batch in overview.batches for run in batch.runs}
    offered = {run.id for run in attachable(overview)}
    kept = []
    for number in run_ids:
        if number not in runs:
            continue
        batch, chosen = runs[number]
        same = [
            run.id
            for other, run in runs.values()
            if run.id in offered
            and (other.target, run.label, run.step, run.kind, run.place)
            == (batch.target, chosen.label, chosen.step, chosen.kind, chosen.place)
        ]
        kept.append(max([number, *same]))
    return tuple(dict.fromkeys(kept))
