"""What a sweep of several targets found, target by target, the worst first. Pure."""

from collections.abc import Mapping

from bot.probes.batch import Batch
from bot.probes.model import Fault
from bot.slack.text import foreign

Titles = Mapping[str, str]
"""What people call the target of an address."""
NO_TITLES: Titles = {}
TARGETS_MAX = 6
"""With the headline, what it was before and who wanted it a message has ten lines."""
_NAMED_MAX = 2
_NO_TARGET = "Other addresses"


def fleet_lines(batch: Batch, titles: Titles) -> list[str]:
    """ "U.S. East: 3 addresses, 203.0.113.7: no answer to 10, 203.0.113.9: 4 of 10 lost and 1 more"."""
    verdict = batch.results[0].verdict if batch.ended and batch.results else None
    if not verdict or not verdict.measured:
        return []
    by_target: dict[str, list[Fault]] = {}
    for fault in verdict.faults:
        by_target.setdefault(titles.get(fault.about.address or fault.about.name, _NO_TARGET), []).append(fault)
    ordered = sorted(by_target.items(), key=lambda group: (-len(group[1]), group[0]))
    lines = [_line(title, faults) for title, faults in ordered[:TARGETS_MAX]]
    left = len(ordered) - TARGETS_MAX
    lines += [f"and {left} more targets, see *Details*."] if left > 0 else []
    hidden = verdict.failing - len(verdict.faults)
    lines += [f"The worst {len(verdict.faults)} are listed: the file in *Details* has all."] if hidden > 0 else []
    return [*lines, *(foreign(caveat, 300) for caveat in verdict.caveats)]


def _line(title: str, faults: list[Fault]) -> str:
    named = [f"{fault.about.name}: {fault.wrong}" for fault in faults[:_NAMED_MAX]]
    more = f" and {len(faults) - _NAMED_MAX} more" if len(faults) > _NAMED_MAX else ""
    return f"*{foreign(title, 60)}*: {foreign(', '.join(named), 200)}{more}"
