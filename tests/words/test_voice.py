"""Every message holds the rules of the voice and of Slack's design, but for exceptions with a name and a reason."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from bot.investigations.card import card as investigation_card
from bot.messages.model import Content
from bot.probes import cards as probe_cards
from bot.tickets import cards as ticket_cards
from tests.sources import READS_SOURCES
from tests.words import exceptions, rules
from tests.words.pages import IN_SOURCE, ROOMS, messages_of, name_of
from tests.words.plain import lines_of
from tests.words.records import COLLECTED, EARLIER, KNOWN, PLAYBOOK, overview

pytestmark = READS_SOURCES

Trouble = tuple[str, str, str, str]
"""The rule, the room, the message, the words."""

ONCE = "once in a thread"
DECIDED = {
    ("escalations", "Post, acknowledged"): ("Acknowledge",),
    ("escalations", "Post, escalated again"): ("Acknowledge",),
    ("known_issues", "Suggestion, it is"): ("It Is",),
    ("known_issues", "Suggestion, it isn't"): ("It Isn't",),
    ("known_issues", "Asking development: sent"): ("Tell Development",),
    ("known_issues", "Asking development: told"): ("Tell Development",),
    ("handoffs", "Handoff, accepted"): ("Accept Lane and Priority",),
    ("investigations", "Card, claimed, everything is being looked up"): ("Claim",),
    ("investigations", "Card, resolved"): ("Resolve", "Escalate", "Claim", "Join"),
    ("investigations", "Card, dismissed"): ("Resolve", "Not a Trend", "Claim", "Join"),
    ("replies", "Round, running"): ("Review and Send",),
    ("replies", "Round, ended"): ("Review and Send", "Stop"),
    ("status", "Announced, silenced for us"): ("Silence 1 Hour", "Silence 4 Hours"),
}
"""What is no longer offered once it is decided, by room and message."""


def _troubles() -> Iterator[Trouble]:
    for room in ROOMS:
        for name, message in messages_of(room).items():
            yield from ((rule, name_of(room), name, words) for rule, words in rules.of_message(message))
    for name, (_, read) in IN_SOURCE.items():
        for path, texts in read().items():
            for text in texts:
                yield from ((rule, f"in_source_{name}", path, words) for rule, words in rules.of_text(text))

    yield from _said_twice_in_a_thread()


def _said_twice_in_a_thread() -> Iterator[Trouble]:
    """The card, the tickets and the playbook of one investigation: what one says the others do not repeat."""
    thread = {
        "card": investigation_card(overview(known=(KNOWN,), earlier=EARLIER)),
        "tickets": ticket_cards.card(COLLECTED, per_page=5),
        "playbook": probe_cards.card(PLAYBOOK),
    }
    first: dict[str, str] = {}
    for name, content in thread.items():
        for clause in _clauses(content):
            if first.setdefault(clause, name) != name:
                yield ONCE, "investigations", f"{first[clause]} and {name}", clause


@cache
def troubles() -> tuple[Trouble, ...]:
    return tuple(_troubles())


@pytest.mark.parametrize("rule", [*rules.RULES, ONCE])
def test_every_message_holds_the_rule(rule: str) -> None:
    """What it names is read aloud and said otherwise."""
    excepted = exceptions.UNTIL_REWRITTEN.keys()
    wrong = [
        f"{room}, {message}: {words}"
        for found, room, message, words in troubles()
        if found == rule and (rule, room) not in excepted and (rule, room, words) not in exceptions.ALWAYS
    ]

    assert wrong == []


def test_exceptions_are_needed() -> None:
    """Whatever holds its rule by now is taken off the list."""
    rooms = Counter((rule, room) for rule, room, _, words in troubles() if (rule, room, words) not in exceptions.ALWAYS)
    single = {(rule, room, words) for rule, room, _, words in troubles()}

    assert [each for each in exceptions.UNTIL_REWRITTEN if each not in rooms] == []
    assert [each for each in exceptions.ALWAYS if each not in single] == []


def test_exceptions_only_get_fewer() -> None:
    """Whoever raises one of these numbers says so in the change."""
    assert len(exceptions.UNTIL_REWRITTEN) <= exceptions.ROOMS_AT_MOST
    assert len(exceptions.ALWAYS) <= exceptions.ALWAYS_AT_MOST
    assert all(reason.strip() for reason in (*exceptions.UNTIL_REWRITTEN.values(), *exceptions.ALWAYS.values()))


@pytest.mark.parametrize(("room", "message"), DECIDED)
def test_what_is_decided_is_a_record(room: str, message: str) -> None:
    """Its controls are gone; who decided stands there."""
    made = next(messages_of(each)[message] for each in ROOMS if name_of(each) == room)
    gone = {label.lower() for label in DECIDED[room, message]}

    assert [label for label in rules.labels(made) if label.lower() in gone] == []


def _clauses(content: Content) -> set[str]:
    """Parts of sentences that say something of their own."""
    text = "\n".join(lines_of([block for block in content.blocks if block["type"] != "actions"]))
    parts = (part for line in text.splitlines() for part in line.replace("*", "").replace(". ", "; ").split("; "))
    return {part.strip(" .·") for part in parts if len(part.split()) >= rules.SAME_WORDS}
