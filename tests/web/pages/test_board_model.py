"""How support should speak of a target: the worst that is known decides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.briefings.model import NextStep, NextStepKind, Ongoing
from bot.investigations.model import State
from bot.probes.conclusion import Light
from bot.probes.last_look import LastLook
from bot.status.model import Alert, Expected, Incident, Level, SourceKind, StatusReport, TargetStatus
from bot.web.pages.board_model import RisingCustomers, TargetSigns, Tone, target_state, target_states
from tests.world import CATALOG, US_EAST, US_WEST

NINE, TEN = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BROKEN, FINE, SOON = (LastLook(TEN, "…", light) for light in (Light.BROKEN, Light.FINE, Light.SOON))
OLD_BROKEN, OLD_FINE = (LastLook(TEN - 2 * HOUR, "…", light) for light in (Light.BROKEN, Light.FINE))
OLDEST_BROKEN = LastLook(TEN - 25 * HOUR, "…", Light.BROKEN)
RISE = RisingCustomers("us-east", "31 customers wrote about U.S. East in the last hour; 4 is usual", NINE)


def status(
    level: Level, *, stale: bool = False, alerts: tuple[Alert, ...] = (), target: str = "us-east"
) -> TargetStatus:
    report = StatusReport(
        "page", "Status page", SourceKind.PAGE, level, since=TEN, read_at=TEN, stale=stale, alerts=alerts
    )
    return TargetStatus(target, (report,))


def ongoing(state: State = State.OPEN) -> Ongoing:
    return Ongoing(4, "U.S. East: packet loss", state, "C1", TEN, NextStep(NextStepKind.CLAIM))


@pytest.mark.parametrize(
    ("level", "state", "rises", "probe", "tone", "word"),
    [
        (Level.MAJOR_OUTAGE, State.OPEN, True, None, Tone.RED, "Down"),
        (Level.PARTIAL_OUTAGE, None, False, None, Tone.RED, "Partly down"),
        (Level.OPERATIONAL, State.ESCALATED, True, BROKEN, Tone.RED, "Escalated"),
        (Level.OPERATIONAL, State.OPEN, True, BROKEN, Tone.RED, "Trouble measured"),
        (Level.OPERATIONAL, State.OPEN, True, FINE, Tone.YELLOW, "Customers report trouble"),
        (Level.DEGRADED, State.OPEN, False, FINE, Tone.YELLOW, "Degraded"),
        (Level.OPERATIONAL, State.OPEN, False, OLD_BROKEN, Tone.YELLOW, "Being looked into"),
        (Level.MAINTENANCE, None, False, None, Tone.GREY, "Maintenance"),
        (Level.OPERATIONAL, None, False, OLD_BROKEN, Tone.GREY, "Trouble when last measured"),
        (Level.OPERATIONAL, None, False, SOON, Tone.YELLOW, "Works, with a warning"),
        (Level.OPERATIONAL, None, False, None, Tone.GREEN, "Fine"),
        (Level.OPERATIONAL, None, False, OLDEST_BROKEN, Tone.GREEN, "Fine"),
        (Level.UNKNOWN, None, False, FINE, Tone.GREY, "Not known"),
        (None, None, True, None, Tone.YELLOW, "Customers report trouble"),
        (None, None, False, None, Tone.GREY, "Not known"),
        (None, None, False, FINE, Tone.GREEN, "Fine"),
        (None, None, False, OLD_FINE, Tone.GREY, "Not known"),
    ],
)
def test_the_worst_that_is_known_decides(
    level: Level | None, state: State | None, rises: bool, probe: LastLook | None, tone: Tone, word: str
) -> None:
    signs = TargetSigns(status(level) if level else None, ongoing(state) if state else None, RISE if rises else None)
    said = target_state(US_EAST, replace(signs, probe=probe), TEN)

    assert (said.tone, said.word, said.probe) == (tone, word, probe)


def test_trouble_that_somebody_ended_since_is_over() -> None:
    """Where it was measured after that it is not."""
    signs = TargetSigns(status(Level.OPERATIONAL), probe=OLD_BROKEN)

    assert target_state(US_EAST, replace(signs, over_at=NINE), TEN).tone is Tone.GREEN
    assert target_state(US_EAST, replace(signs, over_at=OLD_BROKEN.at - HOUR), TEN).tone is Tone.GREY


def test_it_is_so_since_the_first_of_it() -> None:
    said = target_state(US_EAST, TargetSigns(status(Level.DEGRADED), ongoing(), RISE), TEN)

    assert said.since == NINE
    assert said.why == ("Status page: degraded", RISE.words, "INV-4 is open")


@pytest.mark.parametrize(
    ("level", "state", "probe", "word", "since"),
    [
        (Level.MAJOR_OUTAGE, State.ESCALATED, BROKEN, "Down", TEN),
        (Level.DEGRADED, State.ESCALATED, BROKEN, "Escalated", TEN + HOUR / 2),
        (Level.DEGRADED, State.OPEN, BROKEN, "Trouble measured", None),
        (Level.OPERATIONAL, State.OPEN, FINE, "Customers report trouble", NINE),
    ],
)
def test_nothing_is_said_to_be_so_since_something_else_began(
    level: Level, state: State, probe: LastLook, word: str, since: datetime | None
) -> None:
    """Customers have written since nine, Kim has looked since ten, and management was asked half an hour later."""
    looked_into = replace(ongoing(state), escalated_at=TEN + HOUR / 2)
    said = target_state(US_EAST, TargetSigns(status(level), looked_into, RISE, probe), TEN + HOUR)

    assert (said.word, said.since) == (word, since)


def test_a_source_that_is_silent_is_not_green() -> None:
    """What it said last is not known any more, unless that was bad."""
    assert target_state(US_EAST, TargetSigns(status(Level.OPERATIONAL, stale=True)), TEN).tone is Tone.GREY
    assert target_state(US_EAST, TargetSigns(status(Level.MAJOR_OUTAGE, stale=True)), TEN).tone is Tone.RED


def test_the_worst_comes_first() -> None:
    west = status(Level.OPERATIONAL, target="us-west")
    signs = {"us-west": TargetSigns(west), "us-east": TargetSigns(status(Level.MAJOR_OUTAGE))}
    states = target_states(CATALOG, signs, TEN)

    assert [(state.key, state.tone) for state in states] == [("us-east", "red"), ("app", "grey"), ("us-west", "green")]
    assert US_WEST.key == "us-west"


def test_many_alerts_are_counted() -> None:
    alerts = tuple(Alert(str(n), f"Alert{n}", (), TEN) for n in range(6))
    said = target_state(US_EAST, TargetSigns(status(Level.DEGRADED, alerts=alerts)), TEN)

    assert said.why == ("Status page: Alert0, Alert1, Alert2 and 3 more",)


@pytest.mark.parametrize(
    ("state", "incident", "tone", "word"),
    [
        (None, False, Tone.GREY, "Maintenance"),
        (State.OPEN, False, Tone.GREY, "Maintenance"),
        (State.ESCALATED, False, Tone.RED, "Escalated"),
        (None, True, Tone.RED, "Down"),
    ],
)
def test_a_maintenance_is_a_state_of_its_own(state: State | None, incident: bool, tone: Tone, word: str) -> None:
    """Whatever is measured meanwhile; a person who escalated, or wrote of an incident, knows more."""
    expected = Expected(NINE, TEN, "M-3", "new kernel")
    planned = replace(status(Level.MAJOR_OUTAGE), expected=expected)
    if incident:
        told = Incident("i1", "Keys are lost", "investigating", Level.MAJOR_OUTAGE, NINE)
        planned = replace(planned, reports=tuple(replace(each, incidents=(told,)) for each in planned.reports))
    shown = target_state(US_EAST, TargetSigns(planned, ongoing(state) if state else None, None, BROKEN), TEN)

    assert (shown.tone, shown.word) == (tone, word)
    assert shown.why[0] == "M-3: new kernel"
