"""The page of numbers: what an address asks for."""

import re

import pytest

from bot.numbers.model import Asked, Grouping, Step
from bot.web.pages.filters import duration
from bot.web.pages.numbers import asked_of
from tests.web.pages.real_pages import real
from tests.world import US_EAST, World


def test_an_address_says_what_is_asked() -> None:
    query = {"weeks": "52", "team": "tech", "target": "us-east", "by": "hour", "step": "resolved"}

    assert asked_of(query) == Asked(52, "tech", "us-east", Grouping.HOUR, Step.RESOLVED)


@pytest.mark.parametrize("query", [{}, {"weeks": "9"}, {"weeks": "٤"}, {"by": "person"}, {"step": "'; --"}])
def test_what_makes_no_sense_is_as_if_it_were_not_there(query: dict[str, str]) -> None:
    assert asked_of(query) == Asked()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "less than 1 min"),
        (1, "1 min"),
        (59.4, "59 min"),
        (59.6, "1 h"),
        (185, "3 h 5 min"),
        (60 * 11 + 20, "11 h"),
        (60 * 60, "2 days"),
    ],
)
def test_minutes_as_people_say_them(minutes: float, words: str) -> None:
    assert duration(minutes) == words


async def test_a_table_has_a_row_or_there_is_a_sentence_in_its_place() -> None:
    """In the first minutes of an investigation no ticket of it is confirmed, and nothing was reached."""
    world = World()
    await world.opened(US_EAST)
    async with real(world) as (there, _), there.browser("UKIM") as session, session.get("/numbers") as answer:
        text = await answer.text()
    bodies = re.findall(r"<tbody>(.*?)</tbody>", text, re.S)

    assert "No investigation with a confirmed ticket has reached any of these steps." in text
    assert bodies and all("<tr>" in body for body in bodies)
