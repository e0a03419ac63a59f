"""What each kind of target gets on opening: ordered probes, the next ones decided from the results so far. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.probes.icmp.peers import worst_address
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import subject_of
from bot.probes.steps import PLAYBOOKS, On, Playbook, Playbooks, Step
from bot.targets.model import Target

_PAGE_WITHIN_S = 4.0
"""A page takes up to 8 s, and a playbook 12: a site that was slower than this is looked at when somebody asks."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with the subject that it gets. `step` says why it is there; `step + kind` is its key in a batch."""

    step: On
    kind: str
    subject: Subject


def next_steps(
    target: Target,
    control: Target | None,
    done: Iterable[tuple[str, ProbeResult]],
    *,
    playbooks: Playbooks = PLAYBOOKS,
    missing: Collection[str] = (),
) -> tuple[Planned, ...]:
    """The steps to start now, all at once; none when the playbook is through.

    `done` are the results so far by `step + kind`. Steps whose subject has nothing for their kind are left out, and so
    are the kinds in `missing`.
    """
    results = dict(done)
    wanted = steps_of(target, playbooks, missing)
    for number in sorted({step.round for step in wanted}):
        steps = [step for step in wanted if step.round == number and step.key not in results]
        planned = [each for step in steps if (each := _planned(step, target, control, results, wanted))]
        if planned:
            return tuple(planned)
    return ()


def steps_of(target: Target, playbooks: Playbooks, missing: Collection[str]) -> list[Step]:
    """The probes of the target's playbook, without the kinds in `missing`."""
    return [step for step in playbooks.get(target.kind, Playbook()).steps if step.kind not in missing]


def _planned(
    step: Step, target: Target, control: Target | None, results: Mapping[str, ProbeResult], wanted: Sequence[Step]
) -> Planned | None:
    looked_at = control if step.on == "control" else target
    if looked_at is None:
        return None
    subject = subject_of(looked_at)
    if step.kind == "mtr":
        subject = _worst(subject, results.get("controlping" if step.on == "control" else "targetping"))
    if step.kind == "page" and not _worth_a_look(step, results, wanted):
        return None
    return Planned(step.on, step.kind, subject) if applies(step.kind, subject) else None


def _worth_a_look(page: Step, results: Mapping[str, ProbeResult], wanted: Sequence[Step]) -> bool:
    """Whether there is anything to see, and time left to look at it, as far as the playbook asks before."""
    if not any((step.kind, step.on) == ("http", page.on) and step.round < page.round for step in wanted):
        return True
    http = results.get(page.on + "http")
    if http is None or http.duration_s > _PAGE_WITHIN_S:
        return False
    return any(reading.numbers.status for reading in http.readings)


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
        "status": subject.status_of,
        "page": subject.urls,
    }
    return bool(needed[kind])
