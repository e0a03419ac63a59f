"""Issues, readings and releases as JSON and back. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from bot.known_issues.model import EtaSource, IssueState, Priority, Reading, Release, TrackerIssue


def written(record: TrackerIssue | Reading) -> str:
    """`issue_read` and `reading_read` are the inverses."""
    return json.dumps(_plain(record), ensure_ascii=False, default=str)


def issue_read(text: str) -> TrackerIssue:
    kept: dict[str, Any] = json.loads(text)
    times = {name: _time(kept[name]) for name in ("created_at", "updated_at", "closed_at")}
    dates = {EtaSource(name): date.fromisoformat(day) for name, day in kept["eta_dates"].items()}
    lists = {name: tuple(kept[name]) for name in ("labels", "assignees")}
    return TrackerIssue(**kept | times | lists | {"state": IssueState(kept["state"]), "eta_dates": dates})


def reading_read(text: str) -> Reading:
    kept: dict[str, Any] = json.loads(text)
    kept["eta"] = date.fromisoformat(kept["eta"]) if kept["eta"] else None
    kept["eta_source"] = EtaSource(kept["eta_source"]) if kept["eta_source"] else None
    kept["priority"] = Priority(kept["priority"]) if kept["priority"] else None
    return Reading(**kept | {"targets": tuple(kept["targets"])})


def release_row(release: Release) -> dict[str, Any]:
    return asdict(release) | {"issue_uids": json.dumps(release.issue_uids)}


def release_read(row: Mapping[str, Any]) -> Release:
    names = [each.name for each in fields(Release)]
    kept = {name: row[name] for name in names}
    kept["published_at"] = datetime.fromisoformat(row["published_at"])
    return Release(**kept | {"issue_uids": tuple(json.loads(row["issue_uids"]))})


def _plain(record: TrackerIssue | Reading) -> dict[str, Any]:
    """Field by field: `fields` and `eta_dates` may be read-only mappings, which asdict can't copy."""
    values = {each.name: getattr(record, each.name) for each in fields(record)}
    return {name: dict(value) if isinstance(value, Mapping) else _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
