"""Every event of a room is heard above it, by each once."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.signals import Signal
from tests.world import World

ROOT = Path(__file__).parent.parent
MADE = re.compile(r": Signal\[|= Signal\[")


def signals(thing: object, seen: set[int]) -> Iterator[tuple[str, Signal[*tuple[object, ...]]]]:
    """All that can be reached from something of ours, by class and name."""
    if id(thing) in seen or not type(thing).__module__.startswith("bot."):
        return
    seen.add(id(thing))
    for name in getattr(thing, "__dict__", None) or getattr(type(thing), "__slots__", None) or ():
        part = getattr(thing, name)
        if isinstance(part, Signal):
            yield f"{type(thing).__name__}.{name}", part
        else:
            yield from signals(part, seen)


def test_every_event_is_heard_and_by_nobody_twice() -> None:
    events = dict(signals(World().rooms, set()))

    assert {name for name, event in events.items() if not event.hearers} == set()
    assert {name for name, event in events.items() if len(set(event.hearers)) < len(event.hearers)} == set()
    # The border to Slack tells the metrics alone, and only where they are on.
    rooms = (path for path in (ROOT / "bot").rglob("*.py") if "slack" not in path.relative_to(ROOT / "bot").parts)
    assert sum(len(MADE.findall(path.read_text())) for path in rooms) == len(events) > 10
