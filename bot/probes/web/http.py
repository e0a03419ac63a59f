"""The http probe: each URL asked for at every address behind its name, its phases timed, its failure named."""

import asyncio
import ssl
from collections.abc import Sequence

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.host_grammar import Destination, read_url
from bot.probes.model import ProbeResult, Progress, Subject
from bot.probes.policy import ProbePolicy, ProbeRefused
from bot.probes.results import BROKEN, BROKEN_WORDS, Run
from bot.probes.side_by_side import each_apart, few_at_once, side_by_side
from bot.probes.web.answer import HTTP, WebAnswer, web_verdict
from bot.probes.web.dial import PhaseFailed
from bot.probes.web.visit import UrlVisitor, Visit

# Twice what one phase may take, and a while for the reason: a playbook with this beside its MTRs ends within 12 s.
_DEADLINE_FACTOR = 2.2
_UNREAD = "the page comes compressed as {}, which was not asked for, so the text can't be looked for"


class HttpProbe:
    """Asks for each URL over connections to addresses that the policy has judged, redirects included."""

    kind = HTTP

    def __init__(
        self, *, policy: ProbePolicy, tls: ssl.SSLContext, clock: Clock, timeout_s: float = 5.0, slow_s: float = 2.0
    ) -> None:
        self._policy = policy
        self._visitor = UrlVisitor(policy=policy, tls=tls, clock=clock, timeout_s=timeout_s)
        self._clock = clock
        self._deadline_s = timeout_s * _DEADLINE_FACTOR
        self._slow_s = slow_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.urls:
            raise BadInput(f"{subject.label} has no URL to ask for.")
        run, loop = Run(self.kind, subject.label, self._clock), asyncio.get_running_loop()
        ends = loop.time() + self._deadline_s
        try:
            visits = await self._visits([read_url(url) for url in subject.urls])
        except ProbeRefused as refusal:
            return run.refused(refusal)

        async def visited(visit: Visit) -> WebAnswer:
            await self._visitor.make(visit, expect=subject.expect, typed=subject.typed)
            return _answer(visit, subject.expect)

        def result(answers: Sequence[WebAnswer]) -> ProbeResult:
            return run.result(*web_verdict(subject.label, answers, slow_s=self._slow_s))

        measure, _rounds = few_at_once(visited, len(visits))
        answers = await side_by_side(
            visits,
            measure,
            unfinished=self._unfinished,
            broken=_broken,
            deadline_s=ends - loop.time(),
            on_each=lambda done: progress(result(done)),
        )
        return result(answers)

    async def _visits(self, places: list[Destination]) -> list[Visit]:
        """Makes the visits of all URLs, looked up at once. Raises ProbeRefused: literals before anything is asked."""
        for place in places:
            if place.literal:
                self._policy.check(place.host, called=place.host)
        visits = await each_apart(places, self._visitor.visits, broken=_not_looked_up)
        return [visit for of_place in visits for visit in of_place]

    def _unfinished(self, visit: Visit) -> WebAnswer:
        late = PhaseFailed("body", "timeout", f"not finished after {self._deadline_s:g} s")
        visit.failure = visit.failure or late
        if visit.failure is late:
            visit.total_ms = self._deadline_s * 1000
        return _answer(visit, "")


def _not_looked_up(place: Destination) -> list[Visit]:
    return [Visit(place, urls=[place.url], failure=PhaseFailed("dns", BROKEN, BROKEN_WORDS))]


def _broken(visit: Visit) -> WebAnswer:
    visit.failure = PhaseFailed("", BROKEN, BROKEN_WORDS)
    return _answer(visit, "")


def _answer(visit: Visit, expect: str) -> WebAnswer:
    failure, response = visit.failure, visit.response
    return WebAnswer(
        urls=tuple(visit.urls),
        status=visit.statuses[-1] if visit.statuses else 0,
        phases_ms=dict(visit.phases.ms),
        total_ms=visit.total_ms,
        address=visit.address,
        cause=failure.cause if failure else "",
        failure=failure.sentence if failure else "",
        name=visit.name,
        body_bytes=response.body_bytes if response and not failure else None,
        cut=bool(response and response.cut),
        lacks=expect if response and response.lacks else "",
        searched_bytes=response.searched_bytes if response else None,
        unread=_UNREAD.format(response.unreadable) if response and response.unreadable else "",
        unasked=visit.unasked,
    )
