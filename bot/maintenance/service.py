"""Maintenance as people plan it and as status pages announce it: begun, changed, ended; then everything is checked."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from attrs import define

from bot.errors import BadInput, existing
from bot.maintenance.calendar import Calendar
from bot.maintenance.model import (
    WHY_MAX,
    Change,
    ChangeKind,
    Maintenance,
    NotAMaintenance,
    Phase,
    PlannedTime,
    card_key,
    checked,
)
from bot.maintenance.pages import news_of
from bot.maintenance.store import MaintenanceStore
from bot.maintenance.sweep_model import Reason, SweepOrder
from bot.maintenance.sweeps import SweepService
from bot.messages.model import Place
from bot.records import Loop
from bot.status.service import StatusService
from bot.targets.model import Catalog

VIEW = "maintenance"
TOLD_AHEAD = timedelta(hours=24)
"""So long before it begins what a status page has planned is told."""

_NAME = re.compile(r"m[\s\u2010-\u2015\u2212-]?(\d{1,9})\b[\s,:]{0,9}", re.IGNORECASE)


@define(kw_only=True, eq=False, repr=False, slots=False)
class MaintenanceService(Loop):
    """`_wake` is set by whoever changed what is planned, and by what status pages say."""

    _store: MaintenanceStore
    _calendar: Calendar
    _status: StatusService
    _sweeps: SweepService
    _catalog: Catalog
    _team_channel: Callable[[str], Awaitable[str]]

    def __attrs_post_init__(self) -> None:
        self._status.expect(self._calendar.expected())

    def get(self, maintenance_id: int) -> Maintenance:
        """Raises NotFound."""
        return existing(self._store.get(maintenance_id), "That maintenance does not exist.")

    def live(self) -> list[Maintenance]:
        """What is planned or goes on, in the order in which it begins."""
        return self._store.live()

    def ended_since(self, since: datetime) -> list[Maintenance]:
        """Returns those that were over or called off after that, the newest first."""
        return self._store.ended_since(since)

    def named(self, text: str) -> tuple[Maintenance, str]:
        """The maintenance that "M-3 to 23:30" or "us-east to 23:30" begins with, and the rest. Raises BadInput."""
        live = self._store.live()
        if match := _NAME.match(text.lstrip()):
            found = next((each for each in live if each.id == int(match[1])), None)
            if not found:
                raise NotAMaintenance(f"M-{match[1]}", [each.name for each in live])
            return found, text.lstrip()[match.end() :].strip()
        target, rest = self._catalog.longest_prefix(text.split())
        of_target = [each for each in live if target and target.key in each.targets]
        if target and len(of_target) == 1:
            return of_target[0], " ".join(rest)
        if len(of_target) > 1:
            names = " or ".join(each.name for each in of_target)
            raise BadInput(f"{target.title if target else text} has several. Which one: {names}?")
        raise NotAMaintenance(
            target.title if target else (text.split() or ["That"])[0][:40], [each.name for each in live]
        )

    async def plan(self, targets: Sequence[str], time: PlannedTime, *, why: str, by: str, channel: str) -> Maintenance:
        """One that a person typed; its message comes to the channel. Raises NotTier2, BadInput."""
        await self._people.require_tier2(by)
        now = self._clock()
        time = checked(time, now)
        if len(why) > WHY_MAX:
            raise BadInput(f"The reason is too long: {WHY_MAX} characters are enough.")
        if not targets:
            raise BadInput("Say which target: `/t2 maintenance us-east 22:00-23:30 new kernel`.")
        self._require_new(targets, time)
        with self._database.transaction():
            maintenance = self._store.add(
                Maintenance(
                    id=0,
                    targets=tuple(dict.fromkeys(targets)),
                    phase=Phase.GOING if time.begins_at <= now else Phase.PLANNED,
                    begins_at=time.begins_at,
                    ends_at=time.ends_at,
                    channel=channel,
                    created_at=now,
                    why=why,
                    planned_by=by,
                )
            )
            key = card_key(maintenance.id)
            self._owed.card(key, view=VIEW, record_id=maintenance.id, place=Place(channel), for_user=by)
            self._status.expect(self._calendar.expected())
        self._wake.set()
        return maintenance

    async def extend(self, maintenance_id: int, until: datetime, *, by: str) -> Maintenance:
        """Give it another end, later or earlier. Raises NotTier2, NotFound, BadInput."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            before = self._own(maintenance_id)
            now = self._clock()
            time = checked(PlannedTime(before.begins_at, until), now)
            if until == before.ends_at:
                raise BadInput(f"{before.name} ends then already.")
            kind = ChangeKind.LONGER if until > before.ends_at else ChangeKind.SHORTER
            after = replace(before, ends_at=time.ends_at, changes=(*before.changes, Change(kind, now, by, until)))
            self._change(after, human=True)
        self._wake.set()
        return after

    async def end(self, maintenance_id: int, *, by: str) -> Maintenance:
        """It is over now; one that has not begun is called off. Raises NotTier2, NotFound, BadInput."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            before, now = self._own(maintenance_id), self._clock()
            if before.phase is Phase.PLANNED:
                after = self._cancelled(before, by, now)
            else:
                changes = (*before.changes, Change(ChangeKind.ENDED, now, by))
                after = self._finished(replace(before, changes=changes), now, human=True)
        self._wake.set()
        return after

    def status_changed(self, _subject: str) -> None:
        """A page may have announced, moved or ended one."""
        self._wake.set()

    async def turn(self) -> datetime | None:
        """Begin and end what is due; when something begins or ends next."""
        channels = await self._channels({target for work in self._status.planned() for target in work.targets[:1]})
        now = self._clock()
        with self._database.transaction():
            heard = self._status.planned()  # with whether it is current: what was not heard a moment ago is not over
            for page in {work.page for work in heard} | {each.page for each in self._store.live() if each.page}:
                if self._status.is_current(page):
                    own = [work for work in heard if work.page == page]
                    for news in news_of(own, self._store.of_page(page), now):
                        self._follow(news, channels, now)
            for maintenance in self._store.live():
                self._step(maintenance, now)
            self._sweeps.look()
        self._status.expect(self._calendar.expected())
        return self._next(now)

    def _follow(self, after: Maintenance, channels: Mapping[str, str], now: datetime) -> None:
        if not after.id and after.targets[0] not in channels:
            self._wake.set()  # it came meanwhile
        elif not after.id:
            self._store.add(replace(after, channel=channels[after.targets[0]]))
        elif after.phase is Phase.CANCELLED:
            self._cancelled(after, "", now)
        elif after.phase is Phase.OVER:
            self._finished(replace(after, phase=Phase.GOING), now, human=False)
        else:
            self._change(after, human=False)

    def _step(self, before: Maintenance, now: datetime) -> None:
        """What time alone brings."""
        if before.page and not self._owed.places_of(VIEW, before.id) and self._is_told(before, now):
            place = Place(before.channel)
            self._owed.card(card_key(before.id), view=VIEW, record_id=before.id, place=place, human=False)
        if before.over_at(now):
            self._finished(before, now, human=False)
        elif before.phase is Phase.PLANNED and before.begins_at <= now:
            self._change(replace(before, phase=Phase.GOING), human=False)

    def _is_told(self, maintenance: Maintenance, now: datetime) -> bool:
        return maintenance.begins_at - TOLD_AHEAD <= now and self._status.announces(maintenance.page)

    def _finished(self, before: Maintenance, now: datetime, *, human: bool) -> Maintenance:
        """What is over is checked, but for what is in another maintenance by now."""
        held = {
            target for each in self._store.live() if each.id != before.id and each.holds(now) for target in each.targets
        }
        targets = tuple(target for target in before.targets if target not in held and self._catalog.get(target))
        after = replace(before, phase=Phase.OVER, ended_at=now)
        if targets:
            order = SweepOrder(
                title=before.why,
                reason=Reason.MAINTENANCE,
                targets=targets,
                place=Place(before.channel),
                maintenance_id=before.id,
            )
            after = replace(after, sweep_id=self._sweeps.begin(order, compared_before=before.begins_at))
        self._change(after, human=human)
        return after

    def _cancelled(self, before: Maintenance, by: str, now: datetime) -> Maintenance:
        changes = (*before.changes, Change(ChangeKind.CANCELLED, now, by))
        after = replace(before, phase=Phase.CANCELLED, ended_at=now, changes=changes)
        self._change(after, human=bool(by))
        return after

    def _change(self, after: Maintenance, *, human: bool) -> None:
        self._store.update(after)
        self._owed.changed(card_key(after.id), human=human)
        self._status.expect(self._calendar.expected())

    def _own(self, maintenance_id: int) -> Maintenance:
        """One that people may change. Raises NotFound, BadInput."""
        maintenance = self.get(maintenance_id)
        if not maintenance.live:
            raise NotAMaintenance(maintenance.name, [each.name for each in self._store.live()])
        if maintenance.page:
            raise BadInput(f"{maintenance.name} is from the status page: change it there, and I follow.")
        return maintenance

    def _require_new(self, targets: Collection[str], time: PlannedTime) -> None:
        for other in self._store.live():
            covers = other.begins_at <= time.begins_at and time.ends_at <= other.ends_at
            if covers and not other.page and set(targets) <= set(other.targets):
                raise BadInput(
                    f"{other.name} covers that already. `/t2 maintenance extend {other.name} to 23:30` gives it another"
                    f" end, `/t2 maintenance end {other.name}` ends it."
                )

    async def _channels(self, targets: Collection[str]) -> dict[str, str]:
        return {target: await self._team_channel(self._catalog.named(target).team) for target in targets}

    def _next(self, now: datetime) -> datetime | None:
        moments = [
            moment
            for each in self._store.live()
            for moment in (each.begins_at - TOLD_AHEAD if each.page else each.begins_at, each.begins_at, each.ends_at)
            if moment > now
        ]
        return min(moments, default=None)
