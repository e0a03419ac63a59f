"""How often the messages of trends are edited: what machines change is gathered for a minute."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.messages.owed import Owed
from bot.trends.model import Trend

EVERY = timedelta(minutes=1)
"""So often at most a message is edited; Slack takes 50 edits a minute of the whole workspace."""


class Edits:
    """Says in the caller's transaction that messages are out of date, each at most once a minute."""

    def __init__(self, *, owed: Owed, clock: Clock) -> None:
        self._owed = owed
        self._clock = clock
        self._edited: dict[int, datetime] = {}
        self._late: set[int] = set()

    def changed(self, trend: Trend) -> None:
        """A machine changed it: it is edited now, or by `settle` when its minute is over."""
        if trend.said_at:
            self._late.add(trend.id)
            self.settle()

    def changed_by_person(self, trend: Trend) -> None:
        """Somebody pressed something: that is shown at once."""
        self._owe(trend.id, human=True)

    def settle(self) -> None:
        """Owe those edits that have waited for a minute."""
        now = self._clock()
        for trend_id in [each for each in self._late if now >= self._edited.get(each, now - EVERY) + EVERY]:
            self._owe(trend_id, human=False)

    def _owe(self, trend_id: int, *, human: bool) -> None:
        self._late.discard(trend_id)
        self._edited[trend_id] = self._clock()
        self._owed.changed(f"trend/{trend_id}", human=human)
