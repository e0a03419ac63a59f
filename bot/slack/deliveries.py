"""What Slack delivered: each once, and again after a crash if it was not finished."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.database import Database, Store, moment
from bot.loose_json import mapping, objects
from bot.signals import Signal

REDO_WITHIN = timedelta(minutes=10)
KEEP = timedelta(hours=24)
"""Slack sends an event again for up to about six minutes; a day also covers a long stop of the bot."""

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What Slack delivered, as it is stored: `kind` is its route, `twin` as in `Deliveries.succeeded`."""

    key: str
    kind: str
    payload: Payload
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A delivery that was acknowledged, and not worked on to the end; `kind` is its route."""

    key: str
    kind: str
    payload: Payload
    received_at: datetime


class Deliveries(Store):
    """The table of deliveries: a key that was seen is not worked on again.

    An edited mention comes again as another event of the same message. Its words run again only where they could not
    be done before, so mentions are known by their message too, for ever: people mend old ones.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        super().__init__(database=database, clock=clock)
        self.came = Signal[float]()
        """How many seconds after it happened something new was delivered, where Slack says when that was."""

    def arrived(self, together: Sequence[Delivery]) -> list[bool]:
        """Store all, or none, before they are acknowledged; for each whether it is new. Raises StorageError."""
        with self._database.transaction():
            new = [self._new(delivery) for delivery in together]
        for delivery in (delivery for delivery, is_new in zip(together, new, strict=True) if is_new):
            happened_s = happened_at_s(delivery.payload)
            if happened_s:
                self.came.tell(max(0.0, self._clock().timestamp() - happened_s))
        return new

    def _new(self, delivery: Delivery) -> bool:
        sql = "INSERT OR IGNORE INTO deliveries (key, kind, payload, received_at, twin) VALUES (?, ?, ?, ?, ?)"
        payload, twin = json.dumps(delivery.payload), delivery.twin or None
        stored = self._database.run(sql, delivery.key, delivery.kind, payload, self._clock(), twin)
        if stored and not self._may_run(delivery.key, delivery.payload):
            self.done(delivery.key)
            return False
        return bool(stored)

    def known(self, key: str) -> bool:
        """Whether it was here before."""
        return bool(self._database.value("SELECT 1 FROM deliveries WHERE key = ?", key))

    def is_done(self, key: str) -> bool:
        """Whether something of it was committed, or all of it."""
        return bool(self._database.value("SELECT done FROM deliveries WHERE key = ?", key))

    def succeeded(self, twin: str) -> bool:
        """Whether the same person said the same by the same form a moment ago, and it was done.

        `twin` is the same for all of these.
        """
        sql = "SELECT 1 FROM deliveries WHERE twin = ? AND done = 1 AND received_at > ?"
        return bool(twin and self._database.value(sql, twin, self._clock() - REDO_WITHIN))

    def twin_succeeded(self, key: str) -> bool:
        """Whether a twin of a delivery that is being worked on has succeeded."""
        twin = self._database.value("SELECT twin FROM deliveries WHERE key = ? AND done = 0", key)
        return self.succeeded(str(twin or ""))

    def failed(self, key: str) -> None:
        """Note that a delivery could not be done: if it is a mention, its words may run when they are edited.

        Not where something of it was committed before it failed.
        """
        undone = "NOT EXISTS (SELECT 1 FROM deliveries WHERE key = ?1 AND done = 1)"
        self._database.run(f"UPDATE mentions SET failed = 1 WHERE delivery = ?1 AND {undone}", key)
        self._database.run("UPDATE deliveries SET twin = NULL WHERE key = ? AND done = 0", key)

    def _may_run(self, key: str, payload: Payload) -> bool:
        """Whether it may run: not a mention whose words ran already, edited since or before."""
        event = payload.get("event") or {}
        channel, ts, edited = event.get("channel"), event.get("ts"), bool(event.get("edited"))
        if event.get("type") != "app_mention" or not channel or not ts:
            return True
        ran = self._database.row("SELECT * FROM mentions WHERE channel = ? AND ts = ?", channel, ts)
        if ran and not ran["failed"] and (edited or ran["edited"]):
            return False
        sql = "INSERT OR REPLACE INTO mentions (channel, ts, delivery, edited) VALUES (?, ?, ?, ?)"
        self._database.run(sql, channel, ts, key, int(edited))
        return True

    def done(self, key: str) -> None:
        self._database.run("UPDATE deliveries SET done = 1, payload = '' WHERE key = ?", key)

    def unfinished(self) -> list[Unfinished]:
        """What was acknowledged and not finished before the start, oldest first. What is older is in `lost`."""
        return self._unfinished("received_at > ?")

    def lost(self) -> list[Unfinished]:
        """What was acknowledged before the start and is too old to be done now, oldest first."""
        return self._unfinished("received_at <= ?")

    def _unfinished(self, when: str) -> list[Unfinished]:
        sql = f"SELECT key, kind, payload, received_at FROM deliveries WHERE done = 0 AND {when} ORDER BY received_at"
        return [
            Unfinished(row["key"], row["kind"], json.loads(row["payload"]), moment(row["received_at"]))
            for row in self._database.rows(sql, self._clock() - REDO_WITHIN)
        ]

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


def happened_at_s(payload: Payload) -> float:
    """When an event or a press happened, by Slack's clock (Unix seconds); 0 where its payload does not say.

    Commands and forms carry no time (https://docs.slack.dev/interactivity/implementing-slash-commands).
    """
    event, action = mapping(payload.get("event")), next(iter(objects(payload.get("actions"))), {})
    try:
        return float(str(event.get("event_ts") or action.get("action_ts") or 0))
    except ValueError:
        return 0.0


def form_twin(payload: Payload) -> str:
    """What is the same when a person sends the same words by the same form again; "" for what is no form."""
    view = payload.get("view") or {}
    if payload.get("type") != "view_submission":
        return ""
    said = {"user": (payload.get("user") or {}).get("id"), "values": (view.get("state") or {}).get("values")}
    return _digest(said | {"form": view.get("callback_id"), "about": view.get("private_metadata")})


def _digest(payload: Payload, *, without: str = "") -> str:
    kept = {name: value for name, value in payload.items() if name != without}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
