"""What reminds somebody, and the one line that is left of it. Pure."""

from collections.abc import Iterable
from datetime import datetime

from bot.investigations.cards import CLAIM
from bot.investigations.model import STATE_WORDS
from bot.messages.model import Block, Content
from bot.names import names_listed
from bot.reminders.claim_model import ClaimEnd, Freed, ShownQuestion
from bot.reminders.model import Nudge, NudgeLine, NudgeState, ReminderKind, ShownNudge, Snooze
from bot.slack.blocks import actions, button, sections, select
from bot.slack.text import at_or_near, clock_time, foreign, person, plural

SNOOZE = "reminder_snooze"
STOP = "reminder_stop"
YES = "claim_still_on_it"
RELEASE = "claim_release"

_SNOOZES = (
    ("30 minutes", Snooze.SHORT),
    ("2 hours", Snooze.LONG),
    ("Until work begins tomorrow", Snooze.TOMORROW),
)
_SHORT = {
    ReminderKind.UNCLAIMED: "not picked up",
    ReminderKind.FREED: "not picked up",
    ReminderKind.NO_UPDATE: "no update",
    ReminderKind.NOT_TOLD: "customers not told",
    ReminderKind.FIX_NOT_TOLD: "customers not told of the fix",
    ReminderKind.LONG_OPEN: "open for long",
    ReminderKind.ASKED: "what somebody asked for",
}
_ALONE = {
    ReminderKind.UNCLAIMED: "no one has picked up {name} {since}.",
    ReminderKind.FREED: "{name} has no owner. {why}.",
    ReminderKind.NO_UPDATE: "no news on {name} {since}. Say how it goes on: `update …`.",
    ReminderKind.NOT_TOLD: "customers of {name} have heard nothing {since}. {matching}",
    ReminderKind.FIX_NOT_TOLD: "the fix for {name} has been out {since}. {answers}",
    ReminderKind.LONG_OPEN: "{name} has been open {since}. Resolve it, or note what it waits for.",
}
"""What is so, and what can be done about it, after whom it calls."""
_ITEMS = {
    ReminderKind.UNCLAIMED: "No one has picked it up {since}.",
    ReminderKind.FREED: "It has no owner. {why}.",
    ReminderKind.NO_UPDATE: "No news {since}. Say how it goes on: `update …`.",
    ReminderKind.NOT_TOLD: "Customers have heard nothing {since}. {matching}",
    ReminderKind.FIX_NOT_TOLD: "The fix has been out {since}. {answers}",
    ReminderKind.LONG_OPEN: "It has been open {since}. Resolve it, or note what it waits for.",
}
"""The same, in a list of one investigation."""
_DONE = {
    ReminderKind.UNCLAIMED: "picked up",
    ReminderKind.FREED: "picked up",
    ReminderKind.NO_UPDATE: "news came",
    ReminderKind.NOT_TOLD: "customers heard from us",
    ReminderKind.FIX_NOT_TOLD: "customers were told of the fix",
}


def reminder(shown: ShownNudge) -> Content:
    """In the thread, to the owner or the team; one line once it is over."""
    nudge = shown.nudge
    if nudge.state is not NudgeState.OPEN:
        return Content(_over(shown))
    lines = _lines(shown)
    return Content("\n".join(lines), (*sections(lines), actions(*_buttons(nudge))))


def still_on_it(shown: ShownQuestion, *, in_thread: bool = False) -> Content:
    """To the owner, in their direct messages; who wants none about it is called in the thread."""
    question, name = shown.question, f"{shown.investigation.name} {foreign(shown.title)}"
    called = f"{person(question.owner)}: " if in_thread else ""
    if question.ended_as is not ClaimEnd.OPEN:
        return Content(f"{called}{_answered(shown, name)}")
    wrote = "1 customer has" if question.wrote == 1 else f"{question.wrote} customers have"
    first = f"{called}:wave: *Are you still on {name}?*"
    facts = f"Nothing was done {_since(question.since, question.asked_at)}, and {wrote} written meanwhile."
    after = f"No answer by {at_or_near(question.next_at, question.asked_at)}, and it is offered to your team."
    value = str(question.id)
    buttons = actions(button("Yes, Still On It", YES, value, style="primary"), button("Release It", RELEASE, value))
    return Content(f"{first} {facts}", (*sections([first, facts, after]), buttons))


def _lines(shown: ShownNudge) -> list[str]:
    """One line by itself calls whom it is for; several stand below a line that does."""
    nudge, name = shown.nudge, f"{shown.investigation.name} {foreign(shown.title)}"
    called = ", ".join(filter(None, (nudge.owner and person(nudge.owner), nudge.team)))
    away = [f"{person(nudge.owner)} is away by their status in Slack."] if nudge.owner and nudge.team else []
    if len(nudge.lines) == 1:
        line = nudge.lines[0]
        whom = person(line.whom) if line.kind is ReminderKind.ASKED else called
        return [f"{_mark(line)} {whom}, {_sentence(line, nudge, name)}", *away]
    first = name if nudge.asked_only else f"{called}, {name}"
    return [f":bell: {first}:", *[f"• {_item(line, nudge)}" for line in nudge.lines], *away]


def _sentence(line: NudgeLine, nudge: Nudge, name: str) -> str:
    if line.kind is ReminderKind.ASKED:
        return f"{_asked(line)} of {name}" + _words(line, before="\n>")
    return _filled(_ALONE[line.kind], line, nudge, name)


def _item(line: NudgeLine, nudge: Nudge) -> str:
    if line.kind is ReminderKind.ASKED:
        return f"{person(line.whom)}, {_asked(line)}{_words(line, before=' ')}"
    return _filled(_ITEMS[line.kind], line, nudge)


def _filled(words: str, line: NudgeLine, nudge: Nudge, name: str = "") -> str:
    matching = f"There {'is' if line.count == 1 else 'are'} {plural(line.count, 'open ticket')}."
    answers = "Review the answer above." if line.count == 1 else f"Review the {line.count} answers above."
    since = _since(line.since, nudge.at)
    return words.format(name=name, since=since, why=_why(line), matching=matching, answers=answers)


def _asked(line: NudgeLine) -> str:
    own = line.whom == line.asked_by
    return "you asked to be reminded" if own else f"{person(line.asked_by)} asked me to remind you"


def _words(line: NudgeLine, *, before: str) -> str:
    return f":{before}{foreign(line.text, 600)}" if line.text else "."


def _why(line: NudgeLine) -> str:
    if line.text == Freed.GONE:
        return f"{person(line.whom)} has left or is a guest now"
    if line.text == Freed.UNREACHED:
        return f"{person(line.whom)} couldn't be asked whether they're still on it"
    wrote = f", and {plural(line.count, 'customer')} wrote meanwhile" if line.count else ""
    return f"{person(line.whom)} didn't say they're still on it{wrote}"


def _mark(line: NudgeLine) -> str:
    marks = {ReminderKind.UNCLAIMED: ":raising_hand:", ReminderKind.FREED: ":raising_hand:"}
    return marks.get(line.kind, ":bell:")


def _buttons(nudge: Nudge) -> list[Block]:
    value, kinds = str(nudge.id), {line.kind for line in nudge.lines}
    claim = kinds & {ReminderKind.UNCLAIMED, ReminderKind.FREED}
    first = [button("Claim", CLAIM, str(nudge.investigation_id), style="primary")] if claim else []
    snooze = select(SNOOZE, [(label, f"{choice} {value}") for label, choice in _SNOOZES], placeholder="Snooze")
    stop = "Done" if nudge.asked_only else "Stop" if len(nudge.lines) == 1 else f"Stop These {len(nudge.lines)}"
    return [*first, snooze, button(stop, STOP, value)]


def _over(shown: ShownNudge) -> str:
    """What became of it, with what it was about."""
    nudge, what = shown.nudge, _joined(_short(line) for line in shown.nudge.lines)
    about = f"{shown.investigation.name}: {what}."
    match nudge.state:
        case NudgeState.SNOOZED:
            until = at_or_near(nudge.until, nudge.ended_at or nudge.at) if nudge.until else ""
            return f":zzz: {person(nudge.by)} snoozed this until {until}. {about}"
        case NudgeState.STOPPED:
            first = "is done with this reminder" if nudge.asked_only else "stopped this reminder"
            return f":no_bell: {person(nudge.by)} {first}. {about}"
        case NudgeState.DONE:
            return f":white_check_mark: {_done(shown)}"
    return f":bell: Reminded at {clock_time(nudge.at)}. {about}"


def _short(line: NudgeLine) -> str:
    """What somebody asked for in their own words: nothing else on the page has them."""
    return foreign(line.text, 120) if line.kind is ReminderKind.ASKED and line.text else _SHORT[line.kind]


def _done(shown: ShownNudge) -> str:
    investigation, nudge = shown.investigation, shown.nudge
    when = clock_time(nudge.ended_at or nudge.at)
    if not investigation.live:
        return f"{investigation.name} was {STATE_WORDS[investigation.state]} at {when}."
    words = _joined(_DONE.get(line.kind, "done") for line in nudge.lines)
    return f"{investigation.name}: {words} at {when}."


def _joined(words: Iterable[str]) -> str:
    return names_listed(dict.fromkeys(words))


def _answered(shown: ShownQuestion, name: str) -> str:
    question = shown.question
    when = clock_time(question.ended_at or question.asked_at)
    match question.ended_as:
        case ClaimEnd.KEPT:
            return f":white_check_mark: You're still on {name}."
        case ClaimEnd.RELEASED:
            return f":raising_hand: You released {name} at {when}."
        case ClaimEnd.SILENT:
            return f":raising_hand: You didn't answer by {when}. {name} was offered to your team."
    return f":white_check_mark: No answer needed: {name} isn't yours any more."


def _since(moment: datetime, now: datetime) -> str:
    return f"since {at_or_near(moment, now)}"
