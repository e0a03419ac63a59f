"""Forms that say something is mended: opened at once, and told what the smoke check finds."""

from collections.abc import Callable, Iterable, Sequence

from bot.handoffs.cards import still_open
from bot.investigations.recheck_cards import notice
from bot.investigations.recheck_model import Rechecked
from bot.messages.model import Block
from bot.slack.request import Request
from commands.services import Services

Form = Callable[[Sequence[Block]], Block]
"""Makes the form with what is true now on top."""


async def open_checked(request: Request, services: Services, investigation_ids: Iterable[int], form: Form) -> None:
    """Slack takes a form for 3 s only: it says that the probes run, and is updated with what they found."""
    begun = services.rechecks.begin(investigation_ids, by=request.user)
    view_id = await services.conversation.open_form(request, form(notice(services.rechecks.look(begun))))

    async def tell(checks: Sequence[Rechecked], late: bool) -> bool:
        return await services.conversation.update_form(view_id, form(notice(checks, late=late)))

    if view_id:
        services.rechecks.follow(begun, tell, form=view_id)


def with_tier3(services: Services, investigation_id: int) -> str:
    """What development still works on, "" where it has nothing, or is done."""
    progress = services.handoffs.progress(investigation_id)
    return still_open(progress) if progress else ""
