"""Runs that look from other places: which there are for a request, and how they are measured beside the local ones."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.batch import PlannedRun, ProbeRun
from bot.probes.globalping.public_only import NotOpened
from bot.probes.model import About, ProbeResult, Subject, Verdict
from bot.probes.policy import subject_of
from bot.targets.model import Target

CUSTOMERS = "customers"
"""The word for the places that the tickets of an investigation name."""
CUSTOMERS_MAX = 3
"""So many of them are asked from: each costs a test for the target and one for the control."""

PLACES_MAX = 5
PROBES_MAX = 10

Tell = Callable[[ProbeRun, ProbeResult], None]


@dataclass(frozen=True, slots=True)
class PlaceRun:
    """What the probes in one place found, also on the way.

    `id` names the measurement, so that another one can use the same probes; "" where there is none. `results` has one
    entry per probe, in an order that stays when the probes are used again; it is empty until the first answer.
    """

    id: str = ""
    results: tuple[ProbeResult, ...] = ()


PlaceProgress = Callable[[PlaceRun], None]


class PlaceProber(Protocol):
    """Somebody who measures for us from other places."""

    kinds: frozenset[str]

    async def spare(self, tests: int) -> str:
        """Why so many tests should be kept for what people ask for themselves; "" where there are enough."""
        ...

    async def measure(
        self, kind: str, subject: Subject, *, place: str, limit: int, reuse: str, progress: PlaceProgress
    ) -> PlaceRun:
        """Measure from up to `limit` probes in `place`, or from those of the measurement `reuse` where it is not "".

        Never raises for what the network or the service does: that is the result, at least one. `progress` is called
        as soon as the measurement has its id, and again with each update; before that, without an id, where the
        service lets it wait.
        """
        ...


def new_runs(
    kind: str, subject: Subject, control: Target | None, places: Sequence[str], *, here: bool
) -> tuple[PlannedRun, ...]:
    """Runs the target from here and from each place, then the control likewise, as far as it may be measured."""
    own = [PlannedRun("target", kind, subject)] if here else []
    own += [PlannedRun("target", kind, subject, place) for place in places]
    if not control or not places:
        return tuple(own)
    compared = [replace(run, step="control", subject=subject_of(control)) for run in own]
    return (*own, *(run for run in compared if control.remote or not run.place))


class Places:
    """`prober` is None where nobody measures from other places."""

    def __init__(self, *, prober: PlaceProber | None, clock: Clock) -> None:
        self._prober = prober
        self._clock = clock

    def knows(self, kind: str) -> bool:
        """Whether it is measured from places too; where nobody measures there, that is for `check` to say."""
        return self._prober is None or kind in self._prober.kinds

    def check(self, kind: str, subject: Subject, places: Sequence[str]) -> None:
        """Raises BadInput where this can't be asked for: no such kind there, too many, a target that did not opt in."""
        if self._prober is None:
            raise BadInput(
                "Probes from other cities are turned off. Leave out `from …`, or ask your admin to turn them on."
            )
        if CUSTOMERS in places:
            raise BadInput("`from customers` is for the thread of an investigation, whose tickets name the places.")
        if kind not in self._prober.kinds:
            listed = ", ".join(sorted(self._prober.kinds))
            raise BadInput(f"{kind!r} is not measured from other places. There are: {listed}.")
        if len(set(places)) > PLACES_MAX or len(places) > PROBES_MAX:
            raise BadInput(f"That is too much at once: {PLACES_MAX} places and {PROBES_MAX} probes at most.")
        if not subject.remote:
            raise NotOpened(subject.label)

    def why_not(self, subject: Subject) -> str:
        """Why nobody measures it from other places, in a few words; "" where somebody does."""
        if self._prober is None:
            return "Globalping is off"
        return "" if subject.remote else f"{subject.label} is not remote"

    async def spare(self, tests: int) -> str:
        """Why so many tests are not spent without being asked for; "" where they may be."""
        return await self._prober.spare(tests) if self._prober else "Globalping is off"

    async def measure(self, runs: Sequence[ProbeRun], *, progress: Tell, done: Tell) -> None:
        """Measure the runs of one place. The control begins as soon as the probes of the target are known."""
        steps = [list(group) for _, group in groupby(runs, key=lambda run: run.step)]
        chosen: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(self._measured(step, chosen, progress, done, reuses=step is not steps[0]))

    async def _measured(
        self, runs: Sequence[ProbeRun], chosen: asyncio.Future[str], progress: Tell, done: Tell, *, reuses: bool
    ) -> None:
        def on_progress(so_far: PlaceRun) -> None:
            if so_far.id and not chosen.done():
                chosen.set_result(so_far.id)
            _hand_out(runs, so_far, progress)

        first, reuse, remote = runs[0], await chosen if reuses else "", PlaceRun()
        if self._prober:
            remote = await self._prober.measure(
                first.kind, first.subject, place=first.place, limit=len(runs), reuse=reuse, progress=on_progress
            )
        if not chosen.done():
            chosen.set_result(remote.id)
        self._hand_out_all(runs, remote, done)

    def _hand_out_all(self, runs: Sequence[ProbeRun], remote: PlaceRun, done: Tell) -> None:
        """At the end no run goes without a result: fewer probes may have been found than were asked for."""
        _hand_out(runs, remote, done)
        count = len(remote.results)
        if count and not remote.id:
            return
        probes = f"only {count} probe{'s' if count > 1 else ''}" if count else "no probe"
        for run in runs[count:]:
            why = f"Globalping has {probes} in {run.place} now"
            verdict = Verdict(run.kind, About(run.label), why, measured=False)
            done(run, ProbeResult(run.kind, run.label, verdict, self._clock(), 0.0, place=run.seen_from))


def by_place(runs: Sequence[ProbeRun]) -> Iterator[list[ProbeRun]]:
    """The runs that look from other places, those of one place together."""
    for place in dict.fromkeys(run.place for run in runs if run.place):
        yield [run for run in runs if run.place == place]


def title(kind: str, label: str, places: Sequence[str]) -> str:
    """ "mtr U.S. East from Brisbane, Berlin x2"."""
    counted = Counter(places)
    named = [place if count == 1 else f"{place} x{count}" for place, count in counted.items()]
    return f"{kind} {label}" + (f" from {', '.join(named)}" if named else "")


def _hand_out(runs: Sequence[ProbeRun], remote: PlaceRun, tell: Tell) -> None:
    """Give each run the result of its probe; a failure that came before any measurement is that of all."""
    results = remote.results if remote.id else remote.results[:1] * len(runs)
    for run, result in zip(runs, results, strict=False):
        tell(run, result)
