"""Times in which something that answers did not: runs of lost packets that are beyond chance. Pure."""

import functools
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from bot.probes.icmp.path_facts import Outage

# How often chance alone may look like a gap somewhere, and like an end of answers: together in less than 1 of 100 runs.
_GAP_CHANCE = 0.004
_END_CHANCE = 0.005
_SHARP_CHANCE = 0.001
# Real loss comes in small bursts, which are no gap however rare they are: at five packets a second a gap is a second.
_GAP_PACKETS = 5
END_PACKETS = 4
"""No fewer lost packets at the end are an end of all answers."""


class Gap(NamedTuple):
    """Lost packets in a row, by their place from 0: `first` is one of them, `behind` is not."""

    first: int
    behind: int

    @property
    def packets(self) -> int:
        return self.behind - self.first


def gaps(lost: Sequence[bool]) -> list[Gap]:
    """The runs of lost packets that random loss would not show; `lost` tells it of each packet in sending order.

    Random loss hits any packet alike, so all ways to spread the lost ones over the run are equally likely: how many of
    these have so long a run is the chance, whatever the rate (a permutation test, exact for any number of packets). A
    run that is a gap is taken out, and the rest is judged again by itself. Where nothing was answered there is no gap.
    """
    sent, missing = len(lost), sum(lost)
    if missing in (0, sent):
        return []
    runs = [Gap(group[0], group[-1] + 1) for was_lost, group in _runs(lost) if was_lost]
    silences = []
    if runs[-1].behind == sent and _is_end(sent, missing, runs[-1].packets):
        silences.append(runs.pop())
        sent, missing = sent - silences[0].packets, missing - silences[0].packets
    for run in sorted(runs, key=lambda run: run.packets, reverse=True):
        if run.packets < _GAP_PACKETS or chance_of_run(sent, missing, run.packets) >= _GAP_CHANCE:
            break
        silences.append(run)
        sent, missing = sent - run.packets, missing - run.packets
    return sorted(silences)


def quiet_times(sent: Sequence[tuple[float, bool]], at: Callable[[float], datetime]) -> tuple[Outage, ...]:
    """The gaps of packets, given by when each was sent (loop time) and whether it was lost, as times of day."""
    return tuple(
        Outage(at(sent[gap.first][0]), at(sent[gap.behind][0]) if gap.behind < len(sent) else None, gap.packets)
        for gap in gaps([was_lost for _, was_lost in sent])
    )


@functools.lru_cache(maxsize=1024)
def chance_of_run(sent: int, lost: int, run: int) -> float:
    """The chance that `lost` of `sent`, spread at random, have `run` or more in a row anywhere.

    Those without are counted by inclusion and exclusion: `lost` balls in the places between and around the answered
    ones, fewer than `run` in each.
    """
    answered = sent - lost
    without: int = sum(
        (-1) ** full * math.comb(answered + 1, full) * math.comb(sent - full * run, answered)
        for full in range(min(answered + 1, lost // run) + 1)
    )
    everything = math.comb(sent, lost)
    return 1 - without / everything


def _is_end(sent: int, lost: int, run: int) -> bool:
    """Whether the last `run` packets, all lost, are more than chance: the same test for that one place.

    Where all others were answered it is enough that a path which loses every second packet would hardly look like
    this: two answers and then eight losses are an end, and not a loss of 80 %.
    """
    if run < END_PACKETS:
        return False
    sharp = run == lost and 0.5**sent < _SHARP_CHANCE
    return sharp or math.comb(sent - run, lost - run) / math.comb(sent, lost) < _END_CHANCE


def _runs(lost: Sequence[bool]) -> list[tuple[bool, list[int]]]:
    return [(was_lost, list(places)) for was_lost, places in groupby(range(len(lost)), key=lambda place: lost[place])]
