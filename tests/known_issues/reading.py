"""What tests ask of any tracker."""

from datetime import datetime, timedelta

from bot.known_issues.tracker import Tracker


async def everything(tracker: Tracker, cursor: str = "") -> tuple[list[str], str]:
    """The keys of all changes, page after page, and the last cursor."""
    keys: list[str] = []
    for _ in range(200):
        page = await tracker.changes(cursor)
        keys += [issue.key for issue in page.issues]
        cursor = page.cursor
        if not page.more:
            return keys, cursor
    raise AssertionError("it never ends")


def later(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
