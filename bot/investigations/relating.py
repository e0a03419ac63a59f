"""Saying what two investigations have to do with each other, and taking it back: both stay their own."""

from datetime import timedelta

from attrs import define

from bot.errors import existing
from bot.field_limits import require_short
from bot.investigations.model import EventKind, Investigation, State, card_key
from bot.investigations.relation_model import (
    HOW_MAX,
    Bond,
    CannotRelate,
    Relation,
    RelationKind,
    ToRelate,
    require_no_circle,
    said_of,
)
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.messages.model import Rank
from bot.records import Service
from bot.targets.model import Catalog

ENDED_VIEW = "cause_ended"
PICKED_FOR = timedelta(days=7)
"""So long one that has ended can be picked: what caused something may be over."""
_SHOWN = (EventKind.RESOLVED, EventKind.DISMISSED, EventKind.REOPENED)


@define(kw_only=True, eq=False, repr=False, slots=False)
class RelationService(Service):
    """Each use case is one transaction: the relation, its line on both timelines, both cards.

    What is said of one that was merged is said of the one in which it goes on.
    """

    _store: InvestigationStore
    _investigations: InvestigationService
    _catalog: Catalog

    def __attrs_post_init__(self) -> None:
        self._relations = self._store.relations

    def get(self, relation_id: int) -> Relation:
        """Raises NotFound."""
        return existing(self._relations.get(relation_id), "There is no such relation.")

    def both(self, relation: Relation) -> tuple[Investigation, Investigation]:
        """The two as they go on now."""
        survivor = self._investigations.survivor
        return survivor(relation.investigation_id), survivor(relation.other_id)

    def title(self, investigation: Investigation) -> str:
        """ "INV-5 The app"."""
        return f"{investigation.name} {self._catalog.named(investigation.target).title}"

    def possible(self, investigation_id: int) -> list[Investigation]:
        """With which it may have to do: what is open, then what ended lately."""
        ended = [
            each
            for each in reversed(self._investigations.closed_since(self._clock() - PICKED_FOR))
            if each.state is not State.MERGED
        ]
        return [each for each in (*self._investigations.live(), *ended) if each.id != investigation_id]

    def check(self, wanted: ToRelate) -> tuple[Investigation, Investigation]:
        """The two that are meant. Raises NotFound, CannotRelate, TooLong."""
        survivor = self._investigations.survivor
        one, other = survivor(wanted.investigation_id), survivor(wanted.other_id)
        require_short(wanted.how, "What they have in common", HOW_MAX)
        if one.id == other.id:
            raise CannotRelate(f"They are one already: {one.name}." if wanted.other_id != one.id else _ONESELF)
        if wanted.bond is not Bond.RELATED:
            effect, cause = (one, other) if wanted.bond is Bond.CAUSE else (other, one)
            require_no_circle(cause.id, effect.id, self._store.causes())
        return one, other

    async def relate(self, wanted: ToRelate, *, by: str) -> bool:
        """What was said of the two before is replaced; False where just that was said.

        Raises NotTier2, NotFound, CannotRelate, TooLong.
        """
        await self._people.require_tier2(by)
        with self._database.transaction():
            one, other = self.check(wanted)
            if wanted.bond is Bond.EFFECT:
                one, other = other, one
            kind = RelationKind.RELATED if wanted.bond is Bond.RELATED else RelationKind.CAUSED_BY
            how = " ".join(wanted.how.split())
            before = self._between(one.id, other.id)
            if any(_same(relation, kind, one.id, how) for relation in before):
                return False
            for relation in before:
                self._relations.undone(relation.id, by=by)
            self._relations.begin(kind, one.id, other.id, how, by=by)
            self._record(EventKind.RELATED, kind, one, other, how, by)
        return True

    async def unrelate(self, investigation_id: int, other_id: int, *, by: str) -> None:
        """What was said of the two is taken back, and that stands on both timelines.

        Raises NotTier2, NotFound, CannotRelate.
        """
        await self._people.require_tier2(by)
        survivor = self._investigations.survivor
        one, other = survivor(investigation_id), survivor(other_id)
        with self._database.transaction():
            standing = self._between(one.id, other.id)
            if not standing:
                raise CannotRelate(f"Nobody said that {one.name} and {other.name} have to do with each other.")
            for relation in standing:
                self._relations.undone(relation.id, by=by)
                self._record(EventKind.UNRELATED, relation.kind, *self.both(relation), relation.how, by)
                self._owed.all_changed(ENDED_VIEW, relation.id, human=False)

    async def take_back(self, relation_id: int, *, by: str) -> None:
        """By a button, which may be old. Raises NotTier2, NotFound, CannotRelate."""
        relation = self.get(relation_id)
        await self.unrelate(relation.investigation_id, relation.other_id, by=by)

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """One has ended, or goes on: the cards of those around it say so, and what it caused is asked for, once."""
        if kind not in _SHOWN:
            return
        investigation = self._investigations.survivor(investigation_id)
        for relation, bond, number in self._around(investigation.id):
            self._owed.changed(card_key(number), human=False)
            if bond is not Bond.EFFECT:
                continue
            self._owed.all_changed(ENDED_VIEW, relation.id, human=False)
            effect = self._investigations.get(number)
            if effect.live and investigation.closed_at and not investigation.live:
                key = f"{ENDED_VIEW}/{relation.id}/{investigation.closed_at:%Y%m%d%H%M%S}"
                self._owed.post(key, view=ENDED_VIEW, record_id=relation.id, place=effect.thread, rank=Rank.CARD)

    def _around(self, number: int) -> list[tuple[Relation, Bond, int]]:
        own = [number, *self._investigations.merged_ids(number)]
        return self._store.around(own)

    def _between(self, one: int, other: int) -> list[Relation]:
        """What stands of the two, also of those that go on in them."""
        own = [one, *self._investigations.merged_ids(one)]
        pair = {one, other}
        return [relation for relation in self._relations.of(own) if {each.id for each in self.both(relation)} == pair]

    def _record(
        self, event: EventKind, kind: RelationKind, one: Investigation, other: Investigation, how: str, by: str
    ) -> None:
        """On both, and both cards show it."""
        text = said_of(kind, self.title(one), self.title(other), how)
        for each in (one, other):
            self._investigations.record_event(each.id, event, by=by, text=text)


_ONESELF = "That is this investigation itself. Name the other one: `caused by INV-12`."


def _same(relation: Relation, kind: RelationKind, first: int, how: str) -> bool:
    """Related is the same in both directions."""
    if (relation.kind, relation.how) != (kind, how):
        return False
    return kind is RelationKind.RELATED or relation.investigation_id == first
