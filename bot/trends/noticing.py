"""What rises becomes a trend with the message that it owes, in one transaction: killed in between, it is said once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from attrs import define

from bot.investigations.model import card_key
from bot.investigations.service import InvestigationService
from bot.messages.model import Place
from bot.records import Service
from bot.trends.edits import Edits
from bot.trends.life import begun, looked
from bot.trends.model import Facts, Rise, SeriesKey, Trend, TrendState, facts_of
from bot.trends.plans import TargetPlans
from bot.trends.ports import StoredTickets
from bot.trends.resolved import ResolvedWatch
from bot.trends.store import TrendStore

VIEW = "trend"


@define(kw_only=True, eq=False, repr=False, slots=False)
class Noticing(Service):
    """Takes what each look of the detector found."""

    _store: TrendStore
    _stored: StoredTickets
    _investigations: InvestigationService
    _resolved: ResolvedWatch
    _edits: Edits
    _plans: TargetPlans
    _team_channel: Callable[[str], Awaitable[str]]

    async def noticed(self, rises: Sequence[Rise], at: datetime, *, speaks: bool) -> None:
        """One look, at a moment up to which every ticket is known; where it does not speak, it only keeps a record."""
        facts = {rise.series: facts_of(self._stored.tickets(rise.ticket_ids)) for rise in rises}
        about = [(rise.series.target or facts[rise.series].about, rise.fleet) for rise in rises]
        teams = {self._plans.team(target, fleet=fleet) for target, fleet in about}
        channels = {team: await self._team_channel(team) for team in teams}
        with self._database.transaction():
            open_rises = [rise for rise in rises if not self._resolved.holds(rise, facts[rise.series], at)]
            look = looked(self._store.known(at), open_rises, at)
            for trend in look.changed:
                self._goes_on(trend, at, speaks=speaks)
            for rise, dismissed in look.new:
                self._begin(rise, facts[rise.series], channels, dismissed, at=at, speaks=speaks)
            self._end_snoozes(at)

    def _begin(
        self,
        rise: Rise,
        facts: Facts,
        channels: Mapping[str, str],
        dismissed: Trend | None,
        *,
        at: datetime,
        speaks: bool,
    ) -> None:
        """Where its target is under investigation that card tells of it, and nothing is posted; in a maintenance that
        explains it neither.
        """
        target = rise.series.target or facts.about
        team = self._plans.team(target, fleet=rise.fleet)
        live = self._investigations.live_for(target) if target and not rise.fleet else None
        again = self._resolved.again(rise, facts, at)
        planned = None if live else self._plans.expects(rise, facts)
        said = speaks and not live and not planned
        trend = self._store.add(
            replace(
                begun(rise, at),
                **asdict(facts),
                state=TrendState.INVESTIGATED if live else TrendState.RISING,
                team=team,
                channel=channels[team],
                words=self.words(rise.series),
                shadow=not speaks,
                said_at=at if said else None,
                investigation_id=live.id if live else None,
                again_of=again.investigation_id if again else None,
                settled_at=again.settled_at if again else None,
                larger_than=dismissed.id if dismissed else None,
                maintenance_id=planned.id if planned else None,
            )
        )
        if said:
            self._say(trend)
        if live:
            self._owed.changed(card_key(live.id), human=False)

    def _say(self, trend: Trend) -> None:
        self._owed.card(trend.name, view=VIEW, record_id=trend.id, place=Place(trend.channel), human=False)

    def _goes_on(self, trend: Trend, at: datetime, *, speaks: bool) -> None:
        trend = replace(trend, **asdict(facts_of(self._stored.tickets(trend.ticket_ids))))
        if speaks and trend.is_planned and self._plans.is_due(trend, at):
            trend = replace(trend, said_at=at, shadow=False)
            self._say(trend)
        self._store.update(trend)
        self._edits.changed(trend)
        if trend.investigation_id and trend.state is TrendState.INVESTIGATED:
            self._owed.changed(card_key(trend.investigation_id), human=False)

    def _end_snoozes(self, at: datetime) -> None:
        """Whoever snoozed it is told where it still rises; where it does not, it is over (see `looked`)."""
        for trend in self._store.snoozes_ended(at):
            if trend.rises(at):
                awake = replace(trend, state=TrendState.RISING)
                self._store.update(awake)
                self._edits.changed(awake)
                self._owed.post(
                    f"trend-again/{trend.id}/{trend.snoozed_until:%Y%m%dT%H%M}",
                    view="trend_again",
                    record_id=trend.id,
                    place=Place(trend.channel, thread_key=trend.name),
                    for_user=trend.snoozed_by,
                )

    def words(self, series: SeriesKey) -> str:
        """What its term is in words, "" where it has none or hardly anybody uses it."""
        return self._stored.words([series.term]).get(series.term, "") if series.term else ""
