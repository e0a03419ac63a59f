"""What people do with trends: look into one, snooze it, say that it is none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from attrs import define

from bot.errors import BadInput, NotFound, existing
from bot.field_limits import require_short
from bot.investigations.model import EventKind, Investigation, OpenedInvestigation, State, card_key
from bot.investigations.service import InvestigationService
from bot.reading.versions import spelled
from bot.records import Service
from bot.targets.model import Catalog
from bot.trends.edits import Edits
from bot.trends.model import Trend, TrendState, symptom_words
from bot.trends.resolved import ResolvedWatch
from bot.trends.store import TrendStore

LINKED_MAX = 200
"""Tickets that one press puts on an investigation's list; its own search finds the others."""
SNOOZED_MAX_H = 168


@define(kw_only=True, eq=False, repr=False, slots=False)
class TrendService(Service):
    """Every change is one transaction with the edit of its message."""

    _store: TrendStore
    _investigations: InvestigationService
    _resolved: ResolvedWatch
    _edits: Edits
    _catalog: Catalog

    def get(self, trend_id: int) -> Trend:
        """Raises NotFound."""
        return existing(self._store.get(trend_id), "That rise is not kept any more.")

    def title(self, target_key: str) -> str:
        """What people call a target, also one that is no longer configured."""
        return self._catalog.named(target_key).title

    def target_of(self, trend: Trend) -> str:
        """The key of the target that it is about, "" where its tickets name none, or several."""
        key = trend.series.target or trend.about
        return key if self._catalog.get(key) else ""

    def symptom_of(self, trend: Trend) -> str:
        """What people see, for an investigation of it: the symptom that its tickets share, a version, a new word."""
        symptom = trend.series.symptom or trend.symptom
        words = [symptom_words(symptom), spelled(trend.told.version), trend.words]
        return ", ".join(word for word in dict.fromkeys(words) if word)

    async def investigate(
        self, trend_id: int, target_key: str, *, symptom: str, by: str, channel: str
    ) -> OpenedInvestigation:
        """Open the target's investigation, or find it, and put the tickets of the trend on its list.

        Raises NotFound, TooLong.
        """
        trend, target = self.get(trend_id), self._catalog.get(target_key)
        if not target:
            raise NotFound("That target is no longer configured. Type `/investigate` to choose another.")
        ids = trend.ticket_ids[:LINKED_MAX]
        opened = await self._investigations.open(target, symptom=symptom, by=by, channel=channel, tickets=ids)
        self._investigated(trend_id, opened.investigation.id)
        return opened

    async def snooze(self, trend_id: int, *, hours: float, by: str) -> None:
        """Nothing more is said of it for so long. Raises NotTier2, BadInput."""
        await self._people.require_tier2(by)
        if not 0 < hours <= SNOOZED_MAX_H:
            raise BadInput("A snooze lasts from one hour to a week.")
        with self._database.transaction():
            trend = self._require(trend_id, TrendState.RISING, TrendState.SNOOZED)
            until = self._clock() + timedelta(hours=hours)
            self._keep(replace(trend, state=TrendState.SNOOZED, snoozed_until=until, snoozed_by=by))

    async def dismiss(self, trend_id: int, *, reason: str, by: str) -> None:
        """It is no trend: it comes back where it is clearly larger than now. Raises NotTier2, BadInput, TooLong."""
        await self._people.require_tier2(by)
        if not reason.strip():
            raise BadInput("Say why it is not a trend, in a few words.")
        require_short(reason, "A reason")
        with self._database.transaction():
            trend = self._require(trend_id, TrendState.RISING, TrendState.SNOOZED, TrendState.OVER)
            if trend.dismissed_at or trend.investigation_id:
                raise BadInput(_STANDS[TrendState.OVER])
            self._keep(self._as_dismissed(trend, reason, by))

    def opened(self, investigation: Investigation) -> None:
        """Somebody looks into the target, in the transaction that opens it: its trends say so."""
        for trend in self._store.live():
            if (
                trend.state is not TrendState.DISMISSED
                and self.target_of(trend) == investigation.target
                and not trend.fleet
            ):
                self._keep(replace(trend, state=TrendState.INVESTIGATED, investigation_id=investigation.id))

    def resolved(self, investigation: Investigation) -> None:
        """What it looked into is over, and watched for a day; in the transaction that resolves it."""
        self._resolved.resolved(investigation)
        for trend in self._of(investigation.id):
            self._keep(replace(trend, state=TrendState.OVER, over_at=self._clock()))

    def reopened(self, investigation: Investigation) -> None:
        """It is looked into again, in the transaction that reopens it."""
        self._resolved.forget(investigation.id)
        self.opened(investigation)

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """Where an investigation was dismissed its trends were none, in the transaction that dismisses it."""
        if kind is EventKind.DISMISSED:
            reason = self._investigations.get(investigation_id).reason
            for trend in self._of(investigation_id):
                self._keep(self._as_dismissed(trend, reason, by))

    def merging(self, investigation: Investigation, into: Investigation) -> None:
        """It goes on in another one, in the transaction of that, which looks into its trends from now on."""
        for trend in self._of(investigation.id):
            self._keep(replace(trend, investigation_id=into.id))

    def unmerged(self, investigation: Investigation, into: Investigation) -> None:
        """It goes on by itself again, with the trends of its target."""
        for trend in self._of(into.id):
            if self.target_of(trend) == investigation.target:
                self._keep(replace(trend, investigation_id=investigation.id))

    def rising(self, investigation_id: int) -> Trend | None:
        """What rises now of what an investigation looks into, the largest; None where no more than usual write."""
        now = self._clock()
        rising = [trend for trend in self._of(investigation_id) if trend.rises(now) and not trend.calms]
        return max(rising, key=lambda trend: trend.customers / trend.window_h, default=None)

    def rising_now(self) -> list[Trend]:
        """What rises now, and nobody said that it is none; nothing while the bot only watches."""
        now, shown = self._clock(), (TrendState.RISING, TrendState.INVESTIGATED, TrendState.SNOOZED)
        live = self._store.live()
        return [trend for trend in live if trend.state in shown and not trend.shadow and trend.rises(now)]

    def noticed_since(self, moment: datetime) -> list[Trend]:
        """Rises that were told since, oldest first; none of those that the bot only watched."""
        return [trend for trend in self._store.noticed_since(moment) if trend.said_at and not trend.shadow]

    def is_real(self, trend: Trend) -> bool | None:
        """What people made of it; None where nobody has said."""
        if trend.dismissed_at:
            return False
        if not trend.investigation_id:
            return None
        return self._investigations.get(trend.investigation_id).state is not State.DISMISSED

    def _of(self, investigation_id: int) -> Sequence[Trend]:
        """Those that an investigation looks into now."""
        of_it = self._store.of_investigation(investigation_id)
        return [trend for trend in of_it if trend.state is TrendState.INVESTIGATED]

    def _investigated(self, trend_id: int, investigation_id: int) -> None:
        """After a crash before this the message still offers it, and pressed again it finds the investigation."""
        with self._database.transaction():
            trend = self.get(trend_id)
            if trend.state is not TrendState.INVESTIGATED:
                over = trend.state is TrendState.OVER
                state = TrendState.OVER if over else TrendState.INVESTIGATED
                # Whoever looks into what was dismissed says that it may be one after all.
                taken = replace(trend, state=state, investigation_id=investigation_id)
                self._keep(replace(taken, dismissed_at=None, dismissed_by="", reason=""))
                self._owed.changed(card_key(investigation_id), human=True)

    def _as_dismissed(self, trend: Trend, reason: str, by: str) -> Trend:
        over = trend.state is TrendState.OVER
        return replace(
            trend,
            state=TrendState.OVER if over else TrendState.DISMISSED,
            dismissed_at=self._clock(),
            dismissed_by=by,
            reason=reason,
            dismissed_customers=trend.most,
            dismissed_window_h=trend.most_window_h,
        )

    def _require(self, trend_id: int, *states: TrendState) -> Trend:
        """Raises NotFound, or BadInput that says how it stands: somebody was faster."""
        trend = self.get(trend_id)
        if trend.state not in states:
            raise BadInput(_STANDS[trend.state])
        return trend

    def _keep(self, trend: Trend) -> None:
        self._store.update(trend)
        self._edits.changed_by_person(trend)


_STANDS = {
    TrendState.RISING: "It's still rising.",
    TrendState.INVESTIGATED: "Somebody is investigating it already. Dismiss or resolve that investigation.",
    TrendState.SNOOZED: "Somebody has snoozed it already.",
    TrendState.DISMISSED: "Somebody has said already that it's not a trend.",
    TrendState.OVER: "It's over.",
}
