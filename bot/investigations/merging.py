"""Merging two investigations of one thing, and undoing it: one goes on with what both know, the other leads there."""

from collections.abc import Callable

from attrs import define

from bot.database import Taken
from bot.errors import existing
from bot.investigations.above import Above
from bot.investigations.evidence import EvidenceService
from bot.investigations.merge_model import Brought, CannotMerge, Merge, MergePlan, require_mergeable
from bot.investigations.model import EventKind, Investigation, card_key
from bot.investigations.relation_model import circle, without_one
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.records import Service
from bot.signals import Signal
from bot.targets.model import Catalog
from bot.tickets.collection import NamedTickets
from bot.tickets.service import TicketService


@define(kw_only=True, eq=False, repr=False, slots=False)
class MergeService(Service):
    """Each use case is one transaction. What was merged keeps its own record: the other one shows both.

    So what happens to it later, as a probe that ends, is on the timeline of the one that goes on too, and undoing the
    merge takes nothing from either.
    """

    _store: InvestigationStore
    _investigations: InvestigationService
    _evidence: EvidenceService
    _tickets: TicketService
    _catalog: Catalog
    _above: Callable[[int], Above]

    def __attrs_post_init__(self) -> None:
        self._merges, self.of = self._store.merges, self._store.merges.of
        self.merging = Signal[Investigation, Investigation]()
        """One is about to go on in another."""
        self.unmerged = Signal[Investigation, Investigation]()
        """One goes on by itself again, and in which it did until now."""

    def get(self, merge_id: int) -> Merge:
        """Raises NotFound."""
        return existing(self._merges.get(merge_id), "There is no such merge.")

    def title(self, investigation: Investigation) -> str:
        """ "INV-5 The app"."""
        return f"{investigation.name} {self._catalog.named(investigation.target).title}"

    def others(self, investigation_id: int) -> list[Investigation]:
        """In which it could go on."""
        return [each for each in self._investigations.live() if each.id != investigation_id]

    def plan(self, investigation_id: int, into: int) -> MergePlan:
        """What it would bring. Raises NotFound, CannotMerge, BadInput."""
        one, other = self._pair(investigation_id, into)
        overview = self._evidence.overview(one.id)
        people = {user for user in (one.owner, *one.helpers) if user} - {other.owner, *other.helpers}
        return MergePlan(
            one=one,
            into=other,
            title=self._catalog.named(one.target).title,
            into_title=self._catalog.named(other.target).title,
            tickets=len(overview.collected.tickets) if overview.collected else 0,
            confirmed=len(overview.collected.confirmed) if overview.collected else 0,
            notes=len(overview.notes),
            people=len(people),
        )

    async def merge(self, investigation_id: int, into: int, *, by: str) -> Investigation:
        """The one that goes on. Once more it is nothing. Raises NotTier2, NotFound, CannotMerge, BadInput."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            before = self._investigations.get(investigation_id)
            survivor = self._investigations.survivor(into)
            if before.merged_into and survivor.id == self._investigations.survivor(before.id).id:
                return survivor
            one, other = self._pair(investigation_id, into)
            self.merging.tell(one, other)
            self._investigations.merged(one.id, other.id)
            new = [user for user in (one.owner, *one.helpers) if user and user != other.owner]
            helpers = tuple(user for user in new if self._store.joined(other.id, user))
            kept = Brought(helpers=helpers).with_tickets(self._tickets.bring(one.id, other.id))
            merge_id = self._merges.begin(one.id, other.id, kept, by=by)
            self._record(one, other, EventKind.MERGED, f"{self.title(one)} into {self.title(other)}", by)
            self._say(merge_id, one, "merged_away", by)
            self._say(merge_id, other, "merged_here", by)
        return self._investigations.get(other.id)

    async def undo(self, investigation_id: int, *, by: str) -> Investigation:
        """It goes on by itself again, with what it brought; what came later stays with the other one.

        Raises NotTier2, NotFound, CannotMerge.
        """
        await self._people.require_tier2(by)
        one, merge = self._investigations.get(investigation_id), self._merges.of(investigation_id)
        if not merge:
            raise CannotMerge(f"{one.name} isn't merged into another one.")
        other = self._investigations.get(merge.into_id)
        if other.merged_into:
            further = self._investigations.get(other.merged_into)
            raise CannotMerge(
                f"{other.name} is merged into {further.name} itself. Undo that first: `unmerge {other.name}`."
            )
        try:
            with self._database.transaction():
                self._investigations.unmerged(one.id)
                self._tickets.take_out(one.id, other.id, (*merge.kept.confirmed, *merge.kept.rejected), by=by)
                self._tickets.resume(one.id)
                self._merges.helps_no_more(other.id, merge.kept.helpers)
                self._merges.undone(merge.id, by=by)
                self._record(one, other, EventKind.UNMERGED, f"{self.title(one)} out of {self.title(other)}", by)
                self.unmerged.tell(self._investigations.get(one.id), self._investigations.get(other.id))
                self._say(merge.id, one, "unmerged", by)
        except Taken as error:
            live = self._investigations.live_for(one.target)
            name = live.name if live else "another investigation"
            raise CannotMerge(f"{name} looks into the same target now. Add what you know there.") from error
        return self._investigations.get(one.id)

    def searched(self, investigation_id: int) -> None:
        """Its tickets are in, in the transaction of their search: where it goes on in another one they go there."""
        number = investigation_id
        while merge := self._merges.of(number):
            own = self._tickets.bring(number, merge.into_id)
            if own:
                self._merges.brought(merge.id, merge.kept.with_tickets(own))
            number = merge.into_id

    def linked(self, investigation_id: int, named: NamedTickets, by: str) -> None:
        """Tickets that were named while the desk was down."""
        self.searched(investigation_id)

    def _pair(self, investigation_id: int, into: int) -> tuple[Investigation, Investigation]:
        """The one that goes on is that in which the named one does. Raises CannotMerge, BadInput."""
        one, other = self._investigations.require_live(investigation_id), self._investigations.survivor(into)
        other = self._investigations.require_live(other.id)
        require_mergeable(one, other, self._above(one.id))
        way = circle(other.id, without_one(self._store.causes(), one.id, other.id))
        if way:
            between = " and ".join(f"INV-{number}" for number in way[1:-1])
            raise CannotMerge(
                f"{other.name} would have caused itself, through {between}. "
                f"Take back first what caused what: `unrelate INV-{way[1]}`."
            )
        return one, other

    def _record(self, one: Investigation, other: Investigation, kind: EventKind, text: str, by: str) -> None:
        """On both: one that was taken out keeps how it was."""
        for number in (one.id, other.id):
            self._investigations.record_event(number, kind, by=by, text=text)

    def _say(self, merge_id: int, about: Investigation, view: str, by: str) -> None:
        """One message in its thread."""
        place = self._investigations.get(about.id).thread
        self._owed.post(f"{view}/{merge_id}", view=view, record_id=merge_id, place=place, for_user=by)
        self._owed.changed(card_key(about.id), human=True)
