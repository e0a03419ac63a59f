"""What the board says of rises that are about no target of ours."""

from dataclasses import replace

import pytest

from bot.trends.model import SeriesKey
from bot.trends.store import TrendStore
from tests.web.pages.test_tell import Teller
from tests.words.rooms.trends import RISING


@pytest.mark.parametrize(
    ("series", "words", "said"),
    [
        (SeriesKey(symptom="connect"), "", "about “can't connect” in"),
        (SeriesKey(version="ios 26.2"), "", "about iOS 26.2 in"),
        (SeriesKey(code="809"), "", "about error 809 in"),
        (SeriesKey(term=7), "black friday", "about “black friday” in"),
    ],
)
async def test_a_rise_is_called_as_people_call_it(series: SeriesKey, words: str, said: str) -> None:
    """By no key, and by its code too."""
    teller = Teller()
    world = teller.world
    trend = replace(RISING, series=series, about="", version="", words=words, last_at=world.clock())
    TrendStore(database=world.rooms.records.database, clock=world.clock).add(trend)

    board, _, _ = await teller.board.now()

    assert said in board.rising[0].words
