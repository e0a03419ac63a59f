"""Issues as long as a tracker takes them are taken in without stopping the loop."""

from collections.abc import Callable

import pytest

from bot.known_issues.model import TrackerIssue
from bot.known_issues.sync import PORTION, Sync, portions
from tests.fake_tracker import issue
from tests.hostile_shapes import SHAPES
from tests.stalls import Stalls
from tests.world import World

LIMIT_S = 0.1
BODY_MAX = 65_536
BODIES: dict[str, Callable[[int], str]] = {
    "tildes": lambda _: "~" * BODY_MAX,
    "links": lambda _: "## Workaround\n\n" + ("[a](" * BODY_MAX)[:BODY_MAX],
    "words": lambda number: "## Workaround\n\n" + " ".join(f"word{number}x{each}" for each in range(5_000)),
    "lines": lambda _: "a:\n" * (BODY_MAX // 3),
    "any": lambda number: (list(SHAPES.values())[number % len(SHAPES)])[:BODY_MAX],
}


def issues(body: Callable[[int], str], count: int = 45) -> list[TrackerIssue]:
    return [issue(number, body=body(number)) for number in range(1, count + 1)]


@pytest.mark.parametrize("shape", BODIES)
async def test_a_page_of_long_issues(shape: str) -> None:
    """Each is stored, and others have their turn in between; the same where all are read again by another mapping."""
    world = World()
    world.tracker.put(*issues(BODIES[shape]))
    sync = Sync(tracker=world.tracker, intake=world.known, clock=world.clock)
    with Stalls() as stalls:
        await sync.turn()
    with Stalls() as again:
        await world.known.reread("another")

    assert world.database.value("SELECT count(*) FROM known_issues") == 45
    assert world.known.cursor_of("app") == "end"
    assert (stalls.busiest_s <= LIMIT_S, again.busiest_s <= LIMIT_S) == (True, True)


def test_portions_are_all_of_it_in_order() -> None:
    """An empty page is one portion, since its cursor counts; a long issue stands alone."""
    short, long = issues(lambda _: "x"), issues(lambda _: "x" * BODY_MAX, 3)

    assert portions([]) == [[]]
    assert [len(each) for each in portions(short)] == [PORTION, 45 - PORTION]
    assert [len(each) for each in portions([*long, *short[:2]])] == [1, 1, 1, 2]
    assert [each for portion in portions([*short, *long]) for each in portion] == [*short, *long]
