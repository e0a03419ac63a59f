"""Gathers from all rooms what is on the record of one investigation, in plain words."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.escalations.service import EscalationService
from bot.exports.addresses import web_address
from bot.exports.answered import round_of_replies
from bot.exports.escalated import escalated_once, people_of
from bot.exports.model import (
    CopyInTracker,
    Measured,
    Report,
    SaidToCustomers,
    TicketLine,
    TimelineLine,
    WholeInvestigation,
    document,
)
from bot.exports.service import CopyService
from bot.exports.times import times_of
from bot.exports.tracker_copy import CopyState, ShownCopy
from bot.exports.words import people_in, plain, texts_of
from bot.handoffs import cards as handoff_cards
from bot.handoffs.service import HandoffService
from bot.investigations.cards import record_lines
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import STATE_WORDS, Investigation, card_key
from bot.investigations.overview import Overview
from bot.investigations.pictures import milestones
from bot.investigations.relation_model import bond_words
from bot.investigations.update_model import Said
from bot.messages.addresses import message_address
from bot.messages.model import Content
from bot.records import Records
from bot.replies.service import ReplyService
from bot.tickets.collection import Collected, LinkedTicket, LinkState
from bot.tickets.hours import hours_of
from bot.tickets.pictures import in_words
from bot.vendors.service import VendorService

SOMEBODY = "somebody"
"""Whom Slack does not name."""
TICKETS, TIMELINE = "tickets", "timeline"
"""Pictures that a story may have."""
View = Callable[[int], Content | None]
"""What a message says, by the number of its record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySources:
    """Whom a story asks; `probes` says what the message of a batch says."""

    evidence: EvidenceService
    escalations: EscalationService
    replies: ReplyService
    handoffs: HandoffService
    vendors: VendorService
    copies: CopyService
    probes: View


class StoryGatherer:
    """Reads our own records only. `zone` is that of the times in a document."""

    def __init__(self, *, sources: StorySources, records: Records, zone: tzinfo, workspace_url: str = "") -> None:
        self._sources = sources
        self._records = records
        self._zone = zone
        self._workspace_url = workspace_url

    async def document(self, investigation_id: int, *, full: bool = True, management: bool = False) -> str:
        """The story as one Markdown file. Raises NotFound."""
        overview = self._sources.evidence.overview(investigation_id)
        return document(await self.story(overview, full=full, management=management), self._zone)

    async def share(self, investigation_id: int, *, by: str) -> bool:
        """Owe the document as a file in the investigation's thread; False where it has the same already.

        Raises NotAllowed, NotFound.
        """
        await self._records.people.require_tier2(by)
        overview = self._sources.evidence.overview(investigation_id)
        name, text = overview.investigation.name, await self.document(investigation_id)
        key = f"export/{investigation_id}/{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"
        if self._records.owed.file_link(key) is not None:
            return False
        with self._records.database.transaction():
            thread = overview.investigation.thread
            self._records.owed.file(
                key, name=f"{name}.md", title=f"{name}: the whole story", text=text, place=thread, for_user=by
            )
        return True

    async def story(self, overview: Overview, *, full: bool, management: bool = False) -> WholeInvestigation:
        """`full` is with what customers wrote and where tickets are, `management` with how it was escalated."""
        investigation, collected = overview.investigation, overview.collected
        escalated = self._sources.escalations.history(investigation.id) if full or management else ()
        rounds = self._sources.replies.of(investigation.id)
        batches = [(batch, self._sources.probes(batch.id)) for batch in overview.batches] if full else []
        progress = self._sources.handoffs.progress(investigation.id)
        lines = [(event, record_lines(overview, event)) for event in overview.record] if full else []
        words = [line for _, each in lines for line in each]
        words += [text for _, content in batches if content for text in texts_of(content)]
        words += [handoff_cards.progress(progress)] if progress else []
        people = people_in(words).union(*map(people_of, escalated), filter(None, (each.approved_by for each in rounds)))
        names = await self._names(people, investigation)

        def said(texts: Iterable[str]) -> str:
            return "\n".join(line for line in (plain(text, names) for text in texts) if line)

        place = self._records.owed.place_of(card_key(investigation.id))
        whole = WholeInvestigation(
            number=investigation.id,
            name=investigation.name,
            title=": ".join(part for part in (overview.target.title, investigation.symptom) if part),
            state=STATE_WORDS[investigation.state],
            headline=overview.headline.text,
            owner=names.get(investigation.owner, SOMEBODY) if investigation.owner else "",
            helpers=tuple(names.get(user, SOMEBODY) for user in investigation.helpers if user != investigation.owner),
            opened_at=investigation.opened_at,
            closed_at=investigation.closed_at,
            root_cause=investigation.root_cause,
            workaround=investigation.workaround,
            reason=investigation.reason,
            slack=message_address(self._workspace_url, *place) if place else "",
            known=tuple((known.name, known.id) for known in overview.known),
            tickets=collected.total if collected else None,
            about=bool(collected and collected.about),
            confirmed=len(collected.confirmed) if collected else 0,
            said=tuple(map(_said_to_customers, overview.said_so_far)),
            tier3=plain(handoff_cards.progress(progress), names) if progress else "",
            vendors=tuple(each.title for each in self._sources.vendors.standing(investigation.id)),
            escalations=tuple(escalated_once(posted, names) for posted in escalated),
            rounds=tuple(round_of_replies(each, investigation.id, names, listed=full) for each in rounds),
            times=times_of(overview),
            related=tuple((bond_words(each), each.number) for each in overview.neighbours),
            pictures=_pictures(overview),
        )
        if not full:
            return whole
        return replace(
            whole,
            copies=tuple(map(_copy, self._sources.copies.copies(investigation.id))),
            takes_copy=bool(self._sources.copies.issues(investigation.id)),
            timeline=tuple(TimelineLine(event.at, said(each), web_address(event.permalink)) for event, each in lines),
            listed=tuple(_tickets(collected)) if collected else (),
            measured=tuple(
                Measured(
                    batch.title,
                    batch.requested_at,
                    said(texts_of(content)) if content else "",
                    tuple(
                        Report(run.name, run.result.report) for run in batch.runs if run.result and run.result.report
                    ),
                )
                for batch, content in batches
            ),
        )

    async def _names(self, ids: frozenset[str], investigation: Investigation) -> Mapping[str, str]:
        people = {*ids, investigation.owner or "", *investigation.helpers, investigation.opened_by} - {""}
        return await self._records.people.called(people)


def _copy(shown: ShownCopy) -> CopyInTracker:
    copy, key = shown.copy, shown.issue.issue.key
    if copy.state is CopyState.SENT:
        return CopyInTracker(key, "there", web_address(copy.url))
    waits = f"{shown.tracker_title} hasn't taken it ({copy.failure})" if copy.failing_since else "on its way"
    return CopyInTracker(key, waits, web_address(shown.issue.issue.url))


def _tickets(collected: Collected) -> Iterator[TicketLine]:
    """Those of the count, what people confirmed first, then those that people were asked about or took off."""
    counted = sorted(collected.counted, key=lambda each: (each.state is LinkState.CONFIRMED, each.created_at))
    counts = {each.ticket_id for each in counted}
    others = dict.fromkeys(each for each in (*collected.listed, *collected.rejected) if each.ticket_id not in counts)
    for ticket in (*reversed(counted), *others):
        yield TicketLine(
            number=ticket.ticket_id,
            state=_standing(ticket),
            created_at=ticket.created_at,
            url=web_address(ticket.url),
            subject=ticket.subject,
            counts=ticket.ticket_id in counts,
        )


def _standing(ticket: LinkedTicket) -> str:
    if other := ticket.moved_to or ticket.elsewhere:
        return f"in INV-{other}"
    return "not related" if ticket.state is LinkState.REJECTED else ticket.state.value


def _pictures(overview: Overview) -> tuple[tuple[str, str], ...]:
    hours = hours_of(overview.collected) if overview.collected else None
    tickets = ((TICKETS, in_words(hours)),) if hours and hours.most else ()
    if len(milestones(overview.events)) < 2:
        return tickets
    return (*tickets, (TIMELINE, "The milestones in their order; the timeline below has them in words."))


def _said_to_customers(said: Said) -> SaidToCustomers:
    corrected_at = said.put_right_at or said.corrected_at
    return SaidToCustomers(said.at, said.text, said.customers, corrected_at, said.put_right, said.wrong)
