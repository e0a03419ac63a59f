"""The messages and lists that show investigations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.investigations.model import (
    PEOPLE_CALLED,
    STATE_MARKS,
    Earlier,
    Event,
    EventKind,
    Investigation,
    State,
    told_people,
)
from bot.investigations.overview import Overview
from bot.investigations.update_cards import for_tier1
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.slack.blocks import actions, button, divider, fitted, link_button, message, section, sections, written
from bot.slack.text import at, capitalized, clock_time, cut, foreign, link, one_line, person, pieces, place, plural
from bot.targets.model import Target

CLAIM = "investigation_claim"
JOIN = "investigation_join"
RELEASE = "investigation_release"
ESCALATE = "investigation_escalate"
HAND_OFF = "handoff_open"
RESOLVE = "investigation_resolve"
DISMISS = "investigation_dismiss"
REOPEN = "investigation_reopen"
TIMELINE = "investigation_timeline"
STORY = "investigation_story"
NEW = "investigation_new"
MENU = "investigation_menu"
CORRECT = "investigation_correct"
OPEN_LINK = "investigation_open"


EVENT_WORDS = {
    EventKind.OPENED: "opened it",
    EventKind.CLAIMED: "claimed it",
    EventKind.RELEASED: "released it",
    EventKind.STILL_ON_IT: "is still on it",
    EventKind.JOINED: "joined",
    EventKind.HANDOVER: "wants to hand it over",
    EventKind.DECLINED: "declined the handover",
    EventKind.NOT_HANDED_OVER: "ended the handover",
    EventKind.HANDED_OVER: "handed it over",
    EventKind.TAKEN_OVER: "took it over",
    EventKind.NOTE: "noted",
    EventKind.MESSAGE: "added a message",
    EventKind.TICKETS: "",
    EventKind.PROBE: "ran",
    EventKind.ESCALATED: "escalated it",
    EventKind.ACKNOWLEDGED: "acknowledged the escalation",
    EventKind.QUESTION: "asked",
    EventKind.HANDED_BACK: "handed the escalation back",
    EventKind.LAPSED: "didn't say that they are still on the escalation",
    EventKind.TAKEN_BACK: "took the escalation back",
    EventKind.HANDED_OFF: "sent it to Tier 3",
    EventKind.TRIAGED: "decided about it for Tier 3",
    EventKind.ISSUE: "heard that",
    EventKind.RESOLVED: "resolved it",
    EventKind.DISMISSED: "dismissed it",
    EventKind.REOPENED: "reopened it",
    EventKind.KNOWN_ISSUE: "says",
    EventKind.FIXED: "heard that",
    EventKind.TOLD: "",
    EventKind.UPDATED: "wrote an update",
    EventKind.INFORMED: "told Tier 1",
    EventKind.SAID: "told customers",
    EventKind.VENDOR: "",
    EventKind.MOVED: "moved it",
    EventKind.ADVISED: "asked Tier 1 to say",
    EventKind.LOG: "added a log",
    EventKind.MERGED: "merged",
    EventKind.UNMERGED: "took",
    EventKind.RELATED: "says",
    EventKind.UNRELATED: "took back that",
    EventKind.FORGOTTEN: "removed something about a customer",
}


_GOES_ON = (
    EventKind.TICKETS,
    EventKind.VENDOR,
    EventKind.ISSUE,
    EventKind.KNOWN_ISSUE,
    EventKind.SAID,
    EventKind.MOVED,
    EventKind.MERGED,
    EventKind.UNMERGED,
    EventKind.RELATED,
    EventKind.UNRELATED,
)
"""Of these the text ends the sentence that begins with who did it."""
_ABOUT = dict.fromkeys((EventKind.MESSAGE, EventKind.ACKNOWLEDGED), "of ")
_ABOUT |= dict.fromkeys((EventKind.HANDOVER, EventKind.HANDED_OVER, EventKind.NOT_HANDED_OVER), "to ")
_ABOUT |= dict.fromkeys((EventKind.TAKEN_OVER, EventKind.DECLINED, EventKind.RELEASED), "from ")
"""Whom an event concerns, and the word before them; of others the timeline does not say it."""

LINE_MAX = 2700
"""Of one line of the timeline: with its time and its person it stays in one section."""
HELPERS_NAMED = 8
_BOT_TEXT_MAX = 1500
"""Of what the bot itself wrote."""
TEXT_MAX = 3900
"""Of what notifications show; the blocks have all of it."""
_CAUSE, _WORKAROUND = 200, 300
_MONTH = timedelta(days=30)


def _where_it_stands(overview: Overview) -> Content:
    investigation, title = overview.investigation, foreign(overview.target.title)
    where = f"{investigation.name} in {place(investigation.channel)}"
    if investigation.state is State.RESOLVED:
        first = f":white_check_mark: {title} is resolved ({where})."
        return said(first, investigation.workaround, before="Workaround: ")
    if investigation.state is State.DISMISSED:
        return Content(f"Tier 2 found no trend at {title} ({where}).")
    if not investigation.owner:
        return Content(f":eyes: Tier 2 has this about {title} ({where}). No one has picked it up yet.")
    escalated = " Management has been told." if investigation.state is State.ESCALATED else ""
    return Content(f":mag: {person(investigation.owner)} is looking into {title} ({where}).{escalated}")


def answer(overview: Overview) -> Content:
    """The reply to whoever wrote the message that the investigation came from; edited as things go on.

    It has the newest update for Tier 1, and what they should tell customers now.
    """
    first = _where_it_stands(overview)
    more = for_tier1(overview.words) if overview.investigation.live else []
    return replace(first, blocks=(section(first.text), *more)) if more else first


def handover(event: Event) -> Content:
    """What tells somebody that an investigation is theirs now, or that somebody took it from them."""
    whom, by, name = person(event.about or ""), person(event.actor or ""), f"INV-{event.investigation_id}"
    first = f"{whom}, {name} is yours now, from {by}."
    if event.kind is EventKind.TAKEN_OVER:
        first = f"{whom}, {by} took {name} over from you. You're still a helper."
    return said(first, event.text, quoted=True)


def existing(
    investigation: Investigation, target: Target, permalink: str, earlier: Earlier | None = None, bonds: str = ""
) -> Content:
    """What a second opener of the same target sees, instead of a second card; `bonds` says what it has to do with."""
    name, opened_at = foreign(target.title), clock_time(investigation.opened_at)
    if investigation.owner:
        since = f" since {clock_time(investigation.claimed_at)}" if investigation.claimed_at else ""
        line = f"{person(investigation.owner)} has {name}{since} ({investigation.name})."
    else:
        line = f"{investigation.name} is about {name}, open since {opened_at}. No one has picked it up."
    opened = [link_button("Open", OPEN_LINK, permalink)] if permalink else []
    label, action = ("Join", JOIN) if investigation.owner else ("Claim", CLAIM)
    follow = button(label, action, str(investigation.id))
    whole = "\n".join(filter(None, (line, bonds, earlier_line(earlier))))
    return Content(line, (section(whole), actions(*opened, follow)))


def listing(rows: Sequence[tuple[Investigation, Target, str]], bonds: Mapping[int, str] | None = None) -> Content:
    """What is open, each with its card's permalink ("" where there is none); `bonds` are what they have to do with."""
    new = actions(button("Open an Investigation", NEW, "new", style="primary"))
    if not rows:
        line = "No investigation is open. `/investigate us-east packet loss` opens one."
        return message(line, new)
    blocks: list[Block] = [section(f"*{plural(len(rows), 'investigation')} open*")]
    for investigation, target, permalink in rows:
        name = link(permalink, investigation.name) if permalink else investigation.name
        owner = person(investigation.owner) if investigation.owner else "no one has picked it up"
        symptom = f": {foreign(investigation.symptom, 100)}" if investigation.symptom else ""
        first = f"{STATE_MARKS[investigation.state]} *{name}* {foreign(target.title)}{symptom}"
        related = f"\n{words}" if (words := (bonds or {}).get(investigation.id)) else ""
        blocks.append(section(f"{first}\n{owner}, open since {at(investigation.opened_at)}{related}"))
    return Content(f"{plural(len(rows), 'investigation')} open", fitted([*blocks, new]))


def timeline(overview: Overview, *, correctable: bool = False) -> Content:
    """Everything that happened, oldest first; the newest stay where not all fits.

    `correctable` is whether whoever sees it may correct some of it.
    """
    name = overview.investigation.name
    kept: list[str] = []
    room = 11_000
    for event in reversed(overview.record):
        lines = _lines(overview, event)
        room -= sum(map(len, lines)) + len(lines)
        if room < 0:
            kept.append("… earlier events are left out")
            break
        kept += reversed(lines)
    newest = _lines(overview, overview.record[-1])[0] if overview.record else "nothing happened yet"
    correct = [actions(button("Correct…", CORRECT, str(overview.investigation.id)))] if correctable else []
    return Content(
        cut(f"{name}: timeline. Newest: {newest}", TEXT_MAX),
        fitted([section(f"*{name}: timeline*"), divider(), *sections(kept[::-1])], last=correct),
    )


def called(people: Sequence[str]) -> str:
    """ "@kim, @jo and @raj: ", so many as one message calls; "" for nobody."""
    return f"{names_listed(map(person, people[:PEOPLE_CALLED]))}: " if people else ""


def owner_words(overview: Overview) -> str:
    """Says whose it is, or who ended it: "@kim owns INV-4, with @jo"."""
    investigation, name = overview.investigation, overview.investigation.name
    if investigation.state is State.RESOLVED:
        return f"{person(investigation.closed_by or '')} resolved {name}"
    if investigation.state is State.DISMISSED:
        return f"{person(investigation.closed_by or '')} dismissed {name}: not a trend"
    if investigation.state is State.MERGED:
        return f"{name} goes on in INV-{investigation.merged_into}"
    if not investigation.owner:
        return f"{name}: no one has picked this up"
    helpers = [person(helper) for helper in investigation.helpers if helper != investigation.owner]
    with_whom = f", with {names_listed(helpers[:HELPERS_NAMED])}" if helpers else ""
    more = f" and {len(helpers) - HELPERS_NAMED} more" if len(helpers) > HELPERS_NAMED else ""
    return f"{person(investigation.owner)} owns {name}{with_whom}{more}"


def record_lines(overview: Overview, event: Event) -> list[str]:
    """One event, with the name of the investigation where it happened, if that was merged into this one."""
    first, *others = event_lines(event)
    return [f"{overview.came_with(event)}{first}", *others]


def _lines(overview: Overview, event: Event) -> list[str]:
    """One event with its time."""
    first, *others = record_lines(overview, event)
    return [f"{at(event.at)}  {first}", *others]


def event_lines(event: Event) -> list[str]:
    """One event; its words, where a person typed them for the record, whole, on as many lines as they need.

    Of one that was withdrawn only that it was.
    """
    if event.withdrawn_at:
        return [_withdrawal(event, event.withdrawn_at)]
    who = person(event.actor) if event.actor else "Second Line"
    about = f" {_ABOUT[event.kind]}{person(event.about)}" if event.about and event.kind in _ABOUT else ""
    source = f" ({link(event.permalink, 'message')})" if event.permalink else ""
    typed = event.actor and event.kind is not EventKind.MESSAGE
    first, *others = one_line(event.text, LINE_MAX) if typed else [foreign(event.text, 500 if source else LINE_MAX)]
    by_hand = event.kind is EventKind.PROBE and event.actor
    goes_on = event.kind in _GOES_ON or (event.kind is EventKind.PROBE and not by_hand)
    before = "" if goes_on else ":"
    did = " tried it by hand" if by_hand else f" {EVENT_WORDS[event.kind]}".rstrip()
    words = f"{before} {first}" if first else ""
    lines = [f"{who}{did}{about}{words}{source}", *others]
    return [*lines[:-1], f"{lines[-1]}{_corrected(event)}"]


WITHDRAWN = {
    EventKind.NOTE: "a note",
    EventKind.MESSAGE: "a message",
    EventKind.PROBE: "a measurement",
    EventKind.UPDATED: "an update",
    EventKind.INFORMED: "news for Tier 1",
    EventKind.SAID: "what customers were told",
    EventKind.ADVISED: "what Tier 1 should say",
}
"""What somebody takes off the record."""


def _withdrawal(event: Event, when: datetime) -> str:
    """ "@jo withdrew a note of @kim 15:10: wrong customer"."""
    of = "" if event.actor == event.withdrawn_by else f" of {person(event.actor) if event.actor else 'Second Line'}"
    why = f": {foreign(event.withdrawn_why, LINE_MAX)}" if event.withdrawn_why else ""
    return f"{person(event.withdrawn_by or '')} withdrew {WITHDRAWN[event.kind]}{of} {clock_time(when)}{why}"


def _corrected(event: Event) -> str:
    """ " (corrected 15:10)", and by whom where that is somebody else."""
    if event.corrected_at:
        by = f" by {person(event.corrected_by)}" if event.corrected_by and event.corrected_by != event.actor else ""
        return f" (corrected {clock_time(event.corrected_at)}{by})"
    return f" (added {clock_time(event.entered_at)})" if event.entered_at else ""


def earlier_line(earlier: Earlier | None) -> str:
    """ "Last resolved 12 days ago (INV-2): transit provider; workaround: use U.S. West"; "" for none."""
    if not earlier:
        return ""
    investigation = earlier.investigation
    cause = foreign(investigation.root_cause, _CAUSE).rstrip(". ") or "root cause not noted"
    helps = foreign(investigation.workaround, _WORKAROUND).rstrip()
    workaround = f"workaround: {helps}" if helps else "no workaround"
    return f":clock3: Last resolved {ago_words(earlier.ago)} ({investigation.name}): {cause}; {workaround}"


def opened_elsewhere(investigation: Investigation, by: str, earlier: Earlier | None = None) -> str:
    """Says where the card is to whoever opened the investigation in another channel, and that its team takes it."""
    helps = " You're a helper: its team picks it up." if by in investigation.helpers else ""
    notice = f"\n{earlier_line(earlier)}" if earlier else ""
    return f"{investigation.name} is open in {place(investigation.channel)}.{helps}{notice}"


def ago_words(ago: timedelta) -> str:
    """The largest unit that says enough: "12 days ago", "3 h ago"."""
    if ago >= 3 * _MONTH:
        return f"{ago // _MONTH} months ago"
    if ago >= timedelta(days=1):
        return "1 day ago" if ago.days == 1 else f"{ago.days} days ago"
    minutes = int(ago / timedelta(minutes=1))
    return f"{minutes // 60} h ago" if minutes >= 60 else f"{max(minutes, 1)} min ago"


def notice(event: Event, overview: Overview) -> Content | None:
    """A line of the timeline as a message in the thread, to those who wait for it; None where nobody does."""
    people, words = told_people(overview.events, event), _notice_words(event, overview)
    if not people or not words:
        return None
    mark, line = words
    called = f"{', '.join(map(person, people[:PEOPLE_CALLED]))}{':' if len(people) > 1 else ','} {line}"
    if event.withdrawn_at:
        return Content(f"{mark} {_struck(called, event, event.withdrawn_at)}")
    quoted = event.kind in (EventKind.UPDATED, EventKind.NOTE)
    first = f"{called[:-1]}{_corrected(event)}:" if quoted and event.corrected_at else called
    return said(f"{mark} {first}", event.text if quoted else "", quoted=True)


def _struck(words: str, event: Event, when: datetime) -> str:
    """What a message said, through which a line goes, and that its record was withdrawn."""
    return f"~{words.rstrip(':')}~\n{_withdrawal(event, when)}"


def _notice_words(event: Event, overview: Overview) -> tuple[str, str] | None:
    """A mark and a sentence; what the card says already is not repeated."""
    investigation, by, number = overview.investigation, person(event.actor or ""), overview.investigation.name
    name = f"{number} {foreign(overview.target.title)}"
    match event.kind:
        case EventKind.ACKNOWLEDGED:
            who = by if event.actor else foreign(event.text, 80)
            return ":white_check_mark:", f"{who} acknowledged your escalation of {number}."
        case EventKind.HANDED_BACK:
            return ":rotating_light:", f"{by} handed your escalation of {number} back. Management is asked again."
        case EventKind.LAPSED:
            who = by if event.actor else foreign(event.text, 80)
            return ":rotating_light:", f"{who} gave no sign about {number}. Management is asked again."
        case EventKind.TRIAGED:
            return ":ballot_box_with_check:", f"{by} decided about {number}: {foreign(event.text, _BOT_TEXT_MAX)}."
        case EventKind.RESOLVED:
            where = " The card has the workaround." if investigation.workaround and not investigation.live else ""
            return STATE_MARKS[State.RESOLVED], f"{by} resolved {name}.{where}"
        case EventKind.DISMISSED:
            return STATE_MARKS[State.DISMISSED], f"{by} dismissed {name}: not a trend."
        case EventKind.REOPENED:
            return STATE_MARKS[State.OPEN], f"{by} reopened {name}."
        case EventKind.RELEASED:
            return ":raising_hand:", f"{by} released {name}. No one has picked it up."
        case EventKind.UPDATED:
            return ":mega:", f"{by} has news of {name}:"
        case EventKind.NOTE:
            return ":speech_balloon:", f"{by} answered your question about {number}:"
        case EventKind.ISSUE | EventKind.FIXED:
            return ":package:", f"{foreign(event.text, _BOT_TEXT_MAX)}."
    return None


def outcome(event: Event, overview: Overview, *, to_asker: bool) -> Content | None:
    """Says to those who asked elsewhere, in their thread, how it ended and what helps, or that it goes on."""
    investigation, title = overview.investigation, foreign(overview.target.title)
    author = investigation.source.author if investigation.source and to_asker else ""
    whom, where = f"{person(author)}, " if author else "", f"{investigation.name} in {place(investigation.channel)}"
    match event.kind:
        case EventKind.RESOLVED:
            helps = investigation.workaround if not investigation.live else ""
            first = f"{STATE_MARKS[State.RESOLVED]} {whom}{title} is resolved ({where})."
            return said(first, helps, before="Workaround: ")
        case EventKind.DISMISSED:
            first = f"{STATE_MARKS[State.DISMISSED]} {whom}Tier 2 found no trend at {title} ({where})."
            return said(first, event.text)
        case EventKind.REOPENED:
            first = f"{STATE_MARKS[State.OPEN]} {whom}{title} isn't over."
            return Content(f"{first} Tier 2 is looking at it again ({where}).")
        case EventKind.UPDATED | EventKind.INFORMED:
            told = _addressed(whom, f"there is news of {title}. The answer above has it.")
            return Content(f":mega: {_told(told, event)}")
        case EventKind.ADVISED:
            told = _addressed(whom, _advice(overview, title, event))
            return Content(f":speech_balloon: {_told(told, event)}")
    return None


def _addressed(whom: str, words: str) -> str:
    """The words after the name of whoever is addressed, or as they begin a line."""
    return f"{whom}{words}" if whom else capitalized(words)


def _told(words: str, event: Event) -> str:
    """As it reads now, with the mark of what was corrected, or with a line through it."""
    if event.withdrawn_at:
        return _struck(words, event, event.withdrawn_at)
    return f"{words}\n{_corrected(event).strip()}" if event.corrected_at else words


def _advice(overview: Overview, title: str, event: Event) -> str:
    if overview.words.tier1_text or event.withdrawn_at:
        return f"the answer above says what to tell customers about {title}."
    return f"don't tell customers that about {title} any more. The answer above is up to date."


def said(first: str, words: str, *, before: str = "", quoted: bool = False) -> Content:
    """A sentence of ours, and a person's own words, whole, below it."""
    if not words.strip():
        return Content(first)
    quoted_words = "\n".join(pieces(words, newline="\n>" if quoted else "\n"))
    text = f"{first}\n>{quoted_words}" if quoted else f"{first} {before}{quoted_words}"
    return Content(cut(text, TEXT_MAX), (section(first), *written(words, before=before, quoted=quoted)))
