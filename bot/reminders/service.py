"""Reminders: rows that begin and end with what the record says, sent together when they are due."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from attrs import define

from bot.errors import BadInput, existing
from bot.field_limits import require_short
from bot.investigations.model import EventKind, Investigation
from bot.investigations.service import InvestigationService
from bot.maintenance.calendar import Calendar
from bot.records import Loop
from bot.reminders.facts import FactGatherer
from bot.reminders.model import (
    ASKED_MAX,
    RULES,
    SPAN_MAX,
    SPANS,
    TEXT_MAX,
    Nudge,
    NudgeLine,
    NudgeState,
    Pace,
    Reminder,
    ReminderFacts,
    ReminderKind,
    ReminderSettings,
    Rule,
    ShownNudge,
    Snooze,
    after_sending,
    begun,
    carried,
    due_now,
    gathered,
    line_of,
    snoozed,
    still_true,
    tomorrow,
    too_soon,
)
from bot.reminders.store import ReminderStore
from bot.targets.model import Catalog
from bot.working_hours import WorkingHours

ONCE = Pace(timedelta(), timedelta(), 1)
OF_TROUBLE = (ReminderKind.UNCLAIMED, ReminderKind.NO_UPDATE, ReminderKind.LONG_OPEN)
"""What is about the trouble of a target; customers who wait for word are told whatever is planned."""
SWEEP = timedelta(minutes=1)
"""How often all records are looked at again, whatever was heard of them."""


class NotColleague(BadInput):
    """Somebody who has left, a guest or an app is reminded of nothing."""

    def __init__(self, whom: str) -> None:
        super().__init__("Only colleagues can be reminded, and they aren't one, or have left.")
        self.whom = whom


def nudge_key(nudge_id: int) -> str:
    return f"reminder/{nudge_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class ReminderService(Loop):
    """A reminder is a row; what it says is true when it is sent, since its record is read again before."""

    _store: ReminderStore
    _investigations: InvestigationService
    _facts: FactGatherer
    _calendar: Calendar
    _catalog: Catalog
    _settings: ReminderSettings

    def __attrs_post_init__(self) -> None:
        self._swept_at: datetime | None = None

    async def turn(self) -> datetime | None:
        """Remind of what is due now; when something is due again."""
        now = self._clock()
        if not self._swept_at or not self._swept_at <= now < self._swept_at + SWEEP:
            await self._sweep()
            self._swept_at = now
        for number in self._store.due(now):
            await self._remind(number)
            await asyncio.sleep(0)
        return self._store.next_due_at()

    def opened(self, investigation: Investigation) -> None:
        """It may have no owner, in the transaction that opened it."""
        self.refresh(investigation.id)
        self._wake.set()

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """Something happened to it, in the transaction of that."""
        self.refresh(investigation_id)
        self._wake.set()

    def merging(self, investigation: Investigation, into: Investigation) -> None:
        """It goes on in another one, in the transaction of that: whoever asked to be reminded still is."""
        self._store.move_asked(investigation.id, into.id)

    def refresh(self, investigation_id: int) -> ReminderFacts:
        """Makes the rows of what is so now, ends those of what isn't, in the caller's transaction. Raises NotFound."""
        facts = self._facts.of(investigation_id)
        rows = self._store.of(investigation_id)
        known: dict[ReminderKind, Reminder] = {row.kind: row for row in rows}
        for rule in RULES if facts.live else ():
            self._derive(investigation_id, rule, facts, known.get(rule.kind))
        for row in () if facts.live else rows:
            self._store.end(row.id)
        self._refresh_shown(investigation_id, facts)
        return facts

    async def ask(self, investigation_id: int, *, whom: str, text: str, span: timedelta | None, by: str) -> datetime:
        """Remind somebody once, after a time; None is tomorrow. When that will be.

        Raises BadInput, TooLong, NotTier2 for whoever wants to remind others, NotColleague.
        """
        require_short(text, "What you want to be reminded of", TEXT_MAX)
        if span and not timedelta(minutes=1) <= span <= SPAN_MAX:
            raise BadInput("A reminder can come after 1 minute at the soonest and 30 days at the latest.")
        now, hours = self._clock(), self.hours_of(whom)
        if whom != by:
            await self._people.require_tier2(by)
        if (await self._people.availability(whom, now)).gone:
            raise NotColleague(whom)
        at = tomorrow(hours, now) if span is None else now + span
        next_at = at if whom == by else hours.next_start(at)
        reminder = Reminder(
            investigation_id, ReminderKind.ASKED, now, next_at, whom=whom, asked_by=by, text=text.strip()
        )
        with self._database.transaction():
            investigation = self._investigations.get(investigation_id)
            if not investigation.live:
                raise BadInput(f"{investigation.name} is over, so nobody is reminded of it. Reopen it first.")
            if self._store.asked_by(investigation_id, by) >= ASKED_MAX:
                raise BadInput(f"You've asked for {ASKED_MAX} reminders of {investigation.name}, the most at a time.")
            self._store.begin(reminder)
        self._wake.set()
        return next_at

    async def snooze(self, nudge_id: int, snooze: Snooze, *, by: str) -> None:
        """Put off everything that a message reminds of; the next ones come as they did. Raises NotTier2."""
        nudge = await self._may(nudge_id, by)
        now, hours = self._clock(), self._settings.hours
        until = now + SPANS[snooze] if snooze in SPANS else tomorrow(hours, now)
        with self._database.transaction():
            if not self._still_open(nudge_id):
                return
            rows = self._rows(nudge)
            for row in rows:
                self._store.save(snoozed(row, until if row.any_time else hours.next_start(until)))
            until = until if all(row.any_time for row in rows) else hours.next_start(until)
            self._store.nudge_ended(nudge_id, NudgeState.SNOOZED, by=by, until=until)
            self._owed.changed(nudge_key(nudge_id), human=True)
        self._wake.set()

    async def stop(self, nudge_id: int, *, by: str) -> None:
        """No more of the same kinds for this investigation; what somebody asked for is done. Raises NotTier2."""
        nudge = await self._may(nudge_id, by)
        with self._database.transaction():
            if not self._still_open(nudge_id):
                return
            for row in self._rows(nudge):
                self._store.save(replace(row, stopped_by=by))
            self._store.nudge_ended(nudge_id, NudgeState.STOPPED, by=by)
            self._owed.changed(nudge_key(nudge_id), human=True)

    def shown(self, nudge_id: int) -> ShownNudge | None:
        """A message that reminds, as its card shows it; None where it is over before it was sent."""
        nudge = self._store.nudge(nudge_id)
        if not nudge:
            return None
        if nudge.state is not NudgeState.OPEN and not self._owed.place_of(nudge_key(nudge_id)):
            return None
        investigation = self._investigations.get(nudge.investigation_id)
        return ShownNudge(nudge, investigation, self._catalog.named(investigation.target).title)

    async def team_of(self, investigation_id: int) -> str:
        """What notifies the team of an investigation in a message."""
        investigation = self._investigations.get(investigation_id)
        return await self._people.team_mention(investigation.team or self._catalog.named(investigation.target).team)

    def offer(self, investigation_id: int, *, owner: str, why: str, wrote: int, team: str) -> None:
        """Offer what its owner has no more to the team, in the transaction that freed it, at whatever hour.

        It counts as the first reminder that nobody has it.
        """
        facts, now = self.refresh(investigation_id), self._clock()
        rows, last = self._store.of(investigation_id), self._store.last_nudge(investigation_id)
        row = next((row for row in rows if row.kind is ReminderKind.UNCLAIMED), None)
        line = NudgeLine(ReminderKind.FREED, facts.free_since, row.id if row else 0, owner, text=why, count=wrote)
        if row:
            self._sent(row, now)
        lines = carried(last, [line], {row.id: line_of(row, facts) for row in rows})
        self._nudge(self._investigations.get(investigation_id), lines, team)

    async def _sweep(self) -> None:
        """Look at every record again: an event may have been missed while the bot was down."""
        live = [investigation.id for investigation in self._investigations.live()]
        for number in dict.fromkeys([*live, *self._store.investigations()]):
            with self._database.transaction():
                self.refresh(number)
            await asyncio.sleep(0)

    async def _remind(self, investigation_id: int) -> None:
        team, away = await self.team_of(investigation_id), await self._owner_away(investigation_id)
        left = await self._left(investigation_id)
        with self._database.transaction():
            for number in left:
                self._store.end(number)
            facts, now = self.refresh(investigation_id), self._clock()
            hours = self.hours_of(self._investigations.get(investigation_id).owner)
            rows, last = self._store.of(investigation_id), self._store.last_nudge(investigation_id)
            rows = self._after_maintenance(investigation_id, rows, now)
            due = due_now(rows, now, hours)
            self._wait_for_work(rows, due, now, hours)
            if later := too_soon(due, last.at if last else None, now):
                for row in due:
                    self._store.save(replace(row, next_at=hours.next_start(later)))
                return
            together = gathered(rows, now, hours)
            for row in together:
                self._sent(row, now)
            if together:
                known = {row.id: line_of(row, facts) for row in rows}
                lines = carried(last, [known[row.id] for row in together], known)
                self._nudge(self._investigations.get(investigation_id), lines, team, away)

    def _after_maintenance(self, investigation_id: int, rows: Sequence[Reminder], now: datetime) -> list[Reminder]:
        """Nobody is reminded of what is as planned: that waits for the end of the maintenance."""
        held = self._calendar.holding(self._investigations.get(investigation_id).target)
        waiting = []
        for row in rows:
            if held and row.kind in OF_TROUBLE and row.next_at and row.next_at <= now:
                row = replace(row, next_at=self._settings.hours.next_start(held.holds_until))
                self._store.save(row)
            waiting.append(row)
        return waiting

    async def _owner_away(self, investigation_id: int) -> str:
        """The owner, where their status says that they are away: they may not see it."""
        owner = self._investigations.get(investigation_id).owner
        return owner if owner and (await self._people.availability(owner, self._clock())).away else ""

    async def _left(self, investigation_id: int) -> list[int]:
        """What was asked for somebody who has left since."""
        rows = [row for row in self._store.of(investigation_id) if row.kind is ReminderKind.ASKED]
        return [row.id for row in rows if (await self._people.availability(row.whom, self._clock())).gone]

    def _wait_for_work(
        self, rows: Sequence[Reminder], due: Sequence[Reminder], now: datetime, hours: WorkingHours
    ) -> None:
        """What comes in working hours only waits for them."""
        for row in rows:
            if row.waiting and row.next_at and row.next_at <= now and row not in due:
                self._store.save(replace(row, next_at=hours.next_start(now)))

    def _nudge(self, investigation: Investigation, lines: Sequence[NudgeLine], team: str, away: str = "") -> None:
        """One message, in place of the one before: an edit of that would notify nobody.

        The team is called where nobody owns it, or its owner is `away`.
        """
        self._end_shown(investigation.id, NudgeState.REPLACED)
        owner = investigation.owner or ""
        alone = owner != away or all(line.kind is ReminderKind.ASKED for line in lines)
        number = self._store.nudged(investigation.id, lines, owner=owner, team="" if owner and alone else team)
        self._owed.post(nudge_key(number), view="reminder", record_id=number, place=investigation.thread)

    def _sent(self, row: Reminder, now: datetime) -> None:
        hours = self.hours_of(self._investigations.get(row.investigation_id).owner)
        self._store.save(after_sending(row, now, self._pace(row.kind), hours))

    def _derive(self, investigation_id: int, rule: Rule, facts: ReminderFacts, before: Reminder | None) -> None:
        """What was stopped stays stopped while the investigation is live."""
        kind, since, pace = rule.kind, rule.begins(facts), self._pace(rule.kind)
        if since is None or not pace.on:
            if before and not before.stopped_by:
                self._store.end(before.id)
            return
        first_at, anew = begun(kind, since, before, pace)
        next_at = self.hours_of(facts.owner).next_start(first_at)
        if not before:
            self._store.begin(Reminder(investigation_id, kind, since, next_at))
        elif anew:
            next_at = max(next_at, before.snoozed_until or next_at)
            self._store.save(replace(before, since=since, next_at=next_at, sent=0))

    def _refresh_shown(self, investigation_id: int, facts: ReminderFacts) -> None:
        """Takes off the newest message what isn't so any more; one that says nothing more is done."""
        nudge = self._store.last_nudge(investigation_id)
        if not nudge or nudge.state is not NudgeState.OPEN:
            return
        lines = [line for line in nudge.lines if still_true(line, facts)]
        if not lines:
            self._end_shown(investigation_id, NudgeState.DONE)
        elif len(lines) < len(nudge.lines):
            self._store.shows(nudge.id, lines)
            self._owed.changed(nudge_key(nudge.id), human=False)

    def _end_shown(self, investigation_id: int, state: NudgeState) -> None:
        nudge = self._store.last_nudge(investigation_id)
        if nudge and nudge.state is NudgeState.OPEN:
            self._store.nudge_ended(nudge.id, state)
            self._owed.changed(nudge_key(nudge.id), human=False)

    async def _may(self, nudge_id: int, by: str) -> Nudge:
        """Tier 2, and whoever is reminded of what was asked for and of nothing else."""
        nudge = existing(self._store.nudge(nudge_id), "That reminder does not exist any more.")
        if not nudge.asked_only or by not in [line.whom for line in nudge.lines]:
            await self._people.require_tier2(by)
        return nudge

    def _still_open(self, nudge_id: int) -> bool:
        """Whoever presses a moment after another sees what the other did."""
        nudge = self._store.nudge(nudge_id)
        return nudge is not None and nudge.state is NudgeState.OPEN

    def _rows(self, nudge: Nudge) -> list[Reminder]:
        named = {line.reminder_id for line in nudge.lines}
        return [row for row in self._store.of(nudge.investigation_id) if row.id in named]

    def hours_of(self, user: str | None) -> WorkingHours:
        """Whoever has set hours is reminded in those, everybody else and the team in the team's."""
        return (self._people.own_hours(user) if user else None) or self._settings.hours

    def _pace(self, kind: ReminderKind) -> Pace:
        return self._settings.paces.get(kind, ONCE)
