"""What a trend is told as: with what most of its tickets name."""

from dataclasses import replace

import pytest

from bot.tickets.stream_model import ReadTicket
from bot.trends.model import SeriesKey, facts_of, plain_name
from tests.words.records import NOW
from tests.words.rooms.trends import RISING

TICKET = ReadTicket(id=1, created_at=NOW, updated_at=NOW, status="new", customer=7)


@pytest.mark.parametrize(("naming", "said"), [(3, "ios 26.2"), (2, ""), (0, "")])
def test_a_version_that_most_tickets_name_is_said(naming: int, said: str) -> None:
    """Half of them are not most."""
    named = replace(TICKET, versions=("ios 26.2",))

    assert facts_of([*[named] * naming, *[TICKET] * (4 - naming)]).version == said


def test_a_target_is_told_with_its_version() -> None:
    """As customers know it; a rise of everything, or of a version alone, needs none."""

    def name(series: SeriesKey) -> str:
        return plain_name(series, title="App", words="")

    app = replace(RISING, series=SeriesKey(target="app"), version="ios 26.2")
    assert name(app.told) == "App (iOS 26.2)"
    assert name(replace(app, version="app 8.4.0").told) == "App (8.4.0)"
    assert name(replace(app, version="").told) == "App"
    assert replace(app, fleet=True, series=SeriesKey()).told == SeriesKey()
    assert replace(app, series=SeriesKey(version="ios 26.2"), version="ios 19").told == SeriesKey(version="ios 26.2")
