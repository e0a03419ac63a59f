"""Where the customers are who wrote tickets: what the desk knows of it, else the place words of the ticket. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.tickets.collection import LinkedTicket, LinkState

PER_TICKET = 3
TEXT_MAX = 4_000
"""Characters of a ticket that are read; a mail's history below names anything."""

# Letters of any script, and what stands in names of places; no digits, which are house numbers and postcodes.
_PLACE = re.compile(r"[^\W\d_][^\W\d_ .'’()-]*(?:[ .'’()-]+[^\W\d_]+)*\)?")

# fmt: off
KNOWN_PLACES = (
    "Amsterdam", "Ankara", "Athens", "Atlanta", "Auckland", "Bangalore", "Bangkok", "Barcelona", "Beijing", "Berlin",
    "Bogotá", "Boston", "Brisbane", "Brussels", "Bucharest", "Budapest", "Buenos Aires", "Cairo", "Calgary",
    "Cape Town", "Chennai", "Chicago", "Cologne", "Copenhagen", "Dallas", "Delhi", "Denver", "Dubai", "Dublin",
    "Edinburgh", "Frankfurt", "Geneva", "Hamburg", "Hanoi", "Helsinki", "Hong Kong", "Houston", "Istanbul",
    "Jakarta", "Johannesburg", "Karachi", "Kuala Lumpur", "Kyiv", "Lagos", "Lima", "Lisbon", "London", "Los Angeles",
    "Lyon", "Madrid", "Manchester", "Manila", "Marseille", "Melbourne", "Mexico City", "Miami", "Milan", "Montreal",
    "Mumbai", "Munich", "Nairobi", "New York", "Osaka", "Oslo", "Paris", "Perth", "Philadelphia", "Prague",
    "Rio de Janeiro", "Riyadh", "Rome", "San Francisco", "São Paulo", "Seattle", "Seoul", "Shanghai", "Singapore",
    "Sofia", "Stockholm", "Stuttgart", "Sydney", "Taipei", "Tel Aviv", "Tokyo", "Toronto", "Vancouver", "Vienna",
    "Vilnius", "Warsaw", "Wellington", "Zagreb", "Zurich",
    "Argentina", "Australia", "Austria", "Belgium", "Brazil", "Bulgaria", "Canada", "Chile", "Colombia", "Croatia",
    "Denmark", "Egypt", "Finland", "France", "Germany", "Greece", "Hungary", "India", "Indonesia", "Ireland",
    "Israel", "Italy", "Japan", "Kenya", "Malaysia", "Mexico", "Netherlands", "New Zealand", "Nigeria", "Norway",
    "Pakistan", "Philippines", "Poland", "Portugal", "Romania", "Saudi Arabia", "Serbia", "South Africa",
    "South Korea", "Spain", "Sweden", "Switzerland", "Taiwan", "Thailand", "Ukraine", "United Kingdom", "Vietnam",
)
"""Larger cities and countries, without names that are ordinary words or people's (Nice, Reading, Jordan, Turkey)."""
_OTHER_SPELLINGS = {
    "bogota": "Bogotá", "bengaluru": "Bangalore", "köln": "Cologne", "kopenhagen": "Copenhagen", "kiev": "Kyiv",
    "lisboa": "Lisbon", "lissabon": "Lisbon", "milano": "Milan", "mailand": "Milan", "münchen": "Munich",
    "muenchen": "Munich", "prag": "Prague", "roma": "Rome", "rom": "Rome", "sao paulo": "São Paulo",
    "warschau": "Warsaw", "wien": "Vienna", "zürich": "Zurich", "zuerich": "Zurich", "australien": "Australia",
    "brasil": "Brazil", "deutschland": "Germany", "england": "United Kingdom", "great britain": "United Kingdom",
    "frankreich": "France", "italien": "Italy", "italia": "Italy", "holland": "Netherlands", "österreich": "Austria",
    "polen": "Poland", "españa": "Spain", "spanien": "Spain", "schweiz": "Switzerland", "suisse": "Switzerland",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """Where the desk has the customer's place: a custom field's id, and what the tags begin with that name one."""

    field_id: int = 0
    tag_prefix: str = ""


@dataclass(frozen=True)
class PlaceFinder:
    """Reads the places of one ticket. `own_names` are names of targets, which are no customer's place in a text."""

    fields: PlaceFields = field(default_factory=PlaceFields)
    places: tuple[str, ...] = KNOWN_PLACES
    own_names: tuple[str, ...] = ()

    def places_of(self, *, custom: Mapping[int, str], tags: Sequence[str], text: str) -> tuple[str, ...]:
        """What the desk's own field says, else its tags, else the words of the ticket; each place once."""
        said = [self._said(custom.get(self.fields.field_id, ""))] if self.fields.field_id else []
        prefix = self.fields.tag_prefix
        tagged = [self._said(tag.removeprefix(prefix)) for tag in tags if prefix and tag.startswith(prefix)]
        places = next((places for source in (said, tagged) if (places := [place for place in source if place])), None)
        return tuple(dict.fromkeys(places if places is not None else self._in(text)))[:PER_TICKET]

    def _said(self, value: str) -> str:
        """The place that a field's value or a tag means: "city_new_york" is "New York"; "" for anything else."""
        words = " ".join(value.replace("_", " ").split(",")[0].split())
        known = self._known.get(words.casefold())
        if known:
            return known
        good = len(words) <= 40 and _PLACE.fullmatch(words)
        return (words.title() if words == words.lower() else words) if good else ""

    def _in(self, text: str) -> Iterable[str]:
        plain = text[:TEXT_MAX]
        without = self._own.sub(" | ", plain) if self._own else plain
        return (self._known[" ".join(hit.casefold().split())] for hit in self._words.findall(without))

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """The name of a place by each of its spellings."""
        names = {place.casefold(): place for place in self.places}
        others = {other: place for other, place in _OTHER_SPELLINGS.items() if place in self.places}
        return others | names

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return _any_of(self._known)

    @cached_property
    def _own(self) -> re.Pattern[str] | None:
        return _any_of(self.own_names) if self.own_names else None


NOWHERE = PlaceFinder(places=())
"""Finds no place."""


def reporting(tickets: Sequence[LinkedTicket], *, at_most: int) -> tuple[str, ...]:
    """The places of the customers, the most frequent first; what people confirmed counts before what is suggested.

    Places with as many tickets stand in the order of their oldest ticket.
    """
    counts: dict[LinkState, Counter[str]] = {state: Counter() for state in LinkState}
    oldest: dict[str, int] = {}
    names: dict[str, str] = {}
    for ticket in sorted(tickets, key=lambda ticket: ticket.ticket_id):
        if ticket.state is LinkState.REJECTED:
            continue
        for place in ticket.places:
            key = place.casefold()
            counts[ticket.state][key] += 1
            oldest.setdefault(key, ticket.ticket_id)
            names.setdefault(key, place)
    confirmed, suggested = counts[LinkState.CONFIRMED], counts[LinkState.SUGGESTED]
    ranked = sorted(names, key=lambda key: (-confirmed[key], -suggested[key], oldest[key], key))
    return tuple(names[key] for key in ranked[:at_most])


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the names as whole words, the longest first; nothing where there are none.

    They are grouped by their first letter, or each place of a text would be compared with every name.
    """
    spelled = sorted({name for name in names if name.strip()}, key=lambda name: (-len(name), name))
    by_letter: dict[str, list[str]] = {}
    for name in (" ".join(name.split()) for name in spelled):
        by_letter.setdefault(name[0].lower(), []).append(r"\s+".join(map(re.escape, name[1:].split(" "))))
    inner = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_letter.items())
    return re.compile(rf"(?<!\w)(?:{inner})(?!\w)" if inner else r"(?!)", re.IGNORECASE)
