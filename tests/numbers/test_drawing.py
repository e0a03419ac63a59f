"""Pictures are drawn by a program of its own, once for what they show; without it the page stands."""

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.database import Row
from bot.numbers.drawing import Drawings, instead
from bot.numbers.model import Asked, Grouping
from bot.numbers.plots import Look, highest, plots, whole_ticks
from tests.hostile import SAMPLES
from tests.numbers.counted import Counted
from tests.world import APP, US_EAST, US_WEST

TARGETS = (US_EAST, US_WEST, APP)
ECHO = """
import json, pathlib, sys
asked = json.load(sys.stdin)
log = pathlib.Path(__file__).with_suffix(".log")
log.write_text(log.read_text() + "x" if log.exists() else "x")
json.dump({name: "<svg/>" for name in asked}, sys.stdout)
"""


async def with_cases() -> Counted:
    counted = Counted()
    for ticket, target in enumerate(TARGETS, start=7):
        await counted.opened(target, ticket=ticket, waited_min=ticket)
    return counted


def drawings(counted: Counted, program: Path | None = None, environ: Mapping[str, str] | None = None) -> Drawings:
    if program:
        return Drawings(numbers=counted.service, environ=environ or {}, program=program)
    return Drawings(numbers=counted.service, environ=environ or {})


def program(folder: Path, text: str) -> Path:
    path = folder / "child.py"
    path.write_text(text)
    return path


async def test_a_plot_is_drawn_with_its_words() -> None:
    counted = await with_cases()
    svg = await drawings(counted).picture("waits", Asked(by=Grouping.TARGET), Look())

    assert svg and svg.startswith(b"<svg")
    assert b"U.S. East" in svg and b"since the first ticket" in svg
    assert b"style=" not in svg and b"<script" not in svg, "the pages' policy would refuse it"


async def test_all_pictures_of_a_page_are_drawn_at_once_and_kept(tmp_path: Path) -> None:
    counted, child = await with_cases(), program(tmp_path, ECHO)
    drawn = drawings(counted, child)
    for name in ("steps", "waits", "tickets", "steps"):
        assert await drawn.picture(name, Asked(), Look()) == b"<svg/>"
    assert child.with_suffix(".log").read_text() == "x"
    await drawn.picture("steps", Asked(), Look(dark=True))
    assert child.with_suffix(".log").read_text() == "xx"
    await counted.world.investigations.resolve(1, by="UKIM", root_cause="transit", workaround="")
    await drawn.picture("steps", Asked(), Look())

    assert child.with_suffix(".log").read_text() == "xxx"


@pytest.mark.parametrize("text", ["raise SystemExit(1)", "print('no JSON')", "print('[]')", "print('{}')"])
async def test_a_program_that_fails_is_let_alone_for_a_minute(tmp_path: Path, text: str) -> None:
    counted, child = await with_cases(), program(tmp_path, text)
    drawn = drawings(counted, child)
    assert await drawn.picture("steps", Asked(), Look()) is None
    program(tmp_path, ECHO)

    assert await drawn.picture("steps", Asked(), Look()) is None
    assert not child.with_suffix(".log").exists()


async def test_a_program_that_is_not_there_or_too_slow_is_no_mistake(tmp_path: Path) -> None:
    counted = await with_cases()
    assert await drawings(counted, tmp_path / "nothing.py").picture("steps", Asked(), Look()) is None
    slow = program(tmp_path, "import time; time.sleep(60)")
    late = Drawings(numbers=counted.service, environ={}, program=slow, deadline_s=0.05)

    assert await late.picture("steps", Asked(), Look()) is None


async def test_the_other_program_has_no_secret(tmp_path: Path) -> None:
    text = """
import json, os, sys
asked = json.load(sys.stdin)
json.dump({name: ",".join(sorted(os.environ)) for name in asked}, sys.stdout)
"""
    counted, child = await with_cases(), program(tmp_path, text)
    svg = await drawings(counted, child, {"SLACK_BOT_TOKEN": "xoxb-1", "PATH": "/bin"}).picture(
        "steps", Asked(), Look()
    )

    assert svg and b"SLACK" not in svg and b"PATH" in svg


def test_what_stands_instead_says_so() -> None:
    svg = instead("No picture <here> & now.", Look(narrow=True)).decode()

    assert "No picture &lt;here&gt; &amp; now." in svg


WORDS = (
    "<script>alert(1)</script>",
    "'; x",
    '"}[datum.value]+(',
    "\\u0022]",
    "<svg onload=alert(1)>",
    "</text><a href='x'>",
)


@pytest.mark.parametrize("titles", [WORDS, SAMPLES[:10], SAMPLES[10:20]], ids=["markup", "texts", "more texts"])
async def test_hostile_words_stay_words(titles: tuple[str, ...]) -> None:
    """Titles of issues are from outside, and stand in an expression of the plot."""
    counted = Counted()
    number = await counted.opened(US_EAST, ticket=7)
    database, now = counted.world.database, counted.world.clock()
    for issue, title in enumerate(titles, start=1):
        row: Row = {"id": issue, "tracker": "app", "uid": f"{issue}", "key": f"APP-{issue}", "url": "", "known": 1}
        row |= {"state": "open", "marked": 0, "updated_at": now, "first_seen_at": now, "checked_at": now}
        database.insert("known_issues", row | {"reading": "{}", "issue": {"title": title}})
        said: Row = {"investigation_id": number, "verdict": "it_is", "by": "UKIM", "at": now, "issue_id": issue}
        database.insert("known_links", said)
    svg = await drawings(counted).picture("issues", Asked(), Look())
    assert svg
    elements = list(ElementTree.fromstring(svg).iter())

    assert {element.tag.rpartition("}")[2] for element in elements} <= {
        "svg",
        "g",
        "path",
        "rect",
        "text",
        "line",
        "title",
    }
    assert not [name for element in elements for name in element.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize("by", list(Grouping))
async def test_only_what_shows_something_is_drawn(by: Grouping) -> None:
    empty, counted = Counted(), await with_cases()
    for made, names in ((empty, []), (counted, ["steps", "waits", "tickets", "trends"])):
        numbers, (period, groups) = await made.numbers(by=by), await made.service.chosen(Asked(by=by))
        assert list(plots(numbers, period, groups, Look())) == names


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (2, [0, 1, 2]),
        (6, [0, 1, 2, 3, 4, 5, 6]),
        (7, [0, 2, 4, 6, 8]),
        (31, [0, 10, 20, 30, 40]),
        (1_234, [0, 500, 1_000, 1_500]),
    ],
)
def test_what_is_counted_has_whole_numbers_on_its_axis(most: int, ticks: list[int]) -> None:
    """Rounded halves were shown: 0, 1, 1 where the most was one."""
    assert whole_ticks(most) == ticks


async def test_bars_on_each_other_end_where_their_sum_does() -> None:
    bars = [{"g": "a", "n": 3}, {"g": "a", "n": 4}, {"g": "b", "n": 5}]

    assert highest(bars) == 7 and highest([{"who": n, **bar} for n in "xy" for bar in bars]) == 7
    assert highest([]) == 0
