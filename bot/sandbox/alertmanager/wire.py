"""Alerts and silences as the JSON of API v2, and what may be sent; checked against Alertmanager 0.25."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.alertmanager.matchers import Matcher, checked
from bot.sandbox.alertmanager.state import RESOLVE_TIMEOUT, Alert, Alerts, Silence, new_id
from bot.sandbox.rest.answers import Call, Json, Refused

RECEIVER = "ops"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def alert_json(alert: Alert, alerts: Alerts, *, muted_by: list[str] | None = None) -> Json:
    """One that is kept firing looks as if it had been sent again just now; `muted_by` is None before 0.28."""
    now = alerts.clock()
    silenced, inhibited = alerts.silenced_by(alert), alerts.inhibited_by(alert)
    written: Json = {
        "annotations": alert.annotations,
        "endsAt": stamp(alert.ends_at or now + RESOLVE_TIMEOUT),
        "fingerprint": alert.fingerprint,
        "receivers": [{"name": RECEIVER}],
        "startsAt": stamp(alert.starts_at),
        "status": {
            "inhibitedBy": inhibited,
            "silencedBy": silenced,
            "state": "suppressed" if silenced or inhibited else "active",
        },
        "updatedAt": stamp(alert.updated_at),
        "labels": alert.labels,
    }
    if muted_by is not None:
        written["status"]["mutedBy"] = muted_by
    if alert.generator_url:
        written["generatorURL"] = alert.generator_url
    return written


def silence_json(silence: Silence, now: datetime) -> Json:
    return {
        "id": silence.id,
        "status": {"state": silence.state(now)},
        "updatedAt": stamp(silence.updated_at),
        "comment": silence.comment,
        "createdBy": silence.created_by,
        "endsAt": stamp(silence.ends_at),
        "matchers": [matcher.written() for matcher in silence.matchers],
        "startsAt": stamp(silence.starts_at),
    }


def read_json(call: Call) -> Any:
    if call.content_type != "application/json":
        message = f'unsupported media type "{call.content_type}", only [application/json] are allowed'
        raise Refused(415, {"code": 415, "message": message})
    try:
        return json.loads(call.text)
    except ValueError as error:
        raise Refused(400, {"code": 400, "message": f'parsing body from "" failed, because {error}'}) from error


def read_alerts(call: Call, now: datetime) -> list[Alert]:
    rows = read_json(call)
    if not isinstance(rows, list):
        raise Refused(400, {"code": 400, "message": 'parsing alerts body from "" failed, because it is no array'})
    return [_read_alert(position, row, now) for position, row in enumerate(rows)]


def _read_alert(position: int, row: Any, now: datetime) -> Alert:
    if not isinstance(row, dict) or not isinstance(row.get("labels"), dict):
        raise _missing(f"{position}.labels")
    labels = {name: text for name, text in row["labels"].items() if text}
    if not labels:
        raise Refused(400, "at least one label pair required")
    starts, ends = _time(row, "startsAt", now), _time(row, "endsAt", now + RESOLVE_TIMEOUT)
    if starts > ends:
        raise Refused(400, "start time must be before end time")
    return Alert(labels, dict(row.get("annotations") or {}), starts, now, ends, str(row.get("generatorURL") or ""))


def read_silence(call: Call, now: datetime) -> tuple[Silence, str]:
    """The silence, and the id of the one that it replaces or ""."""
    row = read_json(call)
    for name in ("comment", "createdBy", "endsAt", "matchers", "startsAt"):
        if not isinstance(row, dict) or row.get(name) is None:
            raise _missing(name)
    starts, ends = _time(row, "startsAt", now), _time(row, "endsAt", now)
    if starts > ends:
        raise Refused(400, "Failed to create silence: start time must be before end time")
    if ends < now:
        raise Refused(400, "Failed to create silence: end time can't be in the past")
    matchers = [_read_matcher(one) for one in row["matchers"]]
    if all(matcher.matches({}) for matcher in matchers):
        raise Refused(400, "silence invalid: at least one matcher must not match the empty string")
    silence = Silence(new_id(), matchers, max(starts, now), ends, row["createdBy"], row["comment"], now)
    return silence, str(row.get("id") or "")


def _read_matcher(row: Json) -> Matcher:
    for name in ("name", "value", "isRegex"):
        if row.get(name) is None:
            raise _missing(f"matchers.{name}")
    try:
        return checked(Matcher(row["name"], row["value"], row["isRegex"], row.get("isEqual", True)))
    except ValueError as error:
        raise Refused(400, f"silence invalid: invalid label matcher 0: {error}") from error


def _missing(name: str) -> Refused:
    return Refused(422, {"code": 602, "message": f"{name} in body is required"})


def _time(row: Json, name: str, otherwise: datetime) -> datetime:
    text = row.get(name)
    if not text or str(text).startswith("0001-"):
        return otherwise
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError as error:
        raise Refused(400, {"code": 400, "message": f'parsing time "{text}" failed'}) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
