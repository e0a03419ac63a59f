"""The steps of playbooks as words of secondline.toml, and what follows from their order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

On = Literal["target", "worst", "control"]
"""What a step looks at: all of the target, its worst address in the sweep, or the target's control."""

CUSTOMERS_STEP = "customers"
"""An MTR from the places of the reporting customers, as soon as the tickets are in."""
CUSTOMERS_KIND = "mtr"
CONTROL = "control "
BY_HAND = "by hand: "

NEEDS: Mapping[str, str] = {
    "ping": "no hosts or addresses",
    "mtr": "no hosts or addresses",
    "http": "no urls",
    "dns": "no names",
    "tls": "no tls endpoints",
    "tcp": "no ports",
    "vpn": "no vpn services",
    "payment": "test_payment is off",
    "status": "no status page is configured for it",
    "page": "no urls",
}
"""Each kind of probe, and what is said where a target has nothing for it."""

USUAL: Mapping[str, tuple[str, ...]] = {
    "gateway": ("ping", "control ping", "mtr", "control mtr", "http", "tcp", "vpn", CUSTOMERS_STEP),
    "website": ("http", "dns", "tls", "page"),
    "payments": ("status", "http", "tls", "payment"),
    "app": ("by hand: reproduce it on a device",),
}
"""What each kind of target gets where secondline.toml says nothing else."""

NAMES = (*NEEDS, *(CONTROL + kind for kind in NEEDS), CUSTOMERS_STEP)
"""Every step that has a name; what is done by hand has its own words."""


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
class Playbook:
    """`steps` in their order; `by_hand` is what somebody must try, "" for nothing."""

    steps: tuple[Step, ...] = ()
    customers: bool = False
    by_hand: str = ""


Playbooks = Mapping[str, Playbook]
"""By the kind of target."""


def is_step(word: str) -> bool:
    return word in NAMES or bool(word.startswith(BY_HAND) and word.removeprefix(BY_HAND).strip())


def read_playbook(words: Sequence[str]) -> Playbook:
    """Steps start together unless one needs what others found: an mtr its sweep, a page all before it.

    What stands after such a step does not start before it. All `words` are steps.
    """
    steps: list[Step] = []
    for word in words:
        if word.removeprefix(CONTROL) in NEEDS:
            steps.append(_step(word, steps))
    by_hand = next((word.removeprefix(BY_HAND).strip() for word in words if word.startswith(BY_HAND)), "")
    return Playbook(tuple(steps), CUSTOMERS_STEP in words, by_hand)


def _step(word: str, before: Sequence[Step]) -> Step:
    kind = word.removeprefix(CONTROL)
    on: On = "control" if word.startswith(CONTROL) else "target"
    needed = [step.round for step in before if _needs(kind, on, step)]
    number = max([1, *(step.round for step in before), *(each + 1 for each in needed)])
    return Step(kind, "worst" if kind == "mtr" and on == "target" and needed else on, number)


def _needs(kind: str, on: On, step: Step) -> bool:
    """Whether a probe waits for an earlier step. A browser takes a core, and would disturb the others' times."""
    return kind == "page" or (kind == "mtr" and (step.kind, step.on) == ("ping", on))


# The sweep of the control goes beside that of the target, and the two MTRs beside each other: a comparison counts
# most when both sides were measured in the same seconds, and the whole takes 12 s.
PLAYBOOKS: Playbooks = {kind: read_playbook(words) for kind, words in USUAL.items()}
