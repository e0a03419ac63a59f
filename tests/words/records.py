"""One believable morning, as the records of all rooms: what the messages are made of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.investigations.model import Earlier, Event, EventKind, Investigation, SourceMessage, State
from bot.investigations.overview import Overview
from bot.known_issues.model import (
    Age,
    EtaSource,
    IssueReading,
    IssueState,
    KnownIssue,
    Priority,
    Release,
    TrackerIssue,
)
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.model import ProbePlace, Subject
from bot.status.model import Level, SourceKind, StatusReport, TargetStatus
from bot.targets.model import Target
from bot.tickets.collection import Collected, LinkedTicket, LinkState, TicketWatch
from tests.fake_probe import result
from tests.fake_status import alert, component

NOW = datetime(2026, 11, 30, 9, 14, tzinfo=UTC)
US_EAST = Target(
    "us-east", "U.S. East", "gateway", team="tech", addresses=("10.1.2.3",), search=("us east",), control="us-west"
)
US_WEST = Target("us-west", "U.S. West", "gateway", team="tech", addresses=("10.2.2.3",), search=("us west",))
ANDROID = Target("android", "Android app", "app", team="cs", search=("android",))
TARGETS = (US_EAST, US_WEST, ANDROID)


def at(minutes: float) -> datetime:
    """So many minutes after the first look; before it where negative."""
    return NOW + timedelta(minutes=minutes)


LINK = "https://acme.slack.test/p1"
OPEN = Investigation(4, "us-east", "packet loss", State.OPEN, "UKIM", NOW, "C1", owner="UKIM", claimed_at=NOW)
SOURCE = SourceMessage("C1", "1.1", "UTOM", "lots of tickets about US East", LINK)
RESOLVED: dict[str, Any] = {
    "state": State.RESOLVED,
    "root_cause": "A router of the transit provider dropped packets.",
    "workaround": "Connect to U.S. West.",
    "closed_by": "UKIM",
    "closed_at": at(95),
}
EARLIER = Earlier(
    Investigation(2, "us-east", "no connection", opened_by="UJO", opened_at=at(-2900), channel="C1", **RESOLVED), NOW
)

AGE = Age("app", "GitHub acme/app", NOW)
DOWN = Age("app", "GitHub acme/app", at(-40), at(-34), "timed out")
READ = IssueReading(
    known=True,
    symptom="Voice calls break up after ten minutes.",
    workaround="Switch the protocol to IKEv2.",
    eta=date(2026, 12, 12),
    eta_source=EtaSource.MILESTONE,
    priority=Priority.P1,
    targets=("android",),
    customer_facing=True,
)


def issue(number: int = 31, title: str = "Voice calls break up", **more: Any) -> TrackerIssue:
    plain: dict[str, Any] = {"state": IssueState.OPEN, "body": "", "created_at": NOW, "updated_at": NOW}
    named = {"tracker": "app", "uid": str(number), "key": f"app#{number}", "title": title}
    return TrackerIssue(**(named | {"url": f"https://tracker.test/{number}"} | plain | more))


KNOWN = KnownIssue(31, issue(fix_version="2.15"), READ, NOW)
RELEASE = Release("app", "r1", "v2.15", "https://tracker.test/r1", "", NOW)

SUBJECTS = ("US East keeps dropping", "Very slow since this morning", "Can't connect to US East", "Video stops")


def ticket(number: int, state: LinkState = LinkState.SUGGESTED, **more: Any) -> LinkedTicket:
    subject = SUBJECTS[number % len(SUBJECTS)]
    made = at(-30 + number % 20)
    waits: dict[str, Any] = {"rank": number, "listed_at": at(-1)}
    decided: dict[str, Any] = {"decided_by": "UKIM", "decided_at": at(-1)}
    more = (waits if state is LinkState.SUGGESTED else decided) | more
    return LinkedTicket(
        48500 + number, state, subject, "open", f"https://acme.zendesk.test/{48500 + number}", made, **more
    )


WATCH = TicketWatch(4, ("us east",), "packet loss", at(-24 * 60), True, NOW, last_ok_at=NOW, total=31, last_hour=27)
TICKETS = tuple(ticket(number, LinkState.CONFIRMED if number < 6 else LinkState.SUGGESTED) for number in range(12))
COLLECTED = Collected(WATCH, TICKETS)


def run(number: int, kind: str, *, lost: int = 0, barred: str = "", step: str = "target", place: str = "") -> ProbeRun:
    label = "U.S. West" if step == "control" else "U.S. East"
    seen_from = ProbePlace(*place.split(", ")) if place else None
    made = result(kind, label, lost=lost, barred=barred, report="a report", place=seen_from)
    return ProbeRun(number, 1, step, kind, label, RunState.DONE, Subject(label), result=made, place=place)


def batch(*runs: ProbeRun, state: RunState = RunState.DONE, **more: Any) -> Batch:
    values: dict[str, Any] = {
        "title": "Playbook gateway",
        "playbook": "gateway",
        "target": "us-east",
        "investigation_id": 4,
        "requested_by": "UKIM",
    }
    values |= more
    return Batch(id=1, channel="C1", state=state, requested_at=NOW, runs=runs, **values)


PLAYBOOK = batch(
    run(1, "ping", lost=4),
    run(2, "mtr", lost=4),
    run(3, "ping", step="control"),
    run(4, "tls", barred="the certificate could not be read"),
)

PAGE = StatusReport(
    "page/public",
    "status page",
    SourceKind.PAGE,
    told=Level.DEGRADED,
    since=at(-22),
    read_at=NOW,
    components=(component("US East", Level.DEGRADED),),
)
ALERTS = StatusReport(
    "alerts/ops",
    "Alertmanager",
    SourceKind.ALERTS,
    told=Level.DEGRADED,
    read_at=NOW,
    alerts=(alert("HighPacketLoss", at(-22)),),
)
STATUS = TargetStatus("us-east", (PAGE, ALERTS))


def event(kind: EventKind, minutes: float = 0, *, by: str | None = "UKIM", **more: Any) -> Event:
    return Event(at(minutes), kind, by, investigation_id=4, **more)


def overview(investigation: Investigation = OPEN, *events: Event, **more: Any) -> Overview:
    """What is known of U.S. East when there is something of everything."""
    values: dict[str, Any] = {"collected": COLLECTED, "batches": (PLAYBOOK,), "status": STATUS}
    values |= more
    return Overview(investigation, US_EAST, events, **values)


def bare(investigation: Investigation = OPEN, *events: Event, **more: Any) -> Overview:
    """Nothing is known yet."""
    values: dict[str, Any] = {"collected": None, "batches": ()} | more
    return Overview(investigation, US_EAST, events, **values)
