"""The room that answers customers, and what it tells the timelines."""

import asyncio
from collections import defaultdict

from bot.app.ground import Ground
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.people import People
from bot.replies.drafting import Templates
from bot.replies.model import ReplyState, Round, Then
from bot.replies.runner import OnDone, Pace, ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.store import ReplyStore
from bot.tickets.service import TicketService

TICKETS_TOLD = 20


def build_replies(ground: Ground, people: People) -> tuple[ReplyService, ReplyRunner]:
    wake = asyncio.Event()
    wanted = ground.settings.replies
    store = ReplyStore(database=ground.database, clock=ground.clock)
    service = ReplyService(
        database=ground.database,
        store=store,
        owed=ground.messages,
        people=people,
        clock=ground.clock,
        wake=wake,
        desk=ground.desk,
    )
    runner = ReplyRunner(
        database=ground.database,
        store=store,
        owed=ground.messages,
        desk=ground.desk,
        templates=Templates(texts=wanted.texts, macros=wanted.macros, fallback=wanted.fallback),
        pace=Pace(wanted.per_minute),
        clock=ground.clock,
        wake=wake,
    )
    return service, runner


def tell_timelines(investigations: InvestigationService, tickets: TicketService) -> OnDone:
    """Each investigation is told about its own tickets, in the transaction that ends the round.

    What was solved is solved here too: nobody looks for the tickets of an investigation that has ended.
    """

    def told(found: Round) -> None:
        if found.then is Then.SOLVED:
            tickets.solved([reply.ticket_id for reply in found.having(ReplyState.SENT)])
        for number, text in timeline_lines(found).items():
            investigations.told(number, EventKind.TICKETS, by=found.approved_by, text=text)

    return told


def timeline_lines(found: Round) -> dict[int, str]:
    """By investigation: how many of its tickets were answered, and which."""
    answered: dict[int, list[int]] = defaultdict(list)
    chosen: dict[int, int] = defaultdict(int)
    for reply in found.chosen:
        if reply.investigation_id:
            chosen[reply.investigation_id] += 1
            answered[reply.investigation_id] += [reply.ticket_id] if reply.state is ReplyState.SENT else []
    return {number: _line(answered[number], count, found.purpose) for number, count in chosen.items()}


def _line(answered: list[int], count: int, purpose: str) -> str:
    listed = ", ".join(f"#{number}" for number in answered[:TICKETS_TOLD])
    more = f" and {len(answered) - TICKETS_TOLD} more" if len(answered) > TICKETS_TOLD else ""
    return f"answered ({purpose}) {len(answered)} of {count}" + (f": {listed}{more}" if listed else "")
