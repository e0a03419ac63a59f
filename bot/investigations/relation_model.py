"""What one investigation has to do with another that stays its own: its cause, or what both have in common. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BadInput
from bot.investigations.model import LIVE, STATE_WORDS, State

HOW_MAX = 60
"""Of what two have in common, in somebody's words."""
_SHOWN = 3


class RelationKind(StrEnum):
    """There are two: one asks for something once the other has ended, and one tells of it."""

    CAUSED_BY = "caused_by"
    RELATED = "related"
    """In which way people say in their own words: the same transit, the same release."""


class Bond(StrEnum):
    """What the other one is to this one."""

    CAUSE = "cause"
    EFFECT = "effect"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Relation:
    """What somebody said of two. Of `CAUSED_BY` the other one is the cause."""

    id: int
    kind: RelationKind
    investigation_id: int
    other_id: int
    how: str
    at: datetime
    by: str
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The other one of a relation that stands, as this one sees it."""

    relation_id: int
    bond: Bond
    number: int
    title: str
    """Of its target."""
    state: State
    how: str = ""

    @property
    def name(self) -> str:
        return f"INV-{self.number}"

    @property
    def over(self) -> bool:
        return self.state not in LIVE


@dataclass(frozen=True, slots=True)
class ToRelate:
    """What somebody wants to say of two."""

    investigation_id: int
    other_id: int
    bond: Bond
    """What the other one is to the first."""
    how: str = ""


class CannotRelate(BadInput):
    """Nothing was changed."""


def bonds(relations: Iterable[Relation], own: int, survivors: Mapping[int, int]) -> list[tuple[Relation, Bond, int]]:
    """Each with what the other one is and its number, the causes first; of those that went on together none.

    `survivors` says in which each of them goes on. Of two relations to the same one the stronger is told.
    """
    told: dict[int, tuple[Relation, Bond, int]] = {}
    for relation in relations:
        one, other = survivors[relation.investigation_id], survivors[relation.other_id]
        if own not in (one, other) or one == other:
            continue
        bond = Bond.RELATED
        if relation.kind is RelationKind.CAUSED_BY:
            bond = Bond.CAUSE if one == own else Bond.EFFECT
        number = other if one == own else one
        before = told.get(number)
        if not before or _ORDER.index(bond) < _ORDER.index(before[1]):
            told[number] = (relation, bond, number)
    return sorted(told.values(), key=lambda each: (_ORDER.index(each[1]), each[0].id))


def way_to(cause: int, effect: int, causes: Mapping[int, Collection[int]]) -> list[int]:
    """The way from `effect` over its causes to `cause`, both of them on it; [] where there is none."""
    ways, seen = [[effect]], {effect}
    for way in ways:
        if way[-1] == cause:
            return way
        following = [number for number in causes.get(way[-1], ()) if number not in seen]
        seen.update(following)
        ways += [[*way, number] for number in following]
    return []


def require_no_circle(cause: int, effect: int, causes: Mapping[int, Collection[int]]) -> None:
    """Raises CannotRelate where the cause was caused by its effect, also by others between them."""
    way = way_to(effect, cause, causes)
    if way:
        raise CannotRelate(f"{_said(way)}, so it can't be the other way round too. Take that back first: `unrelate`.")


def without_one(causes: Mapping[int, Collection[int]], one: int, into: int) -> dict[int, set[int]]:
    """The same once one goes on in another: what it caused, and what caused it, is that one's."""
    found: dict[int, set[int]] = {}
    for effect, numbers in causes.items():
        number = into if effect == one else effect
        found.setdefault(number, set()).update(into if each == one else each for each in numbers)
    return {effect: numbers - {effect} for effect, numbers in found.items()}


def circle(number: int, causes: Mapping[int, Collection[int]]) -> list[int]:
    """The way from one over its causes back to itself; [] where there is none."""
    ways = (way_to(number, cause, causes) for cause in causes.get(number, ()))
    return next(([number, *way] for way in ways if way), [])


def _said(way: Sequence[int]) -> str:
    """ "INV-1 was caused by INV-2, and that by INV-3"."""
    first, second, *rest = (f"INV-{number}" for number in way)
    return "".join([f"{first} was caused by {second}", *(f", and that by {name}" for name in rest)])


def said_of(kind: RelationKind, one: str, other: str, how: str) -> str:
    """As the timeline has it: "INV-5 The app was caused by INV-3 U.S. East"."""
    words = f"{one} was caused by {other}" if kind is RelationKind.CAUSED_BY else f"{one} and {other} are related"
    return f"{words}: {how}" if how else words


def bond_words(neighbour: Neighbour) -> str:
    """What it has to do with another one, as plain words: "Caused by INV-3 U.S. East, resolved"."""
    before = {Bond.CAUSE: "Caused by", Bond.EFFECT: "Caused", Bond.RELATED: "Related to"}[neighbour.bond]
    over = f", {STATE_WORDS[neighbour.state]}" if neighbour.over else ""
    how = f": {neighbour.how}" if neighbour.how else ""
    return f"{before} {neighbour.name} {neighbour.title}{over}{how}"


def bonds_listed(neighbours: Sequence[Neighbour]) -> list[str]:
    """The first of them as plain words, and how many more there are."""
    more = len(neighbours) - _SHOWN
    return [*map(bond_words, neighbours[:_SHOWN]), *([f"and {more} more"] if more > 0 else [])]


_ORDER = (Bond.CAUSE, Bond.EFFECT, Bond.RELATED)
