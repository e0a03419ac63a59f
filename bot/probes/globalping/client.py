"""Measuring from other places with Globalping."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from attrs import define

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.address import NO_NETWORKS, Networks
from bot.probes.dns.answers import own_of
from bot.probes.globalping.api import TOKEN_REMEDY, GlobalpingApi, NotAnswered
from bot.probes.globalping.public_only import PublicOnly
from bot.probes.globalping.results import KINDS, found_by
from bot.probes.globalping.wire import (
    TIMEOUT_S,
    Created,
    GlobalpingAnswer,
    GlobalpingQuestion,
    Measurement,
    body,
    dns_questions,
    http_questions,
    icmp_questions,
)
from bot.probes.model import About, ProbePlace, ProbeResult, QuotaLeft, Subject
from bot.probes.places import PlaceProgress, PlaceRun
from bot.probes.results import Run

QUESTIONS_MAX = 4
"""Addresses, names or URLs of one subject that are measured: each costs a test per probe."""
KEPT_SHARE = 0.2
"""The part of an hour's tests that is kept for what people ask for themselves."""
PAUSE_S = 0.5
PATIENCE_S = 10.0

Waiting = Callable[[NotAnswered, float], None]
"""Is told why nothing is asked for so many seconds."""
Judge = Callable[[Sequence[tuple[GlobalpingQuestion, GlobalpingAnswer]]], ProbeResult]
"""Makes the result of one probe's answers."""
Choose = Callable[[tuple[str, ...]], Awaitable[tuple[str, str]]]
"""Which of several addresses to trace, and a remark about them all."""


@dataclass(slots=True)
class _Asked:
    """One question with its measurement; `trouble` where it failed, `waits` why and how long nothing is asked now."""

    question: GlobalpingQuestion
    created: Created
    now: Measurement = field(default_factory=Measurement)
    trouble: NotAnswered | None = None
    waits: str = ""

    def answer_of(self, probe: int) -> GlobalpingAnswer | None:
        return self.now.answers[probe] if probe < len(self.now.answers) else None


@define(kw_only=True, eq=False, repr=False, slots=False)
class GlobalpingProber:
    """Implements PlaceProber. One measurement per question; the second and later ones use the probes of the first."""

    kinds = frozenset(KINDS)

    _api: GlobalpingApi
    _public: PublicOnly
    _choose: Choose
    _clock: Clock
    _slow_s: float = 2.0
    _networks: Networks = NO_NETWORKS
    _pause_s: float = PAUSE_S
    _patience_s: float = PATIENCE_S

    async def spare(self, tests: int) -> str:
        if not self._api.quota.known:
            await self._api.read_quota()
        left, hourly = self._api.quota.left, self._api.quota.limit
        if left is None or left - tests >= (hourly or 0) * KEPT_SHARE:
            return ""
        return f"Globalping has only {left} of {hourly} tests left this hour"

    async def measure(
        self, kind: str, subject: Subject, *, place: str, limit: int, reuse: str, progress: PlaceProgress
    ) -> PlaceRun:
        run = Run(KINDS[kind], subject.label, self._clock)
        try:
            questions = await self._questions(kind, subject)
            waiting = partial(self._waiting, run, place, progress)
            first, *others = await self._all_asked(questions, place, limit, reuse, waiting)
        except BadInput as error:
            return self._nothing(run.refused(error), place)
        except NotAnswered as failure:
            return self._nothing(run.could_not(failure.sentence, failure.remedy), place)
        progress(PlaceRun(first.created.id))
        judge = partial(found_by, run, slow_s=self._slow_s, networks=self._networks, own=own_of(subject))
        show = partial(self._show, run, judge, (first, *others), place)
        async with asyncio.TaskGroup() as group:
            for asked in (first, *others):
                group.create_task(self._follow(asked, lambda: progress(show(final=False))))
        return show(final=True)

    async def _questions(self, kind: str, subject: Subject) -> list[GlobalpingQuestion]:
        """What is asked, each of it public. Raises BadInput."""
        if kind == "dns":
            return dns_questions(await self._public.names(subject, QUESTIONS_MAX // 2))
        if kind == "http":
            return http_questions(await self._public.urls(subject, QUESTIONS_MAX))
        addresses = await self._public.addresses(subject)
        if kind == "ping":
            return icmp_questions(kind, addresses[:QUESTIONS_MAX])
        worst, _ = await self._choose(addresses)
        return icmp_questions(kind, (worst,))

    async def _all_asked(
        self, questions: Sequence[GlobalpingQuestion], place: str, limit: int, reuse: str, waiting: Waiting
    ) -> list[_Asked]:
        """Raises NotAnswered where the first can't be asked; later ones keep their trouble."""
        if not self._api.quota.known:
            await self._api.read_quota()
        first = _Asked(questions[0], await self._created(questions[0], place, limit, reuse, waiting))
        return [first, *await asyncio.gather(*(self._like(first, question, waiting) for question in questions[1:]))]

    async def _like(self, first: _Asked, question: GlobalpingQuestion, waiting: Waiting) -> _Asked:
        """Another question to the probes of the first."""
        try:
            created = await self._created(question, "", first.created.probes, first.created.id, waiting)
        except NotAnswered as failure:
            return _Asked(question, first.created, trouble=failure)
        return _Asked(question, created)

    async def _created(
        self, question: GlobalpingQuestion, place: str, limit: int, reuse: str, waiting: Waiting
    ) -> Created:
        """Asked again only where Globalping said that it did nothing and when to come back. Raises NotAnswered."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience_s
        while True:
            try:
                return await self._create(question, place, limit, reuse)
            except NotAnswered as failure:
                wait_s = failure.retry_after_s
                if wait_s is None or loop.time() + max(wait_s, self._pause_s) > end:
                    raise
                waiting(failure, wait_s)
            await asyncio.sleep(max(wait_s, self._pause_s))

    async def _create(self, question: GlobalpingQuestion, place: str, limit: int, reuse: str) -> Created:
        if not self._api.quota.take(limit):
            remedy = "" if self._api.has_token else TOKEN_REMEDY
            raise NotAnswered(self._api.quota.used_up(), remedy, retry_after_s=self._api.quota.resets_in_s)
        return await self._api.create(body(question, place=place, limit=limit, reuse=reuse))

    def _waiting(self, run: Run, place: str, progress: PlaceProgress, failure: NotAnswered, wait_s: float) -> None:
        """Says so on the way; there is no measurement yet."""
        progress(self._nothing(_under_way(run, _waits(failure, wait_s)), place))

    async def _follow(self, asked: _Asked, changed: Callable[[], None]) -> None:
        """Look until it is finished: half a second after each answer, as long as it may take and a little longer."""
        loop = asyncio.get_running_loop()
        end, etag, pause_s = loop.time() + TIMEOUT_S[asked.question.kind] + self._patience_s, "", self._pause_s
        while not asked.trouble and not asked.now.finished and loop.time() + pause_s < end:
            await asyncio.sleep(pause_s)
            try:
                measurement, etag = await self._api.look(asked.created.id, etag)
            except NotAnswered as failure:
                pause_s = self._troubled(asked, failure, end)
                changed()
                continue
            asked.waits, pause_s = "", self._pause_s
            if measurement:
                asked.now = measurement
                changed()

    def _troubled(self, asked: _Asked, failure: NotAnswered, end: float) -> float:
        """What passes is tried again; what is known so far stays in any case. Seconds until the next look."""
        wait_s = max(failure.retry_after_s or 0.0, self._pause_s)
        passes = failure.passing or failure.retry_after_s is not None
        if passes and asyncio.get_running_loop().time() + wait_s < end:
            asked.waits = _waits(failure, wait_s)
        else:
            asked.trouble = failure
        return wait_s

    def _show(self, run: Run, judge: Judge, asked: Sequence[_Asked], place: str, *, final: bool) -> PlaceRun:
        results = [
            self._result(run, judge, asked, place, probe, final=final) for probe in range(asked[0].created.probes)
        ]
        return PlaceRun(asked[0].created.id, tuple(results))

    def _result(
        self, run: Run, judge: Judge, asked: Sequence[_Asked], place: str, probe: int, *, final: bool
    ) -> ProbeResult:
        known = [(measured, measured.answer_of(probe)) for measured in asked]
        seen_from = next((answer.place for _, answer in known if answer), ProbePlace(place))
        answers = [(measured.question, answer or self._missing(measured, seen_from)) for measured, answer in known]
        if not final:
            answers = [(question, answer) for question, answer in answers if _tells(answer)]
        return self._noted(judge(answers) if answers else _measuring(run, known), seen_from)

    def _missing(self, asked: _Asked, place: ProbePlace) -> GlobalpingAnswer:
        """What stands where a measurement never told about this probe."""
        if asked.trouble:
            return GlobalpingAnswer(place, "failed", {"rawOutput": asked.trouble.sentence})
        return GlobalpingAnswer(place, "in-progress", {})

    def _nothing(self, result: ProbeResult, place: str) -> PlaceRun:
        return PlaceRun("", (self._noted(result, ProbePlace(place)),))

    def _noted(self, result: ProbeResult, place: ProbePlace) -> ProbeResult:
        """Adds to a result where it was seen from, and what is left of the quota."""
        left, hourly = self._api.quota.left, self._api.quota.limit
        tests_left = QuotaLeft(left, hourly) if left is not None and hourly else None
        return replace(result, place=place, tests_left=tests_left)


def _tells(answer: GlobalpingAnswer) -> bool:
    """Whether there is something to show before the end."""
    return answer.state != "in-progress" or bool(answer.result.get("hops"))


def _waits(failure: NotAnswered, wait_s: float) -> str:
    return f"waiting {wait_s:.0f} s… {failure.sentence}"


def _measuring(run: Run, known: Sequence[tuple[_Asked, GlobalpingAnswer | None]]) -> ProbeResult:
    waits = next((measured.waits for measured, _ in known if measured.waits), "")
    said = next((answer.last_words for _, answer in known if answer and answer.last_words), "")
    return _under_way(run, waits or f"measuring… {said}".strip())


def _under_way(run: Run, waiting: str) -> ProbeResult:
    """What is said before there is anything to judge."""
    return run.result(run.kind.verdict(About(run.label)), waiting=waiting)
