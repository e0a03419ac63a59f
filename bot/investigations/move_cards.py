"""What is left of a card in the channel that an investigation left, what the new thread says, and the form. Pure."""

from collections.abc import Sequence

from bot.investigations.cards import called, said
from bot.investigations.model import EventKind, Investigation, in_the_thread
from bot.investigations.overview import Overview
from bot.investigations.teams import Moved, TeamName
from bot.messages.model import Block, Content
from bot.slack.blocks import context, field, modal, section, select, text_input
from bot.slack.text import clock_time, cut, foreign, link, person, place

MOVE_FORM = "investigation_move_form"
TEAM = "team"
NOTE = "note"
_INPUT = "input"


def moved_away(overview: Overview, address: str) -> Content:
    """Where the old card was: where it goes on now. `address` is that of the new card, "" while it has none."""
    line = goes_on(overview.investigation, overview.target.title, address)
    moved = overview.last(EventKind.MOVED)
    by = [context(f"Moved by {person(moved.actor or '')} {clock_time(moved.at)}")] if moved else []
    return Content(line, (section(line), *by))


def goes_on(investigation: Investigation, title: str, address: str) -> str:
    """ "INV-4 U.S. East goes on in #t2-cs. Open it there"."""
    there = f" {link(address, 'Open it there')}" if address else ""
    return f":arrow_right: {investigation.name} {foreign(title)} goes on in {place(investigation.channel)}.{there}"


def moved_here(moved: Moved, overview: Overview, title: str) -> Content:
    """The first words of the new thread, to everybody who took part; `title` is the team's that has it now."""
    event = next((each for each in reversed(overview.events) if each.kind is EventKind.MOVED), None)
    people = in_the_thread(overview.events, event) if event else ()
    investigation = overview.investigation
    first = f":arrow_right: {called(people)}{person(moved.author)} moved {investigation.name} to {foreign(title)}."
    helper = f"{person(moved.left_owner)} is a helper now." if moved.left_owner else ""
    called_team = f"{moved.called}, no" if moved.called else "No"
    unowned = "" if investigation.owner else f"{called_team} one has picked it up."
    second = " ".join(filter(None, (helper, unowned)))
    return said("\n".join(filter(None, (first, second))), moved.note, quoted=True)


def move_form(investigation: Investigation, others: Sequence[TeamName]) -> Block:
    """Asks which team where there are several, and what they should know."""
    one = others[0] if len(others) == 1 else None
    options = [(team.title, team.key) for team in others]
    which = [] if one else [field(TEAM, "Which team takes it?", select(_INPUT, options))]
    whom = cut(one.title, 40) if one else "they"
    what = f"Its card, thread and tickets go to {foreign(one.title) if one else 'their channel'}."
    blocks = [
        section(what),
        *which,
        field(NOTE, f"What should {whom} know?", text_input(_INPUT, multiline=True), optional=True),
    ]
    metadata = f"{investigation.id} {one.key if one else ''}"
    return modal(MOVE_FORM, f"Move {investigation.name}", "Move", blocks, private_metadata=metadata)
