"""Which page of texts each room has."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from tests.words.plain import Message, page
from tests.words.rooms import (
    briefings,
    escalations,
    handoffs,
    investigations,
    known_issues,
    messages,
    probes,
    releases,
    replies,
    status,
    tickets,
)

TEXTS = Path(__file__).parent / "texts"
ROOMS: tuple[ModuleType, ...] = (
    investigations,
    tickets,
    probes,
    known_issues,
    escalations,
    handoffs,
    releases,
    replies,
    status,
    briefings,
    messages,
)


def name_of(room: ModuleType) -> str:
    return room.__name__.rpartition(".")[2]


def messages_of(room: ModuleType) -> Mapping[str, Message]:
    """Every message of a room, by what it is."""
    made: Mapping[str, Message] = room.messages()
    return made


def pages() -> dict[str, str]:
    """Each page as it should be, by the name of its file."""
    titles = {room: name_of(room).replace("_", " ").capitalize() for room in ROOMS}
    return {f"{name_of(room)}.md": page(titles[room], messages_of(room)) for room in ROOMS}
