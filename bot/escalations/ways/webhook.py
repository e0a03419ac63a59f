"""A webhook of the company's own: JSON with a signature, and the same key on every retry.

It is signed as Standard Webhooks says (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body, so that
whoever receives it can check it with a library in most languages. `Idempotency-Key` is the same as the id.
"""

import asyncio
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.escalations.telling import Failure, FailureKind, NotTellable, Telling, TellingOutcome
from bot.escalations.ways.outcomes import of_status, together
from bot.escalations.ways.texts import text
from bot.http_json import HttpJson, JsonAnswer, NoAnswer, NoAnswerInTime, Unreachable, retry_after_s

SECRET_SUFFIX = "_SECRET"
"""The secret of ONCALL_URL is in ONCALL_URL_SECRET."""
PREFIX = "whsec_"
KEY_BYTES_MIN = 24
TIMEOUT_S = 10.0
PAUSES_S = (1.0, 4.0)
"""Between the tries: three of them, all together below a minute."""
WAIT_MAX_S = 10.0
"""Whoever wants us to wait for longer is told later, by the next step."""
BODY_MAX = 1024 * 1024
"""Nothing of an answer but its status is read; some send a page along."""

Sleep = Callable[[float], Awaitable[None]]


class WebhookWay:
    """`environ` has the addresses and their secrets by the names of their variables."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        environ: Mapping[str, str],
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._http = HttpJson(session=session, system="The webhook", timeout_s=timeout_s, body_max=BODY_MAX)
        self._environ = environ
        self._clock = clock
        self._sleep = sleep

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        return together(await asyncio.gather(*(self._tell(name, telling) for name in recipients)))

    def check(self, name: str) -> str:
        """Where the address of a variable is ("hooks.example.com"). Nothing is sent. Raises NotTellable."""
        url, _ = self._address(name)
        return _host(url)

    async def _tell(self, name: str, telling: Telling) -> TellingOutcome:
        try:
            url, key = self._address(name)
        except NotTellable as error:
            return TellingOutcome(failure=Failure(FailureKind.NOT_CONFIGURED, error.sentence))
        body = json.dumps(_said(telling)).encode()
        for pause_s in (*PAUSES_S, None):
            failure, wait_s = await self._try(url, body, telling.key, key)
            if not failure:
                return TellingOutcome((name,))
            if wait_s is None or pause_s is None or wait_s > WAIT_MAX_S:
                break
            await self._sleep(max(wait_s, pause_s))
        return TellingOutcome(failure=failure)

    async def _try(self, url: str, body: bytes, number: str, key: bytes) -> tuple[Failure | None, float | None]:
        """Why it failed, and after how many seconds another try can help; None where it can't."""
        headers = {"content-type": "application/json", "idempotency-key": number}
        headers |= signed(body, number=number, at=int(self._clock().timestamp()), key=key)
        try:
            answer = await self._http.ask("POST", url, headers=headers, body=body)
        except NoAnswer as error:
            return Failure(FailureKind.UNREACHABLE, _why(error)), 0.0 if error.retry else None
        return self._read(answer)

    def _read(self, answer: JsonAnswer) -> tuple[Failure | None, float | None]:
        if 200 <= answer.status < 300:
            return None, None
        failure = of_status(answer.status)
        if failure.kind is FailureKind.REFUSED:
            return failure, None
        return failure, retry_after_s(answer.headers, self._clock()) or 0.0

    def _address(self, name: str) -> tuple[str, bytes]:
        """Raises NotTellable."""
        url, secret = (self._environ.get(variable, "").strip() for variable in (name, name + SECRET_SUFFIX))
        if not url:
            raise NotTellable(f"{name} is not set")
        if not url.startswith(("https://", "http://")) or not _host(url):
            raise NotTellable(f"{name} holds no address that begins with https://")
        if not secret:
            raise NotTellable(f"{name}{SECRET_SUFFIX} is not set")
        key = key_of(secret)
        if len(key) < KEY_BYTES_MIN:
            raise NotTellable(f"{name}{SECRET_SUFFIX} is not base64 of at least {KEY_BYTES_MIN} bytes")
        return url, key


def _host(url: str) -> str:
    """Without what may be a secret; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def key_of(secret: str) -> bytes:
    """The bytes to sign with; none where it is no base64. `whsec_` may stand before it."""
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return b""


def signed(body: bytes, *, number: str, at: int, key: bytes) -> dict[str, str]:
    """The three headers of a signature. Whoever gets them compares the time too: nobody can send it again later."""
    mac = hmac.new(key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }


def _said(telling: Telling) -> dict[str, object]:
    return {
        "type": "escalation.step",
        "key": telling.key,
        "escalation": telling.escalation_id,
        "investigation": telling.name,
        "priority": telling.priority or None,
        "title": telling.title,
        "request": telling.request,
        "text": text(telling),
        "slack_url": telling.post_url or None,
        "acknowledge_url": telling.acknowledge_url or None,
    }


def _why(error: NoAnswer) -> str:
    if isinstance(error, NoAnswerInTime):
        return f"no answer within {error.timeout_s:g} s"
    return error.why if isinstance(error, Unreachable) else "its answer is broken"
