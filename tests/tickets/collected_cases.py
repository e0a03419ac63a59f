"""Investigations, each with tickets of which a person said whether they belong to it, and how collection does on them.

All of it is restated from public threads and a support desk's usual mail in words of our own. `seen.txt` is there to
work with; `kept.txt` is for measuring only: whoever changes the collection looks at its figures, not at its tickets.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.reading.model import TicketText
from bot.targets.model import Catalog, Target
from bot.tickets.collection import Collected, ListPart
from bot.tickets.model import SearchResult, Ticket, TicketQuery
from bot.tickets.stream import StreamRow
from bot.tickets.stream_hash import StreamHash
from bot.tickets.stream_store import StreamStore
from tests.fake_desk import FakeDesk
from tests.world import World

FOLDER = Path(__file__).parent / "collected"
_WORD = re.compile(r"\w+")


def _gateway(key: str, title: str, *names: str) -> Target:
    return Target(key, title, "gateway", aliases=names, search=(*names, title.lower(), key))


CATALOG = Catalog(
    (
        _gateway("us-east", "U.S. East", "us east", "virginia", "new york"),
        _gateway("us-west", "U.S. West", "us west", "los angeles", "california"),
        _gateway("eu-central", "EU Central", "eu central", "frankfurt", "germany"),
        _gateway("ap-southeast", "AP Southeast", "ap southeast", "singapore", "sydney"),
        Target(
            "website",
            "Website",
            "website",
            aliases=("site", "homepage", "account pages"),
            search=("website", "web site", "page does not load", "log in", "login"),
        ),
        Target(
            "payments",
            "Payments",
            "payments",
            aliases=("payment", "billing", "checkout", "cards"),
            search=("payment", "charged twice", "card declined", "refund", "invoice"),
        ),
        Target(
            "app",
            "App",
            "app",
            aliases=("client", "desktop app", "mobile app", "android", "ios", "windows", "macos"),
            search=("app crashes", "app does not start", "after the update", "android", "iphone", "windows", "mac"),
        ),
    )
)
"""Named and searched as in the example of the settings."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket. `label` is "+" where it belongs, "~" where it may, "-" where it does not."""

    label: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    target: str
    symptom: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """From 0 to 1. `listed` is about what people are shown: how much of it belongs or may belong, and how much of what
    belongs is shown. `belongs` is about what is said to be the same trouble, without what may be.
    """

    listed_precision: float
    listed_recall: float
    belongs_precision: float
    belongs_recall: float

    def __str__(self) -> str:
        return (
            f"{self.listed_precision:.2f} / {self.listed_recall:.2f}, "
            f"{self.belongs_precision:.2f} / {self.belongs_recall:.2f}"
        )


def cases(half: str) -> list[Case]:
    """Of `seen` or of `kept`."""
    found: list[tuple[str, str, list[Candidate]]] = []
    for line in (FOLDER / f"{half}.txt").read_text("utf-8").splitlines():
        label, _, rest = line.partition(" ")
        if label == "==":
            target, _, symptom = rest.partition(":")
            found.append((target, symptom.strip(), []))
        elif label:
            subject, _, text = rest.partition(" | ")
            found[-1][2].append(Candidate(label, subject, text))
    return [Case(target, symptom, tuple(candidates)) for target, symptom, candidates in found]


@dataclass
class SearchingDesk(FakeDesk):
    """Finds tickets as Zendesk does: any of the phrases, word by word, and each of the words beside."""

    everything: list[Ticket] = field(default_factory=list)

    async def search(self, query: TicketQuery, *, limit: int) -> SearchResult:
        self.found = [ticket for ticket in self.everything if _matches(query, ticket)]
        self.total = len(self.found)
        return SearchResult(tuple(self.found[:limit]), len(self.found))

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        return [ticket for ticket in self.everything if ticket.id in ids]


def _matches(query: TicketQuery, ticket: Ticket) -> bool:
    words = f" {' '.join(_words(f'{ticket.subject} {ticket.text}'))} "
    phrases = (f" {' '.join(_words(phrase))} " for phrase in query.phrases)
    return any(phrase in words for phrase in phrases) and all(f" {word} " in words for word in query.also)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


async def collected(case: Case, *, streams: bool = False) -> Collected:
    """What an investigation has after its first search; `streams` is whether the desk's stream told of each ticket."""
    world = World(catalog=CATALOG, desk=SearchingDesk())
    desk, now = world.desk, world.clock()
    assert isinstance(desk, SearchingDesk)
    for number, candidate in enumerate(case.candidates, 1):
        at = now - timedelta(minutes=number)
        url = f"https://desk.test/agent/tickets/{number}"
        desk.everything.append(
            Ticket(number, candidate.subject, "open", at, at, url, text=candidate.text, requester_id=number)
        )
    if streams:
        _stream(world, desk.everything)
    await world.opened(CATALOG[case.target], symptom=case.symptom)
    await world.desk_settled()
    got = world.tickets.of(1)
    assert got
    return got


def _stream(world: World, tickets: Iterable[Ticket]) -> None:
    hashes, read = StreamHash(b"k" * 32), world.rooms.reader.read
    store = StreamStore(database=world.database)
    for each in tickets:
        reading = read(TicketText(each.subject, each.text))
        row = StreamRow(each.id, each.created_at, each.updated_at, each.status, each.requester_id, None, reading)
        store.put([hashes.ticket(row)])


async def measured(chosen: Sequence[Case], *, streams: bool = False) -> Shares:
    listed, belonging, labels = list[str](), list[str](), list[str]()
    for case in chosen:
        got = await collected(case, streams=streams)
        labels += [candidate.label for candidate in case.candidates]
        listed += _labels(case, (ticket.ticket_id for ticket in got.suggested))
        same = (ticket.ticket_id for ticket in got.suggested if _same(case, ticket.listed_as))
        belonging += _labels(case, same)
    everything = labels.count("+")
    return Shares(
        _share(len(listed) - listed.count("-"), len(listed)),
        _share(listed.count("+"), everything),
        _share(belonging.count("+"), len(belonging)),
        _share(belonging.count("+"), everything),
    )


def _labels(case: Case, numbers: Iterable[int]) -> list[str]:
    return [case.candidates[number - 1].label for number in numbers]


def _same(case: Case, part: ListPart) -> bool:
    """Where no symptom is told, whatever is listed is said to be the trouble."""
    return part is not ListPart.AREA or not case.symptom


def _share(some: int, of: int) -> float:
    return some / of if of else 1.0
