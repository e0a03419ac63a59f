"""Paths that lose packets, drawn at random: each packet to each distance is lost or not by itself."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.loss_start import HopCount, loss_start

# An MTR asks the target five times a second and each router once.
TARGET_A_CYCLE = 5
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """A path whose packets to hop `begins` and behind are lost at the rate `loss`, and `elsewhere` at another.

    `limited` says which routers leave out how much of their own answers, and `silent` which give none. Where nobody
    says it, each draw has one of both, somewhere apart from the start, the limited one leaving out 50 to 80 %.
    """

    length: int
    begins: int
    loss: float
    cycles: int
    limited: Mapping[int, float] | None = None
    silent: tuple[int, ...] = ()
    elsewhere: float = 0.0
    asked: Mapping[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{100 * self.loss:g} %, {self.cycles} cycles, hop {self.begins} of {self.length}"

    def draw(self, chance: random.Random) -> tuple[list[HopCount], frozenset[int]]:
        """The counts of one run, and which routers limited their answers in it."""
        limited, silent = self.limited, self.silent
        if limited is None:
            apart = [ttl for ttl in range(1, self.length) if abs(ttl - self.begins) > 1]
            first, second = chance.sample(apart, 2)
            limited, silent = {first: chance.uniform(0.5, 0.8)}, (second,)
        hops = []
        for ttl in range(1, self.length + 1):
            sent = self.asked.get(ttl, self.cycles)
            arrives = 1 - (self.loss if ttl >= self.begins else self.elsewhere)
            answers = 0.0 if ttl in silent else 1 - limited.get(ttl, 0.0)
            if ttl == self.length:
                sent, answers = TARGET_A_CYCLE * (self.cycles - 1) + 1, 1.0
            lost = sum(chance.random() >= arrives * answers for _ in range(sent))
            hops.append(HopCount(ttl, sent, lost))
        return hops, frozenset(limited)


@dataclass(slots=True)
class Score:
    """How often a place was named, and how often the range was right, too wide or about the wrong router."""

    runs: int = 0
    named: int = 0
    held: int = 0
    hops: int = 0
    wrong_hop: int = 0
    limited_blamed: int = 0

    def add(self, told: Range | None, begins: int, limited: frozenset[int]) -> None:
        self.runs += 1
        if told is None:
            return
        first, last = told
        held = first <= begins <= last
        self.named += 1
        self.held += held
        self.hops += last - first + 1
        self.wrong_hop += first == last != begins
        self.limited_blamed += not held and limited >= set(range(first, last + 1))

    @property
    def held_share(self) -> float:
        """Of the runs that name a place."""
        return self.held / self.named

    @property
    def width(self) -> float:
        return self.hops / self.named

    @property
    def wrong_share(self) -> float:
        """Runs that name one hop, and not the right one; of all runs."""
        return self.wrong_hop / self.runs


def judged(
    scene: Scene, runs: int, rules: Sequence[Callable[[Sequence[HopCount]], Range | None]], seed: int = 1
) -> list[Score]:
    """Each rule's score on the same draws."""
    chance = random.Random(f"{scene} {scene.elsewhere} {seed}")
    scores = [Score() for _ in rules]
    for _ in range(runs):
        hops, limited = scene.draw(chance)
        for rule, score in zip(rules, scores, strict=True):
            score.add(rule(hops), scene.begins, limited)
    return scores


def told(hops: Sequence[HopCount]) -> Range | None:
    """What `loss_start` says."""
    start = loss_start(hops)
    return (start.first, start.last) if start else None
