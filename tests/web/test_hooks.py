"""Webhooks over a real socket: who may call, what is woken, and what is not."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.hooks import BODY_MAX, Hook, hook_routes, signature_of, signed_with
from bot.web.server import WebServer
from bot.web.tracker_hooks import GitHubHook, JiraHook

SECRET = "It's a Secret to Everybody"


class Woken:
    """Writes down what is poked."""

    def __init__(self) -> None:
        self.pokes: list[tuple[str, str, bool]] = []

    def poke(self, tracker: str, uid: str = "", releases: bool = False) -> None:
        self.pokes.append((tracker, uid, releases))


@contextlib.asynccontextmanager
async def served(woken: Woken, *, connected: bool = True, hooks: bool = True) -> AsyncIterator[aiohttp.ClientSession]:
    async def connection() -> bool:
        return connected

    github = GitHubHook(secret=SECRET, trackers={"Harbor-VPN/app": "app", "harbor-vpn/web": "web"}, wake=woken.poke)
    jira = JiraHook(secret=SECRET, trackers={"VPN": "vpn", "PAY": "pay"}, wake=woken.poke)
    both: list[Hook] = [github, jira]
    routes = hook_routes(both) if hooks else []
    server = WebServer(host="127.0.0.1", port=0, routes=routes, connected=connection)
    await server.start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
            yield session
    finally:
        await server.close()


def from_github(told: Any, event: str = "issues", delivery: str = "d-1") -> dict[str, Any]:
    body = json.dumps(told).encode()
    headers = {
        "X-Hub-Signature-256": signature_of(SECRET, body),
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
    }
    return {"data": body, "headers": headers}


def from_jira(told: Any, delivery: str = "d-1") -> dict[str, Any]:
    body = json.dumps(told).encode()
    headers = {"X-Hub-Signature": signature_of(SECRET, body), "X-Atlassian-Webhook-Identifier": delivery}
    return {"data": body, "headers": headers}


async def status(session: aiohttp.ClientSession, path: str, call: Mapping[str, Any]) -> int:
    async with session.post(path, **call) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (b"Hello, World!", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
        (b"Hello World!", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"),
    ],
    ids=["GitHub's documentation", "Atlassian's documentation"],
)
def test_the_examples_of_the_documentation_are_right(body: bytes, signature: str) -> None:
    """Both sign in the same way."""
    assert signed_with(SECRET, body, signature)


@given(st.binary(max_size=40), st.text(st.characters(), max_size=40))
def test_no_other_text_is_a_signature(body: bytes, signature: str) -> None:
    """Also one that is no ASCII, and any where no secret is set."""
    assert not signed_with(SECRET, body, signature)
    assert not signed_with("", body, signature_of("", body))


ISSUE: dict[str, Any] = {"action": "edited", "issue": {"id": 1031}, "repository": {"full_name": "harbor-vpn/app"}}


async def test_github_wakes_the_tracker_of_its_repository() -> None:
    """At the issue that it is about."""
    woken = Woken()
    async with served(woken) as session:
        assert await status(session, "/hooks/github", from_github(ISSUE)) == 202

    assert woken.pokes == [("app", "1031", False)]


def signed(body: bytes, kind: str, **headers: str) -> dict[str, Any]:
    """A call of GitHub and of Jira at once: each reads its own headers."""
    signature = signature_of(SECRET, body)
    names = {"X-Hub-Signature-256": signature, "X-Hub-Signature": signature, "X-GitHub-Event": "issues"}
    return {"data": body, "headers": names | {"Content-Type": kind} | headers}


def as_form(body: Any) -> bytes:
    return urlencode({"payload": json.dumps(body)}).encode()


@pytest.mark.parametrize(
    "call",
    [
        signed(as_form(ISSUE), "application/x-www-form-urlencoded"),
        signed(as_form(ISSUE), "Application/X-WWW-Form-Urlencoded; charset=utf-8"),
        signed(
            as_form(ISSUE | {"issue": ISSUE["issue"] | {"title": "é ❤ + & = %"}}), "application/x-www-form-urlencoded"
        ),
        signed(json.dumps(ISSUE).encode(), "application/json; charset=utf-8"),
        signed(json.dumps(ISSUE).encode(), "application/vnd.github+json"),
    ],
    ids=["GitHub's default", "in other letters", "with characters of forms", "JSON", "JSON by another name"],
)
async def test_github_may_send_forms_and_json(call: dict[str, Any]) -> None:
    """A form is the default where somebody makes a webhook."""
    woken = Woken()
    async with served(woken) as session:
        assert await status(session, "/hooks/github", call) == 202

    assert woken.pokes == [("app", "1031", False)]


FORM = "application/x-www-form-urlencoded"
UNREADABLE = {
    "a form without the field": (signed(b"a=1", FORM), 400),
    "a form with two": (signed(b"payload=%7B%7D&payload=%7B%7D", FORM), 400),
    "a form with half an object": (signed(b"payload=%7B", FORM), 400),
    "a form that is no text": (signed(b"payload=\xff", FORM), 400),
    "a form of odd bytes": (signed(b"payload=%FF%FE", FORM), 400),
    "JSON in a form's clothes": (signed(b'{"issue": {}}', FORM), 400),
    "many fields": (signed(b"&".join(b"a=1" for _ in range(1_000)), FORM), 400),
    "half an object": (signed(b"{", "application/json"), 400),
    "no JSON": (signed(b"payload=%7B%7D", "application/json"), 400),
    "bytes": (signed(b"\xff", "application/json"), 400),
    "very deep": (signed(b"[" * 100_000, "application/json"), 400),
    "a long number": (signed(b"9" * 100_000, "application/json"), 400),
    "nothing": (signed(b"", "application/json"), 400),
    "XML": (signed(b"<issue/>", "application/xml"), 415),
    "plain text": (signed(b"{}", "text/plain"), 415),
    "a multipart": (signed(b"--x", "multipart/form-data; boundary=x"), 415),
    "false gzip": (signed(b"\x1f\x8bno", "application/json", **{"Content-Encoding": "gzip"}), 415),
}


@pytest.mark.parametrize(("call", "code"), UNREADABLE.values(), ids=UNREADABLE)
async def test_what_can_not_be_read_is_refused_with_a_line(
    call: dict[str, Any], code: int, caplog: pytest.LogCaptureFixture
) -> None:
    """And not accepted and ignored: who set it up sees it in the sender's list of deliveries, and in the log."""
    woken = Woken()
    async with served(woken) as session:
        for path in ("/hooks/github", "/hooks/jira"):
            # A compressed body would be packed by the client.
            async with session.post(path, data=call["data"], headers=call["headers"], compress=None) as answer:
                expected = 415 if path == "/hooks/jira" and call["headers"]["Content-Type"] == FORM else code
                assert answer.status == expected
                assert await answer.text()

    assert woken.pokes == []
    assert len(caplog.records) == 2
    assert not [record for record in caplog.records if record.exc_info]


async def test_what_could_not_be_read_may_come_again() -> None:
    """With its number, once the content type is mended."""
    woken = Woken()
    async with served(woken) as session:
        number = {"X-GitHub-Delivery": "d-1"}
        assert await status(session, "/hooks/github", signed(b"<x/>", "application/xml", **number)) == 415
        assert await status(session, "/hooks/github", signed(as_form(ISSUE), FORM, **number)) == 202

    assert len(woken.pokes) == 1


async def test_a_form_is_signed_as_it_is_sent() -> None:
    """Not by what it holds."""
    woken = Woken()
    async with served(woken) as session:
        call = signed(as_form(ISSUE), FORM)
        call["headers"]["X-Hub-Signature-256"] = signature_of(SECRET, json.dumps(ISSUE).encode())
        assert await status(session, "/hooks/github", call) == 401

    assert woken.pokes == []


async def test_200_unsigned_calls_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever they hold."""
    async with served(Woken()) as session:
        for number in range(200):
            assert await status(session, "/hooks/github", {"data": b"\xff" * number}) == 401

    assert len(caplog.records) == 1


async def test_a_delivery_that_comes_again_wakes_nothing() -> None:
    """GitHub's own button sends one again with its number; it is answered like the first."""
    woken = Woken()
    async with served(woken) as session:
        for _ in range(3):
            assert await status(session, "/hooks/github", from_github(ISSUE)) == 202
        await status(session, "/hooks/github", from_github(ISSUE, delivery="d-2"))

    assert len(woken.pokes) == 2


async def test_releases_and_milestones_are_looked_at_too() -> None:
    """They concern many issues at once."""
    body = {"action": "published", "repository": {"full_name": "harbor-vpn/app"}}
    woken = Woken()
    async with served(woken) as session:
        await status(session, "/hooks/github", from_github(body, "release", "1"))
        await status(session, "/hooks/github", from_github(body, "milestone", "2"))
        await status(session, "/hooks/github", from_github({"zen": "Keep it logically awesome."}, "ping", "3"))
        await status(session, "/hooks/github", from_github({"repository": {"full_name": "x/y"}}, "issues", "4"))

    assert woken.pokes == [("app", "", True), ("app", "", True)]


async def test_a_repository_that_is_renamed_wakes_all() -> None:
    """It no longer has the name that is configured."""
    woken = Woken()
    async with served(woken) as session:
        body = {"action": "renamed", "repository": {"full_name": "harbor-vpn/client"}}
        await status(session, "/hooks/github", from_github(body, "repository"))

    assert [name for name, _, _ in woken.pokes] == ["app", "web"]


async def test_jira_wakes_the_tracker_of_its_project() -> None:
    """Ids are text there; a version does not name its project, so all are asked."""
    woken = Woken()
    async with served(woken) as session:
        body = {"webhookEvent": "jira:issue_deleted", "issue": {"id": "10031", "key": "VPN-31"}}
        assert await status(session, "/hooks/jira", from_jira(body)) == 202
        version = {"webhookEvent": "jira:version_released", "version": {"projectId": 10000}}
        await status(session, "/hooks/jira", from_jira(version, "d-2"))

    assert woken.pokes == [("vpn", "10031", False), ("vpn", "", True), ("pay", "", True)]


@pytest.mark.parametrize("header", ["", "sha256=00", "sha1=00", "é", "sha256=\udcff\udcfe"])
async def test_a_call_without_a_valid_signature_is_refused(header: str) -> None:
    """And wakes nothing."""
    woken = Woken()
    async with served(woken) as session:
        call = from_github(ISSUE)
        call["headers"]["X-Hub-Signature-256"] = header
        assert await status(session, "/hooks/github", call) == 401
        del call["headers"]["X-Hub-Signature-256"]
        assert await status(session, "/hooks/github", call) == 401

    assert woken.pokes == []


@pytest.mark.parametrize(
    "body", [None, [], "text", {"repository": 1}, {"issue": [], "repository": {"full_name": None}}]
)
async def test_signed_nonsense_is_taken_and_wakes_nothing_of_github(body: Any) -> None:
    """A sender that may call is not told off for what it says."""
    woken = Woken()
    async with served(woken) as session:
        assert await status(session, "/hooks/github", from_github(body)) == 202

    assert woken.pokes == []


async def test_a_body_that_is_too_large_is_not_read() -> None:
    """Whether its length is said before or not."""
    woken = Woken()

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(BODY_MAX // 65_536 + 2):
            yield b"x" * 65_536

    async with served(woken) as session:
        with contextlib.suppress(aiohttp.ClientError):
            assert await status(session, "/hooks/github", {"data": b"x" * (BODY_MAX + 1)}) == 413
        with contextlib.suppress(aiohttp.ClientError):
            assert await status(session, "/hooks/github", {"data": parts()}) == 413
        assert await status(session, "/hooks/github", from_github(ISSUE)) == 202


async def test_a_hook_without_a_secret_is_not_there() -> None:
    """Nobody could tell who is calling."""
    async with served(Woken(), hooks=False) as session:
        assert await status(session, "/hooks/github", from_github(ISSUE)) == 404


@pytest.mark.parametrize(("connected", "code"), [(True, 200), (False, 503)])
async def test_health_says_whether_slack_reaches_the_bot(connected: bool, code: int) -> None:
    """For whoever watches the process."""
    async with served(Woken(), connected=connected) as session, session.get("/healthz") as answer:
        assert answer.status == code
        assert await answer.json() == {"alive": True, "connected": connected}
