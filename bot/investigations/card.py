"""The card of an investigation: what is wrong, what is known of it, what is next, and the buttons for that. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from bot.investigations.above import FOR_US, NOTHING_ABOVE, Above, Tier3, Told, VendorTurn, WithVendor
from bot.investigations.cards import (
    CLAIM,
    DISMISS,
    ESCALATE,
    HAND_OFF,
    JOIN,
    MENU,
    REOPEN,
    RESOLVE,
    STORY,
    TIMELINE,
    earlier_line,
    owner_words,
)
from bot.investigations.model import MOVES, STATE_MARKS, EventKind, Investigation, Move, State
from bot.investigations.next_step import Step, StepKind, next_step, situation
from bot.investigations.overview import Overview
from bot.investigations.relation_cards import bonds_line
from bot.investigations.teams import TeamName
from bot.investigations.update_cards import only_asked, said_by_people, said_line
from bot.investigations.with_vendors import line
from bot.known_issues.cards import IT_IS, IT_ISNT, in_one_line
from bot.known_issues.wording import seen_age
from bot.messages.model import Block, Content, ShownPicture
from bot.names import names_listed
from bot.probes.conclusion import Light
from bot.slack.blocks import actions, button, context, fitted, header, image, overflow, section, sections, written
from bot.slack.text import HEADER_MAX, at, clean, clock_time, foreign, link, one_line, person
from bot.status.cards import status_line
from bot.tickets.collection import Collected, counted, customers_of

BUTTONS_MAX, MENU_MAX = 4, 5
LINES_MAX = 4
_KNOWN_MAX = 3
_VENDORS_SHOWN = 4
_MARKS = {
    Light.BROKEN: ":red_circle:",
    Light.SOON: ":large_yellow_circle:",
    Light.FINE: ":large_green_circle:",
    Light.UNKNOWN: ":white_circle:",
}


class Choice(StrEnum):
    """What the card's menu can do; a button does the same where there is room for one."""

    CLAIM = "claim"
    JOIN = "join"
    ESCALATE = "escalate"
    HAND_OFF = "hand_off"
    VENDOR = "vendor"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    NOTE = "note"
    HAND_OVER = "hand_over"
    RELEASE = "release"
    MOVE = "move"
    TIMELINE = "timeline"
    MORE = "more"
    """What has no place here."""
    IT_ISNT = "it_isnt"


_ACTION_OF = {
    Choice.CLAIM: CLAIM,
    Choice.JOIN: JOIN,
    Choice.ESCALATE: ESCALATE,
    Choice.HAND_OFF: HAND_OFF,
    Choice.RESOLVE: RESOLVE,
    Choice.DISMISS: DISMISS,
    Choice.TIMELINE: TIMELINE,
}
_STEP_OF = {
    Choice.CLAIM: StepKind.CLAIM,
    Choice.ESCALATE: StepKind.ESCALATE,
    Choice.HAND_OFF: StepKind.HAND_OFF,
    Choice.RESOLVE: StepKind.RESOLVE,
}


def card(overview: Overview, above: Above = NOTHING_ABOVE, tickets: ShownPicture | None = None) -> Content:
    """The one message of an investigation, and the root of its thread; `tickets` is the picture of these over time."""
    investigation, headline = overview.investigation, overview.headline
    step = next_step(situation(overview, above))
    still = " (still measuring…)" if _measuring(overview) else ""
    first = f"{_MARKS[headline.light]} *{foreign(headline.text)}*{still}"
    if not investigation.live:
        first = f"Measured last: {foreign(headline.text)}"
    told = [first] if investigation.live or headline.measured else []
    blocks = [
        *_title(overview),
        context(*_who(overview, above, step)),
        *sections([*told, *_lines(overview, above)]),
        *([image(tickets)] if tickets else []),
        *_ending(investigation),
        *([section(f"*Next:* {step.words}")] if step else []),
    ]
    ages = [context(*map(seen_age, overview.ages[:_KNOWN_MAX]))] if overview.ages else []
    point = f"{foreign(headline.text)} " if investigation.live else ""
    text = f"{foreign(overview.target.title)}: {point}{owner_words(overview)}"
    return Content(text, fitted(blocks, last=[*ages, actions(*_buttons(overview, above, step))]))


def _title(overview: Overview) -> list[Block]:
    """The target with what people see, which stands below it where it is longer than a header."""
    target, symptom = overview.target.title, clean(overview.investigation.symptom)
    title = f"{target}: {symptom}" if symptom else target
    if len(title) <= HEADER_MAX:
        return [header(title)]
    return [header(target), *map(section, one_line(symptom))]


def _who(overview: Overview, above: Above, step: Step | None) -> list[str]:
    """Whose it is and where it stands, small above the rest."""
    investigation, source = overview.investigation, overview.investigation.source
    by = "" if investigation.opened_by == investigation.owner else f" by {person(investigation.opened_by)}"
    closed = f", closed {at(investigation.closed_at)}" if investigation.closed_at else ""
    came = f", from {link(source.permalink, 'a message')}" if source and source.permalink else ""
    first = f"{STATE_MARKS[investigation.state]} {owner_words(overview)}"
    page = f", {link(above.page, 'page')}" if above.page else ""
    moved = overview.last(EventKind.MOVED) if investigation.live else None
    news = f"Updated {clock_time(overview.last_update_at)}" if overview.last_update_at and investigation.live else ""
    parts = [
        first,
        f"Opened {at(investigation.opened_at)}{by}{closed}{came}{page}",
        above.handover_words,
        escalation_words(overview),
        f"Moved here {clock_time(moved.at)} by {person(moved.actor or '')}" if moved else "",
        news,
        above.tier3_words,
        f"With {names_listed([foreign(name) for name in overview.merged])}, merged into this"
        if overview.merged
        else "",
        bonds_line(overview.neighbours),
    ]
    parts += _vendors(above, step)
    return [part for part in parts if part]


def _vendors(above: Above, step: Step | None) -> list[str]:
    """Who waits for whom; what the next step says is not said twice."""
    told = step.kind if step else None
    here = [each for each in above.vendors if not (told is StepKind.VENDOR and _in_step(each, above))]
    return [line(each) for each in here[:_VENDORS_SHOWN]]


def _in_step(each: WithVendor, above: Above) -> bool:
    """Whether the next step is about this one: the most urgent one of ours, else all whom we wait for."""
    ours = sorted((one for one in above.vendors if one.turn in FOR_US), key=lambda one: FOR_US.index(one.turn))
    return each == ours[0] if ours else each.turn is VendorTurn.WAITING


def escalation_words(overview: Overview) -> str:
    """That it was escalated, and what became of it; who is waited for says the next step."""
    escalated, last = overview.last(EventKind.ESCALATED), overview.to_management
    if not escalated or not last or last.kind is EventKind.TAKEN_BACK:
        return ""
    first = f"Escalated {clock_time(escalated.at)}"
    if last.kind is EventKind.ACKNOWLEDGED:
        who = person(last.actor) if last.actor else foreign(last.text, 80)
        return f"{first}, {who} acknowledged {clock_time(last.at)}"
    return first if overview.waits_for_management else f"{first}, not acknowledged"


def _measuring(overview: Overview) -> bool:
    """Whether more comes of what is known already, or it is measured anew."""
    running = any(batch.is_live for batch in overview.own_batches)
    return running and overview.headline.measured


def _lines(overview: Overview, above: Above) -> list[str]:
    """At most four, in the order in which people ask; that all is well on the status page gives way first."""
    status = _status(overview)
    tickets, customers = _tickets(overview, above), customers_words(overview, above.told)
    lines = [
        f":ticket: {tickets}" if tickets else "",
        status,
        _known(overview),
        f":speech_balloon: {customers}" if customers else "",
    ]
    return [line for line in lines if line][:LINES_MAX]


def _tickets(overview: Overview, above: Above) -> str:
    """What all tickets of the desk say counts before what a search finds of them."""
    collected = overview.collected
    if not (above.rise_words and collected and overview.investigation.live) or collected.watch.failing_since:
        return tickets_words(collected)
    confirmed = len(collected.confirmed)
    return above.rise_words + (f" · {confirmed} confirmed" if confirmed else "")


def tickets_words(collected: Collected | None) -> str:
    """How many customers wrote, or that nobody can tell; "" where there is no desk."""
    if not collected:
        return ""
    watch = collected.watch
    if watch.failing_since:
        known = f" Last known: {words}." if (words := counted(collected)) else ""
        why = foreign(watch.failure, 120)
        return f"Zendesk unreachable since {clock_time(watch.failing_since)}, retrying ({why}).{known}"
    return counted(collected) or "Searching for tickets…"


def _status(overview: Overview) -> str:
    """How the target does now, which is of interest as long as somebody looks into it."""
    return status_line(overview.status) if overview.status and overview.investigation.live else ""


def _known(overview: Overview) -> str:
    """What it is, what it may be, or what the last one of its target was."""
    if overview.suggested:
        return f":bulb: Looks like {in_one_line(overview.suggested.issue)}"
    if not overview.known:
        return earlier_line(overview.earlier)
    more = [known.name for known in overview.known[1:_KNOWN_MAX]]
    also = f" Also {' and '.join(more)}." if more else ""
    return f":bulb: {in_one_line(overview.known[0])}{also}"


def customers_words(overview: Overview, told: Told) -> str:
    """What customers were told last, where people did it, else how many of those who wrote were answered."""
    said, counted_line = overview.said_so_far, _answered(overview, told)
    if not said_by_people(said):
        return counted_line
    answered = f"{counted_line}. " if counted_line and (told.answered or only_asked(said)) else ""
    return f"{answered}{said_line(said)}"


def _answered(overview: Overview, told: Told) -> str:
    collected = overview.collected
    confirmed = len(collected.confirmed) if collected else 0
    if not told.answered:
        people = customers_of(collected.confirmed) if collected else 0
        some = "1 customer hasn't" if people == 1 else f"{people} customers haven't"
        waits = confirmed and overview.investigation.state is not State.DISMISSED
        return f"{some} been told" if waits else ""
    matching = max((collected.total or 0) if collected else 0, confirmed, told.answered)
    when = f" at {clock_time(told.at)}" if told.at else ""
    if told.answered == matching:
        return f"All {matching} matching tickets were answered{when}"
    was = "was" if told.answered == 1 else "were"
    about = "about " if collected and collected.about else ""
    return f"{told.answered} of {about}{matching} matching tickets {was} answered{when}"


def _ending(investigation: Investigation) -> list[Block]:
    """What whoever closed it wrote, whole."""
    parts = [
        ("Root cause", investigation.root_cause),
        ("Workaround", investigation.workaround),
        ("Why", investigation.reason),
    ]
    ended = [] if investigation.live else parts
    return [block for name, text in ended for block in written(text, before=f"*{name}:* ")]


def _buttons(overview: Overview, above: Above, step: Step | None) -> list[Block]:
    """At most four for what is common now, and a menu; the next step is the primary one."""
    investigation = overview.investigation
    value = str(investigation.id)
    if not investigation.live:
        story = [button("Send Story to Tracker…", STORY, value)] if above.wants_story else []
        return [button("Reopen", REOPEN, value), button("Show Timeline", TIMELINE, value), *story]
    kind = step.kind if step else None
    asked = _suggestion(overview, primary=kind is StepKind.DECIDE)
    choices = _common(overview, above)
    shown = choices[: BUTTONS_MAX - len(asked)]
    pressed = [_button(choice, label, value, primary=_STEP_OF.get(choice) is kind) for choice, label in shown]
    rest = [(label, f"{choice} {investigation.id}") for choice, label in choices[len(shown) :]]
    mistaken = _mistaken(overview)
    others = [*rest, *_rare(overview, above)][: MENU_MAX - len(mistaken) - 1]
    more = ("More…", f"{Choice.MORE} {investigation.id}")
    return [*asked, *pressed, overflow(MENU, [*others, more, *mistaken])]


def _suggestion(overview: Overview, *, primary: bool) -> list[Block]:
    if not overview.suggested:
        return []
    value = str(overview.suggested.link.id)
    yes = button("It Is", IT_IS, value, style="primary" if primary else "")
    return [yes, button("It Isn't", IT_ISNT, value)]


def _common(overview: Overview, above: Above) -> list[tuple[Choice, str]]:
    """What is done most in this state, in the order in which it comes."""
    investigation = overview.investigation
    again = investigation.state is State.ESCALATED or overview.last(EventKind.ESCALATED)
    there = investigation.state is State.HANDED_OFF and above.tier3 is not Tier3.NONE
    hand_off = above.has_tracker and Move.HAND_OFF in MOVES[investigation.state] and not there
    return [
        (Choice.JOIN, "Join") if investigation.owner else (Choice.CLAIM, "Claim"),
        *([] if overview.waits_for_management else [(Choice.ESCALATE, "Escalate Again" if again else "Escalate")]),
        *([(Choice.HAND_OFF, "Send to Tier 3")] if hand_off else []),
        (Choice.RESOLVE, "Resolve"),
    ]


def _mistaken(overview: Overview) -> list[tuple[str, str]]:
    """No word takes back what somebody used a known issue for, so it always has a place."""
    number = overview.investigation.id
    return [(f"It Isn't {issue.name}", f"{Choice.IT_ISNT} {number} {issue.id}") for issue in overview.known[:2]]


def _rare(overview: Overview, above: Above) -> list[tuple[str, str]]:
    """What words in the thread do too, the most wanted first: not all of it has a place, and a sheet has the rest.

    What was escalated is hardly dismissed: those who wait for news come first then.
    """
    escalated = overview.investigation.state is not State.OPEN
    dismiss, note = (Choice.DISMISS, "Dismiss: Not a Trend…"), (Choice.NOTE, "Update or Note…")
    rare = [note] if escalated else [dismiss]
    rare += [(Choice.VENDOR, "Send to a Vendor…")] if above.has_vendors else []
    rare += [(Choice.HAND_OVER, "Hand Over to Somebody Else…" if above.handover_words else "Hand Over…")]
    rare += [dismiss] if escalated else [note]
    rare += [(Choice.TIMELINE, "Show Timeline")]
    return [(label, f"{choice} {overview.investigation.id}") for choice, label in rare]


def move_label(others: Sequence[TeamName]) -> str:
    """On what opens the form that moves it to another team."""
    return f"Move to {others[0].title}…" if len(others) == 1 else "Move to Another Team…"


def _button(choice: Choice, label: str, value: str, *, primary: bool) -> Block:
    return button(label, _ACTION_OF[choice], value, style="primary" if primary else "")


def read_choice(value: str) -> tuple[Choice, int, int]:
    """The entry of the menu, the investigation, and the known issue that it is about (0 for none)."""
    word, number, *more = value.split()
    return Choice(word), int(number), int(more[0]) if more else 0
