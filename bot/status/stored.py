"""A reading as text, and back. Pure."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.status.model import Alert, Component, Incident, Level, Reading


def stored(reading: Reading) -> str:
    """`read_stored` is the inverse."""
    return json.dumps(asdict(reading), default=_plain, ensure_ascii=False)


def read_stored(text: str) -> Reading:
    raw = json.loads(text)
    return Reading(
        components=tuple(Component(**_with(each, "changed_at")) for each in raw["components"]),
        incidents=tuple(Incident(**_incident(each)) for each in raw["incidents"]),
        alerts=tuple(Alert(**_alert(each)) for each in raw["alerts"]),
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


def _with(raw: dict[str, Any], *times: str) -> dict[str, Any]:
    level = {"level": Level(raw["level"])} if "level" in raw else {}
    return raw | level | {key: datetime.fromisoformat(raw[key]) for key in times if raw[key]}


def _incident(raw: dict[str, Any]) -> dict[str, Any]:
    return _with(raw, "began_at", "ends_at") | {"components": tuple(raw["components"])}


def _alert(raw: dict[str, Any]) -> dict[str, Any]:
    return _with(raw, "began_at") | {"labels": tuple((name, value) for name, value in raw["labels"])}
