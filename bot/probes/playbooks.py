"""Playbooks: what each kind of target gets, as words of secondline.toml, and which of it starts when. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.probes.batch import Caps, LeftOut, PlannedRun
from bot.probes.icmp.path_verdict import MTR
from bot.probes.model import EVERYTHING, Before, ProbeKind, ProbeResult
from bot.probes.policy import subject_of
from bot.probes.registry import KINDS
from bot.targets.model import Target

On = Literal["target", "worst", "control"]
"""What a step looks at: all of the target, its worst address in the sweep, or the target's control."""

CUSTOMERS_STEP = "customers"
"""An MTR from the places of the reporting customers, as soon as the tickets are in."""
CUSTOMERS_KIND = MTR
CONTROL = "control "
BY_HAND = "by hand: "

# The sweep of the control goes beside that of the target, and the two MTRs beside each other: a comparison counts
# most when both sides were measured in the same seconds, and the whole takes 12 s.
USUAL: Mapping[str, tuple[str, ...]] = {
    "gateway": ("ping", "control ping", "mtr", "control mtr", "http", "tcp", "vpn", CUSTOMERS_STEP),
    "website": ("http", "dns", "tls", "page"),
    "payments": ("status", "http", "tls", "payment"),
    "app": ("by hand: reproduce it on a device",),
}
"""What each kind of target gets where secondline.toml says nothing else."""

NAMES = (*KINDS, *(CONTROL + name for name in KINDS), CUSTOMERS_STEP)
"""Every step that has a name; what is done by hand has its own words."""


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """One probe of a playbook. It starts when all steps of earlier `round`s are done."""

    kind: ProbeKind
    on: On
    round: int

    @property
    def key(self) -> str:
        return self.on + self.kind.name

    @property
    def of_control(self) -> bool:
        return self.on == "control"


@dataclass(frozen=True, slots=True)
class Playbook:
    """`steps` in their order; `by_hand` is what somebody must try, "" for nothing."""

    steps: tuple[ProbeStep, ...] = ()
    customers: bool = False
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class PlaybookPlan:
    """The whole of a playbook before it begins; the subject of a later step may become narrower when its turn comes.

    `customers` is whether it looks from their places too, where somebody measures there; `by_hand` as in Playbook.
    """

    steps: tuple[PlannedRun, ...]
    left_out: tuple[LeftOut, ...]
    customers: bool = False
    by_hand: str = ""

    @property
    def anything(self) -> bool:
        """Whether it is of any use to begin with it."""
        return bool(self.steps or self.customers or self.by_hand)


Playbooks = Mapping[str, Playbook]
"""By the kind of target."""


def is_step(word: str) -> bool:
    return word in NAMES or bool(word.startswith(BY_HAND) and word.removeprefix(BY_HAND).strip())


def read_playbook(words: Sequence[str], kinds: Mapping[str, ProbeKind] = KINDS) -> Playbook:
    """Steps start together unless one waits for what others find (see ProbeKind). All `words` are steps.

    Those of kinds that are not in `kinds` are passed over without a word: there is no program for them here.
    What stands after such a step does not start before it.
    """
    steps: list[ProbeStep] = []
    for word in words:
        kind = kinds.get(word.removeprefix(CONTROL))
        if kind:
            steps.append(_step(kind, "control" if word.startswith(CONTROL) else "target", steps))
    by_hand = next((word.removeprefix(BY_HAND).strip() for word in words if word.startswith(BY_HAND)), "")
    return Playbook(tuple(steps), CUSTOMERS_STEP in words, by_hand)


def _step(kind: ProbeKind, on: On, before: Sequence[ProbeStep]) -> ProbeStep:
    needed = [step.round for step in before if kind.after in (EVERYTHING, step.kind.name if step.on == on else "-")]
    number = max([1, *(step.round for step in before), *(earlier + 1 for earlier in needed)])
    return ProbeStep(kind, "worst" if kind.one_address and on == "target" and needed else on, number)


PLAYBOOKS: Playbooks = {kind: read_playbook(words) for kind, words in USUAL.items()}


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    playbooks: Playbooks = field(default_factory=lambda: PLAYBOOKS)
    caps: Caps = field(default_factory=Caps)


def plan(target: Target, control: Target | None, *, playbooks: Playbooks = PLAYBOOKS) -> PlaybookPlan:
    """Plans all that the target gets."""
    steps: list[PlannedRun] = []
    left_out: list[LeftOut] = []
    playbook = playbooks.get(target.kind, Playbook())
    for step in playbook.steps:
        looked_at = control if step.of_control else target
        subject = subject_of(looked_at) if looked_at else None
        if subject and step.kind.applies(subject):
            steps.append(PlannedRun(step.on, step.kind.name, subject))
        else:
            name = f"{step.kind.name} of the control" if step.of_control else step.kind.name
            left_out.append(LeftOut(name, step.kind.needs if subject else "no control is configured"))
    customers = playbook.customers and CUSTOMERS_KIND.applies(subject_of(target))
    if playbook.customers and not customers:
        left_out.append(LeftOut(f"{CUSTOMERS_KIND.name} from the customers", CUSTOMERS_KIND.needs))
    return PlaybookPlan(tuple(steps), tuple(left_out), customers, playbook.by_hand)


def next_steps(
    target: Target,
    control: Target | None,
    done: Iterable[tuple[str, ProbeResult]],
    *,
    playbooks: Playbooks = PLAYBOOKS,
) -> tuple[PlannedRun, ...]:
    """The steps to start now, all at once; none when the playbook is through.

    `done` are the results so far by `step + kind`. Steps whose subject has nothing for their kind are left out.
    """
    results, steps = dict(done), playbooks.get(target.kind, Playbook()).steps
    for number in sorted({step.round for step in steps}):
        waiting = [step for step in steps if step.round == number and step.key not in results]
        planned = [
            _planned(step, control if step.of_control else target, _before(step, steps, results)) for step in waiting
        ]
        if any(planned):
            return tuple(step for step in planned if step)
    return ()


def _before(step: ProbeStep, steps: Sequence[ProbeStep], results: Mapping[str, ProbeResult]) -> Before:
    """What the earlier steps on the same side found."""
    earlier = (other for other in steps if other.round < step.round and other.of_control == step.of_control)
    return {other.kind.name: results.get(other.key) for other in earlier}


def _planned(step: ProbeStep, looked_at: Target | None, before: Before) -> PlannedRun | None:
    subject = step.kind.narrowed(subject_of(looked_at), before) if looked_at else None
    return PlannedRun(step.on, step.kind.name, subject) if subject and step.kind.applies(subject) else None
