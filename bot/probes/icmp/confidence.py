"""How sure it is where loss starts, by a rule that is shown, and what would make it surer. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.probes.icmp.path_facts import Confidence
from bot.probes.model import Verdict

MEDIUM_PACKETS, HIGH_PACKETS = 30, 100
"""To each hop in question. At a loss of 10 % these put the start within about two hops, and at one."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What would lead to the next level: `packets` to each hop in all, or `another_network`; and a clean `control`.

    Each is 0 or False where it would not help; nothing is missing at the highest level.
    """

    packets: int = 0
    control: bool = False
    another_network: bool = False


def confidence(packets: int, *, clean_control: bool, agreeing_networks: int = 1) -> Confidence:
    """Low from one place or under 30 packets a hop, medium from 30 with a clean control, and high from 100, or from
    two places in different networks that agree, with a clean control."""
    if not clean_control:
        return Confidence.LOW
    if packets >= HIGH_PACKETS or agreeing_networks >= 2:
        return Confidence.HIGH
    return Confidence.MEDIUM if packets >= MEDIUM_PACKETS else Confidence.LOW


def missing(packets: int, *, clean_control: bool, agreeing_networks: int = 1) -> Missing:
    """What leads from the level of these to the next one, or over it."""
    if confidence(packets, clean_control=clean_control, agreeing_networks=agreeing_networks) is Confidence.HIGH:
        return Missing()
    if agreeing_networks < 2 and packets < MEDIUM_PACKETS:
        return Missing(MEDIUM_PACKETS, not clean_control, another_network=True)
    return Missing(HIGH_PACKETS, another_network=True) if clean_control else Missing(control=True)


def agree(one: Verdict, other: Verdict) -> bool:
    """Whether two paths to the same target, seen from different places, may lose packets at the same router."""
    if one.about.address != other.about.address or not (one.path and other.path):
        return False
    own, theirs = one.path.begins, other.path.begins
    return own is not None and theirs is not None and bool({*own.hosts} & {*theirs.hosts})


def judged(
    verdict: Verdict,
    *,
    control: Verdict | None = None,
    network: str = "",
    others: Iterable[tuple[str, Verdict]] = (),
) -> tuple[Verdict, Missing]:
    """The verdict with its confidence, and what is missing; nothing of both where it does not say where loss starts.

    `control` is the same probe on a healthy target, `network` the one that the verdict was seen from, and `others` are
    networks with what was seen from there; one without a name counts as none but the first.
    """
    if verdict.path is None or verdict.path.begins is None:
        return verdict, Missing()
    clean = control is not None and control.ok and not control.may_be_chance
    elsewhere = {name for name, other in others if name not in ("", network) and agree(verdict, other)}
    packets, networks = verdict.path.begins.packets, 1 + len(elsewhere)
    level = confidence(packets, clean_control=clean, agreeing_networks=networks)
    lacking = missing(packets, clean_control=clean, agreeing_networks=networks)
    return replace(verdict, path=replace(verdict.path, confidence=level)), lacking
