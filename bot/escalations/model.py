"""The `@ltm` post of an investigation: what it says, what a good one has, who acknowledged it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, tzinfo
from zoneinfo import ZoneInfo

from bot.escalations.ladder_model import LadderRun, LadderSettings
from bot.field_limits import require_short, with_lines
from bot.investigations.model import STATE_WORDS, Investigation, State
from bot.investigations.onset import Onset
from bot.investigations.overview import Overview, evidence, kept_up_to_date, still_linked, worth_attaching
from bot.investigations.update_model import Update
from bot.probes.batch import ProbeRun, RunState
from bot.probes.conclusion import Light
from bot.reading.versions import of_system, spelled
from bot.targets.model import Target
from bot.tickets.collection import Collected, LinkedTicket, counted
from bot.tickets.places import reporting
from bot.working_hours import WorkingHours

SENT_TO_TIER_3 = "sent to Tier 3"
TICKETS_LINKED = 25
"""How many tickets are links; the rest is counted."""
TICKETS_CHOSEN, RUNS_CHOSEN = 100, 4
"""How many of each the form offers as chosen."""
KINDS_NAMED = 5
WRONG_MAX, SINCE_MAX, AFFECTED_MAX, TRIED_MAX, NEEDED_MAX = 2000, 200, 1500, 2900, 1500
"""Characters of each part; together with the tickets they fit into one message, so that nothing is cut."""


NO_LADDERS = LadderSettings(WorkingHours(time(9), time(18), frozenset(range(5)), ZoneInfo("UTC")))
"""Management is mentioned in the thread, and that is all."""


@dataclass(frozen=True, slots=True)
class EscalationSettings:
    """`handle` is management's user group, `zone` the one in which a draft says times."""

    handle: str
    zone: tzinfo
    ladders: LadderSettings = NO_LADDERS


@dataclass(frozen=True, slots=True)
class EscalationDraft:
    """What the form says."""

    wrong: str
    since: str
    """In a person's own words; "" where the record's earliest evidence says it."""
    affected: str
    tried: str
    needed: str
    tickets: tuple[int, ...] = ()
    """Their numbers."""
    runs: tuple[int, ...] = ()
    """The ids of probe runs whose reports are attached."""
    priority: str = ""


@dataclass(frozen=True, slots=True)
class EscalationQuestion:
    asked_by: str
    asked_at: datetime
    question: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """One post to management."""

    id: int
    investigation_id: int
    draft: EscalationDraft
    mention: str
    """What notifies them."""
    mention_note: str
    """Why that is not the group, "" where it is."""
    escalated_by: str
    escalated_at: datetime
    onset: Onset | None = None
    """The earliest evidence, as it was known then; None in what an older version wrote."""
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_via: str = ""
    """What the link stood in by which somebody acknowledged without Slack ("phone bridge"), "" in Slack."""
    withdrawn_at: datetime | None = None
    """When its investigation, which was closed unanswered, was escalated again; or when it was taken back."""
    taken_back_by: str | None = None
    priority: str = ""
    questions: tuple[EscalationQuestion, ...] = ()

    @property
    def notifies(self) -> bool:
        """Whether the post mentions whom it should; plain "@ltm" is only a word. A ladder may begin elsewhere."""
        return not self.mention or self.mention.startswith("<")


@dataclass(frozen=True, slots=True)
class PreparedForm:
    """What the form begins with."""

    overview: Overview
    draft: EscalationDraft
    kept_at: datetime | None = None
    """When the person closed the form with these words in it, None where they never did."""
    by_priority: bool = False
    """Whether the ladder depends on how urgent it is."""


@dataclass(frozen=True, slots=True)
class EscalationPost:
    """An escalation with what its message shows beside the draft."""

    escalation: Escalation
    investigation: Investigation
    tickets: tuple[LinkedTicket, ...]
    runs: tuple[ProbeRun, ...]
    links: Mapping[int, str] = field(default_factory=dict)
    """The addresses of reports that stand in the thread already, by run; "" where only that is known."""
    file: str = ""
    """That of the file with all of them."""
    update: Update | None = None
    """What Tier 2 told management last, since this was escalated."""
    title: str = ""
    """The target and what people see."""
    run: LadderRun | None = None
    """Its ladder, None of an older version's."""
    news_at: datetime | None = None
    """When anybody last did anything about it, None where nobody looked."""
    again: bool = False
    """Whether a later escalation took its place."""
    over: bool = False
    """Whether its investigation was closed, or sent to Tier 3, since."""

    @property
    def needless(self) -> str:
        """What became of it or of its investigation, so that nobody need answer: a participle; "" while one should."""
        escalation, state = self.escalation, self.investigation.state
        if escalation.taken_back_by:
            return "taken back"
        if self.again:
            return "escalated again"
        if not self.investigation.live:
            return STATE_WORDS[state]
        if self.over and state is State.HANDED_OFF:
            return SENT_TO_TIER_3
        return "closed meanwhile" if self.over or escalation.withdrawn_at else ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a good escalation has."""

    name: str
    there: bool
    how: str
    """What to do about it, "" where nothing can be done."""


def require_parts_short(draft: EscalationDraft) -> None:
    """Raises TooLong: what management reads is one message."""
    require_short(draft.needed, "The request", NEEDED_MAX)
    require_short(draft.wrong, "What is wrong", WRONG_MAX)
    require_short(draft.affected, "Who is affected", AFFECTED_MAX)
    require_short(draft.since, "Since when", SINCE_MAX)
    require_short(draft.tried, "What was tried", TRIED_MAX)


def drafted(overview: Overview) -> EscalationDraft:
    """The form's first content, from the record: all but the request, which only people know."""
    confirmed = overview.collected.confirmed if overview.collected else ()
    return EscalationDraft(
        wrong=": ".join(part for part in (overview.target.title, _finding(overview)) if part),
        since="",
        affected=affected(overview.collected) if overview.collected and confirmed else "",
        tried="\n".join(evidence(overview)),
        needed="",
        tickets=tuple(ticket.ticket_id for ticket in confirmed[:TICKETS_CHOSEN]),
        runs=worth_attaching(overview, at_most=RUNS_CHOSEN),
    )


def updated(kept: EscalationDraft, overview: Overview) -> EscalationDraft:
    """What a person wrote and did not send, as they left it, with the newest run of each probe that they chose."""
    return replace(kept, tickets=still_linked(overview, kept.tickets), runs=kept_up_to_date(overview, kept.runs))


def drafted_again(last: EscalationDraft, overview: Overview, zone: tzinfo) -> EscalationDraft:
    """What was typed last time, whole, with the evidence that came since."""
    now = drafted(overview)
    newer = "" if now.affected in last.affected else _counted_at(overview.collected, now.affected, zone)
    return replace(
        last,
        affected=with_lines(last.affected, [newer], AFFECTED_MAX),
        tried=with_lines(last.tried, now.tried.splitlines(), TRIED_MAX),
        tickets=still_linked(overview, (*last.tickets, *now.tickets))[:TICKETS_CHOSEN],
        runs=tuple(dict.fromkeys((*kept_up_to_date(overview, last.runs), *now.runs))),
    )


def meter(overview: Overview, draft: EscalationDraft) -> tuple[Mark, ...]:
    """What a good escalation has, and what this one still lacks; nothing is asked for that is there or can't be."""
    marks = (
        Mark("request", bool(draft.needed.strip()), "say what they should do"),
        Mark("finding", len(draft.wrong.split()) > 2, "say in a sentence what is wrong"),
        Mark("impact", bool(draft.affected.strip()), "say who is affected and how many"),
        Mark("tickets", bool(draft.tickets), _how_tickets(overview)),
        Mark("probe", bool(draft.runs or overview.findings.own or _tries(overview)), _how_probe(overview)),
        Mark("control", _compared(overview), _how_control(overview)),
    )
    return tuple(mark for mark in marks if mark.there or mark.how)


def _how_tickets(overview: Overview) -> str:
    collected = overview.collected
    if not collected:
        return ""
    if collected.confirmed:
        return "choose the tickets to link"
    waiting = len(collected.suggested)
    return f"confirm the tickets that belong to it ({waiting} wait)" if waiting else "paste the link of a ticket"


def _how_probe(overview: Overview) -> str:
    if _measuring(overview):
        return "wait for the probes that run"
    if any(batch.by_hand for batch in overview.own_batches):
        return "try it on a device and record it"
    kind = _kind_for(overview.target)
    return f"run a probe: `probe {kind}` in the thread" if kind else ""


def _how_control(overview: Overview) -> str:
    """The kind that shows most, on the target's own control."""
    if not overview.target.control:
        return ""
    if _measuring(overview):
        return "wait for the probes that run"
    worst = overview.findings.worst
    kind = worst.kind if worst else _kind_for(overview.target)
    return f"compare with a healthy target: `probe {kind} {overview.target.control}`" if kind else ""


def _compared(overview: Overview) -> bool:
    """Whether something healthy was measured in the same way, as a playbook does or by somebody's own choice."""
    kinds = {run.kind for run in overview.findings.own}
    others = [run for batch in overview.batches if batch.target not in ("", overview.target.key) for run in batch.runs]
    measured = [run for run in others if run.state is RunState.DONE and run.result and run.result.measured]
    return bool(overview.findings.control) or any(run.kind in kinds for run in measured)


def _measuring(overview: Overview) -> bool:
    return any(batch.is_live for batch in overview.own_batches)


def _tries(overview: Overview) -> bool:
    return any(batch.trials for batch in overview.own_batches)


def _kind_for(target: Target) -> str:
    """What can be measured of a target by a probe that everybody knows."""
    if target.addresses or target.hosts:
        return "mtr"
    return "http" if target.urls else ""


def _finding(overview: Overview) -> str:
    """What the probes found, in one line; beside the symptom where that is nothing, and it alone before that."""
    headline, symptom = overview.headline, overview.investigation.symptom
    if headline.light in (Light.BROKEN, Light.SOON) or not symptom:
        return headline.text if headline.measured else ""
    return f"{symptom}. {headline.text}" if headline.measured else symptom


def affected(collected: Collected) -> str:
    """How many customers wrote, whether more of them do, and where the confirmed ones are and what they have."""
    confirmed = collected.confirmed
    places = reporting(confirmed, at_most=KINDS_NAMED)
    versions = [version for ticket in confirmed for version in ticket.versions]
    named = (
        _told("Places", Counter(place for ticket in confirmed for place in ticket.places), places),
        _told("Plans", Counter(plan for ticket in confirmed for plan in ticket.plans)),
        _told("App versions", Counter(version.removeprefix("app ") for version in versions if not of_system(version))),
        _told("Systems", Counter(map(spelled, filter(of_system, versions)))),
    )
    return "\n".join(line for line in (counted(collected), *named) if line)


def _told(name: str, counts: Counter[str], ordered: Sequence[str] = ()) -> str:
    """ "Plans: Business 3, Family 1", the most frequent first; "" where no ticket tells."""
    few = ordered or [kind for kind, _ in counts.most_common(KINDS_NAMED)]
    return f"{name}: {', '.join(f'{kind} {counts[kind]}' for kind in few)}" if few else ""


def _counted_at(collected: Collected | None, now: str, zone: tzinfo) -> str:
    """What is counted now, with the time, beside what was true before; "" where nothing is counted."""
    asked_at = collected.watch.last_ok_at if collected else None
    return f"{asked_at.astimezone(zone):%H:%M %Z}: {now}" if asked_at and now else now


def plain_body(posted: EscalationPost) -> str:
    """The whole of it as text without markup, for whoever reads it outside Slack; the request comes first."""
    escalation, draft = posted.escalation, posted.escalation.draft
    parts = [("", draft.needed), ("Impact", draft.affected), ("Since", draft.since), ("What is wrong", draft.wrong)]
    lines = [f"{name}: {text.strip()}" if name else text.strip() for name, text in parts if text.strip()]
    tickets = [f"#{ticket.ticket_id} {ticket.url}" for ticket in posted.tickets[:TICKETS_LINKED]]
    more = len(posted.tickets) - len(tickets)
    listed = [f"Tickets: {len(posted.tickets)}", *tickets, *([f"and {more} more"] if more else [])] if tickets else []
    tried = [f"What was tried:\n{draft.tried.strip()}"] if draft.tried.strip() else []
    first = f"{posted.investigation.name} {escalation.priority}".strip()
    return "\n\n".join([first, *lines, *(["\n".join(listed)] if listed else []), *tried])
