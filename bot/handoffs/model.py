"""A handoff to Tier 3, its lanes and their rules, and what is still to be done in the tracker and the desk for it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from bot.errors import BadInput
from bot.field_limits import require_short, with_lines
from bot.handoffs.markdown import in_tracker, report_in_tracker
from bot.investigations.above import Tier3
from bot.investigations.overview import Overview, evidence, kept_up_to_date, still_linked, worth_attaching
from bot.known_issues.model import PRIORITY_WORDS, Age, ChangeKind, IssueState, KnownIssue, Priority
from bot.tickets.collection import LinkedTicket

TITLE_MAX = 200
TICKETS_CHOSEN, RUNS_CHOSEN = 100, 3
"""How many of each the form offers as chosen."""
BODY_MAX = 30_000
"""GitHub takes 65,536 characters in all, and Jira 32,767."""


@dataclass(frozen=True, slots=True)
class HandoffSettings:
    """Without `leads` everybody of Tier 2 decides; without a `channel` each lead is asked in direct messages."""

    leads: tuple[str, ...] = ()
    channel: str = ""
    accounts_s: float = 2.0
    """How long a tracker may take to say who can be assigned, so that a form can still be opened."""
    desk: bool = True
    """Whether there is a desk in which tickets can be linked to a problem ticket."""


class Lane(StrEnum):
    """How development takes a handoff."""

    HOTFIX = "hotfix"
    PLANNING = "product_planning"
    FEATURE = "feature_request"


LANE_WORDS = {Lane.HOTFIX: "hotfix", Lane.PLANNING: "product planning", Lane.FEATURE: "feature request"}

LANE_RULES = {
    Lane.HOTFIX: "Tickets stay open until the fix is released.",
    Lane.PLANNING: "Customers are told that it is planned; their tickets are solved, and answered again at release.",
    Lane.FEATURE: "Customers are told that it is noted; their tickets are solved, and answered again at release.",
}


CHANGE_WORDS = {
    ChangeKind.DONE: "is fixed",
    ChangeKind.DECLINED: "is closed without a fix",
    ChangeKind.REOPENED: "is open again",
    ChangeKind.GONE: "is gone from the tracker",
}
"""Changes of an issue that belong on the timeline of its investigation, beside its release, which everybody there is
told; the others only edit the message."""


class AlreadyHandedOff(BadInput):
    """Somebody was faster."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is with Tier 3 already. Its thread shows it.")


class ErrandKind(StrEnum):
    """What has to be done outside for a handoff, each once."""

    CREATE = "create"
    EVIDENCE = "evidence"
    PROBLEM = "problem"
    HANG = "hang"
    TRIAGE = "triage"
    ASSIGN = "assign"
    TICKETS = "tickets"


TRACKER_ERRANDS = (ErrandKind.CREATE, ErrandKind.EVIDENCE, ErrandKind.TRIAGE, ErrandKind.ASSIGN, ErrandKind.TICKETS)
DESK_ERRANDS = (ErrandKind.PROBLEM, ErrandKind.HANG)


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done outside."""

    id: int
    handoff_id: int
    kind: ErrandKind
    detail: str
    """Depends on the kind: the words of a triage decision, the account of an assignee, which tickets came and went."""
    asked_at: datetime
    done_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    """Why it could not be done at the last try."""
    given_up: bool = False
    """Trying again does not help."""
    waits_until: datetime | None = None
    """When the system may be asked again, where that is long."""

    @property
    def stamp(self) -> str:
        """With the time, since another database counts from one again and the tracker keeps what the first one made."""
        return f"handoff/{self.kind}-{self.id}-{int(self.asked_at.timestamp()):x}"


@dataclass(frozen=True, slots=True)
class HandoffDraft:
    """What the form says."""

    tracker: str
    """Where a new issue is made."""
    title: str
    evidence: str
    reproduction: str
    priority: Priority
    lane: Lane
    issue_id: int | None = None
    """The known issue that was chosen; None asks for a new one."""
    tickets: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage said."""

    priority: Priority
    lane: Lane
    by: str
    at: datetime
    reason: str = ""
    """Why it differs from what was asked for."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One investigation given to Tier 3."""

    id: int
    investigation_id: int
    draft: HandoffDraft
    """What was asked for; the last decision of triage counts above it."""
    handed_by: str
    handed_at: datetime
    issue_id: int | None = None
    decision: Decision | None = None
    assignee: str = ""
    """The tracker's account for whoever triage chose."""
    problem_id: int | None = None
    """The Zendesk problem ticket on which the others hang."""
    problem_url: str = ""
    ended_at: datetime | None = None
    told: tuple[int, ...] = ()
    """Tickets that the tracker's issue was told of, without those of which it was told that they are about another."""

    @property
    def priority(self) -> Priority:
        return self.decision.priority if self.decision else self.draft.priority

    @property
    def lane(self) -> Lane:
        return self.decision.lane if self.decision else self.draft.lane

    @property
    def changed_by_triage(self) -> bool:
        return (self.priority, self.lane) != (self.draft.priority, self.draft.lane)


@dataclass(frozen=True, slots=True)
class HungTicket:
    """A ticket that hangs, or shall hang, on the problem ticket."""

    ticket_id: int
    hung: bool
    failure: str = ""
    """Why it does not."""


@dataclass(frozen=True, slots=True)
class HandoffOverview:
    """A handoff with all that its messages show; `about` is its investigation."""

    handoff: Handoff
    about: Overview
    issue: KnownIssue | None
    """None until the tracker has it."""
    tracker_title: str
    age: Age
    errands: tuple[Errand, ...]
    hung: tuple[HungTicket, ...]

    @property
    def waiting(self) -> tuple[Errand, ...]:
        return tuple(errand for errand in self.errands if not errand.done_at)

    @property
    def gone(self) -> tuple[int, ...]:
        """Tickets that the issue names, and that belong to it no longer."""
        return tuple(number for number in self._off if number in self.handoff.told)

    @property
    def still_hung(self) -> tuple[int, ...]:
        """Tickets on the problem ticket that belong to it no longer, as the issue knows."""
        hung = {ticket.ticket_id for ticket in self.hung if ticket.hung}
        return tuple(number for number in self._off if number in hung and number not in self.handoff.told)

    @property
    def _off(self) -> list[int]:
        collected = self.about.collected
        return [ticket.ticket_id for ticket in collected.rejected] if collected else []


@dataclass(frozen=True, slots=True)
class Tier3Progress:
    """How far Tier 3 is with an investigation."""

    handoff: Handoff
    issue: KnownIssue | None
    """None until the tracker has it."""

    @property
    def open(self) -> bool:
        """Whether development still has something to do with it."""
        return self.issue is None or not (self.issue.issue.closed or self.issue.gone_at)

    @property
    def stage(self) -> Tier3:
        """How far it is, for what comes next."""
        known = self.issue
        if known and known.issue.released:
            return Tier3.RELEASED
        if known and known.issue.state is IssueState.DONE:
            return Tier3.FIXED
        if not self.open:
            return Tier3.DECLINED
        return Tier3.WORKING if self.handoff.decision else Tier3.TRIAGE


@dataclass(frozen=True, slots=True)
class HandoffForm:
    """What the form shows: where a new issue can be made, and the known issues that it may be already, best first."""

    overview: Overview
    draft: HandoffDraft
    trackers: tuple[tuple[str, str], ...]
    issues: tuple[KnownIssue, ...]


def drafted(
    overview: Overview, tracker: str, *, issue: KnownIssue | None = None, last: Handoff | None = None
) -> HandoffDraft:
    """The form's first content, from the record; of an earlier handoff what was typed, with the evidence since.

    The priority is what development gave the issue, else an escalated trend is P1 until somebody says otherwise.
    """
    investigation = overview.investigation
    collected = overview.collected
    confirmed = tuple(ticket.ticket_id for ticket in collected.confirmed[:TICKETS_CHOSEN]) if collected else ()
    escalated = any(event.kind == "escalated" for event in overview.events)
    wrong = investigation.symptom or overview.headline.trouble
    title = one_line(": ".join(part for part in (overview.target.title, wrong) if part))
    draft = HandoffDraft(
        tracker=tracker,
        title=title if len(title) <= TITLE_MAX else title[: TITLE_MAX - 1] + "…",
        evidence="\n".join(evidence(overview)),
        reproduction="",
        priority=(issue.reading.priority if issue else None) or (Priority.P1 if escalated else Priority.P2),
        lane=Lane.HOTFIX,
        tickets=confirmed,
        issue_id=issue.id if issue else None,
        runs=worth_attaching(overview, at_most=RUNS_CHOSEN),
    )
    return _again(last, draft, overview) if last else draft


def _again(last: Handoff, now: HandoffDraft, overview: Overview) -> HandoffDraft:
    return replace(
        now,
        title=last.draft.title,
        evidence=with_lines(last.draft.evidence, now.evidence.splitlines()),
        reproduction=last.draft.reproduction,
        priority=last.priority,
        lane=last.lane,
        tickets=still_linked(overview, (*last.draft.tickets, *now.tickets))[:TICKETS_CHOSEN],
        runs=tuple(dict.fromkeys((*kept_up_to_date(overview, last.draft.runs), *now.runs))),
    )


def require_parts_short(draft: HandoffDraft) -> None:
    """Raises TooLong: what development reads first is one message."""
    require_short(draft.title, "A title", TITLE_MAX)
    require_short(draft.evidence, "The evidence")
    require_short(draft.reproduction, "The reproduction")


def one_line(text: str) -> str:
    """A title; with TITLE_MAX as long as every tracker takes: GitHub refuses over 256 characters, Jira over 255."""
    return " ".join(text.split())


def body_text(handoff: Handoff, overview: Overview) -> str:
    """What development needs, as Markdown: what is wrong, evidence, reproduction, tickets, probe reports as text."""
    draft, investigation = handoff.draft, overview.investigation
    collected = overview.collected.tickets if overview.collected else ()
    tickets = [ticket for ticket in collected if ticket.ticket_id in draft.tickets]
    runs = [run for batch in overview.batches for run in batch.runs if run.id in draft.runs and run.result]
    asked = f"{draft.priority} {PRIORITY_WORDS[draft.priority]}, {LANE_WORDS[draft.lane]} (asked for by support)"
    parts = [
        ("Symptoms", in_tracker(investigation.symptom or draft.title)),
        ("Priority and lane", asked),
        ("Evidence", in_tracker(draft.evidence)),
        ("Reproduction", in_tracker(draft.reproduction)),
        (f"Tickets ({len(tickets)})", "\n".join(f"- {ticket_line(ticket)}" for ticket in tickets)),
        ("Probes", "\n\n".join(report_in_tracker(run) for run in runs)),
    ]
    head = f"From support's {investigation.name}, since {overview.began_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    text = "\n\n".join([head, *(f"## {name}\n\n{words}" for name, words in parts if words.strip())])
    return text if len(text) <= BODY_MAX else text[: BODY_MAX - 20] + "\n\n(cut)"


def triage_text(decision: Decision) -> str:
    """What triage decided, as a comment on the issue."""
    words = f"{decision.priority} {PRIORITY_WORDS[decision.priority]}, lane {LANE_WORDS[decision.lane]}"
    return f"Triage: {words}." + (f" {in_tracker(decision.reason)}" if decision.reason else "")


def ticket_line(ticket: LinkedTicket) -> str:
    """The subject is a customer's text: as code it neither links nor mentions anybody in the tracker."""
    subject = " ".join(ticket.subject.replace("`", "'").split())
    return f"[#{ticket.ticket_id}]({ticket.url})" + (f" `{subject[:120]}`" if subject else "")
