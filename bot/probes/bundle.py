"""One text file of several runs, named by what was measured and when: for people, managers and trackers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from bot.probes.batch import Batch, ProbeRun
from bot.probes.model import ProbeResult
from bot.probes.tables import report_of, slug

_PART_MAX = 40
_RULE = "=" * 72


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file: its name, what people call it, and its text."""

    name: str
    title: str
    text: str


def bundle(runs: Sequence[ProbeRun], *, about: str, what: str = "") -> Bundle | None:
    """The reports of all `runs` one below the other; None where nothing was measured.

    `about` is the target's key, or the host; `what` is what they are together, else their kinds say it. Times in the
    name are UTC, as in the text.
    """
    measured = [(run, run.result) for run in runs if run.result]
    if not measured:
        return None
    kinds = list(dict.fromkeys(run.kind for run, _ in measured))
    named = what or ("-".join(kinds) if len(kinds) <= 2 else "probes")
    began = min(result.started_at for _, result in measured).astimezone(UTC)
    parts = [slug(about)[:_PART_MAX], f"{began:%Y-%m-%d-%H%M}", slug(named)[:_PART_MAX]]
    name = "-".join(part.strip("-") for part in parts if part) + ".txt"
    label = next((run.label for run, _ in measured if run.step != "control"), about)
    several = f"{what or (' and '.join(kinds) if len(kinds) <= 2 else 'probes')} {label}, {len(measured)} reports"
    title = measured[0][0].name if len(measured) == 1 else several
    return Bundle(name, title, "\n\n".join(_part(run, result, alone=len(measured) == 1) for run, result in measured))


def bundle_of(batch: Batch) -> Bundle | None:
    """All that a request measured, with what looked from the customers' places."""
    label = next((run.label for run in batch.all_runs), batch.title)
    return bundle(batch.all_runs, about=batch.target or label, what="playbook" if batch.playbook else "")


def _part(run: ProbeRun, result: ProbeResult, *, alone: bool) -> str:
    text = report_of(result)[1].rstrip()
    return f"{text}\n" if alone else f"{_RULE}\n{_title(run)}\n{_RULE}\n{text}\n"


def _title(run: ProbeRun) -> str:
    return " ".join(f"{run.name}{' (to compare)' if run.step == 'control' else ''}".split())
