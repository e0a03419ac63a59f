"""Recognising a routing loop from who answers at each distance. Pure."""

import math
from collections.abc import Sequence
from typing import NamedTuple

# Two or three routers must come round two and a half times: packets may pass a router twice on a right way. Four or
# more in the same order twice are enough, and of a long loop 30 hops show no more.
_SHORT = 3
_ROUNDS_SHORT, _ROUNDS_LONG = 2.5, 2.0


class Circle(NamedTuple):
    """From distance `first` on the same `length` routers answer in turns, as far as the path was asked."""

    first: int
    length: int

    @property
    def last(self) -> int:
        """The distance that shows it: what lies beyond repeats it once more."""
        rounds = _ROUNDS_SHORT if self.length <= _SHORT else _ROUNDS_LONG
        return self.first + math.ceil(rounds * self.length) - 1


def circle(routers: Sequence[str]) -> Circle | None:
    """The loop in which the packets end; `routers` are who answers from distance 1 on, "" for silence.

    A single router at all distances is none: some answer with their own address for whatever lies behind them.
    """
    answered = len(routers)
    while answered and not routers[answered - 1]:
        answered -= 1
    for length in range(2, answered // 2 + 1):
        first = _repeats_from(routers[:answered], length)
        candidate = Circle(first + 1, length)
        if candidate.last <= answered and _is_circle(routers[first:answered], length):
            return candidate
    return None


def _repeats_from(routers: Sequence[str], length: int) -> int:
    """The place (from 0) of the first router that comes again, from which on all repeats after `length` to the end.

    Silence may be anyone.
    """
    turns: list[list[int]] = [[] for _ in range(length)]
    for place in reversed(range(len(routers))):
        turn = turns[place % length]
        if turn and routers[place] and routers[place] != routers[turn[0]]:
            break
        if routers[place]:
            turn.append(place)
    return min((turn[-1] for turn in turns if len(turn) > 1), default=len(routers))


def _is_circle(routers: Sequence[str], length: int) -> bool:
    """Whether what repeats is several routers, or one and a silent one, and heard often enough."""
    turns = [[router for router in routers[turn::length] if router] for turn in range(length)]
    heard = [answers[0] for answers in turns if answers]
    if len(set(heard)) == 1:
        return length == 2 and len(heard) == 1 and len(turns[0]) > 2
    rounds = _ROUNDS_SHORT if length <= _SHORT else _ROUNDS_LONG
    enough = max(map(len, turns)) >= math.ceil(rounds) and min(map(len, filter(None, turns))) > 1
    return enough and 2 * sum(map(len, turns)) >= len(routers)
