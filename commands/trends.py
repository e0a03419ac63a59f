"""`/t2 trends`, and the buttons and forms of trends."""

from bot.slack.request import Answer, Request
from bot.trends import overview_cards
from bot.trends.forms import (
    HOURS,
    REASON,
    REASON_MAX,
    SYMPTOM,
    TARGET,
    dismiss_form,
    investigate_form,
    snooze_form,
)
from commands.inputs import missing, too_long
from commands.investigate import opened_by_button
from commands.services import Services


async def overview(services: Services) -> Answer:
    """What rises now, and how good the messages were."""
    return overview_cards.overview(services.trend_record.overview(), services.trends.title)


async def words(request: Request, services: Services, rest: str) -> Answer:
    return await overview(services)


async def investigate_button(request: Request, services: Services) -> Answer:
    """Open the investigation with the tickets on its list, or show who has it; a form asks where no target is named."""
    trend = services.trends.get(int(request.value))
    target, symptom = services.trends.target_of(trend), services.trends.symptom_of(trend)
    if target and not trend.fleet:
        return await _investigate(request, services, trend.id, target, symptom)
    await services.conversation.open_form(request, investigate_form(trend.id, services.catalog, symptom=symptom))
    return None


async def investigated(request: Request, services: Services) -> Answer:
    """The form that asked for the target."""
    trend = services.trends.get(int(request.private_metadata))
    asked = Request(user=request.user, channel=trend.channel, trigger_id=request.trigger_id)
    target, symptom = str(request.values.get(TARGET) or ""), str(request.values.get(SYMPTOM) or "")
    answer = await _investigate(asked, services, trend.id, target, symptom)
    if answer:
        await services.conversation.answer(asked, answer)
    return None


def investigate_check(request: Request, services: Services) -> dict[str, str]:
    return too_long(request, SYMPTOM)


async def snooze_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    await services.conversation.open_form(request, snooze_form(services.trends.get(int(request.value)).id))
    return None


async def snoozed(request: Request, services: Services) -> Answer:
    hours = float(str(request.values.get(HOURS) or 0))
    await services.trends.snooze(int(request.private_metadata), hours=hours, by=request.user)
    return None


async def dismiss_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    await services.conversation.open_form(request, dismiss_form(services.trends.get(int(request.value)).id))
    return None


async def dismissed(request: Request, services: Services) -> Answer:
    await services.trends.dismiss(int(request.private_metadata), reason=request.typed(REASON), by=request.user)
    return None


def dismiss_check(request: Request, services: Services) -> dict[str, str]:
    """A reason of spaces is none."""
    return missing(request, {REASON: "Say why, in a few words."}) or too_long(
        request, REASON, limits={REASON: REASON_MAX}
    )


async def _investigate(request: Request, services: Services, trend_id: int, target_key: str, symptom: str) -> Answer:
    target = services.catalog.named(target_key)
    channel = await services.directory.team_channel(target.team)
    opened = await services.trends.investigate(trend_id, target_key, symptom=symptom, by=request.user, channel=channel)
    return await opened_by_button(request, services, opened, target)
