"""How the bot proves to Zendesk who it is: OAuth client credentials, an OAuth token, or the legacy API token."""

import base64
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests

from bot.clock import Clock
from bot.tickets.desk import DeskError
from bot.tickets.zendesk.errors import desk_error, json_of, refusal, said_by
from bot.tickets.zendesk.wire import integer

# `read` because search is no resource that a scope could name; the others for servers that know only named ones.
SCOPE = "read tickets:read tickets:write users:read"
TOKEN_LIFETIME_S = 172_800
"""The longest that Zendesk grants; without asking, newer clients get 30 minutes."""
MARGIN_S = 60.0


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An OAuth client: the bot asks for tokens with it and renews them. Acts as the user who made the client."""

    id: str
    secret: str = field(repr=False)
    scope: str = SCOPE


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """An OAuth access token that somebody else renews."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Legacy: Zendesk stops all API tokens on 30 April 2027."""

    email: str
    token: str = field(repr=False)


Credentials = ClientCredentials | OAuthToken | ApiToken


class Login:
    """The Authorization header for one account, shared by all worker threads; here the same for every request."""

    def __init__(self, header: str, *, settings: str) -> None:
        """`settings` are the environment variables to check when Zendesk says 401."""
        self._header = header
        self.settings = settings

    def header(self) -> str:
        """The header's value for the next request; may ask Zendesk for a token, so it raises DeskError."""
        return self._header

    def renew(self, refused: str) -> bool:
        """Forgets `refused`, which was answered by 401; whether another header can be had."""
        return False

    def close(self) -> None:
        """Closes what was opened to ask for tokens."""


class ClientLogin(Login):
    """Tokens of the client_credentials grant, asked for once for all threads, before they expire."""

    def __init__(
        self,
        credentials: ClientCredentials,
        *,
        token_url: str,
        session: requests.Session,
        timeout_s: tuple[float, float],
        clock: Clock,
    ) -> None:
        """`session` is used by one thread at a time, under this object's lock, and closed by it."""
        super().__init__("", settings="ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET")
        self._credentials = credentials
        self._token_url = token_url
        self._session = session
        self._timeout_s = timeout_s
        self._clock = clock
        self._lock = threading.Lock()
        self._renew_at: datetime | None = None

    def header(self) -> str:
        with self._lock:
            expired = self._renew_at is not None and self._clock() >= self._renew_at
            if not self._header or expired:
                self._ask()
            return self._header

    def renew(self, refused: str) -> bool:
        with self._lock:
            # Another thread may have a new one already; that must not be thrown away.
            if self._header == refused:
                self._header = ""
        return True

    def close(self) -> None:
        self._session.close()

    def _ask(self) -> None:
        grant = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.id,
            "client_secret": self._credentials.secret,
            "scope": self._credentials.scope,
            "expires_in": TOKEN_LIFETIME_S,
        }
        asked_at = self._clock()
        answer = self._session.post(self._token_url, json=grant, timeout=self._timeout_s, allow_redirects=False)
        if refused := self._refusal(answer, asked_at):
            raise refused
        body = json_of(answer)
        token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not token:
            raise desk_error("no access token in the answer of /oauth/tokens: check ZENDESK_URL", retry=False)
        self._header = f"Bearer {token}"
        self._renew_at = _renew_at(body, asked_at)

    def _refusal(self, answer: requests.Response, now: datetime) -> DeskError | None:
        if answer.status_code in (400, 401, 403):
            reason = f"login refused ({answer.status_code}): check {self.settings}{said_by(answer)}"
            return desk_error(reason, retry=False)
        return refusal(answer, login_settings=self.settings, now=now)


def _renew_at(body: dict[str, object], asked_at: datetime) -> datetime | None:
    """When to ask again; None (only on 401) where the answer says nothing about the token's lifetime."""
    if body.get("expires_in") is None:
        return None
    lifetime_s = integer(body, "expires_in")
    return asked_at + timedelta(seconds=lifetime_s - min(MARGIN_S, lifetime_s / 10))


def fixed_login(credentials: OAuthToken | ApiToken) -> Login:
    if isinstance(credentials, OAuthToken):
        return Login(f"Bearer {credentials.token}", settings="ZENDESK_OAUTH_TOKEN")
    pair = base64.b64encode(f"{credentials.email}/token:{credentials.token}".encode()).decode()
    settings = "ZENDESK_EMAIL and ZENDESK_TOKEN (Zendesk ends API tokens on 30 April 2027)"
    return Login(f"Basic {pair}", settings=settings)
