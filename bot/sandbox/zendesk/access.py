"""Who may ask: OAuth client credentials, a static OAuth token, and the legacy e-mail and API token."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.zendesk.answers import Actor, Answer, ApiError, Call, Endpoint, Json
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.tickets import iso

EXPIRES_MIN_S, EXPIRES_MAX_S, EXPIRES_DEFAULT_S = 300, 172_800, 1_800
_RESOURCES = ("tickets", "users", "organizations", "macros", "requests", "webhooks", "hc", "any_channel")
SCOPES = {"read", "write", "impersonate", *(f"{name}:{mode}" for name in _RESOURCES for mode in ("read", "write"))}
_INVALID = "The access token provided is expired, revoked, malformed or invalid for other reasons."


class OAuthError(ApiError):
    """An error of the token endpoint, which names its text `error_description` (RFC 6749 §5.2)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(status, error)
        self.body["error_description"] = description


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    secret: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None


class Access:
    """Hands out tokens, and finds out who a request acts as and what it may do."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._seed = seed
        self.acting_user_id = seed.acting_user_id
        static = Token(9_001, seed.oauth_token, ("read", "write"), clock(), None)
        self._tokens = {static.secret: static}

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/oauth/tokens/current", self.current)]

    def grant(self, body: Json) -> Json:
        """POST /oauth/tokens: a bearer token for client credentials, without a refresh token."""
        if body.get("grant_type") != "client_credentials":
            raise OAuthError(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        if (body.get("client_id"), body.get("client_secret")) != (self._seed.client_id, self._seed.client_secret):
            raise OAuthError(401, "invalid_client", "Client authentication failed.")
        scopes = tuple(str(body.get("scope") or "").split())
        if not scopes or not set(scopes) <= SCOPES:
            raise OAuthError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        life_s = _life_s(body.get("expires_in", EXPIRES_DEFAULT_S))
        now = self._clock()
        token = Token(9_001 + len(self._tokens), secrets.token_hex(32), scopes, now, now + timedelta(seconds=life_s))
        self._tokens[token.secret] = token
        return {
            "access_token": token.secret,
            "token_type": "bearer",
            "scope": " ".join(scopes),
            "expires_in": life_s,
        }

    def revoke_all(self) -> None:
        """Forget every token that was granted, as an admin can."""
        self._tokens = {self._seed.oauth_token: self._tokens[self._seed.oauth_token]}

    def actor(self, authorization: str) -> Actor:
        """Who this Authorization header is; nobody for an absent one; 401 for a wrong one."""
        kind, _, value = authorization.partition(" ")
        if not authorization:
            return Actor(None, ())
        if kind.lower() == "bearer":
            token = self._live(value.strip())
            return Actor(self.acting_user_id, token.scopes, token.id)
        if kind.lower() == "basic" and _basic(value) == f"{self._seed.api_email}/token:{self._seed.api_token}":
            return Actor(self.acting_user_id)
        raise ApiError(401, "Couldn't authenticate you")

    def _live(self, secret: str) -> Token:
        token = self._tokens.get(secret)
        if token is None or (token.expires_at is not None and token.expires_at <= self._clock()):
            raise OAuthError(401, "invalid_token", _INVALID)
        return token

    def current(self, call: Call) -> Answer:
        token = next((token for token in self._tokens.values() if token.id == call.actor.token_id), None)
        if token is None:
            raise ApiError(404, "RecordNotFound", "Not found")
        content = {
            "id": token.id,
            "url": f"{call.base}/api/v2/oauth/tokens/{token.id}.json",
            "user_id": call.actor.user_id,
            "client_id": 1,
            "token": token.secret[:10],
            "scopes": list(token.scopes),
            "created_at": iso(token.created_at),
            "expires_at": iso(token.expires_at) if token.expires_at else None,
            "refresh_token": None,
        }
        return Answer({"token": content})


def require(actor: Actor, scope: str) -> None:
    """Refuse a request that has no credentials, or whose token lacks `scope` ("tickets:read")."""
    if actor.user_id is None:
        raise ApiError(401, "Couldn't authenticate you")
    if not scope or actor.scopes is None or scope in actor.scopes or scope.partition(":")[2] in actor.scopes:
        return
    scopes = f"{scope.partition(':')[2]}, {scope}"
    raise ApiError(403, "Forbidden", f"You are missing the following required scopes: {scopes}")


def _life_s(sent: object) -> int:
    text = str(sent)
    if not text.isdigit() or not EXPIRES_MIN_S <= int(text) <= EXPIRES_MAX_S:
        reason = f"expires_in must be between {EXPIRES_MIN_S} and {EXPIRES_MAX_S} seconds."
        raise OAuthError(400, "invalid_request", reason)
    return int(text)


def _basic(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
