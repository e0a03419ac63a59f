"""The messages and lists that show investigations."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from bot.investigations.model import (
    MOVES,
    STATE_MARKS,
    STATE_WORDS,
    Earlier,
    Event,
    EventKind,
    Investigation,
    Move,
    State,
    told_people,
)
from bot.investigations.overview import Overview
from bot.known_issues.cards import in_one_line
from bot.known_issues.wording import seen_age
from bot.messages.model import Block, Content
from bot.probes.batch import Batch, RunState
from bot.probes.conclusion import standing
from bot.probes.manual import trials_words
from bot.slack.blocks import (
    actions,
    button,
    context,
    divider,
    fitted,
    header,
    link_button,
    overflow,
    section,
    sections,
    written,
)
from bot.slack.text import (
    HEADER_MAX,
    at,
    clean,
    clock_time,
    cut,
    foreign,
    link,
    one_line,
    person,
    pieces,
    place,
    plural,
)
from bot.status.cards import status_line
from bot.targets.model import Target
from bot.tickets.collection import growth

CLAIM = "investigation_claim"
JOIN = "investigation_join"
RELEASE = "investigation_release"
ESCALATE = "investigation_escalate"
HAND_OFF = "handoff_open"
RESOLVE = "investigation_resolve"
DISMISS = "investigation_dismiss"
REOPEN = "investigation_reopen"
TIMELINE = "investigation_timeline"
NEW = "investigation_new"
MENU = "investigation_menu"
OPEN_LINK = "investigation_open"


class Choice(StrEnum):
    """The entries of the card's menu."""

    NOTE = "note"
    HAND_OVER = "hand_over"
    RELEASE = "release"
    IT_ISNT = "it_isnt"


EVENT_WORDS = {
    EventKind.OPENED: "opened it",
    EventKind.CLAIMED: "claimed it",
    EventKind.RELEASED: "released it",
    EventKind.JOINED: "joined",
    EventKind.HANDED_OVER: "handed it over",
    EventKind.TAKEN_OVER: "took it over",
    EventKind.NOTE: "noted",
    EventKind.MESSAGE: "added a message",
    EventKind.TICKETS: "tickets",
    EventKind.PROBE: "probe",
    EventKind.ESCALATED: "escalated it",
    EventKind.ACKNOWLEDGED: "acknowledged the escalation",
    EventKind.QUESTION: "needs more",
    EventKind.HANDED_OFF: "handed it to Tier 3",
    EventKind.TRIAGED: "triaged it",
    EventKind.ISSUE: "tracker",
    EventKind.RESOLVED: "resolved it",
    EventKind.DISMISSED: "dismissed it",
    EventKind.REOPENED: "reopened it",
    EventKind.KNOWN_ISSUE: "known issue",
}


_ABOUT = dict.fromkeys((EventKind.MESSAGE, EventKind.ACKNOWLEDGED), "of ")
_ABOUT |= {EventKind.HANDED_OVER: "to ", EventKind.TAKEN_OVER: "from "}
"""Whom an event concerns, and the word before them; of others the timeline does not say it."""

_KNOWN_MAX = 2
"""Known issues in the menu; Slack takes five entries."""
LINE_MAX = 2700
"""Of one line of the timeline: with its time and its person it stays in one section."""
PEOPLE_CALLED = 15
"""So many people one message calls."""
_BOT_TEXT_MAX = 1500
"""Of what the bot itself wrote."""
TEXT_MAX = 3900
"""Of what notifications show; the blocks have all of it."""
_CAUSE, _WORKAROUND = 200, 300
_MONTH = timedelta(days=30)


def card(seen: Overview, tier3: str = "") -> Content:
    """The one message of an investigation, and the root of its thread. `tier3` is a line of the room above."""
    found = seen.investigation
    lines = [f"{STATE_MARKS[found.state]} {_who(seen)}", *_evidence(seen, tier3)]
    last = [context(_small(found), *map(seen_age, seen.ages)), actions(*_buttons(seen))]
    blocks = fitted([*_title(seen), *sections(lines), *_ending(found)], last=last)
    return Content(f"{found.name} {foreign(seen.target.title)}: {_who(seen)}", blocks)


def _title(seen: Overview) -> list[Block]:
    """The target with what people see, which stands below it where it is longer than a header."""
    target, symptom = seen.target.title, clean(seen.investigation.symptom)
    title = f"{target}: {symptom}" if symptom else target
    if len(title) <= HEADER_MAX:
        return [header(title)]
    return [header(target), *map(section, one_line(symptom))]


def answer(seen: Overview) -> Content:
    """The reply to whoever wrote the message that the investigation came from; edited as things go on."""
    found, title = seen.investigation, foreign(seen.target.title)
    where = f"{found.name} in {place(found.channel)}"
    if found.state is State.RESOLVED:
        return said(f":white_check_mark: {title} is resolved ({where}).", found.workaround, before="Workaround: ")
    if found.state is State.DISMISSED:
        return Content(f"Tier 2 looked at {title} and found no trend ({where}).")
    if not found.owner:
        return Content(f":eyes: Tier 2 has this about {title} ({where}); nobody has claimed it yet.")
    escalated = " It is escalated to management." if found.state is State.ESCALATED else ""
    return Content(f":mag: {person(found.owner)} is looking into {title} ({where}).{escalated}")


def handover(event: Event) -> Content:
    """What tells somebody that an investigation is theirs now, or that somebody took it from them."""
    whom, by, name = person(event.about or ""), person(event.actor or ""), f"INV-{event.investigation_id}"
    first = f"{whom}, {name} is yours now, from {by}."
    if event.kind is EventKind.TAKEN_OVER:
        first = f"{whom}, {by} took {name} over from you. You are still on its card."
    return said(first, event.text, quoted=True)


def existing(found: Investigation, target: Target, permalink: str, earlier: Earlier | None = None) -> Content:
    """What a second opener of the same target sees, instead of a second card."""
    name = foreign(target.title)
    if found.owner:
        since = f" since {clock_time(found.claimed_at)}" if found.claimed_at else ""
        line = f"{person(found.owner)} has {name}{since} ({found.name}, {STATE_WORDS[found.state]})."
    else:
        line = f"{found.name} is about {name}, open since {clock_time(found.opened_at)}, and nobody has claimed it."
    opened = [link_button("Open", OPEN_LINK, permalink)] if permalink else []
    follow = button("Join", JOIN, str(found.id)) if found.owner else button("Claim", CLAIM, str(found.id))
    return Content(line, (section("\n".join(filter(None, (line, earlier_line(earlier))))), actions(*opened, follow)))


def listing(rows: Sequence[tuple[Investigation, Target, str]]) -> Content:
    """What is open, each with its card's permalink ("" where there is none)."""
    new = actions(button("Open an investigation", NEW, "new", style="primary"))
    if not rows:
        line = "Nothing is being investigated. `/investigate us-east packet loss` opens an investigation."
        return Content(line, (section(line), new))
    blocks: list[Block] = [section(f"*{plural(len(rows), 'investigation')} open*")]
    for found, target, permalink in rows:
        name = link(permalink, found.name) if permalink else found.name
        owner = person(found.owner) if found.owner else "nobody"
        symptom = f": {foreign(found.symptom, 100)}" if found.symptom else ""
        first = f"{STATE_MARKS[found.state]} *{name}* {foreign(target.title)}{symptom}"
        blocks.append(section(f"{first}\n{owner}, since {at(found.opened_at)}"))
    return Content(f"{plural(len(rows), 'investigation')} open", fitted([*blocks, new]))


def timeline(seen: Overview) -> Content:
    """Everything that happened, oldest first; the newest stay where not all fits."""
    name = seen.investigation.name
    kept: list[str] = []
    room = 11_000
    for event in reversed(seen.events):
        lines = _lines(event)
        room -= sum(map(len, lines)) + len(lines)
        if room < 0:
            kept.append("… earlier events are left out")
            break
        kept += reversed(lines)
    return Content(f"{name}: timeline", fitted([section(f"*{name}: timeline*"), divider(), *sections(kept[::-1])]))


def _who(seen: Overview) -> str:
    found, title = seen.investigation, f"*{foreign(seen.target.title)}*"
    if found.state is State.RESOLVED:
        return f"{title} is resolved, by {person(found.closed_by or '')}."
    if found.state is State.DISMISSED:
        return f"{title} was dismissed by {person(found.closed_by or '')}: not a trend."
    if not found.owner:
        return f"{title}: nobody is looking into this yet."
    helpers = [person(helper) for helper in found.helpers if helper != found.owner]
    with_whom = f", with {', '.join(helpers[:8])}" if helpers else ""
    return f"{person(found.owner)} is looking into {title}{with_whom}."


def _evidence(seen: Overview, tier3: str) -> list[str]:
    lines = [_tickets(seen), _probes(seen), _status(seen), _escalation(seen), tier3, *_known(seen)]
    return [line for line in lines if line]


def _tickets(seen: Overview) -> str:
    collected = seen.collected
    if not collected:
        return ""
    watch, total = collected.watch, collected.total
    confirmed = f", {len(collected.confirmed)} confirmed" if collected.confirmed else ""
    if watch.failing_since:
        since = clock_time(watch.failing_since)
        known = f" Last known: {plural(total, 'ticket')}{confirmed}." if total is not None else ""
        return f":ticket: Zendesk unreachable since {since}, retrying ({foreign(watch.failure, 120)}).{known}"
    if total is None:
        return ":ticket: Searching for tickets…"
    rise = growth(collected)
    return f":ticket: {plural(total, 'ticket')}{confirmed}" + (f"; {rise}" if rise else "")


def _probes(seen: Overview) -> str:
    """What is true of the target now: what runs, what was refused and what is about others changes nothing of it."""
    own = seen.own_batches
    trials = [trial for batch in own for trial in batch.trials]
    hands = next((batch.by_hand for batch in own if batch.by_hand), "")
    measured = standing(seen.target.title, seen.findings)
    by_hand = trials_words(hands, trials) if trials or (hands and not measured) else ""
    notice = ". ".join(part for part in (measured, by_hand) if part)
    if notice:
        shown = foreign(notice if measured else f"{seen.target.title}: {notice}", 600)
        return f":satellite_antenna: {shown}" + (" (running…)" if _measuring(own) else "")
    words = _not_measured(own, live=seen.investigation.live)
    return f":satellite_antenna: {words}" if words else ""


def _not_measured(own: Sequence[Batch], *, live: bool) -> str:
    """Why there is no finding yet, as long as somebody waits for one."""
    if _measuring(own):
        return f"{foreign(own[-1].title)}: running…"
    if not own or not live:
        return ""
    if own[-1].state is RunState.INTERRUPTED:
        return f"{foreign(own[-1].title)} was interrupted; run it again."
    return "Nothing could be measured; the thread says why." if own[-1].state is RunState.DONE else ""


def _measuring(batches: Sequence[Batch]) -> bool:
    return any(batch.state in (RunState.QUEUED, RunState.RUNNING) for batch in batches)


def _status(seen: Overview) -> str:
    """How the target does now, which is of interest as long as somebody looks into it."""
    return status_line(seen.target.title, seen.status) if seen.status and seen.investigation.live else ""


def _escalation(seen: Overview) -> str:
    escalated, acknowledged = seen.last(EventKind.ESCALATED), seen.last(EventKind.ACKNOWLEDGED)
    if not escalated:
        return ""
    if acknowledged and acknowledged.at >= escalated.at:
        by = person(acknowledged.actor or "")
        return f":white_check_mark: Escalated; acknowledged by {by} at {clock_time(acknowledged.at)}"
    by, waits = person(escalated.actor or ""), seen.waits_for_management
    mark, answered = (":rotating_light:", "waiting for management") if waits else (":white_circle:", "not acknowledged")
    return f"{mark} Escalated by {by} at {clock_time(escalated.at)}, {answered}"


def _known(seen: Overview) -> list[str]:
    """The known issues that it is, as development told them last, and what the last one of its target was."""
    return [*(f":bulb: {in_one_line(found)}" for found in seen.known[:3]), earlier_line(seen.earlier)]


def _ending(found: Investigation) -> list[Block]:
    """What whoever closed it wrote, whole."""
    parts = [("Root cause", found.root_cause), ("Workaround", found.workaround), ("Why", found.reason)]
    ended = [] if found.live else parts
    return [block for name, text in ended for block in written(text, before=f"*{name}:* ")]


def _small(found: Investigation) -> str:
    came = f" · from {link(found.source.permalink, 'a message')}" if found.source and found.source.permalink else ""
    until = f", closed {at(found.closed_at)}" if found.closed_at else ""
    opened = f"opened by {person(found.opened_by)} {at(found.opened_at)}"
    return f"{found.name} · {STATE_WORDS[found.state]} · {opened}{until}{came}"


def _buttons(seen: Overview) -> list[Block]:
    """The common next steps for the state that the card shows."""
    found = seen.investigation
    value = str(found.id)
    if not found.live:
        return [button("Reopen", REOPEN, value), button("Timeline", TIMELINE, value)]
    first = button("Join", JOIN, value) if found.owner else button("Claim", CLAIM, value, style="primary")
    again = "Escalate again" if found.state is State.ESCALATED or seen.last(EventKind.ESCALATED) else "Escalate"
    style = "danger" if found.state is State.OPEN else ""
    escalate = [] if seen.waits_for_management else [button(again, ESCALATE, value, style=style)]
    hand_off = [button("Hand to Tier 3", HAND_OFF, value)] if Move.HAND_OFF in MOVES[found.state] else []
    return [
        first,
        *escalate,
        *hand_off,
        button("Resolve", RESOLVE, value),
        button("Not a trend", DISMISS, value),
        button("Timeline", TIMELINE, value),
        _menu(seen),
    ]


def _menu(seen: Overview) -> Block:
    """What is done less often; `read_choice` is the inverse of a value."""
    found = seen.investigation
    choices = [("Add a note…", f"{Choice.NOTE} {found.id}"), ("Hand over…", f"{Choice.HAND_OVER} {found.id}")]
    choices += [("Release", f"{Choice.RELEASE} {found.id}")] if found.owner else []
    choices += [(f"It isn't {each.name}", f"{Choice.IT_ISNT} {found.id} {each.id}") for each in seen.known[:_KNOWN_MAX]]
    return overflow(MENU, choices)


def read_choice(value: str) -> tuple[Choice, int, int]:
    """The entry, the investigation, and the known issue that it is about (0 for none)."""
    word, number, *more = value.split()
    return Choice(word), int(number), int(more[0]) if more else 0


def _lines(event: Event) -> list[str]:
    """One event; its words, where a person typed them for the record, whole, on as many lines as they need."""
    who = person(event.actor) if event.actor else "Second Line"
    about = f" {_ABOUT[event.kind]}{person(event.about)}" if event.about and event.kind in _ABOUT else ""
    seen = f" ({link(event.permalink, 'message')})" if event.permalink else ""
    typed = event.actor and event.kind is not EventKind.MESSAGE
    first, *others = one_line(event.text, LINE_MAX) if typed else [foreign(event.text, 500 if seen else LINE_MAX)]
    words = f": {first}" if first else ""
    return [f"{at(event.at)}  {who} {EVENT_WORDS[event.kind]}{about}{words}{seen}", *others]


def home(rows: Sequence[tuple[Investigation, Target, str]]) -> Block:
    """The App Home tab: what is open, and how to begin."""
    listed = listing(rows)
    begin = section("`/investigate us-east packet loss` opens an investigation; `/t2 help` shows everything else.")
    first = header("Second Line")
    return {"type": "home", "blocks": [first, *listed.blocks, divider(), begin]}


def earlier_line(seen: Earlier | None) -> str:
    """ "Last resolved 12 days ago (INV-2): transit provider; workaround: use U.S. West"; "" for none."""
    if not seen:
        return ""
    found = seen.investigation
    cause = foreign(found.root_cause, _CAUSE).rstrip(". ") or "no root cause noted"
    helps = foreign(found.workaround, _WORKAROUND).rstrip()
    workaround = f"workaround: {helps}" if helps else "no workaround noted"
    return f":clock3: Last resolved {ago_words(seen.ago)} ({found.name}): {cause}; {workaround}"


def opened_elsewhere(found: Investigation, earlier: Earlier | None) -> str:
    """To whoever opened it in another channel than its card's."""
    notice = f"\n{earlier_line(earlier)}" if earlier else ""
    return f"{found.name} is open in {place(found.channel)}.{notice}"


def ago_words(ago: timedelta) -> str:
    """The largest unit that says enough: "12 days ago", "3 h ago"."""
    if ago >= 3 * _MONTH:
        return f"{ago // _MONTH} months ago"
    if ago >= timedelta(days=1):
        return "1 day ago" if ago.days == 1 else f"{ago.days} days ago"
    minutes = int(ago / timedelta(minutes=1))
    return f"{minutes // 60} h ago" if minutes >= 60 else f"{max(minutes, 1)} min ago"


def notice(event: Event, seen: Overview) -> Content | None:
    """A line of the timeline as a message in the thread, to those who wait for it; None where nobody does."""
    people, words = told_people(seen.events, event), _notice_words(event, seen)
    if not people or not words:
        return None
    mark, line = words
    return Content(f"{mark} {', '.join(map(person, people[:PEOPLE_CALLED]))}{':' if len(people) > 1 else ','} {line}")


def _notice_words(event: Event, seen: Overview) -> tuple[str, str] | None:
    """A mark and a sentence; what the card says already is not repeated."""
    found, by = seen.investigation, person(event.actor or "")
    name = f"{found.name} {foreign(seen.target.title)}"
    match event.kind:
        case EventKind.ACKNOWLEDGED:
            return ":white_check_mark:", f"{by} acknowledged your escalation of {found.name}."
        case EventKind.TRIAGED:
            return ":ballot_box_with_check:", f"{by} decided about {found.name}: {foreign(event.text, _BOT_TEXT_MAX)}."
        case EventKind.RESOLVED:
            where = " The card has the workaround." if found.workaround and not found.live else ""
            return STATE_MARKS[State.RESOLVED], f"{name} is resolved, by {by}.{where}"
        case EventKind.DISMISSED:
            return STATE_MARKS[State.DISMISSED], f"{name} was dismissed by {by}: not a trend."
        case EventKind.REOPENED:
            return STATE_MARKS[State.OPEN], f"{name} is open again, by {by}."
        case EventKind.RELEASED:
            return ":raising_hand:", f"{by} released {name}. No one has picked it up."
        case EventKind.ISSUE:
            return ":package:", f"{foreign(event.text, _BOT_TEXT_MAX)}."
    return None


def outcome(event: Event, seen: Overview, *, to_asker: bool) -> Content | None:
    """To those who asked elsewhere, in their thread: how it ended, with what helps, or that it goes on."""
    found, title = seen.investigation, foreign(seen.target.title)
    author = found.source.author if found.source and to_asker else ""
    whom, where = f"{person(author)}, " if author else "", f"{found.name} in {place(found.channel)}"
    match event.kind:
        case EventKind.RESOLVED:
            helps = found.workaround if not found.live else ""
            first = f"{STATE_MARKS[State.RESOLVED]} {whom}{title} is resolved ({where})."
            return said(first, helps, before="Workaround: ")
        case EventKind.DISMISSED:
            first = f"{STATE_MARKS[State.DISMISSED]} {whom}Tier 2 looked at {title} and found no trend ({where})."
            return said(first, event.text)
        case EventKind.REOPENED:
            return Content(f"{STATE_MARKS[State.OPEN]} {whom}{title} is not over: Tier 2 looks at it again ({where}).")
    return None


def said(first: str, words: str, *, before: str = "", quoted: bool = False) -> Content:
    """A sentence of ours, and a person's own words, whole, below it."""
    if not words.strip():
        return Content(first)
    shown = "\n".join(pieces(words, newline="\n>" if quoted else "\n"))
    text = f"{first}\n>{shown}" if quoted else f"{first} {before}{shown}"
    return Content(cut(text, TEXT_MAX), (section(first), *written(words, before=before, quoted=quoted)))
