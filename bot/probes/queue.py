"""Who may measure how much at the same time, and who comes next. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadInput, TooMuch
from bot.probes.batch import Batch


@dataclass(frozen=True, slots=True)
class Caps:
    """Batches at the same time, in all, for one person and in one channel; and how many one person may have waiting.

    `per_host_and_hour` are the probes of one host that is no target's, by everybody together: it is somebody else's.
    The playbook of an opening counts in all and for its channel, but not for the person, who did not ask for it.
    """

    at_once: int = 12
    per_person: int = 3
    per_channel: int = 6
    waiting_per_person: int = 10
    per_host_and_hour: int = 20


class QueueFull(TooMuch):
    """The person has as many probes waiting as one person may."""

    def __init__(self, waiting: int) -> None:
        sentence = f"You have {waiting} probes waiting already. Let some finish, or cancel some."
        super().__init__(sentence, topic="probes waiting")


class HostFull(BadInput):
    """A host that is no target's was measured often enough; `minutes` until it may be again."""

    def __init__(self, host: str, measured: int, minutes: int) -> None:
        times = f"{measured} times in the last hour, by all of us"
        super().__init__(f"{host} was measured {times}. It belongs to somebody else: try again in {minutes} min.")
        self.minutes = minutes


def startable(waiting: Sequence[Batch], running: Sequence[Batch], caps: Caps) -> list[Batch]:
    """Those that may start now, first come first served among those whose person and channel have room."""
    chosen: list[Batch] = []
    people = Counter(each.requested_by for each in running if each.on_demand)
    channels = Counter(each.channel for each in running)
    for batch in waiting:
        if len(running) + len(chosen) >= caps.at_once:
            break
        own = people[batch.requested_by] if batch.on_demand else 0
        if own >= caps.per_person or channels[batch.channel] >= caps.per_channel:
            continue
        chosen.append(batch)
        channels[batch.channel] += 1
        people[batch.requested_by] += 1 if batch.on_demand else 0
    return chosen
