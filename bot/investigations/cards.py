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
    EventKind.FIXED: "tracker",
    EventKind.TOLD: "tickets",
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


def card(overview: Overview, tier3: str = "") -> Content:
    """The one message of an investigation, and the root of its thread. `tier3` is a line of the room above."""
    investigation = overview.investigation
    lines = [f"{STATE_MARKS[investigation.state]} {_who(overview)}", *_evidence(overview, tier3)]
    last = [context(_small(investigation), *map(seen_age, overview.ages)), actions(*_buttons(overview))]
    blocks = fitted([*_title(overview), *sections(lines), *_ending(investigation)], last=last)
    return Content(f"{investigation.name} {foreign(overview.target.title)}: {_who(overview)}", blocks)


def _title(overview: Overview) -> list[Block]:
    """The target with what people see, which stands below it where it is longer than a header."""
    target, symptom = overview.target.title, clean(overview.investigation.symptom)
    title = f"{target}: {symptom}" if symptom else target
    if len(title) <= HEADER_MAX:
        return [header(title)]
    return [header(target), *map(section, one_line(symptom))]


def answer(overview: Overview) -> Content:
    """The reply to whoever wrote the message that the investigation came from; edited as things go on."""
    investigation, title = overview.investigation, foreign(overview.target.title)
    where = f"{investigation.name} in {place(investigation.channel)}"
    if investigation.state is State.RESOLVED:
        return said(
            f":white_check_mark: {title} is resolved ({where}).", investigation.workaround, before="Workaround: "
        )
    if investigation.state is State.DISMISSED:
        return Content(f"Tier 2 looked at {title} and found no trend ({where}).")
    if not investigation.owner:
        return Content(f":eyes: Tier 2 has this about {title} ({where}); nobody has claimed it yet.")
    escalated = " It is escalated to management." if investigation.state is State.ESCALATED else ""
    return Content(f":mag: {person(investigation.owner)} is looking into {title} ({where}).{escalated}")


def handover(event: Event) -> Content:
    """What tells somebody that an investigation is theirs now, or that somebody took it from them."""
    whom, by, name = person(event.about or ""), person(event.actor or ""), f"INV-{event.investigation_id}"
    first = f"{whom}, {name} is yours now, from {by}."
    if event.kind is EventKind.TAKEN_OVER:
        first = f"{whom}, {by} took {name} over from you. You are still on its card."
    return said(first, event.text, quoted=True)


def existing(investigation: Investigation, target: Target, permalink: str, earlier: Earlier | None = None) -> Content:
    """What a second opener of the same target sees, instead of a second card."""
    name, opened_at = foreign(target.title), clock_time(investigation.opened_at)
    if investigation.owner:
        since = f" since {clock_time(investigation.claimed_at)}" if investigation.claimed_at else ""
        record = f"({investigation.name}, {STATE_WORDS[investigation.state]})"
        line = f"{person(investigation.owner)} has {name}{since} {record}."
    else:
        line = f"{investigation.name} is about {name}, open since {opened_at}, and nobody has claimed it."
    opened = [link_button("Open", OPEN_LINK, permalink)] if permalink else []
    follow = (
        button("Join", JOIN, str(investigation.id))
        if investigation.owner
        else button("Claim", CLAIM, str(investigation.id))
    )
    return Content(line, (section("\n".join(filter(None, (line, earlier_line(earlier))))), actions(*opened, follow)))


def listing(rows: Sequence[tuple[Investigation, Target, str]]) -> Content:
    """What is open, each with its card's permalink ("" where there is none)."""
    new = actions(button("Open an investigation", NEW, "new", style="primary"))
    if not rows:
        line = "Nothing is being investigated. `/investigate us-east packet loss` opens an investigation."
        return Content(line, (section(line), new))
    blocks: list[Block] = [section(f"*{plural(len(rows), 'investigation')} open*")]
    for investigation, target, permalink in rows:
        name = link(permalink, investigation.name) if permalink else investigation.name
        owner = person(investigation.owner) if investigation.owner else "nobody"
        symptom = f": {foreign(investigation.symptom, 100)}" if investigation.symptom else ""
        first = f"{STATE_MARKS[investigation.state]} *{name}* {foreign(target.title)}{symptom}"
        blocks.append(section(f"{first}\n{owner}, since {at(investigation.opened_at)}"))
    return Content(f"{plural(len(rows), 'investigation')} open", fitted([*blocks, new]))


def timeline(overview: Overview) -> Content:
    """Everything that happened, oldest first; the newest stay where not all fits."""
    name = overview.investigation.name
    kept: list[str] = []
    room = 11_000
    for event in reversed(overview.events):
        lines = _lines(event)
        room -= sum(map(len, lines)) + len(lines)
        if room < 0:
            kept.append("… earlier events are left out")
            break
        kept += reversed(lines)
    return Content(f"{name}: timeline", fitted([section(f"*{name}: timeline*"), divider(), *sections(kept[::-1])]))


def _who(overview: Overview) -> str:
    investigation, title = overview.investigation, f"*{foreign(overview.target.title)}*"
    if investigation.state is State.RESOLVED:
        return f"{title} is resolved, by {person(investigation.closed_by or '')}."
    if investigation.state is State.DISMISSED:
        return f"{title} was dismissed by {person(investigation.closed_by or '')}: not a trend."
    if not investigation.owner:
        return f"{title}: nobody is looking into this yet."
    helpers = [person(helper) for helper in investigation.helpers if helper != investigation.owner]
    with_whom = f", with {', '.join(helpers[:8])}" if helpers else ""
    return f"{person(investigation.owner)} is looking into {title}{with_whom}."


def _evidence(overview: Overview, tier3: str) -> list[str]:
    lines = [_tickets(overview), _probes(overview), _status(overview), _escalation(overview), tier3, *_known(overview)]
    return [line for line in lines if line]


def _tickets(overview: Overview) -> str:
    collected = overview.collected
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


def _probes(overview: Overview) -> str:
    """What is true of the target now: what runs, what was refused and what is about others changes nothing of it."""
    own = overview.own_batches
    trials = [trial for batch in own for trial in batch.trials]
    hands = next((batch.by_hand for batch in own if batch.by_hand), "")
    measured = standing(overview.target.title, overview.findings)
    by_hand = trials_words(hands, trials) if trials or (hands and not measured) else ""
    notice = ". ".join(part for part in (measured, by_hand) if part)
    if notice:
        told_notice = foreign(notice if measured else f"{overview.target.title}: {notice}", 600)
        return f":satellite_antenna: {told_notice}" + (" (running…)" if _measuring(own) else "")
    words = _not_measured(own, live=overview.investigation.live)
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


def _status(overview: Overview) -> str:
    """How the target does now, which is of interest as long as somebody looks into it."""
    return (
        status_line(overview.target.title, overview.status) if overview.status and overview.investigation.live else ""
    )


def _escalation(overview: Overview) -> str:
    escalated, acknowledged = overview.last(EventKind.ESCALATED), overview.last(EventKind.ACKNOWLEDGED)
    if not escalated:
        return ""
    if acknowledged and acknowledged.at >= escalated.at:
        by = person(acknowledged.actor or "")
        return f":white_check_mark: Escalated; acknowledged by {by} at {clock_time(acknowledged.at)}"
    by, waits = person(escalated.actor or ""), overview.waits_for_management
    mark, answered = (":rotating_light:", "waiting for management") if waits else (":white_circle:", "not acknowledged")
    return f"{mark} Escalated by {by} at {clock_time(escalated.at)}, {answered}"


def _known(overview: Overview) -> list[str]:
    """The known issues that it is, as development told them last, and what the last one of its target was."""
    return [*(f":bulb: {in_one_line(known)}" for known in overview.known[:3]), earlier_line(overview.earlier)]


def _ending(investigation: Investigation) -> list[Block]:
    """What whoever closed it wrote, whole."""
    parts = [
        ("Root cause", investigation.root_cause),
        ("Workaround", investigation.workaround),
        ("Why", investigation.reason),
    ]
    ended = [] if investigation.live else parts
    return [block for name, text in ended for block in written(text, before=f"*{name}:* ")]


def _small(investigation: Investigation) -> str:
    came = (
        f" · from {link(investigation.source.permalink, 'a message')}"
        if investigation.source and investigation.source.permalink
        else ""
    )
    until = f", closed {at(investigation.closed_at)}" if investigation.closed_at else ""
    opened = f"opened by {person(investigation.opened_by)} {at(investigation.opened_at)}"
    return f"{investigation.name} · {STATE_WORDS[investigation.state]} · {opened}{until}{came}"


def _buttons(overview: Overview) -> list[Block]:
    """The common next steps for the state that the card shows."""
    investigation = overview.investigation
    value = str(investigation.id)
    if not investigation.live:
        return [button("Reopen", REOPEN, value), button("Timeline", TIMELINE, value)]
    first = button("Join", JOIN, value) if investigation.owner else button("Claim", CLAIM, value, style="primary")
    again = (
        "Escalate again" if investigation.state is State.ESCALATED or overview.last(EventKind.ESCALATED) else "Escalate"
    )
    style = "danger" if investigation.state is State.OPEN else ""
    escalate = [] if overview.waits_for_management else [button(again, ESCALATE, value, style=style)]
    hand_off = [button("Hand to Tier 3", HAND_OFF, value)] if Move.HAND_OFF in MOVES[investigation.state] else []
    return [
        first,
        *escalate,
        *hand_off,
        button("Resolve", RESOLVE, value),
        button("Not a trend", DISMISS, value),
        button("Timeline", TIMELINE, value),
        _menu(overview),
    ]


def _menu(overview: Overview) -> Block:
    """What is done less often; `read_choice` is the inverse of a value."""
    investigation = overview.investigation
    choices = [
        ("Add a note…", f"{Choice.NOTE} {investigation.id}"),
        ("Hand over…", f"{Choice.HAND_OVER} {investigation.id}"),
    ]
    choices += [("Release", f"{Choice.RELEASE} {investigation.id}")] if investigation.owner else []
    choices += [
        (f"It isn't {issue.name}", f"{Choice.IT_ISNT} {investigation.id} {issue.id}")
        for issue in overview.known[:_KNOWN_MAX]
    ]
    return overflow(MENU, choices)


def read_choice(value: str) -> tuple[Choice, int, int]:
    """The entry, the investigation, and the known issue that it is about (0 for none)."""
    word, number, *more = value.split()
    return Choice(word), int(number), int(more[0]) if more else 0


def _lines(event: Event) -> list[str]:
    """One event; its words, where a person typed them for the record, whole, on as many lines as they need."""
    who = person(event.actor) if event.actor else "Second Line"
    about = f" {_ABOUT[event.kind]}{person(event.about)}" if event.about and event.kind in _ABOUT else ""
    source = f" ({link(event.permalink, 'message')})" if event.permalink else ""
    typed = event.actor and event.kind is not EventKind.MESSAGE
    first, *others = one_line(event.text, LINE_MAX) if typed else [foreign(event.text, 500 if source else LINE_MAX)]
    words = f": {first}" if first else ""
    return [f"{at(event.at)}  {who} {EVENT_WORDS[event.kind]}{about}{words}{source}", *others]


def earlier_line(earlier: Earlier | None) -> str:
    """ "Last resolved 12 days ago (INV-2): transit provider; workaround: use U.S. West"; "" for none."""
    if not earlier:
        return ""
    investigation = earlier.investigation
    cause = foreign(investigation.root_cause, _CAUSE).rstrip(". ") or "no root cause noted"
    helps = foreign(investigation.workaround, _WORKAROUND).rstrip()
    workaround = f"workaround: {helps}" if helps else "no workaround noted"
    return f":clock3: Last resolved {ago_words(earlier.ago)} ({investigation.name}): {cause}; {workaround}"


def opened_elsewhere(investigation: Investigation, earlier: Earlier | None) -> str:
    """Says where the card is to whoever opened the investigation in another channel."""
    notice = f"\n{earlier_line(earlier)}" if earlier else ""
    return f"{investigation.name} is open in {place(investigation.channel)}.{notice}"


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
    return Content(f"{mark} {', '.join(map(person, people[:PEOPLE_CALLED]))}{':' if len(people) > 1 else ','} {line}")


def _notice_words(event: Event, overview: Overview) -> tuple[str, str] | None:
    """A mark and a sentence; what the card says already is not repeated."""
    investigation, by = overview.investigation, person(event.actor or "")
    name = f"{investigation.name} {foreign(overview.target.title)}"
    match event.kind:
        case EventKind.ACKNOWLEDGED:
            return ":white_check_mark:", f"{by} acknowledged your escalation of {investigation.name}."
        case EventKind.TRIAGED:
            return (
                ":ballot_box_with_check:",
                f"{by} decided about {investigation.name}: {foreign(event.text, _BOT_TEXT_MAX)}.",
            )
        case EventKind.RESOLVED:
            where = " The card has the workaround." if investigation.workaround and not investigation.live else ""
            return STATE_MARKS[State.RESOLVED], f"{name} is resolved, by {by}.{where}"
        case EventKind.DISMISSED:
            return STATE_MARKS[State.DISMISSED], f"{name} was dismissed by {by}: not a trend."
        case EventKind.REOPENED:
            return STATE_MARKS[State.OPEN], f"{name} is open again, by {by}."
        case EventKind.RELEASED:
            return ":raising_hand:", f"{by} released {name}. No one has picked it up."
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
            first = f"{STATE_MARKS[State.DISMISSED]} {whom}Tier 2 looked at {title} and found no trend ({where})."
            return said(first, event.text)
        case EventKind.REOPENED:
            return Content(f"{STATE_MARKS[State.OPEN]} {whom}{title} is not over: Tier 2 looks at it again ({where}).")
    return None


def said(first: str, words: str, *, before: str = "", quoted: bool = False) -> Content:
    """A sentence of ours, and a person's own words, whole, below it."""
    if not words.strip():
        return Content(first)
    quoted_words = "\n".join(pieces(words, newline="\n>" if quoted else "\n"))
    text = f"{first}\n>{quoted_words}" if quoted else f"{first} {before}{quoted_words}"
    return Content(cut(text, TEXT_MAX), (section(first), *written(words, before=before, quoted=quoted)))
