"""Writes customers' tickets from the text files."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bot.sandbox.zendesk.seed import AGENTS, SeedReply, SeedTicket

_AGENT_IDS = [agent.id for agent in AGENTS[1:]]


@dataclass(frozen=True, slots=True)
class _About:
    """What is written about one thing: rows of subject, body and perhaps a locale."""

    tags: tuple[str, ...]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Texts:
    topics: list[dict[str, Any]]
    weights: list[int]
    abouts: Mapping[str, _About]
    names: list[str]
    words: dict[str, list[str]]


@cache
def _texts() -> _Texts:
    folder = resources.files("bot.sandbox.zendesk") / "data"
    people, topics, regions, history = (
        json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("people", "topics", "regions", "history")
    )
    abouts = {name: _About(("connection",), rows) for name, rows in regions.items()}
    abouts |= {name: _About(tuple(each["tags"]), each["tickets"]) for name, each in history.items()}
    return _Texts(topics, [one["weight"] for one in topics], abouts, people["names"], people["words"])


class Writer:
    """Writes tickets from the text files with one random generator."""

    def __init__(self, number: int) -> None:
        # Not for secrets: the same number must give the same desk.
        self.random = random.Random(number)
        self._texts = _texts()
        self._decks: dict[str, list[list[str]]] = {}

    def spread(self, count: int, minutes: float) -> list[float]:
        return sorted(self.random.uniform(2, minutes) for _ in range(count))

    def usual(self, minutes: float) -> SeedTicket:
        topic = self.random.choices(self._texts.topics, self._texts.weights)[0]
        subject, body = self.random.choice(topic["tickets"])
        priority = self.random.choice(topic["priorities"])
        locale = topic.get("locale", "en-US")
        subject, body = self._filled([subject, body], topic.get("words", {}))
        return self.ticket(subject, body, minutes, tags=tuple(topic["tags"]), priority=priority, locale=locale)

    def about(self, name: str, minutes: float) -> SeedTicket:
        subject, body, *locale = self._drawn(name)
        subject, body = self._filled([subject, body], {})
        priority = self.random.choice((None, "normal", "normal", "high", "urgent"))
        spoken = locale[0] if locale else "en-US"
        return self.ticket(subject, body, minutes, tags=self._texts.abouts[name].tags, priority=priority, locale=spoken)

    def _drawn(self, name: str) -> list[str]:
        """A text about a region or another thing; none comes again before all have been used."""
        deck = self._decks.get(name)
        if not deck:
            deck = self._decks[name] = list(self._texts.abouts[name].rows)
            self.random.shuffle(deck)
        return deck.pop()

    def ticket(
        self,
        subject: str,
        body: str,
        minutes: float,
        *,
        tags: tuple[str, ...],
        priority: str | None = None,
        locale: str = "en-US",
    ) -> SeedTicket:
        name, email = self.somebody()
        status = self._status(minutes)
        assignee_id = None if status == "new" else self.random.choice(_AGENT_IDS)
        changed = 0.0 if minutes < 1 else self.random.uniform(0.1, 0.9) * minutes
        return SeedTicket(
            subject=subject,
            description=body,
            minutes_ago=minutes,
            name=name,
            email=email,
            status=status,
            priority=priority,
            tags=tags,
            channel=self.random.choice(("web", "email", "email", "chat")),
            locale=locale,
            assignee_id=assignee_id,
            updated_minutes_ago=changed if status != "new" else minutes,
            replies=self._replies(status, changed),
        )

    def somebody(self) -> tuple[str, str]:
        """Name and address of a customer."""
        name = self.random.choice(self._texts.names)
        host = self.random.choice(("example.com", "example.net"))
        return name, f"{name.lower()}{self.random.randint(1, 99)}@{host}"

    def _status(self, minutes: float) -> str:
        """Most tickets are new for an hour; after two days most are solved."""
        if minutes < 60:
            return self.random.choices(("new", "open"), (4, 1))[0]
        if minutes < 24 * 60:
            return self.random.choices(("new", "open", "pending", "hold", "solved"), (2, 4, 3, 1, 3))[0]
        return self.random.choices(("open", "pending", "hold", "solved", "closed"), (1, 2, 1, 8, 3))[0]

    def _replies(self, status: str, minutes: float) -> tuple[SeedReply, ...]:
        if status == "new":
            return ()
        answer = SeedReply("Thank you for writing. We are looking into it and will come back to you.", minutes)
        if status == "hold":
            return (answer, SeedReply("Waiting for Tier 2.", minutes, public=False))
        return (answer,)

    def _filled(self, texts: list[str], own: dict[str, list[str]]) -> list[str]:
        """Subject and body are about the same device, plan and city; a topic may have words of its `own`."""
        chosen = {word: self.random.choice(choices) for word, choices in (self._texts.words | own).items()}
        for word, choice in chosen.items():
            texts = [text.replace("{" + word + "}", choice) for text in texts]
        return texts
