"""A believable desk: four days of tickets of a VPN company, and a rise about U.S. East since 40 minutes."""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bot.sandbox.zendesk.seed import AGENTS, Seed, SeedReply, SeedTicket

DAYS_BACK = 4
RISE_MINUTES = 40
RISE_TICKETS = 31
_AGENT_IDS = [agent.id for agent in AGENTS[1:]]
_HOSTILE = (
    ("<!channel> URGENT <@U0KIM> *bold* ```code``` ", "US East is down!!! <!here> <https://example.net|click> & `rm`"),
    ("US East " + "A" * 247, ("us-east does not connect. " * 200)[:5_000]),
    (
        "US East \u202egnitcennocer speek\u202c \u200f!!!",
        "us east \u2067\u202ekcab ot tnorf\u202c\u2069 since 10 minutes",
    ),
)


def morning(number: int = 7, *, rise_so_far: int = RISE_TICKETS, index_lag_s: float = 60.0) -> Seed:
    """The seed of the sandbox; the same `number` gives the same tickets at the same distance from now.

    With a smaller `rise_so_far` now is an earlier moment of the morning: only that many tickets of the rise
    have been written, the last of them just now.
    """
    return Seed(tickets=tuple(_Writer(number).tickets(rise_so_far)), index_lag_s=index_lag_s)


def coming(number: int = 7, *, rise_so_far: int = RISE_TICKETS, most: int = 120) -> Iterator[tuple[float, SeedTicket]]:
    """What customers write after the seed: seconds to wait, then a ticket; at most `most` of them.

    The rest of the rise, then as dense as at its end; every fourth is about something else.
    """
    writer = _Writer(number + 1)
    for count in range(most):
        position = min(rise_so_far + count, RISE_TICKETS - 1)
        gap_s = 60 * (rise_minutes_ago(position - 1) - rise_minutes_ago(position))
        yield gap_s, writer.usual(0.0) if count % 4 == 3 else writer.region("us-east", 0.0)


def more(about: str, count: int, number: int) -> list[SeedTicket]:
    """So many tickets about a region, of the last ten minutes; another `number` gives others."""
    writer = _Writer(number)
    return [writer.region(about, 10.0 * (count - position) / count) for position in range(count)]


def rise_minutes_ago(position: int) -> float:
    """When a ticket of the rise was written, in minutes before its end: its density grows all the time."""
    return RISE_MINUTES * (1 - math.sqrt((max(position, 0) + 0.5) / RISE_TICKETS))


@dataclass(frozen=True, slots=True)
class _Texts:
    topics: list[dict[str, Any]]
    regions: dict[str, list[list[str]]]
    names: list[str]
    words: dict[str, list[str]]


def _texts() -> _Texts:
    folder = resources.files("bot.sandbox.zendesk") / "data"
    people = json.loads((folder / "people.json").read_text("utf-8"))
    topics = json.loads((folder / "topics.json").read_text("utf-8"))
    regions = json.loads((folder / "regions.json").read_text("utf-8"))
    return _Texts(topics, regions, people["names"], people["words"])


class _Writer:
    """Writes tickets from the text files with one random generator."""

    def __init__(self, number: int) -> None:
        # Not for secrets: the same number must give the same desk.
        self._random = random.Random(number)
        self._texts = _texts()
        self._decks: dict[str, list[list[str]]] = {}

    def tickets(self, rise_so_far: int) -> Iterator[SeedTicket]:
        """All tickets; times in minutes before now."""
        for minutes in self._spread(250, DAYS_BACK * 24 * 60):
            yield self.usual(minutes)
        for minutes in range(205, DAYS_BACK * 24 * 60, 330):
            yield self.region("us-east-usual", minutes + self._random.uniform(0, 90))
        for minutes in self._spread(14, 110):
            yield self.region("eu-central", 26 * 60 + minutes)
        yield from self._rise(rise_so_far)

    def _rise(self, count: int) -> Iterator[SeedTicket]:
        hostile = dict(zip((2, 5, 18), _HOSTILE, strict=True))
        end = 0.0 if count >= RISE_TICKETS else rise_minutes_ago(count - 1)
        for position in range(count):
            minutes = rise_minutes_ago(position) - end
            if position in hostile:
                subject, description = hostile[position]
                yield self._ticket(subject, description, minutes, tags=("connection",))
            else:
                yield self.region("us-east", minutes)

    def _spread(self, count: int, minutes: float) -> list[float]:
        return sorted(self._random.uniform(2, minutes) for _ in range(count))

    def usual(self, minutes: float) -> SeedTicket:
        topic = self._random.choices(self._texts.topics, [one["weight"] for one in self._texts.topics])[0]
        subject, body = self._random.choice(topic["tickets"])
        priority = self._random.choice(topic["priorities"])
        locale = topic.get("locale", "en-US")
        subject, body = self._filled([subject, body], topic.get("words", {}))
        return self._ticket(subject, body, minutes, tags=tuple(topic["tags"]), priority=priority, locale=locale)

    def region(self, name: str, minutes: float) -> SeedTicket:
        subject, body, *locale = self._drawn(name)
        subject, body = self._filled([subject, body], {})
        priority = self._random.choice((None, "normal", "normal", "high", "urgent"))
        spoken = locale[0] if locale else "en-US"
        return self._ticket(subject, body, minutes, tags=("connection",), priority=priority, locale=spoken)

    def _drawn(self, name: str) -> list[str]:
        """A text about a region; none comes again before all have been used."""
        deck = self._decks.get(name)
        if not deck:
            deck = self._decks[name] = list(self._texts.regions[name])
            self._random.shuffle(deck)
        return deck.pop()

    def _ticket(
        self,
        subject: str,
        body: str,
        minutes: float,
        *,
        tags: tuple[str, ...],
        priority: str | None = None,
        locale: str = "en-US",
    ) -> SeedTicket:
        name = self._random.choice(self._texts.names)
        host = self._random.choice(("example.com", "example.net"))
        status = self._status(minutes)
        assignee_id = None if status == "new" else self._random.choice(_AGENT_IDS)
        changed = 0.0 if minutes < 1 else self._random.uniform(0.1, 0.9) * minutes
        return SeedTicket(
            subject=subject,
            description=body,
            minutes_ago=minutes,
            name=name,
            email=f"{name.lower()}{self._random.randint(1, 99)}@{host}",
            status=status,
            priority=priority,
            tags=tags,
            channel=self._random.choice(("web", "email", "email", "chat")),
            locale=locale,
            assignee_id=assignee_id,
            updated_minutes_ago=changed if status != "new" else minutes,
            replies=self._replies(status, changed),
        )

    def _status(self, minutes: float) -> str:
        """Most tickets are new for an hour; after two days most are solved."""
        if minutes < 60:
            return self._random.choices(("new", "open"), (4, 1))[0]
        if minutes < 24 * 60:
            return self._random.choices(("new", "open", "pending", "hold", "solved"), (2, 4, 3, 1, 3))[0]
        return self._random.choices(("open", "pending", "hold", "solved", "closed"), (1, 2, 1, 8, 3))[0]

    def _replies(self, status: str, minutes: float) -> tuple[SeedReply, ...]:
        if status == "new":
            return ()
        answer = SeedReply("Thank you for writing. We are looking into it and will come back to you.", minutes)
        if status == "hold":
            return (answer, SeedReply("Waiting for Tier 2.", minutes, public=False))
        return (answer,)

    def _filled(self, texts: list[str], own: dict[str, list[str]]) -> list[str]:
        """Subject and body are about the same device, plan and city; a topic may have words of its `own`."""
        chosen = {word: self._random.choice(choices) for word, choices in (self._texts.words | own).items()}
        for word, choice in chosen.items():
            texts = [text.replace("{" + word + "}", choice) for text in texts]
        return texts
