"""Who noticed a trend first, and which of them were none."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.numbers.grouping import Groups, Names
from bot.numbers.model import Case, Grouping
from bot.numbers.noticing import Judged, Noticed, RisenTrend, noticed

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
GROUPS = Groups(Grouping.TARGET, UTC, Names({}, {"us-east": "U.S. East"}), NINE - timedelta(days=7), NINE)


def case(number: int = 1, *, dismissed: bool = False, target: str = "us-east") -> Case:
    return Case(number, target, "tech", NINE, None, (None,) * 7, 0, dismissed=dismissed)


def rise(
    number: int = 1,
    *,
    minutes: int = -10,
    investigation: int | None = 1,
    dismissed: bool = False,
    told: bool = True,
    target: str = "us-east",
) -> RisenTrend:
    opened_at = NINE if investigation else None
    at = NINE + timedelta(minutes=minutes)
    return RisenTrend(number, at, target, "tech", told, dismissed, investigation, opened_at)


def counted(cases: list[Case], rises: list[RisenTrend]) -> Noticed:
    return noticed(cases, rises, GROUPS)


@pytest.mark.parametrize(
    ("cases", "rises", "bot", "people"),
    [
        ([case()], [], Judged(), Judged(real=1)),
        ([case(dismissed=True)], [], Judged(), Judged(false=1)),
        ([case()], [rise()], Judged(real=1), Judged()),
        ([case()], [rise(), rise(2)], Judged(real=1), Judged()),
        ([case()], [rise(minutes=10)], Judged(), Judged(real=1)),
        ([case(dismissed=True)], [rise(dismissed=True)], Judged(false=1), Judged()),
        ([], [rise(investigation=None)], Judged(unsaid=1), Judged()),
        ([], [rise(investigation=None, dismissed=True)], Judged(false=1), Judged()),
        ([], [rise(investigation=None, told=False)], Judged(), Judged()),
        ([], [rise(investigation=None, minutes=-60 * 24 * 8)], Judged(), Judged()),
        ([case(), case(2)], [rise()], Judged(real=1), Judged(real=1)),
    ],
    ids=[
        "people",
        "people, and it was none",
        "the bot",
        "two rises of one investigation",
        "the bot later",
        "the bot, and it was none",
        "nobody has said",
        "dismissed",
        "not told of",
        "before the period",
        "one each",
    ],
)
def test_who_was_first(cases: list[Case], rises: list[RisenTrend], bot: Judged, people: Judged) -> None:
    made = counted(cases, rises)

    assert (made.bot, made.people) == (bot, people)
    assert sum(group.bot.all for group in made.groups) == bot.all
    assert sum(group.people.all for group in made.groups) == people.all


def test_how_much_later_the_bot_noticed_what_people_saw_first() -> None:
    cases = [case(number) for number in range(1, 6)]
    made = counted(cases, [rise(n, minutes=10 * n, investigation=n) for n in range(1, 4)])

    assert (made.later_min.cases, made.later_min.median, made.never) == (3, 20, 2)


def test_groups_are_of_what_it_is_about() -> None:
    made = counted([case()], [rise(2, investigation=None, target="app")])

    assert {group.words: (group.bot.all, group.people.all) for group in made.groups} == {
        "U.S. East": (0, 1),
        "app": (1, 0),
    }
