"""The http probe: each URL asked for, its phases timed, its failure named."""

import asyncio
import ssl
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.certificate import why_not_verified
from bot.probes.dial import NotVerified, PhaseFailed, Phases
from bot.probes.exchange import Response, exchange
from bot.probes.model import ProbeResult, Progress, Reading, Subject
from bot.probes.policy import NoAddress, Policy, Refused
from bot.probes.run import Run
from bot.probes.side_by_side import side_by_side
from bot.probes.typed import Place, read_url
from bot.probes.web_answer import COLUMNS, WebAnswer, reading_of, web_verdict

REDIRECTS_AT_MOST = 5
# Twice what one phase may take: a playbook with this beside its MTRs ends within 12 s.
_DEADLINE_FACTOR = 2


@dataclass(slots=True)
class _Visit:
    """One URL with the redirects that were followed from it; `phases` are those of the latest exchange."""

    urls: list[str]
    statuses: list[int] = field(default_factory=list)
    phases: Phases = field(default_factory=Phases)
    total_ms: float = 0.0
    address: str = ""
    failure: PhaseFailed | None = None


class HttpProbe:
    """Asks for each URL over a connection to an address that the policy has judged, redirects included."""

    kind = "http"
    summary = "web answer, time of each phase"

    def __init__(
        self, *, policy: Policy, tls: ssl.SSLContext, clock: Clock, timeout_s: float = 5.0, slow_s: float = 2.0
    ) -> None:
        self._policy = policy
        self._tls = tls
        self._clock = clock
        self._timeout_s = timeout_s
        self._slow_s = slow_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.urls:
            raise BadInput(f"{subject.label} has no URL to ask for.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        places = [read_url(url) for url in subject.urls]
        try:
            for place in places:
                if place.literal:
                    self._policy.check(place.host, called=place.host)
        except Refused as refusal:
            return run.refused(refusal)
        visits = [(place, _Visit([place.url])) for place in places]
        try:
            readings = await side_by_side(
                visits,
                self._visited,
                unfinished=self._unfinished,
                deadline_s=self._timeout_s * _DEADLINE_FACTOR,
                on_each=lambda done: progress(_result(run, done)),
            )
        except Refused as refusal:
            return run.refused(refusal)
        return _result(run, readings)

    async def _visited(self, item: tuple[Place, _Visit]) -> Reading:
        place, visit = item
        try:
            await self._follow(place, visit)
        except PhaseFailed as failure:
            visit.failure = failure
        return self._reading(visit)

    async def _follow(self, place: Place, visit: _Visit) -> None:
        """Asks, and asks again where it redirects; every place on the way is judged by the policy."""
        for _ in range(REDIRECTS_AT_MOST + 1):
            response = await self._asked(place, visit)
            visit.statuses.append(response.status)
            if not response.location:
                return
            place = _next_place(place, response.location)
            visit.urls.append(place.url)
        raise PhaseFailed("first byte", "redirects", f"more than {REDIRECTS_AT_MOST} redirects")

    async def _asked(self, place: Place, visit: _Visit) -> Response:
        visit.phases = phases = Phases()
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            addresses = await self._looked_up(place, phases, first=len(visit.urls) == 1)
            return await self._first_that_connects(place, addresses, visit)
        finally:
            visit.total_ms += (loop.time() - started) * 1000

    async def _looked_up(self, place: Place, phases: Phases, *, first: bool) -> tuple[str, ...]:
        try:
            async with phases.timed("dns", self._timeout_s):
                return await self._policy.addresses_of(place.host)
        except NoAddress as error:
            raise PhaseFailed("dns", "dns", f"DNS: {error.reason}") from error
        except Refused as refusal:
            if first:
                raise
            raise PhaseFailed("dns", "not allowed", f"redirects to {place.label}: {refusal.sentence}") from refusal
        finally:
            if place.literal:
                phases.ms.pop("dns", None)

    async def _first_that_connects(self, place: Place, addresses: tuple[str, ...], visit: _Visit) -> Response:
        failure: PhaseFailed | None = None
        for address in addresses:
            visit.address = address
            try:
                return await self._at(place, address, visit.phases)
            except PhaseFailed as error:
                if error.phase != "connect":
                    raise
                failure = failure or error
        raise failure or PhaseFailed("dns", "dns", "DNS: the name has no address")

    async def _at(self, place: Place, address: str, phases: Phases) -> Response:
        try:
            return await exchange(place, address, tls=self._tls, phases=phases, timeout_s=self._timeout_s)
        except NotVerified as failure:
            # The certificate itself is shown by the tls probe; here its reason is enough.
            words = why_not_verified(failure.error, place.host, None, self._clock())
            raise PhaseFailed("tls", "certificate", f"TLS: {words}") from failure

    def _unfinished(self, item: tuple[Place, _Visit]) -> Reading:
        _place, visit = item
        seconds = self._timeout_s * _DEADLINE_FACTOR
        visit.failure = PhaseFailed("body", "timeout", f"not finished after {seconds:g} s")
        visit.total_ms = seconds * 1000
        return self._reading(visit)

    def _reading(self, visit: _Visit) -> Reading:
        failure = visit.failure
        answer = WebAnswer(
            urls=tuple(visit.urls),
            status=visit.statuses[-1] if visit.statuses else 0,
            phases_ms=visit.phases.ms,
            total_ms=visit.total_ms,
            address=visit.address,
            failed_phase=failure.phase if failure else "",
            cause=failure.cause if failure else "",
            failure=failure.sentence if failure else "",
        )
        return reading_of(answer, slow_s=self._slow_s)


def _next_place(place: Place, location: str) -> Place:
    try:
        return read_url(urljoin(place.url, location))
    except (BadInput, ValueError) as error:
        raise PhaseFailed("first byte", "redirects", "redirects to something that is no http or https URL") from error


def _result(run: Run, readings: list[Reading]) -> ProbeResult:
    ok = all(reading.ok for reading in readings)
    return run.result(ok=ok, verdict=web_verdict(readings), readings=readings)
