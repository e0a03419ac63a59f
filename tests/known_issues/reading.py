"""What tests ask of any tracker."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.known_issues.tracker import Tracker


async def everything(
    tracker: Tracker, cursor: str = "", *, between: Callable[[], None] = lambda: None
) -> tuple[list[str], str]:
    """The keys of all changes, page after page, and the last cursor; `between` is called after each page."""
    keys: list[str] = []
    for _ in range(200):
        page = await tracker.changes(cursor)
        keys += [issue.key for issue in page.issues]
        cursor = page.cursor
        between()
        if not page.more:
            return keys, cursor
    raise AssertionError("it never ends")


def later(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
