"""Which tickets that a search finds can't be about an investigation, whatever words they have in common. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.reading.mentions import (
    MONEY,
    MentionedKeys,
    Mentions,
    TargetNames,
    about,
)
from bot.targets.model import Catalog
from bot.tickets.collection import Watch
from bot.tickets.model import Ticket

_TAG = re.compile(r"inv-([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class Fit:
    """In one word what contradicts ("platform", "target", "topic"), "" for nothing; whose tag it has in the desk."""

    unfit: str
    tagged_for: tuple[int, ...]


class TicketFitting:
    """Compares what both say; silence of either rules nothing out."""

    def __init__(self, *, catalog: Catalog) -> None:
        self._naming = TargetNames(catalog=catalog)

    def judged(self, watch: Watch, tickets: Iterable[Ticket]) -> dict[int, Fit]:
        """Each ticket by its number; reads a thousand characters of each, so not for the event loop."""
        trouble = self._naming.trouble(watch.target, watch.symptom) if watch.target else about(watch.symptom)
        if not trouble.topics <= MONEY:
            # Who wants a refund because nothing connects has that trouble too.
            trouble = replace(trouble, topics=frozenset())
        by_number = {ticket.id: ticket for ticket in tickets}
        return {number: Fit(self._said(ticket).apart(trouble), _tagged(ticket)) for number, ticket in by_number.items()}

    def _said(self, ticket: Ticket) -> Mentions:
        tags = " ".join(tag.replace("_", " ") for tag in ticket.tags)
        said, tagged = about(ticket.subject, ticket.text, targets=self._naming.names), about(tags)
        # A tag says what somebody chose; for what is asked the customer's own words count.
        # The search found a word of the target, be it in a comment: that another one is named too says nothing.
        targets = MentionedKeys(fine=said.targets.fine)
        return Mentions(said.platforms | tagged.platforms, said.browsers | tagged.browsers, targets, said.topics)


def _tagged(ticket: Ticket) -> tuple[int, ...]:
    """The investigations whose tag it has, whoever set it."""
    return tuple(int(hit[1]) for tag in ticket.tags if (hit := _TAG.fullmatch(tag.lower())))
