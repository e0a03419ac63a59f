"""What the record says of a target, since when, and what of it is worth attaching."""

from datetime import timedelta

import pytest

from bot.investigations.model import Investigation, State
from bot.investigations.overview import Overview, attachable, evidence, kept_up_to_date, worth_attaching
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.manual import Trial
from bot.probes.model import ProbePlace, Subject
from bot.status.model import Alert, Incident, Level, SourceKind, StatusReport, TargetStatus
from bot.tickets.collection import Collected, LinkedTicket, LinkState, TicketWatch
from tests.fake_probe import result
from tests.hostile import NOW
from tests.world import US_EAST

MINUTE = timedelta(minutes=1)
FOUND = Investigation(12, "us-east", "packet loss", State.OPEN, "UKIM", NOW, "C1", owner="UKIM")


def run(number: int, kind: str = "ping", *, step: str = "target", place: str = "", **more: object) -> ProbeRun:
    label = "U.S. West" if step == "control" else "U.S. East"
    made = result(kind, label, place=ProbePlace(place) if place else None, **more)  # type: ignore[arg-type]
    return ProbeRun(number, 1, step, kind, label, RunState.DONE, Subject(label), result=made, place=place)


def batch(*runs: ProbeRun, target: str = "us-east", number: int = 1, trials: tuple[Trial, ...] = ()) -> Batch:
    return Batch(number, "Playbook", "", target, "C1", RunState.DONE, NOW, runs=runs, trials=trials)


def seen(*batches: Batch, status: TargetStatus | None = None, collected: Collected | None = None) -> Overview:
    return Overview(FOUND, US_EAST, (), collected, batches, status)


def status(**more: object) -> TargetStatus:
    report = StatusReport("page/main", "Status page", SourceKind.PAGE, **more)  # type: ignore[arg-type]
    return TargetStatus("us-east", (report,))


def collected(*minutes_ago: int) -> Collected:
    watch = TicketWatch(
        12, (), "", NOW - timedelta(hours=24), True, NOW, last_ok_at=NOW, total=len(minutes_ago), last_hour=0
    )
    tickets = tuple(
        LinkedTicket(n, LinkState.SUGGESTED, "slow", "open", "", NOW - MINUTE * ago)
        for n, ago in enumerate(minutes_ago)
    )
    return Collected(watch, tickets)


def test_without_evidence_it_began_when_it_was_opened() -> None:
    """A status page that is fine, and two tickets, tell of no beginning."""
    fine = status(told=Level.OPERATIONAL, since=NOW - timedelta(days=9), incidents=(incident(60, Level.DEGRADED),))

    assert seen(status=fine, collected=collected(30, 700)).began_at == NOW


def incident(minutes_ago: int, level: Level) -> Incident:
    return Incident("i1", "Packet loss", "investigating", level, began_at=NOW - MINUTE * minutes_ago)


@pytest.mark.parametrize(
    ("details", "minutes"),
    [
        ({"since": NOW - 20 * MINUTE}, 24),
        ({"since": NOW - 30 * MINUTE}, 30),
        ({"since": NOW - 20 * MINUTE, "incidents": (incident(35, Level.DEGRADED),)}, 35),
        ({"alerts": (Alert("a", "Loss", (), NOW - 50 * MINUTE),)}, 50),
        ({"alerts": (Alert("a", "Loss", (), NOW - 50 * MINUTE, silenced=True),)}, 24),
        ({"since": NOW + MINUTE}, 24),
    ],
)
def test_began_with_the_earliest_evidence(details: dict[str, object], minutes: int) -> None:
    """Tickets of the rise, what is firing, what the page says: whichever was first, never later than its opening."""
    tickets = collected(24, 20, 15, 9, 4, 1, 400, 800, 1200)
    bad = status(told=Level.DEGRADED, **details)

    assert seen(status=bad, collected=tickets).began_at == NOW - MINUTE * minutes


def test_rise_after_the_opening_moves_nothing() -> None:
    """It was opened before anybody wrote."""
    watch = TicketWatch(12, (), "", NOW, True, NOW, last_ok_at=NOW + 60 * MINUTE, total=9, last_hour=9)
    tickets = tuple(LinkedTicket(n, LinkState.CONFIRMED, "", "open", "", NOW + MINUTE * (40 + n)) for n in range(9))

    assert seen(collected=Collected(watch, tickets)).began_at == NOW


def test_offered_are_the_newest_that_failed_or_have_a_report() -> None:
    """Its own first, then the newest of others; nothing twice, and nothing that could not be measured."""
    first = batch(run(1, lost=4), run(2, "mtr", report="HOST"), run(3, "mtr", step="control", report="HOST"))
    again = batch(
        run(4, lost=5), run(5, "dns"), run(6, "http", lost=10), run(7, "tls", barred="not configured"), number=2
    )
    other = batch(run(8, "mtr", report="HOST"), target="us-west", number=3)
    typed = batch(run(9, lost=9), target="", number=4)
    far = batch(run(10, "mtr", report="HOST", place="Berlin"), number=5)

    offered = attachable(seen(first, again, other, typed, far))
    assert [run.id for run in offered] == [10, 6, 4, 2, 9, 8, 3]


def test_chosen_are_failures_with_what_they_are_compared_with() -> None:
    """The worst first; without a failure what is fine is all that there is."""
    playbook = batch(
        run(1, lost=2),
        run(2, "mtr", lost=4, report="HOST"),
        run(3, "http", lost=10),
        run(4, "mtr", step="control", report="HOST"),
        run(5, "tls", report="cert"),
    )
    fine = batch(run(1), run(2, "mtr", report="HOST"), run(4, "mtr", step="control", report="HOST"))

    assert worth_attaching(seen(playbook), at_most=4) == (3, 2, 1, 4)
    assert worth_attaching(seen(playbook), at_most=2) == (3, 4)
    assert worth_attaching(seen(fine), at_most=4) == (2, 4)


def test_chosen_earlier_become_the_newest_of_their_kind() -> None:
    """Of the same target and place only; a run of somewhere else's record is none."""
    first = batch(run(1, lost=4), run(2, "mtr", report="HOST"))
    again = batch(run(4, lost=6), run(5, "mtr", report="HOST", place="Berlin"), number=2)
    other = batch(run(6, "mtr", report="HOST"), target="us-west", number=3)

    assert kept_up_to_date(seen(first, again, other), (1, 2, 99)) == (4, 2)


def test_evidence_says_each_thing_once() -> None:
    """Failures first, then in a line what is fine, the control, and what people tried; nothing of other targets."""
    trial = Trial("UKIM", NOW, "Pixel 9", "", "", reproduced=True)
    first = batch(run(1, lost=4), run(2, "mtr"), run(3, "ping", step="control"), trials=(trial,))
    again = batch(run(4, lost=6), run(5, "tls", barred="not configured"), number=2)
    other = batch(run(6, lost=9), target="us-west", number=3)

    assert evidence(seen(first, again, other)) == [
        "ping U.S. East: 10.1.2.3 loses 6 of 10",
        "Nothing wrong: mtr",
        "Control U.S. West: nothing wrong (ping)",
        "By hand: reproduced in 1 of 1 try",
    ]
