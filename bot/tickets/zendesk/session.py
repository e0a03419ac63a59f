"""One HTTP session to one Zendesk: where requests go, as whom, how often, and what is no answer."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from bot.clock import Clock
from bot.tickets.zendesk.errors import desk_error, json_of, outcome_unknown, refusal
from bot.tickets.zendesk.login import Login
from bot.tickets.zendesk.spare import SpareRequests

# zenpy builds addresses of a subdomain only. It gets a name that can't exist (RFC 6761), which Transport swaps.
SUBDOMAIN, DOMAIN = "desk", "invalid"
PLACEHOLDER_HOST = f"{SUBDOMAIN}.{DOMAIN}"
PLACEHOLDER_URL = f"https://{PLACEHOLDER_HOST}"

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where Zendesk is: `netloc` as in a URL, `prefix` a path in front of /api/v2 ("" or "/zendesk")."""

    scheme: str
    netloc: str
    prefix: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Raises ValueError for anything but http(s)://host[:port][/prefix]."""
        parts = urlsplit(url.strip())
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"{url!r} is no address like https://acme.zendesk.com")
        _port_of(parts)
        return cls(parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.prefix}"

    def resolve(self, url: str) -> str:
        """The real address of a request to the placeholder, or of a link in an answer to this server itself.

        Raises DeskError for every other host: a login must never travel there.
        """
        parts = urlsplit(url)
        if parts.hostname == PLACEHOLDER_HOST:
            path = self.prefix + parts.path
        elif self._is_own(parts):
            path = parts.path if parts.path.startswith(f"{self.prefix}/") else self.prefix + parts.path
        else:
            raise desk_error(f"its answer points to another host ({parts.hostname}): check ZENDESK_URL", retry=False)
        return urlunsplit((self.scheme, self.netloc, path, parts.query, ""))

    def _is_own(self, parts: SplitResult) -> bool:
        # Behind a proxy that ends TLS a server may write links with its own scheme and without a port.
        own = urlsplit(str(self))
        return parts.hostname == own.hostname and (parts.port is None or _port_of(parts) == _port_of(own))


def _port_of(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


class OnceMore(Retry):
    """One repetition, of GETs only: zenpy's own transport also repeats PUT and DELETE, so comments go out twice."""

    @classmethod
    def of_reads(cls) -> Self:
        return cls(
            total=1,
            connect=0,
            redirect=0,
            other=0,
            allowed_methods=frozenset({"GET"}),
            status_forcelist=frozenset({502, 503, 504}),
            raise_on_status=False,
            respect_retry_after_header=False,
        )

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        # Who waited for the whole timeout once would wait for it twice.
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)


class ZendeskTransport(HTTPAdapter):
    """Sends to `address` only, as `login`, and raises DeskError for every other answer than data.

    Raising here keeps zenpy from its own handling: sleeping Retry-After in the calling thread on 429, and
    reading JSON where there is a web page.
    """

    def __init__(self, *, address: Address, login: Login, clock: Clock, spare: SpareRequests | None = None) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=OnceMore.of_reads())
        self._address = address
        self._login = login
        self._clock = clock
        self._spare = spare or SpareRequests()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        asked = request.url or ""
        request.url = self._address.resolve(asked)
        try:
            response = self._logged_in(request, stream, timeout, verify)
        finally:
            # zenpy looks for its own base URL in request.url to tell whose answer it has.
            request.url = asked
        self._spare.noted(response.headers, self._clock())
        self._check(request, response, whole=not stream)
        return response

    def _logged_in(
        self,
        request: requests.PreparedRequest,
        stream: bool,
        timeout: float | tuple[float, float] | tuple[float, None] | None,
        verify: bool | str,
    ) -> requests.Response:
        header = self._authorize(request)
        response = super().send(request, stream=stream, timeout=timeout, verify=verify)
        if response.status_code != 401 or not self._login.renew(header):
            return response
        # A token can end before its time (revoked, another lifetime than said): 401 means that nothing was done.
        response.close()
        self._authorize(request)
        return super().send(request, stream=stream, timeout=timeout, verify=verify)

    def _authorize(self, request: requests.PreparedRequest) -> str:
        header = self._login.header()
        if not header.isascii() or not header.isprintable():
            raise desk_error(
                f"the login holds characters that can't be sent: check {self._login.settings}", retry=False
            )
        request.headers["Authorization"] = header
        return header

    def _check(self, request: requests.PreparedRequest, response: requests.Response, *, whole: bool) -> None:
        """Of an answer that is read as it arrives only the kind is looked at: reading it here would be all of it."""
        refused = refusal(response, login_settings=self._login.settings, now=self._clock())
        if refused:
            response.close()
            raise refused
        page = "html" in response.headers.get("content-type", "").lower()
        if page or (whole and _no_data(request, response)):
            response.close()
            what = "a web page instead of data: check ZENDESK_URL" if page else "an answer that is no JSON object"
            raise outcome_unknown(f"got {what}", retry=not page)


def _no_data(request: requests.PreparedRequest, response: requests.Response) -> bool:
    return bool(response.content or request.method == "GET") and not isinstance(json_of(response), dict)


def open_session(transport: HTTPAdapter, *, ca_file: str = "") -> requests.Session:
    """A session for one thread that takes nothing from the environment: no proxy, no .netrc, no cookies.

    `ca_file` is a PEM file to trust instead of the public authorities.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = ca_file or True
    session.headers["User-Agent"] = f"second-line (Python {sys.version_info.major}.{sys.version_info.minor})"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.mount("https://", transport)
    session.mount("http://", transport)
    return session
