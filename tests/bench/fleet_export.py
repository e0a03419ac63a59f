"""A simulated fleet as an export of Zendesk's: rows with texts as customers write them, in no order."""

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

from bot.reading.reader import TicketReader
from bot.targets.model import Catalog, Target
from bot.tickets.stream_model import ReadTicket
from tests.bench.fleet import Fleet

# fmt: off
CITIES = (
    "Amsterdam Athens Atlanta Auckland Bangkok Belgrade Bogota Boston Brisbane Brussels Bucharest "
    "Budapest Cairo Chicago Copenhagen Dallas Denver Dubai Dublin Frankfurt Geneva Helsinki Houston "
    "Istanbul Jakarta Johannesburg Kyiv Lagos Lima Lisbon London Madrid Manila Melbourne Miami Milan "
    "Montreal Mumbai Oslo Osaka Paris Perth Prague Riga Santiago Seattle Seoul Sofia Stockholm Sydney "
    "Taipei Tallinn Tokyo Toronto Vienna Vilnius Warsaw Zagreb Zurich "
).split()
SAID = {
    "connect": ("can't connect to {}", "{} does not connect any more", "connection to {} fails every time"),
    "slow": ("{} is very slow", "so slow on {} today", "{}: everything loads slowly"),
    "drops": ("{} keeps dropping", "disconnects from {} every few minutes", "connection drops on {}"),
    "dns": ("names don't resolve on {}", "DNS fails on {}"),
    "login": ("can't log in when I use {}", "login fails on {}"),
    "payment": ("payment declined, I use {}", "my card was declined ({})"),
    "crash": ("app crashes with {}", "app closes when I choose {}"),
    "speed": ("speed on {} is 2 Mbit/s", "low speed on {}"),
    "streaming": ("Netflix does not work on {}", "streaming blocked on {}"),
    "leak": ("my real IP shows on {}", "IP leak on {}"),
    "": ("a problem with {}",),
}
MORE = (
    "It was fine until now.", "Please help.", "I restarted the router.", "I tried it again and again.",
    "Nothing helps.", "Since this morning.", "I pay for this.", "Any idea?",
    "Reinstalled the app already.", "I need it for work.",
)
SYSTEMS = ("iOS 26.1", "iOS 18.6", "Android 15", "Android 16", "Windows 11", "Windows 10", "macOS 15.3", "Linux", "")
SHARES = (20, 12, 14, 10, 20, 8, 8, 4, 20)
# fmt: on


def catalog(fleet: Fleet) -> Catalog:
    """Each target with a city's name."""
    return Catalog(tuple(Target(key, _city(number), "gateway") for number, key in enumerate(fleet.names)))


def reader_of(fleet: Fleet) -> TicketReader:
    return TicketReader(catalog=catalog(fleet))


def rows(fleet: Fleet, *, seed: int = 1, words: int = 5000) -> Iterator[dict[str, Any]]:
    """One row a ticket; rare words as people use them fall by Zipf's law."""
    chance = random.Random(seed)
    vocabulary = [_word(chance) for _ in range(words)]
    names = {key: _city(number) for number, key in enumerate(fleet.names)}
    for _, ticket in fleet.arrivals:
        yield _row(ticket, names, vocabulary, chance)


def lines(given: Iterable[dict[str, Any]], *, seed: int = 1) -> bytes:
    """In no order."""
    written = [json.dumps(row) for row in given]
    random.Random(seed).shuffle(written)
    return "\n".join(written).encode()


def _row(ticket: ReadTicket, names: dict[str, str], vocabulary: list[str], chance: random.Random) -> dict[str, Any]:
    city = names[ticket.affected[0]] if ticket.affected else "the app"
    said = chance.choice(SAID.get(ticket.symptom, SAID[""])).format(city)
    own = " ".join(vocabulary[int(len(vocabulary) ** chance.random()) - 1] for _ in range(chance.randint(3, 25)))
    system = ticket.versions[0] if ticket.versions else chance.choices(SYSTEMS, SHARES)[0]
    text = f"Hello, {said}. {chance.choice(MORE)} {own}. {system and f'I am on {system}.'}"
    at = ticket.created_at.isoformat().replace("+00:00", "Z")
    return {
        "id": ticket.id,
        "created_at": at,
        "updated_at": at,
        "requester_id": ticket.customer,
        "status": "open",
        "subject": said if chance.random() < 0.6 else "Problem",
        "description": text,
        "tags": [],
    }


def _city(number: int) -> str:
    return CITIES[number] if number < len(CITIES) else f"City{number}"


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 5)))
