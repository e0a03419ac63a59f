"""What agents read in a ticket that was elevated. Pure."""

from datetime import timedelta


def waited(lasted: timedelta) -> str:
    """ "22 min", "3 h 5 min", "2 days"."""
    minutes = max(1, int(lasted.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{minutes} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"


def note(*, lasted: timedelta, left: str, group: str, target: str) -> str:
    """Says why the ticket moved; `left` is the group that had it, `target` a title, "" for none."""
    about = f"It is about {target}." if target else "It names nothing that we know, so it went to the usual team."
    return f"No one has replied for {waited(lasted)}, so Second Line moved this from {left} to {group}. {about}"
