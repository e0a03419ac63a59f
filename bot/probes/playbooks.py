"""What each kind of target gets on opening: ordered probes, the next ones decided from the results so far. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.loose import line
from bot.probes.brief import short
from bot.probes.manual import STEPS
from bot.probes.model import DELAY, ProbeResult, Subject
from bot.probes.peers import worst_address
from bot.probes.policy import subject_of
from bot.targets.model import Target

On = Literal["target", "worst", "control"]
"""What a step looks at: all of the target, its worst address in the sweep, or the target's control."""

_PAGE_WITHIN_S = 4.0
"""A page takes up to 8 s, and a playbook 12: a site that was slower than this is looked at when somebody asks."""


@dataclass(frozen=True, slots=True)
class Step:
    """One probe of a playbook. It starts when all steps of earlier `round`s are done."""

    kind: str
    on: On
    round: int

    @property
    def key(self) -> str:
        return self.on + self.kind


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with the subject that it gets. `step` says why it is there; `step + kind` is its key in a batch."""

    step: On
    kind: str
    subject: Subject


# The sweep of the control goes beside that of the target, and the two MTRs beside each other: a comparison counts
# most when both sides were measured in the same seconds, and the whole takes 12 s.
PLAYBOOKS: Mapping[str, tuple[Step, ...]] = {
    "gateway": (
        Step("ping", "target", 1),
        Step("ping", "control", 1),
        Step("mtr", "worst", 2),
        Step("mtr", "control", 2),
        Step("http", "target", 2),
        Step("tcp", "target", 2),
        Step("vpn", "target", 2),
    ),
    "website": (
        Step("http", "target", 1),
        Step("dns", "target", 1),
        Step("tls", "target", 1),
        # After the others: a browser takes a core, and would disturb their times.
        Step("page", "target", 2),
    ),
    "payments": (Step("http", "target", 1), Step("tls", "target", 1), Step("payment", "target", 1)),
    "app": (),
}


def next_steps(
    target: Target,
    control: Target | None,
    done: Iterable[tuple[str, ProbeResult]],
    *,
    missing: Collection[str] = (),
) -> tuple[Planned, ...]:
    """The steps to start now, all at once; none when the playbook is through.

    `done` are the results so far by `step + kind`. Steps whose subject has nothing for their kind are left out, and so
    are the kinds in `missing`.
    """
    results = dict(done)
    wanted = [step for step in PLAYBOOKS.get(target.kind, ()) if step.kind not in missing]
    for number in sorted({step.round for step in wanted}):
        steps = [step for step in wanted if step.round == number and step.key not in results]
        planned = [each for step in steps if (each := _planned(step, target, control, results))]
        if planned:
            return tuple(planned)
    return ()


def has_playbook(target: Target, control: Target | None) -> bool:
    """Whether opening an investigation of the target starts anything."""
    return target.kind in STEPS or bool(next_steps(target, control, ()))


def playbook_verdict(results: Sequence[ProbeResult]) -> str:
    """One line about the target, whose results come first, and its control, whose label differs."""
    if not results:
        return "Nothing was measured"
    title = results[0].label
    own = [result for result in results if result.label == title]
    control = [result for result in results if result.label != title]
    line = f"{title}: {_summed(own) or _well(own)}"
    if not control:
        return line
    if not any(result.could_run for result in control):
        return f"{line}; control {control[0].label} could not be measured"
    trouble = _summed(control)
    if not trouble:
        return f"{line}; control {control[0].label} is clean"
    shared = ", so look at what both share" if _summed(own) else ""
    return f"{line}; control {control[0].label} is not clean either: {trouble}{shared}"


def _planned(step: Step, target: Target, control: Target | None, results: Mapping[str, ProbeResult]) -> Planned | None:
    looked_at = control if step.on == "control" else target
    if looked_at is None:
        return None
    subject = subject_of(looked_at)
    if step.kind == "mtr":
        subject = _worst(subject, results.get("controlping" if step.on == "control" else "targetping"))
    if step.kind == "page" and not _answers_soon(results.get("targethttp")):
        return None
    return Planned(step.on, step.kind, subject) if applies(step.kind, subject) else None


def _answers_soon(http: ProbeResult | None) -> bool:
    """Whether there is anything to see, and time left to look at it."""
    if http is None or http.duration_s > _PAGE_WITHIN_S:
        return False
    return any(reading.data.get("status") for reading in http.readings)


def _worst(subject: Subject, sweep: ProbeResult | None) -> Subject:
    """The subject narrowed to the address that the sweep shows as its worst."""
    address = worst_address(sweep.readings) if sweep else ""
    return replace(subject, hosts=(), addresses=(address,)) if address else subject


def applies(kind: str, subject: Subject) -> bool:
    """Whether the subject has anything that this kind looks at."""
    needed = {
        "ping": subject.hosts or subject.addresses,
        "mtr": subject.hosts or subject.addresses,
        "http": subject.urls,
        "dns": subject.names,
        "tls": subject.tls,
        "tcp": subject.ports,
        "vpn": subject.vpn,
        "payment": subject.test_payment,
        "page": subject.urls,
    }
    return bool(needed[kind])


def _summed(results: Sequence[ProbeResult]) -> str:
    """What is wrong, the sweep first; "" where nothing is. What could not run counts only where all else is well."""
    bad = [result for result in results if not result.ok and result.could_run]
    barred = [f"{result.kind} could not run ({result.verdict})" for result in results if not result.could_run]
    # A browser stumbles over what the others have found already, and says less of it.
    parts = [short(result) for result in bad if result.kind != "page"] or [short(result) for result in bad]
    traced_well = next((result for result in results if result.kind == "mtr" and result.ok), None)
    if traced_well and any(result.kind == "ping" for result in bad):
        delay = line(traced_well.data.get(DELAY))
        parts.append(f"the MTR after it shows no loss, and {delay}" if delay else "the MTR after it is clean")
    return "; ".join(parts or barred[:1])


def _well(results: Sequence[ProbeResult]) -> str:
    kinds = list(dict.fromkeys(result.kind for result in results))
    return f"nothing wrong from here ({', '.join(kinds)})"
