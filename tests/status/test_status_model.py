"""Levels: the worst counts, what is not known is not green, what is old says so."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.status.model import (
    BAD,
    Incident,
    Level,
    SourceKind,
    SourceReading,
    StatusReport,
    began,
    same_kind,
    told_by,
    worst,
)
from tests.fake_status import alert, component
from tests.hostile import NOW

INCIDENT = Incident("i1", "Packet loss", "investigating", Level.MAJOR_OUTAGE, began_at=NOW - timedelta(minutes=22))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], Level.UNKNOWN),
        ([Level.OPERATIONAL], Level.OPERATIONAL),
        ([Level.OPERATIONAL, Level.UNKNOWN], Level.UNKNOWN),
        ([Level.MAINTENANCE, Level.OPERATIONAL], Level.MAINTENANCE),
        ([Level.UNKNOWN, Level.DEGRADED, Level.OPERATIONAL], Level.DEGRADED),
        ([Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE, Level.UNKNOWN], Level.MAJOR_OUTAGE),
    ],
)
def test_the_worst_counts_in_any_order(levels: list[Level], expected: Level) -> None:
    """Nothing that is unknown hides what is known to be bad, and nothing makes it green."""
    assert {worst(order) for order in permutations(levels)} == {expected}


def test_silenced_alerts_are_no_trouble() -> None:
    """Somebody knows of them."""
    firing, quiet = alert("Loss", NOW), alert("Loss", NOW, silenced=True)

    assert told_by(SourceKind.ALERTS, SourceReading(alerts=(firing, quiet))) is Level.DEGRADED
    assert told_by(SourceKind.ALERTS, SourceReading(alerts=(quiet,))) is Level.OPERATIONAL


def test_no_component_is_unknown() -> None:
    """A name that the page does not have must not look well."""
    assert told_by(SourceKind.PAGE, SourceReading()) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        (INCIDENT, Level.DEGRADED),
        (replace(INCIDENT, stage="monitoring"), Level.OPERATIONAL),
        (replace(INCIDENT, level=Level.OPERATIONAL), Level.OPERATIONAL),
        (replace(INCIDENT, level=Level.UNKNOWN), Level.UNKNOWN),
        (replace(INCIDENT, planned=True, stage="scheduled"), Level.OPERATIONAL),
        (replace(INCIDENT, planned=True, stage="in_progress"), Level.MAINTENANCE),
    ],
)
def test_an_open_incident_is_trouble_though_the_component_is_called_well(incident: Incident, expected: Level) -> None:
    """Whoever writes the page is in a hurry too."""
    well = component("US East", Level.OPERATIONAL)

    assert told_by(SourceKind.PAGE, SourceReading(components=(well,), incidents=(incident,))) is expected


def test_since_is_the_source_s_own_time_never_the_future() -> None:
    """And the time of the first sight where the source tells none."""
    at_0850 = NOW - timedelta(minutes=22)
    bad = component("US East", Level.DEGRADED, changed_at=at_0850)

    assert began(SourceKind.PAGE, SourceReading(components=(bad,)), NOW) == at_0850
    assert began(SourceKind.PAGE, SourceReading(components=(replace(bad, changed_at=None),)), NOW) == NOW
    assert began(SourceKind.PAGE, SourceReading(components=(replace(bad, changed_at=NOW + timedelta(1)),)), NOW) == NOW
    assert began(SourceKind.ALERTS, SourceReading(alerts=(alert("Loss", at_0850), alert("Slow", NOW))), NOW) == at_0850


def test_worse_is_the_same_trouble() -> None:
    """It has been bad since it was bad first."""
    assert all(same_kind(one, other) for one in BAD for other in BAD)
    assert not same_kind(Level.OPERATIONAL, Level.DEGRADED)
    assert not same_kind(Level.UNKNOWN, Level.DEGRADED)


@pytest.mark.parametrize("told", Level)
def test_what_nobody_confirms_is_bad_or_unknown(told: Level) -> None:
    """Stale data is never green."""
    stale = StatusReport("page/public", "status page", SourceKind.PAGE, told=told, read_at=NOW, stale=True)

    assert stale.level is (told if told in BAD else Level.UNKNOWN)
