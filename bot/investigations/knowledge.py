"""Investigations and what is known already: compared at once, decided by people, and kept true on the cards."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from attrs import define

from bot.beside import ProgramGone
from bot.errors import BadInput, NotFound, existing
from bot.investigations.asking import AskService
from bot.investigations.model import EventKind, Investigation, card_key
from bot.investigations.service import InvestigationService
from bot.known_issues.asking_development import Counted
from bot.known_issues.model import Change, ChangeKind, IssuePage, KnownIssue, Learned, Link, LinkVerdict, Suggestion
from bot.known_issues.search.beside import SearchBeside
from bot.known_issues.search.query import Match, Matches
from bot.known_issues.service import KnownIssueService
from bot.known_issues.twins import once
from bot.records import Service
from bot.signals import Signal
from bot.tasks import Slices

_MAY_FIT = (ChangeKind.NEW, ChangeKind.TITLE, ChangeKind.SYMPTOM, ChangeKind.BACK, ChangeKind.REOPENED)
"""After these an issue may be alike to what is being investigated though it was not before."""
_MANY = 200
"""Linked issues that are looked at for those that affect most."""
_AT_ONCE = 20
"""Issues whose tickets are counted without a pause."""
NEWEST_IN = ("known_issues", "known_links", "known_twins", "ticket_links", "investigations")
"""The tables of what affects most and changed last."""


def suggestion_key(link: Link) -> str:
    """Names the message of a suggestion, which a thread has from before it stood on the card."""
    return f"known/{link.investigation_id}/{link.issue_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class KnowledgeService(Service):
    """Called by investigations when they open, close and get tickets, and by known issues when these change."""

    _known: KnownIssueService
    _investigations: InvestigationService
    _asks: AskService
    _beside: SearchBeside | None = None
    """Searches away from the bot's own work."""

    def __attrs_post_init__(self) -> None:
        self.tickets_of = self._asks.tickets
        self._newest: tuple[object, tuple[Match, ...]] | None = None
        self.linked = Signal[int]()
        """Other investigations than before are about an issue."""

    def opened(self, investigation: Investigation) -> None:
        """Compare with everything that is known, in the transaction that opens it."""
        self._suggest(investigation)

    def resolved(self, investigation: Investigation) -> None:
        """What it found out can be found by the next one; in the transaction that resolves it."""
        closed_at = investigation.closed_at or self._clock()
        cause, workaround = investigation.root_cause, investigation.workaround
        about = (investigation.id, investigation.target, investigation.symptom)
        self._known.learned(Learned(*about, cause, workaround, closed_at))

    def reopened(self, investigation: Investigation) -> None:
        self._known.unlearned(investigation.id)

    def tickets_changed(self, investigation_id: int) -> None:
        """Tickets were confirmed or rejected, in the caller's transaction."""
        for link in self._known.links.of(investigation_id):
            if link.verdict is LinkVerdict.IT_IS:
                self._asks.counted(link.issue_id)

    def issues_changed(self, changes: Sequence[tuple[KnownIssue, Change]]) -> None:
        """The cards that show these issues, and perhaps a suggestion; in the transaction that stores the changes."""
        for issue_id in dict.fromkeys(known.id for known, _ in changes):
            for link in self._known.links.to(issue_id):
                self._show(link, human=False)
            self._asks.changed(issue_id)
        for known, change in changes:
            if change.kind is ChangeKind.RELEASED:
                self._tell_released(known)
        if any(change.kind in _MAY_FIT and known.reading.known for known, change in changes):
            for investigation in self._investigations.live():
                self._suggest(investigation)

    def aged(self, tracker: str) -> None:
        """A tracker does not answer any more, or again: what shows its issues says so as long as it is open.

        Called at those two moments only: that the data is newer edits no card.
        """
        live = self._investigations.live()
        for link in (link for investigation in live for link in self._known.links.of(investigation.id)):
            on_card = link.verdict is not LinkVerdict.IT_ISNT
            if on_card and self._known.get(link.issue_id).issue.tracker == tracker:
                self._show(link, human=False)
        self._asks.aged(tracker)

    async def decide(self, link_id: int, verdict: LinkVerdict, *, by: str) -> Link:
        """[It is], [It isn't]; another person may decide anew. Raises NotTier2, NotFound."""
        link = existing(self._known.links.get(link_id), "That suggestion does not exist any more.")
        return await self._decided(link.investigation_id, link.issue_id, verdict, by)

    async def use(self, investigation_id: int, issue_id: int, *, by: str) -> Link:
        """*Use for this investigation*. Raises NotTier2, NotFound, BadInput where it is closed."""
        investigation = self._investigations.get(investigation_id)
        if not investigation.live:
            raise BadInput(f"{investigation.name} is closed. Reopen it first.")
        return await self._decided(investigation_id, issue_id, LinkVerdict.IT_IS, by)

    async def use_no_longer(self, investigation_id: int, issue_id: int, *, by: str) -> Link:
        """What somebody used it for was a mistake. Raises NotTier2, NotFound."""
        if not self._link(investigation_id, issue_id):
            raise NotFound(f"INV-{investigation_id} is not about KI-{issue_id}.")
        return await self._decided(investigation_id, issue_id, LinkVerdict.IT_ISNT, by)

    def became(self, investigation_id: int, issue_id: int, *, by: str) -> None:
        """Whoever gave it to development says what it is, in the caller's transaction."""
        self._link_as(investigation_id, issue_id, LinkVerdict.IT_IS, by)
        self._asks.handed_off(issue_id)

    def suggestion(self, link_id: int) -> Suggestion | None:
        """A suggestion with everything that its card shows."""
        link = self._known.links.get(link_id)
        if not link:
            return None
        known, about = self._known.get(link.issue_id), self._investigations.get(link.investigation_id)
        age = self._known.age(known.issue.tracker)
        return Suggestion(link, known, age if about.live else age.at_rest())

    async def search(self, words: str, *, here: int | None = None, limit: int = 5) -> Matches:
        """As KnownIssueService.search, with the tickets that each one affects; `here` is the thread's investigation."""
        about = self._investigations.get(here) if here else None
        target, context = (about.target, (about.symptom,)) if about else ("", ())
        if self._beside and self._beside.answers:
            with contextlib.suppress(ProgramGone):
                found = await self._beside.find(words, limit=limit, target=target, context=context)
                return self._counted(self._known.matches(found))
        return self._counted(self._known.search(words, target=target, limit=limit, context=context))

    def _counted(self, matches: Matches) -> Matches:
        counts = self._asks.counts([match.issue.id for match in matches.best if match.issue], self._clock())
        best = [replace(match, affected=counts[match.issue.id].tickets if match.issue else 0) for match in matches.best]
        return replace(matches, best=tuple(best))

    def page(self, issue_id: int) -> IssuePage:
        """One whole issue. Raises NotFound."""
        known = self._known.get(issue_id)
        links = [link for number in self._known.same(known.id) for link in self._known.links.to(number)]
        about = dict.fromkeys(link.investigation_id for link in links if link.verdict is LinkVerdict.IT_IS)
        names = tuple(f"INV-{number}" for number in about)
        counted, changes = self._asks.counts([known.id], self._clock())[known.id], self._known.log.of(known.id)
        return IssuePage(known, counted.tickets, names, tuple(changes), self._known.age(known.issue.tracker))

    async def newest(self, limit: int = 5) -> Matches:
        """Known issues for a search without words: those that affect most, then those that changed last."""
        version = (limit, self._database.touched.tables(*NEWEST_IN))
        if not self._newest or self._newest[0] != version:
            self._newest = (version, await self._read_newest(limit))
        return Matches(self._newest[1], tuple(self._known.ages()))

    async def _read_newest(self, limit: int) -> tuple[Match, ...]:
        """In parts: of two hundred issues there are thousands of tickets."""
        slices = Slices()
        linked, counts = once(self._known.several(self._known.links.issues()[-_MANY:])), dict[int, Counted]()
        for first in range(0, len(linked), _AT_ONCE):
            await slices.pause()
            part = linked[first : first + _AT_ONCE]
            counts |= self._asks.counts([known.id for known in part], self._clock())
        most = [
            Match(known, None, why=(), affected=counts[known.id].tickets)
            for known in linked
            if not known.issue.closed and not known.gone_at
        ]
        most.sort(key=lambda match: -match.affected)
        affected = [match for match in most if match.affected][:limit]
        affected_ids = {number for match in affected if match.issue for number in self._known.same(match.issue.id)}
        recent = [known for known in self._known.recent(limit * 2) if known.id not in affected_ids][:limit]
        fewer = self._asks.counts([known.id for known in recent], self._clock())
        rest = [Match(known, None, why=(), affected=fewer[known.id].tickets) for known in recent]
        return tuple([*affected, *rest][:limit])

    async def _decided(self, investigation_id: int, issue_id: int, verdict: LinkVerdict, by: str) -> Link:
        """A button may still have the number of an issue that turned out to be another one."""
        await self._people.require_tier2(by)
        number = self._known.get(issue_id).id
        with self._database.transaction():
            link = self._link_as(investigation_id, number, verdict, by)
            self._asks.counted(number)
            return link

    def _tell_released(self, known: KnownIssue) -> None:
        """Tells those who looked into it: they wait for the fix, also where the investigation has ended."""
        version = f" in {known.issue.fix_version}" if known.issue.fix_version else ""
        for link in self._known.links.to(known.id):
            if link.verdict is LinkVerdict.IT_IS:
                number, text = link.investigation_id, f"{known.issue.key} {known.issue.title} is released{version}"
                self._investigations.tell(number, EventKind.FIXED, by=None, text=text)

    def _link_as(self, investigation_id: int, issue_id: int, verdict: LinkVerdict, by: str) -> Link:
        known, before = self._known.get(issue_id), self._link(investigation_id, issue_id)
        if before and before.verdict is verdict:
            return before
        link = self._known.links.decide(investigation_id, issue_id, verdict, by=by)
        says = "it is" if verdict is LinkVerdict.IT_IS else "it isn't"
        text = f"{says} {known.name} {known.issue.title}"
        self._investigations.record_event(investigation_id, EventKind.KNOWN_ISSUE, by=by, text=text)
        self._show(link, human=True)
        self.linked.tell(issue_id)
        return link

    def _suggest(self, investigation: Investigation) -> None:
        """Suggest an issue, once, and one at a time: nobody is asked again what they answered, nor twice at once."""
        links = self._known.links.of(investigation.id)
        if any(link.verdict is not LinkVerdict.IT_ISNT for link in links):
            return
        match = self._known.matcher.like(investigation.target, investigation.symptom)
        same = self._known.same(match.issue.id) if match and match.issue else []
        if not match or not match.issue or any(link.issue_id in same for link in links):
            return
        link = self._known.links.decide(investigation.id, match.issue.id, LinkVerdict.SUGGESTED)
        self._show(link, human=False)

    def _show(self, link: Link, *, human: bool) -> None:
        self._owed.changed(suggestion_key(link), human=human)
        self._owed.changed(card_key(link.investigation_id), human=human)

    def _link(self, investigation_id: int, issue_id: int) -> Link | None:
        links = self._known.links.of(investigation_id)
        return next((link for link in links if link.issue_id == issue_id), None)
