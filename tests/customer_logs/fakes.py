"""A Slack with files in it, and the program that reads logs inside of this process."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.customer_logs.child import CannotRead
from bot.customer_logs.model import Problem
from bot.customer_logs.source import OpenLog, SourceError
from tests.customer_logs.reading.reading import read_here


@dataclass
class FakeLogSource:
    """Implements the port LogSource. `files` are name and content by id, `messages` what is pasted, by ts."""

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    failures: list[SourceError] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def file(self, file_id: str) -> AsyncIterator[OpenLog]:
        self.asked.append(file_id)
        if self.failures:
            raise self.failures.pop(0)
        if file_id not in self.files:
            raise SourceError(Problem.GONE, "the file is gone")
        name, content = self.files[file_id]
        yield OpenLog(name, len(content), _once(content))

    @asynccontextmanager
    async def pasted(self, channel: str, ts: str, thread_ts: str) -> AsyncIterator[OpenLog]:
        self.asked.append(ts)
        content = self.messages[ts].encode()
        yield OpenLog("", len(content), _once(content))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


@dataclass
class ReadHere:
    """Implements the port Reading. `problem` is raised by the next reading."""

    problem: Problem | None = None
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    async def read(self, log: OpenLog, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(asked)
        content = b"".join([chunk async for chunk in log.chunks])
        if self.problem:
            problem, self.problem = self.problem, None
            raise CannotRead(problem)
        answer = read_here(asked, content)
        read: Mapping[str, Any] = json.loads(json.dumps(answer))
        return read
