"""Texts from outside that must stay inert, and records full of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.escalations.model import Escalation, EscalationDraft, EscalationQuestion
from bot.handoffs.model import (
    Decision,
    Errand,
    ErrandKind,
    Handoff,
    HandoffDraft,
    HandoffOverview,
    HungTicket,
    Lane,
)
from bot.investigations.model import Event, EventKind, Investigation, SourceMessage, State
from bot.investigations.overview import Overview
from bot.known_issues.model import Age, EtaSource, IssueReading, IssueState, KnownIssue, Priority, Release, TrackerIssue
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.model import About, Fault, Numbers, ProbePlace, ProbeReading, ProbeResult, Subject, Verdict
from bot.status.model import Alert, Component, Incident, Level, SourceKind, StatusReport, TargetStatus
from bot.targets.model import Target
from bot.tickets.collection import Collected, LinkedTicket, LinkState, ListPart, Receipt, TicketWatch

RTL = "\u202e"
SAMPLES = (
    "<!channel>",
    "<@U1>",
    "<!subteam^S1>",
    "<https://evil.test|bank>",
    "&" * 5000,
    "x" * 5000,
    "`code` ```block```",
    "*bold* _italics_ ~strike~",
    ":rotating_light:",
    f"safe{RTL}txt.exe",
    "two\nlines\r\nand\ttabs",
    "",
    " ",
    "😀" * 3000,
)
WORDS = st.sampled_from(
    [*(text[:1500] for text in SAMPLES), "<&>" * 200, "a: _b_ *c* `d`", "\x00\x7f\u2028\u200f", "نص", "plain words"]
)
"""Drawn from a list, since thousands of drawn characters per record make a test of minutes."""
USERS = st.sampled_from([f"U{number}LONGUSER" for number in range(20)])
NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
TIMES = st.integers(0, 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))
NUMBERS = st.integers(1, 10**9)
URLS = st.just("https://desk.test/agent/tickets/1?a=1&b=<2>|3")
URLS_LONG = "https://desk.test/" + "x" * 500

ALIVE = re.compile(r"<(?!@U[A-Z0-9]+>|!date\^|!subteam\^SLTM>|#C1>|https://(?:desk|slack)\.test/)")
"""Markup that is none of our own."""


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


sources = st.builds(SourceMessage, channel=st.just("C1"), ts=st.just("1.1"), permalink=st.just("https://slack.test/p1"))
targets = st.builds(
    Target, key=st.sampled_from(["us-east", "app"]), title=WORDS.filter(str.strip), kind=st.just("gateway")
)
investigations = st.builds(
    Investigation,
    id=NUMBERS,
    target=st.just("us-east"),
    symptom=WORDS,
    state=st.sampled_from(State),
    opened_by=USERS,
    opened_at=TIMES,
    channel=st.just("C1"),
    owner=maybe(USERS),
    claimed_at=maybe(TIMES),
    source=maybe(sources),
    helpers=st.lists(USERS, max_size=12).map(tuple),
    root_cause=WORDS,
    workaround=WORDS,
    reason=WORDS,
    closed_by=USERS,
    closed_at=TIMES,
)
events = st.builds(
    Event,
    at=TIMES,
    kind=st.sampled_from(EventKind),
    actor=USERS,
    about=maybe(USERS),
    text=WORDS,
    permalink=st.sampled_from(["", "https://slack.test/p1"]),
)
watches = st.builds(
    TicketWatch,
    investigation_id=NUMBERS,
    phrases=st.just(()),
    symptom=WORDS,
    since=TIMES,
    active=st.booleans(),
    next_at=TIMES,
    last_ok_at=maybe(TIMES),
    failing_since=maybe(TIMES),
    failure=WORDS,
    total=maybe(st.integers(0, 10**6)),
    last_hour=maybe(st.integers(0, 10**6)),
    page=st.integers(0, 1000),
)
tickets = st.builds(
    LinkedTicket,
    ticket_id=NUMBERS,
    state=st.sampled_from(LinkState),
    subject=WORDS,
    status=st.sampled_from(["open", "solved", "<!here>"]),
    url=URLS,
    created_at=TIMES,
    new=st.booleans(),
    says=st.booleans(),
    tag_failure=WORDS,
    matches=st.booleans(),
    added_by=st.one_of(st.just(""), USERS),
    elsewhere=st.sampled_from([None, None, 3]),
    rank=maybe(st.integers(-(10**10), 100)),
    listed_at=TIMES,
    listed_as=st.sampled_from(ListPart),
    decided_by=st.one_of(st.none(), USERS),
    decided_at=maybe(TIMES),
)
receipts = st.builds(
    Receipt,
    id=NUMBERS,
    investigation_id=NUMBERS,
    by=USERS,
    became=st.sampled_from(LinkState),
    before=st.dictionaries(NUMBERS, st.just("suggested"), max_size=12),
    undone=st.just(False),
)
many_tickets = st.lists(tickets, max_size=15, unique_by=lambda each: each.ticket_id).map(tuple)
ticket_sets = st.lists(tickets, max_size=30, unique_by=lambda each: each.ticket_id).map(tuple)
collections = st.builds(
    lambda watch, known, last: Collected(
        watch,
        tuple(each for each in known if each.offered and each.state is not LinkState.REJECTED),
        tuple(each for each in known if each.state is LinkState.REJECTED),
        tuple(each for each in known if not each.offered and each.state is not LinkState.REJECTED),
        last,
    ),
    watches,
    ticket_sets,
    maybe(receipts),
)


abouts = st.builds(About, name=WORDS)
counts = st.builds(Numbers, sent=st.integers(0, 100), lost=st.just(0), took_ms=maybe(st.floats(0, 1e4)))
verdicts = st.builds(
    Verdict,
    kind=st.sampled_from(["ping", "http", "dns", "status"]),
    about=abouts,
    wrong=WORDS,
    found=WORDS,
    numbers=counts,
    faults=st.lists(st.builds(Fault, about=abouts, wrong=WORDS, numbers=counts), max_size=6).map(tuple),
    among=st.integers(0, 20),
    remarks=st.lists(WORDS, max_size=4).map(tuple),
    caveats=st.lists(WORDS, max_size=2).map(tuple),
    measured=st.booleans(),
)


@st.composite
def results(draw: st.DrawFn) -> ProbeResult:
    """A table with as many cells in each row as there are columns."""
    width = draw(st.integers(1, 6))
    row = st.lists(WORDS, min_size=width, max_size=width).map(tuple)
    readings = (
        draw(st.lists(st.builds(ProbeReading, name=WORDS, ok=st.booleans(), cells=row, reason=WORDS), max_size=8)) * 4
    )
    return ProbeResult(
        kind=draw(st.sampled_from(["mtr", "http"])),
        label=draw(WORDS),
        verdict=draw(verdicts),
        started_at=draw(TIMES),
        duration_s=draw(st.floats(0, 100)),
        columns=draw(st.lists(WORDS, min_size=width, max_size=width).map(tuple)),
        readings=tuple(readings),
        report=draw(WORDS),
        report_name="mtr.txt",
        remedy=draw(WORDS),
        place=draw(st.none() | st.builds(ProbePlace, WORDS, WORDS, WORDS)),
    )


runs = st.builds(
    ProbeRun,
    id=NUMBERS,
    batch_id=NUMBERS,
    step=st.sampled_from(["target", "control"]),
    kind=st.sampled_from(["ping", "mtr"]),
    label=WORDS,
    state=st.sampled_from(RunState),
    subject=st.builds(Subject, label=WORDS),
    result=maybe(results()),
)
batches = st.builds(
    Batch,
    id=NUMBERS,
    title=WORDS,
    playbook=st.sampled_from(["", "gateway"]),
    target=st.just("us-east"),
    channel=st.just("C1"),
    state=st.sampled_from(RunState),
    requested_at=TIMES,
    requested_by=maybe(USERS),
    reason=WORDS,
    runs=st.lists(runs, max_size=5, unique_by=lambda run: run.id).map(tuple),
)


def _numbered(place: tuple[int, Batch]) -> Batch:
    """A run's number is its own over all batches."""
    first, batch = place[0] * 1000, place[1]
    return replace(batch, runs=tuple(replace(run, id=first + n) for n, run in enumerate(batch.runs, 1)))


status_alerts = st.builds(
    Alert,
    fingerprint=WORDS,
    name=WORDS,
    labels=st.just((("region", "us-east"),)),
    began_at=TIMES,
    summary=WORDS,
    url=st.sampled_from(["", "https://desk.test/graph?g0.expr=a%3Eb&<tab>=1|2", "https://desk.test/" + "x" * 1900]),
    silenced=st.booleans(),
)
status_components = st.builds(Component, id=WORDS, name=WORDS, level=st.sampled_from(Level), word=WORDS, group=WORDS)
status_incidents = st.builds(
    Incident,
    id=WORDS,
    title=WORDS,
    stage=WORDS,
    level=st.sampled_from(Level),
    began_at=maybe(TIMES),
    ends_at=maybe(TIMES),
    planned=st.booleans(),
    update=WORDS,
    url=st.sampled_from(["", "https://slack.test/i/1"]),
)
status_reports = st.builds(
    StatusReport,
    source=st.just("alerts/ops"),
    title=WORDS,
    kind=st.sampled_from(SourceKind),
    told=st.sampled_from(Level),
    since=maybe(TIMES),
    read_at=maybe(TIMES),
    failing_since=maybe(TIMES),
    failure=WORDS,
    stale=st.booleans(),
    components=st.lists(status_components, max_size=3).map(tuple),
    incidents=st.lists(status_incidents, max_size=4).map(tuple),
    alerts=st.lists(status_alerts, max_size=12).map(tuple),
)
statuses = st.builds(
    TargetStatus, target=st.just("us-east"), reports=st.lists(status_reports, min_size=1, max_size=3).map(tuple)
)
overviews = st.builds(
    Overview,
    investigation=investigations,
    target=targets,
    events=st.lists(events, max_size=12).map(lambda each: tuple(each * 5)),
    collected=maybe(collections),
    batches=st.lists(batches, max_size=3).map(lambda each: tuple(map(_numbered, enumerate(each)))),
    status=maybe(statuses),
)
drafts = st.builds(
    EscalationDraft,
    wrong=WORDS,
    since=WORDS,
    affected=WORDS,
    tried=WORDS,
    needed=WORDS,
    tickets=st.lists(NUMBERS, max_size=10, unique=True).map(tuple),
    runs=st.lists(NUMBERS, max_size=10, unique=True).map(tuple),
)
questions = st.builds(EscalationQuestion, asked_by=USERS, asked_at=TIMES, question=WORDS)
escalations = st.builds(
    Escalation,
    id=NUMBERS,
    investigation_id=NUMBERS,
    draft=drafts,
    mention=st.just("<!subteam^SLTM>"),
    mention_note=WORDS,
    escalated_by=USERS,
    escalated_at=TIMES,
    acknowledged_by=st.none(),
    acknowledged_at=st.none(),
    questions=st.lists(questions, max_size=12).map(tuple),
)
tracker_urls = st.sampled_from([URLS_LONG, "https://desk.test/acme/app/issues/31?a=1&b=<2>|3"])
tracker_issues = st.builds(
    TrackerIssue,
    tracker=st.just("app"),
    uid=WORDS,
    key=WORDS,
    url=tracker_urls,
    title=WORDS,
    body=WORDS,
    state=st.sampled_from(IssueState),
    created_at=TIMES,
    updated_at=TIMES,
    closed_at=maybe(TIMES),
    labels=st.lists(WORDS, max_size=5).map(tuple),
    assignees=st.lists(WORDS, max_size=10).map(tuple),
    fix_version=WORDS,
    released=st.booleans(),
)
readings = st.builds(
    IssueReading,
    known=st.booleans(),
    symptom=WORDS,
    workaround=WORDS,
    eta=maybe(TIMES.map(datetime.date)),
    eta_source=st.sampled_from([None, *EtaSource]),
    priority=st.sampled_from([None, *Priority]),
)
known_issues = st.builds(
    KnownIssue, id=NUMBERS, issue=tracker_issues, reading=readings, first_seen_at=TIMES, gone_at=maybe(TIMES)
)
many_known_issues = st.lists(known_issues, max_size=6, unique_by=lambda each: each.id).map(tuple)
releases = st.builds(
    Release, tracker=st.just("app"), uid=WORDS, name=WORDS, url=tracker_urls, notes=WORDS, published_at=TIMES
)
handoff_drafts = st.builds(
    HandoffDraft,
    tracker=st.just("app"),
    title=WORDS,
    evidence=WORDS,
    reproduction=WORDS,
    priority=st.sampled_from(Priority),
    lane=st.sampled_from(Lane),
    issue_id=maybe(NUMBERS),
    tickets=st.lists(NUMBERS, max_size=10, unique=True).map(tuple),
)
handoffs = st.builds(
    Handoff,
    id=NUMBERS,
    investigation_id=NUMBERS,
    draft=handoff_drafts,
    handed_by=USERS,
    handed_at=TIMES,
    issue_id=maybe(NUMBERS),
    decision=maybe(
        st.builds(
            Decision,
            priority=st.sampled_from(Priority),
            lane=st.sampled_from(Lane),
            by=USERS,
            at=TIMES,
            reason=WORDS,
        )
    ),
    assignee=WORDS,
    problem_id=maybe(NUMBERS),
    problem_url=st.one_of(st.just(""), URLS),
    ended_at=maybe(TIMES),
)
errands = st.builds(
    Errand,
    id=NUMBERS,
    handoff_id=NUMBERS,
    kind=st.sampled_from(ErrandKind),
    detail=WORDS,
    asked_at=TIMES,
    done_at=maybe(TIMES),
    failing_since=maybe(TIMES),
    failure=WORDS,
    given_up=st.booleans(),
)
ages = st.builds(Age, tracker=st.just("app"), title=WORDS, as_of=maybe(TIMES), failing_since=maybe(TIMES), reason=WORDS)
shown_handoffs = st.builds(
    HandoffOverview,
    handoff=handoffs,
    about=overviews,
    issue=maybe(known_issues),
    tracker_title=WORDS,
    age=ages,
    errands=st.lists(errands, max_size=12).map(tuple),
    hung=st.lists(st.builds(HungTicket, ticket_id=NUMBERS, hung=st.booleans(), failure=WORDS), max_size=12).map(tuple),
)
