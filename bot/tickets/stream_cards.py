"""What `/t2 status` says of the stream. Pure."""

from datetime import timedelta

from bot.slack.text import clock_time, foreign, plural
from bot.tickets.stream_model import StreamStanding, StreamWay


def stream_lines(standing: StreamStanding) -> list[str]:
    """Nothing where there is no stream, and where it goes as it should."""
    if not standing.enabled:
        return []
    lines = []
    if standing.failing_since:
        since = clock_time(standing.failing_since)
        lines.append(f":warning: No new tickets read since {since} ({foreign(standing.reason, 200)})")
    if not standing.filled:
        lines.append(f":inbox_tray: {_history(standing)}")
    elif standing.behind and standing.complete_until and not standing.failing_since:
        lines.append(f":inbox_tray: Catching up with new tickets: read up to {clock_time(standing.complete_until)}")
    if standing.way is StreamWay.SEARCH:
        lines.append(":mag: New tickets come some minutes late: the bot's Zendesk user isn't allowed to export them")
    return lines


def _history(standing: StreamStanding) -> str:
    days, left = f"{standing.days} of {standing.of_days} days", standing.left
    remaining = f", {_about(left)} left" if left is not None and not standing.failing_since else ""
    return f"Reading the last {standing.of_days} days of tickets: {days}{remaining}"


def _about(left: timedelta) -> str:
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    return f"about {plural(minutes, 'minute')}" if minutes < 90 else f"about {plural(round(minutes / 60), 'hour')}"
