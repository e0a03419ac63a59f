"""The message that shows probe runs, one for each request, and what one person is shown of their tables. Pure."""

from collections.abc import Sequence

from bot.messages.model import Block, Content, ShownPicture
from bot.names import names_listed
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.checklist import MARKS, NO_TITLES, Titles, checklist, fleet_lines, mark_of_all, waits
from bot.probes.conclusion import Light, fine_beside, headline
from bot.probes.details import Detail, details
from bot.probes.manual import Trial, trial_line
from bot.probes.matrix import city_of, quota_note
from bot.probes.model import Shape, Verdict
from bot.probes.next_look import next_looks, surely
from bot.probes.wording.brief import brief
from bot.probes.wording.path import confidence_words
from bot.slack.blocks import actions, button, context, fitted, image, section, sections, select
from bot.slack.tables import data_table, room_for, table
from bot.slack.text import at, clock_time, cut, foreign, person, plural

CANCEL = "probe_cancel"
TRY = "probe_try"
NEXT_LOOK = "probe_next_look"
DETAILS = "probe_details"
DETAIL = "probe_detail"
FILES = "probe_files"
RUN_AGAIN = "probe_run_again"
MEANT = "probe_meant"
MEANT_MAX = 6

TRIAL_MAX = 2500
"""More than the form of a try takes, also where marks are added that keep it from being formatted."""
_REMEDIES_MAX = 3
_NAMED_MAX = 3


def did_you_mean(kind: str, what: str, choices: Sequence[tuple[str, str]]) -> Content:
    """To one person, whose words name no kind or no target. `choices` are those that may be meant, with their values.

    Where there are several, none stands out.
    """
    typed = " ".join(part for part in ("/probe", foreign(kind, 40), foreign(what, 60)) if part)
    line = f"I don't know `{typed}`. Did you mean"
    line += f" {foreign(choices[0][0])}?" if len(choices) == 1 else ":"
    style = "primary" if len(choices) == 1 else ""
    buttons = [
        button(label, f"{MEANT}_{n}", value, style=style) for n, (label, value) in enumerate(choices[:MEANT_MAX])
    ]
    return Content(line, (section(line), actions(*buttons)))


def card(
    batch: Batch,
    before: Batch | None = None,
    picture: ShownPicture | None = None,
    *,
    planned: str = "",
    titles: Titles = NO_TITLES,
) -> Content:
    """Shows everything that one request started in one message, which is edited while it runs.

    `before` is the same request measured earlier, `picture` what was drawn of it. `planned` says which maintenance
    its target was in, `titles` whose the addresses are that a sweep of several targets found bad.
    """
    first = _first(batch)
    blocks: list[Block] = [section(first)]
    if batch.playbook or batch.again:
        blocks += sections(checklist(batch, before))
    elif batch.fleet:
        blocks += [context(line) for line in [*fleet_lines(batch, titles), *_before(batch, before)]]
    else:
        blocks += _beside(batch, before)
    blocks += [context(f":large_blue_circle: {planned}")] if planned else []
    blocks += [context(f":wrench: {remedy}") for remedy in _remedies(batch)]
    blocks += [image(picture)] if picture else []
    blocks += [section(f"{_tried(trial)} {person(trial.by)} {at(trial.at)}") for trial in batch.trials[-10:]]
    controls = _controls(batch)
    last = [actions(*controls)] if controls else []
    return Content(_notice(batch, first), fitted(blocks, last=[*last, context(_small(batch))]))


def detail(batch: Batch, number: int = 0) -> Content:
    """Shows one person a table of what was measured; `number` is its place among `details`."""
    tables = details(batch)
    if batch.emptied:
        return Content("Its tables are no longer kept. `/probe` measures it again.")
    if not tables:
        return Content("Nothing has been measured yet.")
    number = min(number, len(tables) - 1)
    chosen = tables[number]
    first = f"*{foreign(chosen.label, 200)}*\n{foreign(chosen.words, 1500)}"
    blocks: list[Block] = [section(first), *_remedy(chosen), *_table(chosen), *_doubts(batch)]
    elements = [button("Get Files", FILES, str(batch.id))]
    if len(tables) > 1:
        options = [(cut(listed.label, 70), f"{batch.id} {place}") for place, listed in enumerate(tables[:100])]
        elements.insert(0, select(DETAIL, options, initial=f"{batch.id} {number}", placeholder="Show another table"))
    return Content(first, (*blocks, actions(*elements)))


def _table(detail: Detail) -> list[Block]:
    """Rows that a reader searches can be sorted and turned; a path is read from the first to the last."""
    if not detail.rows:
        return []
    count = room_for(detail.columns, detail.rows)
    rows = detail.rows[:count]
    left = len(detail.rows) - count
    more = [context(f"{plural(left, 'more row')}: the file has all of them.")] if left else []
    one = data_table(detail.label, detail.columns, rows) if detail.searched else table(detail.columns, rows)
    return [one, *more]


def _remedy(detail: Detail) -> list[Block]:
    return [context(f":wrench: {foreign(detail.remedy, 500)}")] if detail.remedy else []


def _doubts(batch: Batch) -> list[Block]:
    """How sure the place of the loss is, on what that stands and what is missing; then what was ruled out."""
    judged = surely(batch) if batch.ended else None
    words = confidence_words(*judged) if judged else ""
    fine = fine_beside(batch)
    lines = [f"{words[0].upper()}{words[1:]}."] if words else []
    lines += [f"Ruled out: {foreign(fine, 500)}."] if fine else []
    return [context(line) for line in lines]


def _title(batch: Batch) -> str:
    if not batch.playbook:
        return batch.title
    label = next((run.label for run in batch.all_runs), "")
    return f"Playbook for {label}" if label else "Playbook"


def _mark(batch: Batch) -> str:
    if batch.state is RunState.DONE:
        if batch.by_hand and not batch.results:
            return ":point_right:" if not batch.trials else ":clipboard:"
        return mark_of_all(batch.all_results)
    return MARKS[batch.state]


def _first(batch: Batch) -> str:
    """What came out, where this message is the one that says it; until then what it is, and how far."""
    if batch.ended and not _told_by_card(batch):
        return f"{_mark(batch)} *{_headline(batch)}*"
    return f"{_mark(batch)} *{foreign(_title(batch))}*: {_state(batch)}"


def _told_by_card(batch: Batch) -> bool:
    """Whether the verdict stands on the investigation's card, and so not here."""
    return bool(batch.playbook) and batch.investigation_id is not None


def _state(batch: Batch) -> str:
    if batch.state is RunState.DONE:
        return _count(batch)
    if batch.state is RunState.INTERRUPTED:
        return "interrupted before its end"
    if batch.state is RunState.CANCELLED:
        return f"cancelled by {person(batch.cancelled_by)}" if batch.cancelled_by else "cancelled"
    if batch.state is RunState.RUNNING:
        done = sum(run.state is RunState.DONE for run in batch.runs)
        return foreign(waits(batch), 300) or (
            f"{done} of {len(batch.runs)} done…" if len(batch.runs) > 1 else "measuring…"
        )
    return f"waiting, {plural(batch.ahead, 'other')} before it" if batch.ahead else "waiting for its turn"


def _headline(batch: Batch) -> str:
    """What is wrong, in few words; where nothing is, what was seen."""
    conclusion = headline([batch], batch.target)
    quiet = conclusion.light in (Light.FINE, Light.UNKNOWN)
    return foreign((_seen(batch) if quiet else "") or conclusion.text, 500)


def _seen(batch: Batch) -> str:
    """Of one measurement what it says, of several places which; "" where the count says enough."""
    own = [run for run in batch.runs if run.step != "control" and run.result]
    if len(own) == 1 and own[0].result:
        return f"{brief(own[0].result.verdict)}."
    well = [run for run in own if run.result and run.result.ok]
    fine = list(dict.fromkeys(city_of(run) if run.place else "our network" for run in well))
    return f"No trouble from {names_listed(fine)}." if fine and any(run.place for run in own) else ""


def _count(batch: Batch) -> str:
    """How many steps there were and how many found trouble: what that is stands on the investigation's card."""
    results = batch.all_results
    if not results:
        return "to do by hand" if batch.by_hand and not batch.trials else "done"
    bad = sum(result.measured and not result.ok for result in results)
    return f"trouble in {bad} of {plural(len(results), 'measurement')}" if bad else "no trouble"


def _beside(batch: Batch, before: Batch | None) -> list[Block]:
    """What makes the headline less certain, and how it was before."""
    lines = [foreign(line, 600) for line in [*_exactly(batch), *_doubt(batch)]]
    return [context(line) for line in [*lines, *_before(batch, before)]]


def _exactly(batch: Batch) -> list[str]:
    """Which parts of the one measurement fail and why, where the headline only counts them."""
    verdict = batch.results[0].verdict if batch.ended and len(batch.results) == 1 else None
    if not verdict or not verdict.faults or verdict.path or not verdict.measured:
        return []
    named = [f"{fault.about.name}: {fault.wrong}" for fault in verdict.faults if fault.wrong]
    counted = verdict.shape is Shape.ADDRESSES and verdict.among == 1
    return [] if counted or not named else [f"{'; '.join(named[:_NAMED_MAX])}{_more(named)}"]


def _more(named: Sequence[str]) -> str:
    return f"; and {len(named) - _NAMED_MAX} more" if len(named) > _NAMED_MAX else ""


def _doubt(batch: Batch) -> list[str]:
    """In one line; the whole of it is a press away."""
    judged = surely(batch) if batch.ended else None
    path = judged[0].path if judged else None
    if path and path.confidence and path.begins:
        return [f"Confidence {path.confidence}: {path.begins.packets} packets a hop; the way back isn't measured."]
    if len(batch.runs) == 1 and not (batch.results and batch.results[0].verdict.wrong and batch.results[0].measured):
        return []
    doubts = [_not_measured(run, run.result.verdict) for run in batch.runs if run.result and not run.result.measured]
    doubts += [caveat for result in batch.results for caveat in result.verdict.caveats if result.measured]
    return ["; ".join(dict.fromkeys(doubts))] if batch.ended and doubts else []


def _not_measured(run: ProbeRun, verdict: Verdict) -> str:
    where = f"from {city_of(run)}" if run.place else run.kind
    return f"Not measured {where}: {verdict.wrong}"


def _before(batch: Batch, before: Batch | None) -> list[str]:
    if not before or not batch.ended or not before.results:
        return []
    then, now = _headline(before), _headline(batch)
    moment = clock_time(before.requested_at)
    return [f"The same as at {moment}." if then == now else f"Before, at {moment}: {then}"]


def _remedies(batch: Batch) -> list[str]:
    """How to mend what could not be measured, each once."""
    remedies = dict.fromkeys(result.remedy for result in batch.results if result.remedy)
    return [foreign(remedy, 500) for remedy in list(remedies)[:_REMEDIES_MAX]]


def _tried(trial: Trial) -> str:
    mark = ":red_circle:" if trial.reproduced else ":white_check_mark:"
    return f"{mark} {foreign(trial_line(trial), TRIAL_MAX)}:"


def _controls(batch: Batch) -> list[Block]:
    """What may be done now: look at it, stop it, measure it once more, or look closer."""
    number = str(batch.id)
    live = batch.is_live or (batch.customers and batch.customers.is_live)
    tables = not batch.emptied and bool(details(batch))
    controls = [button("Details", DETAILS, number)] if tables else []
    label = "Cancel" if live else "Stop" if batch.refining else ""
    controls += [button(label, CANCEL, number)] if label else []
    if not label and batch.runs and not batch.emptied and not batch.again:
        controls.append(button("Run Again", RUN_AGAIN, number))
    controls += [
        button(look.label, f"{NEXT_LOOK}_{n}", look.value(batch.id)) for n, look in enumerate(next_looks(batch))
    ]
    return controls + ([button("Record a Try", TRY, number)] if batch.by_hand else [])


def _notice(batch: Batch, first: str) -> str:
    """What a notification and a screen reader say: the point, also where the blocks leave it to the card."""
    if batch.ended and _told_by_card(batch):
        return f"{_mark(batch)} *{foreign(_title(batch))}*: {_headline(batch)}"
    return first


def _small(batch: Batch) -> str:
    what = f"{foreign(_title(batch))} · " if batch.ended and not _told_by_card(batch) else ""
    by = f"for {person(batch.requested_by)}, " if batch.requested_by else ""
    places = len({run.place for run in batch.all_runs if run.place})
    others = f" · our network and {plural(places, 'other place')}" if places else ""
    note = quota_note(batch.all_results)
    return f"{what}{by}{at(batch.requested_at)}{others}" + (f" · {note}" if note else "")
