"""When the last investigation of a target was resolved, and why: the next one begins with that. Pure."""

from datetime import timedelta

from bot.investigations.model import Earlier, Investigation
from bot.slack.text import foreign, place

_CAUSE, _WORKAROUND = 200, 300
_MONTH = timedelta(days=30)


def earlier_line(seen: Earlier | None) -> str:
    """ "Last resolved 12 days ago (INV-2): transit provider; workaround: use U.S. West"; "" for none."""
    if not seen:
        return ""
    found = seen.investigation
    cause = foreign(found.root_cause, _CAUSE).rstrip(". ") or "no root cause noted"
    helps = foreign(found.workaround, _WORKAROUND).rstrip()
    workaround = f"workaround: {helps}" if helps else "no workaround noted"
    return f":clock3: Last resolved {ago_words(seen.ago)} ({found.name}): {cause}; {workaround}"


def opened_elsewhere(found: Investigation, earlier: Earlier | None) -> str:
    """To whoever opened it in another channel than its card's."""
    told = f"\n{earlier_line(earlier)}" if earlier else ""
    return f"{found.name} is open in {place(found.channel)}.{told}"


def ago_words(ago: timedelta) -> str:
    """The largest unit that says enough: "12 days ago", "3 h ago"."""
    if ago >= 3 * _MONTH:
        return f"{ago // _MONTH} months ago"
    if ago >= timedelta(days=1):
        return "1 day ago" if ago.days == 1 else f"{ago.days} days ago"
    minutes = int(ago / timedelta(minutes=1))
    return f"{minutes // 60} h ago" if minutes >= 60 else f"{max(minutes, 1)} min ago"
