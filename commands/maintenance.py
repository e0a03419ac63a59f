"""`/t2 maintenance`, and the buttons of a maintenance and of the check after it."""

from datetime import timedelta, tzinfo

from bot.errors import BadInput
from bot.maintenance import cards, sweep_cards
from bot.maintenance.times import read_end, read_plan
from bot.slack.request import Answer, Request
from bot.slack.text import unescape
from bot.targets.model import Target
from commands.inputs import said
from commands.investigate import opened_by_button
from commands.services import Services

_ENDING = ("end", "stop", "finish", "cancel")


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Alone it lists; `us-east 22:00-23:30 why` plans; `extend M-3 to 23:45`, `end M-3`, `cancel M-3`."""
    text = unescape(await said(rest, services)).strip()
    first, _, after = text.partition(" ")
    if not text or first.lower() == "list":
        return cards.listing(services.shown_maintenance.listed())
    if first.lower() in _ENDING:
        maintenance, _ = services.maintenance.named(after)
        return cards.told(await services.maintenance.end(maintenance.id, by=request.user))
    if first.lower() in ("extend", "move"):
        return await _extend(request, services, after)
    return await _plan(request, services, text)


async def longer_button(request: Request, services: Services) -> Answer:
    maintenance = services.maintenance.get(int(request.value))
    until = maintenance.ends_at + timedelta(minutes=cards.LONGER_MIN)
    await services.maintenance.extend(maintenance.id, until, by=request.user)
    return None


async def investigate_button(request: Request, services: Services) -> Answer:
    """Open an investigation of what failed, with the check as evidence, or show who has it."""
    number, _, key = request.value.partition(" ")
    row = services.sweeps.row(int(number), key)
    target = services.catalog.named(key)
    channel = await services.directory.team_channel(target.team)
    opened = await services.investigations.open(target, symptom=row.words, by=request.user, channel=channel)
    if row.batch_id:
        services.evidence.adopt(opened.investigation.id, row.batch_id)
    return await opened_by_button(request, services, opened, target)


async def details_button(request: Request, services: Services) -> Answer:
    return sweep_cards.details(services.shown_maintenance.sweep(int(request.value)))


async def _plan(request: Request, services: Services, text: str) -> Answer:
    zone = await _zone(request, services)
    plan = read_plan(text, now=services.clock(), zone=zone)
    targets = read_targets(plan.whom, services)
    await services.maintenance.plan(
        [target.key for target in targets], plan.time, why=plan.why, by=request.user, channel=request.channel
    )
    return None


async def _extend(request: Request, services: Services, text: str) -> Answer:
    maintenance, rest = services.maintenance.named(text)
    zone = await _zone(request, services)
    until = read_end(rest, ends_at=maintenance.ends_at, now=services.clock(), zone=zone)
    return cards.told(await services.maintenance.extend(maintenance.id, until, by=request.user))


async def _zone(request: Request, services: Services) -> tzinfo:
    """A clock that somebody types is their own."""
    return (await services.people.availability(request.user, services.clock())).zone


def read_targets(words: str, services: Services) -> tuple[Target, ...]:
    """ "us-east, us-west", "gateways", "us-*", "all". Raises BadInput."""
    named: list[Target] = []
    for part in words.replace(" and ", ",").split(","):
        if not part.strip():
            continue
        group = services.catalog.group(part)
        if not group:
            near = services.catalog.nearest(part)
            listed = ", ".join(target.key for target in near or list(services.catalog)[:5])
            raise BadInput(f"I don't know the target {part.strip()[:60]!r}. Is it one of these: {listed}?")
        named += group
    return tuple(dict.fromkeys(named))
