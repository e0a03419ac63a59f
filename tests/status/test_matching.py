"""Label matchers, and which part of a reading concerns a target."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.status.matching import Concern, LabelMatcher, NoMatcher, parse_matcher
from bot.status.model import Component, Incident, Level, SourceReading
from tests.fake_status import alert
from tests.hostile import NOW
from tests.hostile_shapes import SHAPES
from tests.stalls import busy_s

matchers = st.builds(
    LabelMatcher,
    label=st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,10}", fullmatch=True) | st.text(min_size=1, max_size=10),
    operator=st.sampled_from(["=", "!="]),
    value=st.text(max_size=20),
)


@given(matchers)
def test_reading_is_the_inverse_of_writing(matcher: LabelMatcher) -> None:
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
        ("service.name=vpn", {"service.name": "vpn"}, True),
        ('"service.name"=~"vpn|web"', {"service.name": "web"}, True),
        ('"gateway region"!=us', {"gateway region": "us"}, False),
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
    reading = SourceReading(alerts=(east, west, alert("Slow", NOW)))
    both = tuple(map(parse_matcher, ("region=us-east", "alertname=Loss")))

    assert Concern(matchers=both).of(reading).alerts == (east,)
    assert Concern().of(reading).alerts == ()


def test_components_are_named_by_name_id_or_group() -> None:
    """With the incidents that are about them, by id or name."""
    east = Component("c1", "US East", Level.OPERATIONAL, group="Gateways")
    west = Component("c2", "US West", Level.OPERATIONAL, group="Gateways")
    about = Incident("i1", "Loss", "investigating", Level.DEGRADED, components=("c1",))
    other = Incident("i2", "Cards", "investigating", Level.DEGRADED, components=("Payments",))
    reading = SourceReading(components=(east, west), incidents=(about, other))

    assert Concern(names=("us  EAST",)).of(reading) == SourceReading(components=(east,), incidents=(about,))
    assert Concern(names=("c2",)).of(reading).components == (west,)
    assert Concern(names=("gateways",)).of(reading).components == (east, west)
    assert Concern(names=("US East", "EU")).missing(reading) == ("EU",)


API_EU = Component("eu1", "API", Level.MAJOR_OUTAGE, group="EU", group_id="g-eu")
API_US = Component("us1", "API", Level.OPERATIONAL, group="US", group_id="g-us")
LOGIN_US = Component("us2", "Login", Level.OPERATIONAL, group="US", group_id="g-us")


def about(*keys: str) -> Incident:
    return Incident("i1", "Errors", "investigating", Level.DEGRADED, components=keys)


def concerned(name: str, incident: Incident) -> tuple[Component, ...]:
    """The components that a configured name means, if the incident is about one of them."""
    found = Concern(names=(name,)).of(SourceReading(components=(API_EU, API_US, LOGIN_US), incidents=(incident,)))
    return found.components if found.incidents else ()


@pytest.mark.parametrize(
    ("name", "keys", "expected"),
    [
        ("us1", ("eu1", "API"), ()),
        ("US", ("eu1", "API"), ()),
        ("eu1", ("eu1", "API"), (API_EU,)),
        ("US / API", ("eu1", "API"), ()),
        ("us/api", ("us1", "API"), (API_US,)),
        ("US - API", ("us1", "API"), (API_US,)),
        ("g-us", ("us2", "Login"), (API_US, LOGIN_US)),
        ("us1", ("g-us", "US"), (API_US,)),
        ("eu1", ("g-us", "US"), ()),
        ("us1", ("API",), (API_US,)),
        ("us2", ("eu1", "API", "Login"), (LOGIN_US,)),
        ("us1", ("US - API",), (API_US,)),
        ("eu1", ("US - API",), ()),
    ],
)
def test_ids_decide_before_names(name: str, keys: tuple[str, ...], expected: tuple[Component, ...]) -> None:
    """Another region's "API" is not ours; a name counts only where the page has no id for it."""
    assert concerned(name, about(*keys)) == expected


def test_a_name_of_several_groups_is_told_by_check() -> None:
    """With each as it can be told apart; an id, or a group's own name, is one thing."""
    reading = SourceReading(components=(API_EU, API_US, LOGIN_US))

    assert Concern(names=("API", "us1", "US", "Login")).ambiguous(reading) == {"API": ("EU / API", "US / API")}
    assert Concern(names=("US / API", "g-eu")).missing(reading) == ()
