"""Which page of texts each room has."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from tests.words import sentences
from tests.words.plain import Message, page
from tests.words.rooms import (
    briefings,
    customer_logs,
    elevations,
    escalations,
    exports,
    forgetting,
    handoffs,
    handovers,
    help,
    home,
    investigations,
    known_issues,
    ladders,
    maintenance,
    messages,
    probes,
    releases,
    reminders,
    replies,
    retention,
    status,
    tickets,
    trends,
    vendors,
    ways,
)

TEXTS = Path(__file__).parent / "texts"
ROOMS: tuple[ModuleType, ...] = (
    help,
    investigations,
    tickets,
    probes,
    known_issues,
    customer_logs,
    escalations,
    ladders,
    ways,
    elevations,
    handoffs,
    handovers,
    home,
    exports,
    forgetting,
    vendors,
    releases,
    reminders,
    replies,
    retention,
    status,
    maintenance,
    trends,
    briefings,
    messages,
)

IN_SOURCE: Mapping[str, tuple[str, Callable[[], Mapping[str, list[str]]]]] = {
    "answers": ("Answers and forms' complaints, as commands say them", sentences.answers),
    "errors": ("Errors, as they are raised", sentences.errors),
    "reasons": ("Reasons, as results of measurements hold them", sentences.reasons),
    "setup": ("What whoever installs the bot reads", sentences.setup),
}
"""Pages of sentences with braces where something is filled in."""


def name_of(room: ModuleType) -> str:
    return room.__name__.rpartition(".")[2]


def messages_of(room: ModuleType) -> Mapping[str, Message]:
    """Every message of a room, by what it is."""
    made: Mapping[str, Message] = room.messages()
    return made


def page_names() -> list[str]:
    """What `pages` has, without making it."""
    return sorted([*(f"{name_of(room)}.md" for room in ROOMS), *(f"in_source_{name}.md" for name in IN_SOURCE)])


@cache
def pages() -> dict[str, str]:
    """Each page as it should be, by the name of its file."""
    titles = {room: name_of(room).replace("_", " ").capitalize() for room in ROOMS}
    of_rooms = {f"{name_of(room)}.md": page(titles[room], messages_of(room)) for room in ROOMS}
    return of_rooms | {f"in_source_{name}.md": page(title, read()) for name, (title, read) in IN_SOURCE.items()}
