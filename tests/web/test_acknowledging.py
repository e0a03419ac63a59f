"""The signed link over real sockets: looking changes nothing, pressing acknowledges, and nothing of it leaks."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadInput, NotFound
from bot.escalations.links import LinkedEscalation, SignedLinks
from bot.web.acknowledging import ack_route
from bot.web.server import WebServer
from tests.fake_clock import FakeClock
from tests.hostile import SAMPLES
from tests.web.raw import Heard, post, sent

WAITING = LinkedEscalation(
    name="INV-12",
    title="U.S. East: packet loss",
    request="Call the transit provider",
    priority="P1",
    escalated_at=FakeClock().now,
    via="phone bridge",
)


class Escalations:
    """One escalation, of step 42."""

    def __init__(self, linked: LinkedEscalation = WAITING) -> None:
        self.record = linked
        self.acknowledged: list[int] = []
        self.refuses = ""

    def linked(self, step_id: int) -> LinkedEscalation:
        if step_id != 42:
            raise NotFound("That escalation does not exist.")
        return self.record

    async def acknowledge_by_link(self, step_id: int) -> object:
        if self.refuses:
            raise BadInput(self.refuses)
        self.acknowledged.append(step_id)
        self.record = replace(self.record, acknowledged_at=FakeClock().now)
        return self.record


class Page(HTMLParser):
    """What a reader sees, and what a browser would load or send."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(raw.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags[-1] != "style":
            self.words.append(data)


class Door:
    def __init__(self, port: int, links: SignedLinks) -> None:
        self._port = port
        self._links = links

    @property
    def path(self) -> str:
        return self.path_of(42)

    def path_of(self, step_id: int) -> str:
        return self._links.acknowledge_url(step_id).removeprefix("https://x.example")

    async def get(self, path: str = "", method: str = "GET") -> Heard:
        return await sent(self._port, f"{method} {path or self.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    async def press(self, path: str = "", *headers: str, body: bytes = b"") -> Heard:
        return await sent(self._port, post(path or self.path, body, *headers))


@contextlib.asynccontextmanager
async def opened(escalations: Escalations, clock: FakeClock | None = None) -> AsyncIterator[Door]:
    links = SignedLinks(secret="s" * 32, public_url="https://x.example", clock=clock or FakeClock())
    route = ack_route(links, escalations, ZoneInfo("Europe/Berlin"))
    server = WebServer(host="127.0.0.1", port=0, routes=[route], connected=connected)
    await server.start()
    try:
        yield Door(server.port, links)
    finally:
        await server.close()


async def connected() -> bool:
    return True


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing(method: str) -> None:
    """However often: scanners of mail follow each link, and chats load it for a preview."""
    escalations = Escalations()
    async with opened(escalations) as door:
        answers = [await door.get(method=method) for _ in range(3)]

    assert {answer.status for answer in answers} == {200}
    assert escalations.acknowledged == []
    if method == "GET":
        page = Page(answers[0].body)
        assert "P1 INV-12 needs an answer." in page.words and "Call the transit provider" in page.words
        assert any("Escalated 10:12 CET." in word for word in page.words)
        assert ("method", "post") in page.attributes


async def test_pressing_acknowledges_once() -> None:
    """Who presses twice, or later, reads that it is done."""
    escalations = Escalations()
    async with opened(escalations) as door:
        first = await door.press("", "Content-Type: application/x-www-form-urlencoded")
        second = await door.press()
        looked = await door.get()

    assert [first.status, second.status, looked.status] == [200, 200, 200]
    assert b"You have acknowledged INV-12." in first.body and b"phone bridge" in first.body
    assert b"INV-12 is acknowledged, since 10:12 CET." in second.body
    assert b"<form" not in first.body + second.body + looked.body
    assert escalations.acknowledged == [42]


async def test_what_needs_no_answer_is_not_acknowledged() -> None:
    escalations = Escalations(replace(WAITING, needed=False))
    async with opened(escalations) as door:
        answer = await door.press()

    assert b"INV-12 needs no answer any more." in answer.body and b"<form" not in answer.body
    assert escalations.acknowledged == []


async def test_a_refusal_of_the_moment_is_told() -> None:
    escalations = Escalations()
    escalations.refuses = "It was taken back <a moment> ago."
    async with opened(escalations) as door:
        answer = await door.press()

    assert b"INV-12 could not be acknowledged." in answer.body and b"&lt;a moment&gt;" in answer.body


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_that_is_not_ours_does_nothing(method: str) -> None:
    """Whatever is missing of it, one of a step that is gone included: nobody learns which steps there are."""
    escalations = Escalations()
    async with opened(escalations) as door:
        paths = [door.path[:-1], door.path + "A", door.path_of(43), "/ack/", "/ack/x/y", "/ack/" + "A" * 8_000]
        answers = [await (door.get(path) if method == "GET" else door.press(path)) for path in paths]

    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert escalations.acknowledged == []


async def test_a_link_that_has_expired_says_so() -> None:
    clock = FakeClock()
    escalations = Escalations()
    async with opened(escalations, clock) as door:
        path = door.path
        clock.now += timedelta(days=3)
        answer = await door.press(path)

    assert answer.status == 410
    assert b"This link has expired." in answer.body and b"Slack" in answer.body
    assert escalations.acknowledged == []


async def test_other_methods_are_refused() -> None:
    async with opened(Escalations()) as door:
        answer = await door.get(method="DELETE")

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")


async def test_the_page_loads_nothing_and_tells_nobody_its_address() -> None:
    """The address is the key: no referrer, no cache, no frame, no index, no script, nothing from elsewhere."""
    async with opened(Escalations()) as door:
        answer = await door.get()
    page = Page(answer.body)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert set(page.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "p", "form", "button"),
    }
    assert not {name for name, _ in page.attributes} & {"src", "href", "action", "style", "onclick", "http-equiv"}
    assert not re.search(rb"url\(|@import|https?:", answer.body)


@pytest.mark.parametrize("words", SAMPLES)
async def test_hostile_words_are_only_text(words: str) -> None:
    """As people typed them; a hundred thousand letters too."""
    hostile = replace(WAITING, request=words * 50, title=f"<script>alert(1)</script>{words}", via=words)
    async with opened(Escalations(hostile)) as door:
        for answer in (await door.get(), await door.press()):
            assert answer.status == 200
            assert "script" not in Page(answer.body).tags
            assert len(answer.body) < 40_000


async def test_no_link_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Not that of a mistake of ours either."""

    class Broken(Escalations):
        def linked(self, step_id: int) -> LinkedEscalation:
            raise LookupError("a mistake of ours")

    async with opened(Broken()) as door:
        path = door.path
        answer = await door.get(path)
        await door.press(path[:-1] + "!")
        await door.get(path, method="DELETE")
        await door.press(path, body=b"x" * 10_000)

    assert answer.status == 500
    assert len(caplog.records) == 4
    assert path.removeprefix("/ack/")[:12] not in caplog.text
