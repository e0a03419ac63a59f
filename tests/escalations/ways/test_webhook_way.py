"""The company's own webhook: what it gets, how it can tell who sent it, and what becomes of its refusals."""

import contextlib
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.escalations.telling import Failure, FailureKind, NotTellable, TellingOutcome
from bot.escalations.ways.texts import text
from bot.escalations.ways.webhook import WebhookWay, key_of
from tests.escalations.ways.tellings import LINK, POST, telling
from tests.fake_clock import FakeClock
from tests.loopback import served
from tests.probes.listeners import Handler, answering, listening, resetting, silent

SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()


class Receiver:
    """Answers with one status after the other; the last one stays."""

    def __init__(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        self._statuses = list(statuses)
        self._headers = headers
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    async def take(self, request: web.Request) -> web.Response:
        self.heads.append({name.lower(): value for name, value in request.headers.items()})
        self.bodies.append(await request.read())
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return web.Response(status=status, headers=self._headers)


class Waiting:
    """A sleep that takes no time, and moves the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock.advance(seconds)


@contextlib.asynccontextmanager
async def running(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with served(app) as url:
        yield f"{url}/hook"


async def told(url: str, *, secret: str = SECRET, timeout_s: float = 5.0) -> tuple[TellingOutcome, list[float]]:
    """The outcome, and what was waited for."""
    clock = FakeClock()
    waiting = Waiting(clock)
    environ = {"ONCALL_URL": url, "ONCALL_URL_SECRET": secret}
    async with aiohttp.ClientSession() as session:
        way = WebhookWay(session=session, environ=environ, clock=clock, sleep=waiting, timeout_s=timeout_s)
        return await way.tell(("ONCALL_URL",), telling()), waiting.slept


async def test_it_gets_what_to_do_as_json() -> None:
    receiver = Receiver(204)
    async with running(receiver) as url:
        outcome, _ = await told(url)

    assert outcome == TellingOutcome(("ONCALL_URL",))
    assert receiver.heads[0]["content-type"] == "application/json"
    assert json.loads(receiver.bodies[0]) == {
        "type": "escalation.step",
        "key": "ladder/42",
        "escalation": 5,
        "investigation": "INV-12",
        "priority": "P1",
        "title": "U.S. East, packet loss",
        "request": "Call the transit provider and ask for another route",
        "text": text(telling()),
        "slack_url": POST,
        "acknowledge_url": LINK,
    }


async def test_its_signature_is_checked_with_a_few_lines() -> None:
    """As Standard Webhooks says, without anything of the bot."""
    receiver = Receiver(200)
    async with running(receiver) as url:
        await told(url)

    head, body = receiver.heads[0], receiver.bodies[0]
    said = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    mac = hmac.new(b64decode(SECRET[len("whsec_") :]), said, hashlib.sha256).digest()
    assert head["webhook-signature"] == "v1," + b64encode(mac).decode()
    assert int(head["webhook-timestamp"]) == int(FakeClock()().timestamp())


async def test_every_try_has_the_same_key_and_a_time_of_its_own() -> None:
    """So that whoever took it and could not say so has it once."""
    receiver = Receiver(500, 503, 200)
    async with running(receiver) as url:
        outcome, slept = await told(url)

    assert outcome == TellingOutcome(("ONCALL_URL",))
    assert slept == [1.0, 4.0]
    assert {(head["idempotency-key"], head["webhook-id"]) for head in receiver.heads} == {("ladder/42", "ladder/42")}
    assert len({head["webhook-timestamp"] for head in receiver.heads}) == 3
    assert len(set(receiver.bodies)) == 1


@pytest.mark.parametrize(
    ("status", "headers", "kind", "slept"),
    [
        (429, {"retry-after": "3"}, FailureKind.RATE_LIMITED, [3.0, 4.0]),
        (429, {"retry-after": "600"}, FailureKind.RATE_LIMITED, []),
        (429, None, FailureKind.RATE_LIMITED, [1.0, 4.0]),
        (503, {"retry-after": "Fri, 20 Nov 2026 09:12:08 GMT"}, FailureKind.UNREACHABLE, [8.0, 4.0]),
        (500, None, FailureKind.UNREACHABLE, [1.0, 4.0]),
        (400, None, FailureKind.REFUSED, []),
        (401, None, FailureKind.REFUSED, []),
        (302, {"location": "http://127.0.0.1:1/"}, FailureKind.REFUSED, []),
    ],
)
async def test_refusals_have_their_kinds(
    status: int, headers: dict[str, str] | None, kind: FailureKind, slept: list[float]
) -> None:
    """What may be better later is tried three times in less than a minute; whoever wants longer is told by the next
    step. Where it is sent elsewhere it does not go: the signature and the link would go along."""
    receiver = Receiver(status, headers=headers)
    async with running(receiver) as url:
        outcome, waited = await told(url)

    assert outcome == TellingOutcome(failure=Failure(kind, f"it answered {status}"))
    assert waited == slept
    assert len(receiver.heads) == len(slept) + 1


@pytest.mark.parametrize(
    ("handler", "detail"),
    [
        (silent, "no answer within 0.2 s"),
        (resetting, "the connection broke"),
        (answering(b"SSH-2.0-OpenSSH\r\n\r\n"), "its answer is broken"),
    ],
)
async def test_whoever_never_answers_is_unreachable(handler: Handler, detail: str) -> None:
    async with listening(handler) as port:
        outcome, slept = await told(f"http://127.0.0.1:{port}/hook", timeout_s=0.2)

    assert outcome == TellingOutcome(failure=Failure(FailureKind.UNREACHABLE, detail))
    assert slept == [1.0, 4.0]


@pytest.mark.parametrize(
    ("url", "secret", "detail"),
    [
        ("", SECRET, "ONCALL_URL is not set"),
        ("https://", SECRET, "ONCALL_URL holds no address that begins with https://"),
        ("https://[x", SECRET, "ONCALL_URL holds no address that begins with https://"),
        ("ftp://x", SECRET, "ONCALL_URL holds no address that begins with https://"),
        ("http://127.0.0.1:1/", "", "ONCALL_URL_SECRET is not set"),
        ("http://127.0.0.1:1/", "hunter2", "ONCALL_URL_SECRET is not base64 of at least 24 bytes"),
        ("http://127.0.0.1:1/", "YWJj", "ONCALL_URL_SECRET is not base64 of at least 24 bytes"),
    ],
)
async def test_nothing_is_sent_unsigned(url: str, secret: str, detail: str) -> None:
    """What is missing is named, what is wrong is not shown."""
    assert await told(url, secret=secret) == (TellingOutcome(failure=Failure(FailureKind.NOT_CONFIGURED, detail)), [])


async def test_what_is_asked_beforehand_names_the_host_only() -> None:
    environ = {"ONCALL_URL_SECRET": SECRET}
    async with aiohttp.ClientSession() as session:
        way = WebhookWay(session=session, environ=environ, clock=FakeClock())
        for rest in ("/in?token=x", "?token=x", "#token", "", ":8443/x"):
            environ["ONCALL_URL"] = f"https://user:pw@hooks.example.com{rest}"
            assert way.check("ONCALL_URL") == "hooks.example.com"
        with pytest.raises(NotTellable, match=r"^OTHER is not set$"):
            way.check("OTHER")


def test_a_secret_may_have_its_usual_prefix() -> None:
    assert key_of(SECRET) == key_of(SECRET.removeprefix("whsec_")) == b"0123456789abcdef0123456789abcdef"
