"""The list of tickets as people tick it: its order, its pages, what waits behind it, and who decided what. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.reading.judgement import Nearness
from bot.tickets.collection import Collected, LinkedTicket, LinkState, ListPart

_PARTS = tuple(ListPart)


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What one message shows of the list. Tickets keep their page while others are decided: nothing moves."""

    number: int = 0
    tickets: tuple[LinkedTicket, ...] = ()
    """Those of the page that wait for a decision."""
    at: int = 1
    of: int = 1
    """The how manieth it is of the pages on which something waits."""
    before: int | None = None
    after: int | None = None
    """The numbers of the pages beside it."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What one person decided, as it stands now."""

    by: str
    related: int
    unrelated: int
    last_at: datetime | None


def page_of(collected: Collected, per_page: int) -> TicketPage:
    """The page that people turned to; where all of it is decided, the next one on which something waits."""
    listed, waiting = collected.listed, {ticket.ticket_id for ticket in collected.waiting}
    pages = [
        _in_parts(ticket for ticket in listed[start : start + per_page] if ticket.ticket_id in waiting)
        for start in range(0, len(listed), per_page)
    ]
    numbers = [number for number, tickets in enumerate(pages) if tickets]
    if not numbers:
        return TicketPage()
    at = next((at for at, number in enumerate(numbers) if number >= collected.watch.page), len(numbers) - 1)
    return TicketPage(
        number=numbers[at],
        tickets=pages[numbers[at]],
        at=at + 1,
        of=len(numbers),
        before=numbers[at - 1] if at else None,
        after=numbers[at + 1] if at + 1 < len(numbers) else None,
    )


def _in_parts(tickets: Iterable[LinkedTicket]) -> tuple[LinkedTicket, ...]:
    """One that came back to the list stands in its part, not behind all."""
    return tuple(sorted(tickets, key=lambda ticket: _PARTS.index(ticket.listed_as)))


def list_order(collected: Collected) -> list[tuple[int, ListPart]]:
    """All that wait for a decision, in the order in which they are listed.

    Those of the trend come first, then those with the words that somebody typed, then those that tell the same in
    others; those of another investigation come last. In each the unsolved stand first, then the newest.
    """
    parts = {ticket.ticket_id: _part(ticket, told=bool(collected.watch.symptom)) for ticket in collected.undecided}
    ordered = sorted(
        collected.undecided,
        key=lambda ticket: (
            _PARTS.index(parts[ticket.ticket_id]),
            ticket.status in ("solved", "closed", "deleted"),
            -ticket.created_at.timestamp(),
            -ticket.ticket_id,
        ),
    )
    return [(ticket.ticket_id, parts[ticket.ticket_id]) for ticket in ordered]


def decisions(collected: Collected) -> list[Decisions]:
    """One for each person, the latest first."""
    people: dict[str, list[LinkedTicket]] = {}
    for ticket in (*collected.confirmed, *(each for each in collected.rejected if not each.moved_to)):
        if who := ticket.decided_by or ticket.added_by:
            people.setdefault(who, []).append(ticket)
    listed = [_decisions(who, tickets) for who, tickets in people.items()]
    return sorted(listed, key=lambda person: -person.last_at.timestamp() if person.last_at else 0.0)


def _decisions(who: str, tickets: Sequence[LinkedTicket]) -> Decisions:
    related = sum(ticket.state is LinkState.CONFIRMED for ticket in tickets)
    times = [ticket.decided_at for ticket in tickets if ticket.decided_at]
    return Decisions(who, related, len(tickets) - related, max(times, default=None))


def _part(ticket: LinkedTicket, *, told: bool) -> ListPart:
    """`told` is whether somebody said what is wrong: without that all of a target is the same."""
    if ticket.elsewhere:
        return ListPart.ELSEWHERE
    if ticket.of_trend:
        return ListPart.TREND
    if ticket.says:
        return ListPart.SAYS
    if told and ticket.near == Nearness.SAME:
        return ListPart.SAME
    return ListPart.NAMED if ticket.added_by else ListPart.AREA
