"""Which files of the bot a trip enters: who called whom first, as it runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = f"{Path(__file__).parent.parent}/"
SHIPPED = ("bot/", "commands/")


@dataclass
class Trip:
    """`calls` are pairs of files, caller and called, in the order of their first call.

    The caller is "" where the call comes from outside: from Slack, or from a loop of the bot.
    """

    calls: dict[tuple[str, str], None] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """In the order in which they are entered."""
        return list(dict.fromkeys(called for _, called in self.calls))

    def leads(self, stops: list[str]) -> list[str]:
        """What is wrong with `stops` as the way of this trip: each is called by one before it, or from outside."""
        wrong = []
        for number, stop in enumerate(stops):
            callers = {caller for caller, called in self.calls if called == stop}
            if not callers:
                wrong.append(f"{stop} is not entered")
            elif not callers & {"", *stops[:number]}:
                wrong.append(f"{stop} is called by {', '.join(sorted(callers))}, none of which is before it")
        return wrong

    def _see(self, frame: FrameType, event: str, _argument: object) -> None:
        called = _file(frame)
        if event != "call" or not called:
            return
        caller = frame.f_back
        while caller and not caller.f_code.co_filename.startswith(ROOT):
            caller = caller.f_back
        before = _file(caller) if caller else ""
        if before != called:
            self.calls.setdefault((before, called))


@contextmanager
def travelled() -> Iterator[Trip]:
    """Everything that this thread calls within the block, whatever task does it."""
    trip = Trip()
    sys.setprofile(trip._see)
    try:
        yield trip
    finally:
        sys.setprofile(None)


def _file(frame: FrameType) -> str:
    """The shipped file in which a function stands, or "" for any other."""
    name = frame.f_code.co_filename.removeprefix(ROOT)
    return name if name.startswith(SHIPPED) and not name.startswith("bot/sandbox/") else ""
