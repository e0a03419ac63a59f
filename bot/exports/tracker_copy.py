"""A copy of an investigation's story for a tracker's issue: what goes out, and what became of it. Pure.

A tracker may be public. So a copy names neither customers nor colleagues and quotes nothing that a customer wrote:
tickets are numbers with links, and of the timeline there are the times alone.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from bot.exports.addresses import web_address
from bot.exports.model import inline
from bot.exports.times import times_of
from bot.handoffs.markdown import report_in_tracker
from bot.investigations.model import STATE_WORDS
from bot.investigations.overview import Overview, evidence, worth_attaching
from bot.known_issues.model import KnownIssue
from bot.probes.batch import ProbeRun

COPY_MAX = 29_000
"""Characters in all: Jira takes 32,767 with its own marks, GitHub 65,536."""
TICKETS_LISTED = 100
REPORTS = 3
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


def copy_text(overview: Overview, filled: FilledIn, zone: tzinfo) -> str:
    """The copy as Markdown. Reports are left out from the last one on where it would be too long."""
    text = "\n".join(_lines(overview, filled, zone))
    head = "\n\n### Reports"
    for run in _reports(overview):
        report = f"{head}\n\n{report_in_tracker(run)}"
        if len(text) + len(report) <= COPY_MAX:
            text, head = text + report, ""
    return text


def _lines(overview: Overview, filled: FilledIn, zone: tzinfo) -> Iterator[str]:
    investigation = overview.investigation
    title = ": ".join(part for part in (overview.target.title, investigation.symptom) if part)
    yield f"## {_inert(f'{investigation.name}: {title}')}"
    yield ""
    yield f"From support. State: {STATE_WORDS[investigation.state]}."
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
        yield f"- {one.at.astimezone(zone):%Y-%m-%d %H:%M %Z} {_inert(one.words)}"
    if measured := evidence(overview):
        yield from ("", "### Measured", "", *(f"- {_inert(line)}" for line in measured))
    yield from _tickets(overview)


def _impact(overview: Overview) -> str:
    collected = overview.collected
    if not collected or collected.total is None:
        return ""
    matched = f"{collected.total} ticket{'' if collected.total == 1 else 's'} matched"
    return f"{matched}, {len(collected.confirmed)} confirmed."


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
