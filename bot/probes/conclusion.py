"""What a finished batch comes to, and what is true of a target after several, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.findings import Findings, findings
from bot.probes.manual import trials_words
from bot.probes.matrix import places_verdict, seen_from_here
from bot.probes.model import ProbeResult
from bot.probes.wording import headline as few
from bot.probes.wording import long, short
from bot.probes.wording.summary import ruled_out, summary


class Light(StrEnum):
    """How a target does, by what was measured: broken now, soon, checked and fine, or not known."""

    BROKEN = "broken"
    SOON = "soon"
    FINE = "fine"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Headline:
    """What is wrong with a target, where, and how its control does, in at most twelve words without markup."""

    text: str
    light: Light
    trouble: str = ""
    """What is wrong alone, to name something by: no sentence, and without the control. "" where no probe fails."""

    @property
    def measured(self) -> bool:
        return self.light is not Light.UNKNOWN


def headline(batches: Sequence[Batch], target: str) -> Headline:
    """Says what is true of a target (a key) now, the worst first; `batches` are oldest first.

    The control is only ever compared with, and what others measured is not told at all.
    """
    own = [batch for batch in batches if batch.target == target]
    now = findings(own, target)
    tried = [trial for batch in own for trial in batch.trials]
    by_hand = trials_words("", tried) if tried else ""
    if now.failing:
        return Headline(_trouble(now, _control(now)), Light.BROKEN, _trouble(now).rstrip("."))
    if any(trial.reproduced for trial in tried):
        return Headline(few.fitting([_begun(by_hand)], "The probes are fine" if now.own else ""), Light.BROKEN)
    if now.own:
        return _nothing_wrong(now)
    return Headline(_not_measured(own, by_hand), Light.UNKNOWN)


def _trouble(now: Findings, beside: str = "") -> str:
    """The worst that can be said in a few words, and how the control does `beside` it."""
    worst = now.failing[0]
    where = f" from {worst.seen_from.city}" if worst.seen_from else ""
    verdict = worst.result.verdict if worst.result else None
    return few.fitting([f"{form}{where}" for form in few.forms(verdict)], beside) if verdict else ""


def _control(now: Findings) -> str:
    """How the control does where that is sure; "" where there is none, or chance may have it."""
    results = [run.result for run in now.control if run.result]
    if any(not result.ok for result in results):
        return f"{now.control[0].label} has trouble too"
    return f"{now.control[0].label} is fine" if results and all(result.verdict.sure for result in results) else ""


def _nothing_wrong(now: Findings) -> Headline:
    verdicts = [run.result.verdict for run in now.own if run.result]
    warning = next((verdict for verdict in verdicts if verdict.warns), None)
    if warning:
        return Headline(few.fitting([few.soon(warning)], "Nothing is broken"), Light.SOON)
    chance = ", a little loss may be chance" if any(verdict.may_be_chance for verdict in verdicts) else ""
    count = f"{len(verdicts)} probes" if len(verdicts) > 1 else "1 probe"
    return Headline(f"Nothing wrong in {count}{chance}.", Light.FINE)


def _not_measured(own: Sequence[Batch], by_hand: str) -> str:
    """Why nothing is known yet."""
    if any(batch.is_live for batch in own):
        return "The probes are running…"
    if by_hand:
        return f"{_begun(by_hand)}."
    if any(batch.by_hand for batch in own):
        return "No one has tried it on a device yet."
    if own and own[-1].state is RunState.INTERRUPTED:
        return "The probes were interrupted. Run them again."
    return "Nothing could be measured. The thread says why." if own else "Nothing has been measured yet."


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


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
    if any(run.place for run in batch.runs):
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
