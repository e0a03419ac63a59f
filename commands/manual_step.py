"""A step of a playbook that people do by hand: its button and its form."""

from bot.errors import BadInput
from bot.probes.forms import APP_VERSION, DEVICE, LIMITS, NOTE, OS_VERSION, REPRODUCED, YES, trial_form
from bot.probes.manual import Trial
from bot.slack.request import Answer, Request
from commands.inputs import missing, too_long
from commands.services import Services


async def button_pressed(request: Request, services: Services) -> Answer:
    batch = services.probes.get(int(request.value))
    if not batch:
        raise BadInput("That playbook does not exist any more.")
    await services.conversation.open_form(request, trial_form(batch))
    return None


async def recorded(request: Request, services: Services) -> Answer:
    values = {name: str(value) for name, value in request.values.items()}
    trial = Trial(
        by=request.user,
        at=services.clock(),
        device=values.get(DEVICE, ""),
        os_version=values.get(OS_VERSION, ""),
        app_version=values.get(APP_VERSION, ""),
        reproduced=values.get(REPRODUCED) == YES,
        note=values.get(NOTE, ""),
    )
    services.evidence.tried(int(request.private_metadata), trial)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    wrong = missing(request, {REPRODUCED: "Say whether it happens.", DEVICE: "Say on what device."})
    return wrong or too_long(request, *LIMITS, limits=LIMITS)
