"""What the rooms below know of an investigation that decides about reminders."""

from collections.abc import Iterable
from datetime import datetime

from attrs import define

from bot.investigations.model import EventKind, Latest
from bot.investigations.service import InvestigationService
from bot.investigations.updates import UpdateService
from bot.reminders.model import ReminderFacts
from bot.replies.service import ReplyService
from bot.tickets.service import TicketService

_BEGUN = (EventKind.OPENED, EventKind.REOPENED)
_FREED = (*_BEGUN, EventKind.RELEASED, EventKind.MOVED)
_NO_NEWS = (
    EventKind.CLAIMED,
    EventKind.JOINED,
    EventKind.RELEASED,
    EventKind.MOVED,
    EventKind.STILL_ON_IT,
    EventKind.HANDOVER,
    EventKind.DECLINED,
    EventKind.NOT_HANDED_OVER,
    EventKind.HANDED_OVER,
    EventKind.TAKEN_OVER,
    EventKind.MOVED,
)
"""Who has it is no news of the trouble."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class FactGatherer:
    """Reads few rows: it is asked with every event."""

    _investigations: InvestigationService
    _updates: UpdateService
    _tickets: TicketService
    _replies: ReplyService

    def of(self, investigation_id: int) -> ReminderFacts:
        """Raises NotFound."""
        investigation = self._investigations.get(investigation_id)
        events, rounds = self._investigations.latest(investigation_id), self._replies.told(investigation_id)
        customers, opened_at = self._tickets.customers(investigation_id), investigation.opened_at
        begun_at = _last(events, _BEGUN) or opened_at
        fixed_at = _last(events, (EventKind.FIXED,))
        return ReminderFacts(
            state=investigation.state,
            live=investigation.live,
            owner=investigation.owner,
            opened_at=begun_at,
            free_since=_last(events, _FREED) or opened_at,
            news_at=max((event.at for event in events if _is_news(event)), default=opened_at),
            told_at=max(filter(None, (rounds.at, self._updates.words(investigation_id).last_said_at)), default=None),
            wrote_at=customers.first_at,
            waiting=customers.count,
            released_at=fixed_at if fixed_at and fixed_at >= begun_at else None,
            to_tell=rounds.to_review if fixed_at and fixed_at >= begun_at else 0,
        )


def _last(events: Iterable[Latest], kinds: tuple[EventKind, ...]) -> datetime | None:
    return max((event.at for event in events if event.kind in kinds), default=None)


def _is_news(event: Latest) -> bool:
    """Whether somebody said, measured or decided something."""
    return bool(event.actor) and event.kind not in _NO_NEWS
