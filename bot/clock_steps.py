"""Setting the machine's clock back delays nothing: what waits for a moment moves with it."""

import asyncio
import logging
from datetime import timedelta

from bot.clock import Clock
from bot.database import Database, StorageError
from bot.tasks import turned

logger = logging.getLogger(__name__)

LOOK_S = 2.0
STEP = timedelta(seconds=1)
"""What is less is a clock being adjusted, or a look that came late."""


class ClockSteps:
    """Compares the clock that everybody reads with one that runs evenly.

    Every `next_at` is a moment of the first, and would come an hour later where that is set back by an hour. A clock
    that is set on makes things due sooner, which costs nothing.
    """

    def __init__(self, *, database: Database, clock: Clock, even: Clock) -> None:
        self._database = database
        self._clock = clock
        self._even = even
        self._ahead = clock() - even()

    async def run(self) -> None:
        """Look every two seconds, without end."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()
            turned()

    def look(self) -> None:
        """Move what waits, if the clock was set back since the last look."""
        ahead = self._clock() - self._even()
        back = self._ahead - ahead
        if back > STEP:
            try:
                self._move(back)
            except StorageError as error:
                logger.error("the clock was set back, and what waits can't be moved: %s", error.sentence)
                return
            logger.warning("the clock was set back by %.0f s; what waits was moved", back.total_seconds())
        self._ahead = ahead

    def _move(self, back: timedelta) -> None:
        with self._database.transaction():
            for table, column in self._waiting():
                moved = f"strftime('%Y-%m-%dT%H:%M:%f', {column}, ?) || '000+00:00'"
                shift = f"-{back.total_seconds():.3f} seconds"
                self._database.run(f"UPDATE {table} SET {column} = {moved} WHERE {column} > ?", shift, self._clock())

    def _waiting(self) -> list[tuple[str, str]]:
        sql = """SELECT m.name AS "table", c.name AS "column" FROM sqlite_schema m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name LIKE '%next_at'"""
        return [(row["table"], row["column"]) for row in self._database.rows(sql)]
