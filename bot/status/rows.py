"""A reading as text, and back. Pure."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.status.model import Alert, Component, Incident, Level, Reading


def stored(reading: Reading) -> str:
    """`read_stored` is the inverse."""
    return json.dumps(reading, default=_plain, ensure_ascii=False)


def read_stored(text: str) -> Reading:
    raw = json.loads(text)
    return Reading(
        components=tuple(Component(**_with(each, "changed_at")) for each in raw["components"]),
        incidents=tuple(Incident(**_incident(each)) for each in raw["incidents"]),
        alerts=tuple(Alert(**_alert(each)) for each in raw["alerts"]),
    )


def _plain(value: object) -> object:
    """Not dataclasses.asdict, which copies every label of every alert."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(type(value))


def _with(raw: dict[str, Any], *times: str) -> dict[str, Any]:
    level = {"level": Level(raw["level"])} if "level" in raw else {}
    return raw | level | {key: datetime.fromisoformat(raw[key]) for key in times if raw[key]}


def _incident(raw: dict[str, Any]) -> dict[str, Any]:
    return _with(raw, "began_at", "ends_at") | {"components": tuple(raw["components"])}


def _alert(raw: dict[str, Any]) -> dict[str, Any]:
    return _with(raw, "began_at") | {"labels": tuple((name, value) for name, value in raw["labels"])}
