"""Probe runs: requested by a person or a playbook, run in the background, shown in one message."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from bot.clock import Clock
from bot.database import Database
from bot.errors import BadInput
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.probes.batch import Batch, ProbeRun, batch_key
from bot.probes.model import Probe, ProbeResult, Progress
from bot.probes.playbooks import Planned, next_steps, playbook_verdict
from bot.probes.policy import Policy, subject_of
from bot.probes.store import ProbeStore
from bot.targets.model import Catalog, Target
from bot.tasks import Tasks, woken

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Batches that run at the same time; more would disturb each other's numbers. The rest waits in the table."""

IDLE_S = 60.0


class UnknownProbe(BadInput):
    """There is no such kind of probe. `known` are the kinds."""

    def __init__(self, kind: str, known: list[str]) -> None:
        super().__init__(f"There is no probe {kind!r}. There are: {', '.join(known)}. Example: `/probe mtr us-east`.")
        self.known = known


class ProbeService:
    """Requests are rows; the loop runs them, and a restart names what it interrupted."""

    def __init__(
        self,
        *,
        database: Database,
        store: ProbeStore,
        owed: Owed,
        probes: Mapping[str, Probe],
        policy: Policy,
        catalog: Catalog,
        tasks: Tasks,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._probes = probes
        self._policy = policy
        self._catalog = catalog
        self._tasks = tasks
        self._clock = clock
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    @property
    def kinds(self) -> list[str]:
        return sorted(self._probes)

    def request(self, kind: str, what: str, *, place: Place, by: str, investigation_id: int | None = None) -> Batch:
        """Ask for one probe of a target, host or address. Raises BadInput: unknown kind, not a host, not allowed."""
        if kind not in self._probes:
            raise UnknownProbe(kind, self.kinds)
        target = self._catalog.find(what)
        subject = subject_of(target) if target else self._policy.subject_from_text(what)
        key = target.key if target else ""
        with self._database.transaction():
            title = f"{kind} {subject.label}"
            number = self._begin(title, "", key, place, by, investigation_id)
            self._store.add_run(number, step="target", kind=kind, subject=subject)
        return self._get(number)

    def play(self, target: Target, *, place: Place, by: str, investigation_id: int) -> None:
        """Ask for the playbook of the target's kind, in the caller's transaction; none for kinds without probes."""
        if next_steps(target, self._catalog.get(target.control), ()):
            self._begin("Playbook", target.kind, target.key, place, by, investigation_id)

    def get(self, batch_id: int) -> Batch | None:
        return self._store.get(batch_id)

    def of(self, investigation_id: int) -> list[Batch]:
        return self._store.of(investigation_id)

    async def run(self, *, on_done: Callable[[Batch], None]) -> None:
        """For ever: start what is asked for. `on_done` is called in the transaction that ends a batch."""
        self._name_interrupted()
        while True:
            self._wake.clear()
            for batch in self._store.queued():
                await self._slots.acquire()
                try:
                    self._store.started(batch.id)
                except Exception:
                    self._slots.release()
                    raise
                self._tasks.start(self._work(batch, on_done), name=f"probes {batch.id}")
            await woken(self._wake, within_s=IDLE_S)

    def _begin(
        self, title: str, playbook: str, target: str, place: Place, by: str | None, investigation_id: int | None
    ) -> int:
        number = self._store.request(
            title=title, playbook=playbook, target=target, place=place, by=by, investigation_id=investigation_id
        )
        key = batch_key(number)
        self._owed.card(key, view="probes", record_id=number, place=place, for_user=by or "", human=not playbook)
        self._wake.set()
        return number

    def _name_interrupted(self, only: int | None = None) -> None:
        """At start all that was running, at the end of a batch that one if it did not come to its end."""
        with self._database.transaction():
            for batch_id in self._store.interrupted(only):
                self._changed(self._get(batch_id), human=False)

    async def _work(self, batch: Batch, on_done: Callable[[Batch], None]) -> None:
        try:
            if batch.playbook:
                await self._follow(batch)
            else:
                await self._measure_all(batch, batch.runs)
            self._finish(batch.id, on_done)
        finally:
            self._slots.release()
            self._name_interrupted(batch.id)

    async def _follow(self, batch: Batch) -> None:
        """The steps of a playbook, each round decided by what the rounds before it found."""
        target = self._catalog[batch.target]
        control = self._catalog.get(target.control)
        while True:
            done = {run.step + run.kind: run.result for run in self._get(batch.id).runs if run.result}
            planned = next_steps(target, control, tuple(done.items()))
            if not planned:
                return
            await self._measure_all(batch, [self._add(batch, step) for step in planned])

    def _add(self, batch: Batch, planned: Planned) -> ProbeRun:
        with self._database.transaction():
            number = self._store.add_run(batch.id, step=planned.step, kind=planned.kind, subject=planned.subject)
        return next(run for run in self._get(batch.id).runs if run.id == number)

    async def _measure_all(self, batch: Batch, runs: Sequence[ProbeRun]) -> None:
        """All at once; where one crashes none goes on for a batch that has ended."""
        async with asyncio.TaskGroup() as group:
            for run in runs:
                group.create_task(self._measure(batch, run))

    async def _measure(self, batch: Batch, run: ProbeRun) -> None:
        self._store.run_started(run.id)

        def progress(result: ProbeResult) -> None:
            with self._database.transaction():
                self._store.progress(run.id, result)
                self._changed(batch, human=False)

        result = await self._result(run, progress)
        with self._database.transaction():
            self._store.run_done(run.id, result)
            self._changed(batch, human=False)
            self._attach(batch, run, result)

    async def _result(self, run: ProbeRun, progress: Progress) -> ProbeResult:
        """A subject that has nothing for the kind to look at is a result too."""
        started_at = self._clock()
        try:
            return await self._probes[run.kind].run(run.subject, progress=progress)
        except BadInput as error:
            return ProbeResult(run.kind, run.label, False, error.sentence, started_at, 0.0, could_run=False)

    def _attach(self, batch: Batch, run: ProbeRun, result: ProbeResult) -> None:
        if not result.report:
            return
        place = Place(batch.channel, thread_key=batch.thread_key or batch_key(batch.id), thread_ts=batch.thread_ts)
        self._owed.file(
            f"run/{run.id}/report",
            name=result.report_name,
            title=f"{run.kind} {run.label}",
            text=result.report,
            place=place,
            for_user=batch.requested_by or "",
        )

    def _finish(self, batch_id: int, on_done: Callable[[Batch], None]) -> None:
        batch = self._get(batch_id)
        verdict = playbook_verdict(batch.results) if batch.playbook else " ".join(r.verdict for r in batch.results)
        with self._database.transaction():
            self._store.done(batch_id, verdict)
            batch = self._get(batch_id)
            self._changed(batch, human=True)
            on_done(batch)

    def _changed(self, batch: Batch, *, human: bool) -> None:
        self._owed.changed(batch_key(batch.id), human=human)
        if batch.thread_key:
            self._owed.changed(batch.thread_key, human=False)

    def _get(self, batch_id: int) -> Batch:
        found = self._store.get(batch_id)
        if not found:
            raise LookupError(f"probe batch {batch_id}")
        return found
