"""remind, and the buttons of what reminds: snooze, stop, still on it."""

from bot.reminders.model import Snooze
from bot.slack.request import Answer, Request
from bot.slack.text import at
from bot.spans import timed
from commands.grammar import whom_first
from commands.inputs import said
from commands.services import Services
from commands.thread import meant


async def words(request: Request, services: Services, rest: str) -> Answer:
    """`remind me in 30 min …`, `remind @jo tomorrow …`; the investigation's name may stand before or after whom."""
    first, others = whom_first(rest)
    number, others = meant(request, services, others)
    then, others = whom_first(others)
    zone = (await services.people.availability(request.user, services.clock())).zone
    asked = timed(await said(others, services), now=services.clock(), zone=zone)
    whom = first or then or request.user
    when = await services.reminders.ask(number, whom=whom, text=asked.text, span=asked.span, by=request.user)
    late = asked.span is not None and when > services.clock() + asked.span
    return f"At that time nobody is at work, so the reminder comes {at(when)}." if late else None


async def snoozed(request: Request, services: Services) -> Answer:
    choice, _, number = request.value.partition(" ")
    await services.reminders.snooze(int(number), Snooze(choice), by=request.user)
    return None
