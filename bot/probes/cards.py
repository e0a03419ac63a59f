"""The message that shows probe runs: a verdict in one line, then a table per run."""

from collections.abc import Sequence

from bot.messages.model import Block, Content
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.checklist import MARKS, checklist, mark_of, mark_of_all
from bot.probes.conclusion import conclusion, fine_beside
from bot.probes.manual import Trial, trial_line
from bot.probes.matrix import from_places, matrix, place_name, quota_note, seen_from_here
from bot.probes.model import ProbeResult, Shape
from bot.probes.next_look import next_looks, surely
from bot.probes.tables import in_message, table
from bot.probes.wording import long
from bot.probes.wording.path import confidence_words
from bot.slack.blocks import actions, button, context, fitted, section, sections
from bot.slack.text import SECTION_MAX, at, foreign, person, plural, preformatted

CANCEL = "probe_cancel"
TRY = "probe_try"
NEXT_LOOK = "probe_next_look"
MEANT = "probe_meant"
MEANT_MAX = 6

LIVE = (RunState.QUEUED, RunState.RUNNING)

LOOKED_AT = (Shape.ADDRESSES, Shape.HOPS)
"""Tables that a playbook shows also where nothing is wrong."""
TRIAL_MAX = 2500
"""More than the form of a try takes, also where marks are added that keep it from being formatted."""


def did_you_mean(kind: str, what: str, choices: Sequence[tuple[str, str]]) -> Content:
    """To one person, whose words name no kind or no target. `choices` are those that may be meant, with their values.

    Where there are several, none stands out.
    """
    line = f"I don't know `/probe {foreign(kind, 40)} {foreign(what, 60)}`. Did you mean"
    line += f" {foreign(choices[0][0])}?" if len(choices) == 1 else ":"
    style = "primary" if len(choices) == 1 else ""
    buttons = [
        button(label, f"{MEANT}_{n}", value, style=style) for n, (label, value) in enumerate(choices[:MEANT_MAX])
    ]
    return Content(line, (section(line), actions(*buttons)))


def card(batch: Batch) -> Content:
    """Shows everything that one request started in one message, which is edited while it runs."""
    first = f"{_mark(batch)} *{foreign(batch.title)}*: {_verdict(batch)}"
    blocks: list[Block] = [section(first)]
    blocks += _playbook(batch) if batch.playbook else _runs(batch)
    blocks += _how_sure(batch)
    blocks += [section(f"{_tried(trial)} {person(trial.by)} {at(trial.at)}") for trial in batch.trials[-10:]]
    if batch.by_hand:
        blocks.append(actions(button("Record a try", TRY, str(batch.id))))
    live = batch.state in LIVE or (batch.customers and batch.customers.state in LIVE)
    label = "Cancel" if live else "Stop" if batch.refining else ""
    controls = [button(label, CANCEL, str(batch.id))] if label else []
    controls += [
        button(look.label, f"{NEXT_LOOK}_{n}", look.value(batch.id)) for n, look in enumerate(next_looks(batch))
    ]
    last = [actions(*controls)] if controls else []
    return Content(first, fitted(blocks, last=[*last, context(_small(batch))]))


def _runs(batch: Batch) -> list[Block]:
    """What somebody asked for: the matrix where there are several places, then each run."""
    compared = from_places(batch.runs)
    blocks = [_matrix(batch.runs)] if compared else []
    for run in batch.runs:
        blocks += _run(run, alone=len(batch.runs) == 1, compared=compared)
    return blocks


def _playbook(batch: Batch) -> list[Block]:
    """The list of its steps, then the tables that matter: the target's path and sweep, and all trouble."""
    fine = fine_beside(batch)
    blocks = sections(checklist(batch)) + ([context(f"Ruled out: {foreign(fine, 500)}.")] if fine else [])
    if batch.customers and batch.customers.runs and batch.customers.state is not RunState.LEFT_OUT:
        blocks.append(_matrix([*seen_from_here(batch), *batch.customers.runs]))
    for run in batch.runs:
        worth = run.result and run.result.verdict.shape in LOOKED_AT and run.step != "control"
        if run.result and (worth or not run.result.ok):
            verdict = "" if run.result.ok else f": {foreign(long(run.result.verdict), 500)}"
            body = _body(run.result)
            blocks += [section(f"`{run.kind}` *{foreign(run.label)}*{_control(run)}{verdict}"), *body] if body else []
    return blocks


def _how_sure(batch: Batch) -> list[Block]:
    """Says how sure the place is where packets are lost, on what that stands and what is missing."""
    judged = surely(batch) if batch.ended else None
    words = confidence_words(*judged) if judged else ""
    return [context(f"{words[0].upper()}{words[1:]}.")] if words else []


def _matrix(runs: Sequence[ProbeRun]) -> Block:
    return section(preformatted(table(*matrix(runs)), SECTION_MAX))


def _tried(trial: Trial) -> str:
    mark = ":red_circle:" if trial.reproduced else ":white_check_mark:"
    return f"{mark} {foreign(trial_line(trial), TRIAL_MAX)}:"


def _mark(batch: Batch) -> str:
    if batch.state is RunState.DONE:
        if batch.by_hand and not batch.results:
            return ":point_right:" if not batch.trials else ":clipboard:"
        return mark_of_all([*batch.results, *(batch.customers.results if batch.customers else ())])
    return MARKS[batch.state]


def _verdict(batch: Batch) -> str:
    if batch.state is RunState.DONE:
        return foreign(conclusion(batch), 1500)
    if batch.state is RunState.INTERRUPTED:
        return "interrupted before its end. Run it again."
    if batch.state is RunState.CANCELLED:
        return f"cancelled by {person(batch.cancelled_by)}" if batch.cancelled_by else "cancelled"
    if batch.state is RunState.RUNNING:
        return "running…"
    return f"waiting, {plural(batch.ahead, 'other')} before it" if batch.ahead else "waiting for its turn"


def _run(run: ProbeRun, *, alone: bool, compared: bool) -> list[Block]:
    """Its verdict and table. Beside runs from other places, tables are shown only where the target has trouble."""
    blocks: list[Block] = []
    result = run.result
    if not alone:
        verdict = foreign(result.waiting or long(result.verdict), 500) if result else "…"
        mark = mark_of(run)
        where = f" from {foreign(place_name(run), 100)}" if compared else ""
        blocks.append(section(f"{mark} `{run.kind}` *{foreign(run.label)}*{_control(run)}{where}: {verdict}"))
    hidden = compared and result is not None and (result.ok or run.step != "target")
    return blocks + (_body(result, table_too=not hidden) if result else [])


def _control(run: ProbeRun) -> str:
    return " (control)" if run.step == "control" else ""


def _body(result: ProbeResult, *, table_too: bool = True) -> list[Block]:
    """How to mend what could not run, and the table."""
    blocks: list[Block] = []
    if result.remedy:
        blocks.append(context(f":wrench: {foreign(result.remedy, 500)}"))
    if result.readings and result.columns and table_too:
        text, left_out = in_message(result)
        blocks.append(section(preformatted(text, SECTION_MAX)))
        if left_out:
            well = ", all well" if all(reading.ok for reading in left_out) else ""
            file = "; the file has all of them" if result.report else ""
            blocks.append(context(f"… and {len(left_out)} more{well}{file}"))
    return blocks


def _small(batch: Batch) -> str:
    by = f" for {person(batch.requested_by)}" if batch.requested_by else ""
    customers = batch.customers.runs if batch.customers else ()
    places = len({run.place for run in (*batch.runs, *customers) if run.place})
    others = f" and {plural(places, 'other place')}" if places else ""
    note = quota_note([*batch.results, *(batch.customers.results if batch.customers else ())])
    return f"from here{others}{by}, {at(batch.requested_at)}" + (f" · {note}" if note else "")
