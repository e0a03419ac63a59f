"""What a form says of a target that somebody is about to call mended."""

from collections.abc import Sequence

from bot.investigations.cards import DISMISS, RESOLVE
from bot.investigations.model import Investigation, Move
from bot.investigations.recheck_model import Rechecked, RecheckProgress
from bot.messages.model import Block, Content
from bot.probes.batch import ProbeRun, RunState
from bot.probes.wording import short
from bot.probes.wording.summary import still
from bot.slack.blocks import actions, button, message, sections
from bot.slack.text import cut, foreign, plural
from bot.status.model import LEVEL_WORDS

_LONGEST = 900
"""Of what is said of one investigation."""
_BUTTON_VALUE = 1_900
"""Slack takes 2,000 characters."""


def notice(checks: Sequence[Rechecked], *, late: bool = False) -> list[Block]:
    """A line or two for each investigation; nothing where nothing failed and no alert fires."""
    told_checks = [(check, words(check, late=late)) for check in checks]
    several = len(checks) > 1
    lines = [_line(check, said, several) for check, said in told_checks if said]
    return sections(lines)


def words(check: Rechecked, *, late: bool = False) -> str:
    """ "Still failing: 50 % loss to 127.0.21.1, 2 alerts firing."; "" where there is nothing to say."""
    parts = [_headline(check, late), _rest(check)]
    return " ".join(part for part in parts if part)


def last_known(check: Rechecked) -> str:
    """ "When it was last measured: 50 % loss to 127.0.21.1. Now: 2 alerts firing."; "" where nothing is wrong."""
    measured = f"When it was last measured: {', '.join(_failing(check))}." if check.failing else ""
    now = f"Now: {', '.join(_status(check))}." if _status(check) else ""
    return " ".join(part for part in (measured, now) if part)


def not_closed(investigation: Investigation, move: Move, said: str, why: Sequence[str]) -> Content:
    """Asks whoever closed it by words while something speaks against that; the button's form has their words."""
    label, action = ("Resolve…", RESOLVE) if move is Move.RESOLVE else ("Dismiss…", DISMISS)
    reasons = " ".join(foreign(cut(reason, _LONGEST), _LONGEST) for reason in why if reason)
    line = f":red_circle: {investigation.name} stays open. {reasons}"
    value = f"{investigation.id} {cut(said, _BUTTON_VALUE)}"
    return message(line, actions(button(label, action, value)))


def _line(check: Rechecked, said: str, several: bool) -> str:
    about = f"*{check.name} {foreign(check.title, 80)}*: " if several else ""
    return f"{_mark(check)} {about}{foreign(cut(said, _LONGEST), _LONGEST)}"


def _mark(check: Rechecked) -> str:
    if check.trouble:
        return ":red_circle:"
    if check.progress is RecheckProgress.RUNNING:
        return ":hourglass_flowing_sand:"
    sure = check.progress is RecheckProgress.ENDED and not check.unmeasured and not check.unread
    return ":large_green_circle:" if sure else ":white_circle:"


def _headline(check: Rechecked, late: bool) -> str:
    wrong = ", ".join([*_failing(check), *_status(check)])
    if check.progress is RecheckProgress.RUNNING:
        what = "check" if check.failed == 1 else f"{check.failed} checks"
        few = "the" if check.waiting == check.failed else f"{check.waiting} of"
        first = f"Still waiting for {few} {what}." if late else f"Running the {what}…"
        return f"{first} Still failing: {wrong}." if wrong else first
    if check.progress is RecheckProgress.BARRED:
        first = f"It can't be checked now. {check.why}"
        return f"{first} Still: {wrong}." if wrong else first
    if check.failing:
        return f"Still failing: {wrong}."
    passed = _all_pass(check)
    return f"{'Still: ' if passed else ''}{wrong}. {passed}".strip() if wrong else passed


def _failing(check: Rechecked) -> list[str]:
    """What fails, each thing once."""
    return list(dict.fromkeys(map(still, check.failing)))


def _unmeasured(run: ProbeRun) -> str:
    """Why a run has no verdict, and will have none any more."""
    if run.result and run.state is RunState.DONE:
        return f"{run.kind} couldn't run ({run.result.verdict.wrong})"
    words = {RunState.CANCELLED: "was cancelled", RunState.INTERRUPTED: "was interrupted"}
    return f"{run.kind} {words.get(run.state, 'did not run')}"


def _all_pass(check: Rechecked) -> str:
    if not check.passing or check.failing or check.unmeasured:
        return ""
    sure = check.watched and not (check.alerts or check.page or check.unread)
    quiet = ", and no alert is firing" if sure else ""
    who = "The check passes" if check.passing == 1 else f"All {check.passing} checks pass"
    return f"{who} now{quiet}."


def _rest(check: Rechecked) -> str:
    """What makes it less sure, and what passes beside what fails."""
    said = []
    if check.passing and (check.failing or check.unmeasured):
        said.append(f"{check.passing} of {check.failed} checks {'passes' if check.passing == 1 else 'pass'} now.")
    said += [f"Not measured: {', '.join(map(_unmeasured, check.unmeasured))}."] if check.unmeasured else []
    said += [f"May be chance: {', '.join(map(short, check.chance))}."] if check.chance else []
    if check.unread and (check.failed or check.alerts or check.page):
        verb = "doesn't" if len(check.unread) == 1 else "don't"
        said.append(f"{' and '.join(check.unread)} {verb} answer, so alerts may be missing.")
    if check.progress is RecheckProgress.RUNNING and said:
        return ""
    return " ".join(said)


def _status(check: Rechecked) -> list[str]:
    page = [f"{LEVEL_WORDS[check.page]} on the status page"] if check.page else []
    return [*([f"{plural(check.alerts, 'alert')} firing"] if check.alerts else []), *page]
