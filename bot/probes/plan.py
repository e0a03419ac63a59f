"""The whole of a playbook before it begins: every step that it will take, and why others are left out. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.probes.batch import LeftOut
from bot.probes.playbooks import PLAYBOOKS, Planned, Step, applies
from bot.probes.policy import subject_of
from bot.targets.model import Target

CUSTOMERS_KIND: Mapping[str, str] = {"gateway": "mtr"}
"""What is measured from the places of the reporting customers, by the kind of target."""

_NEEDS: Mapping[str, str] = {
    "ping": "no hosts or addresses",
    "mtr": "no hosts or addresses",
    "http": "no urls",
    "dns": "no names",
    "tls": "no tls endpoints",
    "tcp": "no ports",
    "vpn": "no vpn services",
    "payment": "test_payment is off",
    "page": "no urls",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in their order; the subject of a later one may become narrower when its turn comes."""

    steps: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...]


def plan(target: Target, control: Target | None, *, missing: Collection[str] = ()) -> Plan:
    """What opening an investigation of the target starts; kinds in `missing` are passed over without a word."""
    steps: list[Planned] = []
    left_out: list[LeftOut] = []
    for step in (step for step in PLAYBOOKS.get(target.kind, ()) if step.kind not in missing):
        looked_at = control if step.on == "control" else target
        subject = subject_of(looked_at) if looked_at else None
        if subject and applies(step.kind, subject):
            steps.append(Planned(step.on, step.kind, subject))
        else:
            left_out.append(LeftOut(_named(step), _NEEDS[step.kind] if subject else "no control is configured"))
    return Plan(tuple(steps), tuple(left_out))


def _named(step: Step) -> str:
    return f"{step.kind} of the control" if step.on == "control" else step.kind
