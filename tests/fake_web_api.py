"""A Web API in memory: keeps messages and files, and fails as it is told to."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from bot.slack.answers import MessageGone, MethodMissing, SlackError, SlackUnclear

Arguments = dict[str, Any]


@dataclass
class Hanging:
    """A call that gets no answer until `opens`; `others` is set when the next one was answered."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    others: asyncio.Event = field(default_factory=asyncio.Event)
    opens: asyncio.Event = field(default_factory=asyncio.Event)


class FakeWebApi:
    """Implements the port WebApi.

    `fail(method, error)` makes the next call of a method raise; with `after_work` the work is done all the same, as
    when an answer gets lost. `missing` methods are unknown; without `metadata` none is kept, as in smaller servers.
    `file_facts` are told of each file when it is shared.
    """

    def __init__(self, *, now: float = 1_800_000_000.0) -> None:
        self.calls: list[tuple[str, Arguments]] = []
        self.channels: dict[str, dict[str, Arguments]] = defaultdict(dict)
        self.files: dict[str, bytes] = {}
        self.answered: list[Arguments] = []
        self.answers: dict[str, Arguments] = {}
        self.missing: set[str] = set()
        self.metadata = True
        self.file_facts: Arguments = {}
        self._failures: dict[str, deque[tuple[SlackError, bool]]] = defaultdict(deque)
        self._hanging: dict[str, Hanging] = {}
        self._ts = now

    def fail(self, method: str, error: SlackError, *, after_work: bool = False) -> None:
        self._failures[method].append((error, after_work))

    def lose_answer(self, method: str) -> None:
        self.fail(method, SlackUnclear("no_answer", method=method, retry=True), after_work=True)

    def hang(self, method: str) -> Hanging:
        """The next call of a method hangs before it does its work."""
        self._hanging[method] = Hanging()
        return self._hanging[method]

    def recovers(self) -> None:
        """No failures to come any more."""
        self._failures.clear()

    def messages(self, channel: str) -> list[Arguments]:
        return list(self.channels[channel].values())

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.messages(channel)]

    def called(self, method: str) -> list[Arguments]:
        return [arguments for name, arguments in self.calls if name == method]

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        self.calls.append((method, arguments))
        hanging = self._hanging.get(method)
        if hanging and not hanging.reached.is_set():
            hanging.reached.set()
            await hanging.opens.wait()
        elif hanging:
            hanging.others.set()
        if method in self.missing:
            raise MethodMissing("unknown_method", method=method)
        error, after_work = self._failures[method].popleft() if self._failures[method] else (None, False)
        if error and not after_work:
            raise error
        work = getattr(self, "_" + method.replace(".", "_"), None)
        answer = dict(work(arguments)) if work else dict(self.answers.get(method, {}))
        if error:
            raise error
        return answer

    async def upload(self, url: str, content: bytes) -> None:
        self.files[url] = content

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        self.answered.append({"url": url} | body)

    def _chat_postMessage(self, arguments: Arguments) -> Arguments:
        self._ts += 1
        ts = f"{self._ts:.6f}"
        kept = dict(arguments) if self.metadata else {k: v for k, v in arguments.items() if k != "metadata"}
        self.channels[arguments["channel"]][ts] = kept | {"ts": ts, "user": "U0BOT"}
        return {"ts": ts}

    def _chat_update(self, arguments: Arguments) -> Arguments:
        message = self.channels[arguments["channel"]].get(arguments["ts"])
        if message is None:
            raise MessageGone("message_not_found", method="chat.update")
        message |= {"text": arguments["text"], "blocks": arguments["blocks"]}
        return {"ts": arguments["ts"]}

    def _conversations_history(self, arguments: Arguments) -> Arguments:
        listed = [each for each in self._since(arguments) if "thread_ts" not in each]
        return {"messages": listed}

    def _conversations_replies(self, arguments: Arguments) -> Arguments:
        found = self._since(arguments)
        return {"messages": [each for each in found if arguments["ts"] in (each["ts"], each.get("thread_ts"))]}

    def _since(self, arguments: Arguments) -> list[Arguments]:
        oldest = float(arguments.get("oldest") or 0)
        return [each for each in self.messages(arguments["channel"]) if float(each["ts"]) >= oldest]

    def _files_getUploadURLExternal(self, arguments: Arguments) -> Arguments:
        number = len(self.called("files.getUploadURLExternal"))
        return {"file_id": f"F{number}", "upload_url": f"http://files.test/F{number}"}

    def _files_completeUploadExternal(self, arguments: Arguments) -> Arguments:
        self._ts += 1
        ts = f"{self._ts:.6f}"
        if "channel_id" not in arguments:
            return {"files": arguments["files"]}
        thread = {"thread_ts": arguments["thread_ts"]} if "thread_ts" in arguments else {}
        shared = {"ts": ts, "user": "U0BOT", "text": "", "files": arguments["files"]}
        self.channels[arguments["channel_id"]][ts] = shared | thread
        return {"files": [each | self.file_facts for each in arguments["files"]]}
