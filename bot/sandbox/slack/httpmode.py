"""HTTP delivery with signatures v0 (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlencode

import aiohttp

from bot.clock import Clock
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.seeds import HttpMode, Timing
from bot.sandbox.slack.transport import NOT_CONNECTED, TIMEOUT, NotDelivered, Retry


def signature(secret: str, timestamp: str, body: bytes) -> str:
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts payloads to the app's request URL: events as JSON, the rest as forms."""

    def __init__(self, *, clock: Clock, mode: HttpMode, timing: Timing) -> None:
        self._clock = clock
        self._mode = mode
        self._timing = timing
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        return True

    async def verify(self) -> bool:
        """Slack's check of a request URL: it must answer the challenge."""
        challenge = secrets.token_hex(12)
        try:
            answer = await self.send("events_api", {"type": "url_verification", "challenge": challenge}, retry=Retry())
        except NotDelivered:
            return False
        return challenge in (answer.get("challenge"), answer.get("text"))

    async def send(self, kind: str, payload: Json, *, retry: Retry) -> Json:
        body, content_type = _encoded(kind, payload)
        headers = self._headers(body, content_type, retry)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timing.ack_s))
        try:
            async with self._session.post(self._mode.request_url, data=body, headers=headers) as response:
                if response.status != 200:
                    raise NotDelivered("http_error", final=response.headers.get("X-Slack-No-Retry") == "1")
                return _decoded(await response.text())
        except TimeoutError:
            raise NotDelivered("http_" + TIMEOUT) from None
        except aiohttp.ClientError:
            raise NotDelivered(NOT_CONNECTED) from None

    def _headers(self, body: bytes, content_type: str, retry: Retry) -> dict[str, str]:
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._mode.signing_secret, timestamp, body),
        }
        again = {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        return headers | (again if retry.attempt else {})

    async def cut(self) -> None:
        """There is no connection between two payloads."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decoded(text: str) -> Json:
    if not text:
        return {}
    try:
        answer = json.loads(text)
    except ValueError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}
