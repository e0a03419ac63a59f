"""What is seen of a merge: the question before it, where the old card was, and one message in each thread. Pure."""

from collections.abc import Sequence

from bot.investigations.cards import TIMELINE, called
from bot.investigations.merge_model import Merge, MergeChoice, MergePlan
from bot.investigations.model import STATE_MARKS, EventKind, Investigation, State, in_the_thread
from bot.investigations.overview import Overview
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    field,
    header,
    message,
    modal,
    section,
    select,
    told_when_chosen,
)
from bot.slack.text import clock_time, cut, foreign, link, person, plural

MERGE = "merge_confirmed"
UNDO = "merge_undo"
MERGE_FORM = "merge_form"
PICKED, PICKED_WAY = "merge_picked", "merge_picked_way"

OTHER, WAY = "other", "way"
INTO_IT, INTO_THIS = "into_it", "into_this"
_MARK = STATE_MARKS[State.MERGED]


def plan(brings: MergePlan) -> Content:
    """Says what would go where, and asks once; the other way round is a button too."""
    one, into = brings.one, brings.into
    titles = foreign(brings.title), foreign(brings.into_title)
    line = f"{one.name} {titles[0]} goes on in {into.name} {titles[1]}."
    return Content(line, (section(brought(brings)), actions(_go(one, into, style="primary"), _go(into, one))))


def brought(brings: MergePlan) -> str:
    """Says what would go where."""
    one, into = brings.one, brings.into
    what = [
        f"{plural(brings.tickets, 'ticket')} ({brings.confirmed} confirmed)" if brings.tickets else "",
        plural(brings.notes, "note") if brings.notes else "",
        f"{plural(brings.people, 'person', 'people')} as helpers" if brings.people else "",
        "its timeline",
        "its probes",
    ]
    line = f"{one.name} {foreign(brings.title)} goes on in {into.name} {foreign(brings.into_title)}."
    listed = names_listed([part for part in what if part])
    return f"{line}\nIt brings {listed}. {into.name} keeps its owner. It can be undone."


def _go(one: Investigation, into: Investigation, *, style: str = "") -> Block:
    label = f"Merge {one.name} Into {into.name}"
    return button(label, MERGE if style else f"{MERGE}_other", f"{one.id} {into.id}", style=style)


def merged_card(overview: Overview, survivor: Overview, address: str) -> Content:
    """Where the old card was: where it goes on. `address` is that of the other card, "" where nobody knows it."""
    investigation, merged = overview.investigation, overview.last(EventKind.MERGED)
    line = goes_on(overview, survivor, address)
    by = [context(f"Merged by {person(merged.actor or '')} {clock_time(merged.at)}")] if merged else []
    timeline = button("Show Timeline", TIMELINE, str(investigation.id))
    buttons = actions(undo_button(investigation, survivor.investigation), timeline)
    return Content(line, (header(overview.target.title), section(line), *by, buttons))


def undo_button(one: Investigation, into: Investigation) -> Block:
    """Takes it out again, once it was asked whether that is meant."""
    sure = confirm(
        f"Undo the merge of {one.name}?",
        f"It takes its tickets and its timeline along. What came since stays in {into.name}.",
        "Undo the Merge",
    )
    return button("Undo the Merge…", UNDO, str(one.id), confirm=sure)


def merge_form(
    one: Investigation, others: Sequence[tuple[Investigation, str]], *, chosen: MergeChoice, preview: str
) -> Block:
    """Asks for the other one and which goes on; `preview` says what would go where, as soon as both are chosen."""
    listed = [(cut(title, 75), str(other.id)) for other, title in others]
    ways = [(f"{one.name} goes on in it", INTO_IT), (f"It goes on in {one.name}", INTO_THIS)]
    other, way = str(chosen.other_id or ""), INTO_THIS if chosen.into_this else INTO_IT
    blocks = [
        told_when_chosen(field(OTHER, "With which one?", select(PICKED, listed, initial=other))),
        told_when_chosen(field(WAY, "Which one goes on?", select(PICKED_WAY, ways, initial=way))),
        section(preview or "Its tickets, timeline, probes and people go along. It can be undone."),
    ]
    return modal(MERGE_FORM, f"Merge {one.name}", "Merge", blocks, private_metadata=str(one.id))


def goes_on(overview: Overview, survivor: Overview, address: str) -> str:
    """ "INV-5 goes on in INV-3 U.S. East. Open it there"."""
    other = survivor.investigation
    there = f" {link(address, 'Open it there')}" if address else ""
    title = foreign(survivor.target.title)
    return f"{_MARK} {overview.investigation.name} goes on in {other.name} {title}.{there}"


def merged_away(merge: Merge, overview: Overview, survivor: Overview, address: str) -> Content:
    """The last words of the old thread, to everybody who took part there."""
    since = next((event for event in overview.events if event.kind is EventKind.MERGED and event.at >= merge.at), None)
    people = in_the_thread(overview.events, since) if since else ()
    first = f"{called(people)}{person(merge.by)} merged this into {survivor.investigation.name}"
    there = f" {link(address, 'Open it there')}" if address else ""
    return message(f"{_MARK} {first} {foreign(survivor.target.title)}. What you say here counts there.{there}")


def merged_here(merge: Merge, overview: Overview) -> Content:
    """The first words about it in the thread that goes on, to those who help there from now on; who did it knows."""
    title = f"{overview.investigation.name} {foreign(overview.target.title)}"
    helpers = [user for user in merge.kept.helpers if user != merge.by]
    first = f"{called(helpers)}{title} goes on here, merged by {person(merge.by)}."
    return message(f"{_MARK} {first}\nIts tickets, notes and probes are on this record.")


def unmerged(merge: Merge, overview: Overview, survivor: Overview) -> Content:
    """Its thread goes on by itself."""
    by = person(merge.undone_by or merge.by)
    line = f"{by} took {overview.investigation.name} out of {survivor.investigation.name} again."
    return message(f"{_MARK} {line} Its tickets, notes and probes are back here.")


def tickets_elsewhere(overview: Overview, survivor: Overview) -> Content:
    """Where its list of tickets was."""
    return message(
        f":ticket: The tickets of {overview.investigation.name} are listed in {survivor.investigation.name}."
    )
