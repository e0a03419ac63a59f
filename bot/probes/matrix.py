"""Who reaches what: the same probe from several places to a target and its control, as one small table. Pure."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.loose import items, mapping, number, whole
from bot.probes.batch import Batch, ProbeRun
from bot.probes.loss import ms, of
from bot.probes.model import ProbeResult, Reading

HERE = "here"
_CELL_MAX = 18


def from_elsewhere(runs: Sequence[ProbeRun]) -> bool:
    """Whether some of these runs look from another place."""
    return any(run.place for run in runs)


def matrix(runs: Sequence[ProbeRun]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns and rows: a row per vantage, a column for the target and one for the control where there is one."""
    steps = list(dict.fromkeys(run.step for run in runs))
    columns = [[run for run in runs if run.step == step] for step in steps]
    rows: list[tuple[str, ...]] = []
    for name, place, nth in _vantages(columns[0]):
        of_row = [[run for run in column if run.place == place] for column in columns]
        rows.append((name, *(_cell(found[nth].result) if nth < len(found) else "-" for found in of_row)))
    counted = columns[0][0].kind in ("mtr", "traceroute", "ping")
    return ("Lost from" if counted else "From", *(column[0].label for column in columns)), rows


def places_verdict(runs: Sequence[ProbeRun]) -> str:
    """One line: from where the target has trouble and from where not, and how the control does."""
    told = [run for run in runs if run.result]
    target = [run for run in told if run.step == "target"]
    if not target:
        return "Nothing was measured"
    line = f"{target[0].label} {_summed(target)}"
    control = [run for run in told if run.step == "control"]
    return f"{line}; the control {control[0].label} {_summed(control)}" if control else line


def seen_from_here(playbook: Batch) -> tuple[ProbeRun, ...]:
    """The local MTRs of a playbook as rows beside those from other places; the target's first."""
    steps = {"worst": "target", "target": "target", "control": "control"}
    runs = [run for run in playbook.runs if run.kind == "mtr" and run.step in steps and run.result]
    return tuple(replace(run, step=steps[run.step]) for run in sorted(runs, key=lambda run: run.step == "control"))


def vantage_of(run: ProbeRun) -> str:
    """Where a run looks from, in full: "here", "Brisbane, AU (AS1221)", or the place that was asked for."""
    if not run.place:
        return HERE
    return run.result.vantage if run.result else run.place


def quota_note(results: Sequence[ProbeResult]) -> str:
    """What is left of Globalping's tests, as the latest answer of all says; "" where none does."""
    notes = [mapping(result.data.get("globalping")) for result in results]
    left = [tests for note in notes if (tests := whole(note.get("tests_left"))) is not None]
    hourly = [tests for note in notes if (tests := whole(note.get("tests_an_hour")))]
    return f"Globalping: {min(left)} of {hourly[0]} tests left this hour" if left and hourly else ""


def _vantages(runs: Sequence[ProbeRun]) -> list[tuple[str, str, int]]:
    """A short name, the place that was asked for, and which of its probes, for each row."""
    seen: Counter[str] = Counter()
    found = []
    for run in runs:
        found.append((run, run.place, seen[run.place]))
        seen[run.place] += 1
    cities = Counter(_city(run) for run, *_ in found)
    return [(_city(run) if cities[_city(run)] == 1 else vantage_of(run), place, nth) for run, place, nth in found]


def _city(run: ProbeRun) -> str:
    return vantage_of(run).split(", ")[0]


def _summed(runs: Sequence[ProbeRun]) -> str:
    bad = [run for run in runs if run.result and not run.result.ok and run.result.could_run]
    well = [run for run in runs if run.result and run.result.ok]
    barred = [run for run in runs if run.result and not run.result.could_run]
    parts = []
    if bad:
        parts.append(f"has trouble from {_named(bad)}" + (f", not from {_named(well)}" if well else ""))
    elif well:
        parts.append(f"is well from {_named(well)}")
    if barred:
        reasons = dict.fromkeys(run.result.verdict for run in barred if run.result)
        parts.append(f"could not be measured from {_named(barred)} ({'; '.join(reasons)})")
    return ", and ".join(parts)


def _named(runs: Sequence[ProbeRun]) -> str:
    names = list(dict.fromkeys(_city(run) for run in runs))
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def _cell(result: ProbeResult | None) -> str:
    if result is None:
        return "…"
    if not result.could_run:
        return "not measured"
    if not result.readings:
        return "…" if result.ok else "no answer"
    match result.kind:
        case "mtr" | "traceroute":
            return _end(result)
        case "ping":
            return _together(result.readings)
        case _:
            return _answered(result)


def _end(result: ProbeResult) -> str:
    """Loss and delay at the last hop, where that is the destination."""
    last = result.readings[-1]
    destination = mapping(mapping(result.data.get("report")).get("mtr")).get("dst")
    if destination is not None and destination not in items(last.data.get("hosts")):
        return "not reached"
    sent, loss_pct = whole(last.data.get("Snt")) or 0, number(last.data.get("Loss%")) or 0.0
    lost = round(sent * loss_pct / 100)
    average = number(last.data.get("Avg"))
    return _counted(lost, sent, average)


def _together(readings: Sequence[Reading]) -> str:
    """Loss of all addresses, and their median delay."""
    sent = sum(whole(reading.data.get("sent")) or 0 for reading in readings)
    lost = sum(whole(reading.data.get("lost")) or 0 for reading in readings)
    answering = [reading for reading in readings if reading.data.get("received")]
    medians = [took for each in answering if (took := number(each.data.get("median_ms"))) is not None]
    return _counted(lost, sent, statistics.median(medians) if medians else None)


def _counted(lost: int, sent: int, average_ms: float | None) -> str:
    if not sent:
        return "nothing sent"
    return of(lost, sent) + (f", {ms(average_ms)}" if average_ms is not None and lost < sent else "")


def _answered(result: ProbeResult) -> str:
    """A short reason where something is wrong, else how long the slowest took."""
    bad = next((reading for reading in result.readings if not reading.ok), None)
    if bad:
        return bad.reason[: _CELL_MAX - 1] + "…" if len(bad.reason) > _CELL_MAX else bad.reason or "fails"
    times = [number(reading.data.get(key)) for reading in result.readings for key in ("total_ms", "time_ms")]
    return f"ok, {ms(max(took for took in times if took is not None))}" if any(t is not None for t in times) else "ok"
