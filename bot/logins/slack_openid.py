"""Sign in with Slack: OpenID Connect's code flow (https://docs.slack.dev/authentication/sign-in-with-slack)."""

import hashlib
import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import jwt

from bot.clock import Clock
from bot.http_json import HttpJson, NoAnswer
from bot.logins.model import LoginFailed, SlackIdentity
from bot.loose_json import mapping, objects

logger = logging.getLogger(__name__)

DISCOVERY = "/.well-known/openid-configuration"
SCOPES = "openid profile"
FRESH = timedelta(hours=24)
"""How long Slack's own description of its sign-in, and its keys, are kept."""
LEEWAY_S = 60
TIMEOUT_S = 10.0
TRY_AGAIN = "Begin again; if that doesn't help, tell your admin: the log says more."


@dataclass(frozen=True, slots=True)
class _Described:
    """What the provider says of itself (OpenID Connect Discovery section 3)."""

    issuer: str
    authorize: str
    token: str
    keys: str
    takes_pkce: bool
    at: datetime


class SlackOpenId:
    """Asks the provider below `url` ("https://slack.com"). The session stays the caller's."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        url: str,
        client_id: str,
        client_secret: str,
        redirect_url: str,
        workspace: str,
        clock: Clock,
    ) -> None:
        self._http = HttpJson(session=session, system="Sign in with Slack", timeout_s=TIMEOUT_S)
        self._url = url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_url = redirect_url
        self._workspace = workspace
        self._clock = clock
        self._known: _Described | None = None
        self._keys: Mapping[str, jwt.PyJWK] = {}

    async def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        described = await self._described()
        asked = {"response_type": "code", "scope": SCOPES, "client_id": self._client_id, "state": state}
        asked |= {"nonce": nonce, "redirect_uri": self._redirect_url, "team": self._workspace}
        if described.takes_pkce:
            asked |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
        return f"{described.authorize}?{urlencode(asked)}"

    async def identity(self, *, code: str, nonce: str, verifier: str) -> SlackIdentity:
        described = await self._described()
        given = {"client_id": self._client_id, "client_secret": self._client_secret, "code": code}
        given |= {"redirect_uri": self._redirect_url, "grant_type": "authorization_code"}
        given |= {"code_verifier": verifier} if described.takes_pkce else {}
        answer = await self._asked("POST", described.token, urlencode(given).encode())
        if answer.get("ok") is not True:
            logger.warning("sign-in: Slack gave no token: %s", str(answer.get("error"))[:60])
            raise LoginFailed(f"Slack did not take this sign-in. {TRY_AGAIN}")
        claims = await self._claims(described, str(answer.get("id_token") or ""))
        if claims.get("nonce") != nonce:
            raise _refused("its nonce is another sign-in's")
        user, workspace = claims.get("https://slack.com/user_id"), claims.get("https://slack.com/team_id")
        if not isinstance(user, str) or not isinstance(workspace, str) or not user:
            raise _refused("it names no person")
        return SlackIdentity(user, workspace)

    async def _claims(self, described: _Described, token: str) -> Mapping[str, Any]:
        """What an id token says, once its signature, issuer, audience and times hold (OpenID Connect Core 3.1.3.7)."""
        try:
            key = await self._key(described, str(jwt.get_unverified_header(token).get("kid") or ""))
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._client_id,
                issuer=described.issuer,
                # The library goes by the machine's clock.
                options={"require": ["iss", "sub", "aud", "exp"], "verify_exp": False, "verify_iat": False},
            )
            ended = float(claims["exp"]) + LEEWAY_S < self._clock().timestamp()
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise _refused(str(error)[:100]) from error
        if ended:
            raise _refused("it has expired")
        return claims

    async def _key(self, described: _Described, key_id: str) -> jwt.PyJWK:
        """Slack changes its keys now and then: an unknown one is looked for once."""
        if key_id not in self._keys:
            answer = await self._asked("GET", described.keys)
            keys = [jwt.PyJWK(dict(key)) for key in objects(answer.get("keys")) if key.get("kty") == "RSA"]
            self._keys = {key.key_id or "": key for key in keys}
        if key_id not in self._keys:
            raise _refused("it is signed with an unknown key")
        return self._keys[key_id]

    async def _described(self) -> _Described:
        if self._known and self._clock() - self._known.at < FRESH:
            return self._known
        said = await self._asked("GET", f"{self._url}{DISCOVERY}")
        urls = [self._its_own(said.get(f"{name}")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        methods = said.get("code_challenge_methods_supported")
        takes_pkce = isinstance(methods, list) and "S256" in methods
        self._known = _Described(str(said.get("issuer") or ""), urls[0], urls[1], urls[2], takes_pkce, self._clock())
        self._keys = {}
        return self._known

    def _its_own(self, url: object) -> str:
        """The client's secret goes to no other host than the one that is configured."""
        if isinstance(url, str) and urlsplit(url)[:2] == urlsplit(self._url)[:2]:
            return url
        raise _refused("its description names another host")

    async def _asked(self, method: str, url: str, form: bytes | None = None) -> Mapping[str, Any]:
        headers = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
        try:
            answer = await self._http.ask(method, url, body=form, headers=headers)
        except NoAnswer as error:
            raise LoginFailed(f"Slack's sign-in can't be reached ({error.reason}). Try again in a minute.") from error
        return mapping(answer.json())


def _refused(why: str) -> LoginFailed:
    logger.warning("sign-in: what Slack answered is not taken: %s", why)
    return LoginFailed(f"What Slack answered can't be trusted. {TRY_AGAIN}")


def _challenge(verifier: str) -> str:
    """PKCE's S256 (RFC 7636 section 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
