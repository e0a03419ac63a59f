"""A copy of an investigation's story for a tracker's issue: what goes out, and what became of it. Pure.

A tracker may be public. So a copy names neither customers nor colleagues and quotes nothing that a customer wrote:
tickets are numbers with links, and of the timeline there are the times alone.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from bot.escalations.ladder_model import Step, StepState
from bot.escalations.model import EscalationPost
from bot.escalations.telling import WayKind
from bot.exports.addresses import web_address
from bot.exports.model import inline
from bot.exports.times import times_of
from bot.handoffs.markdown import report_in_tracker
from bot.investigations.model import STATE_WORDS
from bot.investigations.overview import Overview, evidence, worth_attaching
from bot.investigations.relation_model import bond_words
from bot.known_issues.model import KnownIssue
from bot.probes.batch import ProbeRun
from bot.replies.model import ReplyState, Round

COPY_MAX = 29_000
"""Characters in all: Jira takes 32,767 with its own marks, GitHub 65,536."""
TICKETS_LISTED = 100
REPORTS = 3
LINES_OF_EACH = 20
"""So many steps of a ladder and rounds of replies, the newest."""
_ADDRESS = re.compile(r"[\w.+-]{1,64}+@[\w-]{1,63}+\.[\w-]{1,63}+(?>(?:\.[\w-]{1,63}+)*)")
_LEFT_OUT = "(address left out)"


class CopyState(StrEnum):
    """`wanted` is on its way, `failed` does not go on by itself."""

    WANTED = "wanted"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TrackerCopy:
    """One comment on one issue. `failing_since` is set while the tracker does not take it, `failure` says why."""

    id: int
    investigation_id: int
    issue_id: int
    digest: str
    text: str
    """ "" once the issue has it."""
    asked_by: str
    asked_at: datetime
    state: CopyState = CopyState.WANTED
    next_at: datetime | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    failure: str = ""
    url: str = ""

    @property
    def stamp(self) -> str:
        """With the time, since another database counts from one again and the tracker keeps what the first one made."""
        return f"story/{self.id}-{int(self.asked_at.timestamp()):x}"


def digest_of(text: str) -> str:
    """The same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What only people know, as whoever sends it writes it."""

    went_well: str = ""
    open_questions: str = ""


NOTHING_FILLED_IN = FilledIn()


@dataclass(frozen=True, slots=True)
class WhoWasTold:
    """Escalations and rounds of replies of an investigation, oldest first."""

    escalations: tuple[EscalationPost, ...] = ()
    rounds: tuple[Round, ...] = ()


NOBODY_TOLD = WhoWasTold()
_WAYS = {
    WayKind.GROUP: "management's group in the thread",
    WayKind.DM: "a direct message",
    WayKind.CHANNEL: "a channel",
    WayKind.MAIL: "a mail",
    WayKind.APPRISE: "a call or push message",
    WayKind.WEBHOOK: "another system",
}
"""A step in words that name nobody."""
_BECAME = {
    StepState.TELLING: "on its way",
    StepState.TOLD: "told",
    StepState.FAILED: "not told",
    StepState.STOPPED: "stopped",
}


@dataclass(frozen=True, slots=True)
class CopyForm:
    """What is said before anything goes out: to which issues it can go, the likeliest first, and the text."""

    overview: Overview
    issues: tuple[KnownIssue, ...]
    titles: dict[str, str]
    """What people call the trackers, by name."""
    text: str


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """A copy as its message shows it."""

    copy: TrackerCopy
    issue: KnownIssue
    tracker_title: str


def copy_text(overview: Overview, filled: FilledIn, zone: tzinfo, told: WhoWasTold = NOBODY_TOLD) -> str:
    """The copy as Markdown. Reports are left out from the last one on where it would be too long."""
    text = "\n".join(_lines(overview, filled, zone, told))
    head = "\n\n### Reports"
    for run in _reports(overview):
        report = f"{head}\n\n{report_in_tracker(run)}"
        if len(text) + len(report) <= COPY_MAX:
            text, head = text + report, ""
    return text


def _lines(overview: Overview, filled: FilledIn, zone: tzinfo, told: WhoWasTold) -> Iterator[str]:
    investigation = overview.investigation
    title = ": ".join(part for part in (overview.target.title, investigation.symptom) if part)
    yield f"## {_inert(f'{investigation.name}: {title}')}"
    yield ""
    yield f"From support. State: {STATE_WORDS[investigation.state]}."
    for each in overview.neighbours:
        yield f"{_inert(bond_words(replace(each, how='')))}."
    for heading, text in (
        ("Root cause", investigation.root_cause),
        ("Impact", _impact(overview)),
        ("Workaround", investigation.workaround),
        ("What went well", filled.went_well),
        ("Open questions", filled.open_questions),
    ):
        if text.strip():
            yield from ("", f"### {heading}", "", _block(text))
    yield from ("", "### Times", "")
    for one in times_of(overview):
        yield f"- {_time(one.at, zone)} {_inert(one.words)}"
    yield from _escalations(told.escalations, zone)
    yield from _rounds(told.rounds, investigation.id, zone)
    if measured := evidence(overview):
        yield from ("", "### Measured", "", *(f"- {_inert(line)}" for line in measured))
    yield from _tickets(overview)


def _impact(overview: Overview) -> str:
    collected = overview.collected
    if not collected:
        return ""
    if collected.total is None:
        count = len(collected.confirmed)
        return f"{count} ticket{'' if count == 1 else 's'} confirmed." if count else ""
    about = "About " if collected.about else ""
    matched = f"{about}{collected.total} ticket{'' if collected.total == 1 else 's'} matched"
    return f"{matched}, {len(collected.confirmed)} confirmed."


def _escalations(escalations: Sequence[EscalationPost], zone: tzinfo) -> Iterator[str]:
    """By which ways management was told, and when somebody answered; not who."""
    lines = [line for posted in escalations for line in _escalation(posted, zone)]
    yield from ("", "### Escalation", "", *lines[-LINES_OF_EACH:]) if lines else ()


def _escalation(posted: EscalationPost, zone: tzinfo) -> Iterator[str]:
    escalation = posted.escalation
    urgent = f" as {_inert(escalation.priority)}" if escalation.priority else ""
    yield f"- {_time(escalation.escalated_at, zone)} Escalated{urgent}"
    for step in posted.run.begun if posted.run else ():
        yield f"- {_step(step, zone)}"
    if escalation.acknowledged_at:
        yield f"- {_time(escalation.acknowledged_at, zone)} Acknowledged"
    elif escalation.withdrawn_at:
        yield f"- {_time(escalation.withdrawn_at, zone)} {'Taken back' if escalation.taken_back_by else 'Not answered'}"


def _step(step: Step, zone: tzinfo) -> str:
    way, when = _WAYS[step.rung.way], step.told_at
    return f"{_time(when, zone) if when else ''} {way[:1].upper()}{way[1:]}: {_BECAME.get(step.state, step.state)}"


def _rounds(rounds: Sequence[Round], investigation_id: int, zone: tzinfo) -> Iterator[str]:
    """How many of its tickets were answered in each round that somebody approved."""
    lines = []
    for each in rounds:
        own = [reply for reply in each.chosen if reply.investigation_id == investigation_id]
        if own and each.approved_at:
            sent = sum(reply.state is ReplyState.SENT for reply in own)
            tickets = f"{len(own)} ticket{'' if len(own) == 1 else 's'}"
            lines.append(f"- {_time(each.approved_at, zone)} {sent} of {tickets} answered ({_inert(each.purpose)})")
    yield from ("", "### Replies to customers", "", *lines[-LINES_OF_EACH:]) if lines else ()


def _time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _tickets(overview: Overview) -> Iterator[str]:
    """The confirmed ones, by number."""
    confirmed = overview.collected.confirmed if overview.collected else ()
    if not confirmed:
        return
    yield from ("", "### Tickets", "")
    for ticket in confirmed[:TICKETS_LISTED]:
        url = web_address(ticket.url)
        yield f"- [{ticket.ticket_id}]({url})" if url else f"- {ticket.ticket_id}"
    if len(confirmed) > TICKETS_LISTED:
        yield f"- and {len(confirmed) - TICKETS_LISTED} more"


def _reports(overview: Overview) -> Sequence[ProbeRun]:
    """Of our own targets alone: a host that somebody typed may be a customer's."""
    own = {run.id: run for batch in overview.own_batches for run in batch.runs}
    chosen = worth_attaching(overview, at_most=REPORTS)
    return [own[number] for number in chosen if number in own]


def _inert(text: str) -> str:
    """Words in one line that format nothing, mention nobody, link nothing and hold nobody's mail address."""
    written = inline(_ADDRESS.sub(_LEFT_OUT, text))
    return written.replace("@", "@\u200b").replace("#", "#\u200b")


def _block(text: str) -> str:
    return "  \n".join(_inert(line) for line in text.strip().splitlines())
