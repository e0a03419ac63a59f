"""What Slack delivered: each once, and again after a crash if it was not finished."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.database import Database

REDO_WITHIN = timedelta(minutes=10)
KEEP = timedelta(hours=24)
"""Slack sends an event again for up to about six minutes; a day also covers a long stop of the bot."""

Payload = dict[str, Any]


class Deliveries:
    """The table of deliveries: a key that was seen is not worked on again."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def arrived(self, key: str, kind: str, payload: Payload) -> bool:
        """Store it before it is acknowledged; False if it was here before."""
        return bool(
            self._database.run(
                "INSERT OR IGNORE INTO deliveries (key, kind, payload, received_at) VALUES (?, ?, ?, ?)",
                key,
                kind,
                json.dumps(payload),
                self._clock(),
            )
        )

    def done(self, key: str) -> None:
        self._database.run("UPDATE deliveries SET done = 1, payload = '' WHERE key = ?", key)

    def unfinished(self) -> list[tuple[str, str, Payload]]:
        """At start: what was acknowledged and not finished, oldest first. What is older is given up."""
        rows = self._database.rows(
            "SELECT key, kind, payload FROM deliveries WHERE done = 0 AND received_at > ? ORDER BY received_at",
            self._clock() - REDO_WITHIN,
        )
        return [(row["key"], row["kind"], json.loads(row["payload"])) for row in rows]

    async def forget_old(self) -> None:
        """Async although nothing is awaited: the scheduler runs plain functions in a thread, beside a transaction."""
        self._database.run("DELETE FROM deliveries WHERE received_at < ?", self._clock() - KEEP)


def delivery_key(payload: Payload) -> str:
    """What stays the same when Slack delivers the same thing again, and is another for everything else.

    Slack names events, forms, presses and commands by ids (https://docs.slack.dev/apis/events-api). A server that
    leaves these out is told apart by the whole payload; the twins app_mention and message of one post differ there.
    """
    if "event" in payload:
        return f"event:{payload.get('event_id') or _digest(payload, without='envelope_id')}"
    view = payload.get("view")
    if view and payload.get("type") == "view_submission":
        return f"view:{view.get('id')}:{view.get('hash')}"
    if payload.get("trigger_id"):
        return f"trigger:{payload['trigger_id']}"
    action = (payload.get("actions") or [{}])[0]
    if action.get("action_ts"):
        return f"action:{action['action_ts']}:{action.get('action_id')}"
    return f"payload:{_digest(payload)}"


def _digest(payload: Payload, *, without: str = "") -> str:
    kept = {name: value for name, value in payload.items() if name != without}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
