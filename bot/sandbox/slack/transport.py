"""How payloads reach the app: what every way of delivery has in common."""

from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.slack.errors import Json

TIMEOUT = "timeout"
NOT_CONNECTED = "connection_failed"


class NotDelivered(Exception):
    """The app did not acknowledge. `reason` is Slack's retry reason; `final` forbids another attempt."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


@dataclass(frozen=True, slots=True)
class Retry:
    """The how many-th repetition of an event this is (0 is none), and why."""

    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """`kind` is the envelope type: slash_commands, interactive or events_api."""

    @property
    def connected(self) -> bool: ...

    async def send(self, kind: str, payload: Json, *, retry: Retry) -> Json:
        """The payload of the app's ack, {} when it is empty. Raises NotDelivered."""
        ...

    async def cut(self) -> None:
        """Break what carries the next payload, where there is something to break."""
        ...

    async def close(self) -> None: ...
