"""One visit of a URL at one of its addresses, redirects included."""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urljoin, urlsplit

from attrs import define

from bot.clock import Clock
from bot.errors import BadInput
from bot.loose_json import has_endless_host
from bot.probes.host_grammar import Destination, read_url
from bot.probes.policy import NoAddress, PortNotProbed, ProbePolicy, ProbeRefused
from bot.probes.web.black_hole import explained
from bot.probes.web.certificate import why_not_verified
from bot.probes.web.chain import shown_chain
from bot.probes.web.dial import NotVerified, PhaseFailed, Phases, routed
from bot.probes.web.exchange import Response, exchange
from bot.probes.web.segments import FAR_ENOUGH_BYTES, Segments

REDIRECTS_AT_MOST = 5
_NO_URL = "redirects to something that is no http or https URL"


@dataclass(slots=True)
class Visit:
    """One URL at `address` ("" where its name has none), with the redirects that were followed from there.

    `one_of` is how many addresses the name has; `phases` are those of the latest exchange; `unasked` says why this
    address was left out.
    """

    place: Destination
    address: str = ""
    one_of: int = 1
    urls: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    phases: Phases = field(default_factory=Phases)
    total_ms: float = 0.0
    response: Response | None = None
    failure: PhaseFailed | None = None
    unasked: str = ""

    @property
    def name(self) -> str:
        return f"{self.place.url} at {self.address}" if self.one_of > 1 else self.place.url


@define(kw_only=True, eq=False, repr=False, slots=False)
class UrlVisitor:
    """Connects only to addresses that the policy has judged, and keeps the URL's name in Host and SNI."""

    _policy: ProbePolicy
    _tls: ssl.SSLContext
    _clock: Clock
    _timeout_s: float
    _has_route: Callable[[str], bool] = routed

    async def visits(self, place: Destination) -> list[Visit]:
        """A visit for every address behind the URL's name, none of them made yet. Raises ProbeRefused."""
        phases = Phases()
        try:
            addresses = await self._looked_up(place, phases)
        except PhaseFailed as failure:
            return [Visit(place, urls=[place.url], phases=phases, total_ms=_sum(phases), failure=failure)]
        has_ipv4 = any(":" not in address for address in addresses)
        return [
            Visit(
                place,
                address,
                len(addresses),
                [place.url],
                phases=Phases(dict(phases.ms)),
                total_ms=_sum(phases),
                unasked="" if not has_ipv4 or self._has_route(address) else "this machine has no IPv6",
            )
            for address in addresses
        ]

    async def make(self, visit: Visit, *, expect: str = "", typed: bool = False) -> None:
        """Asks, and asks again where it redirects; every place on the way is judged by the policy.

        `expect` is the text that the page at the end should have. A page that was `typed` leads to no port that nobody
        may type.
        """
        if visit.failure or visit.unasked:
            return
        try:
            visit.response = await self._follow(visit, expect, typed)
            visit.failure = None
        except PhaseFailed as failure:
            visit.failure = failure

    async def _follow(self, visit: Visit, expect: str, typed: bool) -> Response:
        place = visit.place
        addresses: tuple[str, ...] = (visit.address,)
        for _ in range(REDIRECTS_AT_MOST + 1):
            response = await self._asked(place, addresses, visit, expect)
            visit.statuses.append(response.status)
            if response.location is None:
                return response
            before, place = place, _next_place(place, response.location)
            visit.urls.append(place.url)
            addresses = await self._redirected(place, visit, typed)
            if place.host == before.host and visit.address in addresses:
                addresses = (visit.address,)
        raise PhaseFailed("first byte", "redirects", f"more than {REDIRECTS_AT_MOST} redirects")

    async def _redirected(self, place: Destination, visit: Visit, typed: bool) -> tuple[str, ...]:
        visit.phases = Phases()
        try:
            if typed:
                self._policy.check_port(place.port)
            return await self._looked_up(place, visit.phases)
        except (ProbeRefused, PortNotProbed) as refusal:
            raise PhaseFailed("dns", "not allowed", f"redirects to {place.label}: {refusal.sentence}") from refusal
        finally:
            visit.total_ms += _sum(visit.phases)

    async def _looked_up(self, place: Destination, phases: Phases) -> tuple[str, ...]:
        try:
            async with phases.timed("dns", self._timeout_s):
                return await self._policy.addresses_of(place.host)
        except NoAddress as error:
            raise PhaseFailed("dns", "dns", f"DNS: {error.reason}") from error
        finally:
            if place.literal:
                phases.ms.pop("dns", None)

    async def _asked(self, place: Destination, addresses: tuple[str, ...], visit: Visit, expect: str) -> Response:
        """The answer of the first address that can be connected to."""
        failure: PhaseFailed | None = None
        for address in addresses:
            visit.address = address
            try:
                return await self._at(place, visit, expect)
            except PhaseFailed as error:
                if error.phase != "connect":
                    raise
                failure = failure or error
        raise failure or PhaseFailed("dns", "dns", "DNS: the name has no address")

    async def _at(self, place: Destination, visit: Visit, expect: str) -> Response:
        """What looks for the reason afterwards is not part of the time that the visit took."""
        loop, asked = asyncio.get_running_loop(), partial(exchange, place, visit.address, tls=self._tls)
        started = loop.time()
        try:
            return await asked(phases=visit.phases, timeout_s=self._timeout_s, expect=expect)
        except PhaseFailed as error:
            failure = error
        finally:
            visit.total_ms += (loop.time() - started) * 1000
        # Should the time be over while the reason is looked for, this is what is known.
        visit.failure = failure
        if isinstance(failure, NotVerified):
            chain = await shown_chain(place.host, place.port, visit.address, timeout_s=self._timeout_s)
            words = why_not_verified(failure.error, place.host, chain, self._clock())
            raise PhaseFailed("tls", "certificate", f"TLS: {words}") from failure

        async def again(segment_bytes: int, wait_s: float) -> Segments | None:
            limit_bytes = (failure.segments.received if failure.segments else 0) + FAR_ENOUGH_BYTES
            response = await asked(
                phases=Phases(), timeout_s=wait_s, segment_bytes=segment_bytes, limit_bytes=limit_bytes
            )
            return response.segments

        raise await explained(failure, again, timeout_s=self._timeout_s)


def _next_place(place: Destination, location: str) -> Destination:
    try:
        return next_place(place, location)
    except BadInput as error:
        words = "redirects without saying where to" if not location.strip() else _NO_URL
        raise PhaseFailed("first byte", "redirects", words) from error


def _sum(phases: Phases) -> float:
    return sum(phases.ms.values())


_LENGTH_MAX = 8000
"""About what servers take as one line; longer ones lead nowhere for most clients."""
# What must not stand in a request's path as it is (https://url.spec.whatwg.org/#path-percent-encode-set), and what
# would end its line. A "%" stays: what is encoded already is not encoded twice.
_UNSAFE = re.compile(r"[^!$%&'()*+,\-./:;=?@\[\]_~A-Za-z0-9|^]")


def next_place(place: Destination, location: str) -> Destination:
    """Where `location` leads from `place`; it is a header's value, each byte of it one character. Raises BadInput.

    Spaces and other scripts are percent-encoded in the path, and a host in another script is looked up as IDNA.
    """
    text = _as_text(location)
    if (
        not text
        or len(text) > _LENGTH_MAX
        or any(ord(c) < 0x20 or c in "\x7f\\" for c in text)
        or has_endless_host(text)
    ):
        raise BadInput("The place that it leads to is not a URL.")
    try:
        parts = urlsplit(urljoin(place.url, text))
    except ValueError as error:
        raise BadInput("The place that it leads to is not a URL.") from error
    origin = read_url(f"{parts.scheme}://{parts.netloc}/")
    path = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
    return replace(origin, url=origin.url.removesuffix("/") + path)


def _as_text(location: str) -> str:
    """The header as UTF-8 where it is that: what it was sent as; else byte by byte, as browsers take it."""
    data = location.strip().encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _encoded(text: str) -> str:
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
