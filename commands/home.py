"""The App Home: who opens it, and what is pressed on it."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from bot.home.forms import BEGINS, DAYS, ENDS, MESSAGES, TEAM, settings_form
from bot.people import DmKind, OwnHours, PersonalSettings
from bot.slack.request import Answer, Request
from commands.services import Services


async def opened(request: Request, services: Services) -> Answer:
    """Slack tells of the messages tab too, where nothing of this is seen."""
    if request.event.get("tab") != "messages":
        await services.home.keeper.opened(request.user)
    return None


async def shown_again(request: Request, services: Services) -> None:
    """A press on the Home is seen there, also where it is refused: what no longer makes sense goes."""
    if request.on_home:
        await services.home.keeper.show(request.user)


async def settings_button(request: Request, services: Services) -> Answer:
    kinds, own = await services.home.service.kinds(request.user), services.home.personal.of(request.user)
    hours = services.home.team_hours if await services.home.service.by_hours(request.user) else None
    await services.conversation.open_form(request, settings_form(own, kinds, hours))
    return None


def settings_check(request: Request, services: Services) -> dict[str, str]:
    return wrong(request.values)


async def settings_saved(request: Request, services: Services) -> Answer:
    """Kinds that the form offered are those that it says."""
    kinds = [kind for kind in DmKind if kind in request.private_metadata.split(",")]
    chosen = read_settings(request.values, kinds, services.home.personal.of(request.user))
    await services.home.personal.save(request.user, chosen)
    await services.home.keeper.show(request.user)
    return None


def wrong(values: Mapping[str, Any]) -> dict[str, str]:
    """What keeps it from being saved, by block."""
    begins, ends = values.get(BEGINS) or TEAM, values.get(ENDS) or TEAM
    if (begins == TEAM) is not (ends == TEAM):
        return {ENDS if ends == TEAM else BEGINS: "Choose both times, or the usual hours for both."}
    if begins == TEAM:
        return {}
    if begins == ends:
        return {ENDS: "Your day can't end when it begins. An end before the beginning is on the next day."}
    return {} if values.get(DAYS) else {DAYS: "Choose the days on which you work."}


def read_settings(values: Mapping[str, Any], kinds: Sequence[DmKind], before: PersonalSettings) -> PersonalSettings:
    """What was chosen; kinds that the form did not offer stay as they were, and so do hours."""
    chosen = {DmKind(value) for value in values.get(MESSAGES) or ()}
    silent = (before.silent - set(kinds)) | (set(kinds) - chosen)
    if BEGINS not in values:
        return PersonalSettings(frozenset(silent), before.hours)
    begins, ends = values.get(BEGINS) or TEAM, values.get(ENDS) or TEAM
    if TEAM in (begins, ends):
        return PersonalSettings(frozenset(silent))
    days = frozenset(int(day) for day in values.get(DAYS) or ())
    return PersonalSettings(frozenset(silent), OwnHours(time.fromisoformat(begins), time.fromisoformat(ends), days))
