"""How people name targets."""

import pytest

from bot.targets.model import Catalog, Target

EAST = Target("us-east", "U.S. East", "gateway", aliases=("東京", "new york"), addresses=("10.1.2.3", "2001:DB8::1"))
WEB = Target("website", "Website", "website", aliases=("site",), hosts=("www.example.com",))
CATALOG = Catalog((EAST, WEB))


@pytest.mark.parametrize(
    "name",
    ["us-east", "US East", "useast", "U.S. East:", "東京", "New  York", "10.1.2.3", "[2001:db8:0::1]", "ＵＳ ＥＡＳＴ"],
)
def test_names_of_a_target(name: str) -> None:
    """Spaces, capitals, punctuation and width don't matter, addresses have one form."""
    assert CATALOG.find(name) is EAST


@pytest.mark.parametrize("name", ["", "…", "大阪", "us", "east", "10.1.2.4"])
def test_names_of_nobody(name: str) -> None:
    """Neither a part of a name, nor letters of another script."""
    assert CATALOG.find(name) is None


def test_most_words_count() -> None:
    """What is left is what people see."""
    assert CATALOG.longest_prefix(["US", "East", "2", "packet", "loss"]) == (EAST, ["2", "packet", "loss"])
    assert CATALOG.longest_prefix(["www.example.com", "slow"]) == (WEB, ["slow"])
    assert CATALOG.longest_prefix(["nothing", "known"]) == (None, ["nothing", "known"])


def test_nearest_names_are_offered() -> None:
    """Each target once."""
    assert CATALOG.nearest("us-eest") == [EAST]


WEST = Target("us-west", "U.S. West", "gateway")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("us-eats", "us-east"),
        ("us wst", "us-west"),
        ("webste", "website"),
        ("us-est", None),
        ("us-eest", None),
        ("us-", None),
        ("xyzzy", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_the_one_that_is_meant(name: str, meant: str | None) -> None:
    """Of two that are equally near none is: whoever is in a hurry would take what is chosen already."""
    target = Catalog((EAST, WEST, WEB)).likeliest(name)

    assert (target.key if target else None) == meant
