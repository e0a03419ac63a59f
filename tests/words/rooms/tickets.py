"""The list of tickets, and what is answered to whoever names some."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.tickets import cards, forms
from bot.tickets.collection import Collected, LinkState, ListPart, NamedTickets, Receipt, TicketMove
from bot.tickets.stream_cards import stream_lines
from bot.tickets.stream_model import StreamStanding, StreamWay
from tests.words.plain import Message
from tests.words.records import COLLECTED, NOW, TICKETS, WATCH, at, ticket


def messages() -> Mapping[str, Message]:
    return {**_lists(), **_receipts(), **_stream()}


def _stream() -> Mapping[str, Message]:
    reading = StreamStanding(enabled=True, days=12, of_days=28, left=timedelta(minutes=6.4))
    filled = StreamStanding(enabled=True, filled=True, complete_until=at(-42))
    away: dict[str, Any] = {"failing_since": at(-40), "reason": "unreachable: connection refused"}
    standings = {
        "the history is read": reading,
        "the history begins": replace(reading, days=0, left=None),
        "by search, the history ends": replace(reading, days=27, way=StreamWay.SEARCH, left=timedelta(seconds=9)),
        "the history, Zendesk is away": replace(reading, **away),
        "a long history": replace(reading, of_days=90, left=timedelta(hours=2.2)),
        "catching up": replace(filled, behind=True),
        "by search": replace(filled, way=StreamWay.SEARCH),
        "Zendesk is away": replace(filled, behind=True, **away),
    }
    return {f"Lines of /t2 status, {name}": stream_lines(standing) for name, standing in standings.items()}


def _lists() -> Mapping[str, Message]:
    odd = (
        ticket(20, LinkState.CONFIRMED, tag_failure="422: tags are locked"),
        ticket(21, added_by="UTOM", new=True),
        ticket(22, LinkState.CONFIRMED, matches=False),
    )
    says = tuple(ticket(number, says=True, listed_as=ListPart.SAYS) for number in range(12, 15))
    trend = tuple(ticket(n, of_trend=True, matches=n > 41, listed_as=ListPart.TREND) for n in range(40, 44))
    newer = (ticket(24, rank=None), ticket(25, rank=None, added_by="UTOM"))
    named = ticket(23, added_by="UTOM", listed_as=ListPart.NAMED)
    elsewhere: dict[str, Any] = {"listed_as": ListPart.ELSEWHERE, "elsewhere": 2}
    by_jo = ticket(26, LinkState.REJECTED, decided_by="UJO", decided_at=at(-3))
    undo = Receipt(9, 4, "UKIM", LinkState.CONFIRMED, dict.fromkeys(range(6), "suggested"), False)
    states = {
        "searching": replace(COLLECTED, watch=replace(WATCH, total=None), tickets=()),
        "none": Collected(replace(WATCH, total=0, last_hour=0), ()),
        "one": Collected(replace(WATCH, total=1, last_hour=1), TICKETS[7:8]),
        "many": COLLECTED,
        "second page": replace(COLLECTED, watch=replace(WATCH, page=1), tickets=tuple(map(ticket, range(12)))),
        "no rise": Collected(replace(WATCH, total=32, last_hour=2), TICKETS[:3]),
        "odd ones": Collected(WATCH, odd, rejected=TICKETS[:1]),
        "others belong elsewhere": replace(
            COLLECTED, left_out=(ticket(30, **elsewhere), ticket(31, **elsewhere), ticket(32, unfit="platform"))
        ),
        "with the words first": Collected(WATCH, (*says, named, *TICKETS[6:10])),
        "of a trend": Collected(WATCH, (*trend, *says, *TICKETS[6:8])),
        "newer ones wait": replace(COLLECTED, tickets=(*newer, *TICKETS[6:9])),
        "decided by two, the last can be undone": Collected(WATCH, TICKETS[:6], (by_jo,), last=undo),
        "some were moved": replace(
            COLLECTED,
            tickets=TICKETS[6:9],
            rejected=tuple(
                replace(each, state=LinkState.REJECTED, decided_by="UJO", decided_at=at(42), moved_to=9)
                for each in TICKETS[:2]
            ),
        ),
        "Zendesk is away": replace(COLLECTED, watch=replace(WATCH, failing_since=at(-4), failure="timed out")),
        "over": replace(COLLECTED, watch=replace(WATCH, active=False)),
    }
    return {f"List, {name}": cards.card(collected, per_page=10) for name, collected in states.items()}


MOVED = TicketMove(1, 4, 9, NOW, "UKIM", {"48501": [], "48502": []})


def _receipts() -> Mapping[str, Message]:
    taken = NamedTickets(True, taken=(48501, 48502), receipt=3)
    mixed = NamedTickets(True, same=(48503,), missing=(9,), ruled_out={48504: "UJO"})
    return {
        "Named: added": cards.receipt(taken, 4),
        "Named: suggested by Tier 1": cards.receipt(replace(taken, confirmed=False), 4),
        "Named: some left out": cards.receipt(mixed, 4, loose=(20,)),
        "Named: taken off": cards.receipt(taken, 4, removed=True),
        "Named: taken off, were not there": cards.receipt(NamedTickets(True, same=(7,), missing=(9,)), 4, removed=True),
        "Moved to another one": cards.moved(MOVED, ()),
        "Moved to another one, but for some": cards.moved(MOVED, (9,)),
        "Form: move tickets": forms.move_form(COLLECTED, [("INV-9 U.S. West", "9")], [48501]),
        "Undone": cards.undone((48501, 48502), ()),
        "Undone, but for one": cards.undone((48501,), (48502,)),
        "Undone before": cards.undone((), ()),
    }
