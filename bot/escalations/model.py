"""The `@ltm` post of an investigation: what it says, what a good one has, who acknowledged it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.investigations.model import Investigation
from bot.investigations.overview import Overview
from bot.probes.batch import ProbeRun
from bot.probes.conclusion import conclusion
from bot.probes.findings import findings
from bot.tickets.collection import LinkedTicket, LinkState

TICKETS_NAMED = 5
TICKETS_LINKED = 25
"""So many tickets are named with their subject, and so many more are links; the count says the rest."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says. `tickets` are ids, `runs` ids of probe runs whose reports are attached."""

    wrong: str
    since: str
    affected: str
    tried: str
    needed: str
    tickets: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    asked_by: str
    asked_at: datetime
    question: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """One post to management; withdrawn where its investigation was closed unanswered and escalated again.

    `mention` is what notifies them; `mention_note` says why it is not the group.
    """

    id: int
    investigation_id: int
    draft: Draft
    mention: str
    mention_note: str
    escalated_by: str
    escalated_at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    withdrawn_at: datetime | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """An escalation with what its message shows beside the draft."""

    escalation: Escalation
    investigation: Investigation
    title: str
    tickets: tuple[LinkedTicket, ...]
    runs: tuple[ProbeRun, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a good escalation has."""

    name: str
    there: bool
    how: str


def drafted(seen: Overview, zone: tzinfo) -> Draft:
    """The form's first content, from the record. A form can't show a reader's own zone, so `zone` is the team's."""
    found = seen.investigation
    chosen = _chosen_tickets(seen)
    total = seen.collected.watch.total if seen.collected else None
    words = "matching ticket" if total == 1 else "matching tickets"
    affected = f"{total} {words}, {len(chosen)} confirmed" if total and chosen else ""
    return Draft(
        wrong=": ".join(part for part in (seen.target.title, found.symptom) if part),
        since=found.opened_at.astimezone(zone).strftime("%H:%M %Z, %d %B %Y"),
        affected=affected,
        tried="\n".join(map(conclusion, seen.batches)),
        needed="",
        tickets=tuple(ticket.ticket_id for ticket in chosen),
        runs=tuple(run.id for run in findings(seen.batches, seen.target.key).own[:4]),
    )


def meter(seen: Overview, draft: Draft) -> tuple[Mark, ...]:
    """What a good escalation has, and what this one still lacks."""
    controls = [run for batch in seen.batches for run in batch.runs if run.step == "control" and run.result]
    return (
        Mark("summary", len(draft.wrong.split()) > 2, "say in a sentence what is wrong"),
        Mark("tickets", bool(draft.tickets), "confirm at least one ticket"),
        Mark("probe", bool(draft.runs), "run a probe: `probe mtr` in the thread"),
        Mark("control", bool(controls), "run the same probe on a healthy target"),
        Mark("impact", bool(draft.affected.strip()), "say who is affected and how many"),
    )


def _chosen_tickets(seen: Overview) -> tuple[LinkedTicket, ...]:
    """The confirmed tickets; where nobody confirmed any yet, none: a guess is no evidence."""
    if not seen.collected:
        return ()
    confirmed = [ticket for ticket in seen.collected.tickets if ticket.state is LinkState.CONFIRMED]
    return tuple(confirmed[:100])
