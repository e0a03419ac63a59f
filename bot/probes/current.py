"""What is true of a target now, of all that was measured in an investigation, in words. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.probes.batch import ProbeRun
from bot.probes.findings import Findings
from bot.probes.matrix import places_verdict
from bot.probes.wording import long, short
from bot.probes.wording.summary import summary


def standing(title: str, found: Findings) -> str:
    """What is true of a target now, in one line, without markup; "" where nothing was measured."""
    here = [run.result for run in found.own if run.result and not run.place]
    control = [run.result for run in found.control if run.result and not run.place]
    parts = [summary(here, control, title=title)] if here else []
    for kind in dict.fromkeys(run.kind for run in found.own if run.place):
        rows = [replace(run, step="target") for run in found.own if run.kind == kind]
        rows += [run for run in found.control if run.kind == kind]
        parts.append(f"By {kind} {places_verdict(sorted(rows, key=lambda run: bool(run.place)))}")
    return ". ".join(parts)


def findings_listed(found: Findings) -> list[str]:
    """A line for each thing that is wrong with a target, the worst first; one for what is fine, and for its control."""
    failing = [f"{run.name}: {short(run.result.verdict)}" for run in found.failing if run.result]
    fine = [run for run in found.own if run.result and run.result.ok]
    lines = [*failing, *([f"Nothing wrong: {_looked_at(fine)}"] if fine else [])]
    bad = [run for run in found.control if run.result and not run.result.ok]
    lines += [f"Control, {run.name}: {short(run.result.verdict)}" for run in bad if run.result]
    if found.control and not bad:
        lines.append(f"Control {found.control[0].label}: nothing wrong ({_looked_at(found.control)})")
    return lines


def _looked_at(runs: Sequence[ProbeRun]) -> str:
    """Kinds with the places from where they looked, and with what may be chance."""
    told = []
    for run in runs:
        where = f" from {run.seen_from.name}" if run.seen_from else ""
        doubt = f" ({long(run.result.verdict)})" if run.result and run.result.verdict.may_be_chance else ""
        told.append(f"{run.kind}{where}{doubt}")
    return ", ".join(told)
