"""`python -m tests.bench.viewers`: browsers with pages open and people who search, as a process of their own.

It is told what to do by lines of JSON and answers each with one. A browser here does what `pages.js` does: it keeps an
event stream open, shows what it is sent, and asks for its page where it is told only that there is something. Times are
of the machine's monotonic clock, which is the same in all processes.
"""

import asyncio
import contextlib
import itertools
import json
import random
import re
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
DATA = re.compile(rb"^event: (\w+)\r?\n(?:id: (\S*)\r?\n)?data: ([^\n]*)", re.MULTILINE)
DIGEST = re.compile(r'data-digest="(\w+)"')
GZIP_HEAD = bytes.fromhex("1f8b08000000000000ff")
END = b"\x03\x00"
"""The last block of a compressed text: one without anything in it."""
HEARD_MAX = 64
PULSE_S = 0.01
"""How often it is asked whether the bot is alive: the longest answer is the longest that its loop stood still."""


@dataclass(slots=True)
class Browser:
    """One page that somebody has open."""

    path: str
    secret: str
    digest: str = ""
    told: asyncio.Event = field(default_factory=asyncio.Event)
    body: str = ""
    stream: asyncio.Task[None] | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What an event says: of which digest the page is, and what it shows, "" where that has to be asked for."""

    digest: str
    main: str


class Viewers:
    """Everybody who looks at the pages of one bot."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._browsers: list[Browser] = []
        self._taken: defaultdict[str, list[float]] = defaultdict(list)
        self._failed: list[str] = []
        self._renewed = asyncio.Event()
        self._heard_before: dict[bytes, Heard] = {}
        self._chance = random.Random(3)

    async def open(self, browsers: list[list[str]]) -> Json:
        """Everybody loads their page, and listens; a few at a time, as people come to work."""
        for path, secret in browsers:
            browser = Browser(path, secret)
            browser.body = await self._get(path, secret, kind="first")
            browser.digest = found[1] if (found := DIGEST.search(browser.body)) else ""
            browser.stream = asyncio.create_task(self._listen(browser))
            self._browsers.append(browser)
        await asyncio.gather(*(browser.told.wait() for browser in self._browsers))
        return {"open": len(self._browsers)}

    async def close(self) -> Json:
        for browser in self._browsers:
            if browser.stream:
                browser.stream.cancel()
        await asyncio.gather(*(browser.stream for browser in self._browsers if browser.stream), return_exceptions=True)
        self._browsers.clear()
        return {}

    async def measure(self, seconds: float, loads: list[list[Any]], searches: Json) -> Json:
        """Page loads and searches at their pace, and the pulse; what each took in ms, by kind."""
        self._taken.clear()
        self._failed.clear()
        end = time.monotonic() + seconds
        work: list[Coroutine[Any, Any, None]] = [self._pulse(end)]
        work += [self._paced(end, per_s, kind, [path], secrets) for kind, path, secrets, per_s in loads]
        if searches:
            asked = [f"/known?q={quote(words)}" for words in searches["questions"]]
            work.append(self._paced(end, searches["per_s"], "search", asked, searches["secrets"]))
        await asyncio.gather(*work)
        return {"ms": dict(self._taken), "failed": self._failed[:5], "failures": len(self._failed)}

    async def until(self, text: str, within_s: float) -> Json:
        """When the first and the last of the boards showed a text."""
        shown: dict[int, float] = {}
        boards = [browser for browser in self._browsers if browser.path == "/board"]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while len(shown) < len(boards):
                    now = time.monotonic()
                    having = {body for body in {each.body for each in boards} if text in body}
                    shown |= {id(each): now for each in boards if id(each) not in shown and each.body in having}
                    self._renewed.clear()
                    await self._renewed.wait() if len(shown) < len(boards) else None
        times = sorted(shown.values())
        return {"first": times[:1], "last": times[-1:], "shown": len(shown), "of": len(boards)}

    async def _paced(self, end: float, per_s: float, kind: str, paths: list[str], secrets: list[str]) -> None:
        """At a pace that does not wait for answers: people don't either, and nobody begins at the same moment."""
        running: set[asyncio.Task[str]] = set()
        turns = zip(itertools.cycle(paths), itertools.cycle(secrets), strict=False)
        await asyncio.sleep(self._chance.expovariate(per_s))
        while (now := time.monotonic()) < end:
            path, secret = next(turns)
            task = asyncio.create_task(self._get(path, secret, kind=kind))
            running.add(task)
            task.add_done_callback(running.discard)
            await asyncio.sleep(max(0.0, self._chance.expovariate(per_s) - (time.monotonic() - now)))
        await asyncio.gather(*running)

    async def _pulse(self, end: float) -> None:
        while time.monotonic() < end:
            await self._get("/healthz", "", kind="pulse")
            await asyncio.sleep(PULSE_S)

    async def _get(self, path: str, secret: str, *, kind: str) -> str:
        began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection(self._host, self._port)
        except OSError as error:
            self._failed.append(f"{kind}: {error}")
            return ""
        writer.write(self._request(path, secret))
        try:
            answer = await reader.read()
        except OSError as error:
            self._failed.append(f"{kind}: {error}")
            return ""
        finally:
            writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            self._failed.append(f"{kind}: {answer[:60]!r}")
        self._taken[kind].append(1000 * (time.monotonic() - began))
        return answer.decode("utf-8", "replace")

    async def _listen(self, browser: Browser) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=2**22)
        path = f"/live?path={quote(browser.path, safe='')}&digest={browser.digest}"
        try:
            writer.write(self._request(path, browser.secret, "Accept-Encoding: gzip"))
            await reader.readuntil(b"\r\n\r\n")
            while size := int(await reader.readline(), 16):
                packed = await reader.readexactly(size)
                await reader.readline()
                if packed != GZIP_HEAD:
                    await self._heard(browser, self._unpacked(packed))
        finally:
            writer.close()

    def _unpacked(self, packed: bytes) -> Heard:
        """An event, as whole blocks of a compressed stream. Each browser has a machine of its own in reality: here what
        many are sent is unpacked for all of them once, so that they don't wait for one another."""
        if packed not in self._heard_before:
            if len(self._heard_before) > HEARD_MAX:
                self._heard_before.clear()
            match = DATA.search(zlib.decompress(packed + END, -zlib.MAX_WBITS))
            assert match
            is_page, data = match[1] == b"page", match[3]
            main = json.loads(data).get("main", "") if is_page else ""
            self._heard_before[packed] = Heard((match[2] if is_page else data).decode(), main)
        return self._heard_before[packed]

    async def _heard(self, browser: Browser, heard: Heard) -> None:
        browser.told.set()
        if heard.digest != browser.digest:
            browser.body = heard.main or await self._get(browser.path, browser.secret, kind="renewed")
            self._renewed.set()
        browser.digest = heard.digest

    def _request(self, path: str, secret: str, *headers: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Cookie: secondline={secret}"]
        return "\r\n".join([*lines, "Accept: text/html", *headers, "", ""]).encode()


async def main() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    first = json.loads(await lines.readline())
    viewers = Viewers(first["host"], first["port"])
    while line := await lines.readline():
        asked = json.loads(line)
        answer = await getattr(viewers, asked.pop("do"))(**asked)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
