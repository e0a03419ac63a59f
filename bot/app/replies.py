"""The room that answers customers."""

import asyncio

from bot.app.ground import Ground
from bot.people import People
from bot.replies.drafting import Templates
from bot.replies.runner import Pace, ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.store import ReplyStore


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
