"""Label matchers, and which part of a reading concerns a target."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.status.matching import Concern, Matcher, NoMatcher, parse_matcher
from bot.status.model import Component, Incident, Level, Reading
from tests.fake_status import alert
from tests.hostile import NOW
from tests.hostile_shapes import SHAPES
from tests.stalls import busy_s

matchers = st.builds(
    Matcher,
    label=st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,10}", fullmatch=True),
    operator=st.sampled_from(["=", "!="]),
    value=st.text(max_size=20),
)


@given(matchers)
def test_reading_is_the_inverse_of_writing(matcher: Matcher) -> None:
    """What goes to Alertmanager as a filter is what the configuration means."""
    assert parse_matcher(str(matcher)) == matcher


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("region=us-east", {"region": "us-east"}, True),
        ('region = "us-east"', {"region": "us-east"}, True),
        ("region=us", {"region": "us-east"}, False),
        ("region=~us", {"region": "us-east"}, False),
        ('region=~"us-(east|west)"', {"region": "us-west"}, True),
        ("region!=us-east", {}, True),
        ("region!~us-.*", {"region": "us-east"}, False),
        ('region=""', {}, True),
    ],
)
def test_matchers_are_alertmanager_s(text: str, labels: dict[str, str], expected: bool) -> None:
    """Whole values, and a label that is missing is empty."""
    assert parse_matcher(text).matches(labels) is expected


@pytest.mark.parametrize("text", ["", "region", "=x", "1a=x", "a=~(", 'a="x', "a b=c", 'a=x"y'])
def test_what_is_no_matcher_is_refused(text: str) -> None:
    """At the start, not when an alert fires."""
    with pytest.raises(NoMatcher):
        parse_matcher(text)


ENDLESS = ["(a+)+", "(a|b)*", "(a|a)+b", "((a)+b)*", "(a{1,9}){1,9}", ".*.*.*.*x", "(a*)*b"]
USUAL = [
    "us-(east|west).*",
    "page|critical",
    "(gw-.*)?east",
    r"\(a+\)+",
    "[a+]+b",
    "(?:x[*)]+)y",
    ".*gw.*east.*",
    "a{b}",
]


@pytest.mark.parametrize("expression", ENDLESS)
def test_expressions_that_a_label_could_keep_busy_are_refused(expression: str) -> None:
    """Labels come from whoever raises alerts."""
    with pytest.raises(NoMatcher):
        parse_matcher(f"alertname=~{expression}")


@pytest.mark.parametrize("expression", USUAL)
def test_expressions_as_people_write_them_take_no_time(expression: str) -> None:
    """Whatever the label's value."""
    matcher = parse_matcher(f"alertname=~{expression}")
    for words in SHAPES.values():
        assert busy_s(partial(matcher.matches, {"alertname": words})) <= 0.05


@given(st.text(max_size=30))
def test_any_text_is_a_matcher_or_refused(text: str) -> None:
    """Never another error."""
    try:
        matcher = parse_matcher(text)
    except NoMatcher:
        return
    assert isinstance(matcher.matches({}), bool)


def test_all_matchers_must_match() -> None:
    """As in Alertmanager itself; no matchers are no alerts."""
    east, west = alert("Loss", NOW), alert("Loss", NOW, region="us-west")
    reading = Reading(alerts=(east, west, alert("Slow", NOW)))
    both = tuple(map(parse_matcher, ("region=us-east", "alertname=Loss")))

    assert Concern(matchers=both).of(reading).alerts == (east,)
    assert Concern().of(reading).alerts == ()


def test_components_are_named_by_name_id_or_group() -> None:
    """With the incidents that are about them, by id or name."""
    east = Component("c1", "US East", Level.OPERATIONAL, group="Gateways")
    west = Component("c2", "US West", Level.OPERATIONAL, group="Gateways")
    about = Incident("i1", "Loss", "investigating", Level.DEGRADED, components=("c1",))
    other = Incident("i2", "Cards", "investigating", Level.DEGRADED, components=("Payments",))
    reading = Reading(components=(east, west), incidents=(about, other))

    assert Concern(names=("us  EAST",)).of(reading) == Reading(components=(east,), incidents=(about,))
    assert Concern(names=("c2",)).of(reading).components == (west,)
    assert Concern(names=("gateways",)).of(reading).components == (east, west)
    assert Concern(names=("US East", "EU")).missing(reading) == ("EU",)
