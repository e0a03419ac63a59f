"""What people see of a ladder: the plan in their own time, what came of each step, and what the bot asks about it."""

from bot.escalations.ladder_model import LadderRun, Rung, RunState, Step, StepState
from bot.escalations.model import EscalationPost
from bot.escalations.telling import Failure, FailureKind, WayKind
from bot.investigations.model import Investigation
from bot.messages.model import Block, Content
from bot.names import few_named, names_listed
from bot.slack.blocks import actions, button, section
from bot.slack.text import clock_time, foreign, person, place, plural

STILL_ON_IT = "ladder_still_on_it"
HAND_BACK = "ladder_hand_back"

PLANNED_SHOWN, DONE_SHOWN = 6, 8
"""How many tellings stand in the post; the rest is counted."""

_WHY = {
    FailureKind.RATE_LIMITED: "Slack takes no more messages at the moment",
    FailureKind.ARCHIVED: "the channel is archived",
    FailureKind.NOT_IN_CHANNEL: "the bot isn't in that channel",
    FailureKind.PERSON_GONE: "they aren't in Slack any more",
    FailureKind.PERSON_AWAY: "they are away",
    FailureKind.MAILBOX_REFUSED: "the mailbox refused it",
    FailureKind.UNREACHABLE: "no answer",
    FailureKind.REFUSED: "it was refused",
    FailureKind.NOT_CONFIGURED: "it isn't set up",
    FailureKind.NOBODY: "nobody is in that group",
    FailureKind.UNKNOWN: "nobody knows why",
}


def answer(posted: EscalationPost) -> str:
    """Who answered, or why no answer is needed; "" while one is awaited."""
    escalation, investigation = posted.escalation, posted.investigation
    if escalation.acknowledged_at:
        when = clock_time(escalation.acknowledged_at)
        if escalation.acknowledged_by:
            return f":white_check_mark: *Acknowledged by {person(escalation.acknowledged_by)} {when}*"
        return f":white_check_mark: *Acknowledged {when} through {foreign(escalation.acknowledged_via, 80)}*"
    if escalation.taken_back_by:
        return f":white_check_mark: No answer needed: {person(escalation.taken_back_by)} took it back."
    if posted.needless:
        return f":white_check_mark: No answer needed: {investigation.name} was {posted.needless}."
    return ""


def waits(posted: EscalationPost) -> str:
    """What those who were told read while an answer is awaited: also that somebody asked, until others are told."""
    questions, run = posted.escalation.questions, posted.run
    last = max((step.told_at for step in run.begun if step.told_at), default=None) if run else None
    if not run or not questions or (last and last > questions[-1].asked_at):
        return "nobody has answered yet"
    asked = f"{person(questions[-1].asked_by)} asked {clock_time(questions[-1].asked_at)}"
    return f"{asked}, answered in the thread" if run.state is RunState.RUNNING else asked


def lines(run: LadderRun | None) -> tuple[list[str], list[str]]:
    """What was done, and what comes: small lines under the post."""
    if not run or not run.configured:
        return [], []
    done = [_done(step) for step in run.begun if not step.is_post or step.state is StepState.FAILED]
    earlier = len(done) - DONE_SHOWN
    first = [f"{plural(earlier, 'earlier step')}"] if earlier > 0 else []
    return [*first, *done[-DONE_SHOWN:]], _ahead(run)


def plan(run: LadderRun) -> str:
    """ "DM @lena 10:24, DM @raj 10:34, phone bridge 10:44"."""
    named = [f"{called(step.rung)} {clock_time(step.next_at)}" for step in run.planned if step.next_at]
    return few_named(named, PLANNED_SHOWN)


def called(rung: Rung) -> str:
    """A telling as people call it."""
    if rung.title:
        return foreign(rung.title, 60)
    names = names_listed([foreign(name, 40) for name in rung.names or rung.recipients])
    match rung.way:
        case WayKind.GROUP:
            return f"{names or 'management'} in the thread"
        case WayKind.DM:
            return f"DM {names}"
        case WayKind.CHANNEL:
            rooms = names_listed([place(name) for name in rung.names or rung.recipients])
            return f"{rooms} with {foreign(rung.mentions or rung.mention, 40)}" if rung.mention else rooms
        case WayKind.MAIL:
            return f"mail to {names}"
    return str(rung.way)


def end(posted: EscalationPost) -> Content:
    """To whoever escalated it: the ladder is at its end, and nobody answered."""
    run, escalation = posted.run, posted.escalation
    by, name = person(escalation.escalated_by), posted.investigation.name
    return Content(
        f":rotating_light: {by}, nobody has answered the escalation of {name}.\n{_taken(run)} Call somebody yourself."
    )


def _taken(run: LadderRun | None) -> str:
    """What became of its steps: one that was taken may have reached nobody."""
    begun = run.begun if run else ()
    count, failed = len(begun), sum(step.state is StepState.FAILED for step in begun)
    if not begun:
        return "None of its steps was taken."
    if failed == count:
        return "Its only step reached nobody." if count == 1 else f"None of its {count} steps reached anybody."
    taken = "Its only step was taken" if count == 1 else f"All {count} steps were taken"
    return f"{taken}; {failed} of them reached nobody." if failed else f"{taken}."


def open_question(posted: EscalationPost) -> Content | None:
    """To the owner, and to whoever escalated it: management waits for them."""
    investigation, escalation = posted.investigation, posted.escalation
    if not escalation.questions:
        return None
    asked = escalation.questions[-1]
    people = dict.fromkeys(user for user in (investigation.owner, escalation.escalated_by) if user)
    whom = " and ".join(map(person, people))
    return Content(
        f":question: {whom}, {person(asked.asked_by)} waits for your answer about {investigation.name}.\n"
        "Nobody else of management is asked until you `note` it here."
    )


def overdue(step: Step, posted: EscalationPost) -> Content:
    """To the channel: the ladder stands still, and somebody has to do it by hand."""
    when = step.next_at or step.told_at
    due = f" It was due {clock_time(when)}." if when else ""
    return Content(
        f":warning: The escalation of {posted.investigation.name} is stuck.\n"
        f"The next step is {called(step.rung)}.{due} Tell them yourself."
    )


def still_on_it(posted: EscalationPost) -> Content:
    """To whoever acknowledged, alone."""
    escalation, investigation = posted.escalation, posted.investigation
    who = f"{person(escalation.acknowledged_by)}, are you" if escalation.acknowledged_by else "Is anybody"
    run = posted.run
    if not escalation.acknowledged_at or posted.needless or not run or not run.asked_at:
        return Content(_became(posted, investigation))
    until = f" Without an answer by {clock_time(run.next_at)} others are asked." if run.next_at else ""
    words = f":hourglass_flowing_sand: {who} still on {investigation.name}?"
    acknowledged = escalation.acknowledged_at
    later = posted.news_at if posted.news_at and posted.news_at > acknowledged else None
    since = clock_time(later) if later else f"it was acknowledged {clock_time(acknowledged)}"
    news = f"There has been no news since {since}.{until}"
    value = str(escalation.id)
    blocks: list[Block] = [
        section(f"{words}\n{news}"),
        actions(button("Yes", STILL_ON_IT, value, style="primary"), button("Hand It Back", HAND_BACK, value)),
    ]
    return Content(words, tuple(blocks))


def _became(posted: EscalationPost, investigation: Investigation) -> str:
    """The question's message when it is answered, or needs no answer."""
    escalation = posted.escalation
    if escalation.acknowledged_at and investigation.live:
        return f":white_check_mark: You are on {investigation.name}."
    if posted.needless:
        return f":white_check_mark: {investigation.name} was {posted.needless}."
    return f":arrows_counterclockwise: Others are asked about {investigation.name} now."


def _done(step: Step) -> str:
    """ "DM @lena 10:24", with what went wrong."""
    when = clock_time(step.told_at) if step.told_at else ""
    late = ", late" if step.late else ""
    first = f"{called(step.rung)} {when}{late}"
    marks = {StepState.TELLING: "hourglass_flowing_sand", StepState.FAILED: "warning"}
    marks[StepState.STOPPED] = "heavy_minus_sign"
    if step.state in marks:
        return f":{marks[step.state]}: {first}: {became(step)}"
    return f":bell: {first}{_doubt(step)}"


def became(step: Step) -> str:
    """What came of a step: "told", "not told, no answer", or why it stands where it does."""
    match step.state:
        case StepState.PLANNED:
            return f"put off: {step.postponed}" if step.postponed else ""
        case StepState.TELLING:
            return f"waits, {_why(step.failure)}" if step.failure else "on its way"
        case StepState.FAILED:
            return f"not told, {_why(step.failure)}"
        case StepState.STOPPED:
            return "stopped"
    return f"told{_doubt(step)}"


def _doubt(step: Step) -> str:
    doubt = "" if step.sure else ", whether it arrived isn't known"
    return doubt + (f"; not everybody, {_why(step.failure)}" if step.failure else "")


def stands(run: LadderRun) -> str:
    """Why nobody else is asked now; "" where others are, or need not be."""
    if run.state is RunState.PAUSED:
        return "Nobody else is asked until the question is answered: `note` it in the thread."
    if run.state is RunState.ENDED and run.ended_at:
        return f":rotating_light: Nobody answered by {clock_time(run.ended_at)}. There are no more steps."
    if run.state is RunState.STOPPED:
        return f"Nobody else is asked: {foreign(run.because, 60)}." if run.because == "sent to Tier 3" else ""
    if run.state is RunState.ACKNOWLEDGED and run.asked_at:
        return f"Asked {clock_time(run.asked_at)} whether they are still on it."
    return ""


def _ahead(run: LadderRun) -> list[str]:
    if standing := stands(run):
        return [standing]
    if run.state is not RunState.RUNNING or not run.planned:
        return []
    later = [step for step in run.planned if step.postponed]
    put_off = [_put_off(step) for step in later]
    again = f"; then {plural(run.repeats_left, 'more round')}" if run.repeats_left else ""
    return [f"No answer → {plan(run)}{again}", *put_off]


def _put_off(step: Step) -> str:
    names = step.rung.names
    verb = "is" if len(names) == 1 else "are"
    return f"{names_listed([foreign(name, 40) for name in names])} {verb} {step.postponed}, so others are asked first."


def _why(failure: Failure | None) -> str:
    if not failure:
        return _WHY[FailureKind.UNKNOWN]
    detail = f" ({foreign(failure.detail, 120)})" if failure.detail and failure.kind in _DETAILED else ""
    return f"{_WHY[failure.kind]}{detail}"


_DETAILED = (FailureKind.REFUSED, FailureKind.MAILBOX_REFUSED, FailureKind.UNKNOWN, FailureKind.NOBODY)
