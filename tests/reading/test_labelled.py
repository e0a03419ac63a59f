"""218 labelled reports: how often exactly the right is read, on the half that rules were made with and the other."""

import pytest

from tests.reading.reports import half, reports, right_share

BOUNDS = {
    "affected": 0.93,
    "elsewhere": 0.90,
    "symptom": 0.90,
    "platform": 0.95,
    "versions": 0.95,
    "codes": 0.96,
    "language": 0.97,
}
"""A little under what is reached; the aims are 0.90 for affected targets and 0.85 for the symptom."""


@pytest.mark.parametrize("kept", [False, True])
def test_most_is_read_right(kept: bool) -> None:
    shares = right_share(half(kept=kept))

    assert {name: share for name, share in shares.items() if share < BOUNDS[name]} == {}


def test_the_set_is_large_and_mixed() -> None:
    languages = {report.language for report in reports()}

    assert len(reports()) >= 150
    assert len({report.number for report in reports()}) == len(reports())
    assert {"en", "de", "fr", "es", "pt", "it", "nl", "pl"} <= languages
    assert sum(bool(report.elsewhere) for report in reports()) > 60
