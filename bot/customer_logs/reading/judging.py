"""Which of the known lines of a log are told, and in which order. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.customer_logs.model import Role
from bot.customer_logs.reading.identity import Identity
from bot.customer_logs.reading.knowledge import Knowledge
from bot.customer_logs.reading.pages import SIGN, Page, Places
from bot.customer_logs.reading.scanning import is_in
from bot.customer_logs.reading.signatures import Signature

_BOUND = re.compile(r"(>=|<=|<|>|==)(.+)")
_NUMBER = re.compile(r"\d{1,9}")
BEHIND = 50
"""So many lines behind a line what hides it may stand."""
LATE = 0.75
"""What is in the last quarter of a log is what the customer still had when they sent it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A signature, and where it holds in this log."""

    signature: Signature
    places: Places
    writers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`normal` are lines that look like trouble and aren't."""

    causes: tuple[Known, ...] = ()
    consequences: tuple[Known, ...] = ()
    normal: frozenset[int] = field(default=frozenset())


def judge(page: Page, known: Knowledge, identity: Identity) -> Judgement:
    clients = frozenset(key for key, program in known.programs.items() if program.kind == "client")
    there: dict[str, Known] = {}
    normal: set[int] = set()
    for name, places in page.found(SIGN):
        signature = known.signatures[name]
        if not _applies(signature, identity, clients):
            continue
        if signature.role is Role.NORMAL:
            normal.update(places.lines)
            there[name] = Known(signature, places)
            continue
        left, fine = _without_normal(page, signature, places)
        normal.update(fine)
        if left.count:
            there[name] = Known(signature, left, _writers(signature, known, identity))
    shown = [each for each in there.values() if not _is_hidden(each, there)]
    causes = _ranked(page, (each for each in shown if each.signature.role is Role.CAUSE))
    consequences = _ranked(page, (each for each in shown if each.signature.role is Role.CONSEQUENCE))
    return Judgement(causes, consequences, frozenset(normal))


def _applies(signature: Signature, identity: Identity, clients: frozenset[str]) -> bool:
    return (
        identity.may_write(signature.programs, clients)
        and (not signature.platforms or not identity.platform or identity.platform in signature.platforms)
        and (not signature.versions or not identity.version or is_within(identity.version, signature.versions))
    )


def is_within(version: str, bounds: Iterable[str]) -> bool:
    """Whether a version keeps all bounds: "2.6.3" and ">=2.5"."""
    return all(_keeps(version, bound) for bound in bounds)


def _keeps(version: str, bound: str) -> bool:
    hit = _BOUND.fullmatch(bound)
    assert hit
    limit = _numbers(hit[2])
    here = _numbers(version)[: len(limit)] if hit[1] in ("==", "<=", ">") else _numbers(version)
    here = (*here, *([0] * (len(limit) - len(here))))
    return {">=": here >= limit, "<=": here <= limit, "<": here < limit, ">": here > limit, "==": here == limit}[hit[1]]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, _NUMBER.findall(version)))


def _without_normal(page: Page, signature: Signature, places: Places) -> tuple[Places, list[int]]:
    """The places without those near a line that makes them normal, and these."""
    if signature.normal_if is None:
        return places, []
    near, reach = signature.normal_if.near, signature.normal_if.within_lines
    fine = [
        line
        for line in places.lines
        if any(is_in(near, each) for each in page.lines[max(0, line - reach) : line + reach + 1])
    ]
    left = [line for line in places.lines if line not in set(fine)]
    if not left:
        return Places(), fine
    count = places.count - len(fine)
    return replace(
        places, count=count, first=left[0], last=max(left[-1], places.last if count > len(left) else 0), lines=left
    ), fine


def _is_hidden(known: Known, there: Mapping[str, Known]) -> bool:
    hiders = (there[name] for name in known.signature.hidden_by if name in there)
    return any(hider.places.first <= known.places.first + BEHIND for hider in hiders)


def _writers(signature: Signature, known: Knowledge, identity: Identity) -> tuple[str, ...]:
    """Who could have written it, where that is more than one and the log does not tell."""
    wrote = [key for key in signature.programs if key in identity.clients or key in identity.others]
    able = wrote or list(signature.programs)
    return tuple(known.programs[key].title for key in able) if len(able) > 1 else ()


def _ranked(page: Page, those: Iterable[Known]) -> tuple[Known, ...]:
    """What happens often and still at the end comes first, then what came first."""
    late = len(page.lines) * LATE

    def order(each: Known) -> tuple[bool, int, int]:
        weight = min(each.places.count, 5) + 4 * (each.places.last >= late)
        return not each.signature.own, -weight, each.places.first

    return tuple(sorted(those, key=order))
