"""The clauses of a text, with what stands in them. Pure.

A clause ends at punctuation, at a "but", and at an "and" behind which something new is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from bot.reading import cues
from bot.reading.lexicon import Entry, Hit
from bot.reading.naming import GATEWAY, Name


class ClauseVerdict(Enum):
    """What a text says of one name where it stands."""

    FAILS = "fails"
    FINE = "fine"
    ASIDE = "aside"
    """Where somebody lives, went away from, compares with, asks for."""
    TRIED = "tried"
    """Nothing is said of how it went."""
    OPEN = "open"
    """Nothing is said of it."""


@dataclass(slots=True)
class Mention:
    """A name in the text: the words from `start` to before `end`, and what the text says of it."""

    start: int
    end: int
    names: tuple[Name, ...]
    verdict: ClauseVerdict = ClauseVerdict.OPEN
    hosted: bool = False
    """Whether the words beside it say that a gateway is meant."""
    inside: bool = False
    """Whether it stands behind "in" or "from": where somebody is, or what somebody uses."""
    home: bool = False
    """Whether somebody lives or is there."""

    @property
    def place(self) -> bool:
        """Whether a gateway may be meant: a name of a place is nothing else."""
        return any(name.kind == GATEWAY for name in self.names)


@dataclass(slots=True)
class Clause:
    """The words from `start` to before `end`; `rank` is 2 where a sentence begins with it, 1 for a clause."""

    start: int
    end: int
    rank: int
    joined: bool = False
    """Whether it begins with a "but" or an "and"."""
    hits: list[Hit] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    verdict: ClauseVerdict | None = None
    denial: Hit | None = None
    """What denies something that no list has: "Berlin doesn't", "won't come up"."""
    denies: bool = False
    """Whether anything in it is denied."""
    trouble: list[Hit] = field(default_factory=list)
    """The symptoms that it says somebody has."""


BINDS: Final = frozenset((cues.WORKS, cues.FAILS, cues.STATE, "symptom", "verb"))
DENIES: Final = frozenset((cues.NOT, cues.CANNOT, cues.WITHOUT, cues.NEITHER))
SAYS: Final = frozenset((cues.WORKS, cues.FAILS, cues.STATE, cues.SAME, "symptom"))
_SPLITS = frozenset((cues.BUT, cues.WHY))
_LONGER = frozenset((cues.IDLE, cues.EXCEPT, cues.LEFT, cues.HOME, cues.BESIDE, cues.WHY, cues.ASIDE, cues.BUT))
_SHORTER = frozenset((cues.TRIED, cues.PAST, cues.SAME, cues.TAKEN, cues.CLOCK))
_MAY_BE_INSIDE = frozenset((*BINDS, *DENIES, *_SPLITS, *_SHORTER)) - {"symptom", "verb"}
_MAY_HOLD = frozenset((*BINDS, *DENIES, *_LONGER, *_SHORTER)) - {"verb", cues.TRIED, cues.CLOCK}
_CLAUSE_MAX = 60
"""Words; whoever writes more without a stop has said several things."""
WEAK: Final = "1"
_TOLD = frozenset(("platform", "symptom", "verb", "wish", "matter"))


def without_swallowed(hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Hit]:
    """Leaves out cues inside of longer ones and inside of names, symptoms inside of longer ones."""
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    # "The Android app", "login": names of other targets say on what it is, and what is wrong, too.
    named = {at for mention in mentions if not mention.place for at in range(mention.start, mention.end)}
    inside, symptoms, idle = dict[int, int](), dict[int, int](), set[int]()
    for hit in hits:
        size = hit.end - hit.start
        if size == 1 or hit.kind not in _MAY_HOLD or (hit.start in taken and hit.start not in named):
            continue
        for at in range(hit.start, hit.end):
            inside[at] = max(inside.get(at, 0), size)
            if hit.kind == "symptom":
                symptoms[at] = max(symptoms.get(at, 0), size)
        if hit.kind == cues.IDLE:
            idle.update(range(hit.start, hit.end))
    if not inside and not taken:
        return list(hits)
    kept = []
    for hit in hits:
        start, kind = hit.start, hit.kind
        if start in taken and not (start in named and _tells(hit)):
            continue
        if start in inside:
            size = hit.end - start
            if kind in _MAY_BE_INSIDE and inside[start] > size:
                continue
            if (kind == "symptom" and symptoms.get(start, 0) > size) or (start in idle and kind != cues.IDLE):
                continue
        kept.append(hit)
    return kept


def _tells(hit: Hit) -> bool:
    """Whether a name may be that too; "app" alone is no crash."""
    return hit.kind in _TOLD and not (hit.kind in ("symptom", "verb") and hit.value[-1] == WEAK)


def clauses_of(
    words: Sequence[Entry], breaks: Sequence[int], hits: Sequence[Hit], mentions: Sequence[Mention]
) -> list[Clause]:
    """The clauses in their order, with what stands in them; nothing is judged yet."""
    splits, says = set[int](), set[int]()
    for hit in hits:
        if hit.kind in _SPLITS:
            splits.add(hit.start)
        elif hit.kind in SAYS or hit.kind == "verb":
            says.add(hit.start)
    clauses: list[Clause] = []
    said, began = False, 0
    for at, rank in enumerate(breaks):
        joins = said and words[at].flags & cues.AND
        if rank or joins or at in splits or not at or at - began >= _CLAUSE_MAX:
            if clauses:
                clauses[-1].end = at
            clauses.append(Clause(at, len(words), rank if at else 2, joined=bool(joins) or at in splits))
            said, began = False, at
        if at in says:
            said = True
    _filled(clauses, hits, mentions)
    return clauses


def _filled(clauses: Sequence[Clause], hits: Sequence[Hit], mentions: Sequence[Mention]) -> None:
    place = 0
    for hit in hits:
        while clauses[place].end <= hit.start:
            place += 1
        clause = clauses[place]
        clause.hits.append(hit)
        if hit.kind in DENIES:
            clause.denies = True
    place = 0
    for mention in mentions:
        while clauses[place].end <= mention.start:
            place += 1
        clauses[place].mentions.append(mention)
