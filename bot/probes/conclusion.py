"""What a finished batch comes to, and what is true of a target after several, in words. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.probes.batch import Batch, ProbeRun
from bot.probes.findings import Findings
from bot.probes.manual import trials_words
from bot.probes.matrix import from_places, places_verdict, seen_from_here
from bot.probes.model import ProbeResult
from bot.probes.wording import long, short
from bot.probes.wording.summary import ruled_out, summary


def conclusion(batch: Batch) -> str:
    """All that was found, also what people tried by hand, without markup."""
    parts = (_measured(batch), trials_words(batch.by_hand, batch.trials) if batch.by_hand else "", customers(batch))
    return ". ".join(part for part in parts if part)


def fine_beside(batch: Batch) -> str:
    """What a playbook that found trouble rules out, "" before its end."""
    if not batch.ended or not batch.playbook:
        return ""
    own, control = _sides(batch)
    return ruled_out(own, control) if own else ""


def customers(batch: Batch) -> str:
    """What the places of the reporting customers say, beside what is seen from here; "" before their end."""
    part = batch.customers
    if not part or not part.ended or not part.results:
        return ""
    return f"By mtr {places_verdict([*seen_from_here(batch), *part.runs])}"


def _measured(batch: Batch) -> str:
    if from_places(batch.runs):
        return places_verdict(batch.runs)
    if not batch.playbook:
        return " ".join(long(result.verdict) for result in batch.results)
    own, control = _sides(batch)
    if not own and batch.by_hand:
        return ""
    return summary(own, control)


def _sides(batch: Batch) -> tuple[list[ProbeResult], list[ProbeResult]]:
    """The results of the target, and those of its control."""
    own = [run.result for run in batch.runs if run.result and run.step != "control"]
    return own, [run.result for run in batch.runs if run.result and run.step == "control"]


def standing(title: str, findings: Findings) -> str:
    """What is true of a target now, in one line, without markup; "" where nothing was measured."""
    here = [run.result for run in findings.own if run.result and not run.place]
    control = [run.result for run in findings.control if run.result and not run.place]
    parts = [summary(here, control, title=title)] if here else []
    for kind in dict.fromkeys(run.kind for run in findings.own if run.place):
        rows = [replace(run, step="target") for run in findings.own if run.kind == kind]
        rows += [run for run in findings.control if run.kind == kind]
        parts.append(f"By {kind} {places_verdict(sorted(rows, key=lambda run: bool(run.place)))}")
    return ". ".join(parts)


def findings_listed(findings: Findings) -> list[str]:
    """A line for each thing that is wrong with a target, the worst first; one for what is fine, and for its control."""
    failing = [f"{run.name}: {short(run.result.verdict)}" for run in findings.failing if run.result]
    fine = [run for run in findings.own if run.result and run.result.ok]
    lines = [*failing, *([f"Nothing wrong: {_looked_at(fine)}"] if fine else [])]
    bad = [run for run in findings.control if run.result and not run.result.ok]
    lines += [f"Control, {run.name}: {short(run.result.verdict)}" for run in bad if run.result]
    if findings.control and not bad:
        lines.append(f"Control {findings.control[0].label}: nothing wrong ({_looked_at(findings.control)})")
    return lines


def _looked_at(runs: Sequence[ProbeRun]) -> str:
    """Kinds with the places from where they looked, and with what may be chance."""
    looks = []
    for run in runs:
        where = f" from {run.seen_from.name}" if run.seen_from else ""
        doubt = f" ({long(run.result.verdict)})" if run.result and run.result.verdict.may_be_chance else ""
        looks.append(f"{run.kind}{where}{doubt}")
    return ", ".join(looks)
