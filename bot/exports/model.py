"""An investigation as one page, and as one document: the same data. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.exports.times import Happened
from bot.slack_marks import straight


@dataclass(frozen=True, slots=True)
class LadderStepLine:
    """One step of a ladder. `at` is when it was told, or is due while it is `planned`; `whom` says by which way too."""

    at: datetime | None
    whom: str
    became: str
    planned: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class EscalatedOnce:
    """One escalation. `parts` are what was written, by their headings; `answer` is who answered, or why nobody has
    to."""

    at: datetime
    by: str
    priority: str
    parts: tuple[tuple[str, str], ...]
    steps: tuple[LadderStepLine, ...]
    answer: str
    answered_at: datetime | None = None
    waits: bool = False
    """Whether an answer is awaited."""
    asked: tuple[Happened, ...] = ()
    """What management wanted to know."""
    stands: str = ""
    """Why nobody else is asked, "" where others are, or need not be."""


@dataclass(frozen=True, slots=True)
class AnsweredTicket:
    """`became` is "answered", or why it was not; `at` when it was answered."""

    number: int
    became: str
    at: datetime | None = None
    url: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class RoundOfReplies:
    """One round, with the tickets of this investigation alone. `words` say how far it is, `counts` what is not 0."""

    at: datetime
    """When it was approved, or opened while nobody has."""
    news: str
    words: str
    counts: tuple[tuple[str, int], ...]
    approved_by: str = ""
    trouble: str = ""
    """Why it does not go on, "" where it does."""
    tickets: tuple[AnsweredTicket, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineLine:
    at: datetime
    words: str
    message: str = ""
    """The address of the message that it is about."""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """`subject` and `url` are there for Tier 2 alone. What does not `count` was taken off, belongs to another
    investigation, or is found no more and was never confirmed."""

    number: int
    state: str
    created_at: datetime
    url: str = ""
    subject: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A batch of probes: what its message says, and the reports of its runs."""

    title: str
    at: datetime
    words: str
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidToCustomers:
    """`corrected_at` is when its words were corrected, or its customers told what is right: `put_right` of them. It is
    `wrong` where all were."""

    at: datetime
    words: str
    customers: int
    corrected_at: datetime | None = None
    put_right: int = 0
    wrong: bool = False

    @property
    def corrected_for(self) -> str:
        """ "for 2 of 6 customers", "" where it is for all."""
        return f"for {self.put_right} of {self.customers} customers" if self.put_right and not self.wrong else ""


@dataclass(frozen=True, slots=True)
class CopyInTracker:
    """`words` say where it is: "on its way", "there", or why it is not."""

    key: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class WholeInvestigation:
    """`tickets` is how many match, None where nobody knows, an estimate where it is `about` so many: those of `listed`
    that count, and what the desk has beyond what was read. What a reader may not see is empty. `copies` are those of
    this story in trackers, `takes_copy` is whether there is an issue for one."""

    number: int
    name: str
    title: str
    state: str
    headline: str
    owner: str
    helpers: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    root_cause: str
    workaround: str
    reason: str
    slack: str
    """Where its thread is."""
    known: tuple[tuple[str, int], ...]
    tickets: int | None
    confirmed: int
    timeline: tuple[TimelineLine, ...] = ()
    listed: tuple[TicketLine, ...] = ()
    about: bool = False
    measured: tuple[Measured, ...] = ()
    escalations: tuple[EscalatedOnce, ...] = ()
    """Oldest first."""
    rounds: tuple[RoundOfReplies, ...] = ()
    """Oldest first."""
    tier3: str = ""
    vendors: tuple[str, ...] = ()
    said: tuple[SaidToCustomers, ...] = ()
    times: tuple[Happened, ...] = ()
    copies: tuple[CopyInTracker, ...] = ()
    takes_copy: bool = False
    related: tuple[tuple[str, int], ...] = ()
    """What it has to do with others, each with the other's number."""
    pictures: tuple[tuple[str, str], ...] = ()
    """Names of pictures that can be asked for, each with what it says in words."""


def document(whole: WholeInvestigation, zone: tzinfo) -> str:
    """The story as one Markdown file, with what only people know left to fill in. Times are of `zone`."""
    return straight("\n".join(_lines(whole, zone))) + "\n"


def _lines(whole: WholeInvestigation, zone: tzinfo) -> Iterator[str]:
    yield f"# {inline(f'{whole.name}: {whole.title}')}"
    yield ""
    yield inline(whole.headline)
    yield ""
    for name, text in _facts(whole, zone):
        yield f"- **{name}:** {inline(text)}"
    for heading, text in (
        ("Root cause", whole.root_cause),
        ("Impact", _impact(whole)),
        ("Workaround", whole.workaround),
        ("What went well", ""),
        ("Open questions", ""),
    ):
        yield from ("", f"## {heading}", "", _block(text) or "_To be filled in._")
    yield from ("", "## Times", "")
    for one in whole.times:
        yield f"- {_time(one.at, zone)} {inline(one.words)}"
    yield from ("", "## Timeline", "")
    for line in whole.timeline:
        yield f"- {_time(line.at, zone)} {inline(line.words)}"
    for escalated in whole.escalations:
        yield from _escalated(escalated, zone)
    for heading, text in (
        ("Tier 3", whole.tier3),
        ("Vendors", "\n".join(whole.vendors)),
    ):
        if text:
            yield from ("", f"## {heading}", "", _block(text))
    if whole.said:
        yield from ("", "## Said to customers", "")
        for said in whole.said:
            yield f"- {_said(said, zone)}"
    if whole.rounds:
        yield from ("", "## Replies to customers", "")
        for each in whole.rounds:
            yield from _answered(each, zone)
    if whole.listed:
        yield from ("", "## Tickets", "")
        yield from (
            f"- {numbered(ticket.number, ticket.url)}, {ticket.state}{'' if ticket.counts else ', not counted'},"
            f" {_time(ticket.created_at, zone)}"
            for ticket in whole.listed
        )
    for measured in whole.measured:
        yield from ("", f"## {inline(measured.title)}", "", f"{_time(measured.at, zone)}", "", _block(measured.words))
        for report in measured.reports:
            yield from ("", f"### {inline(report.name)}", "", *_fenced(report.text))


def _escalated(escalated: EscalatedOnce, zone: tzinfo) -> Iterator[str]:
    urgent = f", {inline(escalated.priority)}" if escalated.priority else ""
    yield from ("", "## Escalation", "")
    yield f"{_time(escalated.at, zone)} by {inline(escalated.by)}{urgent}"
    for heading, text in escalated.parts:
        yield from ("", f"**{heading}:** {_block(text)}")
    answered = f"{_time(escalated.answered_at, zone)} " if escalated.answered_at else ""
    yield ""
    for step in escalated.steps:
        yield f"- {_step(step, zone)}"
    for asked in escalated.asked:
        yield f"- {_time(asked.at, zone)} {inline(asked.words)}"
    yield f"- {answered}{inline(escalated.answer)}"
    if escalated.stands:
        yield f"- {inline(escalated.stands)}"


def _step(step: LadderStepLine, zone: tzinfo) -> str:
    when = f"{_time(step.at, zone)} " if step.at else ""
    became = ", ".join(part for part in ("due" if step.planned else "", step.became) if part)
    return f"{when}{inline(step.whom)}: {inline(became)}"


def _answered(replies: RoundOfReplies, zone: tzinfo) -> Iterator[str]:
    by = f", approved by {inline(replies.approved_by)}" if replies.approved_by else ""
    yield f"- {_time(replies.at, zone)} {inline(replies.news)}: {inline(replies.words)}{by}"
    if replies.trouble:
        yield f"  - {inline(replies.trouble)}"
    for ticket in replies.tickets:
        yield f"  - {_reply(ticket, zone)}"


def _reply(ticket: AnsweredTicket, zone: tzinfo) -> str:
    when = f" {_time(ticket.at, zone)}" if ticket.at else ""
    return f"{numbered(ticket.number, ticket.url)} {inline(ticket.became)}{when}"


def _facts(whole: WholeInvestigation, zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield "State", whole.state
    yield "Owner", ", ".join((whole.owner or "nobody", *whole.helpers))
    yield "Opened", _time(whole.opened_at, zone)
    if whole.closed_at:
        yield "Ended", _time(whole.closed_at, zone)
    if whole.related:
        yield "Related", "; ".join(words for words, _ in whole.related)
    if whole.known:
        yield "Known issue", ", ".join(name for name, _ in whole.known)


def _impact(whole: WholeInvestigation) -> str:
    if whole.tickets is None:
        return f"{whole.confirmed} ticket{'' if whole.confirmed == 1 else 's'} confirmed." if whole.confirmed else ""
    about = "About " if whole.about else ""
    return f"{about}{whole.tickets} ticket{'' if whole.tickets == 1 else 's'} matched, {whole.confirmed} confirmed."


def numbered(number: int, url: str) -> str:
    """A ticket's number, which leads to it where there is an address."""
    return f"[#{number}]({url})" if url else f"#{number}"


def _said(said: SaidToCustomers, zone: tzinfo) -> str:
    """What was wrong is struck out: it stands beside what they were told instead."""
    words = f"~~{inline(said.words)}~~" if said.wrong else inline(said.words)
    if not said.corrected_at:
        return f"{_time(said.at, zone)} {words}"
    corrected = " ".join(filter(None, (f"corrected {_time(said.corrected_at, zone)}", said.corrected_for)))
    return f"{_time(said.at, zone)} {words} ({corrected})"


def _time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})


def inline(text: str) -> str:
    """Words in one line of Markdown that format nothing, and turn nothing round."""
    return " ".join(straight(text).split()).translate(_MARKS)


def _block(text: str) -> str:
    """Words with their lines, which format nothing."""
    return "  \n".join(inline(line) for line in text.strip().splitlines())


def _fenced(text: str) -> Iterator[str]:
    """A report as it is, in a fence that nothing in it ends."""
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (fence, text.rstrip("\n"), fence)
