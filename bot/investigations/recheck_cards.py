"""What a form says of a target that somebody is about to call mended."""

from collections.abc import Sequence

from bot.investigations.cards import DISMISS, RESOLVE
from bot.investigations.model import Investigation, Move
from bot.investigations.recheck_model import Rechecked, RecheckProgress
from bot.messages.model import Block, Content
from bot.probes.batch import ProbeRun, RunState
from bot.probes.wording import short
from bot.probes.wording.summary import still
from bot.slack.blocks import actions, button, section, sections
from bot.slack.text import cut, foreign, plural
from bot.status.model import LEVEL_WORDS

_LONGEST = 900
"""Of what is said of one investigation."""
_BUTTON_VALUE = 1_900
"""Slack takes 2,000 characters."""


def notice(checks: Sequence[Rechecked], *, late: bool = False) -> list[Block]:
    """A line or two for each investigation; nothing where nothing failed and no alert fires."""
    told = [(each, words(each, late=late)) for each in checks]
    several = len(checks) > 1
    lines = [_line(each, said, several) for each, said in told if said]
    return sections(lines)


def words(seen: Rechecked, *, late: bool = False) -> str:
    """ "Still failing: 50 % loss to 127.0.21.1, 2 alerts firing."; "" where there is nothing to say."""
    parts = [_headline(seen, late), _rest(seen)]
    return " ".join(part for part in parts if part)


def last_known(seen: Rechecked) -> str:
    """ "When it was last measured: 50 % loss to 127.0.21.1. Now: 2 alerts firing."; "" where nothing is wrong."""
    measured = f"When it was last measured: {', '.join(_failing(seen))}." if seen.failing else ""
    now = f"Now: {', '.join(_status(seen))}." if _status(seen) else ""
    return " ".join(part for part in (measured, now) if part)


def not_closed(found: Investigation, move: Move, said: str, why: Sequence[str]) -> Content:
    """To whoever closed it by words while something speaks against that; the button's form has their words."""
    label, action = ("Resolve…", RESOLVE) if move is Move.RESOLVE else ("Dismiss…", DISMISS)
    told = " ".join(foreign(cut(each, _LONGEST), _LONGEST) for each in why if each)
    line = f":red_circle: {found.name} stays open. {told}"
    value = f"{found.id} {cut(said, _BUTTON_VALUE)}"
    return Content(line, (section(line), actions(button(label, action, value))))


def _line(seen: Rechecked, said: str, several: bool) -> str:
    about = f"*{seen.name} {foreign(seen.title, 80)}*: " if several else ""
    return f"{_mark(seen)} {about}{foreign(cut(said, _LONGEST), _LONGEST)}"


def _mark(seen: Rechecked) -> str:
    if seen.trouble:
        return ":red_circle:"
    if seen.progress is RecheckProgress.RUNNING:
        return ":hourglass_flowing_sand:"
    sure = seen.progress is RecheckProgress.ENDED and not seen.unmeasured and not seen.unread
    return ":large_green_circle:" if sure else ":white_circle:"


def _headline(seen: Rechecked, late: bool) -> str:
    wrong = ", ".join([*_failing(seen), *_status(seen)])
    if seen.progress is RecheckProgress.RUNNING:
        what = f"{plural(seen.failed, 'probe')} that failed"
        first = f"Not in yet: {seen.waiting} of {what}." if late else f"Running {what} again…"
        return f"{first} Still failing: {wrong}." if wrong else first
    if seen.progress is RecheckProgress.BARRED:
        first = f"What failed can't be run again now. {seen.why}"
        return f"{first} Still: {wrong}." if wrong else first
    if seen.failing:
        return f"Still failing: {wrong}."
    passed = _all_pass(seen)
    return f"{'Still: ' if passed else ''}{wrong}. {passed}".strip() if wrong else passed


def _failing(seen: Rechecked) -> list[str]:
    """What fails, each thing once."""
    return list(dict.fromkeys(map(still, seen.failing)))


def _unmeasured(run: ProbeRun) -> str:
    """Why a run has no verdict, and will have none any more."""
    if run.result and run.state is RunState.DONE:
        return f"{run.kind} couldn't run ({run.result.verdict.wrong})"
    words = {RunState.CANCELLED: "was cancelled", RunState.INTERRUPTED: "was interrupted"}
    return f"{run.kind} {words.get(run.state, 'did not run')}"


def _all_pass(seen: Rechecked) -> str:
    if not seen.passing or seen.failing or seen.unmeasured:
        return ""
    sure = seen.watched and not (seen.alerts or seen.page or seen.unread)
    quiet = ", no alert is firing" if sure else ""
    who = "The one that failed passes" if seen.passing == 1 else f"All {seen.passing} that failed pass"
    return f"{who} now{quiet}."


def _rest(seen: Rechecked) -> str:
    """What makes it less sure, and what passes beside what fails."""
    said = []
    if seen.passing and (seen.failing or seen.unmeasured):
        said.append(f"{seen.passing} of {seen.failed} that failed {'passes' if seen.passing == 1 else 'pass'} now.")
    said += [f"Not measured: {', '.join(map(_unmeasured, seen.unmeasured))}."] if seen.unmeasured else []
    said += [f"May be chance: {', '.join(map(short, seen.chance))}."] if seen.chance else []
    if seen.unread and (seen.failed or seen.alerts or seen.page):
        verb = "doesn't" if len(seen.unread) == 1 else "don't"
        said.append(f"{' and '.join(seen.unread)} {verb} answer, so alerts may be missing.")
    if seen.progress is RecheckProgress.RUNNING and said:
        return ""
    return " ".join(said)


def _status(seen: Rechecked) -> list[str]:
    page = [f"{LEVEL_WORDS[seen.page]} on the status page"] if seen.page else []
    return [*([f"{plural(seen.alerts, 'alert')} firing"] if seen.alerts else []), *page]
