"""The whole of a playbook before it begins: every step that it will take, and why others are left out. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.probes.batch import LeftOut
from bot.probes.playbooks import Planned, applies, steps_of
from bot.probes.policy import subject_of
from bot.probes.steps import CUSTOMERS_KIND, NEEDS, PLAYBOOKS, Playbook, Playbooks, Step
from bot.targets.model import Target


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in their order; the subject of a later one may become narrower when its turn comes.

    `customers` is whether it looks from their places too, where somebody measures there; `by_hand` as in Playbook.
    """

    steps: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...]
    customers: bool = False
    by_hand: str = ""

    @property
    def anything(self) -> bool:
        """Whether it is of any use to begin with it."""
        return bool(self.steps or self.customers or self.by_hand)


def plan(
    target: Target, control: Target | None, *, playbooks: Playbooks = PLAYBOOKS, missing: Collection[str] = ()
) -> Plan:
    """All that the target gets; kinds in `missing` are passed over without a word."""
    steps: list[Planned] = []
    left_out: list[LeftOut] = []
    for step in steps_of(target, playbooks, missing):
        looked_at = control if step.on == "control" else target
        subject = subject_of(looked_at) if looked_at else None
        if subject and applies(step.kind, subject):
            steps.append(Planned(step.on, step.kind, subject))
        else:
            left_out.append(LeftOut(_named(step), NEEDS[step.kind] if subject else "no control is configured"))
    playbook = playbooks.get(target.kind, Playbook())
    customers = playbook.customers and applies(CUSTOMERS_KIND, subject_of(target))
    if playbook.customers and not customers:
        left_out.append(LeftOut(f"{CUSTOMERS_KIND} from the customers", NEEDS[CUSTOMERS_KIND]))
    return Plan(tuple(steps), tuple(left_out), customers, playbook.by_hand)


def _named(step: Step) -> str:
    return f"{step.kind} of the control" if step.on == "control" else step.kind
