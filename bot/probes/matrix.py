"""Who reaches what: the same probe from several places to a target and its control, as one small table. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.names import names_listed
from bot.probes.batch import Batch, ProbeRun
from bot.probes.icmp.loss import ms, of
from bot.probes.icmp.peers import pooled
from bot.probes.model import Numbers, ProbeResult, Shape
from bot.probes.wording import long

HERE = "our network"
_CELL_MAX = 18
_COUNTED = (Shape.ADDRESSES, Shape.HOPS)
COUNTED_KINDS = frozenset({"ping", "mtr", "traceroute"})
"""Their rows count packets, which the heading says before there is a result; a test holds them to all kinds."""


def matrix(runs: Sequence[ProbeRun]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns and rows: a row per place, a column for the target and one for the control where there is one."""
    steps = list(dict.fromkeys(run.step for run in runs))
    columns = [[run for run in runs if run.step == step] for step in steps]
    rows: list[tuple[str, ...]] = []
    for name, place, nth in _places(columns[0]):
        of_row = [[run for run in column if run.place == place] for column in columns]
        rows.append(
            (name, *(_cell(column_runs[nth].result) if nth < len(column_runs) else "-" for column_runs in of_row))
        )
    counted = any(_counts_packets(run) for run in columns[0])
    return ("Lost from" if counted else "From", *(column[0].label for column in columns)), rows


def _counts_packets(run: ProbeRun) -> bool:
    return run.kind in COUNTED_KINDS or bool(run.result and run.result.verdict.shape in _COUNTED)


def places_verdict(runs: Sequence[ProbeRun]) -> str:
    """One line: from where the target has trouble and from where not, and how the control does."""
    answered = [run for run in runs if run.result and not run.result.waiting]
    target = [run for run in answered if run.step == "target"]
    if not target:
        return "Nothing was measured"
    line = f"{target[0].label} {_summed(target)}"
    control = [run for run in answered if run.step == "control"]
    return f"{line}; the control {control[0].label} {_summed(control)}" if control else line


def seen_from_here(playbook: Batch) -> tuple[ProbeRun, ...]:
    """The local MTRs of a playbook as rows beside those from other places; the target's first."""
    steps = {"worst": "target", "target": "target", "control": "control"}
    runs = [run for run in playbook.runs if run.kind == "mtr" and run.step in steps and run.result]
    return tuple(replace(run, step=steps[run.step]) for run in sorted(runs, key=lambda run: run.step == "control"))


def place_name(run: ProbeRun) -> str:
    """Where a run looks from, in full: "our network", "Brisbane, AU (AS1221)", or the place that was asked for."""
    return run.seen_from.name if run.seen_from else HERE


def city_of(run: ProbeRun) -> str:
    return run.seen_from.city if run.seen_from else HERE


def quota_note(results: Sequence[ProbeResult]) -> str:
    """What is left of Globalping's tests, as the latest answer of all says; "" where none does."""
    notes = [result.tests_left for result in results if result.tests_left]
    left = min((note.left for note in notes), default=0)
    return f"Globalping: {left} of {notes[0].an_hour} tests left this hour" if notes else ""


def _places(runs: Sequence[ProbeRun]) -> list[tuple[str, str, int]]:
    """A short name, the place that was asked for, and which of its probes, for each row."""
    counts: Counter[str] = Counter()
    rows = []
    for run in runs:
        rows.append((run, run.place, counts[run.place]))
        counts[run.place] += 1
    cities = Counter(city_of(run) for run, *_ in rows)
    return [(city_of(run) if cities[city_of(run)] == 1 else place_name(run), place, nth) for run, place, nth in rows]


def _summed(runs: Sequence[ProbeRun]) -> str:
    """A place has trouble where one of its probes does: a check asks several kinds."""
    bad = [run for run in runs if run.fails]
    failing = {place_name(run) for run in bad}
    well = [run for run in runs if run.result and run.result.ok and place_name(run) not in failing]
    barred = [run for run in runs if run.result and not run.result.measured]
    full = {city_of(run) for run in bad} & {city_of(run) for run in well}
    parts = []
    if bad:
        parts.append(f"has trouble from {_named(bad, full)}" + (f", not from {_named(well, full)}" if well else ""))
    elif well:
        parts.append(f"is fine from {_named(well)}")
    if barred:
        reasons = dict.fromkeys(long(run.result.verdict) for run in barred if run.result)
        parts.append(f"could not be measured from {_named(barred)} ({'; '.join(reasons)})")
    return ", and ".join(parts)


def _named(runs: Sequence[ProbeRun], full: Collection[str] = ()) -> str:
    """`full` are cities in which one place has trouble and another none."""
    return names_listed(dict.fromkeys(place_name(run) if city_of(run) in full else city_of(run) for run in runs))


def _cell(result: ProbeResult | None) -> str:
    if result is None or result.waiting:
        return "…"
    if not result.measured:
        return "not measured"
    if not result.readings:
        return "…" if result.ok else "no answer"
    if result.verdict.shape is Shape.HOPS:
        return _end(result)
    if result.verdict.shape is not Shape.ADDRESSES:
        return _answered(result)
    together = pooled(result.readings)
    return _counted(together, together.median_ms)


def _end(result: ProbeResult) -> str:
    """Loss and delay at the destination."""
    path = result.verdict.path
    numbers = result.verdict.numbers
    return _counted(numbers, numbers.average_ms) if path and path.reached else "not reached"


def _counted(numbers: Numbers, took_ms: float | None) -> str:
    if not numbers.sent:
        return "nothing sent"
    took = "" if took_ms is None or not numbers.received else f", {ms(took_ms)}"
    return of(numbers.lost, numbers.sent) + took


def _answered(result: ProbeResult) -> str:
    """A short reason where something is wrong, else how long the slowest took."""
    bad = next((reading for reading in result.readings if not reading.ok), None)
    if bad:
        return bad.reason[: _CELL_MAX - 1] + "…" if len(bad.reason) > _CELL_MAX else bad.reason or "fails"
    times = [reading.numbers.took_ms for reading in result.readings if reading.numbers.took_ms is not None]
    return f"ok, {ms(max(times))}" if times else "ok"
