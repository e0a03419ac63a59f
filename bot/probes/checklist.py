"""What is listed of a batch: each step of a playbook from its start, or the targets of one sweep that fail. Pure."""

from collections.abc import Mapping, Sequence

from bot.names import names_listed
from bot.probes.batch import Batch, LeftOut, ProbeRun, RunState, measured_before
from bot.probes.manual import trials_words
from bot.probes.matrix import city_of
from bot.probes.model import Fault, ProbeResult
from bot.probes.wording.brief import brief
from bot.slack.text import foreign

MARKS = {
    RunState.PENDING: ":hourglass:",
    RunState.QUEUED: ":hourglass:",
    RunState.RUNNING: ":hourglass_flowing_sand:",
    RunState.INTERRUPTED: ":warning:",
    RunState.CANCELLED: ":black_square_for_stop:",
    RunState.LEFT_OUT: ":heavy_minus_sign:",
}
WELL, SOON, BAD, BARRED = ":white_check_mark:", ":large_yellow_circle:", ":red_circle:", ":warning:"
NOT_SET_UP = ":white_circle:"
BY_HAND = "☐"

_STATES = {
    RunState.QUEUED: "waiting",
    RunState.RUNNING: "measuring…",
    RunState.INTERRUPTED: "interrupted",
    RunState.CANCELLED: "cancelled",
    RunState.LEFT_OUT: "left out, the others say enough",
}
_VERDICT_MAX = 250

Titles = Mapping[str, str]
"""What people call the target of an address."""
NO_TITLES: Titles = {}
TARGETS_MAX = 6
"""With the headline, what it was before and who wanted it a message has ten lines."""
_FAULTS_NAMED = 2
_NO_TARGET = "Other addresses"


def checklist(batch: Batch, before: Batch | None = None) -> list[str]:
    """Makes a line for each step of a playbook; where it was measured `before`, the line says what changed."""
    lines = [_step(run, measured_before(run, before), others=batch.again) for run in batch.runs]
    if batch.customers:
        lines.append(_customers(batch, batch.customers))
    if batch.by_hand:
        lines.append(_by_hand(batch))
    return [*lines, *map(_left_out, batch.left_out)]


def mark_of(run: ProbeRun) -> str:
    """How it stands; what could not run is neither well nor bad."""
    if run.state is RunState.DONE and run.result:
        return mark_of_all([run.result])
    return MARKS.get(run.state, NOT_SET_UP)


def mark_of_all(results: Sequence[ProbeResult]) -> str:
    """Trouble before what could not be measured, and that before what is fine; then what nobody set up."""
    if any(result.measured and not result.ok for result in results):
        return BAD
    if any(not result.ok and result.verdict.set_up for result in results):
        return BARRED
    if results and not any(result.ok for result in results):
        return NOT_SET_UP
    return SOON if any(result.verdict.warns for result in results) else WELL


def _step(run: ProbeRun, before: ProbeResult | None, *, others: bool) -> str:
    """The name of the target stands above; what is compared with it, or measured elsewhere, has its own."""
    who = f" {foreign(run.label, 60)}" if run.step == "control" or others else ""
    where = f" from {foreign(city_of(run), 40)}" if run.place else ", worst address" if run.step == "worst" else ""
    return f"{mark_of(run)} *{run.kind}{who}*{where}: {_outcome(run)}{_change(run, before)}"


def _outcome(run: ProbeRun) -> str:
    if run.state is RunState.DONE and run.result:
        goes_on = f" (goes on to {run.result.goes_on_to} cycles)" if run.refining else ""
        return foreign(brief(run.result.verdict), _VERDICT_MAX) + goes_on
    if run.result and run.state is RunState.RUNNING:
        return foreign(run.result.waiting or brief(run.result.verdict), _VERDICT_MAX)
    return _STATES.get(run.state, "no result")


def _change(run: ProbeRun, before: ProbeResult | None) -> str:
    """How it was when it was measured before, where that differs."""
    if not before or run.state is not RunState.DONE or not run.result:
        return ""
    then = brief(before.verdict)
    if then == brief(run.result.verdict) or (before.ok and run.result.ok):
        return ""
    return f" (before: {foreign(then, _VERDICT_MAX)})"


def _customers(batch: Batch, part: Batch) -> str:
    places = list(dict.fromkeys(run.place for run in part.runs))
    head = f"*mtr* from {foreign(names_listed(places), 100)}" if places else "*mtr* from the customers' places"
    match part.state:
        case RunState.LEFT_OUT:
            return f"{MARKS[part.state]} {head}: left out, {foreign(part.reason, _VERDICT_MAX)}"
        case RunState.PENDING:
            return f"{MARKS[part.state]} {head}: waiting for the tickets"
        case RunState.DONE:
            bad = [run for run in part.runs if run.fails]
            barred = not any(run.result and run.result.measured for run in part.runs)
            mark = BARRED if barred else BAD if any(run.step == "target" for run in bad) else WELL
            return f"{mark} {head}: {_from_where([run for run in bad if run.step == 'target'], barred=barred)}"
        case _:
            return f"{MARKS[part.state]} {head}: {foreign(waits(part), _VERDICT_MAX) or _STATES[part.state]}"


def _from_where(bad: Sequence[ProbeRun], *, barred: bool) -> str:
    """In a few words; the first line of the message has all of them."""
    if bad:
        cities = dict.fromkeys(city_of(run) for run in bad)
        return f"trouble from {foreign(names_listed(cities), 100)}"
    return "could not be measured" if barred else "no trouble"


def waits(batch: Batch) -> str:
    """What Globalping says while it lets us wait."""
    under_way = (run.result for run in batch.runs if run.result and run.state is RunState.RUNNING)
    return next((result.waiting for result in under_way if result.waiting), "")


def _by_hand(batch: Batch) -> str:
    hits = any(trial.reproduced for trial in batch.trials)
    mark = BY_HAND if not batch.trials else BAD if hits else WELL
    return f"{mark} *by hand*: {foreign(trials_words(batch.by_hand, batch.trials), _VERDICT_MAX)}"


def _left_out(step: LeftOut) -> str:
    return f"{MARKS[RunState.LEFT_OUT]} *{foreign(step.what, 60)}*: left out, {foreign(step.why, 100)}"


def fleet_lines(batch: Batch, titles: Titles) -> list[str]:
    """ "U.S. East: 3 addresses, 203.0.113.7: no answer to 10, 203.0.113.9: 4 of 10 lost and 1 more"."""
    verdict = batch.results[0].verdict if batch.ended and batch.results else None
    if not verdict or not verdict.measured:
        return []
    by_target: dict[str, list[Fault]] = {}
    for fault in verdict.faults:
        by_target.setdefault(titles.get(fault.about.address or fault.about.name, _NO_TARGET), []).append(fault)
    ordered = sorted(by_target.items(), key=lambda group: (-len(group[1]), group[0]))
    lines = [_fleet_line(title, faults) for title, faults in ordered[:TARGETS_MAX]]
    left = len(ordered) - TARGETS_MAX
    lines += [f"and {left} more targets, see *Details*."] if left > 0 else []
    hidden = verdict.failing - len(verdict.faults)
    lines += [f"The worst {len(verdict.faults)} are listed: the file in *Details* has all."] if hidden > 0 else []
    return [*lines, *(foreign(caveat, 300) for caveat in verdict.caveats)]


def _fleet_line(title: str, faults: list[Fault]) -> str:
    named = [f"{fault.about.name}: {fault.wrong}" for fault in faults[:_FAULTS_NAMED]]
    more = f" and {len(faults) - _FAULTS_NAMED} more" if len(faults) > _FAULTS_NAMED else ""
    return f"*{foreign(title, 60)}*: {foreign(', '.join(named), 200)}{more}"
