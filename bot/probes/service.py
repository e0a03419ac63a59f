"""Probe runs as people ask for them: one probe, a playbook, a smoke test; and cancelled by them."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from attrs import define

from bot.errors import BadInput
from bot.messages.model import Place, ShownPicture
from bot.probes.batch import (
    Batch,
    BatchRequest,
    FleetRunning,
    PlannedRun,
    ProbeRun,
    QueueFull,
    RunningAlready,
    batch_key,
    files_key,
)
from bot.probes.bundle import bundle_of
from bot.probes.findings import FRESH, TITLE, failed
from bot.probes.last_look import LastLook, last_look
from bot.probes.manual import Trial
from bot.probes.model import Shape, Subject
from bot.probes.next_look import NextLook, losing
from bot.probes.places import Places, new_runs, title
from bot.probes.playbooks import CUSTOMERS_KIND, PlaybookPlan, ProbeSettings, plan
from bot.probes.policy import ProbePolicy, subject_of
from bot.probes.registry import ALL, KINDS, PLAYBOOK, SMOKE, UnknownProbe
from bot.probes.store import ProbeStore
from bot.probes.typed_hosts import TypedHosts
from bot.records import Service
from bot.targets.model import Catalog, Target

LOOKED_BACK = 8
"""Batches of a target: a playbook, its part for the customers, and what was run again."""
NO_INVESTIGATION = "without an investigation there are no tickets"


def _is_quick(step: PlannedRun) -> bool:
    return step.step != "control" and KINDS[step.kind].shape is not Shape.HOPS


@dataclass(frozen=True, slots=True)
class _KeptLook:
    """What was found last, when so much was written of the target's probes; `signs` are of those that had ended."""

    written: int
    signs: tuple[object, ...]
    look: LastLook | None


@define(kw_only=True, eq=False, repr=False, slots=False)
class ProbeService(Service):
    """Requests are rows; `wake` tells the runner, which a restart finds them without."""

    _store: ProbeStore
    _kinds: Collection[str]
    _policy: ProbePolicy
    _catalog: Catalog
    _places: Places
    _wake: asyncio.Event
    _settings: ProbeSettings

    def __attrs_post_init__(self) -> None:
        self.hosts = TypedHosts(
            store=self._store, people=self._people, policy=self._policy, catalog=self._catalog, caps=self._settings.caps
        )
        """Who may measure what people type: asked before `request` and `look_again`."""
        self._looks: dict[str, _KeptLook] = {}

    @property
    def measured(self) -> tuple[str, ...]:
        """The kinds of probes, in the order of the registry."""
        return tuple(self._kinds)

    @property
    def kinds(self) -> list[str]:
        """What people may ask for by name."""
        return sorted([*self._kinds, SMOKE, PLAYBOOK])

    async def permit_fleet(self, *, by: str) -> None:
        """Before a `request` of several targets at once. Raises NotTier2, TeamsUnknown."""
        await self._people.require_tier2(by)

    def request(
        self,
        kind: str,
        what: str,
        *,
        place: Place,
        by: str,
        investigation_id: int | None = None,
        places: Sequence[str] = (),
        no_tickets: str = NO_INVESTIGATION,
    ) -> Batch:
        """Ask for one probe of a target, host or address. Raises BadInput: unknown kind, not a host, not allowed.

        Raises RunningAlready for what is being measured in the same place. `hosts` says whether the person may.
        With `places` it looks from each of them too, and at the control; a place named twice means two probes there.
        `no_tickets` is as in `play`.
        """
        if kind not in self.kinds and not (places and self._places.knows(kind)):
            raise UnknownProbe(kind, self.kinds)
        self._check_waiting(by)
        target = self._catalog.find(what)
        if kind == PLAYBOOK and not places:
            return self._get(self._play_on_demand(target, BatchRequest("", place, by, investigation_id), no_tickets))
        subject = self._subject(kind, what, target)
        if places:
            self._places.check(kind, subject, places)
        measured = "ping" if kind == SMOKE else kind
        runs = new_runs(measured, subject, self._control(target), places, here=kind in self.kinds)
        host, name = self.hosts.foreign(subject), title(kind, subject.label, places)
        fleet = kind == SMOKE and not target
        request = BatchRequest(name, place, by, investigation_id, target.key if target else "", host=host, fleet=fleet)
        self._check_running(request)
        self.hosts.leave_in_peace(host, len(runs))
        return self._get(self._begin(self._repeating(request), runs))

    def play(self, target: Target, *, place: Place, by: str, investigation_id: int, no_tickets: str = "") -> None:
        """Ask for the playbook of the target's kind, in the caller's transaction; none for kinds without one.

        `no_tickets` says why no tickets will come, if none will.
        """
        planned = self._planned(target)
        if planned.anything:
            self._play(
                target, planned, BatchRequest("Playbook", place, by, investigation_id, on_demand=False), no_tickets
            )

    def sweep(self, target: Target, *, sweep_id: int, place: Place, compared_before: datetime | None = None) -> bool:
        """Ask for the playbook of a target as a part of a smoke sweep, in the caller's transaction.

        Without the control, which is only compared with, and customers. False where there is nothing to measure.
        """
        planned = plan(target, None, playbooks=self._settings.playbooks)
        steps = [step for step in planned.steps if step.step != "control"]
        if not steps:
            return False
        before = self._store.last_playbook(target.key, before=compared_before)
        request = BatchRequest(
            target.title, place, None, None, target.key, target.kind, on_demand=False, repeats=before, sweep_id=sweep_id
        )
        self._store.request(request, steps)
        self._wake.set()
        return True

    def adopt(self, batch_id: int, investigation_id: int) -> Batch | None:
        """A part of a sweep belongs to an investigation from now on; None where it belongs to one already."""
        return self._get(batch_id) if self._store.adopted(batch_id, investigation_id) else None

    def of_sweep(self, sweep_id: int) -> list[Batch]:
        """The parts of a smoke sweep."""
        return self._store.of_sweep(sweep_id)

    def from_customers(self, investigation_id: int, places: Sequence[str]) -> None:
        """The tickets are in and name these places: each playbook looks from there, once. Within a transaction."""
        for pending in self._store.pending_of(investigation_id):
            target = self._catalog.get(pending.target)
            if places and target:
                self._look_from(pending, target, places)
            else:
                self._leave_out(pending, "no ticket names a place")

    def not_from_customers(self, investigation_id: int, reason: str) -> None:
        """What still waits for the tickets is left out, in the caller's transaction."""
        for pending in self._store.pending_of(investigation_id):
            self._leave_out(pending, reason)

    def look_again(self, batch_id: int, look: NextLook, *, by: str) -> Batch:
        """What would settle where packets are lost, in the thread of the batch that left it open. Raises BadInput."""
        batch = self._get(batch_id)
        lossy = losing(batch)
        if batch.emptied:
            raise BadInput(f"{batch.title} is too old to go on. `/probe` measures it again.")
        if not lossy:
            raise BadInput(f"{batch.title} shows no loss to look at again.")
        self._check_waiting(by)
        subject = replace(lossy.subject, cycles=look.cycles)
        places = (look.place,) if look.place else ()
        if places:
            self._places.check(lossy.kind, subject, places)
        host, name = self._store.host_of(batch_id), title(lossy.kind, subject.label, places)
        self.hosts.leave_in_peace(host, 1)
        request = BatchRequest(name, batch.thread, by, batch.investigation_id, batch.target, host=host)
        run = PlannedRun("target", lossy.kind, subject, look.place)
        return self._get(self._begin(self._repeating(request), [run]))

    def run_again(self, batch_id: int, *, by: str, no_tickets: str = NO_INVESTIGATION) -> Batch:
        """Measure once more what a batch measured, as its target is configured now. Raises BadInput.

        `no_tickets` is as in `play`.
        """
        batch = self._get(batch_id)
        if batch.emptied:
            raise BadInput(f"{batch.title} is too old to repeat. `/probe` measures it again.")
        self._check_waiting(by)
        request = BatchRequest(
            batch.title, batch.place, by, batch.investigation_id, batch.target, repeats=batch_id, fleet=batch.fleet
        )
        if batch.playbook:
            return self._get(self._play_on_demand(self._catalog.get(batch.target), request, no_tickets))
        request = replace(request, host=self._store.host_of(batch_id))
        self._check_running(request)
        self.hosts.leave_in_peace(request.host, len(batch.runs))
        runs = [PlannedRun(run.step, run.kind, self._subject_again(batch, run), run.place) for run in batch.runs]
        return self._get(self._begin(request, runs))

    def before(self, batch: Batch) -> Batch | None:
        """The same as it was measured before."""
        return self._store.get(batch.repeats) if batch.repeats else None

    def picture(self, batch: Batch) -> ShownPicture | None:
        """What was drawn of it, as soon as Slack has it."""
        return self._owed.shown_picture(batch.card_key)

    def share_files(self, batch_id: int, *, by: str) -> str | None:
        """Owe the one file with all reports of a batch, in its thread, once.

        Returns its address where it is there already, "" where nobody knows that; None for a new one. Raises BadInput.
        """
        batch = self._get(batch_id)
        file = None if batch.emptied else bundle_of(batch)
        if not file:
            raise BadInput(f"{batch.title} has no reports to share.")
        link = self._owed.file_link(files_key(batch_id))
        if link is not None:
            return link
        key, place = files_key(batch_id), batch.thread
        with self._database.transaction():
            self._owed.file(key, name=file.name, title=file.title, text=file.text, place=place, for_user=by)
        return None

    def smoke_check(self, target: str, *, place: Place, by: str, investigation_id: int) -> Batch | None:
        """The smoke check of a target before it is called mended, in the thread of an investigation: once more what
        failed, and the rest of its playbook. None where there is nothing to measure.

        What was asked for just before is not asked for twice. Raises QueueFull.
        """
        running = self._store.again_of(investigation_id, within=FRESH)
        if running:
            return running
        batches, configured = self._store.of(investigation_id), self._catalog.get(target)
        runs = failed(batches, target)
        if configured:  # what is old no longer says where it looked
            emptied = {batch.id for batch in batches if batch.emptied}
            runs = tuple(
                replace(run, subject=subject_of(configured)) if run.batch_id in emptied else run for run in runs
            )
        runs = tuple(run for run in runs if self._possible(run))
        rest = self._rest_of_playbook(configured, runs)
        if not runs and not rest:
            return None
        self._check_waiting(by)
        again = [PlannedRun("target", run.kind, self._subject_now(target, run.subject), run.place) for run in runs]
        again += [replace(step, step="target") for step in rest]
        return self._get(self._begin(BatchRequest(TITLE, place, by, investigation_id, target, again=True), again))

    async def cancel(self, batch_id: int, *, by: str) -> Batch:
        """Stop what waits or runs; its requester may, and Tier 2. What was measured until then is kept."""
        batch = self._get(batch_id)
        if by != batch.requested_by:
            await self._people.require_tier2(by)
        with self._database.transaction():
            parts = [batch_id, *([batch.customers.id] if batch.customers else [])]
            refining = [run.id for run in batch.runs if run.refining]
            for run_id in refining:
                self._store.refining(run_id, False)
            if not any([self._store.cancelled(part, by=by) for part in parts]) and not refining:
                raise BadInput(f"{batch.title} has ended already.")
            self._owed.changed(batch_key(batch_id), human=True)
        self._wake.set()
        return self._get(batch_id)

    def tried(self, batch_id: int, trial: Trial) -> Batch:
        """Somebody did by hand what the playbook asks for, in the caller's transaction."""
        self._get(batch_id)
        self._store.tried(batch_id, trial)
        self._owed.changed(batch_key(batch_id), human=True)
        return self._get(batch_id)

    def get(self, batch_id: int) -> Batch | None:
        return self._store.get(batch_id)

    def last_look(self, target: str) -> LastLook | None:
        """What was found of a target when it was last measured, by whomever; None where nothing was.

        Boards ask for all targets with every change, and what has ended seldom changes.
        """
        if self._database.in_transaction:
            return self._look(target)
        written, kept = self._database.touched.probes(target), self._looks.get(target)
        if kept and kept.written == written:
            return kept.look
        signs = self._store.ended_signs(target, at_most=LOOKED_BACK)
        same = kept and kept.signs == signs and None not in signs
        look = kept.look if kept and same else self._look(target)
        self._looks[target] = _KeptLook(written, signs, look)
        return look

    def _look(self, target: str) -> LastLook | None:
        return last_look(self._store.ended_of(target, at_most=LOOKED_BACK), target)

    def of(self, investigation_id: int, *, details: bool = True) -> list[Batch]:
        """Without details: verdicts, and neither tables nor reports."""
        return self._store.of(investigation_id, details=details)

    def _rest_of_playbook(self, target: Target | None, runs: Sequence[ProbeRun]) -> list[PlannedRun]:
        """What the playbook has beside these; no trace, which takes long and says where: that is no reason to wait."""
        if not target:
            return []
        done = {run.kind for run in runs if not run.place}
        steps = plan(target, None, playbooks=self._settings.playbooks).steps
        return [step for step in steps if step.kind not in done and step.kind in self._kinds and _is_quick(step)]

    def _play_on_demand(self, target: Target | None, request: BatchRequest, no_tickets: str) -> int:
        if not target:
            raise BadInput(f"A playbook is for a target: `/probe playbook {self._catalog.example}`.")
        planned = self._planned(target)
        if not planned.anything:
            why = ", ".join(f"{step.what}: {step.why}" for step in planned.left_out) or "it has no steps"
            raise BadInput(f"There is nothing to do in the playbook of {target.title} ({why}).")
        request = replace(request, title=f"{PLAYBOOK} {target.title}", target=target.key, playbook=target.kind)
        self._check_running(request)
        with self._database.transaction():
            return self._play(target, planned, self._repeating(request), no_tickets)

    def _planned(self, target: Target) -> PlaybookPlan:
        return plan(target, self._control(target), playbooks=self._settings.playbooks)

    def _control(self, target: Target | None) -> Target | None:
        return self._catalog.get(target.control) if target else None

    def _play(self, target: Target, planned: PlaybookPlan, request: BatchRequest, no_tickets: str) -> int:
        request = replace(request, target=target.key, playbook=target.kind)
        number = self._begin(replace(request, left_out=planned.left_out, by_hand=planned.by_hand), planned.steps)
        if planned.customers:
            self._store.add_customers(number, why_not=self._places.why_not(subject_of(target)) or no_tickets)
        return number

    def _look_from(self, pending: Batch, target: Target, places: Sequence[str]) -> None:
        kind, subject = CUSTOMERS_KIND.name, subject_of(target)
        for run in new_runs(kind, subject, self._control(target), places, here=False):
            self._store.add_run(pending.id, run)
        self._store.pending_no_longer(pending.id, title=title(kind, subject.label, places))
        self._owed.changed(pending.card_key, human=False)
        self._wake.set()

    def _leave_out(self, pending: Batch, reason: str) -> None:
        self._store.left_out(pending.id, reason)
        self._owed.changed(pending.card_key, human=False)

    def _subject_now(self, target_key: str, then: Subject) -> Subject:
        """The target as it is configured now; one address of it, where only that was looked at and is still there."""
        target = self._catalog.get(target_key)
        if not target:
            return replace(then, trusted=False)
        now = subject_of(target)
        narrowed = then.addresses != now.addresses and set(then.addresses) <= set(now.addresses)
        return then if narrowed and then.addresses else now

    def _subject_again(self, batch: Batch, run: ProbeRun) -> Subject:
        """Of the target or its control, whichever the run looked at; what was typed, and all targets, stay so."""
        target = self._catalog.get(batch.target)
        looked_at = self._control(target) if run.step == "control" else target
        if not looked_at or not run.subject.trusted:
            return run.subject
        return replace(self._subject_now(looked_at.key, run.subject), cycles=run.subject.cycles)

    def _check_running(self, request: BatchRequest) -> None:
        """In an investigation's thread: there everybody sees the message that waits for the result."""
        if request.investigation_id is not None and self._store.running_like(request):
            raise RunningAlready(request.title)
        if request.fleet and self._store.fleet_running():
            raise FleetRunning

    def _repeating(self, request: BatchRequest) -> BatchRequest:
        """Knows what it repeats, where the same investigation measured it before."""
        if request.fleet:
            return replace(request, repeats=self._store.fleet_before(request.title))
        if request.repeats or request.investigation_id is None:
            return request
        return replace(request, repeats=self._store.ended_like(request))

    def _possible(self, run: ProbeRun) -> bool:
        """Whether it can still be measured from where it was."""
        return not self._places.why_not(run.subject) if run.place else run.kind in self._kinds

    def _subject(self, kind: str, what: str, target: Target | None) -> Subject:
        if kind == SMOKE and not target:
            return self._fleet(what or ALL)
        return subject_of(target) if target else self.hosts.typed(what)

    def _fleet(self, group: str) -> Subject:
        """Everything behind several targets. Raises BadInput where nothing of that name has an address."""
        subjects = [subject_of(target) for target in self._catalog.group(group)]
        hosts = tuple(dict.fromkeys(host for subject in subjects for host in subject.hosts))
        addresses = tuple(dict.fromkeys(address for subject in subjects for address in subject.addresses))
        if not hosts and not addresses:
            raise BadInput(
                "A smoke test is for a target, a group or all: `/probe smoke us-east`, `/probe smoke gateways`,"
                " `/probe smoke us-*`, `/probe smoke all`."
            )
        label = "all targets" if group.lower() == ALL else group.lower()
        return Subject(label, hosts=hosts, addresses=addresses, trusted=True)

    def _check_waiting(self, person: str) -> None:
        if self._store.waiting_of(person) >= self._settings.caps.waiting_per_person:
            raise QueueFull(self._settings.caps.waiting_per_person)

    def _begin(self, request: BatchRequest, runs: Iterable[PlannedRun]) -> int:
        person, human = request.by or "", request.on_demand
        with self._database.transaction():
            number, place = self._store.request(request, runs), request.place
            key = batch_key(number)
            self._owed.card(key, view="probes", record_id=number, place=place, for_user=person, human=human)
        self._wake.set()
        return number

    def _get(self, batch_id: int) -> Batch:
        batch = self._store.get(batch_id)
        if not batch:
            raise BadInput("That probe does not exist.")
        return batch
