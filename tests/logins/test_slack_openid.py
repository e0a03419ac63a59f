"""Sign in with Slack, against a provider that tells anything."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.logins.model import LoginFailed, SlackIdentity
from bot.logins.slack_openid import SlackOpenId
from tests.fake_clock import FakeClock
from tests.loopback import as_json, served

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
BACK = "https://secondline.example/login/back"


@dataclass
class Provider:
    """What it answers may be changed by a test; `forms` are what it was sent for a token."""

    clock: FakeClock = field(default_factory=FakeClock)
    url: str = ""
    pkce: bool = True
    elsewhere: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    key_id: str = "one"
    algorithm: str = "RS256"
    answer: dict[str, Any] | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    keys_asked: int = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._described)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        return app

    async def _described(self, _request: web.Request) -> web.Response:
        described: dict[str, Any] = {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize"}
        described |= {"token_endpoint": f"{self.elsewhere or self.url}/token", "jwks_uri": f"{self.url}/keys"}
        return as_json(described | ({"code_challenge_methods_supported": ["S256"]} if self.pkce else {}))

    async def _keys(self, _request: web.Request) -> web.Response:
        self.keys_asked += 1
        numbers = KEY.public_key().public_numbers()
        n, e = (_number(number) for number in (numbers.n, numbers.e))
        return as_json({"keys": [{"kty": "RSA", "kid": "one", "alg": "RS256", "n": n, "e": e}]})

    async def _token(self, request: web.Request) -> web.Response:
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        if self.answer is not None:
            return as_json(self.answer)
        now = int(self.clock().timestamp())
        claims = {"iss": self.url, "sub": "UKIM", "aud": "client", "exp": now + 300, "iat": now, "nonce": "the-nonce"}
        claims |= {"https://slack.com/user_id": "UKIM", "https://slack.com/team_id": "T1"}
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        token = jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.key_id})
        return as_json({"ok": True, "id_token": token})


def _number(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


@asynccontextmanager
async def asking(provider: Provider) -> AsyncIterator[SlackOpenId]:
    async with served(provider.app()) as url, aiohttp.ClientSession() as session:
        provider.url = url
        yield SlackOpenId(
            session=session,
            url=url,
            client_id="client",
            client_secret="hush",
            redirect_url=BACK,
            workspace="T1",
            clock=provider.clock,
        )


async def test_who_slack_says_it_is() -> None:
    provider = Provider()
    async with asking(provider) as slack:
        url = await slack.authorize_url(state="s", nonce="the-nonce", verifier="v" * 43)
        identity = await slack.identity(code="c", nonce="the-nonce", verifier="v" * 43)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    assert identity == SlackIdentity("UKIM", "T1")
    assert asked["redirect_uri"] == BACK and asked["team"] == "T1" and asked["code_challenge_method"] == "S256"
    assert "v" * 43 not in url
    assert provider.forms[0]["code_verifier"] == "v" * 43


async def test_without_pkce_no_verifier_is_sent() -> None:
    provider = Provider(pkce=False)
    async with asking(provider) as slack:
        url = await slack.authorize_url(state="s", nonce="the-nonce", verifier="v" * 43)
        await slack.identity(code="c", nonce="the-nonce", verifier="v" * 43)

    assert "code_challenge" not in url and "code_verifier" not in provider.forms[0]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 1_000},
        {"exp": None},
        {"exp": "soon"},
        {"https://slack.com/user_id": None},
        {"https://slack.com/user_id": ["UKIM"]},
        {"https://slack.com/team_id": 5},
    ],
)
async def test_what_is_said_of_somebody_else_or_another_time_is_refused(claims: dict[str, Any]) -> None:
    async with asking(Provider(claims=claims)) as slack:
        with pytest.raises(LoginFailed, match="can't be trusted"):
            await slack.identity(code="c", nonce="the-nonce", verifier="v")


@pytest.mark.parametrize(
    "provider",
    [
        Provider(key=OTHER_KEY),
        Provider(key_id="unknown"),
        Provider(key="a-shared-secret-of-thirty-two-bytes", algorithm="HS256"),
        Provider(key=None, algorithm="none"),
        Provider(answer={"ok": True, "id_token": "no.token.at-all"}),
        Provider(answer={"ok": True}),
        Provider(answer={"ok": True, "id_token": {"a": 1}}),
    ],
)
async def test_what_slack_did_not_sign_is_refused(provider: Provider) -> None:
    async with asking(provider) as slack:
        with pytest.raises(LoginFailed, match="can't be trusted"):
            await slack.identity(code="c", nonce="the-nonce", verifier="v")


@pytest.mark.parametrize("answer", [{"ok": False, "error": "invalid_code"}, {}, {"ok": "yes"}])
async def test_a_code_that_slack_does_not_take_is_no_sign_in(answer: dict[str, Any]) -> None:
    async with asking(Provider(answer=answer)) as slack:
        with pytest.raises(LoginFailed, match="did not take"):
            await slack.identity(code="c", nonce="the-nonce", verifier="v")


async def test_the_clients_secret_goes_to_no_other_host() -> None:
    provider = Provider(elsewhere="https://evil.example")
    async with asking(provider) as slack:
        with pytest.raises(LoginFailed):
            await slack.authorize_url(state="s", nonce="n", verifier="v")


async def test_keys_are_asked_for_once_and_again_for_an_unknown_one() -> None:
    provider = Provider()
    async with asking(provider) as slack:
        for _ in range(3):
            await slack.identity(code="c", nonce="the-nonce", verifier="v")
        assert provider.keys_asked == 1
        provider.key_id = "new"
        with pytest.raises(LoginFailed):
            await slack.identity(code="c", nonce="the-nonce", verifier="v")

    assert provider.keys_asked == 2


async def test_slack_away_says_so() -> None:
    async with aiohttp.ClientSession() as session:
        slack = SlackOpenId(
            session=session,
            url="http://127.0.0.1:1",
            client_id="client",
            client_secret="hush",
            redirect_url=BACK,
            workspace="T1",
            clock=FakeClock(),
        )
        with pytest.raises(LoginFailed, match="can't be reached"):
            await slack.authorize_url(state="s", nonce="n", verifier="v")
