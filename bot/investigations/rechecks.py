"""The smoke check of a target before somebody calls it mended, told to whoever has the form open, and after it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from attrs import define

from bot.errors import BadInput
from bot.investigations.model import Investigation
from bot.investigations.recheck_model import Rechecked, RecheckProgress, read
from bot.investigations.service import InvestigationService
from bot.maintenance.sweep_model import Reason, SweepOrder
from bot.maintenance.sweeps import SweepService
from bot.messages.model import Place
from bot.probes.batch import Batch
from bot.probes.findings import findings, said_once
from bot.probes.service import ProbeService
from bot.status.service import StatusService
from bot.status.trouble import Announcement
from bot.targets.model import Catalog
from bot.tasks import Tasks, woken

AT_ONCE = 3
"""Of so many investigations the probes are run again: a round may be about many."""

TellRecheck = Callable[[Sequence[Rechecked], bool], Awaitable[bool]]
"""Is told what is known, and whether results are late; False where nobody looks any more."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The batch of an investigation: None where nothing failed in it, or where `why` keeps it from running."""

    investigation_id: int
    batch_id: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecheckSettings:
    patience_s: float = 10.0
    """Whoever has the form open is told after this time that results are still missing."""
    given_up_s: float = 90.0


@define(kw_only=True, eq=False, repr=False, slots=False)
class RecheckService:
    """Results are rows of the probe room; `done` wakes those who wait for them."""

    _investigations: InvestigationService
    _probes: ProbeService
    _sweeps: SweepService
    _status: StatusService
    _catalog: Catalog
    _tasks: Tasks
    _settings: RecheckSettings

    def __attrs_post_init__(self) -> None:
        self._open: set[str] = set()
        """Forms that are told."""
        self._waiting: dict[int, set[asyncio.Event]] = {}

    def begin(self, investigation_ids: Iterable[int], *, by: str) -> list[Begun]:
        """Ask for the checks of these, each once."""
        return [self._begin(number, by) for number in list(dict.fromkeys(investigation_ids))[:AT_ONCE]]

    def look(self, begun: Sequence[Begun]) -> list[Rechecked]:
        """What is known of them now."""
        return [self._look(check) for check in begun]

    def known(self, investigation_id: int) -> Rechecked:
        """What was measured last, without running anything, and the alerts of now."""
        investigation = self._investigations.get(investigation_id)
        own = said_once(findings(self._probes.of(investigation_id), investigation.target).failing)
        failing = tuple(run.result.verdict for run in own if run.result)
        now = self._look(Begun(investigation_id, None))
        return replace(now, progress=RecheckProgress.ENDED, failed=len(failing), failing=failing)

    def follow(self, begun: Sequence[Begun], tell: TellRecheck, *, form: str) -> None:
        """Tell once when all results are in, and before that where they are late, until `form` (an id) is sent.

        Nobody waits for it here.
        """
        if any(check.progress is RecheckProgress.RUNNING for check in self.look(begun)):
            self._open.add(form)
            self._tasks.start(self._followed(begun, tell, form), name="probes before a form is sent")

    def sent(self, form: str) -> None:
        """Forget a form that nobody looks at any more."""
        self._open.discard(form)

    def resolved(self, investigation: Investigation) -> None:
        """It is mended, in the transaction that says so: the whole playbook says in the thread whether it is."""
        self._sweep(investigation.target, investigation.thread, investigation.id)

    def trouble_over(self, announcement: Announcement) -> None:
        """No source tells of trouble any more. Where somebody looks into it, their *Resolve* does this."""
        if not self._investigations.live_for(announcement.target):
            self._sweep(announcement.target, Place(announcement.channel), None)

    def _sweep(self, target: str, place: Place, investigation_id: int | None) -> None:
        """What is in a maintenance is checked when that ends."""
        configured = self._catalog.get(target)
        if not configured or self._status.expected(target):
            return
        order = SweepOrder(configured.title, Reason.OUTAGE, (target,), place, investigation_id=investigation_id)
        self._sweeps.begin(order)

    def done(self, batch: Batch) -> None:
        """A batch has ended: whoever follows it is told."""
        for wake in self._waiting.get(batch.id, ()):
            wake.set()

    def _begin(self, number: int, by: str) -> Begun:
        investigation = self._investigations.get(number)
        place = investigation.thread
        try:
            batch = self._probes.smoke_check(investigation.target, place=place, by=by, investigation_id=number)
        except BadInput as error:
            return Begun(number, None, error.sentence)
        return Begun(number, batch.id if batch else None)

    def _look(self, check: Begun) -> Rechecked:
        investigation = self._investigations.get(check.investigation_id)
        batch = self._probes.get(check.batch_id) if check.batch_id else None
        title, status = self._catalog.named(investigation.target).title, self._status.of(investigation.target)
        return read(investigation.id, title, batch, status, why=check.why)

    async def _followed(self, begun: Sequence[Begun], tell: TellRecheck, form: str) -> None:
        wake = asyncio.Event()
        numbers = [check.batch_id for check in begun if check.batch_id]
        for number in numbers:
            self._waiting.setdefault(number, set()).add(wake)
        try:
            if not await self._all_in(begun, wake, self._settings.patience_s):
                if form not in self._open or not await tell(self.look(begun), True):
                    return
                await self._all_in(begun, wake, self._settings.given_up_s)
            if form in self._open:
                await tell(self.look(begun), not self._ended(begun))
        finally:
            self._open.discard(form)
            for number in numbers:
                self._waiting[number].discard(wake)
                if not self._waiting[number]:
                    del self._waiting[number]

    async def _all_in(self, begun: Sequence[Begun], wake: asyncio.Event, within_s: float) -> bool:
        """Whether all ended within the time."""
        now_s = asyncio.get_running_loop().time
        until_s = now_s() + within_s
        while not self._ended(begun):
            if now_s() >= until_s:
                return False
            wake.clear()
            await woken(wake, within_s=until_s - now_s())
        return True

    def _ended(self, begun: Sequence[Begun]) -> bool:
        return all(check.progress is not RecheckProgress.RUNNING for check in self.look(begun))
