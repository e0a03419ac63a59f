"""Where the customers are: the desk's own field, its tags, or the words of a ticket."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.collection import LinkedTicket, LinkState
from bot.tickets.places import KNOWN_PLACES, NOWHERE, PER_TICKET, PlaceFields, PlaceFinder, reporting
from bot.tickets.zendesk.wire import ticket_from
from tests.tickets.zendesk.desk_server import ticket_row

OWN = ("U.S. East", "us east", "Virginia", "New York", "Frankfurt", "EU Central", "germany")
FINDER = PlaceFinder(own_names=OWN)
FIELDS = PlaceFinder(fields=PlaceFields(360, "city_"), own_names=OWN)


def in_text(text: str, finder: PlaceFinder = FINDER) -> tuple[str, ...]:
    return finder.places_of(custom={}, tags=(), text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US East drops every minute in Brisbane", ("Brisbane",)),
        ("brisbane: no connection, PERTH neither", ("Brisbane", "Perth")),
        ("I am in Perth's suburbs", ("Perth",)),
        ("Verbindung aus München und Wien", ("Munich", "Vienna")),
        ("sao  paulo, São Paulo", ("São Paulo",)),
        ("U.S. East, Virginia and the New York server", ()),
        ("Frankfurt server slow, speed in germany bad", ()),
        ("frankfurt server slow from Berlin", ("Berlin",)),
        ("Berliner Perthshire parisian", ()),
        ("us east down", ()),
        ("", ()),
    ],
)
def test_words_of_a_ticket(text: str, expected: tuple[str, ...]) -> None:
    """Whole words in any spelling; names of gateways are no customer's place."""
    assert in_text(text) == expected


def test_configured_places_are_the_only_ones() -> None:
    """The list of the settings takes the place of the built-in one."""
    finder = PlaceFinder(places=("Cairns", "Berlin"))

    assert in_text("Cairns, Brisbane and Berlin", finder) == ("Cairns", "Berlin")
    assert in_text("Brisbane", NOWHERE) == ()


@pytest.mark.parametrize(
    ("custom", "tags", "expected"),
    [
        ({360: "Frankfurt"}, ("city_perth",), ("Frankfurt",)),
        ({360: "brisbane, Australia"}, (), ("Brisbane",)),
        ({360: "new_york"}, (), ("New York",)),
        ({361: "Perth"}, ("city_new_york", "vip"), ("New York",)),
        ({}, ("city_toowoomba",), ("Toowoomba",)),
        ({360: ""}, (), ("Berlin",)),
        ({360: "12 High Street"}, (), ("Berlin",)),
        ({360: "<!channel>"}, ("city_`rm`",), ("Berlin",)),
    ],
)
def test_desk_s_own_word_comes_first(custom: dict[int, str], tags: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Field, then tags, then words; what is no place there is passed over."""
    assert FIELDS.places_of(custom=custom, tags=tags, text="slow in Berlin") == expected


def test_ticket_of_the_desk_carries_its_places() -> None:
    """From subject and description, or the custom field of the answer."""
    row = ticket_row(7) | {"subject": "us east slow", "description": "I live in Brisbane", "tags": []}
    field = {"custom_fields": [{"id": 360, "value": "Perth"}, {"id": 1, "value": True}, "odd"]}

    assert ticket_from(row, agent_url="", places=FINDER).places == ("Brisbane",)
    assert ticket_from(row | field, agent_url="", places=FIELDS).places == ("Perth",)
    assert ticket_from(row, agent_url="").places == ()


@given(st.text(max_size=200), st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_has_only_places(text: str, value: str, tags: list[str]) -> None:
    """Whatever a customer writes, what comes out can stand in a request and in a message."""
    places = FIELDS.places_of(custom={360: value}, tags=[*tags, f"city_{value}"], text=text)

    assert len(places) <= PER_TICKET
    for place in places:
        assert place in KNOWN_PLACES or not set(place) & set("<>@`*|\n0123456789")


def linked(number: int, *places: str, state: LinkState = LinkState.SUGGESTED) -> LinkedTicket:
    return LinkedTicket(number, state, "", "new", "", datetime(2026, 11, 20, tzinfo=UTC), places=places)


def test_most_frequent_come_first_and_ties_by_the_oldest_ticket() -> None:
    """However the list is ordered, so that a search more changes nothing."""
    tickets = [linked(9, "Perth"), linked(3, "Berlin"), linked(5, "Brisbane"), linked(6, "brisbane"), linked(7, "Oslo")]

    assert reporting(tickets, at_most=3) == ("Brisbane", "Berlin", "Oslo")
    assert reporting(tickets[::-1], at_most=3) == ("Brisbane", "Berlin", "Oslo")


def test_confirmed_before_suggested_and_never_rejected() -> None:
    """One that a person confirmed counts more than many that nobody looked at."""
    suggested = [linked(number, "Brisbane") for number in range(10, 20)]
    confirmed, rejected = linked(30, "Perth", state=LinkState.CONFIRMED), linked(1, "Oslo", state=LinkState.REJECTED)

    assert reporting([*suggested, confirmed, rejected], at_most=3) == ("Perth", "Brisbane")
    assert reporting([replace(confirmed, places=())], at_most=3) == ()
