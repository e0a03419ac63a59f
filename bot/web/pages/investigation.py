"""An investigation with everything that is on its record; and the same as one file to keep."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import define, field

from bot.errors import NotAllowed, NotFound, existing
from bot.escalations.service import EscalationService
from bot.exports.gather import TICKETS, TIMELINE, StoryGatherer
from bot.exports.model import WholeInvestigation
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import STATE_WORDS, Investigation
from bot.investigations.overview import Overview
from bot.investigations.pictures import picture_of_timeline
from bot.investigations.service import InvestigationService
from bot.logins.model import PEOPLE, Role, Visitor
from bot.pictures.model import Picture
from bot.records import Records
from bot.targets.model import Catalog
from bot.tasks import SOMEBODY_WAITS_S, Slices, others_first
from bot.tickets.hours import hours_of
from bot.tickets.pictures import picture_of_hours
from bot.web.pages.investigation_list import InvestigationList, ListedInvestigation
from bot.web.pages.page import FileAnswer, Page, PageRequest, PageRoute, number_in

LISTED_FOR = timedelta(days=30)
"""So long an investigation that has ended stays on the list."""
LIST_USABLE_S = 30.0
"""Whoever loads the list waits for none of its thousand lines; what changed since it was made follows in a second."""
AT_ONCE = 50
"""Investigations of one statement: together with their records some milliseconds."""
TIER2 = frozenset((Role.TIER2,))


@define(kw_only=True, eq=False, repr=False, slots=False)
class InvestigationPages:
    _records: Records
    _investigations: InvestigationService
    _evidence: EvidenceService
    _escalations: EscalationService
    _stories: StoryGatherer
    _catalog: Catalog
    _ended_then: tuple[int, list[Investigation]] | None = field(default=None, init=False)

    @property
    def routes(self) -> Sequence[PageRoute]:
        return (
            PageRoute(
                "/investigations",
                self.all,
                live=True,
                roles=TIER2,
                same_for=TIER2,
                menu="Investigations",
                usable_s=LIST_USABLE_S,
            ),
            PageRoute("/investigations/{number}", self.show, live=True, roles=PEOPLE, same_for=TIER2),
            PageRoute("/investigations/{number}/export", self.export, roles=PEOPLE),
            PageRoute("/investigations/{number}/pictures/{name}", self.picture, roles=PEOPLE),
        )

    async def all(self, asked: PageRequest) -> Page:
        ended, live = await self._ended(self._records.clock() - LISTED_FOR), self._investigations.live()
        owners = {each.owner for each in (*live, *ended) if each.owner}
        names = {owner: await self._records.people.name_of(owner) for owner in sorted(owners)}
        listed = InvestigationList(await self._all(live, names), await self._all(reversed(ended), names))
        await others_first()
        return Page("investigations.html", "Investigations", listed)

    async def _ended(self, since: datetime) -> list[Investigation]:
        """Those that were closed since, read again only where any investigation changed: there may be a thousand, and
        others have something to do meanwhile.
        """
        version = self._records.database.touched.tables("investigations", "helpers")
        if not self._ended_then or self._ended_then[0] != version:
            after, ended, slices = (since, 0), list[Investigation](), Slices(SOMEBODY_WAITS_S)
            while part := self._investigations.closed_after(*after, at_most=AT_ONCE):
                ended += part
                after = (part[-1].closed_at or since, part[-1].id)
                await slices.pause()
            self._ended_then = (version, ended)
        return [each for each in self._ended_then[1] if each.closed_at and each.closed_at > since]

    async def _all(
        self, investigations: Iterable[Investigation], names: Mapping[str, str]
    ) -> tuple[ListedInvestigation, ...]:
        rows, slices = list[ListedInvestigation](), Slices(SOMEBODY_WAITS_S)
        for investigation in investigations:
            rows.append(self._listed(investigation, names))
            await slices.pause()
        return tuple(rows)

    def _listed(self, investigation: Investigation, names: Mapping[str, str]) -> ListedInvestigation:
        target, owner = self._catalog.named(investigation.target), investigation.owner
        return ListedInvestigation(
            number=investigation.id,
            name=investigation.name,
            title=": ".join(part for part in (target.title, investigation.symptom) if part),
            state=STATE_WORDS[investigation.state],
            owner=names[owner] if owner else "",
            opened_at=investigation.opened_at,
            closed_at=investigation.closed_at,
        )

    async def show(self, asked: PageRequest) -> Page:
        whole = await self._whole(asked)
        return Page("investigation.html", f"{whole.name} {whole.title}"[:80], whole)

    async def export(self, asked: PageRequest) -> FileAnswer:
        """The story as one Markdown file."""
        number = self._allowed(asked).investigation.id
        visitor = asked.visitor
        text = await self._stories.document(number, full=visitor.tier2, management=_of_management(visitor))
        return FileAnswer(f"INV-{number}.md", text.encode("utf-8", "replace"), "text/markdown")

    async def picture(self, asked: PageRequest) -> FileAnswer:
        """Its tickets by the hour, or its milestones. Raises NotFound."""
        overview = self._allowed(asked)
        name = asked.params["name"]
        picture = await asyncio.to_thread(self._drawn, overview, name)
        if not picture:
            raise NotFound("There is no such picture.")
        return FileAnswer(f"{overview.investigation.name}-{name}.png", picture.png, "image/png", inline=True)

    def _drawn(self, overview: Overview, name: str) -> Picture | None:
        if name == TIMELINE:
            return picture_of_timeline(overview.investigation.name, overview.events, self._records.clock())
        hours = hours_of(overview.collected) if name == TICKETS and overview.collected else None
        return picture_of_hours(hours) if hours and hours.most else None

    async def _whole(self, asked: PageRequest) -> WholeInvestigation:
        visitor = asked.visitor
        return await self._stories.story(self._allowed(asked), full=visitor.tier2, management=_of_management(visitor))

    def _allowed(self, asked: PageRequest) -> Overview:
        """Raises NotFound, NotAllowed."""
        overview = self._evidence.overview(number_of(asked))
        if not self._may_see(asked.visitor, overview.investigation):
            why = "it was not escalated" if _of_management(asked.visitor) else "it did not come from a message of yours"
            raise NotAllowed(f"This investigation is not open to you: {why}.")
        return overview

    def _may_see(self, visitor: Visitor, investigation: Investigation) -> bool:
        """Tier 2 sees all, management what was escalated, everybody what came from their own message."""
        if visitor.tier2:
            return True
        if _of_management(visitor) and self._escalations.latest(investigation.id):
            return True
        source = investigation.source
        return bool(visitor.user) and visitor.user in (investigation.opened_by, source.author if source else "")


def _of_management(visitor: Visitor) -> bool:
    return Role.MANAGEMENT in visitor.roles


def number_of(asked: PageRequest) -> int:
    """The investigation that a path names. Raises NotFound."""
    return existing(
        number_in(asked.params["number"]), "There is no such investigation. The board has those that are open."
    )
