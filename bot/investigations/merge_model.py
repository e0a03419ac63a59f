"""Two investigations about one thing: which goes on, and what the other one brings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import BadInput
from bot.investigations.above import Above, Tier3
from bot.investigations.model import STATE_WORDS, Investigation, State
from bot.tickets.collection import LinkState


@dataclass(frozen=True, slots=True)
class Brought:
    """What a merge changed in the one that goes on: it is taken back with the merge, as far as nobody touched it."""

    confirmed: tuple[int, ...] = ()
    """Tickets that were on its list, and that people had confirmed for the other one."""
    helpers: tuple[str, ...] = ()
    rejected: tuple[int, ...] = ()
    """Tickets that were on its list, and that people had taken off for the other one."""

    def with_tickets(self, decided: Mapping[int, LinkState]) -> "Brought":
        """The same with further tickets, as they were decided."""
        confirmed = [number for number, state in decided.items() if state is LinkState.CONFIRMED]
        rejected = [number for number in decided if number not in confirmed]
        return replace(self, confirmed=(*self.confirmed, *confirmed), rejected=(*self.rejected, *rejected))


@dataclass(frozen=True, slots=True)
class Merge:
    """One that goes on in another."""

    id: int
    investigation_id: int
    into_id: int
    at: datetime
    by: str
    kept: Brought = field(default_factory=Brought)
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """What somebody has chosen so far: the other one, and whether that goes on in this."""

    other_id: int | None = None
    into_this: bool = False

    def pair(self, number: int) -> tuple[int, int] | None:
        """Which one goes on in which; None while that is not clear."""
        if self.other_id is None:
            return None
        return (self.other_id, number) if self.into_this else (number, self.other_id)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would bring, for whoever is about to do it. Titles are those of the targets."""

    one: Investigation
    into: Investigation
    title: str
    into_title: str
    tickets: int
    confirmed: int
    notes: int
    people: int


class CannotMerge(BadInput):
    """Nothing was changed."""


def require_mergeable(one: Investigation, into: Investigation, above: Above) -> None:
    """Raises CannotMerge: what others work on goes on, so that nobody's answer is lost."""
    if one.id == into.id:
        raise CannotMerge(f"They are one already: {one.name}.")
    busy = "" if one.state is State.OPEN else f"is {STATE_WORDS[one.state]}"
    if above.vendors:
        busy = f"is with {above.vendors[0].title}"
    elif above.tier3 in (Tier3.TRIAGE, Tier3.WORKING, Tier3.FIXED):
        busy = "is with Tier 3"
    if not busy:
        return
    if into.state is State.OPEN:
        raise CannotMerge(
            f"{one.name} {busy}, so it must go on. Merge {into.name} into it: `merge {into.name} into {one.name}`."
        )
    raise CannotMerge(
        f"{one.name} {busy}, and {into.name} is {STATE_WORDS[into.state]}: others work on both. "
        f"Take the escalation of {one.name} back first, or let both go on and note each in the other."
    )
