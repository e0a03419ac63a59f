"""The pictures of trends: drawn in a thread from what the detector counts, and owed where they look new."""

import asyncio
from datetime import datetime, timedelta

from bot.records import Records
from bot.tasks import caught
from bot.tickets.rise import HOUR
from bot.trends.model import Trend, TrendSettings
from bot.trends.pictures import HOURS, HourOfDay, picture_of_day
from bot.trends.ports import RiseDetector
from bot.trends.showing import Showing
from bot.trends.store import TrendStore

EVERY = timedelta(minutes=10)
"""So often at most a message gets a new picture: each is an upload and an edit."""


class TrendPictures:
    """Each message of a trend that goes on has one, the newest."""

    def __init__(self, *, records: Records, store: TrendStore, showing: Showing, settings: TrendSettings) -> None:
        self._owed = records.owed
        self._store = store
        self._showing = showing
        self._settings = settings

    async def renew(self, detector: RiseDetector, at: datetime) -> None:
        """Draw those that are due."""
        for trend in self._store.live():
            if trend.said_at and trend.rises(at) and not self._owed.picture_since(trend.name, EVERY):
                await self._draw(trend, self._hours(detector, trend, at))

    def _hours(self, detector: RiseDetector, trend: Trend, at: datetime) -> list[HourOfDay]:
        """The clock hours up to now, the last of them so far."""
        since = at.replace(minute=0, second=0, microsecond=0) - HOUR * (HOURS - 1)
        until = max(at, since + timedelta(minutes=1))
        usual, counts = detector.usual(trend.series, since, until), detector.customers(trend.series, since, until)
        zone = self._settings.zone
        return [
            HourOfDay(hour.at.astimezone(zone), count, hour.low, hour.high)
            for hour, count in zip(usual, counts, strict=True)
        ]

    async def _draw(self, trend: Trend, hours: list[HourOfDay]) -> None:
        if not any(hour.customers for hour in hours):
            return
        subject = "" if trend.fleet else self._showing.name(trend)
        picture = await caught(asyncio.to_thread(picture_of_day, subject, hours), name=f"picture of {trend.name}")
        if picture:
            self._owed.image(
                trend.name,
                picture,
                title=f"Customers who wrote{' about' if subject else ''} {subject}".strip(),
                shown_in=trend.name,
            )
