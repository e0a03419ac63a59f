"""Parts of a smoke sweep, and sweeps of the fleet, begin when nothing else waits."""

from bot.probes.batch import Batch, Caps, RunState, startable
from tests.hostile import NOW


def batch(number: int, *, sweep: int | None = None, fleet: bool = False, channel: str = "C1") -> Batch:
    return Batch(
        number,
        "x",
        "gateway",
        "us-east",
        channel,
        RunState.QUEUED,
        NOW,
        requested_by="UKIM",
        sweep_id=sweep,
        fleet=fleet,
    )


def chosen(waiting: list[Batch], running: list[Batch] | None = None, caps: Caps | None = None) -> list[int]:
    return [each.id for each in startable(waiting, running or [], caps or Caps())]


def test_what_people_ask_for_goes_first() -> None:
    assert chosen([batch(1, sweep=1), batch(2, fleet=True), batch(3)]) == [3, 1, 2]


def test_so_many_parts_of_sweeps_run_at_once() -> None:
    """What is asked for next has room."""
    parts = [batch(number, sweep=1) for number in range(1, 16)]
    assert chosen(parts) == [1, 2, 3, 4]
    assert chosen(parts[3:], running=parts[:3]) == [4]
    assert chosen([*parts[4:], batch(99)], running=parts[:4]) == [99]


def test_parts_of_sweeps_take_no_room_of_a_channel() -> None:
    """Nor of a person."""
    running = [batch(number, sweep=1) for number in range(1, 5)]
    asked = [batch(number) for number in range(10, 14)]
    assert chosen(asked, running, Caps(per_channel=3)) == [10, 11, 12]
