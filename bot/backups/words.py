"""What a terminal shows of backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.backups.model import Backup, Restored


def backup_line(backup: Backup, now: datetime) -> str:
    """ "3 hours ago, 14.2 MB, /backups/secondline.db"."""
    return f"{_ago(now - backup.at)}, {megabytes(backup.bytes)}, {backup.path}"


def megabytes(size_bytes: int) -> str:
    """ "14.2 MB"; 0.1 MB for less."""
    return f"{max(size_bytes, 100_000) / 1e6:.1f} MB"


def restored_lines(restored: Restored) -> Iterator[str]:
    """What was put back, and what the bot does about what happened since, for the one who restores."""
    yield "The backup is in place. Start the bot now."
    if restored.aside:
        yield f"The database that was there is {restored.aside}."
    if restored.looked_for:
        yield f"{_count(restored.looked_for, 'message')} may be in Slack already: the bot looks there before it sends."
    if restored.replies:
        answered = _count(restored.replies, "customer")
        yield f"{answered} may have been answered already: the bot looks at the tickets before it sends."
    if restored.letters:
        yield f"{_count(restored.letters, 'mail')} to vendors may have gone out: the bot asks in the thread."
    if restored.unacknowledged:
        named = ", ".join(f"INV-{number}" for number in restored.unacknowledged)
        yield f"Management had not acknowledged {named}: the ladder goes on at once. Acknowledge if that is done."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"


def _ago(age: timedelta) -> str:
    hours = int(age / timedelta(hours=1))
    if hours < 1:
        return "less than an hour ago"
    return f"{_count(hours, 'hour')} ago" if hours < 48 else f"{hours // 24} days ago"
