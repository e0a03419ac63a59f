"""How support should speak of a target: the worst that is known decides."""

from datetime import UTC, datetime

import pytest

from bot.briefings.model import NextStep, NextStepKind, Ongoing
from bot.investigations.model import State
from bot.status.model import Alert, Level, Report, SourceKind, TargetStatus
from bot.web.pages.board_model import RisingCustomers, Tone, target_state, target_states
from tests.world import CATALOG, US_EAST, US_WEST

NINE, TEN = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)
RISE = RisingCustomers("us-east", "31 customers wrote about U.S. East in the last hour; 4 is usual", NINE)


def status(
    level: Level, *, stale: bool = False, alerts: tuple[Alert, ...] = (), target: str = "us-east"
) -> TargetStatus:
    report = Report("page", "Status page", SourceKind.PAGE, level, since=TEN, read_at=TEN, stale=stale, alerts=alerts)
    return TargetStatus(target, (report,))


def ongoing(state: State = State.OPEN) -> Ongoing:
    return Ongoing(4, "U.S. East: packet loss", state, "C1", TEN, NextStep(NextStepKind.CLAIM))


@pytest.mark.parametrize(
    ("level", "state", "rises", "tone", "word"),
    [
        (Level.MAJOR_OUTAGE, State.OPEN, True, Tone.RED, "Down"),
        (Level.PARTIAL_OUTAGE, None, False, Tone.RED, "Partly down"),
        (Level.OPERATIONAL, State.ESCALATED, True, Tone.RED, "Escalated"),
        (Level.OPERATIONAL, State.OPEN, True, Tone.YELLOW, "Customers report trouble"),
        (Level.DEGRADED, State.OPEN, False, Tone.YELLOW, "Degraded"),
        (Level.OPERATIONAL, State.OPEN, False, Tone.YELLOW, "Being looked into"),
        (Level.MAINTENANCE, None, False, Tone.GREY, "Maintenance"),
        (Level.OPERATIONAL, None, False, Tone.GREEN, "Fine"),
        (Level.UNKNOWN, None, False, Tone.GREY, "Not known"),
        (None, None, True, Tone.YELLOW, "Customers report trouble"),
        (None, None, False, Tone.GREY, "Not known"),
    ],
)
def test_the_worst_that_is_known_decides(
    level: Level | None, state: State | None, rises: bool, tone: Tone, word: str
) -> None:
    said = target_state(
        US_EAST, status(level) if level else None, ongoing(state) if state else None, RISE if rises else None
    )

    assert (said.tone, said.word) == (tone, word)


def test_it_is_so_since_the_first_of_it() -> None:
    said = target_state(US_EAST, status(Level.DEGRADED), ongoing(), RISE)

    assert said.since == NINE
    assert said.why == ("Status page: degraded", RISE.words, "INV-4 is open")


def test_a_source_that_is_silent_is_not_green() -> None:
    """What it said last is not known any more, unless that was bad."""
    assert target_state(US_EAST, status(Level.OPERATIONAL, stale=True), None, None).tone is Tone.GREY
    assert target_state(US_EAST, status(Level.MAJOR_OUTAGE, stale=True), None, None).tone is Tone.RED


def test_the_worst_comes_first() -> None:
    west = status(Level.OPERATIONAL, target="us-west")
    states = target_states(CATALOG, [west, status(Level.MAJOR_OUTAGE)], [], [])

    assert [(state.key, state.tone) for state in states] == [("us-east", "red"), ("app", "grey"), ("us-west", "green")]
    assert US_WEST.key == "us-west"


def test_many_alerts_are_counted() -> None:
    alerts = tuple(Alert(str(n), f"Alert{n}", (), TEN) for n in range(6))
    said = target_state(US_EAST, status(Level.DEGRADED, alerts=alerts), None, None)

    assert said.why == ("Status page: Alert0, Alert1, Alert2 and 3 more",)
