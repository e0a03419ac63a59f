"""Messages to those who wait for something in an investigation: what is only edited notifies nobody."""

from bot.investigations.marks import MARKS
from bot.investigations.model import Event, EventKind, State, told_people
from bot.investigations.overview import Overview
from bot.messages.model import Content
from bot.slack.blocks import section, written
from bot.slack.text import cut, foreign, person, pieces, place

CALLED = 15
"""So many people one message calls."""
LONG = 1500
"""Of what the bot itself wrote."""
TEXT_MAX = 3900
"""Of what notifications show; the blocks have all of it."""


def told(event: Event, seen: Overview) -> Content | None:
    """A line of the timeline as a message in the thread, to those who wait for it; None where nobody does."""
    people, words = told_people(seen.events, event), _told_words(event, seen)
    if not people or not words:
        return None
    mark, line = words
    return Content(f"{mark} {', '.join(map(person, people[:CALLED]))}{':' if len(people) > 1 else ','} {line}")


def _told_words(event: Event, seen: Overview) -> tuple[str, str] | None:
    """A mark and a sentence; what the card says already is not repeated."""
    found, by = seen.investigation, person(event.actor or "")
    name = f"{found.name} {foreign(seen.target.title)}"
    match event.kind:
        case EventKind.ACKNOWLEDGED:
            return ":white_check_mark:", f"{by} acknowledged your escalation of {found.name}."
        case EventKind.TRIAGED:
            return ":ballot_box_with_check:", f"{by} decided about {found.name}: {foreign(event.text, LONG)}."
        case EventKind.RESOLVED:
            where = " The card has the workaround." if found.workaround and not found.live else ""
            return MARKS[State.RESOLVED], f"{name} is resolved, by {by}.{where}"
        case EventKind.DISMISSED:
            return MARKS[State.DISMISSED], f"{name} was dismissed by {by}: not a trend."
        case EventKind.REOPENED:
            return MARKS[State.OPEN], f"{name} is open again, by {by}."
        case EventKind.RELEASED:
            return ":raising_hand:", f"{by} released {name}. No one has picked it up."
        case EventKind.ISSUE:
            return ":package:", f"{foreign(event.text, LONG)}."
    return None


def outcome(event: Event, seen: Overview, *, to_asker: bool) -> Content | None:
    """To those who asked elsewhere, in their thread: how it ended, with what helps, or that it goes on."""
    found, title = seen.investigation, foreign(seen.target.title)
    author = found.source.author if found.source and to_asker else ""
    whom, where = f"{person(author)}, " if author else "", f"{found.name} in {place(found.channel)}"
    match event.kind:
        case EventKind.RESOLVED:
            helps = found.workaround if not found.live else ""
            first = f"{MARKS[State.RESOLVED]} {whom}{title} is resolved ({where})."
            return said(first, helps, before="Workaround: ")
        case EventKind.DISMISSED:
            first = f"{MARKS[State.DISMISSED]} {whom}Tier 2 looked at {title} and found no trend ({where})."
            return said(first, event.text)
        case EventKind.REOPENED:
            return Content(f"{MARKS[State.OPEN]} {whom}{title} is not over: Tier 2 looks at it again ({where}).")
    return None


def said(first: str, words: str, *, before: str = "", quoted: bool = False) -> Content:
    """A sentence of ours, and a person's own words, whole, below it."""
    if not words.strip():
        return Content(first)
    shown = "\n".join(pieces(words, newline="\n>" if quoted else "\n"))
    text = f"{first}\n>{shown}" if quoted else f"{first} {before}{shown}"
    return Content(cut(text, TEXT_MAX), (section(first), *written(words, before=before, quoted=quoted)))
