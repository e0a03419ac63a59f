"""The list of tickets, and what is answered to whoever names some."""

from collections.abc import Mapping
from dataclasses import replace

from bot.tickets import cards
from bot.tickets.collection import Collected, LinkState, NamedTickets
from tests.words.plain import Message
from tests.words.records import COLLECTED, TICKETS, WATCH, at, ticket


def messages() -> Mapping[str, Message]:
    return {**_lists(), **_receipts()}


def _lists() -> Mapping[str, Message]:
    odd = (
        ticket(20, LinkState.CONFIRMED, tag_failure="422: tags are locked"),
        ticket(21, added_by="UTOM", new=True),
        ticket(22, LinkState.CONFIRMED, matches=False),
    )
    states = {
        "searching": replace(COLLECTED, watch=replace(WATCH, total=None), tickets=()),
        "none": Collected(replace(WATCH, total=0, last_hour=0), ()),
        "one": Collected(replace(WATCH, total=1, last_hour=1), TICKETS[7:8]),
        "many": replace(COLLECTED, watch=replace(WATCH, saying=9)),
        "second page": replace(COLLECTED, watch=replace(WATCH, page=1)),
        "no rise": Collected(replace(WATCH, total=32, last_hour=2), TICKETS[:3]),
        "odd ones": Collected(WATCH, odd, rejected=TICKETS[:1]),
        "others belong elsewhere": replace(
            COLLECTED, left_out=(ticket(30, elsewhere=2), ticket(31, elsewhere=2), ticket(32, unfit="platform"))
        ),
        "Zendesk is away": replace(COLLECTED, watch=replace(WATCH, failing_since=at(-4), failure="timed out")),
        "over": replace(COLLECTED, watch=replace(WATCH, active=False)),
    }
    return {f"List, {name}": cards.card(collected, per_page=5) for name, collected in states.items()}


def _receipts() -> Mapping[str, Message]:
    taken = NamedTickets(True, taken=(48501, 48502), receipt=3)
    mixed = NamedTickets(True, same=(48503,), missing=(9,), ruled_out={48504: "UJO"})
    return {
        "Named: added": cards.receipt(taken, 4),
        "Named: suggested by Tier 1": cards.receipt(replace(taken, confirmed=False), 4),
        "Named: some left out": cards.receipt(mixed, 4, loose=(20,)),
        "Named: taken off": cards.receipt(taken, 4, removed=True),
        "Named: taken off, were not there": cards.receipt(NamedTickets(True, same=(7,), missing=(9,)), 4, removed=True),
        "Undone": cards.undone((48501, 48502), ()),
        "Undone, but for one": cards.undone((48501,), (48502,)),
        "Undone before": cards.undone((), ()),
    }
