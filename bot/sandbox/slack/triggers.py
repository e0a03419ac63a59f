"""trigger_ids: 3 seconds, one use."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.model import Window

LIFE = timedelta(seconds=3)
MOST_KEPT = 10_000
"""Older ones are long expired, and need not be told apart from wrong ones."""


@dataclass(slots=True)
class Trigger:
    """What a person did in a window: `view_id` is set when they did it in a modal."""

    window: Window
    view_id: str
    until: datetime
    used: bool = False


class Triggers:
    """Issued with each interaction, exchanged by views.open and views.push."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}

    def issue(self, window: Window, *, view_id: str = "") -> str:
        now = self._clock()
        trigger_id = f"{secrets.randbelow(10**13):013d}.{int(now.timestamp())}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(window, view_id, now + LIFE)
        if len(self._triggers) > MOST_KEPT:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if self._clock() > trigger.until:
            raise ApiError("expired_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        trigger.used = True
        return trigger
