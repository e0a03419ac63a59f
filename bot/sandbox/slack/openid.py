"""Sign in with Slack, as the sandbox's Slack offers it: whoever signs in chooses whom to act as.

It is as strict as https://docs.slack.dev/authentication/sign-in-with-slack and RFC 7636 (PKCE) say: a code is for one
use, one client, one redirect URL and ten minutes.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bot.sandbox.slack.origin import base_url
from bot.sandbox.slack.seeds import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.slack.site import Site

CODE_LASTS, TOKEN_LASTS = timedelta(minutes=10), timedelta(minutes=5)
KEY_ID = "sandbox-1"
_STYLE = """:root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:30rem;
margin:0 auto;padding:1.5rem}
button{font:inherit;display:block;width:100%;text-align:left;padding:.7rem 1rem;margin:.4rem 0;border:1px solid #8888;
border-radius:8px;background:none;color:inherit;cursor:pointer}small{opacity:.7}"""


@dataclass(frozen=True, slots=True)
class _Code:
    user: str
    redirect_uri: str
    nonce: str
    challenge: str
    at: datetime


class OpenId:
    """The pages of the sign-in and the method that gives tokens. `now` is the workspace's clock."""

    def __init__(self, *, site: Site) -> None:
        self._site = site
        self._codes: dict[str, _Code] = {}

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added before the route of all other methods."""
        return [
            web.get("/.well-known/openid-configuration", self._described),
            web.get("/openid/connect/keys", self._keys),
            web.get("/openid/connect/authorize", self._authorize),
            web.post("/openid/connect/authorize", self._chosen),
            web.post("/api/openid.connect.token", self._token),
        ]

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        """Made when somebody signs in: most runs need none."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    async def _described(self, request: web.Request) -> web.Response:
        base = base_url(request)
        return web.json_response(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/openid/connect/authorize",
                "token_endpoint": f"{base}/api/openid.connect.token",
                "jwks_uri": f"{base}/openid/connect/keys",
                "scopes_supported": ["openid", "profile", "email"],
                "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID}
        return web.json_response({"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]})

    async def _authorize(self, request: web.Request) -> web.Response:
        """The page on which somebody chooses as whom they sign in."""
        wrong = self._wrong(request.query)
        if wrong:
            return web.Response(status=400, text=f"Slack can't sign you in: {wrong}.")
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in request.query.items()
        )
        people = [person for person in self._site.workspace.people.values() if not person.is_bot]
        buttons = "".join(
            f'<button name="user" value="{escape(person.id)}">{escape(person.real_name)}'
            f"<br><small>@{escape(person.name)}</small></button>"
            for person in people
        )
        team = escape(self._site.workspace.seed.team_name)
        body = f"<h1>Sign in to {team}</h1><p>Act as:</p><form method=post>{hidden}{buttons}</form>"
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in with Slack</title>'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
            f"<body><main>{body}</main></body></html>"
        )
        return web.Response(text=page, content_type="text/html")

    async def _chosen(self, request: web.Request) -> web.Response:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        wrong, person = self._wrong(form), self._site.workspace.people.get(form.get("user", ""))
        if wrong or not person:
            return web.Response(status=400, text=f"Slack can't sign you in: {wrong or 'nobody was chosen'}.")
        code = secrets.token_hex(16)
        self._codes[code] = _Code(
            user=person.id,
            redirect_uri=form["redirect_uri"],
            nonce=form.get("nonce", ""),
            challenge=form.get("code_challenge", ""),
            at=self._site.workspace.clock(),
        )
        back = urlencode({"code": code, "state": form.get("state", "")})
        raise web.HTTPSeeOther(f"{form['redirect_uri']}?{back}")

    def _wrong(self, asked: Mapping[str, str]) -> str:
        if asked.get("client_id") != CLIENT_ID:
            return "invalid_client_id"
        scopes = set(asked.get("scope", "").split())
        if asked.get("response_type") != "code" or "openid" not in scopes or scopes - self._allowed():
            return "invalid_scope"
        if not asked.get("redirect_uri", "").startswith(("http://127.0.0.1:", "http://localhost:")):
            return "bad_redirect_uri"
        if asked.get("team", "") not in ("", self._site.workspace.seed.team_id):
            return "invalid_team_id"
        return ""

    def _allowed(self) -> set[str]:
        """Those of the app's manifest (https://docs.slack.dev/tools/java-slack-sdk/guides/sign-in-with-slack)."""
        return self._site.workspace.manifest.user_scopes

    async def _token(self, request: web.Request) -> web.Response:
        """openid.connect.token: errors come with 200 and "ok": false, as those of every method."""
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _refused("bad_client_secret" if form.get("client_id") == CLIENT_ID else "invalid_client_id")
        code, now = self._codes.pop(str(form.get("code")), None), self._site.workspace.clock()
        if not code or now - code.at > CODE_LASTS:
            return _refused("invalid_code")
        if form.get("redirect_uri") != code.redirect_uri:
            return _refused("bad_redirect_uri")
        if code.challenge and _challenge(str(form.get("code_verifier"))) != code.challenge:
            return _refused("invalid_code_verifier")
        token = self._signed(self._claims(base_url(request), code, now))
        return web.json_response(
            {"ok": True, "access_token": "xoxp-sandbox", "token_type": "Bearer", "id_token": token}
        )

    def _claims(self, issuer: str, code: _Code, now: datetime) -> dict[str, Any]:
        seed, issued = self._site.workspace.seed, int(now.timestamp())
        ends = issued + int(TOKEN_LASTS.total_seconds())
        claims = {"iss": issuer, "sub": code.user, "aud": CLIENT_ID, "exp": ends, "iat": issued, "auth_time": issued}
        claims |= {"nonce": code.nonce, "https://slack.com/user_id": code.user}
        return claims | {"https://slack.com/team_id": seed.team_id, "name": self._site.workspace.name_of(code.user)}

    def _signed(self, claims: Mapping[str, Any]) -> str:
        """A JSON web token (RFC 7519) with RS256."""
        head = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
        said = f"{_text(json.dumps(head).encode())}.{_text(json.dumps(claims).encode())}"
        return f"{said}.{_text(self._key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _refused(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})


def _challenge(verifier: str) -> str:
    return _text(hashlib.sha256(verifier.encode()).digest())


def _number(number: int) -> str:
    return _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
