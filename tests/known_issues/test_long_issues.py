"""Issues as long as a tracker takes them are taken in without stopping the loop."""

import gc
from collections.abc import Callable, Iterator

import pytest

from bot.known_issues.intake import PORTION, portions
from bot.known_issues.model import TrackerIssue
from bot.known_issues.sync import Sync
from bot.tasks import others_first
from tests.fake_tracker import issue
from tests.hostile_shapes import SHAPES
from tests.stalls import STALL_S, Stalls, busy_s
from tests.world import World

BODY_MAX = 65_536
ALIKE, UNLIKE = 10, 28
"""How many long ones: each is stored alone, and more that are alike show nothing new."""
SHORT = 30
"""More than are stored without a pause."""
BODIES: dict[str, Callable[[int], str]] = {
    "tildes": lambda _: "~" * BODY_MAX,
    "links": lambda _: "## Workaround\n\n" + ("[a](" * BODY_MAX)[:BODY_MAX],
    "words": lambda number: "## Workaround\n\n" + " ".join(f"word{number}x{each}" for each in range(5_000)),
    "lines": lambda _: "a:\n" * (BODY_MAX // 3),
    "any": lambda number: (list(SHAPES.values())[number % len(SHAPES)])[:BODY_MAX],
}


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """As in the program: what the tests brought along is not searched for garbage meanwhile, nor before."""
    gc.freeze()
    yield
    gc.unfreeze()


def issues(body: Callable[[int], str], count: int) -> list[TrackerIssue]:
    return [issue(number, body=body(number)) for number in range(1, count + 1)]


@pytest.mark.parametrize("shape", BODIES)
async def test_a_page_of_long_issues(shape: str) -> None:
    """Each is stored, and others have their turn in between; the same where all are read again by another mapping."""
    count = UNLIKE if shape == "any" else ALIKE
    world = World()
    world.tracker.put(*issues(BODIES[shape], count))
    sync = Sync(tracker=world.tracker, intake=world.known.intake, clock=world.clock)
    with Stalls() as stalls:
        await sync.turn()
    with Stalls() as again:
        await world.known.intake.reread("another")

    assert world.database.value("SELECT count(*) FROM known_issues") == count
    assert world.known.intake.progress.cursor("app") == "end"
    assert (stalls.busiest_s <= STALL_S, again.busiest_s <= STALL_S) == (True, True)


MANY: dict[str, Callable[[int], str]] = {
    "lines": lambda _: "a:\n" * 660,
    "points": lambda _: "## Workaround\n\n" + "\n- " * 660,
    "words": lambda number: "## Workaround\n\n" + " ".join(f"{number}x{each}n" * 3 for each in range(120)),
    "sections": lambda number: "".join(f"## Workaround\n\n{number}word{each} b\n" for each in range(80)),
}


@pytest.mark.parametrize("shape", [*MANY, "fields"])
async def test_a_page_of_many_issues_of_some_length(shape: str) -> None:
    """Together they cost more than a few long ones."""
    fields = {"workaround": "a:\n" * 10_000, "symptoms": "a:\n" * 10_000} if shape == "fields" else {}
    body = MANY.get(shape, str)
    world = World()
    world.tracker.put(*(issue(number, body=body(number), fields=fields) for number in range(1, SHORT + 1)))
    sync = Sync(tracker=world.tracker, intake=world.known.intake, clock=world.clock)
    with Stalls() as stalls:
        await sync.turn()
    with Stalls() as again:
        await world.known.intake.reread("another")

    assert world.database.value("SELECT count(*) FROM known_issues") == SHORT
    assert (stalls.busiest_s <= STALL_S, again.busiest_s <= STALL_S) == (True, True)


def test_portions_are_all_of_it_in_order() -> None:
    """An empty page is one portion, since its cursor counts; a long issue stands alone."""
    short, long = issues(lambda _: "x", 28), issues(lambda _: "x" * BODY_MAX, 3)

    assert portions([]) == [[]]
    assert [len(each) for each in portions(short)] == [PORTION, 28 - PORTION]
    assert [len(each) for each in portions([*long, *short[:2]])] == [1, 1, 1, 2]
    assert [each for portion in portions([*short, *long]) for each in portion] == [*short, *long]


@pytest.mark.parametrize("line", ["a:", "AB-{} see", "word{}"])
async def test_long_issues_of_two_trackers_that_name_the_same(line: str) -> None:
    """Each is compared with many of the other tracker, by what all of them say of others."""
    world = World()
    body = "see also VPN-999\n" + "\n".join(line.format(each) for each in range(8_000))
    with Stalls() as stalls:
        for name, number in [*(("app", each) for each in range(1, 41)), *(("web", each) for each in range(1, 6))]:
            url = f"https://{name}.test/{number}"
            world.known.intake.applied(
                name, [issue(number, tracker=name, key=f"{name}#{number}", url=url, body=body)], cursor="x"
            )
            await others_first()

    assert stalls.busiest_s <= STALL_S


@pytest.mark.parametrize("unit", ["a ", "us ", "- pixel 9\n", "<a "])
def test_what_is_like_a_question_is_told_at_once(unit: str) -> None:
    """Everything that a question finds is read for what it is about, with all its labels and fields."""
    world = World()
    long = (unit * 4_000)[:4_000]
    marks = ("known-issue", *(f"{unit * 25}"[:46] + str(each) for each in range(99)))
    told = {"labels": marks, "fields": {"components": long, "environment": long}}
    for number in range(1, 31):
        found = issue(number, f"{unit}{number}", symptom=long, workaround=long, **told)
        world.known.intake.applied("app", [found], cursor="x")

    assert world.known.search(long).best
    assert busy_s(lambda: world.known.search(long)) <= STALL_S
