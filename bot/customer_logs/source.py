"""Where logs come from, as the room knows it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.customer_logs.model import Problem
from bot.errors import OutsideError


@dataclass(frozen=True, slots=True)
class OpenLog:
    """A file that is being fetched. Iterating raises SourceError too."""

    name: str
    size: int
    chunks: AsyncIterator[bytes]


class SourceError(OutsideError):
    """A log could not be fetched; `retry` says whether that may pass."""

    def __init__(
        self, problem: Problem, reason: str, *, retry: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__("Slack", reason, retry=retry, retry_after_s=retry_after_s)
        self.problem = problem


class LogSource(Protocol):
    def file(self, file_id: str) -> AbstractAsyncContextManager[OpenLog]:
        """Raises SourceError."""
        ...

    def pasted(self, channel: str, ts: str, thread_ts: str) -> AbstractAsyncContextManager[OpenLog]:
        """What stands in a message. Raises SourceError."""
        ...
