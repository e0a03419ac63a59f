"""Tickets as Zendesk writes them, as the reader takes them; any odd value is an empty one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.loose_json import items, objects
from bot.reading.model import TicketText

VALUE_MAX = 300
"""Characters of a custom field that are read."""
TEXT_MAX = 200_000
_TAGS_MAX, _FIELDS_MAX = 60, 500


def ticket_text(row: Mapping[str, Any], meanings: Mapping[str, str]) -> TicketText:
    """From a row of an export, a search or a webhook. `meanings` are those of custom fields, by their number."""
    return TicketText(
        subject=_text(row.get("subject")) or _text(row.get("raw_subject")),
        description=_text(row.get("description")),
        tags=tuple(tag for tag in items(row.get("tags"))[:_TAGS_MAX] if isinstance(tag, str)),
        fields=dict(_fields(row, meanings)) if meanings else {},
    )


def _fields(row: Mapping[str, Any], meanings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Values by meaning; of two fields with one meaning the last that says something."""
    for field in objects(row.get("custom_fields"), _FIELDS_MAX) or objects(row.get("fields"), _FIELDS_MAX):
        meaning = meanings.get(str(field.get("id")))
        value = _value(field.get("value"))
        if meaning and value:
            yield meaning, value


def _value(value: object) -> str:
    """What a field holds, as text; several choices stand beside each other."""
    if isinstance(value, str):
        return value[:VALUE_MAX]
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)[:VALUE_MAX]
    if isinstance(value, Sequence):
        return ", ".join(choice for choice in value[:10] if isinstance(choice, str))[:VALUE_MAX]
    return ""


def _text(value: object) -> str:
    return value[:TEXT_MAX] if isinstance(value, str) else ""
