"""What the customers of a round wrote about, as they know it: the kind of target, and what it is called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from attrs import define

from bot.investigations.service import InvestigationService
from bot.names import names_listed
from bot.replies.model import Round
from bot.targets.model import Catalog, Target

NAMED_MAX = 3
"""More places than these are not listed: the customer has one of them."""


@dataclass(frozen=True, slots=True)
class RoundSubject:
    """`kind` and `name` are "" where the customers of one round wrote about things of several kinds."""

    kind: str = ""
    name: str = ""


def subject_of(targets: Sequence[Target]) -> RoundSubject:
    """Says what fits each of these; those with the most tickets are named first."""
    kinds = {target.kind for target in targets}
    names = [title for title, _ in Counter(target.title for target in targets).most_common()]
    if len(kinds) != 1:
        return RoundSubject()
    return RoundSubject(kinds.pop(), names_listed(names) if len(names) <= NAMED_MAX else "")


@define(kw_only=True, eq=False, repr=False, slots=False)
class RoundSubjects:
    """Knows which targets the investigations are about that a round's tickets belong to."""

    _investigations: InvestigationService
    _catalog: Catalog

    def of(self, reply_round: Round) -> RoundSubject:
        numbers = [reply.investigation_id for reply in reply_round.replies if reply.investigation_id]
        targets = {number: self._investigations.get(number).target for number in set(numbers)}
        return subject_of([self._catalog.named(targets[number]) for number in numbers])
