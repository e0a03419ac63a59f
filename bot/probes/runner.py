"""Runs what was asked for: within the caps, with progress, results kept, and named where it was interrupted."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

from attrs import define

from bot.database import Busy, patiently
from bot.errors import BadInput
from bot.pictures.model import Picture
from bot.probes.batch import Batch, PlannedRun, ProbeRun, RunState, startable
from bot.probes.illustration import illustration
from bot.probes.model import About, Probe, ProbeResult, Progress, Refining, Verdict
from bot.probes.places import Places, by_place
from bot.probes.playbooks import ProbeSettings, next_steps
from bot.probes.store import ProbeStore
from bot.records import Loop
from bot.signals import Signal
from bot.targets.model import Catalog
from bot.tasks import Tasks, caught

MISTAKE = "The probe failed by a mistake of the bot's own"
MISTAKE_REMEDY = "The bot's log says what it was. Run it again."


@define(kw_only=True, eq=False, repr=False, slots=False)
class ProbeRunner(Loop):
    """The loop behind the table of batches. `wake` is set by whoever changed that table."""

    _store: ProbeStore
    _probes: Mapping[str, Probe]
    _catalog: Catalog
    _places: Places
    _tasks: Tasks
    _settings: ProbeSettings

    def __attrs_post_init__(self) -> None:
        self._working: dict[int, asyncio.Task[None]] = {}
        self._refining: dict[int, asyncio.Task[None]] = {}
        self._taken: dict[int, Picture] = {}
        """What a kind itself took, such as a page's look, until its batch has ended."""
        self.ended = Signal[Batch]()
        """A batch has ended, in the transaction that ends it."""

    async def run(self) -> None:
        """Starts what may start, until it is cancelled."""
        self._end_refinements()
        await super().run()

    async def turn(self) -> None:
        """What is due is told by the wake alone."""
        self._name_interrupted()
        self._stop_cancelled()
        self._start()

    def _start(self) -> None:
        waiting = self._store.in_state(RunState.QUEUED)
        chosen = startable(waiting, self._store.in_state(RunState.RUNNING), self._settings.caps)
        for batch in chosen:
            self._store.started(batch.id)
            name = f"probes {batch.id}"
            self._working[batch.id] = self._tasks.start(self._work(batch), name=name)
        if chosen:
            with self._database.transaction():
                for batch in waiting:
                    self._owed.changed(batch.card_key, human=False)

    def _stop_cancelled(self) -> None:
        for batch in self._store.in_state(RunState.CANCELLED, among=self._working):
            self._working[batch.id].cancel()
            self._taken.pop(batch.id, None)
        refining = {run.id for run in self._store.refined()} if self._refining else set()
        for run_id in self._refining.keys() - refining:
            self._refining[run_id].cancel()

    def _name_interrupted(self) -> None:
        """What a restart, a crash or a full disk kept from coming to its end: begun again, or named so."""
        with self._database.transaction():
            for batch_id in self._store.interrupted(working=self._working):
                self._changed(self._get(batch_id), human=False)

    async def _work(self, batch: Batch) -> None:
        try:
            if batch.parent_id and (reason := await self._places.spare(len(batch.runs))):
                await patiently(partial(self._leave_out, batch, reason))
            elif batch.playbook:
                await self._follow(batch)
            else:
                await self._measure_all(batch, [run for run in batch.runs if run.state is RunState.QUEUED])
            await patiently(partial(self._finish, batch.id))
            await self._draw(batch.parent_id or batch.id)
        finally:
            self._working.pop(batch.id, None)
            self._wake.set()

    async def _follow(self, batch: Batch) -> None:
        """The steps of a playbook, each round decided by what the rounds before it found."""
        target = self._catalog[batch.target]
        control = None if batch.sweep_id else self._catalog.get(target.control)
        while True:
            ended = [run for run in self._get(batch.id).runs if run.state is RunState.DONE]
            done = {run.step + run.kind: run.result for run in ended if run.result}
            planned = next_steps(target, control, tuple(done.items()), playbooks=self._settings.playbooks)
            if not planned:
                return
            added = [await patiently(partial(self._add, batch, step)) for step in planned]
            await self._measure_all(batch, added)

    def _leave_out(self, batch: Batch, reason: str) -> None:
        with self._database.transaction():
            self._store.left_out(batch.id, reason)
            self._changed(batch, human=False)

    def _add(self, batch: Batch, planned: PlannedRun) -> ProbeRun:
        """The run that stands in the list of the playbook already, with what it looks at now."""
        listed = (run for run in self._get(batch.id).runs if (run.step, run.kind) == (planned.step, planned.kind))
        waiting = next((run.id for run in listed if run.state is RunState.QUEUED), None)
        with self._database.transaction():
            number = waiting or self._store.add_run(batch.id, planned)
            self._store.narrowed(number, planned.subject)
        return next(run for run in self._get(batch.id).runs if run.id == number)

    async def _measure_all(self, batch: Batch, runs: Sequence[ProbeRun]) -> None:
        """All at once; each has a result at the end, also where something goes wrong with it."""
        async with asyncio.TaskGroup() as group:
            for run in runs:
                if not run.place:
                    group.create_task(self._measure(batch, run))
            for together in by_place(runs):
                group.create_task(self._measure_from_place(batch, together))

    async def _draw(self, batch_id: int) -> None:
        """The one picture of a batch. Drawing takes a tenth of a second, so not on the loop."""
        batch = self._get(batch_id)
        if batch.refining or batch.sweep_id:
            return
        taken = self._taken.pop(batch_id, None)
        before = self._store.get(batch.repeats) if batch.repeats else None
        name = f"picture of batch {batch_id}"
        picture = taken or await caught(asyncio.to_thread(illustration, batch, before), name=name)
        if picture:
            self._owed.image(batch.card_key, picture, title=f"{batch.title}, drawn", shown_in=batch.card_key)

    async def _measure(self, batch: Batch, run: ProbeRun) -> None:
        await patiently(partial(self._store.run_started, run.id))
        result = await self._result(run, partial(self._progress, batch, run))
        if result.goes_on_to:
            await patiently(partial(self._first, batch, run, result))
        else:
            if result.picture and run.step != "control" and not batch.sweep_id:
                self._taken[batch.id] = result.picture
            await patiently(partial(self._ended, batch, run, result))

    def _first(self, batch: Batch, run: ProbeRun, result: ProbeResult) -> None:
        """An MTR that found loss goes on by itself; its picture follows with its last result."""
        with self._database.transaction():
            self._store.run_done(run.id, result)
            self._store.refining(run.id, True)
            self._changed(batch, human=False)
        name = f"refining run {run.id}"
        self._refining[run.id] = self._tasks.start(self._refine(batch, run, result), name=name)

    async def _refine(self, batch: Batch, run: ProbeRun, result: ProbeResult) -> None:
        """A restart, a mistake and whoever stops it leave what was measured until then as the last result."""
        probe = cast(Refining, self._probes[run.kind])

        def progress(newer: ProbeResult) -> None:
            nonlocal result
            result = newer
            self._progress(batch, run, newer)

        try:
            last = await caught(probe.refine(result, progress=progress), name=f"probe {run.kind} {run.label}")
            result = last or result
        finally:
            self._refining.pop(run.id, None)
            await patiently(partial(self._end_refinement, run, result))
        await self._draw(batch.id)

    def _end_refinements(self) -> None:
        """Those that a restart cut: their last result stands."""
        for run in self._store.refined():
            if run.result:
                self._end_refinement(run, run.result)

    def _end_refinement(self, run: ProbeRun, result: ProbeResult) -> None:
        batch = self._get(run.batch_id)
        with self._database.transaction():
            self._store.refining(run.id, False)
            last = replace(result, goes_on_to=0)
            self._store.progress(run.id, last)
            self._changed(batch, human=True)

    async def _measure_from_place(self, batch: Batch, runs: Sequence[ProbeRun]) -> None:
        """No run goes without a result, whatever happens to the others."""
        measured: set[int] = set()
        unsaved: dict[int, ProbeResult] = {}

        def done(run: ProbeRun, result: ProbeResult) -> None:
            try:
                self._ended(batch, run, result)
                measured.add(run.id)
            except Busy:
                unsaved[run.id] = result

        for run in runs:
            await patiently(partial(self._store.run_started, run.id))
        asking = self._places.measure(runs, progress=partial(self._progress, batch), done=done)
        await caught(asking, name=f"probes from {runs[0].place}")
        for run in runs:
            if run.id not in measured:
                result = unsaved.get(run.id) or self._mistaken(run, self._clock())
                await patiently(partial(self._ended, batch, run, result))

    def _progress(self, batch: Batch, run: ProbeRun, result: ProbeResult) -> None:
        """What can't be saved now is passed over: more is measured a moment later."""
        with contextlib.suppress(Busy), self._database.transaction():
            self._store.progress(run.id, result)
            self._changed(batch, human=False)

    def _ended(self, batch: Batch, run: ProbeRun, result: ProbeResult) -> None:
        with self._database.transaction():
            self._store.run_done(run.id, result)
            self._changed(batch, human=False)

    async def _result(self, run: ProbeRun, progress: Progress) -> ProbeResult:
        """A subject that has nothing for the kind to look at is a result, and so is a mistake of ours."""
        started_at = self._clock()

        async def measured() -> ProbeResult:
            try:
                return await self._probes[run.kind].run(run.subject, progress=progress)
            except BadInput as error:
                return _could_not(run, error.sentence, started_at, set_up=False)

        result = await caught(measured(), name=f"probe {run.kind} {run.label}")
        return result or self._mistaken(run, started_at)

    def _mistaken(self, run: ProbeRun, started_at: datetime) -> ProbeResult:
        return replace(_could_not(run, MISTAKE, started_at), remedy=MISTAKE_REMEDY, place=run.seen_from)

    def _finish(self, batch_id: int) -> None:
        with self._database.transaction():
            if not self._store.done(batch_id):
                return
            batch = self._get(batch_id)
            self._changed(batch, human=True)
            self.ended.tell(batch)

    def _changed(self, batch: Batch, *, human: bool) -> None:
        self._owed.changed(batch.card_key, human=human)
        if batch.thread_key:
            self._owed.changed(batch.thread_key, human=False)

    def _get(self, batch_id: int) -> Batch:
        batch = self._store.get(batch_id)
        if not batch:
            raise LookupError(f"probe batch {batch_id}")
        return batch


def _could_not(run: ProbeRun, why: str, started_at: datetime, *, set_up: bool = True) -> ProbeResult:
    verdict = Verdict(run.kind, About(run.label), why, measured=False, set_up=set_up)
    return ProbeResult(run.kind, run.label, verdict, started_at, 0.0)
